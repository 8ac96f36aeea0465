//! `vigie serve` with a fault, and `vigie check` of it, as processes: what was found, and what it took.

use serde_json::Value;
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
/// The operation of the first.
const STRUCK: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";

/// A served sandbox, stopped when it goes out of scope.
struct Served {
    child: Child,
    url: String,
    /// Kept open, as a terminal would be.
    _stdout: BufReader<std::process::ChildStdout>,
}

impl Served {
    fn start(vigie: &Path, folder: &Path, fault: &str) -> Self {
        let mut command = Command::new(vigie);
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

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// The exit status.
    pub code: Option<i32>,
    /// Class and rule of what was found of the case that is struck, each once.
    pub found: Vec<String>,
    /// How many other cases there are, and how many of them conform without any finding.
    pub others: (usize, usize),
    /// From its start to its end.
    pub elapsed: Duration,
    /// The most memory that the check had, in bytes.
    pub check_memory: u64,
    /// The most memory that the double had, in bytes.
    pub serve_memory: u64,
}

impl Run {
    /// Serves a few cases with a fault of one of them, and checks that target. `vigie` is the program.
    pub fn of(vigie: &Path, fault: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tree = crate::root().join("tests/scenarios/api-particulier");
        for case in CASES {
            let copy = folder.path().join(case);
            std::fs::create_dir_all(copy.parent().expect("a folder")).expect("it is made");
            std::fs::copy(tree.join(case), copy).expect("it is copied");
        }
        let served = Served::start(vigie, folder.path(), &format!("{STRUCK}={fault}"));
        let mut command = Command::new(vigie);
        command.args(["check", "--corpus", ".", "--format", "json", "--target", &served.url]);
        command.current_dir(folder.path()).env_remove("VIGIE_API_PARTICULIER_TOKEN").stdout(Stdio::piped());
        let start = Instant::now();
        let mut child = command.spawn().expect("vigie runs");
        let report: Value = serde_json::from_reader(child.stdout.take().expect("it is piped")).expect("a report");
        let ended = child.wait4().expect("it ends");
        let elapsed = start.elapsed();
        let (struck, others): (Vec<&Value>, Vec<&Value>) =
            report["cases"].as_array().expect("cases").iter().partition(|case| case["operation"] == STRUCK);
        let is_intact = |case: &&&Value| case["verdict"] == "conforms" && case["findings"] == serde_json::json!([]);
        let intact = others.iter().filter(is_intact).count();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let found = struck.iter().flat_map(|case| case["findings"].as_array().expect("findings"));
        let mut found: Vec<String> =
            found.map(|finding| format!("{} {}", word(finding, "class"), word(finding, "rule"))).collect();
        found.dedup();
        Self {
            code: ended.status.code(),
            found,
            others: (others.len(), intact),
            elapsed,
            check_memory: ended.rusage.maxrss,
            serve_memory: served.memory(),
        }
    }
}
