//! Expenditures and comments.

use super::super::graphql::{Answer, Args, Node, Resolved, done};
use super::super::state::time::{NOW, day_of};
use super::super::state::{Actor, Comment, Dismissal, Expenditure, Failure, State, find, find_mut, next, nothing};
use super::check::{belongs, editable, may_log, mission};
use serde_json::Value;

pub(super) fn log(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = mission(state, args.id("missionId"))?.clone();
    let user = args.int("userId").unwrap_or(actor.user);
    if !state.manages(actor.user, own.company) {
        may_log(state, actor, &own, user)?;
    }
    actor.within(own.company)?;
    if !find(&state.companies, own.company).is_some_and(|company| company.expenditures) {
        return Err(Failure::new("AUTHORIZATION_ERROR", "Expenditures are not activated for the company"));
    }
    editable(state, actor, &own, user)?;
    let kind = args.text("type").unwrap_or_default();
    let day = args.day("spendingDate").ok_or_else(|| nothing("day"))?;
    let activities: Vec<_> = state.of_mission(own.id).into_iter().filter(|own| own.user == user).collect();
    let first = activities.iter().map(|own| day_of(own.start)).min().unwrap_or_else(|| day_of(own.reception));
    let last = activities.iter().map(|own| day_of(own.end.unwrap_or(NOW))).max().unwrap_or_else(|| day_of(NOW));
    if day < first || last < day {
        let message = "Expenditure date is not included in the mission range";
        return Err(Failure::new("EXPENDITURE_DATE_NOT_INCLUDED_IN_MISSION_RANGE", message));
    }
    let same = |paid: &&Expenditure| {
        paid.mission == own.id && paid.user == user && paid.kind == kind && paid.day == day && paid.dismissed.is_none()
    };
    if state.expenditures.iter().find(same).is_some() {
        return Err(Failure::new(
            "DUPLICATE_EXPENDITURES",
            "An expenditure of that type is already logged for that day",
        ));
    }
    let id = next(&state.expenditures, 6001);
    state.expenditures.push(Expenditure {
        id,
        mission: own.id,
        user,
        kind: kind.to_owned(),
        day,
        submitter: actor.user,
        reception: NOW,
        ..Default::default()
    });
    Ok(Answer::Node(Node::Expenditure(id)))
}

pub(super) fn cancel(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    take_back(state, actor, args.id("expenditureId"))?;
    Ok(done())
}

/// Takes an expenditure back.
pub(super) fn take_back(state: &mut State, actor: Actor, id: i64) -> Result<(), Failure> {
    let own = find(&state.expenditures, id).ok_or_else(|| Failure::resource("Expenditure not found"))?.clone();
    let mission = mission(state, own.mission)?;
    belongs(state, actor, mission)?;
    if own.user != actor.user && own.submitter != actor.user && !state.manages(actor.user, mission.company) {
        return Err(Failure::unauthorized());
    }
    editable(state, actor, mission, own.user)?;
    if own.dismissed.is_some() {
        return Err(Failure::resource("Expenditure already dismissed"));
    }
    if let Some(own) = find_mut(&mut state.expenditures, id) {
        own.dismissed = Some(Dismissal { at: NOW, author: actor.user, context: Value::Null });
    }
    Ok(())
}

pub(super) fn comment(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = mission(state, args.id("missionId"))?;
    belongs(state, actor, own)?;
    let text = args.text("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Failure::inputs("Cannot create an empty comment."));
    }
    let (id, mission, text) = (next(&state.comments, 7001), own.id, text.to_owned());
    state.comments.push(Comment { id, mission, text, submitter: actor.user, reception: NOW, dismissed: false });
    Ok(Answer::Node(Node::Comment(id)))
}

pub(super) fn cancel_comment(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let id = args.id("commentId");
    let own = find_mut(&mut state.comments, id).ok_or_else(|| Failure::resource("Comment not found"))?;
    if own.submitter != actor.user {
        return Err(Failure::new("AUTHORIZATION_ERROR", "Actor is not authorized to dismiss the comment."));
    }
    if own.dismissed {
        return Err(Failure::resource("Comment already dismissed"));
    }
    own.dismissed = true;
    Ok(done())
}
