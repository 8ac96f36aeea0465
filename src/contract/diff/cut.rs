//! Whether a text stops before its end, beside an older one that goes on.

/// Whether a text stops where an older one goes on, in a way that no release has: within a line, or within an entry,
/// with all that followed gone as well. Lines taken out at the very end are no cut.
#[must_use]
pub fn cut_short(old: &str, new: &str) -> bool {
    if !new.ends_with('\n')
        && let Some(rest) = old.strip_prefix(new)
    {
        return old.ends_with('\n') && !rest.trim().is_empty() || !(rest.is_empty() || rest.starts_with('\n'));
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(old).collect(), lines(new).collect());
    let (Some(block), Some(last)) = (last_entry(&new), new.last()) else { return false };
    // What stands before the last entry may have been edited; the last one is the same as far as it goes.
    let Some(start) = old.iter().position(|line| *line == new[block]) else { return false };
    let own = &new[block..new.len() - 1];
    let Some(rest) = old[start..].strip_prefix(own) else { return false };
    let Some((same, gone)) = rest.split_first() else { return false };
    if same != last {
        return same.starts_with(last) && !gone.is_empty();
    }
    let Some(first) = gone.first() else { return false };
    gone.iter().any(|line| is_key(line) && depth(line) < depth(first))
}

/// The lines that say something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty())
}

/// Where the last path, or section of the document, begins.
fn last_entry(lines: &[&str]) -> Option<usize> {
    lines.iter().rposition(|line| {
        let key = line.trim_start().trim_start_matches(['"', '\'']);
        is_key(line) && (depth(line) == 0 || key.starts_with('/'))
    })
}

/// How deep a line stands: an item stands deeper than the key of its list, which may have the same indent.
fn depth(line: &str) -> usize {
    let entry = line.trim_start_matches(' ');
    (line.len() - entry.len()) * 2 + usize::from(entry.starts_with("- "))
}

/// Whether a line begins with a key, as prose hardly does.
fn is_key(line: &str) -> bool {
    let entry = line.trim_start_matches(' ').trim_start_matches("- ");
    let key = entry.split_once(": ").map(|(key, _)| key).or_else(|| entry.strip_suffix(':'));
    key.is_some_and(|key| !key.is_empty() && !key.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::cut_short;

    #[test]
    fn a_text_that_stops_in_the_midst_is_cut_and_a_changed_one_is_not() {
        let old = "a: 1\nb:\n  c: long text\n  d: 2\ne: 3\n";
        for cut in ["a: 1\nb:\n  c: lo", "a: 1\nb:", "a: 2\nb:\n  c: lo"] {
            assert!(cut_short(old, cut), "{cut:?}");
        }
        for whole in [
            old,
            "a: 1\nb:\n  c: long text\n  d: 2\ne: 3",
            "a: 1\nb:\n  c: other\n",
            "a: 1\nb:\n  c: long text\n  d: 2\ne: 4",
        ] {
            assert!(!cut_short(old, whole), "{whole:?}");
        }
    }

    const OLD: &str = "paths:
  /a:
    get:
      parameters:
      - name: x
      - name: y
      responses:
        '200': {description: >
          long
  /b:
    get:
      responses:
        '200':
          description: |
            one
            - two
        '404': {description: no}
  /c:
    get: {responses: {'200': {description: ok}}}
";

    #[test]
    fn a_text_that_stops_between_lines_is_cut_when_it_leaves_an_entry_open() {
        for end in ["        '200':\n", "            one\n", "            - two\n", "    get:\n      responses:\n"] {
            let at = OLD.find("  /b:").expect("it is there");
            let at = at + OLD[at..].find(end).expect("it is there") + end.len();
            assert!(cut_short(OLD, &OLD[..at]), "{end:?}");
            let edited = OLD[..at].replace("name: x", "name: z");
            assert!(cut_short(OLD, &edited), "{end:?}, and an edit before");
        }
        assert!(cut_short(OLD, &OLD[..OLD.find("      - name: y").expect("it is there")]));
    }

    #[test]
    fn entries_taken_out_at_the_end_are_no_cut() {
        for start in ["  /b:", "  /c:"] {
            let whole = &OLD[..OLD.find(start).expect("it is there")];
            assert!(!cut_short(OLD, whole), "{start}");
            assert!(!cut_short(&format!("{OLD}security: []\n"), &format!("{whole}security: []\n")), "{start}");
            assert!(!cut_short(OLD, whole.trim_end()) || OLD.starts_with(whole.trim_end()), "{start}");
        }
        assert!(!cut_short(OLD, OLD.trim_end()));
        assert!(!cut_short(OLD, &OLD.replace("description: ok", "description: done")));
    }
}
