//! Holidays: one mission a day.

use super::super::graphql::{Answer, Args, Node, Resolved, nodes};
use super::super::state::time::{DAY, NOW, day_of};
use super::super::state::{Activity, Actor, Comment, End, Failure, Mission, State, Version, next};
use super::check::{employed, free, minute};
use serde_json::Value;

pub(super) fn log(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let company = args.id("companyId");
    let user = args.int("userId").unwrap_or(actor.user);
    actor.within(company)?;
    if !state.employed(actor.user, company) || user != actor.user && !state.manages(actor.user, company) {
        return Err(Failure::unauthorized());
    }
    let (start, end) = (minute(args.id("startTime")), minute(args.id("endTime")));
    if end <= start {
        return Err(Failure::new("EMPTY_ACTIVITY_DURATION", "End time should be after start time"));
    }
    employed(state, actor, user, company, start, Some(end))?;
    let mut made = Vec::new();
    for day in day_of(start)..=day_of(end - 1) {
        let (from, until) = (start.max(day * DAY), end.min((day + 1) * DAY));
        made.push(one(state, actor, user, (company, from, until), args)?);
    }
    let missions: Answer = nodes(made.into_iter().map(Node::Mission));
    Ok(missions)
}

fn one(state: &mut State, actor: Actor, user: i64, of: (i64, i64, i64), args: &Args) -> Result<i64, Failure> {
    let (company, start, end) = of;
    let mission = next(&state.missions, 1001);
    free(state, mission, user, None, start, Some(end))?;
    state.missions.push(Mission {
        id: mission,
        company,
        name: args.text("title").map(str::to_owned),
        submitter: actor.user,
        reception: NOW,
        holiday: true,
        ends: vec![End { user, submitter: actor.user, reception: NOW }],
        ..Default::default()
    });
    state.versions += 1;
    let version = Version {
        id: state.versions,
        start,
        end: Some(end),
        context: Value::Null,
        submitter: actor.user,
        reception: NOW,
    };
    state.activities.push(Activity {
        id: next(&state.activities, 2001),
        mission,
        user,
        kind: "off".into(),
        start,
        end: Some(end),
        submitter: actor.user,
        reception: NOW,
        updated: NOW,
        last_submitter: actor.user,
        versions: vec![version],
        ..Default::default()
    });
    if let Some(text) = args.text("comment") {
        let id = next(&state.comments, 7001);
        let text = text.to_owned();
        state.comments.push(Comment { id, mission, text, submitter: actor.user, reception: NOW, dismissed: false });
    }
    Ok(mission)
}
