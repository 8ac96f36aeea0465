//! OAuth 2.0, the code flow alone: consent on the web front, then the token for the code.

use super::reply;
use super::state::secret::hex;
use super::state::{Client, Code, Credentials, EmploymentLink, Failure, State, find, next};
use crate::gate::{Incoming, Query, authorization};
use crate::reply::with;
use axum::http::header;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde_json::{Value, json};

/// What the standard says of a refusal.
const DENIED: &str = "The resource owner or authorization server denied the request";
const METHODS: &str = "The client cannot authenticate with methods: ['client_secret_basic', 'client_secret_post']";

/// The software and the address that a consent is for.
fn wanted(state: &State, query: &Query) -> Result<Option<(i64, String)>, ()> {
    let Some(id) = query.get("client_id") else { return Ok(None) };
    let id: i64 = id.parse().map_err(|_| ())?;
    let Some(client) = find(&state.clients, id) else { return Ok(None) };
    let first = client.redirects.first().map(String::as_str).unwrap_or_default();
    let redirect = query.get("redirect_uri").unwrap_or(first);
    let known = client.redirects.iter().any(|known| known == redirect || known == "*");
    Ok(known.then(|| (id, redirect.to_owned())))
}

/// `POST /oauth/parse_authorization_request`
pub(super) fn parse(incoming: &Incoming, state: &State) -> Response {
    let refused = |message: &str| reply::failure(&Failure::new("AUTHORIZATION_PARSING_ERROR", message));
    let Ok(wanted) = wanted(state, &incoming.query) else { return reply::broken() };
    if incoming.query.get("response_type") != Some("code") {
        return refused("Invalid response type");
    }
    let Some((id, redirect)) = wanted else { return refused("Invalid client or redirect URI") };
    let name = find(&state.clients, id).map(|client| client.name.as_str());
    reply::json(200, &json!({"client_name": name, "redirect_uri": redirect}))
}

/// `GET /oauth/authorize`: the address to go to, never a redirection.
pub(super) fn authorize(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Response {
    let user = match credentials.session_only(state) {
        Ok(user) => user,
        Err(failure) => return reply::failure(&failure),
    };
    let Ok(wanted) = wanted(state, &incoming.query) else { return reply::broken() };
    let Some((client, redirect)) = wanted else { return reply::json(400, &json!({"uri": null})) };
    let mut pairs: Vec<(&str, String)> = if incoming.query.get("response_type") != Some("code") {
        vec![("error", "unsupported_response_type".into())]
    } else if incoming.query.get("deny").is_some() {
        vec![("error", "access_denied".into()), ("error_description", DENIED.into())]
    } else {
        let id = next(&state.codes, 1);
        let text = hex(&format!("code/{user}/{client}/{id}"), 48);
        let code = Code { id, text: text.clone(), user, client, redirect: redirect.clone(), used: false };
        state.codes.push(code);
        vec![("code", text)]
    };
    if let Some(state) = incoming.query.get("state") {
        pairs.push(("state", state.to_owned()));
    }
    let Ok(url) = Url::parse_with_params(&redirect, pairs) else { return reply::broken() };
    reply::json(200, &json!({"uri": url.as_str()}))
}

/// `GET /mails`, which only the sandbox has: the invitations that employees got by mail.
pub(super) fn mails(state: &State) -> Response {
    let mail = |link: &EmploymentLink| {
        let employment = find(&state.employments, link.employment)?;
        Some(json!({
            "to": find(&state.users, employment.user?)?.email,
            "employmentId": link.employment,
            "clientId": link.client,
            "invitationToken": link.invitation,
        }))
    };
    reply::json(200, &state.employment_links.iter().filter_map(mail).collect())
}

/// An answer of `POST /oauth/token`.
fn token_answer(status: u16, body: &Value) -> Response {
    let response = reply::text(status, &body.to_string());
    let response = with(response, header::CACHE_CONTROL, "no-store");
    with(response, header::PRAGMA, "no-cache")
}

fn refused(error: &str, description: &str) -> Response {
    token_answer(400, &json!({"error": error, "error_description": description}))
}

/// `POST /oauth/token`
pub(super) fn token(incoming: &Incoming, state: &mut State) -> Response {
    let form = incoming.form();
    if form.get("grant_type") != Some("authorization_code") {
        return token_answer(400, &json!({"error": "unsupported_grant_type"}));
    }
    let basic = basic(incoming);
    let posted = form.get("client_id").zip(form.get("client_secret"));
    let given = basic.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str())).or(posted);
    let client: Option<&Client> = match given {
        Some((id, secret)) => {
            let Ok(id) = id.parse::<i64>() else { return reply::broken() };
            find(&state.clients, id).filter(|client| client.secret == secret)
        }
        None => None,
    };
    let Some(client) = client.map(|client| client.id) else {
        let response = token_answer(401, &json!({"error": "invalid_client", "error_description": METHODS}));
        let challenge = format!("Basic error=\"invalid_client\", error_description=\"{METHODS}\"");
        let posted = posted.is_some() && basic.is_none();
        return if posted { response } else { with(response, header::WWW_AUTHENTICATE, &challenge) };
    };
    let Some(code) = form.get("code") else { return refused("invalid_request", "Missing 'code' in request.") };
    let code = state.codes.iter_mut().find(|own| own.text == code && own.client == client && !own.used);
    let Some(code) = code else { return refused("invalid_grant", "Invalid 'code' in request.") };
    if form.get("redirect_uri") != Some(code.redirect.as_str()) {
        return refused("invalid_grant", "Invalid 'redirect_uri' in request.");
    }
    code.used = true;
    let user = code.user;
    let token = state.token_of(user, client);
    token_answer(200, &json!({"access_token": token, "token_type": "Bearer"}))
}

/// Name and password of HTTP Basic.
fn basic(incoming: &Incoming) -> Option<(String, String)> {
    let (_, text) = authorization(&incoming.headers).filter(|(scheme, _)| *scheme == "Basic")?;
    let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
