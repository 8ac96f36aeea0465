//! Whether a text stops before its end, beside an older one that goes on.

/// Keys without which what holds them says nothing, so that nobody leaves them out.
const NEEDED: [&str; 3] = ["responses", "in", "schema"];

/// Whether a text stops where an older one goes on, in a way that no release has: within a line, within a text of several
/// lines, or where an entry is begun and not complete, with all that followed gone as well. A text that ends with a
/// complete entry is whole, however much of the older one is gone: what it lacks are removals.
#[must_use]
pub fn cut_short(old: &str, new: &str) -> bool {
    // JSON that was read has its last bracket, and an end that is marked is one.
    if new.trim_start().starts_with('{') || new.trim_end().ends_with("\n...") {
        return false;
    }
    if !new.ends_with('\n')
        && let Some(rest) = old.strip_prefix(new)
        && !ends_line(rest)
        && !(ends_in_comment(new) && rest.lines().skip(1).all(says_nothing))
    {
        return true;
    }
    let is_open_line = !new.ends_with('\n');
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(old).collect(), lines(new).collect());
    let (Some(block), Some(last)) = (last_entry(&new), new.last()) else { return false };
    // Both end alike. A section may stand twice, so that what follows the first one is no proof.
    if old.ends_with(&new[block..]) {
        return false;
    }
    // What stands before the last entry may have been edited; the last one is the same as far as it goes.
    let Some(start) = old.iter().position(|line| *line == new[block]) else { return false };
    let own = &new[block..new.len() - 1];
    let Some(rest) = old[start..].strip_prefix(own) else { return false };
    let Some((same, gone)) = rest.split_first() else { return false };
    match same.strip_prefix(last) {
        // A line with an end was written so, however short it is.
        Some(more) if !ends_line(more) => return is_open_line && !gone.is_empty(),
        Some(_) => {}
        None => return false,
    }
    let Some(first) = gone.first() else { return false };
    gone.iter().any(|line| is_key(line) && depth(line) < depth(first)) && leaves_open(&new, gone)
}

/// Whether nothing, or only a comment, is between here and the end of the line.
fn ends_line(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    let text = line.trim_start();
    text.is_empty() || (text.len() < line.len() && text.starts_with('#'))
}

fn says_nothing(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

fn ends_in_comment(text: &str) -> bool {
    let line = text.lines().next_back().unwrap_or_default();
    line.trim_start().starts_with('#') || line.contains(" #")
}

/// Whether the end of a text leaves something open that the lines after it, which are gone, went on with.
fn leaves_open(text: &[&str], gone: &[&str]) -> bool {
    let (Some(last), Some(first)) = (text.last(), gone.first()) else { return false };
    let is_begun = last.ends_with(':') && depth(first) > depth(last);
    is_begun || is_text(text, first) || lacks_what_it_needs(text, last, gone)
}

/// Whether a line goes on with the text of several lines that stands before it.
fn is_text(before: &[&str], line: &str) -> bool {
    let holder = before.iter().rev().find(|holder| indent(holder) < indent(line));
    let is_block = |holder: &&str| {
        let value = holder.rsplit([':', ' ']).next().unwrap_or_default();
        value.starts_with(['|', '>']) && value.len() <= 3
    };
    // What goes on with a text stands deeper than its key: a line beside a key is another key, which may have spaces.
    let beside = before.iter().rev().find(|other| indent(other) <= indent(line));
    let is_beside_key = beside.is_some_and(|other| indent(other) == indent(line) && is_key(other));
    holder.is_some_and(is_block) || !(begins_entry(line) || is_beside_key)
}

/// Whether a line outside of a text of several lines stands for itself. Keys may hold spaces here; prose that looks so is rare.
fn begins_entry(line: &str) -> bool {
    let entry = line.trim_start();
    let is_quoted =
        ['\'', '"'].into_iter().any(|quote| entry.starts_with(quote) && entry.contains(&format!("{quote}:")));
    is_key(line) || is_quoted || entry.ends_with(':') || entry.starts_with(['-', '}', ']', '#', '?', '.'])
}

/// Whether an entry that is open at the end has lost a key that it needs.
fn lacks_what_it_needs(text: &[&str], last: &str, gone: &[&str]) -> bool {
    let mut level = column(last);
    gone.iter().any(|line| {
        // What follows the mark of an item is the item's own.
        let is_item = line.trim_start().starts_with("- ");
        let is_own = !is_item && column(line) <= level;
        level = level.min(if is_item { indent(line) } else { column(line) });
        let key = line.trim_start().split(':').next().unwrap_or_default();
        is_own && NEEDED.contains(&key) && (key != "schema" || is_parameter(text, column(line)))
    })
}

/// Whether the entry that is open at the end, and whose keys stand in this column, is a parameter: an answer or a body may
/// do without a schema.
fn is_parameter(text: &[&str], at: usize) -> bool {
    let inside = text.iter().rev().take_while(|line| column(line) >= at);
    // The mark of an item begins the entry.
    let mut is_before = false;
    let mut own = inside.take_while(|line| {
        let is_of_entry = !is_before;
        is_before = column(line) == at && line.trim_start().starts_with("- ");
        is_of_entry
    });
    own.any(|line| column(line) == at && line.trim_start_matches(['-', ' ']).starts_with("in:"))
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

    #[test]
    fn a_section_that_stands_twice_is_not_cut_at_the_first_one() {
        let twice =
            "a:\n  b:\n    description: one\nc: 1\na:\n  b:\n    description: one\n    more:\n      - x\na:\n  b:\n";
        for whole in [twice.to_owned(), twice.replace("c: 1", "c: 2")] {
            assert!(!cut_short(twice, &whole), "{whole}");
        }
        assert!(cut_short("c: 1\na:\n  b:\n    description: one\nd: 1\n", "c: 2\na:\n  b:\n"));
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
            assert!(!cut_short(OLD, whole.trim_end()), "{start}");
        }
        assert!(!cut_short(OLD, OLD.trim_end()));
        assert!(!cut_short(OLD, &OLD.replace("description: ok", "description: done")));
    }

    #[test]
    fn a_text_that_is_shorter_and_ends_properly_is_whole() {
        // The last operation, or the last section, is gone, and editors end files in many ways.
        for start in ["  /b:", "  /c:"] {
            let whole = &OLD[..OLD.find(start).expect("it is there")];
            for end in ["", "\n", "\n\n", "  ", "  \n", "\n# The end.\n", "\n# The end.", "\n...\n", "\n...", "\r\n"] {
                let whole = whole.trim_end().to_owned() + end;
                assert!(!cut_short(OLD, &whole), "{whole:?}");
                assert!(!cut_short(&OLD.replace('\n', "\r\n"), &whole), "{whole:?}");
                assert!(!cut_short(&OLD.replace('\n', "\r\n"), &whole.replace('\n', "\r\n")), "{whole:?}");
                assert!(!cut_short(OLD.trim_end(), &whole), "{whole:?}");
            }
        }
        let old = "a: 1\nb:\n  c: cars and vans  # both\n  d: 2\ne: 3\n";
        for whole in
            ["a: 1\nb:\n  c: cars\n", "a: 1\nb:\n  c: cars and vans\n", "a: 1\nb:\n  c: cars and vans", "a: 1\n"]
        {
            assert!(!cut_short(old, whole), "{whole:?}");
        }
        assert!(cut_short(old, "a: 1\nb:\n  c: cars"), "within a line");
        let with = |comment: &str| format!("a: 1\nb: 2{comment}");
        assert!(!cut_short(&with(" # two of them\n# The end.\n"), &with(" # two")));
        assert!(!cut_short(&with("\n# The end.\n"), &with("\n# The")));
    }

    #[test]
    fn an_answer_without_its_schema_and_a_key_with_spaces_are_whole() {
        let old = "swagger: '2.0'
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          schema:
            type: object
            properties:
              Nom: {type: string}
              Nom complet: {type: string}
  /b:
    get: {responses: {'200': {description: ok}}}
";
        for end in ["description: ok\n", "Nom: {type: string}\n"] {
            let at = old.find(end).expect("it is there") + end.len();
            assert!(!cut_short(old, &old[..at]), "{end:?}");
            assert!(!cut_short(old, old[..at].trim_end()), "{end:?}");
        }
        let at = old.find("schema:").expect("it is there") + "schema:\n".len();
        assert!(cut_short(old, &old[..at]));
    }

    #[test]
    fn json_that_was_read_is_whole() {
        let old = "{\n  \"paths\": {\n    \"/a\": {},\n    \"/b\": {}\n  },\n  \"x\": 1\n}\n";
        for whole in ["{\n  \"paths\": {\n    \"/a\": {}\n  }\n}", "{\n  \"paths\": {}}", "{}"] {
            assert!(!cut_short(old, whole), "{whole:?}");
        }
    }
}
