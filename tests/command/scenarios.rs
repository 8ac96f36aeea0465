//! Scenarios of several steps, against a provider of the test's own: two hosts, worlds, tokens, bodies and callbacks.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use support::tiny::{Answer, Tiny};
use vigie_drift::finding::{Conclusion, Verdict};
use vigie_drift::run::RunReport;
use vigie_harness::runner::{Plan, PlanError, Store, Target};
use vigie_sandbox::{Options, SERVER};

const TOKEN: &str = "t0ken-of-the-double";

fn contract() -> Value {
    let json = |schema: Value| json!({"application/json": {"schema": schema}});
    let answers = |schema: Value| json!({"200": {"content": json(schema)}, "default": {"content": json(json!({}))}});
    let fixed = json!([{"url": "https://api.test/v1"}]);
    let id = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}});
    let thing = json!({"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}});
    let event = json!({"type": "object", "required": ["eventId"], "properties": {"eventId": {"type": "string"}, "at": {"type": "string"}}});
    let session =
        json!({"type": "object", "properties": {"accessToken": {"type": "string"}, "endpointUrl": {"type": "string"}}});
    let echo = json!({"type": "object", "properties": {"type": {"type": "string"}, "body": {}}});
    let query = json!({"type": "object", "required": ["query", "variables"], "properties": {"variables": {
        "type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "deep": {"type": "object"}},
    }}});
    let in_path = json!([{"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}]);
    let graphql = |id: &str, writes: bool| {
        json!({"post": {
            "operationId": id, "servers": fixed, "responses": answers(echo.clone()),
            "x-graphql": {"document": format!("query {id}"), "source": "x.graphql", "writes": writes},
            "requestBody": {"required": true, "content": json(query.clone())},
        }})
    };
    json!({"servers": [{"url": "{endpointUrl}/v1"}], "paths": {
        "/token": {"servers": fixed, "get": {"operationId": "getToken", "responses": answers(session)}},
        "/things": {"post": {"operationId": "createThing", "responses": answers(id),
            "requestBody": {"required": true, "content": json(thing.clone())}}},
        "/things/{id}": {
            "get": {"operationId": "getThing", "parameters": in_path, "responses": answers(thing)},
            "delete": {"operationId": "deleteThing", "parameters": in_path, "responses": answers(json!({}))},
        },
        "/form": {"post": {"operationId": "sendForm", "servers": fixed, "responses": answers(echo.clone()),
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {}}}}}},
        "/moved": {"get": {"operationId": "getMoved", "responses": answers(json!({}))}},
        "/graphql#ask": graphql("ask", false),
        "/graphql#change": graphql("change", true),
        "/webhook": {"post": {"operationId": "createWebhook", "responses": answers(json!({})),
            "requestBody": {"required": true, "content": json(json!({}))},
            "callbacks": {"event": {"{$request.body#/url}": {"post": {"operationId": "event",
                "requestBody": {"required": true, "content": json(event)}, "responses": {"200": {}}}}}}}},
    }})
}

/// What the double remembers of one world.
#[derive(Default)]
struct World {
    things: Vec<Option<String>>,
    moved: bool,
}

/// The double, and what came in: host, line, world.
#[derive(Clone, Default)]
struct Double {
    worlds: Arc<Mutex<HashMap<String, World>>>,
    seen: Arc<Mutex<Vec<(String, String, String)>>>,
}

fn ok(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::SERVER, SERVER)], body.to_string()).into_response()
}

fn refused(status: u16, code: &str) -> Response {
    (StatusCode::from_u16(status).expect("a status"), ok(&json!({"code": code}))).into_response()
}

impl Double {
    async fn answer(self, role: &'static str, urls: Vec<String>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, 1 << 16).await.expect("a body");
        let text = String::from_utf8_lossy(&body).into_owned();
        let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
        let value = |name: &str| of(&head.headers, name);
        let world = value("vigie-world");
        let line = format!("{} {}", head.method, head.uri);
        self.seen.lock().expect("no panic").push((role.into(), line.clone(), world.clone()));
        if role == "endpointUrl" && value("accesstoken") != TOKEN {
            return refused(401, "InvalidToken");
        }
        let path = head.uri.path().to_owned();
        match (role, head.method.as_str(), path.trim_start_matches("/v1/")) {
            ("token", "HEAD", _) => ok(&json!({})),
            ("token", "GET", "token") => ok(&json!({"accessToken": TOKEN, "endpointUrl": format!("{}/", urls[1])})),
            ("token", "POST", "form" | "graphql") => {
                let body = if sent.is_null() { text.into() } else { sent };
                ok(&json!({"type": value("content-type"), "body": body}))
            }
            ("endpointUrl", "POST", "things") => {
                let mut worlds = self.worlds.lock().expect("no panic");
                let things = &mut worlds.entry(world).or_default().things;
                things.push(sent["name"].as_str().map(str::to_owned));
                ok(&json!({"id": things.len()}))
            }
            ("endpointUrl", method @ ("GET" | "DELETE"), path) if path.starts_with("things/") => {
                let id: usize = path.trim_start_matches("things/").parse().unwrap_or_default();
                let mut worlds = self.worlds.lock().expect("no panic");
                let things = &mut worlds.entry(world).or_default().things;
                match id.checked_sub(1).and_then(|place| things.get_mut(place)) {
                    Some(name @ Some(_)) if method == "DELETE" => ok(&json!({"was": name.take()})),
                    Some(Some(name)) => ok(&json!({"id": id, "name": name})),
                    _ => refused(404, "Gone"),
                }
            }
            ("endpointUrl", "GET", "moved") => {
                let moved =
                    std::mem::replace(&mut self.worlds.lock().expect("no panic").entry(world).or_default().moved, true);
                let body = ok(&json!({}));
                if moved {
                    body
                } else {
                    (StatusCode::PERMANENT_REDIRECT, [("location", urls[1].clone())], body).into_response()
                }
            }
            ("endpointUrl", "POST", "webhook") => self.call_back(sent).await,
            _ => refused(404, "NoSuchPath"),
        }
    }

    /// Asks whether somebody is there, and tells them what they want to be told.
    async fn call_back(&self, sent: Value) -> Response {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let url = sent["url"].as_str().expect("a URL");
        let asked = client.get(format!("{url}?validationToken=a%20b")).timeout(std::time::Duration::from_millis(500));
        let told = match asked.send().await {
            Ok(answer) => answer.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        };
        if told != "a b" {
            return refused(400, "Rejected");
        }
        let call = client.post(url).json(&sent["event"]).send();
        let status = call.await.map(|answer| answer.status().as_u16()).unwrap_or_default();
        ok(&json!({"calledBack": status, "url": url}))
    }
}

fn of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A provider, its double and a folder for scenarios and snapshots.
struct Site {
    folder: tempfile::TempDir,
    double: Double,
}

impl Site {
    fn new(scenarios: &[(&str, &str)]) -> Self {
        // The clients of this crate choose the provider of TLS; the double's own client asks for one too.
        rustls::crypto::ring::default_provider().install_default().ok();
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in scenarios {
            let path = folder.path().join("cases").join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
            std::fs::write(path, text).expect("it is written");
        }
        Self { folder, double: Double::default() }
    }

    fn plan(&self) -> Result<Plan, PlanError> {
        let double = self.double.clone();
        let furnish = Arc::new(move |urls: &[String]| {
            let (double, urls) = (double.clone(), urls.to_vec());
            let answer = move |role, request| -> BoxFuture<'static, Response> {
                Box::pin(double.clone().answer(role, urls.clone(), request))
            };
            Arc::new(answer) as Arc<Answer>
        });
        let provider = Tiny { contract: contract(), furnish }.leak();
        let mut plan = Plan::new(provider, Some(&self.folder.path().join("cases")))?;
        plan.snapshots = Store::Folder(self.snapshots());
        Ok(plan)
    }

    fn snapshots(&self) -> std::path::PathBuf {
        self.folder.path().join("snapshots")
    }

    async fn run(&self) -> RunReport {
        let session = self.plan().expect("the scenarios are good").start(|_| true).await.expect("it starts");
        session.run().await.expect("it runs")
    }

    /// A snapshot that waits.
    fn proposed(&self, key: &str) -> String {
        let path = self.snapshots().join("tiny").join(format!("{key}.snap.new"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn lines(&self) -> Vec<String> {
        let seen = self.double.seen.lock().expect("no panic");
        seen.iter().map(|(role, line, _)| format!("{role} {line}")).filter(|line| !line.contains("HEAD")).collect()
    }
}

/// Rules of every case in its order, without those of missing snapshots.
fn rules(report: &RunReport) -> Vec<(&str, Vec<&str>)> {
    let rules = |case: &vigie_drift::finding::CaseReport| {
        case.findings.iter().map(|finding| finding.rule.id).filter(|rule| *rule != "snapshot-missing").collect()
    };
    report.cases.iter().map(|case| (case.case.as_str(), rules(case))).collect()
}

const DAY: &str = "steps:
- operation: getToken
  capture: {token: $.accessToken, endpointUrl: $.endpointUrl}
- operation: createThing
  credential: &own {accessToken: '{{token}}'}
  body: {name: 'a {{token}}'}
  capture: {thing: $.id}
- operation: getThing
  name: it-is-there
  credential: *own
  params: {id: '{{thing}}'}
cleanup:
- operation: deleteThing
  credential: *own
  params: {id: '{{thing}}'}
- operation: getThing
  credential: *own
  params: {id: '{{thing}}'}
  status: 404
  expect: {code: Gone}
";

#[tokio::test(flavor = "multi_thread")]
async fn steps_hand_on_what_they_capture_each_scenario_in_its_world() {
    let site = Site::new(&[("things/day.yml", DAY), ("things/night.yml", DAY)]);
    let report = site.run().await;
    let cases = rules(&report);
    assert!(cases.iter().all(|(_, rules)| rules.is_empty()), "{cases:?}");
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).take(5).collect();
    let expected = ["1-getToken", "2-createThing", "it-is-there", "4-deleteThing", "5-getThing"];
    assert_eq!(names, expected.map(|name| format!("things-day-{name}")));
    // A path parameter of an id that each world counts by itself.
    let lines = site.lines();
    assert_eq!(lines.iter().filter(|line| *line == "endpointUrl GET /v1/things/1").count(), 4, "{lines:?}");
    assert!(lines.contains(&"token GET /v1/token".to_owned()));
    let seen = site.double.seen.lock().expect("no panic").clone();
    let worlds: std::collections::BTreeSet<_> = seen.iter().map(|(.., world)| world).collect();
    assert_eq!(worlds.len(), 2, "{worlds:?}");
    // The double's port is another one in each run.
    let session = site.proposed("getToken/things-day-1-getToken");
    assert!(session.contains("\"endpointUrl\": \"{{endpointUrl}}/\""), "{session}");
    assert!(site.proposed("getThing/things-day-it-is-there").contains("\"name\": \"a t0ken"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_lacks_is_not_sent_and_the_rest_is() {
    let broken = DAY.replace("token: $.accessToken", "token: $.accesToken");
    let site = Site::new(&[("things/day.yml", &broken)]);
    let report = site.run().await;
    let told: Vec<usize> = rules(&report).iter().map(|(_, rules)| rules.len()).collect();
    assert_eq!(told, [0, 1, 1, 1, 1]);
    assert_eq!(report.conclusion(), Conclusion::Inconclusive, "the first step is good, and the rest was not sent");
    let finding = &report.cases[2].findings[0];
    assert_eq!(
        (finding.rule.id, finding.fact.observed.as_str()),
        ("request-unbuilt", Some("no earlier step captured `thing`, `token`"))
    );
    assert_eq!(site.lines(), ["token GET /v1/token"]);
    assert_eq!((report.cases[0].verdict, report.conclusion()), (Verdict::Conforms, Conclusion::Inconclusive));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_go_in_the_form_of_the_contract() {
    let text = "steps:\n- operation: sendForm\n  body: {a: x y, b: [1, 2]}\n\
        - operation: ask\n  params: {id: 7, deep: {list: [a]}}\n\
        - operation: change\n  params: {id: 7, dep: 1}\n- operation: change\n\
        - operation: sendForm\n  headers: {Content-Type: text/csv}\n  body: 'a;b'\n";
    let site = Site::new(&[("bodies/all.yml", text)]);
    let report = site.run().await;
    let found: Vec<Vec<&str>> = rules(&report).into_iter().map(|(_, rules)| rules).collect();
    assert_eq!(found, [vec![], vec![], vec!["case-parameter-unknown"], vec!["case-parameter-missing"], vec![]]);
    let form = site.proposed("sendForm/bodies-all-1-sendForm");
    assert!(form.contains("x-www-form-urlencoded") && form.contains("a=x+y&b=1&b=2"), "{form}");
    let query = site.proposed("ask/bodies-all-2-ask");
    let body: Value = serde_json::from_str(query.split("body:\n").nth(1).expect("a body")).expect("JSON");
    assert_eq!(body["body"], json!({"query": "query ask", "variables": {"id": 7, "deep": {"list": ["a"]}}}));
    assert!(site.proposed("sendForm/bodies-all-5-sendForm").contains("text/csv"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_moved_is_called_where_it_went() {
    let text = "steps:\n- operation: getToken\n  capture: {token: $.accessToken}\n\
        - operation: getMoved\n  credential: &own {accessToken: '{{token}}'}\n  status: 308\n  capture: {endpointUrl: header:location}\n\
        - operation: getMoved\n  credential: *own\n";
    let site = Site::new(&[("moved/once.yml", text)]);
    let report = site.run().await;
    assert!(rules(&report).iter().all(|(_, rules)| rules.is_empty()), "{:?}", rules(&report));
}

fn webhook(listener: &str, event: &str, status: &str) -> String {
    format!(
        "listener: {listener}\nsteps:\n- operation: getToken\n  capture: {{token: $.accessToken}}\n\
         - operation: createWebhook\n  credential: {{accessToken: '{{{{token}}}}'}}\n  \
         body: {{url: '{{{{callback}}}}/x', event: {event}}}\n  {status}\n- callback: event\n  capture: {{eventId: $.eventId}}\n\
         - operation: sendForm\n  body: {{id: '{{{{eventId}}}}'}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_back_is_awaited_judged_and_captured() {
    let good = webhook("{status: 202}", "{eventId: e-1, at: '{{callback}}/x'}", "status: 200");
    let site = Site::new(&[("hooks/good.yml", &good)]);
    let report = site.run().await;
    assert!(rules(&report).iter().all(|(_, rules)| rules.is_empty()), "{:?}", rules(&report));
    let call = site.proposed("event/hooks-good-3-event");
    assert!(
        call.contains("status: 202\nmedia-type: application/json") && call.contains("\"at\": \"{{callback}}/x\""),
        "{call}"
    );
    assert!(site.proposed("createWebhook/hooks-good-2-createWebhook").contains("\"calledBack\": 202"));
    assert!(site.proposed("sendForm/hooks-good-4-sendForm").contains("id=e-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_does_not_fit_and_one_that_never_comes_are_told() {
    let bad = webhook("{}", "{event: 7}", "status: 200");
    let refused = "status: 400\n  expect: {code: Rejected}";
    let manners = ["quoted", "wrong", "refused", "silent"];
    let never =
        manners.map(|manner| webhook(&format!("{{validation: {manner}, patience: 1}}"), "{eventId: e}", refused));
    let mut scenarios = vec![("hooks/bad.yml", bad.as_str())];
    let names = manners.map(|manner| format!("hooks/{manner}.yml"));
    scenarios.extend(names.iter().map(String::as_str).zip(never.iter().map(String::as_str)));
    let site = Site::new(&scenarios);
    let report = site.run().await;
    for (case, rules) in rules(&report) {
        let expected: &[&str] = match case {
            "hooks-bad-3-event" => &["request-invalid", "request-undocumented"],
            case if case.ends_with("3-event") => &["callback-missing"],
            case if case.ends_with("4-sendForm") => &["request-unbuilt"],
            _ => &[],
        };
        assert_eq!(rules, expected, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_real_host_nothing_is_written_and_nothing_captured_is_told() {
    let read = "steps:\n- operation: getToken\n  capture: {token: $.accessToken, endpointUrl: $.endpointUrl}\n\
        - operation: getThing\n  credential: {accessToken: '{{token}}'}\n  params: {id: '{{token}}'}\n  expect: {code: '{{token}}'}\n";
    let query = "steps:\n- operation: ask\n  params: {id: 1}\n- operation: change\n  params: {id: 1}\n";
    let site = Site::new(&[("things/day.yml", DAY), ("things/read.yml", read), ("things/query.yml", query)]);
    let plan = site.plan().expect("the scenarios are good");
    let sandbox = plan.provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it is made");
    let running = sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port");
    let (_, here) = running.hosts().next().expect("a host");
    let mut plan = site.plan().expect("the scenarios are good");
    plan.target = Target::Url(here);
    let session = plan.start(|_| true).await.expect("it starts");
    let report = session.run().await.expect("it runs");
    let told = serde_json::to_string(&report).expect("JSON");
    assert!(!told.contains(TOKEN), "{told}");
    assert!(!site.snapshots().exists());
    let left: Vec<&str> =
        report.cases.iter().filter(|case| case.status.is_none()).map(|case| case.case.as_str()).collect();
    assert!(left.len() == 7 && left.iter().all(|case| !case.starts_with("things-read")), "{told}");
    assert!(told.contains("`change` writes") && told.contains("case-left-out") && !told.contains("unjudged"), "{told}");
    assert_eq!(site.lines().iter().filter(|line| !line.contains("GET")).count(), 0, "{:?}", site.lines());
}

#[test]
fn what_only_the_contract_knows_is_told_at_its_place() {
    for (steps, told) in [
        ("- operation: getTokn\n", "things/day.yml:2:14: no operation `getTokn`, did you mean `getToken`?"),
        ("- operation: event\n", "2:3: `event` is made by the provider: write `callback: event`"),
        ("- callback: getToken\n", "2:3: `getToken` is sent: write `operation: getToken`"),
        (
            "- operation: getToken\n  capture: {t: $.accessToken}\n- operation: getToken\n  capture: {t: $.accessToken}\n",
            "5:13: an earlier step captures `t` already",
        ),
    ] {
        let site = Site::new(&[("things/day.yml", &format!("steps:\n{steps}"))]);
        let error = site.plan().err().expect("it is refused").to_string();
        assert!(error.contains(told), "{error}");
    }
    let site = Site::new(&[("getThing/map.yml", "description: id\nstatus: 200\nparams:\n  id: {a: 1}\n")]);
    let error = site.plan().err().expect("it is refused").to_string();
    assert!(error.contains("map.yml:4:7: the parameter `id` is a map"), "{error}");
}
