//! A mission and what belongs to it.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, leaf, maybe, nodes, null, record};
use super::super::state::time::day_text;
use super::super::state::{Dismissal, Failure, find, nothing};
use super::person;

/// That the caller may see a mission: a manager of the company, its submitter, or who did something in it.
pub(super) fn readable(call: &Call<'_>, id: i64) -> Result<(), Failure> {
    let actor = call.actor()?;
    let state = call.state();
    let mission = find(&state.missions, id).ok_or_else(|| nothing("company_id"))?;
    actor.within(mission.company)?;
    let concerned = mission.submitter == actor.user
        || state.manages(actor.user, mission.company)
        || state.activities.iter().any(|own| own.mission == id && own.user == actor.user);
    if concerned { Ok(()) } else { Err(Failure::unauthorized()) }
}

pub(super) fn field(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    let actor = call.actor().ok().map(|actor| actor.user);
    let state = call.state();
    let own = find(&state.missions, id).ok_or_else(|| nothing(field))?;
    let location = |kind: &str| {
        let place = state.locations.iter().rev().find(|place| place.mission == id && place.kind == kind);
        maybe(place.map(|place| Node::Location(place.id)))
    };
    Ok(match field {
        "id" => leaf(own.id),
        "name" => leaf(own.name.as_deref()),
        "companyId" => leaf(own.company),
        "company" => Answer::Node(Node::Company(own.company)),
        "submitterId" => leaf(own.submitter),
        "submitter" => person(Some(own.submitter)),
        "receptionTime" => leaf(own.reception),
        "context" => leaf(own.context.clone()),
        "pastRegistrationJustification" => leaf(own.justification.as_deref().unwrap_or_default()),
        "vehicleId" => leaf(own.vehicle),
        "vehicle" => maybe(own.vehicle.map(Node::Vehicle)),
        "isHoliday" => leaf(own.holiday),
        "deletedAt" => leaf(own.deleted.map(|(at, _)| at)),
        "deletedBy" => leaf(own.deleted.map(|(_, by)| state.full_name(by))),
        "endedUserIds" => leaf(own.ends.iter().map(|end| end.user).collect::<Vec<i64>>()),
        "isEndedForSelf" => leaf(own.ends.iter().any(|end| Some(end.user) == actor)),
        "startLocation" => location("mission_start_location"),
        "endLocation" => location("mission_end_location"),
        "activities" => {
            let all = args.flag("includeDismissedActivities") == Some(true);
            let mut found: Vec<_> =
                state.activities.iter().filter(|own| own.mission == id && (all || own.stands())).collect();
            found.sort_by_key(|own| (own.start, own.id));
            nodes(found.into_iter().map(|own| Node::Activity(own.id)))
        }
        "expenditures" => {
            let all = args.flag("includeDismissedExpenditures") == Some(true);
            let found = state.expenditures.iter().filter(|own| own.mission == id);
            nodes(found.filter(|own| all || own.dismissed.is_none()).map(|own| Node::Expenditure(own.id)))
        }
        "validations" => {
            nodes(state.validations.iter().filter(|own| own.mission == id).map(|own| Node::Validation(own.id)))
        }
        "comments" => {
            let found = state.comments.iter().filter(|own| own.mission == id && !own.dismissed);
            nodes(found.map(|own| Node::Comment(own.id)))
        }
        _ => null(),
    })
}

/// Whose a part of a mission is: what all of them say in the same way.
fn relation(field: &str, mission: i64, user: Option<i64>, submitter: Option<i64>) -> Option<Answer> {
    Some(match field {
        "missionId" => leaf(mission),
        "mission" => Answer::Node(Node::Mission(mission)),
        "userId" => leaf(user),
        "user" => person(user),
        "submitterId" => leaf(submitter),
        "submitter" => person(submitter),
        _ => return None,
    })
}

fn taken_back(dismissal: Option<&Dismissal>, field: &str) -> Answer {
    match field {
        "dismissedAt" => leaf(dismissal.map(|own| own.at)),
        "dismissAuthorId" => leaf(dismissal.map(|own| own.author)),
        "dismissAuthor" => person(dismissal.map(|own| own.author)),
        "dismissContext" => leaf(dismissal.map(|own| own.context.clone())),
        _ => null(),
    }
}

pub(super) fn activity(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    let own = find(&state.activities, id).ok_or_else(|| nothing(field))?;
    if let Some(answer) = relation(field, own.mission, Some(own.user), Some(own.submitter)) {
        return Ok(answer);
    }
    Ok(match field {
        "id" => leaf(own.id),
        "type" => leaf(own.kind.as_str()),
        "startTime" => leaf(own.start),
        "endTime" => leaf(own.end),
        "receptionTime" => leaf(own.reception),
        "lastUpdateTime" => leaf(own.updated),
        "lastSubmitterId" => leaf(own.last_submitter),
        "dispute" => leaf(own.dispute.clone()),
        "versions" => {
            let versions = own.versions.iter().map(|version| {
                let fields = [
                    ("id", leaf(version.id)),
                    ("receptionTime", leaf(version.reception)),
                    ("startTime", leaf(version.start)),
                    ("endTime", leaf(version.end)),
                    ("context", leaf(version.context.clone())),
                    ("submitterId", leaf(version.submitter)),
                    ("submitter", person(Some(version.submitter))),
                ];
                record("ActivityVersion", fields)
            });
            nodes(versions)
        }
        other => taken_back(own.dismissed.as_ref(), other),
    })
}

pub(super) fn expenditure(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    let own = find(&state.expenditures, id).ok_or_else(|| nothing(field))?;
    if let Some(answer) = relation(field, own.mission, Some(own.user), Some(own.submitter)) {
        return Ok(answer);
    }
    Ok(match field {
        "id" => leaf(own.id),
        "type" => leaf(own.kind.as_str()),
        "spendingDate" => leaf(day_text(own.day)),
        "receptionTime" => leaf(own.reception),
        other => taken_back(own.dismissed.as_ref(), other),
    })
}

pub(super) fn validation(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    let own = find(&state.validations, id).ok_or_else(|| nothing(field))?;
    if let Some(answer) = relation(field, own.mission, Some(own.user), own.submitter) {
        return Ok(answer);
    }
    Ok(match field {
        "id" => leaf(own.id),
        "isAdmin" => leaf(own.admin),
        "isAuto" => leaf(own.auto),
        // In lower case as an argument, in upper case here.
        "justification" => leaf(own.justification.as_deref().map(str::to_uppercase)),
        "receptionTime" => leaf(own.reception),
        _ => null(),
    })
}

pub(super) fn comment(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    let own = find(&state.comments, id).ok_or_else(|| nothing(field))?;
    if let Some(answer) = relation(field, own.mission, None, Some(own.submitter)) {
        return Ok(answer);
    }
    Ok(match field {
        "id" => leaf(own.id),
        "text" => leaf(own.text.as_str()),
        "receptionTime" => leaf(own.reception),
        _ => null(),
    })
}

pub(super) fn location(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    let own = find(&state.locations, id).ok_or_else(|| nothing(field))?;
    if let Some(answer) = relation(field, own.mission, None, Some(own.submitter)) {
        return Ok(answer);
    }
    Ok(match field {
        "id" => leaf(own.id),
        "name" => leaf(own.name.as_str()),
        "city" => leaf(own.city.as_deref()),
        "postalCode" => leaf(own.postal.as_deref()),
        "alias" => leaf(own.alias.as_deref()),
        "kilometerReading" => leaf(own.kilometers),
        "receptionTime" => leaf(own.reception),
        _ => null(),
    })
}
