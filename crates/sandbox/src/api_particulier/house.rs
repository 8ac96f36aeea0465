//! All that the sandbox knows, and the way from a path to the one who answers.

use super::door::Door;
use super::faults::{Fault, Faults, Form};
use super::mask::Scopes;
use super::params::Rules;
use super::quota::Quotas;
use super::reply::{Answer, Reply, RequestIds};
use super::room::Room;
use super::side::{self, Ping};
use super::store::Store;
use super::twin::{PATIENCE, Twins};
use crate::{Options, SandboxError};
use axum::http::request::Parts;
use axum::http::{Method, Response};
use std::collections::{HashMap, HashSet};
use vigie_contract::model::{Contract, Operation};
use vigie_scenario::{Case, Corpus};

/// All that the sandbox knows; it never changes while it serves.
pub(super) struct House {
    pub(super) faults: Faults,
    pub(super) scopes: Scopes,
    pub(super) door: Door,
    pub(super) quotas: Quotas,
    pub(super) twins: Twins,
    request_ids: RequestIds,
    places: HashMap<String, Place>,
    /// Paths of v3 and later, without their version.
    versioned: HashSet<String>,
    unknown_provider: Reply,
}

enum Place {
    Room(Box<Room>),
    Ping(Ping),
    Introspect(Option<Store>),
    Fixed(Reply),
}

impl House {
    pub(super) fn new(
        contracts: &[Contract],
        scopes: &str,
        corpus: &Corpus,
        options: &Options,
    ) -> Result<Self, SandboxError> {
        let door = Door::new(corpus);
        let mut house = Self {
            faults: Faults::new(),
            scopes: Scopes::read(scopes)?,
            quotas: Quotas::new(options.quota, door.buckets())?,
            door,
            twins: Twins::new(PATIENCE),
            request_ids: RequestIds::new(),
            places: HashMap::new(),
            versioned: HashSet::new(),
            unknown_provider: side::unknown_provider(),
        };
        for path in side::provider_ping_paths() {
            house.places.insert(path, Place::Fixed(side::provider_ping()));
        }
        for path in side::PINGS {
            house.places.insert(path.to_owned(), Place::Ping(Ping::new(None)));
        }
        house.places.insert(side::INTROSPECT.to_owned(), Place::Introspect(None));
        house.places.insert(side::PROVIDER_PINGS.to_owned(), Place::Fixed(side::provider_pings()));
        let mut cases: HashMap<&str, Vec<&Case>> = HashMap::new();
        for case in corpus.cases() {
            cases.entry(&case.operation).or_default().push(case);
        }
        for contract in contracts {
            for operation in &contract.operations {
                let cases = cases.get(operation.id.as_str()).map_or(&[][..], Vec::as_slice);
                house.furnish(contract, operation, cases)?;
            }
        }
        for path in side::RETIRED {
            house.places.insert(path.to_owned(), Place::Fixed(side::gone()));
        }
        Ok(house)
    }

    fn furnish(&mut self, contract: &Contract, operation: &Operation, cases: &[&Case]) -> Result<(), SandboxError> {
        let path = operation.path.as_str();
        let beside = || -> Result<Option<Store>, SandboxError> {
            let rules = Rules::new(operation, &contract.document, Form::Flat)?;
            let absent = self.faults.get(Fault::Path, Form::Flat).clone();
            Ok(Some(Store::new(cases, &rules, Form::Flat, false, absent)))
        };
        let place = if side::PINGS.contains(&path) {
            Place::Ping(Ping::new(beside()?))
        } else if path == side::INTROSPECT {
            Place::Introspect(beside()?)
        } else {
            let gone = (path == side::GONE).then(side::gone);
            Place::Room(Box::new(Room::new(contract, operation, cases, &self.scopes, gone)?))
        };
        self.versioned.extend(versioned(path).map(str::to_owned));
        self.places.insert(path.to_owned(), place);
        Ok(())
    }

    /// Answers a request.
    pub(super) async fn answer(&self, head: &Parts) -> Response<axum::body::Body> {
        let path = head.uri.path();
        let path = path.strip_suffix('/').unwrap_or(path);
        let answer = match self.places.get(path) {
            None => self.lost(path).into(),
            // hyper leaves out the body of an answer to HEAD.
            Some(_) if head.method != Method::GET && head.method != Method::HEAD => {
                self.faults.get(Fault::Method, form(path)).into()
            }
            Some(Place::Room(room)) => room.answer(self, head).await,
            Some(Place::Ping(ping)) => ping.answer(head).into(),
            Some(Place::Introspect(store)) => side::introspect(self, store.as_ref(), head),
            Some(Place::Fixed(reply)) => Answer::from(reply),
        };
        answer.into_response(self.request_ids.next())
    }

    /// The answer to a path that leads nowhere.
    fn lost(&self, path: &str) -> &Reply {
        match (versioned(path), path.strip_prefix("/api/").and_then(|rest| rest.strip_suffix("/ping"))) {
            (Some(rest), _) if self.versioned.contains(rest) => self.faults.get(Fault::Version, Form::Structured),
            (_, Some(provider)) if !provider.contains('/') => &self.unknown_provider,
            _ => self.faults.get(Fault::Path, form(path)),
        }
    }
}

fn form(path: &str) -> Form {
    if versioned(path).is_some() { Form::Structured } else { Form::Flat }
}

/// What follows `/vN` in a path.
fn versioned(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/v")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && rest[digits..].starts_with('/')).then(|| &rest[digits..])
}

#[cfg(test)]
mod tests {
    use super::{Form, form, versioned};

    #[test]
    fn the_version_of_a_path_is_a_number() {
        assert_eq!(versioned("/v3/a/b"), Some("/a/b"));
        assert_eq!(versioned("/v12/a"), Some("/a"));
        for path in ["/v/a", "/v3", "/v3a/b", "/api/v2/a", "/vé/a", ""] {
            assert_eq!((versioned(path), form(path)), (None, Form::Flat), "{path}");
        }
    }
}
