//! The REST routes: sessions, files, exports, and what is open to all.

mod body;
mod export;
mod file;
mod zip;

use super::reply;
use super::state::secret::hex;
use super::state::{Actor, Credentials, Failure, State, seed::CLIENT};
use crate::gate::Incoming;
use crate::reply::with;
use crate::tokens::Token;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use body::Body;
use serde_json::{Value, json};

/// No company of these sessions is certified.
const NO_CERTIFICATES: Value = Value::Array(Vec::new());

/// The smallest PNG there is: one transparent point.
const POINT: &[u8] = include_bytes!("point.png");

/// Answers a route, or says that there is none.
pub(super) fn answer(
    path: &str,
    incoming: &Incoming,
    credentials: &Credentials,
    state: &mut State,
) -> Option<Response> {
    if path == "/next-webinars" || path.strip_prefix("/company-certification-badge/").is_some() {
        return Some(open(path, incoming));
    }
    let route: fn(&Incoming, &Credentials, &mut State) -> Result<Response, Refused> = match path {
        "/token/refresh" => refresh,
        "/token/logout" => logout,
        "/control/generate-user-read-token" => read_token,
        "/users/generate_tachograph_file" => file::tachograph,
        "/companies/generate_tachograph_files" => file::tachographs,
        "/users/generate_pdf_export" => file::pdf,
        "/users/generate_mission_export" => file::mission,
        "/companies/download_activity_report" => export::report,
        "/companies/validate_export_params" => export::validate,
        "/exports/checkout" => export::checkout,
        "/exports/cancel" => export::cancel,
        "/companies/is_company_certified" => is_certified,
        "/companies/public_company_certification" => public_certification,
        _ => return None,
    };
    if incoming.method != axum::http::Method::POST {
        return Some(reply::not_allowed("OPTIONS, POST"));
    }
    Some(route(incoming, credentials, state).unwrap_or_else(|refusal| *refusal.0))
}

fn open(path: &str, incoming: &Incoming) -> Response {
    if incoming.method != axum::http::Method::GET {
        return reply::not_allowed("GET, HEAD, OPTIONS");
    }
    if path == "/next-webinars" {
        let webinar =
            json!({"title": "Premiers pas", "link": "https://visio.test/premiers-pas", "time": 1_774_260_000});
        return reply::json(200, &json!([webinar]));
    }
    reply::bytes(200, HeaderValue::from_static("image/png"), POINT)
}

/// An answer that refuses a request.
struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

/// A refusal, by the class of its code.
fn refused(failure: &Failure) -> Refused {
    reply::failure(failure).into()
}

/// Whoever calls, with any token.
fn actor(credentials: &Credentials, state: &State) -> Result<Actor, Refused> {
    credentials.actor(state).map_err(|failure| refused(&failure))
}

/// A manager of every company that is named.
fn managing(credentials: &Credentials, state: &State, companies: &[i64]) -> Result<Actor, Refused> {
    let actor = actor(credentials, state)?;
    let may = |company: &i64| actor.within(*company).is_ok() && state.manages(actor.user, *company);
    if companies.iter().all(may) { Ok(actor) } else { Err(refused(&Failure::forbidden())) }
}

fn refresh(_: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let (user, id) = credentials.refresh(state).map_err(|failure| refused(&failure))?;
    state.spent.insert(id);
    let (access, refresh) = state.open_session(user);
    let response = reply::json(200, &json!({"access_token": access, "refresh_token": refresh}));
    let response = with(response, header::SET_COOKIE, &format!("at={access}; Path=/api; HttpOnly"));
    Ok(with(response, header::SET_COOKIE, &format!("rt={refresh}; Path=/api/token; HttpOnly")))
}

/// Spends the refresh token; the access token lives on until it expires.
fn logout(_: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let (_, id) = credentials.refresh(state).map_err(|failure| refused(&failure))?;
    state.spent.insert(id);
    let response = reply::json(200, &json!({"success": true}));
    let response = with(response, header::SET_COOKIE, "at=; Path=/api; Max-Age=0");
    Ok(with(response, header::SET_COOKIE, "rt=; Path=/api/token; Max-Age=0"))
}

/// A token for a road controller.
fn read_token(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let actor = actor(credentials, state)?;
    Body::of(incoming)?;
    let number = state.read_tokens.len();
    let token = hex(&format!("read-token/{}/{number}", actor.user), 40);
    state.read_tokens.keep(token.clone(), Token::new(actor.user));
    let control = hex(&format!("control-token/{}/{number}", actor.user), 40);
    Ok(reply::json(200, &json!({"token": token, "controlToken": control})))
}

/// The key of those who ask whether companies are certified.
#[must_use]
pub fn certification_key() -> String {
    hex(&format!("certification/{CLIENT}"), 40)
}

fn is_certified(incoming: &Incoming, _: &Credentials, _: &mut State) -> Result<Response, Refused> {
    let key = incoming.header("x-mobilic-certification-key");
    if key != Some(&certification_key()) {
        return Err(reply::error(401, "UNAUTHORIZED", "Unauthorized").into());
    }
    Body::of(incoming)?.text("siren")?;
    Ok(reply::json(200, &NO_CERTIFICATES))
}

fn public_certification(incoming: &Incoming, _: &Credentials, _: &mut State) -> Result<Response, Refused> {
    Body::of(incoming)?.text("search_input")?;
    Ok(reply::json(200, &NO_CERTIFICATES))
}
