//! Missions: begun, named, ended, taken back.

use super::super::graphql::{Answer, Args, Node, Resolved, null};
use super::super::world::time::NOW;
use super::super::world::{Actor, Dismissal, End, Failure, Mission, Vehicle, World, find, find_mut, next};
use super::activity::close;
use super::check::{belongs, editable, may_log, minute, mission, past, submitter};
use serde_json::{Value, json};

pub(super) fn create(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    actor.within(company)?;
    if !world.employed(actor.user, company) {
        return Err(Failure::unauthorized());
    }
    let vehicle = vehicle(world, company, args);
    let id = next(&world.missions, 1001);
    world.missions.push(Mission {
        id,
        company,
        name: args.text("name").map(str::to_owned),
        context: args.value("context"),
        vehicle,
        justification: args.text("pastRegistrationJustification").map(str::to_owned),
        submitter: actor.user,
        reception: NOW,
        holiday: false,
        deleted: None,
        ends: Vec::new(),
    });
    Ok(Answer::Node(Node::Mission(id)))
}

/// The vehicle that is meant: an id that there is not is ignored, a registration number that there is not is a new vehicle.
fn vehicle(world: &mut World, company: i64, args: &Args) -> Option<i64> {
    let plain = |text: &str| text.replace([' ', '-'], "").to_uppercase();
    if let Some(number) = args.text("vehicleRegistrationNumber") {
        let known =
            world.vehicles.iter().find(|own| own.company == company && plain(&own.registration) == plain(number));
        if let Some(known) = known {
            return Some(known.id);
        }
        let id = next(&world.vehicles, 3001);
        world.vehicles.push(Vehicle { id, company, registration: number.to_owned(), alias: None, kilometers: None });
        return Some(id);
    }
    let id = args.int("vehicleId")?;
    find(&world.vehicles, id).filter(|own| own.company == company).map(|own| own.id)
}

/// A mission that the caller takes part in or manages.
fn own(world: &World, actor: Actor, args: &Args) -> Result<Mission, Failure> {
    let own = mission(world, args.id("missionId"))?;
    belongs(world, actor, own)?;
    let takes_part = world.activities.iter().any(|activity| activity.mission == own.id && activity.user == actor.user);
    if own.submitter == actor.user || takes_part || world.manages(actor.user, own.company) {
        Ok(own.clone())
    } else {
        Err(Failure::unauthorized())
    }
}

pub(super) fn end(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = mission(world, args.id("missionId"))?.clone();
    let user = args.int("userId").unwrap_or(actor.user);
    may_log(world, actor, &own, user)?;
    if let Some(end) = own.ends.iter().find(|end| end.user == user) {
        let ended = json!({"endTime": end.reception, "submitter": submitter(world, end.submitter)});
        return Err(Failure::new("MISSION_ALREADY_ENDED", "Mission already ended").with("missionEnd", ended));
    }
    past(args.id("endTime"), "End")?;
    let time = minute(args.id("endTime"));
    let activities: Vec<_> = world.of_mission(own.id).into_iter().filter(|own| own.user == user).cloned().collect();
    if activities.iter().any(|own| own.start >= time || own.end.is_some_and(|end| end > time)) {
        let message = "Invalid time for mission end because there are activities starting or ending after";
        return Err(Failure::new("INVALID_ACTIVITY_SWITCH", message));
    }
    if activities.iter().any(|own| own.end.is_none()) {
        editable(world, actor, &own, user)?;
    }
    for running in activities.iter().filter(|own| own.end.is_none()) {
        close(world, actor, running.id, time);
    }
    let justification = args.text("pastRegistrationJustification").map(str::to_owned);
    if let Some(own) = find_mut(&mut world.missions, own.id) {
        own.ends.push(End { user, submitter: actor.user, reception: NOW });
        own.justification = justification.or(own.justification.take());
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}

pub(super) fn rename(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = own(world, actor, args)?;
    if let Some(own) = find_mut(&mut world.missions, own.id) {
        own.name = args.text("name").map(str::to_owned);
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}

/// Nothing given, nothing done.
pub(super) fn set_vehicle(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = own(world, actor, args)?;
    let Some(vehicle) = vehicle(world, own.company, args) else { return Ok(null()) };
    if let Some(own) = find_mut(&mut world.missions, own.id) {
        own.vehicle = Some(vehicle);
    }
    Ok(Answer::Node(Node::Vehicle(vehicle)))
}

/// Takes back a user's part of a mission, and the mission where nobody else has one.
pub(super) fn cancel(world: &mut World, actor: Actor, args: &Args) -> Resolved {
    let own = own(world, actor, args)?;
    let user = args.id("userId");
    if user != actor.user && !world.manages(actor.user, own.company) {
        return Err(Failure::unauthorized());
    }
    editable(world, actor, &own, user)?;
    let dismissal = Dismissal { at: NOW, author: actor.user, context: Value::Null };
    for activity in world.activities.iter_mut().filter(|activity| activity.mission == own.id && activity.user == user) {
        activity.dismissed.get_or_insert_with(|| dismissal.clone());
    }
    for paid in world.expenditures.iter_mut().filter(|paid| paid.mission == own.id && paid.user == user) {
        paid.dismissed.get_or_insert_with(|| dismissal.clone());
    }
    if world.of_mission(own.id).is_empty()
        && let Some(own) = find_mut(&mut world.missions, own.id)
    {
        own.deleted = Some((NOW, actor.user));
    }
    Ok(Answer::Node(Node::Mission(own.id)))
}
