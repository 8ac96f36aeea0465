//! The words of an issue: what drifted, where, how to see it again, and what to do about it.

use super::markdown::{code, prose, title as plain};
use super::night::{Drift, Place};
use crate::regenerate::report::PUBLISHED;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How many places an issue names; the report has all.
const NAMED: usize = 20;

/// The title of an issue.
pub(super) fn title(drift: &Drift) -> String {
    let cause = &drift.cause;
    let operations: BTreeSet<&str> = drift.places.iter().map(|place| &*place.operation).collect();
    let mut operations = operations.into_iter();
    let first = operations.next().unwrap_or("no operation");
    let more = match operations.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    plain(&format!("{}: {} ({first}{more})", cause.rule, cause.rule.title))
}

/// The body of an issue, without its marks. `run` is the address of the run that saw it.
pub(super) fn body(drift: &Drift, places: &[Place], run: Option<&str>) -> String {
    let cause = &drift.cause;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "**{}** ({}, {})\n",
        prose(cause.rule.title),
        code(cause.rule.id),
        prose(&cause.certainty.to_string())
    );
    let _ = writeln!(text, "- expected: {}", code(&value(&cause.expected)));
    let _ = writeln!(text, "- observed: {}", code(&value(&cause.observed)));
    let _ = writeln!(text, "- why it matters: {}", prose(cause.rule.why));
    if let Some(run) = run {
        let _ = writeln!(text, "- seen by: {run}");
    }
    let _ = writeln!(text, "\n### Where\n");
    text.push_str(&list(places));
    let _ = writeln!(text, "\n### Reproduce\n");
    for command in commands(places) {
        let _ = writeln!(text, "- {}", code(&command));
    }
    let _ = writeln!(text, "- {} explains the rule", code(&format!("vigie explain {}", cause.rule)));
    let _ = writeln!(text, "\n### What to do\n");
    let _ = writeln!(
        text,
        "- The provider is right and has changed: run {}, then {}, and {} for new snapshots.",
        code("cargo xtask fetch"),
        code("cargo xtask regenerate --accept"),
        code(&format!("vigie accept {}", cause.id)),
    );
    if is_published(&drift.places) {
        text.push_str("- The provider is wrong: report it.\n");
    } else {
        let file = code("vigie.toml");
        let _ = writeln!(
            text,
            "- The provider is wrong: report it. To pass until it is fixed, add an exception to {file}, with a reason and an end:\n"
        );
        text.push_str(&exception(drift));
    }
    let _ = writeln!(
        text,
        "\n{} maintains this issue: it closes the issue when every location was judged again and shows nothing. An outage closes nothing. Text that you write below stays.",
        code("cargo xtask tracker"),
    );
    text
}

/// What is said when a cause shows at further places.
pub(super) fn spread(added: &[Place], run: Option<&str>) -> String {
    format!("It now shows at further locations{}:\n\n{}", seen(run), list(added))
}

/// What is said when a cause that was gone is back.
pub(super) fn back(places: &[Place], run: Option<&str>) -> String {
    format!("It is back{}:\n\n{}", seen(run), list(places))
}

/// What is said when a cause is gone.
pub(super) fn gone(places: usize, run: Option<&str>) -> String {
    let all = if places == 1 { "The location was".to_owned() } else { format!("All {places} locations were") };
    format!("{all} judged again{}, and the drift is gone.\n", seen(run))
}

fn seen(run: Option<&str>) -> String {
    run.map(|run| format!(" ({run})")).unwrap_or_default()
}

fn list(places: &[Place]) -> String {
    let mut text = String::new();
    for place in places.iter().take(NAMED) {
        let _ = write!(text, "- {}", code(&place.operation));
        if !place.location.is_whole() {
            let _ = write!(text, " at {}", code(&place.location.to_string()));
        }
        if let Some(case) = &place.case {
            let _ = write!(text, " in {}", code(case));
        }
        let _ = writeln!(text, ", {}", code(&place.target));
    }
    if places.len() > NAMED {
        let _ = writeln!(text, "- and {} more locations; the JSON report of the run lists them", places.len() - NAMED);
    }
    text
}

/// The checks that show it, one an operation; the first three are enough.
fn commands(places: &[Place]) -> Vec<String> {
    let mut commands = BTreeSet::new();
    for place in places {
        if place.target == PUBLISHED {
            commands.extend(["cargo xtask fetch", "cargo xtask regenerate"].map(str::to_owned));
            continue;
        }
        let provider = place.case.as_deref().and_then(provider).map(|name| format!(" --provider {name}"));
        commands.insert(format!(
            "vigie check{} --target {} --operation {}",
            provider.unwrap_or_default(),
            place.target,
            place.operation
        ));
    }
    commands.into_iter().take(3).collect()
}

/// Whether it shows in published documents alone, and in no answer.
fn is_published(places: &[Place]) -> bool {
    places.iter().all(|place| place.target == PUBLISHED)
}

/// The provider of an own case: `tests/scenarios/<provider>/..`.
fn provider(case: &str) -> Option<&str> {
    case.split_once("scenarios/")?.1.split_once('/').map(|(provider, _)| provider)
}

/// An entry of `vigie.toml` for the first place. No value begins a line, and a quoted text of JSON is one of TOML.
fn exception(drift: &Drift) -> String {
    let Some(place) = drift.places.first() else { return String::new() };
    let quoted = |text: &str| serde_json::json!(text).to_string();
    format!(
        "  ```toml\n  [[ignore]]\n  rule = {}\n  operation = {}\n  location = {}\n  reason = \"..\"\n  until = YYYY-MM-DD\n  ```\n",
        quoted(drift.cause.rule.id),
        quoted(&place.operation),
        quoted(&place.location.to_string()),
    )
}

/// A statement for a reader: a text as it is, anything else as JSON.
fn value(value: &serde_json::Value) -> String {
    vigie_drift::finding::text(value)
}

#[cfg(test)]
mod tests {
    use super::super::night::Place;
    use super::{commands, list, provider};
    use vigie_drift::location::Location;

    fn place(number: usize) -> Place {
        Place {
            target: "https://staging.example".into(),
            operation: format!("operation_{number:02}"),
            location: Location::Whole,
            case: Some("tests/scenarios/mobilic/users/of-a-company.yml".into()),
        }
    }

    #[test]
    fn many_places_are_counted_and_few_commands_are_told() {
        let places: Vec<Place> = (0..30).map(place).collect();
        assert_eq!(list(&places).lines().count(), 21);
        assert!(list(&places).ends_with("- and 10 more locations; the JSON report of the run lists them\n"));
        let first = "vigie check --provider mobilic --target https://staging.example --operation operation_00";
        assert_eq!((commands(&places).len(), &*commands(&places)[0]), (3, first));
    }

    #[test]
    fn the_provider_of_an_own_case_is_in_its_path() {
        assert_eq!(provider("/home/ci/vigie/tests/scenarios/kaizala/groups/add.yml"), Some("kaizala"));
        assert_eq!(provider("payloads/operation/200.yaml"), None);
    }
}
