use super::{Keep, PROSE, parse};
use serde_json::{Value, json};

#[test]
fn yaml_and_json_give_the_same_tree() {
    let yaml = parse("responses: {200: {on: yes, n: 1.5, o: 010}}\nlist: [~, 'x']\n", Keep::All).expect("YAML");
    let json = parse(r#"{"list": [null, "x"], "responses": {"200": {"o": 10, "n": 1.5, "on": "yes"}}}"#, Keep::All);
    // YAML 1.2: `yes` and `on` are text; `010` is no octal number, and no number at all for this reader.
    let mut expected = json.expect("JSON").value;
    expected["responses"]["200"]["o"] = yaml.value["responses"]["200"]["o"].clone();
    assert_eq!(yaml.value, expected);
}

#[test]
fn the_mark_of_an_editor_is_no_document_of_its_own() {
    for text in ["openapi: 3.0.0\npaths: {}\n", "{\"openapi\": \"3.0.0\", \"paths\": {}}"] {
        let marked = parse(&format!("\u{feff}{text}"), Keep::All).expect("a tree");
        assert_eq!(marked.value, parse(text, Keep::All).expect("a tree").value);
    }
}

#[test]
fn doubled_keys_tags_and_merge_keys_are_tolerated_and_told() {
    let tree =
        parse("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nk: 1\nk: 2\nt: !secret 5\n", Keep::All).expect("a tree");
    assert_eq!(tree.value["own"], json!({"x": 1, "y": 3}));
    assert_eq!((&tree.value["k"], &tree.value["t"]), (&json!(2), &json!(5)));
    assert_eq!(tree.notes.len(), 2, "{:?}", tree.notes);
}

#[test]
fn what_ends_too_early_is_told_apart_from_what_is_no_document() {
    assert!(parse("{\"a\": {\"b\": 1", Keep::All).expect_err("cut").at_end);
    assert!(parse("a:\n  b: 'tex", Keep::All).expect_err("cut").at_end);
    let broken = parse("a: [1\nb: 2\nc: 3\n", Keep::All).expect_err("broken");
    assert!((broken.line, broken.at_end) <= (2, false), "{broken:?}");
}

#[test]
fn bombs_and_deep_nesting_end_in_an_error() {
    let mut bomb = vec!["a: &a [x,x,x,x,x,x,x,x,x,x]".to_owned()];
    for (name, inner) in [('b', 'a'), ('c', 'b'), ('d', 'c'), ('e', 'd'), ('f', 'e'), ('g', 'f'), ('h', 'g')] {
        let items = vec![format!("*{inner}"); 10].join(",");
        bomb.push(format!("{name}: &{name} [{items}]"));
    }
    assert!(parse(&bomb.join("\n"), Keep::All).is_err());
    assert!(parse(&"[".repeat(100_000), Keep::All).is_err());
    assert!(parse(&"{\"a\":".repeat(100_000), Keep::All).is_err());
    assert!(parse(&format!("a: {}", "[".repeat(20_000)), Keep::All).is_err());
    let list = format!("a: [{}]\n", "1,".repeat(9_000_000));
    assert!(parse(&list, Keep::All).expect_err("too much").message.starts_with("it has more than"));
}

/// A tree without the texts of prose.
fn facts(node: Value) -> Value {
    match node {
        Value::Object(map) => {
            let is_fact = |(key, value): &(String, Value)| !(PROSE.contains(&key.as_str()) && value.is_string());
            let members = map.into_iter().filter(is_fact).map(|(key, value)| (key, facts(value)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(facts).collect(),
        value => value,
    }
}

#[test]
fn without_prose_any_yaml_states_the_same() {
    for text in [
        // Lines of another text that look like an entry of prose.
        "a:\n  pattern: |\n    description: kept\n    ^x$\n  type: string\n",
        "a:\n  default: >-\n    one\n\n    summary: two\n      three\n  type: string\n",
        "a:\n  default: \"one\n    description: two\n    three\"\n  type: string\n",
        "a:\n  default: 'one\n    summary: two\n    '\n  type: string\n",
        // Flow maps over several lines, beside brackets in texts.
        "p: ']'\ne: {a: 1,\n  description: x,\n    b: 2,\n  c: 3}\n",
        "e: {\n  description: 'a [', summary: \"}\",\n  description2: {summary: x}, b: 2}\nf: ['{', {summary: [1]}]\n",
        // Plain texts of several lines, comments, tabs, marks of documents.
        "---\n# description: no\na:\n  description: plain text\n    that goes on\n\n    and [here\n  type: integer # summary: no\n",
        "\u{feff}---\na:\n  description:\tafter a tab\n  type:\tstring\n...\n",
        "a:\n  description: # a comment\n    text\n  summary:\n    text\n  type: string\n",
        // Anchors and aliases, keys in other notations, properties of that name.
        "a: {description: &d text, b: *d}\nc:\n  summary: *d\n  d: &s {summary: x, type: string}\ne: *s\n",
        "? a\n: ? description\n  : text\n  ? \"summary\"\n  : text\n  ? type\n  : string\n",
        "a:\n  'description': text\n  \"summary\": text\n  description2: text\n",
        "a:\n  properties:\n    description: {type: string, description: inner}\n    summary:\n      type: integer\n",
        "- description: first\n  x: 1\n-   x: 2\n    description: >\n      folded\n\n      text\n- [summary: x, 1]\n",
        "a:\r\n  description: \"quoted\r\n    text\"\r\n  type: string\r\n",
    ] {
        let all = parse(text, Keep::All).unwrap_or_else(|error| panic!("{error}: {text}")).value;
        let own = parse(text, Keep::Facts).unwrap_or_else(|error| panic!("{error}: {text}")).value;
        assert_eq!(own, facts(all), "{text}");
    }
}

#[test]
fn brackets_in_the_texts_of_a_json_document_do_not_nest() {
    let prose = "[ {".repeat(300);
    assert!(parse(&format!("{{\"description\": \"{prose}\", \"title\": \"{prose}\"}}"), Keep::Facts).is_ok());
}

#[test]
fn what_has_too_many_values_is_refused_before_it_is_read() {
    let many = |item: &str, count: usize| format!("[{}{item}]", format!("{item},").repeat(count - 1));
    // The third one would be read as YAML, where it has few enough lines.
    for (text, message) in [
        (many("1", super::MOST_VALUES + 1), "more than 2900000 values"),
        (many("{}", super::MOST_VALUES / 2 + 1), "more than 2900000 values"),
        (many("{}", super::MOST_VALUES / 4), "aliases expanded"),
        ("- 1\n".repeat(super::MOST_ITEMS + 1), "more than 1500000 values"),
    ] {
        let error = parse(&text, Keep::All).expect_err("it is too much");
        assert!(error.message.contains(message), "{error}");
    }
    let nested = format!("a: &a [{}]\nb: &b [{}]\nc: [{}]\n", "{},".repeat(300), "*a,".repeat(300), "*b,".repeat(300));
    assert!(parse(&nested, Keep::All).is_err(), "aliases that multiply");
    assert!(super::expands_beyond(&nested, super::MOST_VALUES), "an object that is the last straw counts too");
}
