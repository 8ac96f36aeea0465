//! A server that is no sandbox: it forwards to one, and answers as the real server does where that differs.

use super::double::vigie;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::Options;
use vigie_sandbox::mobilic::{WORKER, known_session};

/// What one sees of oneself, by the id that the server gives: it names nobody of the sandbox.
const OWN: &str = "description: What one sees of oneself.
steps:
- operation: me
  capture: {own: $.data.me.id}
- operation: user
  params: {id: '{{own}}'}
- operation: workDays
  params: {userId: '{{own}}', first: 2}
";

/// A server whose answers `edit` changes; it ends with the test's process.
fn server(edit: impl Fn(&mut Value) + Send + 'static) -> String {
    let provider = provider("mobilic").expect("it is known");
    let plan = Plan::new(provider, None).expect("our own cases");
    let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    let (sender, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let running = sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.expect("a free port");
            sender.send(running.address()).expect("the test waits for it");
            std::future::pending::<()>().await;
        });
    });
    let address = address.recv().expect("it was started");
    support::host::start_reading(move |first, body| {
        let (status, answer) = forward(address, first, body).expect("the sandbox answers");
        let Ok(mut value) = serde_json::from_str::<Value>(&answer) else {
            return support::host::http(&status, [("Content-Type", "text/plain")], &answer);
        };
        edit(&mut value);
        support::host::http(&status, [("Content-Type", "application/json")], &value.to_string())
    })
}

/// Status and body of an answer.
fn forward(address: SocketAddr, first: &str, body: &[u8]) -> std::io::Result<(String, String)> {
    let token = known_session(WORKER, false);
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "{first}\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    Ok((head.lines().next().unwrap_or_default().replace("HTTP/1.1 ", ""), body.to_owned()))
}

/// Every object in a value.
fn objects(value: &mut Value, edit: &impl Fn(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            edit(map);
            map.values_mut().for_each(|inner| objects(inner, edit));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| objects(item, edit)),
        _ => {}
    }
}

fn folder(scenario: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(place.path().join("cases/person")).expect("it is made");
    std::fs::write(place.path().join("cases/person/oneself.yml"), scenario).expect("it is written");
    place
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let variables = [("VIGIE_RECORD_KEY", super::KEY), ("VIGIE_MOBILIC_TOKEN", "a-token-of-this-test")];
    let run = vigie(folder, arguments, &variables);
    (run.code, run.text)
}

#[test]
fn a_check_right_after_a_recording_finds_nothing_where_keys_are_data() {
    let names = |names: Value| {
        move |answer: &mut Value| {
            objects(answer, &|map| {
                for (key, value) in
                    [("missionNames", names.clone()), ("activityDurations", json!({"drive": 60, "work": 3600}))]
                {
                    if map.contains_key(key) {
                        map.insert(key.to_owned(), value);
                    }
                }
                // A first name that is a word of the contract, and of the name of a step.
                if map.contains_key("firstName") {
                    map.insert("firstName".to_owned(), json!("User"));
                }
            });
        }
    };
    let url = server(names(json!({"4711": "Tour"})));
    let place = folder(OWN);
    let at = ["--provider", "mobilic", "--target", &url, "--corpus", "cases"];
    let (code, text) = run(place.path(), &[&["record", "--out", "kept"][..], &at].concat());
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("workDays/person-oneself-3-workDays.snap"), "{text}");
    assert!(text.contains("user/person-oneself-2-user.snap"), "{text}");
    let check = |url: &str| {
        let at = ["--provider", "mobilic", "--target", url, "--corpus", "cases", "--snapshots", "kept/snapshots"];
        run(place.path(), &[&["check"][..], &at].concat())
    };
    let (code, text) = check(&url);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("snapshot") && !text.contains("breaking"), "{text}");
    // Other keys are other data; another type of their values is a change.
    assert_eq!(check(&server(names(json!({"12": "Run", "977": "Trip"})))).0, Some(0));
    let (code, text) = check(&server(names(json!({"4711": 7}))));
    assert!(code == Some(1) && text.contains("/missionNames/*"), "{code:?}: {text}");
}

#[test]
fn a_step_whose_name_holds_a_value_is_written_under_another_and_that_is_said() {
    let url = server(|answer| {
        objects(answer, &|map| {
            if map.contains_key("firstName") {
                map.insert("firstName".to_owned(), json!("Ostermann"));
            }
        });
    });
    let place = folder(&OWN.replace("operation: user\n", "operation: user\n  name: of-ostermann\n"));
    let at = ["record", "--out", "kept", "--provider", "mobilic", "--target", &url, "--corpus", "cases"];
    let (code, text) = run(place.path(), &at);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("because its name contains a value") && !text.contains("ostermann"), "{text}");
}
