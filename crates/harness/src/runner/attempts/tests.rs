use super::{Attempts, Settled, most};
use crate::runner::Outcome;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::CaseReport;
use vigie_drift::location::Location;
use vigie_judge::exceptions::Exceptions;

/// An attempt that saw these.
fn attempt(seen: &[(Kind, &str)]) -> Outcome {
    let findings = seen.iter().map(|(kind, observed)| {
        vigie_drift::find(Deviation::new(*kind, Location::pointer("/a"), "what was promised", *observed), |_| None)
    });
    Outcome::of(CaseReport { status: Some(200), ..CaseReport::new("a.yml", "op", "a").with(findings.collect()) })
}

const INVALID: (Kind, &str) = (Kind::BodyInvalid, "null");
const STATUS: (Kind, &str) = (Kind::StatusDiffers, "404");
const FAILED: (Kind, &str) = (Kind::ServerError, "status 500");
const EXPIRED: (Kind, &str) = (Kind::TokenExpired, "status 401");
const LATE: (Kind, &str) = (Kind::AnswerTimeout, "timed out");
const SPENT: (Kind, &str) = (Kind::CaseNotReached, "the time is up");

/// The attempts at one case, until they need no more.
fn attempts(script: &[&[(Kind, &str)]]) -> Attempts {
    let mut attempts = Attempts::default();
    for (position, seen) in script.iter().enumerate() {
        assert!(position == 0 || attempts.needs_another(5), "look {position} is not needed");
        attempts.add(vec![attempt(seen)], &Exceptions::default());
    }
    attempts
}

/// The rules that count, and whether the case held or is unconfirmed.
fn counts(script: &[&[(Kind, &str)]]) -> (Vec<String>, bool, bool) {
    let attempts = attempts(script);
    assert!(!attempts.needs_another(5), "one look more is needed");
    let Settled { judged, held, unconfirmed } = attempts.settle(false, 5).next().expect("one case");
    assert_eq!(judged.report.findings.len(), judged.marks.len());
    let rules = judged.report.findings.iter().map(|found| found.rule.to_string());
    (rules.collect(), held.is_some(), unconfirmed.is_some())
}

fn rules(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_number_of_looks_keeps_a_false_alarm_below_one_in_a_million_runs() {
    assert_eq!([1, 3, 4, 512, 1151].map(most), [5, 5, 6, 7, 7]);
    for cases in [1, 64, 512, 10_000] {
        let chance = |attempts: usize| {
            f64::from(u32::try_from(cases).expect("few")) * 0.05_f64.powi(attempts.try_into().expect("few"))
        };
        assert!(chance(most(cases)) < 1e-6 && chance(most(cases) - 1) >= 1e-6, "{cases}");
    }
}

#[test]
fn a_case_that_holds_is_looked_at_once_and_one_look_that_holds_refutes_all_others() {
    assert_eq!(counts(&[&[]]), (rules(&[]), false, false));
    assert_eq!(counts(&[&[INVALID], &[]]), (rules(&[]), true, false));
    assert_eq!(counts(&[&[INVALID], &[INVALID], &[STATUS], &[FAILED], &[]]), (rules(&[]), true, false));
    assert_eq!(counts(&[&[EXPIRED], &[]]), (rules(&[]), true, false));
}

#[test]
fn what_two_looks_saw_alike_is_drift_and_what_few_saw_beside_it_is_not() {
    let drift = rules(&["body-invalid"]);
    assert_eq!(counts(&[&[INVALID][..]; 5]), (drift.clone(), false, false));
    assert_eq!(counts(&[&[STATUS], &[INVALID], &[INVALID], &[INVALID], &[FAILED]]), (drift.clone(), false, false));
    assert_eq!(
        counts(&[&[INVALID, STATUS], &[FAILED], &[INVALID], &[INVALID], &[INVALID]]),
        (drift.clone(), false, false)
    );
    assert_eq!(counts(&[&[FAILED], &[FAILED], &[INVALID], &[FAILED], &[INVALID]]), (drift, false, false));
    // Half of a provider's machines have changed in another way.
    let both = counts(&[&[INVALID], &[STATUS], &[INVALID], &[STATUS], &[FAILED]]).0;
    assert_eq!(both.len(), 2);
}

#[test]
fn what_no_second_look_saw_is_no_drift() {
    let once = counts(&[&[INVALID], &[FAILED], &[FAILED], &[FAILED], &[FAILED]]);
    assert_eq!(once, (rules(&["server-error"]), false, true));
    let unsteady: [&[(Kind, &str)]; 5] = [
        &[INVALID],
        &[STATUS],
        &[(Kind::StatusDiffers, "403")],
        &[(Kind::StatusDiffers, "418")],
        &[(Kind::BodyInvalid, "7")],
    ];
    assert_eq!(counts(&unsteady), (rules(&["answer-unsteady"]), false, true));
    assert_eq!(counts(&[&[INVALID], &[SPENT]]), (rules(&["case-not-reached"]), false, true));
    // What was seen twice was seen.
    assert_eq!(counts(&[&[INVALID], &[INVALID], &[SPENT]]), (rules(&["body-invalid"]), false, false));
}

#[test]
fn what_lasts_is_not_asked_for_ever() {
    assert_eq!(counts(&[&[FAILED][..]; 5]), (rules(&["server-error"]), false, false));
    assert_eq!(counts(&[&[EXPIRED], &[EXPIRED]]), (rules(&["token-expired"]), false, false));
    assert_eq!(counts(&[&[LATE], &[LATE], &[LATE]]), (rules(&["answer-timeout"]), false, false));
    // No answer mends what is wrong with the case itself.
    let of_case: &[(Kind, &str)] = &[(Kind::CaseParameterUnknown, "inee")];
    assert_eq!(counts(&[of_case]), (rules(&["case-parameter-unknown"]), false, false));
}

#[test]
fn a_step_that_a_failure_before_it_left_out_is_told_as_it_was_reached() {
    let unsent = (Kind::CaseNotSent, "no earlier step captured `id`");
    let mut attempts = Attempts::default();
    attempts.add(vec![attempt(&[FAILED]), attempt(&[unsent])], &Exceptions::default());
    assert!(attempts.needs_another(5));
    attempts.add(vec![attempt(&[]), attempt(&[])], &Exceptions::default());
    assert!(!attempts.needs_another(5));
    let settled: Vec<Settled> = attempts.settle(false, 5).collect();
    assert!(settled.iter().all(|own| own.judged.report.findings.is_empty()));
    assert_eq!(settled.iter().map(|own| own.held.is_some()).collect::<Vec<_>>(), [true, false]);
}
