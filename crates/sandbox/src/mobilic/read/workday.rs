//! Days of work, computed from activities.

use super::super::graphql::{Answer, Args, Node, leaf, record};
use super::super::state::time::{DAY, NOW, day_of, day_text};
use super::super::state::{Activity, State, find};
use serde_json::{Map, Value, json};

/// The types of activities, in the order in which durations are told.
const KINDS: [&str; 5] = ["drive", "work", "support", "transfer", "off"];
const EXPENDITURES: [&str; 4] = ["day_meal", "night_meal", "sleep_over", "snack"];

/// What one person did on one day.
pub(super) struct WorkDay {
    pub(super) user: i64,
    pub(super) day: i64,
    activities: Vec<Activity>,
}

/// The days of a person's activities, within `fromDate` and `untilDate`.
pub(super) fn days(activities: &[Activity], args: &Args) -> Vec<WorkDay> {
    let (from, until) = (args.day("fromDate"), args.day("untilDate"));
    let mut days: Vec<WorkDay> = Vec::new();
    for activity in activities {
        let (user, day) = (activity.user, day_of(activity.start));
        if from.is_some_and(|from| day < from) || until.is_some_and(|until| until < day) {
            continue;
        }
        match days.iter_mut().find(|own| (own.user, own.day) == (user, day)) {
            Some(own) => own.activities.push(activity.clone()),
            None => days.push(WorkDay { user, day, activities: vec![activity.clone()] }),
        }
    }
    days
}

/// Seconds of each type of activity.
pub(super) fn activity_durations(activities: &[Activity]) -> Map<String, Value> {
    let seconds = |kind: &str| -> i64 {
        let own = activities.iter().filter(|own| own.kind == kind);
        own.map(|own| own.end.unwrap_or(NOW) - own.start).sum()
    };
    KINDS.into_iter().map(|kind| (kind.to_owned(), seconds(kind).into())).collect()
}

/// A day as the server tells it: below a company with ids and zeros, below a user without.
pub(super) fn node(state: &State, day: &WorkDay, below_company: bool) -> Node {
    let start = day.activities.iter().map(|own| own.start).min();
    let last = day.activities.iter().map(|own| own.start).max();
    let running = day.activities.iter().any(|own| own.end.is_none());
    let end = if running { None } else { day.activities.iter().filter_map(|own| own.end).max() };
    let durations = activity_durations(&day.activities);
    let total: i64 = durations.iter().filter(|(kind, _)| *kind != "off").filter_map(|(_, value)| value.as_i64()).sum();
    let mut missions: Vec<i64> = day.activities.iter().map(|own| own.mission).collect();
    missions.sort_unstable();
    missions.dedup();
    let name = |id: &i64| find(&state.missions, *id).and_then(|own| own.name.clone());
    let names = if below_company {
        missions.iter().map(|id| (id.to_string(), json!(name(id)))).collect()
    } else {
        Value::Array(missions.iter().map(|id| json!(name(id))).collect())
    };
    let paid = |kind: &str| {
        let own = state.expenditures.iter().filter(|own| own.user == day.user && own.day == day.day);
        own.filter(|own| own.dismissed.is_none() && own.kind == kind).count()
    };
    let expenditures: Value = EXPENDITURES
        .into_iter()
        .filter(|kind| below_company || paid(kind) > 0)
        .map(|kind| (kind.to_owned(), json!(paid(kind))))
        .collect::<Map<String, Value>>()
        .into();
    let fields = [
        ("user", Answer::Node(Node::User(day.user))),
        ("userId", leaf(day.user)),
        ("day", leaf(day_text(day.day))),
        ("startTime", leaf(start)),
        ("lastActivityStartTime", leaf(last)),
        ("endTime", leaf(end)),
        ("serviceDuration", leaf(start.map_or(0, |start| end.unwrap_or(NOW).min((day.day + 1) * DAY) - start))),
        ("totalWorkDuration", leaf(total)),
        ("missionNames", leaf(names)),
        ("activityDurations", leaf(durations)),
        ("expenditures", leaf(expenditures)),
    ];
    record("WorkDayOutput", fields)
}
