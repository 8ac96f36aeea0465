//! Foreign text steers no terminal and no CI: whatever a file, a name or a report says, what is printed is text.

use std::path::Path;
use std::process::Command;
use vigie_report::visible::steers;

const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
const GOOD: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF", "prenom": "Nolwenn", "date_naissance": "2004-02-12"}, "admissions": []}, "links": {}, "meta": {}}"#;
/// Sequences of a terminal (CSI, OSC, C1, a carriage return), directions, marks without a width, and commands of a CI.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;pwned\u{7}\u{9b}31mb\u{202e}c\u{200b}d\re\u{feff}\u{e0041}";
const COMMAND: &str = "\n::set-output name=x::pwned\n  ##[group]pwned\n";

/// Runs the program; nothing of what it prints steers anything, with colours and without.
fn vigie(arguments: &[&str], folder: &Path) -> String {
    let mut printed = String::new();
    for color in ["never", "always"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(arguments).args(["--color", color]).current_dir(folder).env_remove("VIGIE_API_PARTICULIER_TOKEN");
        let output = command.output().expect("vigie runs");
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).expect("it is text");
            assert_harmless(&text);
            printed += &text;
        }
    }
    printed
}

fn assert_harmless(text: &str) {
    // Colours are ours; where there are none, there is no ESC.
    let plain = text.split('\u{1b}').enumerate().map(|(position, part)| {
        let style = part.strip_prefix('[').and_then(|part| part.split_once('m'));
        match style.filter(|(style, _)| style.bytes().all(|byte| byte.is_ascii_digit() || byte == b';')) {
            Some((_, rest)) if position > 0 => rest,
            _ if position == 0 => part,
            _ => panic!("a sequence that is no colour: {text:?}"),
        }
    });
    let plain: String = plain.collect();
    assert!(!plain.chars().any(steers), "{plain:?}");
    for line in plain.lines().map(str::trim_start) {
        assert!(!line.starts_with("::") && !line.starts_with("##["), "{line:?}");
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
    std::fs::write(path, text).expect("it is written");
}

/// A text of YAML or JSON, with everything in it.
fn quoted() -> String {
    let mut text = Vec::new();
    vigie_report::visible::json(&format!("{HOSTILE}{COMMAND}"), &mut text).expect("it is written");
    // YAML has one escape for what JSON says in two halves.
    String::from_utf8(text).expect("it is text").replace("\\udb40\\udc41", "")
}

#[test]
fn cases_and_their_names_and_descriptions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Control characters are refused; directions and what has no width are characters of a name.
    let name = "200-a\u{202e}b\u{200b}c\u{e0041}";
    let case = format!("description: {}\nparams: {{ine: 1234567890G}}\nstatus: 200\npayload: '{GOOD}'\n", quoted());
    write(folder.path(), &format!("cases/{STUDENT}/{name}.yml"), &case);
    std::fs::create_dir(folder.path().join("snaps")).expect("it is made");
    let text = vigie(&["list", "cases", "--corpus", "cases"], folder.path());
    assert!(text.contains("pwned"), "{text}");
    let text = vigie(&["check", "--corpus", "cases", "--snapshots", "snaps"], folder.path());
    assert!(text.contains("1 of 1 cases conform"), "{text}");
    // The proposal has the name too.
    assert!(vigie(&["accept", "--snapshots", "snaps"], folder.path()).contains("1 snapshot of 1 cause"));
    write(folder.path(), &format!("snaps/api-particulier/{STUDENT}/{name}.snap.new"), "no snapshot");
    assert!(vigie(&["accept", "--snapshots", "snaps"], folder.path()).contains("not a snapshot of vigie"));
}

#[test]
fn errors_of_cases_and_of_settings() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (position, case) in [
        format!("status: 200\n{}: 1\n", quoted()),
        format!("status: {}\n", quoted()),
        format!("status: 200\nexpect: {{{}: 1}}\n", quoted()),
        format!("steps: [{{operation: {}}}]\n", quoted()),
        format!("# {HOSTILE}\nstatus: [\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let corpus = format!("{position}");
        write(folder.path(), &format!("{corpus}/{STUDENT}/case{HOSTILE}.yml"), &case);
        vigie(&["check", "--corpus", &corpus], folder.path());
        vigie(&["list", "cases", "--corpus", &corpus], folder.path());
    }
    for toml in [
        format!("[[ignore]]\nrule = {}\nreason = \"r\"\nuntil = 2999-12-31\n", quoted()),
        format!("{} = 1\n", quoted()),
        format!("# {HOSTILE}\n[severity]\ndata-changed = {}\n", quoted()),
        format!("[target.{}.x]\nurl = \"http://x\"\n", quoted()),
        format!("[target.api-particulier.x]\nurl = {}\n", quoted()),
    ] {
        write(folder.path(), "vigie.toml", &toml);
        vigie(&["check", "--case", "none"], folder.path());
        vigie(&["list", "--env"], folder.path());
    }
}

#[test]
fn documents_reports_and_arguments() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    for (name, text) in [
        ("old.graphql", format!("type Query {{ a: Int }} {HOSTILE}")),
        (
            "new.yml",
            format!("openapi: 3.0.0\ninfo: {{title: {0}, version: {0}}}\npaths: {{{0}: {{get: {0}}}}}\n", quoted()),
        ),
        (
            "other.yml",
            format!(
                "openapi: 3.0.0\ninfo: {{title: {0}, version: '1'}}\npaths: {{/a: {{get: {{responses: {{'200': {{}}}}}}}}}}\n",
                quoted()
            ),
        ),
    ] {
        write(path, name, &text);
    }
    vigie(&["diff", "old.graphql", "new.yml"], path);
    vigie(&["diff", "new.yml", "other.yml"], path);
    vigie(&["diff", "other.yml", "new.yml", "--format", "json"], path);
    let finding = |rule: &str| {
        format!(
            r#"{{"rule": {rule}, "class": "breaking", "certainty": "definite", "pointer": {0}, "expected": {0}, "observed": {0}}}"#,
            quoted()
        )
    };
    let report = |tool: &str, version: &str, rule: &str| {
        format!(
            r#"{{"version": {version}, "tool": {tool}, "target": {0}, "cases": [{{"file": {0}, "operation": {0}, "case": {0}, "status": 200,
        "verdict": "body", "findings": [{finding}], "request": {0}, "undocumented": [{0}], "pending": {0}}}], "causes": [], "notes": [{0}],
        "ignored": [{{"rule": "body-invalid", "class": "breaking", "certainty": "definite", "pointer": {0}, "expected": {0}, "observed": {0},
        "case": {0}, "reason": {0}, "until": {0}, "exception": {0}}}], "held": [{{"file": {0}, "operation": {0}, "case": {0}, "rules": [{rule}]}}]}}"#,
            quoted(),
            finding = finding(rule),
        )
    };
    let good = r#""body-invalid""#;
    for (name, text) in [
        ("good.json", report(r#""vigie""#, "1", good)),
        ("rule.json", report(r#""vigie""#, "1", &quoted())),
        ("tool.json", report(&quoted(), "2", good)),
        ("version.json", report(&quoted(), &quoted(), good)),
    ] {
        write(path, name, &text);
        for format in ["human", "json", "junit", "summary"] {
            vigie(&["merge", name, "--format", format], path);
        }
    }
    let merged = vigie(&["merge", "good.json"], path);
    assert!(merged.contains("ignored by"), "{merged}");
    let text = vigie(&["merge", "good.json", "--format", "json"], path);
    let (first, _) = text.split_once("\n}\n").expect("two documents");
    let value: serde_json::Value = serde_json::from_str(&format!("{first}\n}}")).expect("it is JSON");
    assert_eq!(value["target"], format!("{HOSTILE}{COMMAND}").replace('\u{e0041}', ""));
    // Arguments may come from a branch or a title.
    let argument = format!("{HOSTILE}{COMMAND}");
    for arguments in [
        &["check", "--provider", &argument][..],
        &["check", "--operation", &argument],
        &["check", "--case", &argument],
        &["check", "--target", &argument],
        &["check", "--budget", &argument],
        &["check", "--report", &argument],
        &["check", "--corpus", &argument],
        &["explain", &argument],
        &["call", &argument],
        &["diff", &argument, &argument],
        &["merge", &argument],
        &["accept", &argument],
        &["login", &argument],
        &[&argument],
    ] {
        let text = vigie(arguments, path);
        assert!(!text.is_empty(), "{arguments:?}");
    }
}
