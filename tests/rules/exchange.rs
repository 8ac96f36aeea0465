//! A case and the answer to it, through `vigie check` and a server on the loopback interface.

use crate::fixture::{Fixture, finding};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

/// What the target answers, whatever it is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// The scopes of the token, which the target tells when it is asked; without them it does not tell.
    scopes: Option<Vec<String>>,
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let work = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(&work).env_remove("VIGIE_API_PARTICULIER_TOKEN");
    command.args(["check", "--case", "case", "--format", "json", "--corpus"]).arg(fixture.path("cases"));
    if fixture.path("answer.yml").exists() {
        let target = serve(fixture.yaml("answer.yml")?)?;
        command.args(["--target", &target]).env("VIGIE_API_PARTICULIER_TOKEN", "token");
    }
    if fixture.path("snapshots").exists() {
        // A copy: what differs is proposed beside it.
        copy(&fixture.path("snapshots"), &work.path().join("accepted"))?;
        command.args(["--snapshots", "accepted"]);
    }
    let output = command.output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("no report ({error}): {}", String::from_utf8_lossy(&output.stderr)))?;
    let findings = report["cases"][0]["findings"].as_array().ok_or("the report has no case")?;
    Ok(findings.iter().map(|found| finding(found, ["pointer", "expected", "observed"])).collect())
}

/// Starts a target that gives this answer. It ends with the test's process.
fn serve(answer: Answer) -> Result<String, Failed> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is the test's matter, and it tells.
            reply(&stream, &answer).ok();
        }
    });
    Ok(url)
}

fn reply(mut stream: &TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let json = BTreeMap::from([("Content-Type".to_owned(), "application/json".to_owned())]);
    let text = match &answer.scopes {
        _ if first.starts_with("HEAD") => http(204, &BTreeMap::new(), ""),
        Some(scopes) if first.starts_with("GET /api/introspect") => {
            http(200, &json, &serde_json::json!({"scopes": scopes}).to_string())
        }
        None if first.starts_with("GET /api/introspect") => http(404, &json, "{}"),
        _ => http(answer.status, &answer.headers, &answer.body),
    };
    stream.write_all(text.as_bytes())
}

fn http(status: u16, headers: &BTreeMap<String, String>, body: &str) -> String {
    let own =
        [format!("HTTP/1.1 {status} "), format!("Content-Length: {}", body.len()), "Connection: close".to_owned()];
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let head = own.into_iter().chain(headers).collect::<Vec<_>>().join("\r\n");
    format!("{head}\r\n\r\n{body}")
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
