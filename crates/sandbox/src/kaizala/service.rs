//! The token service: access tokens, sign-in by phone and PIN, OAuth.

use super::clock::millis;
use super::refusal::{Answer, Refusal};
use super::relaxed::{self, Fields};
use super::reply::{elsewhere, response};
use super::seed;
use super::state::{Grant, Holder, Kept, Move, Pending, Reach, State};
use crate::gate::{Incoming, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

/// Where the endpoint of users was who have moved.
pub(super) const MOVED: &str = "/moved";
/// What a phone waits for.
const PIN: &str = "pin";
/// The scopes that a sign-in by phone grants.
const GRANTED: &str = "groupinfo.read,groupinfo.write,groupmember.read,groupmember.write,textmessage.read,action.read,\
    action.write,profile.write,media.read,webhook.read,webhook.write";

/// Answers a call of the token service.
pub(super) fn answer(state: &mut State, call: &Incoming) -> Response {
    let path = call.path.to_ascii_lowercase();
    match (call.method.as_str(), path.trim_end_matches('/')) {
        ("GET", "/v1/accesstoken") => access_token(state, call),
        ("POST", "/v1/generatepin") => response(generate_pin(state, call)),
        ("POST", "/v1/loginwithpinandapplicationid") => response(login(state, call)),
        ("GET", "/api/oauth/authorize") => authorize(state, call),
        ("POST", "/api/oauth/token") => response(exchange(state, call)),
        (
            _,
            "/v1/accesstoken"
            | "/v1/generatepin"
            | "/v1/loginwithpinandapplicationid"
            | "/api/oauth/authorize"
            | "/api/oauth/token",
        ) => response(Err(Refusal::method())),
        _ => response(Err(Refusal::absent("the token service has no such path"))),
    }
}

fn access_token(state: &mut State, call: &Incoming) -> Response {
    match granted(state, call) {
        Ok(grant) if grant.moved == Move::Service => elsewhere(StatusCode::PERMANENT_REDIRECT, &state.endpoint),
        answer => response(answer.map(|grant| token_answer(state, &grant))),
    }
}

/// The same on the endpoint, for users whom the token service has sent there.
pub(super) fn access_token_of_moved(state: &mut State, call: &Incoming) -> Answer {
    granted(state, call).map(|grant| token_answer(state, &grant))
}

/// The refresh token of a call that has the three headers.
fn granted(state: &mut State, call: &Incoming) -> Answer<Grant> {
    let header = |name: &str| {
        call.header(name).map(str::to_owned).ok_or_else(|| Refusal::stranger(&format!("no header {name}")))
    };
    let (id, secret, token) = (header("applicationId")?, header("applicationSecret")?, header("refreshToken")?);
    state.signed(&id, &secret)?;
    let grant = state.grant(&id, &token)?.clone();
    state.count(&id)?;
    Ok(grant)
}

fn token_answer(state: &mut State, grant: &Grant) -> Value {
    let (token, expires) = state.issue_access(grant.holder.clone());
    let endpoint = match grant.moved {
        Move::Endpoint => format!("{}{}", state.endpoint, MOVED),
        _ => state.endpoint.clone(),
    };
    let mut answer = json!({
        "accessToken": token, "endpointUrl": endpoint, "accessTokenExpiry": millis(expires), "scope": "token.write",
    });
    if grant.rotates() {
        answer["refreshToken"] = json!(state.rotate(grant).token);
        return answer;
    }
    match grant.kept {
        Kept::Null => answer["refreshToken"] = Value::Null,
        Kept::Empty => answer["refreshToken"] = json!(""),
        Kept::Absent => {}
    }
    answer
}

/// A JSON body, which has to be an object.
pub(super) fn body(call: &Incoming) -> Answer<Map<String, Value>> {
    let text = std::str::from_utf8(&call.body).map_err(|_| Refusal::invalid("the body is not UTF-8"))?;
    match relaxed::read(text) {
        Some(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::invalid("the body is no JSON object")),
    }
}

fn generate_pin(state: &mut State, call: &Incoming) -> Answer {
    let body = body(call)?;
    let fields = Fields(&body);
    let (phone, id) = (fields.needed(&["mobileNumber"])?, fields.needed(&["applicationId"])?);
    state.connector(id)?;
    let person = state.by_phone(phone).ok_or_else(|| Refusal::invalid("nobody has that phone"))?.id.clone();
    state.begin(Pending { connector: id.to_owned(), key: PIN.to_owned(), person });
    Ok(json!({}))
}

fn login(state: &mut State, call: &Incoming) -> Answer {
    let body = body(call)?;
    let fields = Fields(&body);
    let (phone, id) = (fields.needed(&["mobileNumber"])?, fields.needed(&["applicationId"])?);
    let pin = match fields.get(&["pin"]) {
        Some(Value::Number(pin)) => pin.to_string(),
        Some(Value::String(pin)) => pin.clone(),
        _ => return Err(Refusal::missing("pin")),
    };
    match fields.text(&["applicationSecret"])? {
        Some(secret) => drop(state.signed(id, secret)?),
        None => drop(state.connector(id)?),
    }
    let person = state.by_phone(phone).ok_or_else(|| Refusal::invalid("nobody has that phone"))?.id.clone();
    if pin != seed::PIN {
        return Err(Refusal::stranger("that is not the PIN"));
    }
    let pending = state.finish(id, PIN, Some(&person));
    let Pending { connector, person, .. } =
        pending.ok_or_else(|| Refusal::stranger("no PIN was sent to that phone"))?;
    let grant = state.issue_grant(Holder { connector, person, reach: Reach::User });
    let expiry = millis(grant.expires());
    Ok(json!({"refreshToken": grant.token, "grantedScope": GRANTED, "refreshTokenExpiry": expiry}))
}

/// The sign-in is over at once: the seeded user is who signs in.
fn authorize(state: &mut State, call: &Incoming) -> Response {
    let back = (|| {
        let (id, redirect) = (call.query.needed("client_id")?, call.query.needed("redirect_uri")?);
        state.connector(id)?;
        let unregistered = || Refusal::invalid("the connector has not registered that redirect_uri");
        let mut url = reqwest::Url::parse(redirect).map_err(|_| unregistered())?;
        if redirect != seed::REDIRECT && !super::callbacks::is_loopback(&url) {
            return Err(unregistered());
        }
        let person = state.by_phone(seed::PHONE).map(|person| person.id.clone()).unwrap_or_default();
        let (id, code) = (id.to_owned(), format!("sandbox-code-{}", state.counter.secret()));
        url.query_pairs_mut().append_pair("code", &code);
        state.begin(Pending { connector: id, key: code, person });
        Ok(url)
    })();
    match back {
        Ok(url) => elsewhere(StatusCode::FOUND, url.as_str()),
        Err(refusal) => response(Err(refusal)),
    }
}

fn exchange(state: &mut State, call: &Incoming) -> Answer {
    let text = std::str::from_utf8(&call.body).map_err(|_| Refusal::invalid("the form is not UTF-8"))?;
    let form = Query::read(text.as_bytes());
    let (id, secret, code) = (form.needed("client_id")?, form.needed("client_secret")?, form.needed("code")?);
    state.signed(id, secret)?;
    if code == PIN {
        return Err(Refusal::stranger("a PIN is no code"));
    }
    let pending = state.finish(id, code, None);
    let Pending { connector, person, .. } = pending.ok_or_else(|| Refusal::stranger("there is no such code"))?;
    let grant = state.issue_grant(Holder { connector, person, reach: Reach::User });
    let mut answer = token_answer(state, &grant);
    answer["refreshToken"] = json!(grant.token);
    Ok(answer)
}
