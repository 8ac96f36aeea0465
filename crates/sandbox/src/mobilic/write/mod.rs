//! The mutations, by their groups.

mod activity;
mod auth;
mod check;
mod employment;
mod expense;
mod holiday;
mod mission;
mod place;
mod private;
mod protected;
mod team;
mod validate;

pub(super) use private::tokens_of;
pub(super) use protected::employment_token;

use super::graphql::{Answer, Args, Call, Node, Resolved, null};
use super::state::State;

/// What a field of a group of mutations does.
pub(super) fn field(call: &Call<'_>, space: &str, field: &str, args: &Args) -> Resolved {
    if let Some(group) = group(space, field) {
        return Ok(Answer::Node(Node::Space(group)));
    }
    match space {
        "Auth" => auth::field(call, field, args),
        "Activities" => activities(call, field, args),
        "Employments" => employment::field(call, field, args),
        "Teams" => team::field(call, field, args),
        "Mutations" => team::update_company(call, args),
        "ProtectedCompanies" => protected::field(call, field, args),
        _ => private::field(call, field, args),
    }
}

/// The type of a group of mutations.
fn group(space: &str, field: &str) -> Option<&'static str> {
    Some(match (space, field) {
        ("Mutations", "auth") => "Auth",
        ("Mutations", "activities") => "Activities",
        ("Mutations", "employments") => "Employments",
        ("Mutations", "teams") => "Teams",
        ("ProtectedMutations", "company") => "ProtectedCompanies",
        ("PrivateMutations", "vehicles") => "PrivateVehicles",
        ("PrivateMutations", "locations") => "PrivateLocations",
        _ => return None,
    })
}

fn activities(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    actor.may_write(&call.state())?;
    let state: &mut State = &mut call.state_mut();
    match field {
        "createMission" => mission::create(state, actor, args),
        "endMission" => mission::end(state, actor, args),
        "changeMissionName" => mission::rename(state, actor, args),
        "updateMissionVehicle" => mission::set_vehicle(state, actor, args),
        "cancelMission" => mission::cancel(state, actor, args),
        "logHoliday" => holiday::log(state, actor, args),
        "logActivity" => activity::log(state, actor, args),
        "editActivity" => activity::edit(state, actor, args),
        "cancelActivity" => activity::cancel(state, actor, args),
        "disputeActivity" => activity::dispute(state, actor, args),
        "cancelDispute" => activity::cancel_dispute(state, actor, args),
        "validateMission" => validate::validate(state, actor, args),
        "logExpenditure" => expense::log(state, actor, args),
        "cancelExpenditure" => expense::cancel(state, actor, args),
        "logComment" => expense::comment(state, actor, args),
        "cancelComment" => expense::cancel_comment(state, actor, args),
        "logLocation" => place::log(state, actor, args),
        "registerKilometerAtLocation" => place::register_kilometers(state, actor, args),
        _ => Ok(null()),
    }
}

/// `output`: what changes would give; nothing stays.
pub(super) fn dry_run(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let mut state: State = (**call.state()).clone();
    let mut last = None;
    for item in args.items("items") {
        last = activity::bulk(&mut state, actor, &item)?.or(last);
    }
    let Some(id) = last else { return Ok(null()) };
    Ok(activity::snapshot(&state, id))
}
