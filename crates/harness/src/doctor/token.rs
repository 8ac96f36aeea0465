//! What a token is good for, as the provider says it and as it says itself. The token itself is told nowhere.

use super::reach::count;
use super::wire::{Wire, body, seen};
use super::{Check, Subject};
use crate::providers::Tokens;
use crate::targets::Resolved;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vigie_exchange::{Exchange, Response};
use vigie_scenario::Refusal;

/// From here on a new token should be on its way.
const SOON: u64 = 30;
const DAY: u64 = 86_400;
/// What a provider may allow at most. A larger number is none of a quota, and is not told.
const MOST: u64 = 1_000_000;

impl Wire {
    /// Whether the token is taken, what it opens, and how much may be sent with it.
    pub(super) async fn token(&self, tokens: &Tokens, target: &Resolved) -> Vec<Check> {
        let mut checks = Vec::new();
        let mut told = None;
        let mut first = None;
        for id in self.provider.token_checks {
            let asked = self.ask(id, Some(tokens)).await;
            let exchange = match asked {
                Ok(exchange) => exchange,
                Err(outage) => {
                    let problem =
                        Check::problem(Subject::TokenTaken, format!("no answer: {outage}"), "try again later");
                    told = told.or(Some(problem));
                    break;
                }
            };
            let verdict = self.verdict(&exchange.response, told.is_some());
            // A later operation is asked only for what the first one did not say.
            let is_clear = !matches!(verdict, Verdict::Refused(Refusal::Unclear));
            told = Some(explain(&verdict, &exchange.response));
            first.get_or_insert(exchange);
            if is_clear {
                break;
            }
        }
        let is_taken = told.as_ref().is_some_and(|check| check.state == super::State::Ok);
        checks.push(told.unwrap_or_else(|| {
            Check::not_tried(Subject::TokenTaken, "no read-only call can test it; `vigie login` may")
        }));
        if let Some(Exchange { response, .. }) = &first {
            checks.push(limits(response, target));
        }
        if is_taken {
            let told = first.as_ref().and_then(|exchange| scopes_of(&exchange.response));
            checks.push(self.scopes(told, target));
        }
        checks
    }

    fn verdict(&self, response: &Response, again: bool) -> Verdict {
        let body = body(response);
        let dialect = self.provider.dialect;
        let code = dialect.codes.iter().find_map(|pointer| body.pointer(pointer)?.as_str());
        match (code.and_then(|code| dialect.refusal(code)), response.status.as_u16()) {
            (Some((_, refusal)), _) => Verdict::Refused(refusal),
            (None, 429) => Verdict::Spent,
            (None, 401 | 403) => Verdict::Refused(Refusal::Unclear),
            (None, 200) if body.is_object() && body["errors"].is_null() => Verdict::Taken,
            // What comes after the token was looked at: a parameter is missing.
            (None, 400 | 422) if again => Verdict::Taken,
            _ => Verdict::Strange,
        }
    }

    /// What scopes open, of the operations that ask for one.
    fn scopes(&self, told: Option<Vec<String>>, target: &Resolved) -> Check {
        let subject = Subject::Scopes;
        let contracts = self.judges.iter().map(|judge| &judge.contract);
        let operations = contracts.flat_map(|contract| &contract.operations).map(|operation| operation.id.as_str());
        let asking: Vec<(&str, Vec<&str>)> =
            operations.map(|id| (id, self.provider.scopes(id))).filter(|(_, scopes)| !scopes.is_empty()).collect();
        if asking.is_empty() {
            return Check::not_tried(subject, "the provider has none");
        }
        let (held, whose) = match (told, &target.scopes) {
            (Some(told), _) => (told, ""),
            (None, Some(declared)) => (declared.clone(), " (according to vigie.toml)"),
            (None, None) => {
                return Check::not_tried(subject, "the provider does not list them; `scopes` in vigie.toml can");
            }
        };
        let opens = |wanted: &[&str]| wanted.iter().any(|scope| held.iter().any(|own| own == scope));
        let closed: Vec<String> = asking
            .iter()
            .filter(|(_, wanted)| !opens(wanted))
            .map(|(id, wanted)| format!("{id} needs {}", wanted.join(" or ")))
            .collect();
        let open = asking.len() - closed.len();
        let number = count(held.len(), "scope opens", "scopes open");
        let told = format!("{number} {open} of {} operations{whose}", asking.len());
        if open == 0 {
            let mend = match self.provider.access.public(target.stage) {
                Some(_) => "use the public token, which has every scope; see below for how to get it",
                None => self.provider.access.scope.unwrap_or("ask the provider for the scopes that you need"),
            };
            return Check { details: closed, ..Check::problem(subject, told, mend) };
        }
        Check { details: closed, ..Check::ok(subject, told) }
    }
}

enum Verdict {
    Taken,
    Refused(Refusal),
    Spent,
    Strange,
}

/// A verdict with its mend.
fn explain(verdict: &Verdict, response: &Response) -> Check {
    let subject = Subject::TokenTaken;
    let get = "see below for how to get one";
    match verdict {
        Verdict::Taken => Check::ok(subject, "yes"),
        Verdict::Spent => {
            let seconds = header(response, "retry-after").filter(|seconds| *seconds <= DAY);
            let wait = seconds.map_or("a while".to_owned(), |seconds| format!("{seconds} s"));
            Check::problem(
                subject,
                "its quota is used up (429)",
                format!("wait {wait}, and check who else uses the token"),
            )
        }
        Verdict::Strange => Check::problem(subject, format!("unclear answer: {}", seen(response)), "try again later"),
        Verdict::Refused(refusal) => {
            let (told, mend) = match refusal {
                Refusal::Unclear => ("no: it is unknown, expired or revoked", get),
                Refusal::Unknown => ("no: it is unknown; check that it is complete and belongs to this target", get),
                Refusal::Expired => ("no: it has expired", get),
                Refusal::Revoked => {
                    ("no: it was revoked (blacklisted)", "ask the provider why; see below for how to get another one")
                }
                Refusal::NoRight => ("no: it has no rights for the calls that were tried", get),
                Refusal::Address => {
                    ("no: not from this IP address", "ask the provider to allow this machine's address")
                }
            };
            Check::problem(subject, told, mend)
        }
    }
}

fn scopes_of(response: &Response) -> Option<Vec<String>> {
    body(response)["scopes"].as_array()?.iter().map(|scope| scope.as_str().map(str::to_owned)).collect()
}

/// When a token ends that says it, as a JWT does. It is read, and not verified: that is the provider's matter.
pub(super) fn end(tokens: &Tokens, now: SystemTime) -> Check {
    let subject = Subject::TokenEnd;
    let Tokens::Real(token) = tokens else {
        return Check::not_tried(subject, "no token");
    };
    let Some(end) = expiry(token.expose_secret()) else {
        return Check::not_tried(subject, "unknown: the token is not a JWT with an `exp`");
    };
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mend = "see below for how to get one";
    match end.checked_sub(now) {
        None => Check::problem(subject, format!("{} ago", days(now - end)), mend),
        Some(left) if left < SOON * DAY => {
            Check::warning(subject, format!("in {}", days(left)), "request a new one before that")
        }
        Some(left) => Check::ok(subject, format!("in {}", days(left))),
    }
}

fn days(seconds: u64) -> String {
    match seconds / DAY {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// The `exp` of a JWT, which may come with the number of a software before it.
fn expiry(token: &str) -> Option<u64> {
    let jwt = token.rsplit(':').next()?;
    let [_, payload, _] = jwt.split('.').collect::<Vec<_>>()[..] else { return None };
    let claims: Value =
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()?;
    claims["exp"].as_u64()
}

/// What the provider allows, beside what we send.
fn limits(response: &Response, target: &Resolved) -> Check {
    let subject = Subject::RateLimits;
    let ours = target.rate.per_second;
    let sent = format!("vigie sends at most {ours} a second");
    let number = |name| header(response, name).filter(|number| *number <= MOST);
    let (Some(limit), Some(remaining)) = (number("ratelimit-limit"), number("ratelimit-remaining")) else {
        return Check::not_tried(subject, format!("the answer has none; {sent}"));
    };
    // Seconds since 1970, of which few are left, or how many. What is neither may be anybody's number.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let reset = header(response, "ratelimit-reset")
        .map(|reset| if reset > now / 2 { reset.saturating_sub(now) } else { reset });
    let reset =
        reset.filter(|seconds| *seconds <= DAY).map(|seconds| format!(", reset in {seconds} s")).unwrap_or_default();
    let told = format!("limit {limit}, {remaining} left{reset}; {sent}");
    if limit < u64::from(ours) {
        return Check::warning(
            subject,
            told,
            format!("add `requests_per_second = {}` to its table in vigie.toml", limit.max(1)),
        );
    }
    Check::ok(subject, told)
}

fn header(response: &Response, name: &str) -> Option<u64> {
    response.headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::{DAY, end, expiry};
    use crate::providers::Tokens;
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use std::time::{Duration, UNIX_EPOCH};

    fn jwt(claims: &str) -> String {
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(claims), part("signature"))
    }

    #[test]
    fn the_end_of_a_jwt_is_read_and_nothing_else_has_one() {
        let token = jwt(r#"{"exp": 1000000, "sub": "x"}"#);
        assert_eq!(expiry(&token), Some(1_000_000));
        assert_eq!(expiry(&format!("264810537:{token}")), Some(1_000_000));
        for other in ["", "a.b.c", "opaque", "a.b", &jwt("{}"), &jwt(r#"{"exp": "soon"}"#)] {
            assert_eq!(expiry(other), None, "{other}");
        }
    }

    #[test]
    fn a_token_that_ends_soon_is_told_before_it_does() {
        let now = UNIX_EPOCH + Duration::from_secs(100 * DAY);
        for (last, state, told) in [
            (99 * DAY, State::Problem, "1 day ago"),
            (100 * DAY + 10, State::Warning, "in less than a day"),
            (110 * DAY, State::Warning, "in 10 days"),
            (600 * DAY, State::Ok, "in 500 days"),
        ] {
            let token = Tokens::Real(jwt(&format!(r#"{{"exp": {last}}}"#)).into());
            let check = end(&token, now);
            assert_eq!((check.state, check.told.as_str()), (state, told));
        }
    }
}
