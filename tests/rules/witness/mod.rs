//! A witness, run against both contracts of a fixture: they must not agree, and for the reason that it gives.

mod opinion;
mod query;
mod reads;
mod request;
mod side;

use crate::contracts::document;
use crate::fixture::Fixture;
use libtest_mimic::Failed;
use opinion::{Opinion, Verdict};
use serde::Deserialize;
use serde_json::Value;
use side::Side;
use std::collections::BTreeMap;
use vigie_drift::finding::Class;
use vigie_drift::rules::by_id;

/// `witness.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Witness {
    request: Option<Request>,
    response: Option<Response>,
    /// A query to a GraphQL schema.
    query: Option<String>,
    /// The whole document is the witness: is it one of the API that the old contract describes?
    document: Option<Document>,
    old: Option<Verdict>,
    new: Option<Verdict>,
    /// Why the harsher side has its verdict: every reason for it, and no other.
    because: Option<String>,
    /// Where both sides accept, and read something else.
    reads: Option<Reads>,
}

/// A call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// The base URL that is called, where it matters.
    server: Option<String>,
    /// Method and path of the contract, `GET /v1/menus`.
    operation: String,
    /// A list repeats its name.
    #[serde(default)]
    query: BTreeMap<String, Value>,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default = "json")]
    media_type: String,
    body: Option<Value>,
}

/// An answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    operation: String,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default = "json")]
    media_type: String,
    body: Option<Value>,
}

#[derive(Deserialize)]
enum Document {
    #[serde(rename = "as a whole")]
    Whole,
}

/// What each contract takes one fact about the request or answer to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reads {
    /// `operation id`, `deprecated`, `sunset`, `deprecated query:nom`, `deprecated 200 nom`, a parameter: `query:nom`, or what
    /// stands at a JSON pointer of the contract: `stated /info/version`.
    fact: String,
    old: Value,
    new: Value,
}

fn json() -> String {
    "application/json".to_owned()
}

pub(crate) fn run(fixture: &Fixture) -> Result<(), Failed> {
    let witness: Witness = fixture.yaml("witness.yml")?;
    if let Some(query) = &witness.query {
        let opinion = |name: &str| query::judge(&fixture.text(name)?, query);
        witness.expect(&opinion("old.graphql")?, &opinion("new.graphql")?)?;
        return witness.agrees_with(&fixture.rule());
    }
    let (old, new) = (document(fixture, "old.yml")?, document(fixture, "new.yml")?);
    if witness.document.is_some() {
        return witness.expect(&Opinion::of_document(&old, &old), &Opinion::of_document(&new, &old));
    }
    let (old, new) = (Side::new(old), Side::new(new));
    let opinion = |side: &Side| match (&witness.request, &witness.response) {
        (Some(request), None) => Ok(request::judge(side, request)),
        (None, Some(response)) => side.judge(response),
        _ => Err(Failed::from("a witness is one of `request`, `response`, `query` and `document`")),
    };
    let opinions = (opinion(&old)?, opinion(&new)?);
    let Some(reads) = &witness.reads else {
        witness.expect(&opinions.0, &opinions.1)?;
        return witness.agrees_with(&fixture.rule());
    };
    if let Some(reason) = opinions.0.reasons.iter().chain(&opinions.1.reasons).next() {
        return Err(format!("both contracts must accept what they read: {reason}").into());
    }
    let read = |side: &Side| match (&witness.request, &witness.response) {
        (Some(request), _) => reads::request(side, request, &reads.fact),
        (_, Some(response)) => reads::response(side, response, &reads.fact),
        _ => Value::Null,
    };
    let (found_old, found_new) = (read(&old), read(&new));
    if reads.old == reads.new {
        return Err("both contracts read the same: the witness shows nothing".into());
    }
    if (&found_old, &found_new) == (&reads.old, &reads.new) {
        return Ok(());
    }
    Err(format!("{}: the old contract reads {found_old}, the new one {found_new}", reads.fact).into())
}

impl Witness {
    fn expect(&self, old: &Opinion, new: &Opinion) -> Result<(), Failed> {
        let because = old.because(new);
        let found = (Some(old.verdict()), Some(new.verdict()), Some(&*because));
        if self.old == self.new {
            return Err("both contracts say the same: the witness shows nothing".into());
        }
        if found == (self.old, self.new, self.because.as_deref()) {
            return Ok(());
        }
        Err(format!("old {:?}, new {:?}, because {because}", old.verdict(), new.verdict()).into())
    }

    /// A caller is broken by a contract that refuses what the old one took, a reader by one that allows what the old one
    /// refused: the class of a rule must say so. A rule that only notes something may know better, and what was not compared
    /// may be either.
    fn agrees_with(&self, id: &str) -> Result<(), Failed> {
        let rule = by_id(id).ok_or("no such rule")?;
        let refuses = |verdict| verdict == Some(Verdict::Refuses);
        let (before, after) = if self.response.is_none() { (self.old, self.new) } else { (self.new, self.old) };
        let may_be_either = rule.info || rule.class == Class::Uncertain;
        if refuses(before) == refuses(after) || may_be_either || (rule.class == Class::Breaking) == refuses(after) {
            return Ok(());
        }
        Err(format!("the witness shows another class than {}", rule.class).into())
    }
}
