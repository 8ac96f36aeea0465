//! Missions: begun, named, ended, taken back.

use super::super::graphql::{Answer, Args, Node, Resolved, null};
use super::super::state::time::NOW;
use super::super::state::{Actor, Dismissal, End, Failure, Mission, State, Vehicle, find, find_mut, next};
use super::activity::close;
use super::check::{belongs, editable, may_log, minute, mission, past, submitter};
use serde_json::{Value, json};

pub(super) fn create(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    actor.within(company)?;
    if !state.employed(actor.user, company) {
        return Err(Failure::unauthorized());
    }
    let vehicle = vehicle(state, company, args);
    let id = next(&state.missions, 1001);
    state.missions.push(Mission {
        id,
        company,
        name: args.text("name").map(str::to_owned),
        context: args.value("context"),
        vehicle,
        justification: args.text("pastRegistrationJustification").map(str::to_owned),
        submitter: actor.user,
        reception: NOW,
        ..Default::default()
    });
    Ok(Answer::Node(Node::Mission(id)))
}

/// The vehicle that is meant: an id that there is not is ignored, a registration number that there is not is a new vehicle.
fn vehicle(state: &mut State, company: i64, args: &Args) -> Option<i64> {
    let plain = |text: &str| text.replace([' ', '-'], "").to_uppercase();
    if let Some(number) = args.text("vehicleRegistrationNumber") {
        let known =
            state.vehicles.iter().find(|own| own.company == company && plain(&own.registration) == plain(number));
        if let Some(known) = known {
            return Some(known.id);
        }
        let id = next(&state.vehicles, 3001);
        state.vehicles.push(Vehicle { id, company, registration: number.to_owned(), alias: None, kilometers: None });
        return Some(id);
    }
    let id = args.int("vehicleId")?;
    find(&state.vehicles, id).filter(|own| own.company == company).map(|own| own.id)
}

/// A mission that the caller takes part in or manages.
fn own(state: &State, actor: Actor, args: &Args) -> Result<Mission, Failure> {
    let own = mission(state, args.id("missionId"))?;
    belongs(state, actor, own)?;
    let takes_part = state.activities.iter().any(|activity| activity.mission == own.id && activity.user == actor.user);
    if own.submitter == actor.user || takes_part || state.manages(actor.user, own.company) {
        Ok(own.clone())
    } else {
        Err(Failure::unauthorized())
    }
}

pub(super) fn end(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = mission(state, args.id("missionId"))?.clone();
    let user = args.int("userId").unwrap_or(actor.user);
    may_log(state, actor, &own, user)?;
    if let Some(end) = own.ends.iter().find(|end| end.user == user) {
        let ended = json!({"endTime": end.reception, "submitter": submitter(state, end.submitter)});
        return Err(Failure::new("MISSION_ALREADY_ENDED", "Mission already ended").with("missionEnd", ended));
    }
    past(args.id("endTime"), "End")?;
    let time = minute(args.id("endTime"));
    let activities: Vec<_> = state.of_mission(own.id).into_iter().filter(|own| own.user == user).cloned().collect();
    if activities.iter().any(|own| own.start >= time || own.end.is_some_and(|end| end > time)) {
        let message = "Invalid time for mission end because there are activities starting or ending after";
        return Err(Failure::new("INVALID_ACTIVITY_SWITCH", message));
    }
    if activities.iter().any(|own| own.end.is_none()) {
        editable(state, actor, &own, user)?;
    }
    for running in activities.iter().filter(|own| own.end.is_none()) {
        close(state, actor, running.id, time);
    }
    let justification = args.text("pastRegistrationJustification").map(str::to_owned);
    if let Some(own) = find_mut(&mut state.missions, own.id) {
        own.ends.push(End { user, submitter: actor.user, reception: NOW });
        own.justification = justification.or(own.justification.take());
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}

pub(super) fn rename(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = own(state, actor, args)?;
    if let Some(own) = find_mut(&mut state.missions, own.id) {
        own.name = args.text("name").map(str::to_owned);
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}

/// Nothing given, nothing done.
pub(super) fn set_vehicle(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = own(state, actor, args)?;
    let Some(vehicle) = vehicle(state, own.company, args) else { return Ok(null()) };
    if let Some(own) = find_mut(&mut state.missions, own.id) {
        own.vehicle = Some(vehicle);
    }
    Ok(Answer::Node(Node::Vehicle(vehicle)))
}

/// Takes back a user's part of a mission, and the mission where nobody else has one.
pub(super) fn cancel(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = own(state, actor, args)?;
    let user = args.id("userId");
    if user != actor.user && !state.manages(actor.user, own.company) {
        return Err(Failure::unauthorized());
    }
    editable(state, actor, &own, user)?;
    let dismissal = Dismissal { at: NOW, author: actor.user, context: Value::Null };
    for activity in state.activities.iter_mut().filter(|activity| activity.mission == own.id && activity.user == user) {
        activity.dismissed.get_or_insert_with(|| dismissal.clone());
    }
    for paid in state.expenditures.iter_mut().filter(|paid| paid.mission == own.id && paid.user == user) {
        paid.dismissed.get_or_insert_with(|| dismissal.clone());
    }
    if state.of_mission(own.id).is_empty()
        && let Some(own) = find_mut(&mut state.missions, own.id)
    {
        own.deleted = Some((NOW, actor.user));
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}
