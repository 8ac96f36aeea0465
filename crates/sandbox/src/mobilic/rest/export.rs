//! Activity reports: asked for, made in the background, fetched once.

use super::super::reply;
use super::super::state::time::{day_text, today};
use super::super::state::{Credentials, State};
use super::body::Body;
use super::{Refused, actor, managing};
use crate::gate::Incoming;
use axum::response::Response;
use serde_json::{Value, json};

/// Days of one file.
const MONTH: i64 = 31;
const YEAR: i64 = 365;
/// People of one file.
const PEOPLE: usize = 100;

/// Companies, people and period of a report.
struct Scope {
    user: i64,
    people: Vec<i64>,
    from: i64,
    until: i64,
    detailed: bool,
}

fn scope(incoming: &Incoming, credentials: &Credentials, state: &State) -> Result<Scope, Refused> {
    actor(credentials, state)?;
    let body = Body::of(incoming)?;
    let companies = body.ids("company_ids")?;
    let user = managing(credentials, state, &companies)?.user;
    let people =
        if body.has("user_ids") { body.ids("user_ids")? } else { state.staff(&companies).into_iter().collect() };
    let until = body.day("max_date")?.unwrap_or_else(today);
    let from = body.day("min_date")?.unwrap_or(until - MONTH + 1);
    Ok(Scope { user, people, from, until, detailed: body.flag("detailed", false) })
}

/// `POST /companies/download_activity_report`
pub(super) fn report(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let scope = scope(incoming, credentials, state)?;
    *state.exports.entry(scope.user).or_default() += 1;
    Ok(reply::json(202, &json!({"result": "ok"})))
}

/// `POST /companies/validate_export_params`
pub(super) fn validate(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let scope = scope(incoming, credentials, state)?;
    let days = scope.until - scope.from + 1;
    let strategy = match days {
        _ if days > YEAR => "over_365_days",
        _ if days > MONTH => "over_31_days",
        _ if scope.people.len() > PEOPLE => "over_100_users",
        _ => "single_or_consolidated",
    };
    let mut chunks = Vec::new();
    let mut start = scope.from;
    while start <= scope.until {
        let end = (start + MONTH - 1).min(scope.until);
        for people in scope.people.chunks(PEOPLE) {
            let number = chunks.len() + 1;
            chunks.push(json!({
                "user_ids": people,
                "min_date": day_text(start),
                "max_date": day_text(end),
                "file_suffix": format!("_{number}"),
            }));
        }
        start = end + 1;
    }
    let mut answer = json!({
        "strategy": strategy,
        "message": null,
        "can_choose_consolidated": strategy == "single_or_consolidated",
        "num_chunks": chunks.len(),
    });
    if scope.detailed {
        answer["chunks"] = Value::Array(chunks);
    }
    Ok(reply::json(200, &answer))
}

/// `POST /exports/checkout`: a link is told once.
pub(super) fn checkout(_: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let user = actor(credentials, state)?.user;
    let ready = state.exports.remove(&user).unwrap_or_default();
    let links: Vec<String> =
        (1..=ready).map(|number| format!("https://fichiers.test/{user}/rapport_{number}.xlsx")).collect();
    Ok(reply::json(200, &json!({"nb_wip_exports": 0, "ready_exports_links": links})))
}

/// `POST /exports/cancel`
pub(super) fn cancel(_: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let user = actor(credentials, state)?.user;
    state.exports.remove(&user);
    Ok(reply::json(200, &json!({"result": "ok"})))
}
