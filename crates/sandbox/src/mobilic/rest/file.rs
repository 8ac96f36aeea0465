//! Files: tachograph data (C1B) and PDF, small but with the form of real ones.

use super::super::reply;
use super::super::state::time::day_text;
use super::super::state::{Activity, Credentials, Failure, State, find};
use super::body::Body;
use super::{Refused, actor, managing, refused, zip};
use crate::gate::Incoming;
use crate::reply::with;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::fmt::Write;

/// Days of tachograph data in one request.
const TACHOGRAPH: i64 = 64;
/// Days of a PDF.
const PDF: i64 = 366;

fn attachment(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let response = reply::bytes(200, HeaderValue::from_static(media_type), bytes);
    let response = with(response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    with(response, header::CACHE_CONTROL, "no-cache")
}

fn done(state: &State, user: i64, from: i64, until: i64) -> Vec<Activity> {
    let of_user = state.of_user(user).into_iter();
    let within = |own: &&Activity| (from..=until).contains(&super::super::state::time::day_of(own.start));
    of_user.filter(within).cloned().collect()
}

/// A file of tags, types, lengths and values, as tachograph cards have them: an identification and the activities.
fn c1b(state: &State, user: i64, activities: &[Activity]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut block = |tag: u16, data: &[u8]| {
        bytes.extend(tag.to_be_bytes());
        bytes.push(0);
        bytes.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(data);
    };
    block(0x0520, state.full_name(user).as_bytes());
    let changes: Vec<u8> =
        activities.iter().flat_map(|own| u32::try_from(own.start).unwrap_or_default().to_be_bytes()).collect();
    block(0x0504, &changes);
    bytes
}

fn name(state: &State, user: i64, extension: &str) -> String {
    let plain: String = state.full_name(user).chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{plain}.{extension}")
}

/// `POST /users/generate_tachograph_file`
pub(super) fn tachograph(
    incoming: &Incoming,
    credentials: &Credentials,
    state: &mut State,
) -> Result<Response, Refused> {
    let actor = actor(credentials, state)?;
    let body = Body::of(incoming)?;
    let (from, until) = body.period(TACHOGRAPH)?;
    // The real route breaks on an argument of its own, and the keys for signatures are only where the real server is.
    if body.has("employee_version") || body.flag("with_digital_signatures", true) {
        return Err(reply::broken().into());
    }
    let bytes = c1b(state, actor.user, &done(state, actor.user, from, until));
    Ok(attachment("application/octet-stream", &name(state, actor.user, "C1B"), bytes))
}

/// `POST /companies/generate_tachograph_files`
pub(super) fn tachographs(
    incoming: &Incoming,
    credentials: &Credentials,
    state: &mut State,
) -> Result<Response, Refused> {
    actor(credentials, state)?;
    let body = Body::of(incoming)?;
    let companies = body.ids("company_ids")?;
    let (from, until) = body.period(TACHOGRAPH)?;
    managing(credentials, state, &companies)?;
    if body.flag("with_digital_signatures", false) {
        return Err(reply::broken().into());
    }
    let wanted = if body.has("user_ids") { Some(body.ids("user_ids")?) } else { None };
    let files: Vec<(String, Vec<u8>)> = state
        .staff(&companies)
        .into_iter()
        .filter(|user| wanted.as_ref().is_none_or(|wanted| wanted.contains(user)))
        .map(|user| (name(state, user, "C1B"), c1b(state, user, &done(state, user, from, until))))
        .collect();
    Ok(attachment("application/zip", "fichiers_C1B.zip", zip::stored(&files)))
}

/// One page that says something.
fn page(text: &str) -> Vec<u8> {
    let plain: String = text.chars().filter(|character| character.is_ascii() && !"()\\".contains(*character)).collect();
    let stream = format!("BT /F1 12 Tf 40 800 Td ({plain}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{} 0 obj\n{object}\nendobj", number + 1);
    }
    let table = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = writeln!(out, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF");
    out.into_bytes()
}

/// `POST /users/generate_pdf_export`
pub(super) fn pdf(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let actor = actor(credentials, state)?;
    let (from, until) = Body::of(incoming)?.period(PDF)?;
    let count = done(state, actor.user, from, until).len();
    let text = format!("{} {} {}: {count}", state.full_name(actor.user), day_text(from), day_text(until));
    Ok(attachment("application/pdf", &name(state, actor.user, "pdf"), page(&text)))
}

/// `POST /users/generate_mission_export`
pub(super) fn mission(incoming: &Incoming, credentials: &Credentials, state: &mut State) -> Result<Response, Refused> {
    let actor = actor(credentials, state)?;
    let body = Body::of(incoming)?;
    let (id, user) = (body.int("mission_id")?, body.int("user_id")?);
    let forbidden = || refused(&Failure::forbidden());
    let mission = find(&state.missions, id).ok_or_else(forbidden)?;
    let manages = state.manages(actor.user, mission.company);
    if actor.within(mission.company).is_err() || actor.user != user && !manages {
        return Err(forbidden());
    }
    let text = format!("{} {}", mission.name.as_deref().unwrap_or_default(), state.full_name(user));
    Ok(attachment("application/pdf", &name(state, user, "pdf"), page(&text)))
}
