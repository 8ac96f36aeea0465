//! What `vigie check` says of a target that misbehaves: the right class, in bounded time and memory, and the other cases
//! as if nothing were wrong.

use crate::support::STUDENT;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// Cases of the tree: one that is struck, and others that are not.
const CASES: [&str; 3] = [
    "api_particulier_v3_mesri_statut_etudiant_with_ine/200-inscrit.yml",
    "api_particulier_v3_cnous_etudiant_boursier_with_civility/200-echelon-cinq.yml",
    "api_particulier_v3_cnous_etudiant_boursier_with_civility/404-identite-introuvable.yml",
];
/// Bytes of a process, at most: far less than any of the large bodies, once it is inflated.
const MEMORY: u64 = 300 << 20;
/// How long a run may take: the provider's advice is 5 seconds a call.
const TIME: Duration = Duration::from_secs(60);

/// A served sandbox, stopped when it goes out of scope.
struct Served {
    child: Child,
    url: String,
    /// Kept open, as a terminal would be.
    _stdout: BufReader<std::process::ChildStdout>,
}

impl Served {
    fn start(folder: &Path, fault: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(["serve", "--port", "0", "--corpus", ".", "--fault", fault]);
        let mut child = command.current_dir(folder).stdout(Stdio::piped()).spawn().expect("vigie runs");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut line).expect("it says where it is");
        let url = line.split(' ').find(|word| word.starts_with("http://")).expect("a URL").to_owned();
        Self { child, url, _stdout: stdout }
    }

    /// The most memory that it had so far, in bytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
        peak.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a run came to: its exit status, and class and rule of what was found of the case that is struck.
#[derive(Debug, PartialEq)]
struct Run {
    code: Option<i32>,
    found: Vec<String>,
}

impl Run {
    fn of(code: i32, found: &[&str]) -> Self {
        Self { code: Some(code), found: found.iter().map(ToString::to_string).collect() }
    }
}

/// Serves a few cases with a fault of one of them, and checks that target. The others must conform.
fn check(fault: &str) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/api-particulier");
    for case in CASES {
        let copy = folder.path().join(case);
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("it is made");
        std::fs::copy(tree.join(case), copy).expect("it is copied");
    }
    let served = Served::start(folder.path(), &format!("{STUDENT}={fault}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["check", "--corpus", ".", "--format", "json", "--target", &served.url]).current_dir(folder.path());
    command.env_remove("VIGIE_API_PARTICULIER_TOKEN").stdout(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn().expect("vigie runs");
    let report: Value = serde_json::from_reader(child.stdout.take().expect("it is piped")).expect("a report");
    let ended = child.wait4().expect("it ends");
    assert!(start.elapsed() < TIME, "{fault}: {:?}", start.elapsed());
    assert!(ended.rusage.maxrss < MEMORY, "{fault}: vigie check had {} bytes", ended.rusage.maxrss);
    assert!(served.memory() < MEMORY, "{fault}: vigie serve had {} bytes", served.memory());
    let (struck, others): (Vec<&Value>, Vec<&Value>) =
        report["cases"].as_array().expect("cases").iter().partition(|case| case["operation"] == STUDENT);
    assert_eq!((struck.len(), others.len()), (1, CASES.len() - 1), "{report}");
    for case in others {
        assert_eq!((&case["verdict"], &case["findings"]), (&json!("conforms"), &json!([])), "{fault}");
    }
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let found = struck[0]["findings"].as_array().expect("findings");
    let mut found: Vec<String> =
        found.iter().map(|finding| format!("{} {}", word(finding, "class"), word(finding, "rule"))).collect();
    found.dedup();
    Run { code: ended.status.code(), found }
}

/// A test a fault, so that each of them is seen to fail.
macro_rules! faults {
    ($($name:ident $fault:literal $code:literal $found:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_eq!(check($fault), Run::of($code, &$found));
        })*
    };
}

faults! {
    refuse "refuse" 3 ["outage answer-broken"];
    reset "reset" 3 ["outage answer-broken"];
    stall "stall" 3 ["outage answer-timeout"];
    drip "drip" 3 ["outage answer-timeout"];
    no_http "no-http" 3 ["outage answer-broken"];
    wrong_length "wrong-length" 3 ["outage answer-broken"];
    empty "empty" 3 ["outage answer-empty"];
    page "page" 3 ["outage web-page"];
    maintenance "maintenance" 3 ["outage maintenance"];
    error "error" 3 ["outage server-error"];
    bad_gateway "bad-gateway" 3 ["outage web-page"];
    quota "quota" 3 ["outage rate-limited"];
    skew "skew" 0 [];
    short_length "short-length" 3 ["outage answer-broken"];
    bad_gzip "bad-gzip" 3 ["outage answer-broken"];
    gzip_bomb "gzip-bomb" 3 ["outage answer-too-large"];
    huge "huge" 3 ["outage answer-too-large"];
    redirect "redirect" 3 ["outage redirected"];
    // Who answers so every time has changed its API.
    invalid_utf8 "invalid-utf8" 1 ["breaking body-not-json"];
    duplicate_keys "duplicate-keys" 1 ["breaking client-decode-failed"];
    deep_json "deep-json" 1 ["breaking body-not-json"];
    wrong_type "wrong-type" 1 ["breaking media-type-undocumented"];
    // Once is a fluke, whatever it is: the case is looked at again.
    once_refuse "refuse:1x" 0 [];
    once_reset "reset:1x" 0 [];
    once_stall "stall:1x" 0 [];
    once_drip "drip:1x" 0 [];
    once_no_http "no-http:1x" 0 [];
    once_short_length "short-length:1x" 0 [];
    once_bad_gzip "bad-gzip:1x" 0 [];
    once_gzip_bomb "gzip-bomb:1x" 0 [];
    once_huge "huge:1x" 0 [];
    once_empty "empty:1x" 0 [];
    once_invalid_utf8 "invalid-utf8:1x" 0 [];
    once_duplicate_keys "duplicate-keys:1x" 0 [];
    once_deep_json "deep-json:1x" 0 [];
    once_wrong_type "wrong-type:1x" 0 [];
    once_page "page:1x" 0 [];
    once_maintenance "maintenance:1x" 0 [];
    once_redirect "redirect:1x" 0 [];
    once_error "error:1x" 0 [];
    once_bad_gateway "bad-gateway:1x" 0 [];
    once_quota "quota:1x" 0 [];
    once_skew "skew:1x" 0 [];
}
