//! Expenditures and comments.

use super::super::graphql::{Answer, Args, Node, Resolved, done};
use super::super::world::time::{NOW, day_of};
use super::super::world::{Actor, Comment, Dismissal, Expenditure, Failure, World, find, find_mut, next, nothing};
use super::check::{belongs, editable, may_log, mission};
use serde_json::Value;

pub(super) fn log(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = mission(world, args.id("missionId"))?.clone();
    let user = args.int("userId").unwrap_or(actor.user);
    if !world.manages(actor.user, own.company) {
        may_log(world, actor, &own, user)?;
    }
    actor.within(own.company)?;
    if !find(&world.companies, own.company).is_some_and(|company| company.expenditures) {
        return Err(Failure::new("AUTHORIZATION_ERROR", "Expenditures are not activated for the company"));
    }
    editable(world, actor, &own, user)?;
    let kind = args.text("type").unwrap_or_default();
    let day = args.day("spendingDate").ok_or_else(|| nothing("day"))?;
    let activities: Vec<_> = world.of_mission(own.id).into_iter().filter(|own| own.user == user).collect();
    let first = activities.iter().map(|own| day_of(own.start)).min().unwrap_or_else(|| day_of(own.reception));
    let last = activities.iter().map(|own| day_of(own.end.unwrap_or(NOW))).max().unwrap_or_else(|| day_of(NOW));
    if day < first || last < day {
        let message = "Expenditure date is not included in the mission range";
        return Err(Failure::new("EXPENDITURE_DATE_NOT_INCLUDED_IN_MISSION_RANGE", message));
    }
    let same = |paid: &&Expenditure| {
        paid.mission == own.id && paid.user == user && paid.kind == kind && paid.day == day && paid.dismissed.is_none()
    };
    if world.expenditures.iter().find(same).is_some() {
        return Err(Failure::new(
            "DUPLICATE_EXPENDITURES",
            "An expenditure of that type is already logged for that day",
        ));
    }
    let id = next(&world.expenditures, 6001);
    world.expenditures.push(Expenditure {
        id,
        mission: own.id,
        user,
        kind: kind.to_owned(),
        day,
        submitter: actor.user,
        reception: NOW,
        dismissed: None,
    });
    Ok(Answer::Node(Node::Expenditure(id)))
}

pub(super) fn cancel(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    take_back(world, actor, args.id("expenditureId"))?;
    Ok(done())
}

/// Takes an expenditure back.
pub(super) fn take_back(world: &mut World, actor: Actor, id: i64) -> Result<(), Failure> {
    let own = find(&world.expenditures, id).ok_or_else(|| Failure::resource("Expenditure not found"))?.clone();
    let mission = mission(world, own.mission)?;
    belongs(world, actor, mission)?;
    if own.user != actor.user && own.submitter != actor.user && !world.manages(actor.user, mission.company) {
        return Err(Failure::unauthorized());
    }
    editable(world, actor, mission, own.user)?;
    if own.dismissed.is_some() {
        return Err(Failure::resource("Expenditure already dismissed"));
    }
    if let Some(own) = find_mut(&mut world.expenditures, id) {
        own.dismissed = Some(Dismissal { at: NOW, author: actor.user, context: Value::Null });
    }
    Ok(())
}

pub(super) fn comment(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = mission(world, args.id("missionId"))?;
    belongs(world, actor, own)?;
    let text = args.text("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Failure::inputs("Cannot create an empty comment."));
    }
    let (id, mission, text) = (next(&world.comments, 7001), own.id, text.to_owned());
    world.comments.push(Comment { id, mission, text, submitter: actor.user, reception: NOW, dismissed: false });
    Ok(Answer::Node(Node::Comment(id)))
}

pub(super) fn cancel_comment(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let id = args.id("commentId");
    let own = find_mut(&mut world.comments, id).ok_or_else(|| Failure::resource("Comment not found"))?;
    if own.submitter != actor.user {
        return Err(Failure::new("AUTHORIZATION_ERROR", "Actor is not authorized to dismiss the comment."));
    }
    if own.dismissed {
        return Err(Failure::resource("Comment already dismissed"));
    }
    own.dismissed = true;
    Ok(done())
}
