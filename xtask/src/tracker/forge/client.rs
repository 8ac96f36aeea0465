//! JSON over HTTP to one host: no redirect is followed, so that the token goes nowhere else.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use ureq::http::{HeaderMap, Request, Response, Uri};

/// How long one request may take, with its answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes of an answer: a hundred issues of the longest kind, and more.
const MOST: u64 = 20 << 20;

/// Why a tracker could not be asked, in a sentence that says how to mend it.
#[derive(Debug)]
pub(in super::super) struct Failure(pub(super) String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A host that is asked with a token.
pub(super) struct Client {
    agent: ureq::Agent,
    base: String,
    token: Option<SecretString>,
}

impl Client {
    /// `variable` is where the base URL comes from, for who has to mend it.
    pub(super) fn new(base: &str, variable: &str, token: Option<String>) -> Result<Self, String> {
        let base = base.trim_end_matches('/');
        let refused =
            || format!("{variable}: `{base}` is not an `https://` URL (plain HTTP is for this machine alone)");
        let uri: Uri = base.parse().map_err(|_| refused())?;
        let is_local = uri.host().is_some_and(|host| ["127.0.0.1", "[::1]", "localhost"].contains(&host));
        let is_safe = uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && is_local);
        let has_user = uri.authority().is_none_or(|authority| authority.as_str().contains('@'));
        if !is_safe || has_user || uri.query().is_some() {
            return Err(refused());
        }
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into(), base: base.to_owned(), token: token.map(SecretString::from) })
    }

    /// Sends a request, and reads the JSON of an answer that says it was done. `credential` is the header for the token and
    /// what comes before it.
    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        credential: (&str, &str),
    ) -> Result<Value, Failure> {
        let what = format!("{method} {}{path}", self.base);
        let failed = |reason: &dyn fmt::Display| Failure(format!("{what}: {reason}"));
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("Accept", "application/json")
            .header("Content-Type", "application/json");
        if let Some(token) = &self.token {
            request = request.header(credential.0, format!("{}{}", credential.1, token.expose_secret()));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        // An error of the builder could quote a header: it is not told.
        let request = request.body(body).map_err(|_| failed(&"the token or the URL is not one that HTTP can carry"))?;
        let answer = self.agent.run(request).map_err(|error| failed(&error))?;
        self.read(answer).map_err(|reason| failed(&reason))
    }

    fn read(&self, mut answer: Response<ureq::Body>) -> Result<Value, String> {
        let status = answer.status().as_u16();
        let limit = limited(status, answer.headers());
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| error.to_string())?;
        let json =
            || serde_json::from_slice::<Value>(&body).map_err(|error| format!("the answer is not JSON: {error}"));
        if let Some(limit) = limit {
            return Err(limit);
        }
        let advice = match status {
            200..=299 => return json(),
            300..=399 => "the project has moved, and vigie follows no redirect with a token: use its new name",
            401 => "the token was rejected: it has expired, or it is not for this host",
            403 => "the token lacks the right to write issues",
            404 => "no such project, or the token may not see it",
            410 => "issues are switched off in the project",
            500..=599 => "the tracker does not work; the next run does the rest",
            _ => "the tracker rejected it",
        };
        let message = json().ok().and_then(|json| json["message"].as_str().map(|text| self.clean(text)));
        Err(format!("{status}: {advice}{}", message.map(|text| format!(" ({text})")).unwrap_or_default()))
    }

    /// What a host says about an error, for a terminal: short, on one line, without the token.
    fn clean(&self, text: &str) -> String {
        let text = match &self.token {
            Some(token) if !token.expose_secret().is_empty() => text.replace(token.expose_secret(), "***"),
            _ => text.to_owned(),
        };
        text.chars().take(200).map(|character| if character.is_control() { ' ' } else { character }).collect()
    }
}

/// Whether an answer says that too much was asked, and when to come again. GitHub says 403 for it too.
fn limited(status: u16, headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name: &str| text(name).and_then(|value| value.parse::<u64>().ok());
    let wait = number("retry-after");
    let is_spent = number("x-ratelimit-remaining").or_else(|| number("ratelimit-remaining")) == Some(0);
    if status != 429 && !(status == 403 && (wait.is_some() || is_spent)) {
        return None;
    }
    let when = match (wait, number("x-ratelimit-reset").or_else(|| number("ratelimit-reset"))) {
        (Some(seconds), _) => format!("in {seconds} s"),
        (None, Some(moment)) => format!("at second {moment} of Unix time"),
        (None, None) => "later".into(),
    };
    Some(format!("{status}: the tracker's rate limit is reached: run it again {when}; what is done stays done"))
}
