//! What is fuzzed: each function takes any bytes, and must come to an end without a panic and within the limits of the run.
//! `fuzz_targets/` has one file a function, `seeds/` one folder.

use serde_json::{Value, json};
use vigie_contract::graphql;
use vigie_contract::overlay::{Overlay, Purpose};
use vigie_contract::read::{self, Document};
use vigie_contract::{path, plausible};
use vigie_drift::comparison::{Comparison, Side};
use vigie_drift::diff::{credible, cut_short, diff as differences};
use vigie_drift::graphql::{consumer, diff as graphql_diff};
use vigie_drift::impact::Clients;
use vigie_judge::exceptions::Exceptions;
use vigie_judge::shape::{self, Terms};
use vigie_judge::snapshot::Observation;
use vigie_report::Format;
use vigie_scenario::pattern::Pattern;
use vigie_scenario::{Dialect, Identity, parse_case, parse_scenario, recorded};

/// The line between two texts of one input.
const BETWEEN: &str = "\n---8<---\n";
/// Every format of a report.
const FORMATS: [Format; 4] = [Format::Human, Format::Json, Format::Junit, Format::Summary];

static DIALECT: Dialect = Dialect {
    credentials: &["token", "none"],
    twins: &[],
    defaults: &[],
    identity: Identity::NONE,
    fallback: None,
    codes: &["/errors/0/code"],
    refusals: &[],
    busy: &[],
    decided: &[],
};

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// Two texts, the second of which is the first one where there is no line between two.
fn two(data: &[u8]) -> (&str, &str) {
    let text = text(data);
    text.split_once(BETWEEN).unwrap_or((text, text))
}

/// One document of any kind: YAML, JSON, OpenAPI, Swagger, GraphQL, an answer; and a published one with its overlay.
pub fn document(data: &[u8]) {
    drop(read::read(data));
    let (document, overlay) = two(data);
    let Ok(mut document) = plausible::read(document.as_bytes()) else { return };
    if let Ok(overlay) = Overlay::parse(overlay) {
        drop(overlay.apply_what_fits(&mut document, Purpose::Facts));
    }
}

/// Two documents, compared to the end: findings, causes, what they do to a client, and every report.
pub fn diff(data: &[u8]) {
    let (old, new) = two(data);
    let (Ok(old), Ok(new)) = (read::read(old.as_bytes()), read::read(new.as_bytes())) else { return };
    let side = |source: &read::Source| Side {
        name: "a.yml".into(),
        kind: source.document.form(),
        title: source.title.clone(),
        version: source.version.clone(),
    };
    let mut comparison = Comparison {
        old: side(&old),
        new: side(&new),
        notes: old.notes.clone(),
        changes: Vec::new(),
        causes: Vec::new(),
        ignored: Vec::new(),
    };
    let deviations = match (&old.document, &new.document) {
        (Document::OpenApi(was) | Document::Swagger(was), Document::OpenApi(is) | Document::Swagger(is)) => {
            drop(credible(was, is));
            let _ = cut_short(&old.text, &new.text);
            let found = differences(was, is);
            // A document beside itself has no change, whatever it says.
            let itself = differences(was, was).deviations;
            assert!(itself.iter().all(|deviation| deviation.not_compared.is_some()), "{itself:?}");
            found.deviations
        }
        (Document::GraphQl(was), Document::GraphQl(is)) => graphql_diff(was, is),
        (Document::Exchange(was), Document::Exchange(is)) => {
            let (Ok(was), Ok(is)) = (Observation::recorded(was), Observation::recorded(is)) else { return };
            is.changes_from(&was, &Terms::NONE)
        }
        (Document::Response(was), Document::Response(is)) => shape::compare(was, is, &Terms::NONE),
        _ => return,
    };
    comparison.changes = deviations.into_iter().map(|deviation| vigie_drift::find(deviation, |_| None)).collect();
    Exceptions::default().apply_to_comparison(&mut comparison);
    if let (Document::OpenApi(was) | Document::Swagger(was), Document::OpenApi(is) | Document::Swagger(is)) =
        (&old.document, &new.document)
    {
        let clients = Clients::new(was, is);
        for cause in &mut comparison.causes {
            cause.impact = clients.impact(cause);
        }
    }
    for format in FORMATS {
        format.render_comparison(&comparison, &mut std::io::sink()).expect("a sink takes all");
    }
}

/// Two GraphQL schemas: as SDL, or as the answer to an introspection.
pub fn graphql(data: &[u8]) {
    let (old, new) = two(data);
    let schema = |text: &str| match serde_json::from_str::<Value>(text) {
        Ok(answer) if graphql::is_introspection(&answer) => graphql::from_introspection(&answer).ok(),
        _ => graphql::read(text).ok(),
    };
    let (Some(old), Some(new)) = (schema(old), schema(new)) else { return };
    drop(graphql::credible(&old, &new));
    assert!(graphql_diff(&old, &old).is_empty(), "a schema differs from itself");
    let _ = graphql_diff(&old, &new);
}

/// A GraphQL schema, and queries on it: judged as a consumer's, and made operations.
pub fn queries(data: &[u8]) {
    let (schema, queries) = two(data);
    let answer = json!({"type": "object", "properties": {"data": {}}});
    let operation = json!({"operationId": "graphql", "responses": {"200": {"description": "-",
        "content": {"application/json": {"schema": answer}}}}});
    let document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "x-graphql": [{"path": "/graphql", "schema": "schema.graphql"}], "paths": {"/graphql": {"post": operation}}});
    let schemas = [("schema.graphql", schema)];
    let Ok(endpoints) = graphql::expand::endpoints(&document, &schemas) else { return };
    let _ = consumer::judge(&document, &endpoints, &[("a.graphql".to_owned(), queries.to_owned())]);
    drop(graphql::expand::expand(document, &schemas, &[("operations/a.graphql", queries)]));
}

/// A file of one case, or of steps.
pub fn case(data: &[u8]) {
    let text = text(data);
    drop(parse_scenario("get_a", "get_a/a.yml", text, &DIALECT));
    drop(parse_case("get_a", "get_a/a.yml", text, &DIALECT));
}

/// A recorded exchange, and a recorded answer beside another one.
pub fn exchange(data: &[u8]) {
    drop(recorded::parse("a.yml", text(data)));
}

/// Two bodies: the formats of their values.
pub fn answer(data: &[u8]) {
    let (old, new) = two(data);
    let (Ok(old), Ok(new)) = (serde_json::from_str(old), serde_json::from_str(new)) else { return };
    let _ = shape::compare(&old, &new, &Terms::NONE);
    assert!(shape::compare(&old, &old, &Terms::NONE).is_empty(), "an answer differs from itself");
}

/// `vigie.toml`, but for its targets.
pub fn config(data: &[u8]) {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day");
    drop(Exceptions::parse("vigie.toml", text(data), day));
}

/// The report of a run, read back and written again.
pub fn report(data: &[u8]) {
    let Ok(report) = vigie_report::read("a.json", data) else { return };
    for format in FORMATS {
        format.render(&report, &mut std::io::sink()).expect("a sink takes all");
    }
}

/// Patterns and JSON paths, and a text that they are applied to.
pub fn pattern(data: &[u8]) {
    let (pattern, text) = two(data);
    for pattern in [Pattern::glob(pattern), Pattern::place(pattern)].into_iter().flatten() {
        pattern.fits(text);
    }
    if let (Ok(path), Ok(value)) = (path::parse(pattern), serde_json::from_str(text)) {
        path.query(&value);
    }
}

/// A document, and what may be its beginning.
pub fn cut(data: &[u8]) {
    let (old, new) = two(data);
    cut_short(old, new);
    assert!(!cut_short(old, old), "a document is cut off beside itself");
}

#[cfg(test)]
mod tests {
    type Target = fn(&[u8]);

    #[test]
    fn every_seed_is_read_to_the_end() {
        let targets: [(&str, Target); 11] = [
            ("document", super::document),
            ("diff", super::diff),
            ("graphql", super::graphql),
            ("queries", super::queries),
            ("case", super::case),
            ("exchange", super::exchange),
            ("answer", super::answer),
            ("config", super::config),
            ("report", super::report),
            ("pattern", super::pattern),
            ("cut", super::cut),
        ];
        for (name, target) in targets {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
            let seeds = std::fs::read_dir(&folder).expect("each target has seeds");
            let mut count = 0;
            for seed in seeds {
                let data = std::fs::read(seed.expect("it reads").path()).expect("it reads");
                target(&data);
                count += 1;
            }
            assert!(count > 1, "{name}");
        }
    }
}
