//! Rules of working time, as far as a sandbox needs them: how long a day of work was.

use super::super::graphql::{Answer, Args, leaf, null, record};
use super::super::state::time::{day_of, day_text};
use super::super::state::{Activity, Failure};
use super::workday::activity_durations;
use serde_json::{Value, json};

/// Seconds of work after which a day is too long.
const LONGEST: i64 = 12 * 3_600;

/// Computations of a user's days, each with one check.
pub(super) fn by_day(user: i64, days: &[i64], activities: &[Activity], args: &Args) -> Answer {
    let (from, to) = (args.day("fromDate"), args.day("toDate"));
    let submitter = args.text("submitterType").unwrap_or("employee").to_owned();
    let wanted = days.iter().filter(|day| from.is_none_or(|from| from <= **day) && to.is_none_or(|to| **day <= to));
    let computed = wanted.map(|day| {
        let own: Vec<Activity> = activities.iter().filter(|own| day_of(own.start) == *day).cloned().collect();
        let durations = activity_durations(&own);
        let worked: i64 = durations.iter().filter(|(kind, _)| *kind != "off").filter_map(|(_, own)| own.as_i64()).sum();
        let alert = (worked > LONGEST).then(|| {
            let extra: Value = json!({"work_range_in_seconds": worked});
            record("RegulatoryAlert", [("id", leaf(*day)), ("extra", leaf(extra))])
        });
        let check = record(
            "RegulationCheck",
            [
                ("id", leaf(2)),
                ("type", leaf("maximumWorkDayTime")),
                ("label", leaf("Longest day of work")),
                ("description", leaf("A day of work has a longest duration.")),
                ("regulationRule", leaf("dailyWork")),
                ("variables", null()),
                ("unit", leaf("day")),
                ("alert", super::maybe(alert)),
            ],
        );
        let computation = super::super::graphql::Node::Record(
            "RegulationComputation",
            std::rc::Rc::new(vec![
                ("id", Ok(leaf(*day))),
                ("creationTime", Err(unserializable())),
                ("day", Ok(leaf(day_text(*day)))),
                ("submitterType", Ok(leaf(submitter.as_str()))),
                ("userId", Ok(leaf(user))),
                ("user", Ok(super::person(Some(user)))),
                ("regulationChecks", Ok(Answer::List(vec![Ok(Answer::Node(check))]))),
            ]),
        );
        let fields = [
            ("day", leaf(day_text(*day))),
            ("regulationComputations", Answer::List(vec![Ok(Answer::Node(computation))])),
        ];
        Ok(Answer::Node(record("RegulationComputationByDayOutput", fields)))
    });
    Answer::List(computed.collect())
}

/// What every time in a `JSONString` answers.
pub(super) fn unserializable() -> Failure {
    Failure { bare: true, ..Failure::bug("Object of type datetime is not JSON serializable") }
}
