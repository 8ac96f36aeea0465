//! Errors, in the words of the real server. Those of documents that are not executed have no path and no extensions.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::parser::{LineColumn, SourceSpan};
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::DiagnosticList;
use serde::Serialize;
use serde_json::{Map, Value};

/// A message with its places.
#[derive(Default, Serialize)]
pub(super) struct Problem {
    pub(super) message: String,
    #[serde(rename = "locations", skip_serializing_if = "Vec::is_empty")]
    pub(super) places: Vec<LineColumn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extensions: Option<Extensions>,
}

/// The code of an error, and what stands beside it.
#[derive(Serialize)]
pub(super) struct Extensions {
    pub(super) code: &'static str,
    #[serde(flatten)]
    pub(super) extra: Map<String, Value>,
}

/// `errors` before `data`, as the real server writes them.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    #[serde(skip_serializing_if = "<[Problem]>::is_empty")]
    pub(super) errors: &'a [Problem],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<&'a Option<JsonMap>>,
}

impl Problem {
    /// At the place of something in a document.
    pub(super) fn at(document: &ExecutableDocument, span: Option<SourceSpan>, message: String) -> Self {
        let place = span.and_then(|span| span.line_column(&document.sources));
        Self { message, places: place.into_iter().collect(), ..Self::default() }
    }

    pub(super) fn nowhere(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
}

impl Written<'_> {
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| unreachable!("keys are texts: {error}"))
    }
}

/// `errors` of one message.
pub(super) fn refusal(message: &str) -> String {
    text(&[Problem::nowhere(message)])
}

/// `errors` without `data`.
pub(super) fn text(problems: &[Problem]) -> String {
    Written { errors: problems, data: None }.text()
}

/// What the engine found, in the older words.
pub(super) fn of(found: &DiagnosticList) -> Vec<Problem> {
    let mut problems = Vec::new();
    for diagnostic in found.iter() {
        let error = diagnostic.unstable_to_json_compat();
        if error.message.starts_with("Cannot spread fragment") {
            return vec![Problem::nowhere("maximum recursion depth exceeded")];
        }
        problems.push(Problem { message: older(&error.message), places: error.locations, ..Problem::default() });
    }
    // Of a variable whose type there is not, nothing else is said.
    let unknown: Vec<String> = problems
        .iter()
        .filter_map(|problem| Some(problem.message.strip_prefix("Unknown type \"")?.trim_end_matches("\".").to_owned()))
        .collect();
    let follows = |message: &str| {
        message.contains("used in position")
            && unknown.iter().any(|name| message.contains(&format!("of type \"{name}")))
    };
    problems.retain(|problem| !follows(&problem.message));
    problems.sort_by_key(|problem| problem.places.first().map(|place| (place.line, place.column)));
    problems.dedup_by(|one, other| one.message == other.message && one.places == other.places);
    problems
}

/// A message of the engine, in the words of the older one.
fn older(message: &str) -> String {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    match quoted[..] {
        [argument, coordinate] if message.starts_with("Unknown argument") => {
            let (kind, field) = coordinate.split_once('.').unwrap_or(("", coordinate));
            let field = field.split('(').next().unwrap_or(field);
            format!("Unknown argument \"{argument}\" on field \"{field}\" of type \"{kind}\".")
        }
        [variable, own, wanted] if message.starts_with("Variable") && message.contains("used in position") => {
            let variable = variable.trim_start_matches('$');
            format!("Variable \"{variable}\" of type \"{own}\" used in position expecting type \"{wanted}\".")
        }
        [field, kind] if message.contains("must not have a selection") => {
            format!("Field \"{field}\" of type \"{kind}\" must not have a sub selection.")
        }
        [field, kind, ..] if message.contains("must have a selection") => {
            format!("Field \"{field}\" of type \"{kind}\" must have a sub selection.")
        }
        _ => message.replace("is required, but it was not provided", "is required but not provided"),
    }
}

/// The same JSON on several lines, keys in their order.
pub(super) fn indented(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut inside, mut escaped) = (0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if inside {
            out.push(character);
            inside = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        match character {
            '"' => {
                inside = true;
                out.push(character);
            }
            '{' | '[' if characters.peek().is_some_and(|next| matches!(next, '}' | ']')) => out.push(character),
            '{' | '[' => {
                depth += 1;
                out.push(character);
                out.push_str(&line(depth));
            }
            '}' | ']' if out.ends_with(['{', '[']) => out.push(character),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                out.push_str(&line(depth));
                out.push(character);
            }
            ',' => {
                out.push(',');
                out.push_str(&line(depth));
            }
            ':' => out.push_str(": "),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn indenting_keeps_texts_and_order() {
        let text = r#"{"b":[1,{}],"a":"x, {y}: \"z\""}"#;
        assert_eq!(indented(text), "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x, {y}: \\\"z\\\"\"\n}");
    }
}
