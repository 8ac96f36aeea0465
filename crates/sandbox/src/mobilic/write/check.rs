//! Checks that several mutations share.

use super::super::state::time::{NOW, day_of, instant_text, today};
use super::super::state::{Activity, Actor, Failure, Mission, State, find, nothing};
use serde_json::{Value, json};

/// How far ahead of the clock a time may be.
const TOLERANCE: i64 = 300;

/// Times of activities lose their seconds.
pub(super) fn minute(time: i64) -> i64 {
    time.div_euclid(60) * 60
}

/// A mission by id; the real server breaks where there is none.
pub(super) fn mission(state: &State, id: i64) -> Result<&Mission, Failure> {
    find(&state.missions, id).ok_or_else(|| nothing("company_id"))
}

/// That the caller belongs to a mission's company, as the token allows.
pub(super) fn belongs(state: &State, actor: Actor, mission: &Mission) -> Result<(), Failure> {
    actor.within(mission.company)?;
    let mut employments = state.employments.iter().filter(|own| own.user == Some(actor.user) && own.approved());
    if employments.any(|own| own.company == mission.company) { Ok(()) } else { Err(Failure::unauthorized()) }
}

/// That the caller may write into a mission for a user: its submitter, or the user.
pub(super) fn may_log(state: &State, actor: Actor, mission: &Mission, user: i64) -> Result<(), Failure> {
    belongs(state, actor, mission)?;
    if actor.user == user || actor.user == mission.submitter { Ok(()) } else { Err(Failure::unauthorized()) }
}

/// That a user's part of a mission may still be changed by the caller.
pub(super) fn editable(state: &State, actor: Actor, mission: &Mission, user: i64) -> Result<(), Failure> {
    let own = || state.validations.iter().filter(|own| own.mission == mission.id && own.user == user);
    let manages = state.manages(actor.user, mission.company) && actor.user != user;
    if own().any(|own| own.admin && own.auto) && !own().any(|own| own.admin && !own.auto) && !manages {
        return Err(Failure::new("MISSION_ALREADY_AUTO_VALIDATED", "Mission already auto validated"));
    }
    if own().any(|own| own.admin && !own.auto) {
        return Err(Failure::new("MISSION_ALREADY_VALIDATED_BY_ADMIN", "Mission already validated by admin"));
    }
    if own().any(|own| !own.admin && !own.auto) && !manages {
        return Err(Failure::new("MISSION_ALREADY_VALIDATED_BY_USER", "Mission already validated by user"));
    }
    Ok(())
}

/// That a time is not in the future.
pub(super) fn past(time: i64, name: &str) -> Result<(), Failure> {
    let ahead = time - NOW;
    if ahead <= TOLERANCE {
        return Ok(());
    }
    let clock = instant_text(ahead.rem_euclid(86_400));
    let clock = clock.split(' ').nth(1).unwrap_or_default().trim_start_matches('0').to_owned();
    let days = match ahead / 86_400 {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        days => format!("{days} days, "),
    };
    let clock = if clock.starts_with(':') { format!("0{clock}") } else { clock };
    Err(Failure::new("ACTIVITY_TIME_IN_FUTURE", format!("{name} time is in the future by {days}{clock}"))
        .with("eventTime", time)
        .with("receptionTime", NOW)
        .with("eventName", name))
}

/// That a user was employed while something was done, as seen by the caller.
pub(super) fn employed(
    state: &State,
    actor: Actor,
    user: i64,
    company: i64,
    start: i64,
    end: Option<i64>,
) -> Result<(), Failure> {
    let own = || {
        state.employments.iter().filter(move |own| own.user == Some(user) && own.company == company && own.approved())
    };
    let by_admin = actor.user != user;
    let code = |employee: &'static str, admin: &'static str| if by_admin { admin } else { employee };
    let (first, last) = (day_of(start), day_of(end.unwrap_or(start)));
    if own().any(|own| own.covers(first) && own.covers(last)) {
        return Ok(());
    }
    if own().next().is_some()
        && !own().any(|own| own.covers(today()))
        && first > own().filter_map(|own| own.end).max().unwrap_or(i64::MAX)
    {
        let code = code("USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE", "USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_ADMIN");
        return Err(Failure::new(code, "User is not employed by the company anymore"));
    }
    if own().next().is_none() {
        return Err(Failure::unauthorized());
    }
    let code = code("ACTIVITY_OUTSIDE_EMPLOYMENT_EMPLOYEE", "ACTIVITY_OUTSIDE_EMPLOYMENT_ADMIN");
    Err(Failure::new(code, "Activity can't be added outside employment period"))
}

/// A person as errors name one.
pub(super) fn submitter(state: &State, id: i64) -> Value {
    find(&state.users, id)
        .map_or_else(|| json!({}), |user| json!({"id": user.id, "firstName": user.first, "lastName": user.last}))
}

/// That a user does nothing else meanwhile, in another mission or in this one.
pub(super) fn free(
    state: &State,
    mission: i64,
    user: i64,
    except: Option<i64>,
    start: i64,
    end: Option<i64>,
) -> Result<(), Failure> {
    let others: Vec<&Activity> = state.of_user(user).into_iter().filter(|own| Some(own.id) != except).collect();
    let here = others.iter().filter(|own| own.mission == mission);
    let first = here.clone().map(|own| own.start).chain([start]).min().unwrap_or(start);
    let open = end.is_none() || here.clone().any(|own| own.end.is_none());
    let last = here.filter_map(|own| own.end).chain(end).max();
    let span = (first, if open { None } else { last });
    if let Some(other) = others.iter().find(|own| own.mission != mission && own.meets(span.0, span.1)) {
        let conflict = find(&state.missions, other.mission);
        let conflict = conflict.map_or(Value::Null, |own| {
            json!({"id": own.id, "name": own.name, "receptionTime": own.reception, "submitter": submitter(state, own.submitter)})
        });
        let message = "Mission is overlapping with existing missions for the user";
        return Err(Failure::new("OVERLAPPING_MISSIONS", message).with("conflictingMission", conflict));
    }
    if let Some(other) = others.iter().find(|own| own.mission == mission && own.meets(start, end)) {
        let conflict = json!({
            "id": other.id,
            "startTime": other.start,
            "endTime": other.end,
            "missionId": other.mission,
            "type": other.kind,
            "submitter": submitter(state, other.submitter),
        });
        let message = "Activity is overlapping with existing ones for the user";
        return Err(Failure::new("OVERLAPPING_ACTIVITIES", message).with("conflictingActivity", conflict));
    }
    Ok(())
}
