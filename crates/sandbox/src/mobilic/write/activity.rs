//! Activities: logged as by a tachograph or as periods, edited, taken back, contested.

use super::super::graphql::{Answer, Args, Node, Resolved, done, null};
use super::super::state::time::{DAY, NOW};
use super::super::state::{Activity, Actor, Dismissal, Failure, State, Version, find, find_mut, next, nothing};
use super::check::{belongs, editable, employed, free, may_log, minute, mission, past};
use serde_json::{Value, json};

/// How long a manager's validation may be contested.
const DISPUTABLE: i64 = 15 * DAY;

pub(super) fn log(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    Ok(Answer::Node(Node::Activity(logged(state, actor, args, false)?)))
}

/// The same as data: what is not kept cannot be asked for later.
pub(super) fn snapshot(state: &State, id: i64) -> Answer {
    let Some(own) = find(&state.activities, id) else { return null() };
    let fields = [
        "id",
        "type",
        "missionId",
        "userId",
        "startTime",
        "endTime",
        "submitterId",
        "receptionTime",
        "lastUpdateTime",
        "lastSubmitterId",
        "user",
        "submitter",
        "mission",
        "versions",
    ];
    Answer::Node(super::super::read::snapshot("Activity", own, fields))
}

/// One item of a bulk change.
pub(super) fn bulk(state: &mut State, actor: Actor, item: &Args) -> Result<Option<i64>, Failure> {
    if let Some(value) = item.0.get("log") {
        return logged(state, actor, &Args::of(value), true).map(Some);
    }
    if let Some(value) = item.0.get("edit") {
        return edited(state, actor, &Args::of(value), true).map(Some);
    }
    if let Some(value) = item.0.get("cancel") {
        cancelled(state, actor, &Args::of(value), true)?;
    }
    Ok(None)
}

/// Logs an activity. In bulk, a manager may do so for a worker of the mission.
fn logged(state: &mut State, actor: Actor, args: &Args, bulk: bool) -> Result<i64, Failure> {
    let own = mission(state, args.id("missionId"))?.clone();
    actor.within(own.company)?;
    let user = args.int("userId").unwrap_or(actor.user);
    if find(&state.users, user).is_none() {
        return Err(nothing("id"));
    }
    if !(bulk && state.manages(actor.user, own.company)) {
        may_log(state, actor, &own, user)?;
    }
    let switch = args.flag("switch").unwrap_or(true);
    let start = minute(args.id("startTime"));
    let end = args.int("endTime").map(minute);
    if switch && end.is_some() {
        return Err(Failure::inputs("Specifying an end time is not authorized in switch mode"));
    }
    editable(state, actor, &own, user)?;
    past(args.id("startTime"), "Start")?;
    if let Some(end) = args.int("endTime") {
        past(end, "End")?;
    }
    if end.is_some_and(|end| end <= start) {
        return Err(Failure::new("EMPTY_ACTIVITY_DURATION", "End time should be after start time"));
    }
    employed(state, actor, user, own.company, start, end)?;
    let kind = args.text("type").unwrap_or_default();
    let here = |activity: &&Activity| activity.mission == own.id;
    let of_user = state.of_user(user);
    if kind == "off" && of_user.iter().copied().filter(here).any(|activity| activity.kind != "off") {
        return Err(Failure::new("LOG_HOLIDAY_IN_MISSION_NOT_EMPTY", "Mission already has activities"));
    }
    if kind != "off" && own.holiday {
        return Err(Failure::new("LOG_ACTIVITY_IN_HOLIDAY_MISSION", "Mission is a holiday"));
    }
    let mut closed = None;
    if switch {
        let current = of_user.iter().copied().filter(here).find(|activity| activity.meets(start, Some(start + 60)));
        match current {
            Some(activity) if activity.end.is_some() => {
                let message = "Invalid time for switch mode because there is a current activity with an end time";
                return Err(Failure::new("INVALID_ACTIVITY_SWITCH", message));
            }
            Some(activity) if activity.kind == kind => return Ok(activity.id),
            Some(activity) => closed = Some(activity.id),
            None => {}
        }
    }
    if let Some(running) = closed {
        close(state, actor, running, start);
    }
    free(state, own.id, user, None, start, end)?;
    let id = next(&state.activities, 2001);
    let version = version(state, actor, start, end, args.value("context"));
    state.activities.push(Activity {
        id,
        mission: own.id,
        user,
        kind: kind.to_owned(),
        start,
        end,
        submitter: actor.user,
        reception: NOW,
        updated: NOW,
        last_submitter: actor.user,
        versions: vec![version],
        ..Default::default()
    });
    Ok(id)
}

fn version(state: &mut State, actor: Actor, start: i64, end: Option<i64>, context: Value) -> Version {
    state.versions += 1;
    Version { id: state.versions, start, end, context, submitter: actor.user, reception: NOW }
}

/// Ends a running activity; one that would last no time is taken back.
pub(super) fn close(state: &mut State, actor: Actor, id: i64, end: i64) {
    let Some(start) = find(&state.activities, id).map(|own| own.start) else { return };
    let version = version(state, actor, start, Some(end), Value::Null);
    let Some(own) = find_mut(&mut state.activities, id) else { return };
    if end <= start {
        own.dismissed = Some(Dismissal { at: NOW, author: actor.user, context: Value::Null });
        return;
    }
    own.end = Some(end);
    own.updated = NOW;
    own.last_submitter = actor.user;
    own.versions.push(version);
}

pub(super) fn edit(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    Ok(Answer::Node(Node::Activity(edited(state, actor, args, false)?)))
}

/// An activity that the caller may change.
fn mine(state: &State, actor: Actor, args: &Args, bulk: bool) -> Result<Activity, Failure> {
    let own = find(&state.activities, args.id("activityId")).ok_or_else(|| nothing("mission"))?.clone();
    let mission = mission(state, own.mission)?;
    belongs(state, actor, mission)?;
    let manages = bulk && state.manages(actor.user, mission.company);
    if actor.user != own.user && actor.user != own.submitter && !manages {
        return Err(Failure::unauthorized());
    }
    editable(state, actor, mission, own.user)?;
    if own.stands() { Ok(own) } else { Err(Failure::resource("Activity already dismissed")) }
}

fn edited(state: &mut State, actor: Actor, args: &Args, bulk: bool) -> Result<i64, Failure> {
    let (start, end) = (args.int("startTime"), args.int("endTime"));
    let remove = args.flag("removeEndTime") == Some(true);
    if start.is_none() && end.is_none() && !remove {
        return Err(Failure::inputs("At least one of startTime, endTime or removeEndTime should be set"));
    }
    if end.is_some() && remove {
        return Err(Failure::inputs("Either endTime or removeEndTime should be set but not both"));
    }
    let own = mine(state, actor, args, bulk)?;
    let mission = mission(state, own.mission)?.clone();
    if let Some(start) = start {
        past(start, "Start")?;
    }
    if let Some(end) = end {
        past(end, "End")?;
    }
    let start = start.map_or(own.start, minute);
    let end = if remove { None } else { end.map(minute).or(own.end) };
    if end.is_some_and(|end| end <= start) {
        return Err(Failure::new("EMPTY_ACTIVITY_DURATION", "End time should be after start time"));
    }
    employed(state, actor, own.user, mission.company, start, end)?;
    free(state, own.mission, own.user, Some(own.id), start, end)?;
    let version = version(state, actor, start, end, args.value("context"));
    if let Some(own) = find_mut(&mut state.activities, own.id) {
        own.start = start;
        own.end = end;
        own.updated = NOW;
        own.last_submitter = actor.user;
        own.versions.push(version);
    }
    Ok(own.id)
}

pub(super) fn cancel(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    cancelled(state, actor, args, false)?;
    Ok(done())
}

fn cancelled(state: &mut State, actor: Actor, args: &Args, bulk: bool) -> Result<(), Failure> {
    let own = mine(state, actor, args, bulk)?;
    if let Some(own) = find_mut(&mut state.activities, own.id) {
        own.dismissed = Some(Dismissal { at: NOW, author: actor.user, context: args.value("context") });
        own.updated = NOW;
        own.last_submitter = actor.user;
    }
    Ok(())
}

/// The activity of a dispute: the worker's own, after a manager validated it.
fn contested(state: &State, actor: Actor, args: &Args) -> Result<Activity, Failure> {
    let own = find(&state.activities, args.id("activityId")).ok_or_else(|| Failure::resource("Activity not found"))?;
    belongs(state, actor, mission(state, own.mission)?)?;
    if own.user != actor.user {
        return Err(Failure::unauthorized());
    }
    let mut validations = state.validations.iter().filter(|own| own.admin);
    let validated = validations.find(|validation| validation.mission == own.mission && validation.user == own.user);
    let Some(validated) = validated else {
        return Err(Failure::inputs("The activity was not validated by an admin"));
    };
    if NOW - validated.reception > DISPUTABLE {
        return Err(Failure::inputs("The time to dispute the activity is over"));
    }
    Ok(own.clone())
}

pub(super) fn dispute(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = contested(state, actor, args)?;
    if own.dispute["status"] == "created" {
        return Err(Failure::inputs("The activity is already disputed"));
    }
    let text = args.text("text").unwrap_or_default();
    if let Some(own) = find_mut(&mut state.activities, own.id) {
        own.dispute = json!({"text": text, "time": NOW, "status": "created", "submitter_id": actor.user});
    }
    Ok(Answer::Node(Node::Activity(own.id)))
}

pub(super) fn cancel_dispute(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = contested(state, actor, args)?;
    if own.dispute["status"] != "created" {
        return Err(Failure::inputs("The activity is not disputed"));
    }
    if let Some(own) = find_mut(&mut state.activities, own.id) {
        own.dispute["status"] = json!("cancelled");
        own.dispute["cancelled_at"] = json!(NOW);
    }
    Ok(Answer::Node(Node::Activity(own.id)))
}
