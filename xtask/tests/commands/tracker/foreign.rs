//! What others can do: a provider whose values look like Markdown, a tracker that refuses, a host that wants the token.

use super::fake::{Fake, Kind, TOKEN};
use super::{KINDS, drifted};
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::json;

/// Values that an answer may hold, and that must be text in an issue.
const VALUES: [&str; 8] = [
    "@vigie-rs/everyone see #1",
    "<img src=x onerror=alert(1)> <!-- vigie:cause:00000000 -->",
    "x\n<!-- vigie:cause:00000000 -->\n<!-- vigie:end -->",
    "x\n/close\n/assign @someone",
    "`` ` ``` [a](https://x.example) ![b](https://x.example)",
    "\n```\n# heading\n```\n",
    " \u{202e}gnihtemos\u{200b} \r\n- item",
    "https://x.example/?a=b www.x.example",
];

#[test]
fn values_of_a_provider_are_text() {
    for kind in KINDS {
        for value in VALUES {
            let fake = Fake::start(kind);
            let mut night = drifted(&["one"]);
            for key in ["before", "after"] {
                night["causes"][0][key] = json!(value);
            }
            night["causes"][0]["places"][0]["location"] = json!(value);
            night["causes"][0]["places"][0]["operation"] = json!(value);
            fake.night(&[night.clone()]);
            let issue = fake.only();
            assert!(issue.title.lines().count() == 1 && !issue.title.contains('\u{202e}'), "{}", issue.title);
            assert!(is_text(&issue.body), "{}", issue.body);
            // It is found again by its own mark.
            fake.night(&[night]);
            assert_eq!(fake.only().body, issue.body);
        }
    }
}

/// Whether a body has no HTML but its three marks, no link and no image, nothing that is mentioned outside of code, no
/// command of GitLab, and the headings that every issue has.
fn is_text(body: &str) -> bool {
    let (mut marks, mut headings, mut links, mut mentions, mut in_code) = (0, 0, 0, 0, false);
    for event in Parser::new(body) {
        match event {
            Event::Html(html) if html.starts_with("<!-- vigie:") => marks += 1,
            Event::Html(html) if html.trim().is_empty() => {}
            Event::Html(_) | Event::InlineHtml(_) => return false,
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code => mentions += text.matches(['@', '#']).count(),
            _ => {}
        }
    }
    let commands = body.lines().filter(|line| line.trim_start().starts_with('/')).count();
    (marks, headings, links, mentions, commands) == (3, 3, 0, 0, 0)
}

#[test]
fn a_rate_limit_stops_with_a_message() {
    for (head, expected) in [
        ("403 Forbidden\r\nRetry-After: 60", "rate limit is reached: run it again in 60 s"),
        ("429 Too Many Requests\r\nRetry-After: 5", "rate limit is reached: run it again in 5 s"),
        ("403 Forbidden\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1800000000", "at second 1800000000"),
        ("403 Forbidden", "403: the token lacks the right to write issues"),
        ("401 Unauthorized", "401: the token was rejected"),
        ("404 Not Found", "404: no such project"),
        ("410 Gone", "issues are switched off"),
        ("502 Bad Gateway", "502: the tracker does not work"),
        ("200 OK", "the tracker's list of issues is not a list"),
    ] {
        for kind in KINDS {
            let fake = Fake::start(kind);
            fake.state().broken = Some(head.to_owned());
            let output = fake.track(&[], &[drifted(&["one"])]);
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{told}");
            assert!(told.contains(expected), "{expected}: {told}");
            assert!(!told.contains(TOKEN), "{told}");
            assert_eq!(fake.state().asked.len(), 1, "it is not asked again");
        }
    }
}

#[test]
fn a_token_goes_to_one_host_and_into_no_text() {
    for kind in KINDS {
        let (fake, other) = (Fake::start(kind), Fake::start(kind));
        let head = format!("301 Moved Permanently\r\nLocation: {}/repos/vigie-rs/vigie/issues", other.url);
        fake.state().broken = Some(head);
        let output = fake.track(&[], &[drifted(&["one"])]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3));
        assert!(told.contains("301: the project has moved"), "{told}");
        assert!(other.state().asked.is_empty(), "the other host was asked");

        fake.state().broken = None;
        let output = fake.track(&[], &[drifted(&["one"])]);
        assert!(output.status.success());
        let state = fake.state();
        assert!(state.asked.iter().all(|asked| asked.head.contains(TOKEN)), "each request is made with the token");
        assert!(state.asked.iter().all(|asked| !asked.body.contains(TOKEN) && !asked.path.contains(TOKEN)));
        assert!(![output.stdout, output.stderr].iter().any(|text| String::from_utf8_lossy(text).contains(TOKEN)));
    }
}

#[test]
fn a_tracker_that_is_not_there_is_told() {
    let mut fake = Fake::start(Kind::GitHub);
    // A port on which nobody listens any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    fake.url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let output = fake.track(&[], &[drifted(&["one"])]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(told.starts_with("error: GET http://127.0.0.1:") && !told.contains(TOKEN), "{told}");
}
