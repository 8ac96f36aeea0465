//! A mission and what belongs to it.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, leaf, maybe, nodes, null};
use super::super::state::time::day_text;
use super::super::state::{Dismissal, Failure, find, nothing};
use super::{person, row, snapshot};

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
    let location = |kind: &str| {
        let place = state.locations.iter().rev().find(|place| place.mission == id && place.kind == kind);
        maybe(place.map(|place| Node::Location(place.id)))
    };
    row(&state.missions, id, field, |mission| {
        Ok(match field {
            "pastRegistrationJustification" => leaf(mission.justification.as_deref().unwrap_or_default()),
            "deletedAt" => leaf(mission.deleted.map(|(at, _)| at)),
            "deletedBy" => leaf(mission.deleted.map(|(_, by)| state.full_name(by))),
            "endedUserIds" => leaf(mission.ends.iter().map(|end| end.user).collect::<Vec<i64>>()),
            "isEndedForSelf" => leaf(mission.ends.iter().any(|end| Some(end.user) == actor)),
            "startLocation" => location("mission_start_location"),
            "endLocation" => location("mission_end_location"),
            "activities" => {
                let all = args.flag("includeDismissedActivities") == Some(true);
                let found = state.sorted(|own| own.mission == id && (all || own.stands()));
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
    const VERSION: [&str; 7] = ["id", "receptionTime", "startTime", "endTime", "context", "submitterId", "submitter"];
    row(&call.state().activities, id, field, |activity| {
        Ok(match field {
            "versions" => nodes(activity.versions.iter().map(|version| snapshot("ActivityVersion", version, VERSION))),
            other => taken_back(activity.dismissed.as_ref(), other),
        })
    })
}

pub(super) fn expenditure(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    row(&call.state().expenditures, id, field, |expenditure| {
        Ok(match field {
            "spendingDate" => leaf(day_text(expenditure.day)),
            other => taken_back(expenditure.dismissed.as_ref(), other),
        })
    })
}

pub(super) fn validation(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    // In lower case as an argument, in upper case here.
    let justification = |text: Option<&str>| leaf(text.map(str::to_uppercase));
    row(&call.state().validations, id, field, |validation| {
        Ok(match field {
            "justification" => justification(validation.justification.as_deref()),
            _ => null(),
        })
    })
}
