//! Whether a text stops before its end, beside an older one that goes on.

/// Keys without which what holds them says nothing, so that nobody leaves them out.
const NEEDED: [&str; 3] = ["responses", "in", "schema"];

/// Whether a text stops where an older one goes on, in a way that no release has: within a line, within a text of several
/// lines, or where an entry is begun and not complete, with all that followed gone as well. A text that ends with a
/// complete entry is whole, however much of the older one is gone: what it lacks are removals.
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
    gone.iter().any(|line| is_key(line) && depth(line) < depth(first)) && leaves_open(&new, gone)
}

/// Whether the end of a text leaves something open that the lines after it, which are gone, went on with.
fn leaves_open(text: &[&str], gone: &[&str]) -> bool {
    let (Some(last), Some(first)) = (text.last(), gone.first()) else { return false };
    let is_begun = last.ends_with(':') && depth(first) > depth(last);
    is_begun || is_text(text, first) || lacks_what_it_needs(last, gone)
}

/// Whether a line goes on with the text of several lines that stands before it.
fn is_text(before: &[&str], line: &str) -> bool {
    let holder = before.iter().rev().find(|holder| indent(holder) < indent(line));
    let is_block = |holder: &&str| {
        let value = holder.rsplit([':', ' ']).next().unwrap_or_default();
        value.starts_with(['|', '>']) && value.len() <= 3
    };
    holder.is_some_and(is_block) || !begins_entry(line)
}

/// Whether a line outside of a text of several lines stands for itself. Keys may hold spaces here; prose that looks so is rare.
fn begins_entry(line: &str) -> bool {
    let entry = line.trim_start();
    let is_quoted =
        ['\'', '"'].into_iter().any(|quote| entry.starts_with(quote) && entry.contains(&format!("{quote}:")));
    is_key(line) || is_quoted || entry.ends_with(':') || entry.starts_with(['-', '}', ']', '#', '?', '.'])
}

/// Whether an entry that is open at the end has lost a key that it needs.
fn lacks_what_it_needs(last: &str, gone: &[&str]) -> bool {
    let mut level = column(last);
    gone.iter().any(|line| {
        // What follows the mark of an item is the item's own.
        let is_item = line.trim_start().starts_with("- ");
        let is_own = !is_item && column(line) <= level;
        level = level.min(if is_item { indent(line) } else { column(line) });
        is_own && NEEDED.iter().any(|key| line.trim_start().split(':').next() == Some(*key))
    })
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

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Where the key of a line stands, after the marks of the items that it begins.
fn column(line: &str) -> usize {
    line.len() - line.trim_start_matches(['-', ' ']).len()
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
        for end in
            ["        '200':\n", "            one\n", "          description: |\n", "    get:\n      responses:\n"]
        {
            let at = OLD.find("  /b:").expect("it is there");
            let at = at + OLD[at..].find(end).expect("it is there") + end.len();
            assert!(cut_short(OLD, &OLD[..at]), "{end:?}");
            let edited = OLD[..at].replace("name: x", "name: z");
            assert!(cut_short(OLD, &edited), "{end:?}, and an edit before");
        }
        assert!(cut_short(OLD, &OLD[..OLD.find("      - name: y").expect("it is there")]));
    }

    #[test]
    fn a_text_that_ends_with_a_complete_entry_is_whole() {
        // Answers, operations, parameters and sections that went together with all that stood below them.
        let old = "paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                properties:
                  a: {type: string}
                  b:
                    enum:
                    - one
                    - two
        '404':
          description: no
    delete:
      responses:
        '204':
          description: gone
      parameters:
      - name: x
        in: query
        schema: {type: string}
      - name: y
        in: query
        schema: {type: string}
tags:
- name: a
  description: b
- name: c
x-more: 1
";
        for end in
            ["- one\n", "- two\n", "no\n", "ok\n", "a: {type: string}\n", "in: query\n        schema: {type: string}\n"]
        {
            let whole = &old[..old.find(end).expect("it is there") + end.len()];
            assert!(!cut_short(old, whole), "{end:?}");
        }
        let named = old.replace("        '404':\n", "        # No such thing.\n        'not found':\n");
        let whole = &named[..named.find("- two\n").expect("it is there") + "- two\n".len()];
        assert!(!cut_short(&named, whole) && !cut_short(&named.replace("        # No such thing.\n", ""), whole));
        for end in ["description: b\n", "- name: a\n"] {
            let whole = &old[..old.find(end).expect("it is there") + end.len()];
            assert!(!cut_short(old, whole), "{end:?}");
        }
        for end in [
            "- name: x\n",
            "in: query\n",
            "parameters:\n",
            "schema:\n",
            "enum:\n",
            "tags:\n",
            "delete:\n",
            "descrip",
            "- t",
        ] {
            let cut = &old[..old.find(end).expect("it is there") + end.len()];
            assert!(cut_short(old, cut), "{end:?}");
        }
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
