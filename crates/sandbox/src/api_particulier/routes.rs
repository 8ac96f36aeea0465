//! All that the sandbox knows, and the way from a path to the one who answers.

use super::gate::{Caller, Gate};
use super::mask::Scopes;
use super::operation::Gated;
use super::params::Rules;
use super::refusal::{ErrorFormat, Refusal, Refusals};
use super::reply::{Answer, RequestIds};
use super::side::{self, Ping};
use super::store::stored;
use super::tokens::Mode;
use super::twin::{PATIENCE, Twins};
use crate::quota::{Quotas, Tally};
use crate::reply::Reply;
use crate::stored::Stored;
use crate::{Options, SandboxError};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::time::Duration;
use vigie_contract::model::{Contract, Operation};
use vigie_scenario::{Case, Corpus};

/// The provider's own limit of requests per second, which answers state where none is set.
const LIMIT: u32 = 20;
const PERIOD: Duration = Duration::from_secs(1);

/// The endpoints that share a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `/api/...`
    V2,
    /// `/v3/...` and later.
    V3,
}

const FAMILIES: usize = 2;

/// All that the sandbox knows; it never changes while it serves.
pub(super) struct Routes {
    pub(super) refusals: Refusals,
    pub(super) scopes: Scopes,
    pub(super) gate: Gate,
    quotas: Quotas,
    pub(super) twins: Twins,
    request_ids: RequestIds,
    known: HashMap<String, Route>,
    /// Paths of v3 and later, without their version.
    versioned: HashSet<String>,
    unknown_provider: Reply,
}

enum Route {
    Operation(Box<Gated>),
    Ping(Ping),
    Introspect(Option<Stored>),
    Fixed(Reply),
}

impl Routes {
    pub(super) fn new(
        contracts: &[Contract],
        scopes: &str,
        corpus: &Corpus,
        options: &Options,
    ) -> Result<Self, SandboxError> {
        let gate = Gate::new(corpus);
        let mut routes = Self {
            refusals: Refusals::new(),
            scopes: Scopes::read(scopes)?,
            quotas: match options.quota.map(|limit| NonZeroU32::new(limit).ok_or(SandboxError::Quota)).transpose()? {
                Some(limit) => Quotas::new(limit, PERIOD, gate.buckets() * FAMILIES),
                None => Quotas::uncounted(LIMIT, PERIOD),
            },
            gate,
            twins: Twins::new(PATIENCE),
            request_ids: RequestIds::new(),
            known: HashMap::new(),
            versioned: HashSet::new(),
            unknown_provider: side::unknown_provider(),
        };
        for path in side::provider_ping_paths() {
            routes.known.insert(path, Route::Fixed(side::provider_ping()));
        }
        for path in side::PINGS {
            routes.known.insert(path.to_owned(), Route::Ping(Ping::new(None)));
        }
        routes.known.insert(side::INTROSPECT.to_owned(), Route::Introspect(None));
        routes.known.insert(side::PROVIDER_PINGS.to_owned(), Route::Fixed(side::provider_pings()));
        let mut cases: HashMap<&str, Vec<&Case>> = HashMap::new();
        for case in corpus.cases() {
            cases.entry(&case.operation).or_default().push(case);
        }
        for contract in contracts {
            for operation in &contract.operations {
                let cases = cases.get(operation.id.as_str()).map_or(&[][..], Vec::as_slice);
                routes.furnish(contract, operation, cases)?;
            }
        }
        for path in side::RETIRED {
            routes.known.insert(path.to_owned(), Route::Fixed(side::gone()));
        }
        Ok(routes)
    }

    fn furnish(&mut self, contract: &Contract, operation: &Operation, cases: &[&Case]) -> Result<(), SandboxError> {
        let path = operation.path.as_str();
        let beside = || -> Result<Option<Stored>, SandboxError> {
            let rules = Rules::new(operation, &contract.document, ErrorFormat::Flat)?;
            let absent = self.refusals.get(Refusal::Path, ErrorFormat::Flat).clone();
            Ok(Some(stored(cases, &rules, ErrorFormat::Flat, false, absent)))
        };
        let place = if side::PINGS.contains(&path) {
            Route::Ping(Ping::new(beside()?))
        } else if path == side::INTROSPECT {
            Route::Introspect(beside()?)
        } else {
            let gone = (path == side::GONE).then(side::gone);
            Route::Operation(Box::new(Gated::new(contract, operation, cases, &self.scopes, gone)?))
        };
        self.versioned.extend(versioned(path).map(str::to_owned));
        self.known.insert(path.to_owned(), place);
        Ok(())
    }

    /// Answers a request.
    pub(super) async fn answer(&self, head: &Parts) -> Response {
        let path = head.uri.path();
        let path = path.strip_suffix('/').unwrap_or(path);
        let answer = match self.known.get(path) {
            None => self.lost(path).into(),
            // hyper leaves out the body of an answer to HEAD.
            Some(_) if head.method != Method::GET && head.method != Method::HEAD => {
                self.refusals.get(Refusal::Method, form(path)).into()
            }
            Some(Route::Operation(operation)) => operation.answer(self, head).await,
            Some(Route::Ping(ping)) => ping.answer(head).into(),
            Some(Route::Introspect(store)) => side::introspect(self, store.as_ref(), head),
            Some(Route::Fixed(reply)) => Answer::from(reply),
        };
        answer.into_response(self.request_ids.next())
    }

    /// Takes a request out of the caller's bucket.
    pub(super) fn count(&self, caller: &Caller<'_>, family: Family) -> Tally {
        match caller.mode {
            Mode::Exhausted => self.quotas.spent(PERIOD.as_secs()),
            _ => self.quotas.take(caller.bucket * FAMILIES + family as usize),
        }
    }

    /// The answer to a path that leads nowhere.
    fn lost(&self, path: &str) -> &Reply {
        match (versioned(path), path.strip_prefix("/api/").and_then(|rest| rest.strip_suffix("/ping"))) {
            (Some(rest), _) if self.versioned.contains(rest) => {
                self.refusals.get(Refusal::Version, ErrorFormat::Structured)
            }
            (_, Some(provider)) if !provider.contains('/') => &self.unknown_provider,
            _ => self.refusals.get(Refusal::Path, form(path)),
        }
    }
}

fn form(path: &str) -> ErrorFormat {
    if versioned(path).is_some() { ErrorFormat::Structured } else { ErrorFormat::Flat }
}

/// What follows `/vN` in a path.
fn versioned(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/v")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && rest[digits..].starts_with('/')).then(|| &rest[digits..])
}

#[cfg(test)]
mod tests {
    use super::{ErrorFormat, form, versioned};

    #[test]
    fn the_version_of_a_path_is_a_number() {
        assert_eq!(versioned("/v3/a/b"), Some("/a/b"));
        assert_eq!(versioned("/v12/a"), Some("/a"));
        for path in ["/v/a", "/v3", "/v3a/b", "/api/v2/a", "/vé/a", ""] {
            assert_eq!((versioned(path), form(path)), (None, ErrorFormat::Flat), "{path}");
        }
    }
}
