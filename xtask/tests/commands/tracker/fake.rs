//! A GitHub or a GitLab of one project, on a free port of this machine, with its issues in memory.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) const TOKEN: &str = "token-of-the-test-0123456789";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    GitHub,
    GitLab,
}

#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) labels: Vec<String>,
    pub(crate) open: bool,
    pub(crate) comments: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) issues: Vec<Issue>,
    pub(crate) asked: Vec<Asked>,
    /// Status line and headers that answer everything from now on.
    pub(crate) broken: Option<String>,
    /// Labels are dropped silently, as for a token that may not set them.
    pub(crate) drops_labels: bool,
}

pub(crate) struct Fake {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(kind, &shared, stream);
            }
        });
        Self { kind, url, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked")
    }

    /// `cargo xtask tracker` as this forge's runner would start it.
    pub(crate) fn track(&self, arguments: &[&str], reports: &[Value]) -> Output {
        let (mut command, _folder) = tracker(arguments, reports);
        match self.kind {
            Kind::GitHub => command
                .env("GITHUB_REPOSITORY", "vigie-rs/vigie")
                .env("GITHUB_API_URL", &self.url)
                .env("GITHUB_TOKEN", TOKEN)
                .env("GITHUB_SERVER_URL", "https://forge.example")
                .env("GITHUB_RUN_ID", "7"),
            Kind::GitLab => command
                .env("CI_PROJECT_ID", "12")
                .env("CI_API_V4_URL", &self.url)
                .env("GITLAB_TOKEN", TOKEN)
                .env("CI_PIPELINE_URL", "https://forge.example/vigie-rs/vigie/actions/runs/7"),
        };
        command.output().expect("xtask runs")
    }

    /// The same, which must succeed; and what was asked meanwhile, as `METHOD path`.
    pub(crate) fn night(&self, reports: &[Value]) -> Vec<String> {
        let before = self.state().asked.len();
        let output = self.track(&[], reports);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let state = self.state();
        state.asked[before..].iter().map(|asked| format!("{} {}", asked.method, asked.path)).collect()
    }

    /// The one issue.
    pub(crate) fn only(&self) -> Issue {
        let state = self.state();
        assert_eq!(state.issues.len(), 1, "{:?}", state.issues);
        state.issues[0].clone()
    }
}

/// `cargo xtask tracker` without any tracker.
pub(crate) fn tracker(arguments: &[&str], reports: &[Value]) -> (Command, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("tracker").args(arguments);
    for (number, report) in reports.iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, report.to_string()).expect("it is written");
        command.arg("--report").arg(path);
    }
    for (name, _) in std::env::vars() {
        let is_theirs = ["GITHUB_", "GITLAB_", "CI_"].iter().any(|prefix| name.starts_with(prefix));
        if is_theirs || name.to_ascii_lowercase().ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    (command, folder)
}

fn answer(kind: Kind, state: &Mutex<State>, mut stream: TcpStream) {
    let Some(asked) = read(&stream) else { return };
    let mut state = state.lock().expect("no thread panicked");
    let (head, body) = match &state.broken {
        Some(broken) => (broken.clone(), json!({"message": format!("no, {TOKEN}")})),
        None => match act(kind, &mut state, &asked) {
            Some(body) => ("200 OK".to_owned(), body),
            None => ("404 Not Found".to_owned(), json!({"message": "Not Found"})),
        },
    };
    state.asked.push(asked);
    drop(state);
    let body = body.to_string();
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // Who asked may be gone.
    stream.write_all((head + &body).as_bytes()).ok();
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut head = String::new();
    while reader.read_line(&mut head).ok()? > 2 {}
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, head: lower, body: String::from_utf8(body).ok()? })
}

/// Does what was asked for; `None` for what there is not.
fn act(kind: Kind, state: &mut State, asked: &Asked) -> Option<Value> {
    let (base, body_key, credential) = match kind {
        Kind::GitHub => ("/repos/vigie-rs/vigie/issues", "body", format!("authorization: bearer {TOKEN}")),
        Kind::GitLab => ("/projects/12/issues", "description", format!("private-token: {TOKEN}")),
    };
    if asked.method != "GET" && !asked.head.lines().any(|line| line == credential) {
        return None;
    }
    let rest = asked.path.strip_prefix(base)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let sent: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    let text = |key: &str| sent[key].as_str().map(str::to_owned);
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let place = |number: &str, issues: &[Issue]| issues.iter().position(|issue| issue.number.to_string() == number);
    match (asked.method.as_str(), &steps[..]) {
        ("GET", []) => {
            let value = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
            assert_eq!((value("state"), value("per_page")), (Some("all"), Some("100")));
            let page: usize = value("page")?.parse().ok()?;
            let labelled =
                state.issues.iter().rev().filter(|issue| issue.labels.iter().any(|l| Some(&**l) == value("labels")));
            Some(labelled.skip((page - 1) * 100).take(100).map(|issue| drawn(kind, issue)).collect())
        }
        ("POST", []) => {
            let labels = match &sent["labels"] {
                _ if state.drops_labels => Vec::new(),
                Value::String(labels) if kind == Kind::GitLab => labels.split(',').map(str::to_owned).collect(),
                labels => labels.as_array()?.iter().filter_map(|label| label.as_str().map(str::to_owned)).collect(),
            };
            let number = state.issues.last().map_or(0, |issue| issue.number) + 1;
            let (title, body) = (text("title")?, text(body_key)?);
            state.issues.push(Issue { number, title, body, labels, open: true, comments: Vec::new() });
            state.issues.last().map(|issue| drawn(kind, issue))
        }
        ("PATCH" | "PUT", [number]) if (asked.method == "PATCH") == (kind == Kind::GitHub) => {
            let index = place(number, &state.issues)?;
            let issue = &mut state.issues[index];
            issue.body = text(body_key).unwrap_or_else(|| issue.body.clone());
            match (text("state").as_deref(), text("state_event").as_deref()) {
                (Some("closed"), None) | (None, Some("close")) => issue.open = false,
                (Some("open"), None) | (None, Some("reopen")) => issue.open = true,
                _ => {}
            }
            Some(drawn(kind, issue))
        }
        ("POST", [number, "comments" | "notes"]) => {
            let index = place(number, &state.issues)?;
            state.issues[index].comments.push(text("body")?);
            Some(json!({"id": 1}))
        }
        _ => None,
    }
}

fn drawn(kind: Kind, issue: &Issue) -> Value {
    let Issue { number, title, body, labels, open, .. } = issue;
    match kind {
        Kind::GitHub => {
            let labels: Vec<Value> = labels.iter().map(|name| json!({"name": name})).collect();
            let state = if *open { "open" } else { "closed" };
            json!({"number": number, "title": title, "body": body, "labels": labels, "state": state})
        }
        Kind::GitLab => {
            let state = if *open { "opened" } else { "closed" };
            json!({"id": 1000 + number, "iid": number, "title": title, "description": body, "labels": labels, "state": state})
        }
    }
}
