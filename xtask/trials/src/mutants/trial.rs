//! One mutant before the real judge: against the contract, and against the observation of the answer that it was made of.

use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;
use trials::generate::{Mutant, mutants};
use trials::kind::{Due, Kind};
use vigie_contract::model::Operation;
use vigie_drift::deviation::Deviation;
use vigie_drift::finding::{Class, text};
use vigie_drift::rules::rule;
use vigie_exchange::{Exchange, Request, Response};
use vigie_judge::shape::Terms;
use vigie_judge::snapshot::Observation;
use vigie_judge::{Evidence, Judge, Judgement};
use vigie_scenario::Case;

/// What was said about a mutant.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) kind: Kind,
    /// `operation/case`.
    pub(crate) case: String,
    /// Where the answer was changed, and what stands there now.
    pub(crate) pointer: String,
    pub(crate) now: String,
    /// What the contract alone says, beyond what it says about the original.
    pub(crate) contract: Said,
    /// What the comparison with the original alone says.
    pub(crate) snapshot: Said,
}

/// The weight of what was said, and the ids of the rules.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) breaks: bool,
    pub(crate) tells: bool,
    pub(crate) rules: BTreeSet<&'static str>,
}

impl Said {
    fn of<'a>(deviations: impl IntoIterator<Item = &'a Deviation>) -> Self {
        let mut said = Self::default();
        for deviation in deviations {
            let rule = rule(deviation.kind);
            said.breaks |= rule.class == Class::Breaking;
            said.tells |= rule.class != Class::Data;
            said.rules.insert(rule.id);
        }
        said
    }
}

impl Outcome {
    /// Whether a breaking finding was made.
    pub(crate) fn is_caught(&self) -> bool {
        self.contract.breaks || self.snapshot.breaks
    }

    /// Whether anything more than moved data was said.
    pub(crate) fn is_told(&self) -> bool {
        self.contract.tells || self.snapshot.tells
    }

    /// Whether what was said is what was due.
    pub(crate) fn is_right(&self) -> bool {
        match self.kind.due() {
            Due::Break => self.is_caught(),
            // The contract may refuse an empty text; the snapshot alone cannot know.
            Due::Tell => self.is_told() && !self.snapshot.breaks,
            Due::Pass => !self.is_caught(),
        }
    }
}

/// An answer that is judged as it is and in every mutation.
pub(crate) struct Subject<'a> {
    judge: &'a Judge,
    operation: &'a Operation,
    case: &'a Case,
    media_type: &'static str,
    body: Value,
}

impl<'a> Subject<'a> {
    /// The stored answer of a case, if it has one of status 200 in JSON.
    pub(crate) fn of(case: &'a Case, judges: &'a [Judge]) -> Option<Self> {
        let found = judges.iter().find_map(|judge| Some((judge, judge.contract.operation(&case.operation)?)));
        let (judge, operation) = found.filter(|_| case.status == 200)?;
        let body = serde_json::from_str(case.payload.as_deref()?).ok()?;
        let media_type =
            if operation.path.starts_with("/api/") { "application/json" } else { "application/vnd.api+json" };
        Some(Self { judge, operation, case, media_type, body })
    }

    /// Judges every mutant.
    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        let schema = self.judge.schema(self.operation, 200);
        let (judgement, accepted) = self.judge(&self.body);
        let known: BTreeSet<_> = judgement.deviations.iter().map(identity).collect();
        let judged = |mutant: Mutant| {
            let (judgement, observation) = self.judge(&mutant.body);
            let new = judgement.deviations.iter().filter(|deviation| !known.contains(&identity(deviation)));
            let terms = Terms { schema, masked: &[] };
            Outcome {
                kind: mutant.kind,
                case: format!("{}/{}", self.operation.id, self.case.name),
                pointer: mutant.pointer,
                now: mutant.now,
                contract: Said::of(new),
                snapshot: Said::of(&observation.changes_from(&accepted, &terms)),
            }
        };
        mutants(&self.body, schema).into_iter().map(judged).collect()
    }

    fn judge(&self, body: &Value) -> (Judgement, Observation) {
        let mut response =
            Response { status: http::StatusCode::OK, headers: http::HeaderMap::new(), body: body.to_string().into() };
        response.headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(self.media_type));
        let request = Request::new(http::Method::GET, self.operation.path.clone());
        let exchange = Exchange { request, response, elapsed: Duration::ZERO };
        let (case, operation) = (self.case, self.operation);
        let judgement = self.judge.judge(&Evidence { case, operation, exchange: &exchange, typed: None, masked: &[] });
        let observation = Observation::of(&exchange.response, operation, judgement.body.as_deref());
        (judgement, observation)
    }
}

/// What makes two facts the same: the original may break the contract already, and in a shorter list in another place.
fn identity(deviation: &Deviation) -> (String, String, String) {
    let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
    let words = deviation.location.to_string();
    let tokens = words.split('/').map(|token| if is_index(token) { "*" } else { token });
    let place = tokens.collect::<Vec<_>>().join("/");
    (format!("{:?} {place}", deviation.kind), text(&deviation.expected), text(&deviation.observed))
}
