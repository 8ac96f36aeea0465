//! A rule shown: its fixture (`tests/drifts/<rule>/`) as an example, and its witness with the fixture's words in it.

use super::causes;
use super::rules::Rule;
use crate::comparison::Place;
use serde_json::Value;
use similar::TextDiff;

/// A rule, shown.
#[derive(Debug)]
pub struct Example {
    /// What is shown, piece by piece.
    pub parts: Vec<Part>,
    /// The rule's witness about this example.
    pub witness: String,
}

/// A piece of an example.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, for a caption.
    pub caption: &'static str,
    /// What it is written in: `diff`, `yaml` or `graphql`.
    pub language: &'static str,
    /// Its text, lines with their ends.
    pub text: String,
}

/// Lines of context around a change.
const CONTEXT: usize = 4;

impl Example {
    /// The example that a fixture gives. `files` are the paths below the rule's folder, and their texts.
    ///
    /// An error says what of the fixture is missing or cannot be read.
    pub fn new(rule: &Rule, files: &[(&str, &str)]) -> Result<Self, String> {
        let file = |name: &str| files.iter().find(|(path, _)| *path == name).map(|(_, text)| *text);
        let expected = file("expected.yml").ok_or("expected.yml is missing")?;
        let expected: Vec<Value> = serde_yaml::from_str(expected).map_err(|error| format!("expected.yml: {error}"))?;
        let finding = expected.iter().find(|finding| finding["rule"] == rule.id);
        let finding = finding.ok_or_else(|| format!("expected.yml does not expect `{}`", rule.id))?;
        let mut parts = Vec::new();
        let mut part = |caption, language, text: String| parts.push(Part { caption, language, text });
        let contracts = file("old.yml").zip(file("new.yml")).or(file("old.graphql").zip(file("new.graphql")));
        if let Some((old, new)) = contracts {
            part("From the old contract to the new one", "diff", diff(old, new));
            part(
                "The witness, tested against both contracts",
                "yaml",
                file("witness.yml").ok_or("witness.yml is missing")?.to_owned(),
            );
        } else if let (Some(old), Some(new)) = (file("old.json"), file("new.json")) {
            part("From the accepted answer to the new one", "diff", diff(old, new));
        } else if let Some(schema) = file("schema.graphql") {
            part("The schema", "graphql", schema.to_owned());
            for (_, text) in files.iter().filter(|(path, _)| path.starts_with("queries/")) {
                part("The consumer's query", "graphql", (*text).to_owned());
            }
        } else if let (Some(contract), Some(recorded)) = (file("contract.yml"), file("recorded.yml")) {
            part("The contract", "yaml", contract.to_owned());
            part("The recorded exchange", "yaml", recorded.to_owned());
        } else {
            let mut cases = files.iter().filter(|(path, _)| path.starts_with("cases/")).peekable();
            if cases.peek().is_none() {
                return Err("it has neither two contracts, nor two answers, nor a case, a schema or a record".into());
            }
            for (path, text) in cases {
                let caption = if path.ends_with("/case.yml") { "The case" } else { "Another case" };
                part(caption, "yaml", (*text).to_owned());
            }
            if let Some(answer) = file("answer.yml") {
                part("What the target answers", "yaml", answer.to_owned());
            }
        }
        Ok(Self { parts, witness: witness(rule, finding) })
    }
}

/// The witness with the words of a finding, in the form of `expected.yml`.
fn witness(rule: &Rule, finding: &Value) -> String {
    let word = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let Ok(location) = word("location").parse();
    let place = Place { operation: word("operation"), location, case: None };
    causes::witness(rule.witness, &place, &finding["before"], &finding["after"])
}

fn diff(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(CONTEXT).to_string()
}

#[cfg(test)]
mod tests {
    use super::Example;
    use crate::rules::by_id;

    #[test]
    fn a_witness_speaks_of_its_example() {
        let rule = by_id("server-removed").expect("it is a rule");
        let expected = "- {rule: server-removed, operation: '*', location: 'https://a'}\n";
        let mut files =
            vec![("expected.yml", expected), ("new.yml", "b\n"), ("old.yml", "a\n"), ("witness.yml", "old: accepts\n")];
        let example = Example::new(rule, &files).expect("the fixture is whole");
        assert!(example.witness.starts_with("A call of https://a is documented"), "{}", example.witness);
        assert!(example.parts[0].text.ends_with("-a\n+b\n"), "{:?}", example.parts);
        files.pop();
        assert_eq!(Example::new(rule, &files).expect_err("the witness is gone"), "witness.yml is missing");
    }
}
