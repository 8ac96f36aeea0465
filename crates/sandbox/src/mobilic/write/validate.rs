//! Validation: the worker's word, then the manager's.

use super::super::graphql::{Answer, Args, Node, Resolved};
use super::super::state::time::{DAY, NOW};
use super::super::state::{Actor, Failure, Mission, State, Validation, next};
use super::check::{belongs, mission};
use super::{activity, expense};

/// After how long a manager need not wait for the worker.
const PATIENCE: i64 = 10 * DAY;

pub(super) fn validate(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = mission(state, args.id("missionId"))?.clone();
    belongs(state, actor, &own)?;
    let users = args.ids("usersIds").unwrap_or_default();
    let manages = state.manages(actor.user, own.company);
    if !manages && users.iter().any(|user| *user != actor.user) {
        return Err(Failure::unauthorized());
    }
    for item in args.items("activityItems") {
        activity::bulk(state, actor, &item)?;
    }
    for item in args.items("expendituresInputs") {
        expense::log(state, actor, &item)?;
    }
    for id in args.ids("expendituresCancelIds").unwrap_or_default() {
        expense::take_back(state, actor, id)?;
    }
    for user in users {
        one(state, actor, &own, user, manages, args)?;
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}

fn one(
    state: &mut State,
    actor: Actor,
    mission: &Mission,
    user: i64,
    manages: bool,
    args: &Args,
) -> Result<(), Failure> {
    let activities: Vec<_> = state.of_mission(mission.id).into_iter().filter(|own| own.user == user).cloned().collect();
    let Some(first) = activities.iter().map(|own| own.start).min() else {
        return Err(Failure::new("NO_ACTIVITIES_TO_VALIDATE", "There are no activities in the validation scope"));
    };
    let running = activities.iter().find(|own| own.end.is_none());
    let forgotten = running.is_some_and(|own| NOW - own.start > DAY);
    if running.is_some() && !(manages && forgotten) {
        return Err(Failure::new("MISSION_STILL_RUNNING", "Mission is still running"));
    }
    let own = || state.validations.iter().filter(|own| own.mission == mission.id && own.user == user);
    let by_admin = own().any(|own| own.admin && !own.auto);
    let automatic = own().any(|own| own.admin && own.auto);
    let justification = args.text("justification");
    if manages {
        if automatic && !by_admin && justification.is_none() {
            let message = "A justification is required to validate after an automatic validation";
            return Err(Failure::new("MISSING_JUSTIFICATION_FOR_ADMIN_VALIDATION", message));
        }
        let waited = own().any(|own| !own.admin) || NOW - first > PATIENCE || forgotten || user == actor.user;
        if !waited {
            let message = "The user did not validate his activities on the mission, a company admin can not edit them.";
            return Err(Failure::new("MISSION_NOT_ALREADY_VALIDATED_BY_USER", message));
        }
    } else if automatic && !by_admin {
        return Err(Failure::new("MISSION_ALREADY_AUTO_VALIDATED", "Mission already auto validated"));
    } else if by_admin {
        return Err(Failure::new("MISSION_ALREADY_VALIDATED_BY_ADMIN", "Mission already validated by admin"));
    }
    state.validations.push(Validation {
        id: next(&state.validations, 9001),
        mission: mission.id,
        user,
        submitter: Some(actor.user),
        admin: manages,
        justification: justification.map(str::to_owned),
        reception: NOW,
        ..Default::default()
    });
    Ok(())
}
