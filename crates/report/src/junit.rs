//! `JUnit` XML, as GitHub's and GitLab's pages and Jenkins read it: a suite an operation, a test a case. What breaks a
//! consumer is a failure, what kept a case from being judged an error. Of a comparison each cause is a test.

use super::comparison::human::change;
use super::doubts::{fates, rules};
use super::human;
use super::witnesses;
use crate::visible::{line, visible, whole as shown};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::{self, Write};
use vigie_drift::comparison::{Cause, Comparison};
use vigie_drift::finding::{CaseReport, Class, Finding, Verdict, counted, counted_with, text};
use vigie_drift::run::{RunReport, UnknownKey};

/// Characters of a message, which pages show on one line; the text below it has all.
const MESSAGE: usize = 300;
/// Who says so.
const TOOL: &str = "vigie";

pub(super) fn render(report: &RunReport, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
    let doubts = doubts(report);
    for case in &report.cases {
        let name = suite_name(case);
        let suite = suites.entry(name.clone()).or_insert_with(|| {
            let mut suite = TestSuite::new(clean(&name));
            suite.add_property(("target".to_owned(), clean(&report.target)));
            suite
        });
        let own = doubts.get(&(case.file.as_str(), case.case.as_str())).map_or(&[][..], Vec::as_slice);
        suite.add_test_case(test(case, &name, own));
    }
    finish(suites.into_values().chain(whole(report)), out)
}

/// What became of a case's failures, and the rules that it failed, by file and name.
fn doubts(report: &RunReport) -> BTreeMap<(&str, &str), Vec<String>> {
    let mut doubts: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for fate in fates(report) {
        for doubt in fate.doubts {
            let told = shown(&format!("{}: {}", fate.told, rules(doubt)));
            doubts.entry((doubt.file.as_str(), doubt.case.as_str())).or_default().push(told);
        }
    }
    doubts
}

/// What is to be said of the run as a whole.
fn whole(report: &RunReport) -> Option<TestSuite> {
    let mut suite = TestSuite::new(TOOL);
    let mut add = |name: &str, mut status: TestCaseStatus, message: &str| {
        status.set_message(clean(message));
        let mut test = TestCase::new(clean(name), status);
        test.set_classname(TOOL);
        suite.add_test_case(test);
    };
    let error = || TestCaseStatus::non_success(NonSuccessKind::Error);
    // Nobody who reads this report alone may take a part for the whole, or nothing for something.
    if report.missing_reports > 0 {
        let message = format!("{} missing", counted_with(report.missing_reports, "report", "is", "are"));
        add("every report is there", error(), &message);
    }
    if report.unwritten_snapshots > 0 {
        let message = format!("{} could not be written", counted(report.unwritten_snapshots, "new snapshot"));
        add("every new snapshot is written", error(), &message);
    }
    if report.is_empty() {
        add("something was judged", error(), human::NOTHING_JUDGED);
    }
    for elsewhere in &report.elsewhere {
        add(&format!("cases of {}", elsewhere.provider), TestCaseStatus::skipped(), &elsewhere.line());
    }
    // Witnesses give advice, and fail nothing. Neither do keys that nobody knows.
    let witnesses = report.witnesses.iter();
    let witnesses =
        witnesses.map(|witness| shown(&format!("{}: {}", witness.testimony.advice(), witnesses::line(witness))));
    let lines: Vec<String> = witnesses.chain(report.unknown_keys.iter().map(UnknownKey::line)).collect();
    if !lines.is_empty() {
        suite.set_system_out(clean(&lines.join("\n")));
    }
    (!suite.test_cases.is_empty() || suite.system_out.is_some()).then_some(suite)
}

/// A suite for each comparison, and a test for each of its causes.
pub(super) fn comparisons(comparisons: &[Comparison], out: &mut dyn Write) -> io::Result<()> {
    finish(comparisons.iter().map(of_comparison), out)
}

fn finish(suites: impl Iterator<Item = TestSuite>, out: &mut dyn Write) -> io::Result<()> {
    let mut whole = Report::new(TOOL);
    whole.add_test_suites(suites);
    whole.serialize(out).map_err(io::Error::other)
}

/// `mobilic.user`: what pages group by.
fn suite_name(case: &CaseReport) -> String {
    let parts = [case.provider.as_str(), case.operation.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

fn test(case: &CaseReport, suite: &str, doubts: &[String]) -> TestCase {
    let mut test = TestCase::new(clean(&case.case), status(case));
    test.set_classname(clean(suite));
    test.extra.insert("file".into(), clean(&case.file).into());
    // Why a case was skipped is told where it is skipped.
    let aside = |finding: &&Finding| is_aside(finding.class) && case.verdict != Verdict::Skipped;
    let quiet = case.findings.iter().filter(aside).map(told);
    let lines: Vec<String> = doubts.iter().cloned().chain(quiet).collect();
    if !lines.is_empty() {
        test.set_system_out(clean(&lines.join("\n")));
    }
    test
}

/// Worth a look, and no reason to fail.
fn is_aside(class: Class) -> bool {
    human::shown(class) && !matches!(class, Class::Breaking) && !class.is_inconclusive()
}

/// What the worst of a case makes of it.
fn status(case: &CaseReport) -> TestCaseStatus {
    let of = |wanted: &dyn Fn(&Finding) -> bool| -> Vec<&Finding> {
        case.findings.iter().filter(|finding| wanted(finding)).collect()
    };
    let breaking = of(&|finding| finding.class == Class::Breaking);
    let open = of(&|finding| finding.class.is_inconclusive());
    let (mut status, findings) = match case.verdict {
        _ if !breaking.is_empty() => (TestCaseStatus::non_success(NonSuccessKind::Failure), breaking),
        _ if !open.is_empty() => (TestCaseStatus::non_success(NonSuccessKind::Error), open),
        Verdict::Skipped => (TestCaseStatus::skipped(), of(&|_| true)),
        _ => return TestCaseStatus::success(),
    };
    if let Some(first) = findings.first() {
        status.set_type(first.rule.id);
        status.set_message(line(&format!("{}: {}", first.rule.title, apart(first)), MESSAGE));
    }
    let request = match case.status {
        Some(status) => format!("{} -> {status}", case.request),
        None => case.request.clone(),
    };
    let told = findings.iter().map(|finding| told(finding));
    let lines: Vec<String> = [shown(&request)].into_iter().filter(|line| !line.is_empty()).chain(told).collect();
    status.set_description(clean(&lines.join("\n")));
    status
}

/// What was expected and what came, and where.
fn apart(finding: &Finding) -> String {
    let place = if finding.fact.location.is_whole() { String::new() } else { format!(" at {}", finding.fact.location) };
    shown(&format!("expected {}, observed {}{place}", text(&finding.fact.expected), text(&finding.fact.observed)))
}

fn told(finding: &Finding) -> String {
    let contract = finding.contract.as_ref().map(|place| format!("\n  contract: {}", shown(place))).unwrap_or_default();
    let (class, rule) = (finding.class, finding.rule);
    let (title, why) = (rule.title, rule.why);
    format!("{class} [{rule}] {title}: {}\n  why it matters: {why}{contract}", apart(finding))
}

fn of_comparison(comparison: &Comparison) -> TestSuite {
    let mut suite = TestSuite::new(clean(&format!("{} -> {}", comparison.old.name, comparison.new.name)));
    for cause in &comparison.causes {
        suite.add_test_case(of_cause(cause));
    }
    if comparison.causes.is_empty() {
        suite.add_test_case(TestCase::new("no change", TestCaseStatus::success()));
    }
    suite
}

fn of_cause(cause: &Cause) -> TestCase {
    let mut status = match cause.class {
        Class::Breaking => TestCaseStatus::non_success(NonSuccessKind::Failure),
        class if class.is_inconclusive() => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::success(),
    };
    let places: Vec<String> =
        cause.places.iter().map(|place| shown(format!("{} {}", place.operation, place.location).trim())).collect();
    let apart = shown(&change(cause));
    if !matches!(status, TestCaseStatus::Success { .. }) {
        status.set_type(cause.rule.id);
        status.set_message(line(&format!("{}: {apart}", cause.rule.title), MESSAGE));
        let lines = [vec![apart, format!("why it matters: {}", cause.rule.why)], places.clone()].concat();
        status.set_description(clean(&lines.join("\n")));
    }
    let place = places.first().map(|place| format!(" at {place}")).unwrap_or_default();
    let mut test = TestCase::new(line(&format!("{}{place} ({})", cause.rule.title, cause.id), MESSAGE), status);
    test.set_classname(cause.rule.id);
    test
}

/// quick-junit drops what steers a terminal, with tabs, and what follows it; here it is seen.
fn clean(text: &str) -> String {
    visible(text).replace('\t', "    ")
}
