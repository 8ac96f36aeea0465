//! What a nightly run leaves for others to read: `JUnit`, the summary of a step, files that are whole.

mod xml;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Class, Conclusion, Finding, Verdict};
use vigie_drift::rules::rule;
use vigie_drift::run::{Doubt, Elsewhere, RunReport, Seen, Testimony, UnknownKey, Witness};
use vigie_drift::{causes, find};
use vigie_report::Format;
use xml::{Element, parse};

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";

fn case(name: &str, verdict: Verdict, findings: Vec<Finding>) -> CaseReport {
    let mut case = CaseReport::new(format!("user/{name}.yml"), "user", name);
    case.provider = "mobilic".into();
    case.status = Some(200);
    case.verdict = verdict;
    case.findings = findings;
    case.request = "POST /graphql".into();
    case
}

fn found(kind: Kind, place: &str, expected: &str, observed: &str) -> Finding {
    let Ok(place) = place.parse();
    find(Deviation::new(kind, place, expected, observed), |_| None)
}

fn report(cases: Vec<CaseReport>) -> RunReport {
    RunReport { target: "sandbox".into(), causes: causes::in_cases(&cases), cases, ..RunReport::default() }
}

fn doubt(name: &str, kind: Kind) -> Doubt {
    Doubt { file: format!("user/{name}.yml"), case: name.into(), operation: "user".into(), rules: vec![rule(kind)] }
}

fn witness(testimony: Testimony, location: &str) -> Witness {
    Witness {
        testimony,
        agree: testimony.agree().to_vec(),
        advice: testimony.advice().into(),
        seen: Seen::InDocument,
        cause: "0a1b2c3d".into(),
        rule: rule(Kind::ResponsePropertyAdded),
        contract: "mobilic/schema.graphql".into(),
        operation: "user".into(),
        location: location.into(),
        places: 3,
    }
}

fn drawn(format: Format, report: &RunReport) -> String {
    let mut out = Vec::new();
    format.render(report, &mut out).expect("it is drawn");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn junit_tells_failures_errors_and_skipped_with_right_counts() {
    let drift = found(Kind::BodyInvalid, "/data/nom", "format `date`", "\"<b>&amp;\u{1b}[31m\u{0}\u{ffff}]]>\"");
    let late = found(Kind::ServerError, "", "an answer", "status 502");
    let report = report(vec![
        case("conforms", Verdict::Conforms, vec![found(Kind::ValueNull, "/data/x", "string", "null")]),
        case("drift", Verdict::Outage, vec![drift.clone(), late.clone()]),
        case("expired", Verdict::Setup, vec![found(Kind::TokenExpired, "", "a token", "an old one")]),
        case("outage", Verdict::Outage, vec![late]),
        case("skipped", Verdict::Skipped, vec![found(Kind::CaseLeftOut, "", "a target", "it writes")]),
        case("unsent", Verdict::Skipped, vec![found(Kind::CaseNotSent, "", "a request", "expired")]),
        CaseReport { operation: "company".into(), ..case("other", Verdict::Conforms, vec![]) },
    ]);
    let root = parse(&drawn(Format::Junit, &report));
    assert_eq!(root.name, "testsuites");
    let counts = ["tests", "failures", "errors", "skipped"];
    assert_eq!(counts.map(|count| root.get(count)), ["7", "1", "3", "1"]);
    for element in root.inner.iter().chain([&root]) {
        let inside = ["testcase", "failure", "error", "skipped"].map(|name| element.count(name));
        assert_eq!(counts.map(|count| element.get(count)), inside.each_ref().map(String::as_str));
    }
    let names: Vec<&str> = root.inner.iter().map(|suite| suite.get("name")).collect();
    assert_eq!(names, ["mobilic.company", "mobilic.user"]);
    let tests: Vec<&Element> = root.inner[1].inner.iter().filter(|inner| inner.name == "testcase").collect();
    assert_eq!(tests.len(), 6);
    for (test, name) in tests.iter().zip(["conforms", "drift", "expired", "outage", "skipped", "unsent"]) {
        assert_eq!([test.get("name"), test.get("classname")], [name, "mobilic.user"]);
        assert_eq!(test.get("file"), format!("user/{name}.yml"));
    }
    let below: Vec<(&str, &str)> =
        tests.iter().flat_map(|test| &test.inner).map(|inner| (inner.name.as_str(), inner.get("type"))).collect();
    let expected = [
        ("system-out", ""),
        ("failure", "body-invalid"),
        ("error", "token-expired"),
        ("error", "server-error"),
        ("skipped", "case-left-out"),
        ("error", "case-not-sent"),
    ];
    assert_eq!(below, expected);
    let failure = &tests[1].inner[0];
    for text in [failure.get("message"), &failure.text] {
        assert!(text.contains("expected format `date`, observed \"<b>&amp;�[31m��]]>\" at /data/nom"), "{text}");
    }
    assert!(failure.text.starts_with("POST /graphql -> 200\nbreaking [body-invalid]"), "{}", failure.text);
    assert!(tests[0].inner[0].text.contains("uncertain [value-null]"), "{:?}", tests[0]);
}

#[test]
fn a_missing_report_is_an_error_of_its_own_in_every_format() {
    let whole = report(vec![case("a", Verdict::Conforms, vec![])]);
    assert_eq!(parse(&drawn(Format::Junit, &whole)).get("errors"), "0");
    let part = RunReport { missing_reports: 2, ..whole };
    let root = parse(&drawn(Format::Junit, &part));
    assert_eq!((root.get("tests"), root.get("errors")), ("2", "1"));
    assert!(drawn(Format::Summary, &part).starts_with("## vigie: inconclusive"));
    assert!(drawn(Format::Json, &part).contains("\"conclusion\": \"inconclusive\""));
}

#[test]
fn a_run_that_judged_nothing_is_good_in_no_format() {
    let left_out = || vec![found(Kind::CaseLeftOut, "", "a target", "it writes")];
    for cases in [vec![], vec![case("a", Verdict::Skipped, left_out())], vec![case("a", Verdict::Skipped, vec![])]] {
        let report = report(cases);
        assert_eq!(report.conclusion(), Conclusion::Inconclusive);
        assert_eq!(parse(&drawn(Format::Junit, &report)).get("errors"), "1");
        let told = [Format::Summary, Format::Human].map(|format| drawn(format, &report));
        assert!(told.iter().all(|text| text.contains("nothing was judged, so the run says nothing")), "{told:?}");
    }
    let both = report(vec![case("a", Verdict::Skipped, left_out()), case("b", Verdict::Conforms, vec![])]);
    assert_eq!(both.conclusion(), Conclusion::Conformant);
    assert!(drawn(Format::Summary, &both).contains("### Not sent, on purpose (1)"));
}

#[test]
fn what_a_corpus_holds_beside_its_cases_is_one_line_each() {
    let files = ["b/x.yml", "b/<y>`.yml", "b/x.yml"].map(str::to_owned).to_vec();
    let elsewhere = Elsewhere { provider: "API Entreprise".into(), reason: "no contract here".into(), cases: 0, files };
    let places = vec!["b/x.yml:3".to_owned(), "a/x.yml:7".to_owned()];
    let key = UnknownKey { key: "expects".into(), meant: Some("expect".into()), places };
    let (elsewhere, unknown_keys) = (Elsewhere::joined([elsewhere]), UnknownKey::joined([key]));
    let report = RunReport { elsewhere, unknown_keys, ..report(vec![case("a", Verdict::Conforms, vec![])]) };
    let cases = "2 cases of API Entreprise: no contract here";
    let key = "unknown key `expects` ignored in 2 cases, first at a/x.yml:7; did you mean `expect`?";
    for format in [Format::Human, Format::Summary, Format::Junit] {
        let text = drawn(format, &report);
        assert_eq!((text.matches(cases).count(), text.matches(key).count()), (1, 1), "{text}");
    }
    let root = parse(&drawn(Format::Junit, &report));
    assert_eq!(["tests", "errors", "skipped"].map(|count| root.get(count)), ["2", "0", "1"]);
    let json: serde_json::Value = serde_json::from_str(&drawn(Format::Json, &report)).expect("JSON");
    assert_eq!((&json["elsewhere"][0]["cases"], &json["unknown_keys"][0]["meant"]), (&2.into(), &"expect".into()));
    assert_eq!(json["cases"].as_array().map(Vec::len), Some(1), "{json}");
}

#[test]
fn the_summary_is_worst_first_and_bounded_and_its_values_stay_in_their_spans() {
    let hostile = "`x` | <script>@admin</script>\n\n# Approved ![](https://example.org/pixel)";
    let late = found(Kind::AnswerTimeout, "", "an answer", "none within 12 s");
    let report = report(vec![
        case("a", Verdict::Outage, vec![late]),
        case("b", Verdict::Body, vec![found(Kind::BodyInvalid, "/data/nom", "a text", hostile)]),
        case("c", Verdict::Conforms, vec![found(Kind::DataChanged, "/data/prenom", "x", hostile)]),
    ]);
    let text = drawn(Format::Summary, &report);
    let order = ["## vigie: drift", "1 of 3 cases conform", "### Breaks a consumer (1)", "`body-invalid`"];
    let order = order.into_iter().chain(["### Could not be judged (1)", "`answer-timeout`", "### Worth a look (1)"]);
    let mut rest = text.as_str();
    for part in order {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part:?} is missing, or too early, in\n{text}")).1;
    }
    for line in text.lines().filter(|line| line.contains("script")) {
        assert!(line.starts_with("  - "), "{line}");
        assert!(
            line.ends_with("`` `x` | <script>@admin</script>  # Approved ![](https://example.org/pixel) ``"),
            "{line}"
        );
    }
    assert!(!text.lines().any(|line| line.starts_with("# Approved")));

    let long = "🦀".repeat(250);
    let cases = (0..1200).map(|number| {
        let finding = |kind| found(kind, &format!("/{long}{number}"), &long, &format!("{number}{long}"));
        let findings = vec![finding(Kind::BodyInvalid), finding(Kind::ServerError), finding(Kind::DataChanged)];
        case(&format!("{number}{long}"), Verdict::Body, findings)
    });
    let mut flood = self::report(cases.collect());
    flood.notes = (0..1200).map(|number| format!("{number} {long}")).collect();
    flood.held = (0..1200).map(|number| doubt(&format!("{number}{long}"), Kind::WebPage)).collect();
    flood.unconfirmed = flood.held.clone();
    flood.witnesses = (0..1200).map(|_| witness(Testimony::ServiceDiffers, &long)).collect();
    let text = drawn(Format::Summary, &flood);
    assert!(text.len() < 1 << 20, "{} bytes", text.len());
    assert_eq!(text.matches("and 1150 more causes").count(), 3);
    assert_eq!(text.matches("and 1150 more notes").count(), 1);
    assert_eq!(text.matches("and 1180 more cases").count(), 2);
    assert_eq!(text.matches("and 1180 more of them").count(), 1);
}

#[test]
fn what_did_not_count_and_who_agrees_is_told_in_every_format() {
    let mut report = report(vec![case("a", Verdict::Conforms, vec![]), case("b", Verdict::Conforms, vec![])]);
    assert!(!drawn(Format::Junit, &report).contains("system-out"));
    report.held = vec![doubt("a", Kind::WebPage)];
    report.unconfirmed = vec![doubt("b", Kind::BodyInvalid)];
    report.witnesses = vec![witness(Testimony::ServiceDiffers, "200 data.x"), witness(Testimony::NotSeen, "200 y")];
    let summary = drawn(Format::Summary, &report);
    for part in [
        "### Passed when retried (1)\n\n- `user/a.yml` `a`: `web-page`\n",
        "### Failed, not confirmed (1)\n\n- `user/b.yml` `b`: `body-invalid`\n",
        "### Published, served, accepted\n\n- published and accepted agree",
        "user 200 data.x and 2 more locations`",
        "- the document changed, and no answer of this run could show it (1 change)",
    ] {
        assert!(summary.contains(part), "{part:?} is missing in\n{summary}");
    }
    let root = parse(&drawn(Format::Junit, &report));
    assert_eq!(["tests", "failures", "errors"].map(|count| root.get(count)), ["2", "0", "0"]);
    let tests: Vec<&Element> = root.inner[0].inner.iter().filter(|inner| inner.name == "testcase").collect();
    assert_eq!(tests[0].inner[0].text, "failed once and passed when retried: web-page");
    assert!(tests[1].inner[0].text.ends_with("no retry confirmed it: body-invalid"), "{:?}", tests[1]);
    assert!(root.inner[1].inner[0].text.starts_with("published and accepted agree"), "{root:?}");
    let human = drawn(Format::Human, &report);
    assert!(human.contains("1 case failed once and passed when retried\n1 case failed, and no retry"), "{human}");
}

#[test]
fn no_format_tells_a_value_that_the_json_report_does_not() {
    // Each field has a word of its own; the machine's report has them all, and the others no more than these.
    let finding =
        Finding { contract: Some("w-contract".into()), ..found(Kind::BodyInvalid, "w-place", "w-old", "w-new") };
    let mut report =
        report(vec![CaseReport { request: "w-request".into(), ..case("w-case", Verdict::Body, vec![finding]) }]);
    report.notes.push("w-note".into());
    report.held.push(doubt("w-held", Kind::WebPage));
    report.witnesses.push(witness(Testimony::Undecided, "w-location"));
    let words = |text: &str| -> BTreeSet<String> {
        let found =
            text.match_indices("w-").map(|(at, _)| text[at..].chars().take_while(|c| c.is_alphabetic() || *c == '-'));
        found.map(Iterator::collect).collect()
    };
    let all = words(&drawn(Format::Json, &report));
    assert_eq!(all.len(), 9, "{all:?}");
    for format in [Format::Human, Format::Junit, Format::Summary] {
        let told = words(&drawn(format, &report));
        assert!(told.is_subset(&all) && told.contains("w-new"), "{format:?}: {told:?}");
    }
    assert!(report.cases[0].findings.iter().all(|finding| finding.class == Class::Breaking));
}

#[test]
fn what_a_target_says_steers_no_terminal_and_makes_up_no_line() {
    let odd = "\u{1b}]0;title\u{7}\u{1b}[2J\u{0}\n512 of 512 cases conform";
    let finding = Finding { contract: Some(odd.into()), ..found(Kind::BodyInvalid, odd, odd, odd) };
    let case = CaseReport { request: odd.into(), file: odd.into(), ..case(odd, Verdict::Body, vec![finding]) };
    let mut report = report(vec![case]);
    report.notes.push(odd.into());
    report.target = odd.into();
    for format in [Format::Human, Format::Junit, Format::Summary] {
        let drawn = anstream::adapter::strip_str(&drawn(format, &report)).to_string();
        assert!(
            drawn.contains("]0;title"),
            "{format:?}: what steers is seen, and not taken out with what follows: {drawn}"
        );
        assert!(!drawn.chars().any(|c| c.is_control() && c != '\n'), "{format:?}: {drawn:?}");
        let alone = drawn.lines().any(|line| line.starts_with("512 of 512"));
        assert!(!alone || format == Format::Junit, "{format:?}: {drawn}");
    }
}

/// A folder with one case of a student, whose date of birth is this.
fn corpus(date: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let operation = folder.path().join(STUDENT);
    std::fs::create_dir(&operation).expect("it is made");
    let text = format!(
        "params: {{ine: 1234567890A}}\nstatus: 200\npayload: '{{\"data\": {{\"identite\": {{\"nom_naissance\": \"LE GOFF\", \
         \"prenom\": \"Nolwenn\", \"date_naissance\": \"{date}\"}}, \"admissions\": []}}, \"links\": {{}}, \"meta\": {{}}}}'\n"
    );
    std::fs::write(operation.join("case.yml"), text).expect("it is written");
    folder
}

fn vigie(arguments: &[&str], folder: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let output = command.args(arguments).current_dir(folder).output().expect("vigie runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn reports_go_to_files_beside_the_one_that_is_printed() {
    let folder = corpus("2004-02-30");
    std::fs::write(folder.path().join("old.json"), "what was there").expect("it is written");
    let check = ["check", "--corpus", ".", "--color", "always"];
    let files = ["--report", "json=old.json", "--report", "junit=j.xml", "--report", "human=h.txt"];
    let (code, out, err) = vigie(&[&check[..], &files].concat(), folder.path());
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert!(out.contains("\u{1b}[") && out.contains("body-invalid"));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("it is there");
    let json: serde_json::Value = serde_json::from_str(&read("old.json")).expect("it is whole");
    assert_eq!(json["cases"][0]["provider"], "api-particulier");
    assert_eq!(parse(&read("j.xml")).get("failures"), "1");
    let human = read("h.txt");
    assert!(human.contains("error[body-invalid]") && !human.contains('\u{1b}'), "a file has no colours");
    let names = std::fs::read_dir(folder.path()).expect("it reads").count();
    assert_eq!(names, 4, "nothing is left beside them");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(folder.path().join("plain"), "").expect("it is written");
        let mode = |name: &str| folder.path().join(name).metadata().expect("it is there").permissions().mode();
        assert_eq!(mode("j.xml"), mode("plain"));
    }
}

/// A file in the place of a device would be in the way of every program of the machine.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_stays_what_it_is() {
    use std::os::unix::fs::FileTypeExt;
    let folder = corpus("2004-02-12");
    let name = |path: &str| folder.path().join(path);
    let made = Command::new("mkfifo").arg(name("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    let reader = std::thread::spawn({
        let pipe = name("pipe");
        move || std::fs::read_to_string(pipe)
    });
    std::fs::write(name("meant.json"), "what was there").expect("it is written");
    std::os::unix::fs::symlink("meant.json", name("link.json")).expect("it is made");
    let reports = ["--report", "json=pipe", "--report", "json=/dev/stdout", "--format", "human"];
    let (code, out, err) = vigie(&[&["check", "--corpus", "."][..], &reports].concat(), folder.path());
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let piped = reader.join().expect("no panic").expect("it reads");
    assert!(piped.contains("\"version\": 1"));
    assert!(name("pipe").symlink_metadata().expect("it is there").file_type().is_fifo());
    assert!(out.contains(&piped), "{out}");
    // A link that a checkout brings along may lead to any file of the user.
    let (code, _, err) = vigie(&["check", "--corpus", ".", "--report", "json=link.json"], folder.path());
    assert!(code == Some(2) && err.contains("is a symbolic link"), "{err}");
    assert_eq!(std::fs::read_to_string(name("meant.json")).expect("it reads"), "what was there");
    assert!(name("link.json").is_symlink());
}

#[test]
fn a_diff_has_the_same_reports() {
    let root = support::root();
    let fixture = "tests/drifts/response-type-changed";
    let (old, new) = (format!("{fixture}/old.yml"), format!("{fixture}/new.yml"));
    let (code, out, _) = vigie(&["diff", &old, &new, "--format", "summary"], root);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("## vigie diff: drift") && out.contains("`response-type-changed`"), "{out}");
    let (_, out, _) = vigie(&["diff", &old, &new, "--format", "junit"], root);
    let suite = &parse(&out).inner[0];
    assert_eq!((suite.get("tests"), suite.get("failures")), ("1", "1"), "{out}");
    assert_eq!(suite.get("name"), format!("{old} -> {new}"));
    let (code, out, _) = vigie(&["diff", &old, &old, "--format", "junit"], root);
    assert_eq!((code, parse(&out).get("failures")), (Some(0), "0"), "{out}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, document) in [("1.yml", &old), ("2.yml", &old), ("3.yml", &new)] {
        std::fs::copy(root.join(document), folder.path().join(name)).expect("it is copied");
    }
    let history = ["diff", "--history", ".", "--format", "summary", "--report", "junit=j.xml"];
    let (_, out, err) = vigie(&history, folder.path());
    assert!(out.contains("1 of 2 comparisons found something.") && !out.contains("1.yml"), "{out}{err}");
    let whole = parse(&std::fs::read_to_string(folder.path().join("j.xml")).expect("it is there"));
    let suites: Vec<(&str, &str)> =
        whole.inner.iter().map(|suite| (suite.get("tests"), suite.get("failures"))).collect();
    assert_eq!(suites, [("1", "0"), ("1", "1")]);
}
