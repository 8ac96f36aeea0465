//! `cargo xtask fetch` on the real binary, against hosts on loopback: what is kept, and what is refused.

mod odd;

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use support::bytes_host::{gzip, http};

const YAML: (&str, &str) = ("Content-Type", "application/yaml");

/// A published document with operations of these paths.
fn document(paths: &[&str]) -> String {
    let operation =
        |path: &&str| format!("  {path}:\n    get:\n      responses:\n        '200': {{description: prose}}\n");
    let paths: String = paths.iter().map(operation).collect();
    format!("openapi: 3.0.0\ninfo: {{title: T, version: 1.2.0}}\npaths:\n{paths}")
}

fn whole() -> String {
    document(&["/a", "/b", "/c", "/d"])
}

/// A tree with one vendored contract, one with a GraphQL schema, and one of which nothing is published.
struct Tree {
    root: tempfile::TempDir,
}

impl Tree {
    /// `url` is where its document is published.
    fn new(url: &str) -> Self {
        let tree = Self { root: tempfile::tempdir().expect("a temporary folder") };
        let overlay = format!(
            "overlay: 1.1.0\ninfo: {{title: o, version: '1'}}\nextends: {url}\nactions:\n- {{target: $.info, update: {{x-a: 1}}}}\n"
        );
        tree.write("specs/p/v1/overlay.yml", &overlay);
        tree.write("specs/old/open-api.yml", "openapi: 3.0.3\nx-hand-written: true\n");
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }

    fn xtask(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).env("VIGIE_SPECS", self.root.path().join("specs"));
        command.env("VIGIE_PUBLISHED", self.root.path().join("published"));
        // A proxy of the machine would be asked instead of the host.
        for proxy in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        let Output { status, stdout, stderr } = command.output().expect("xtask runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (status.code(), text(stdout), text(stderr))
    }

    fn stored(&self, name: &str) -> Option<(Vec<u8>, Value)> {
        let folder = self.root.path().join("published").join(name);
        let meta = std::fs::read(folder.join("meta.json")).ok()?;
        Some((std::fs::read(folder.join("document")).ok()?, serde_json::from_slice(&meta).expect("it is JSON")))
    }

    /// Everything below the folder of fetched documents.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.path().join("published")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

type Shared<T> = Arc<Mutex<T>>;

/// A host whose answer may be changed, and the heads of the requests that it got.
fn changing(first: Vec<u8>) -> (String, Shared<Vec<u8>>, Shared<Vec<String>>) {
    let (answer, heads) = (Arc::new(Mutex::new(first)), Arc::new(Mutex::new(Vec::new())));
    let (own, log) = (Arc::clone(&answer), Arc::clone(&heads));
    let url = support::bytes_host::start(move |head, stream| {
        log.lock().expect("no panic").push(head.to_owned());
        stream.write_all(&own.lock().expect("no panic"))
    });
    (url, answer, heads)
}

#[test]
fn what_is_published_is_kept_and_asked_for_again_only_if_it_changed() {
    let day = "Sat, 21 Nov 2026 08:00:00 GMT";
    let first = http("200 OK", &[YAML, ("ETag", "\"one\""), ("Last-Modified", day)], whole().as_bytes());
    let (url, answer, heads) = changing(first);
    let tree = Tree::new(&format!("{url}/v1.yml"));

    let (code, out, error) = tree.xtask(&["fetch"]);
    assert_eq!(code, Some(0), "{out}{error}");
    assert!(out.contains("old: nothing is published") && out.contains("p/v1: new, "), "{out}");
    let (bytes, meta) = tree.stored("p/v1").expect("it is kept");
    assert_eq!(bytes, whole().as_bytes());
    assert_eq!((&meta["etag"], &meta["last_modified"]), (&Value::from("\"one\""), &Value::from(day)));
    assert_eq!((&meta["size"], &meta["content_type"]), (&Value::from(whole().len()), &Value::from("application/yaml")));
    let head = heads.lock().expect("no panic")[0].clone();
    assert!(
        head.starts_with("get /v1.yml ") && !head.contains("if-none-match") && !head.contains("authorization"),
        "{head}"
    );

    *answer.lock().expect("no panic") = http("304 Not Modified", &[], b"");
    let (code, out, _) = tree.xtask(&["fetch", "p"]);
    assert_eq!((code, out.as_str()), (Some(0), "p/v1: unchanged (304)\n"));
    let head = heads.lock().expect("no panic")[1].clone();
    assert!(
        head.contains("if-none-match: \"one\"") && head.contains(&format!("if-modified-since: {}", day.to_lowercase()))
    );
    assert_eq!(tree.stored("p/v1"), Some((bytes.clone(), meta)));

    *answer.lock().expect("no panic") = http("200 OK", &[YAML, ("ETag", "\"two\"")], whole().as_bytes());
    let (code, out, _) = tree.xtask(&["fetch", "p"]);
    assert_eq!((code, out.as_str()), (Some(0), "p/v1: unchanged (same SHA-256)\n"));
    assert_eq!(tree.stored("p/v1").map(|(_, meta)| meta["etag"].clone()), Some("\"two\"".into()));

    // What was changed here is not what was fetched: it is asked for as if it was not there.
    tree.write("published/p/v1/document", "changed");
    let (code, out, _) = tree.xtask(&["fetch", "p"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("p/v1: new, "), "{out}");
    assert!(!heads.lock().expect("no panic")[3].contains("if-none-match"));
    assert_eq!(tree.stored("p/v1").map(|(bytes, _)| bytes), Some(bytes));
}

#[test]
fn what_is_no_document_replaces_nothing() {
    let good = whole();
    let next = document(&["/a", "/b", "/c", "/d", "/e"]);
    let (url, answer, _) = changing(http("200 OK", &[YAML], good.as_bytes()));
    let tree = Tree::new(&format!("{url}/v1.yml"));
    assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0));
    assert_eq!(tree.xtask(&["regenerate", "p", "--accept"]).0, Some(0));
    let before = tree.stored("p/v1");
    let ok = |headers: &[(&str, &str)], body: &[u8]| http("200 OK", headers, body);
    let said = |length: usize, body: &str| {
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/yaml\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    };
    let zipped = gzip(next.as_bytes());
    let gzipped = [YAML, ("Content-Encoding", "gzip")];
    let redirect = |place| http("302 Found", &[("Location", place)], b"");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("an error", http("503 Service Unavailable", &[YAML], next.as_bytes()), "outage: status 503"),
        ("gone", http("404 Not Found", &[YAML], next.as_bytes()), "outage: status 404"),
        ("a part", http("206 Partial Content", &[YAML], next.as_bytes()), "outage: status 206"),
        ("304 to a question without condition", http("304 Not Modified", &[], b""), "outage: status 304"),
        (
            "a page",
            ok(&[("Content-Type", "text/html; charset=utf-8")], next.as_bytes()),
            "`text/html; charset=utf-8` instead",
        ),
        (
            "a page that says it is text",
            ok(&[("Content-Type", "text/plain")], b"<html></html>"),
            "rejected: the document is not OpenAPI",
        ),
        (
            "cut off by the network",
            said(next.len(), &next[..next.len() - 40]),
            "outage: the connection failed or was closed",
        ),
        ("a longer one than was said", said(next.len() - 40, &next), "rejected: the document is truncated"),
        ("empty", ok(&[YAML], b""), "rejected: the document is empty"),
        (
            "another document",
            ok(&[YAML], next.replace("title: T", "title: U").as_bytes()),
            "rejected: the document is of another API",
        ),
        (
            "another version",
            ok(&[YAML], next.replace("1.2.0", "2.0.0").as_bytes()),
            "rejected: the document is of another API or version",
        ),
        (
            "most operations gone",
            ok(&[YAML], document(&["/a"]).as_bytes()),
            "rejected: 3 of 4 accepted operations are gone",
        ),
        ("gzip that breaks off", ok(&gzipped, &zipped[..zipped.len() - 12]), "outage:"),
        ("no gzip", ok(&gzipped, next.as_bytes()), "outage:"),
        (
            "a compression that nobody asked for",
            ok(&[YAML, ("Content-Encoding", "br")], next.as_bytes()),
            "compressed as `br`",
        ),
        ("elsewhere", redirect("https://example.org/v1.yml"), "redirected to https://example.org/v1.yml"),
        ("another port", redirect("http://127.0.0.1:9/v1.yml"), "redirected to http://127.0.0.1:9/v1.yml"),
        ("in a ring", redirect("/v1.yml"), "redirected more than 3 times"),
        ("nowhere", http("302 Found", &[], b""), "without a location"),
        ("no HTTP", b"hello\r\n\r\n".to_vec(), "outage:"),
        ("nothing", Vec::new(), "outage:"),
    ];
    for (name, bytes, reason) in cases.into_iter().chain(odd::answers(&next)) {
        *answer.lock().expect("no panic") = bytes;
        let (code, out, error) = tree.xtask(&["fetch", "p"]);
        assert_eq!(code, Some(3), "{name}: {out}{error}");
        assert!(out.contains(reason) && out.contains("nothing replaced"), "{name}: {out}");
        assert!(!out.contains("hunter2"), "{out}");
        assert_eq!(tree.stored("p/v1"), before, "{name}");
    }
    *answer.lock().expect("no panic") = ok(&gzipped, &zipped);
    assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0));
    assert_eq!(tree.stored("p/v1").map(|(bytes, _)| bytes), Some(next.into_bytes()));
    let leftovers: Vec<_> =
        tree.files().into_iter().filter(|path| path.extension().is_some_and(|it| it == "part")).collect();
    assert_eq!(leftovers, Vec::<PathBuf>::new());
}

#[test]
fn one_that_fails_does_not_stop_the_others_and_a_mirror_is_asked_instead() {
    // Nobody listens there any more.
    let closed = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        format!("http://{}", listener.local_addr().expect("it has one"))
    };
    let tree = Tree::new(&closed);
    tree.write(
        "specs/q/v1/overlay.yml",
        &format!("overlay: 1.1.0\ninfo: {{title: o, version: '1'}}\nextends: {closed}/q.yml\nactions: []\n"),
    );
    let (url, _, _) = changing(http("200 OK", &[], whole().as_bytes()));
    let (code, out, _) = tree.xtask(&["fetch", "--url", &format!("q/v1={url}/mirror.yml")]);
    assert_eq!(code, Some(3));
    assert!(out.contains("p/v1: outage: the connection failed") && out.contains("q/v1: new, "), "{out}");
    assert!(tree.stored("p/v1").is_none() && tree.stored("q/v1").is_some());

    for (option, reason) in [("q/v9=http://localhost", "known: p/v1, q/v1"), ("q/v1", "CONTRACT=URL")] {
        let (code, _, error) = tree.xtask(&["fetch", "--url", option]);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(reason), "{error}");
    }
    let (code, _, error) = tree.xtask(&["fetch", "nobody"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("known: old, p, q"), "{error}");
}

const INTROSPECTION: &str = r#"{"data": {"__schema": {"queryType": {"name": "Query"}, "mutationType": null, "subscriptionType": null, "types": [{"kind": "OBJECT", "name": "Query", "fields": [{"name": "a", "args": [], "type": {"kind": "SCALAR", "name": "Int"}}, {"name": "b", "args": [], "type": {"kind": "SCALAR", "name": "Int"}}], "interfaces": []}, {"kind": "SCALAR", "name": "Int"}]}}}"#;

#[test]
fn a_schema_is_asked_of_its_server_and_compared_with_ours() {
    let json = ("Content-Type", "application/json");
    let (url, answer, heads) = changing(http("200 OK", &[json], INTROSPECTION.as_bytes()));
    let tree = Tree::new("http://127.0.0.1:9/");
    tree.write("specs/g/open-api.yml", &format!("openapi: 3.0.3\nx-hand-written: true\nservers: [{{url: '{url}'}}]\nx-graphql: [{{path: /graphql, schema: schema.graphql}}]\n"));
    tree.write("specs/g/schema.graphql", "type Query { a: Int b: Int }");
    let (code, out, error) = tree.xtask(&["fetch", "g"]);
    assert_eq!(code, Some(0), "{out}{error}");
    assert!(out.starts_with("g/schema: new, ") && out.contains("same as our schema"), "{out}");
    assert!(heads.lock().expect("no panic")[0].starts_with("post /graphql "));
    assert_eq!(tree.stored("g/schema").map(|(bytes, _)| bytes), Some(INTROSPECTION.as_bytes().to_vec()));

    tree.write("specs/g/schema.graphql", "type Query { a: Int }");
    tree.write("published/g/schema/document", "changed");
    let (_, out, _) = tree.xtask(&["fetch", "g"]);
    assert!(out.contains("1 change from ours"), "{out}");

    let before = tree.stored("g/schema");
    let other = INTROSPECTION.replace("\"a\"", "\"c\"").replace("\"b\"", "\"d\"");
    tree.write("specs/g/schema.graphql", "type Query { a: Int b: Int }");
    for (body, reason) in [
        (&*other, "2 of 2 operations are gone"),
        (r#"{"errors": [{"message": "no"}]}"#, "not an introspection"),
        (&INTROSPECTION[..300], "not JSON"),
    ] {
        *answer.lock().expect("no panic") = http("200 OK", &[json], body.as_bytes());
        let (code, out, _) = tree.xtask(&["fetch", "g"]);
        assert_eq!(code, Some(3), "{out}");
        assert!(out.contains(reason), "{out}");
        assert_eq!(tree.stored("g/schema"), before);
    }
}

#[test]
fn what_was_fetched_is_told_first_and_written_when_it_is_accepted() {
    let (url, answer, _) = changing(http("200 OK", &[YAML], whole().as_bytes()));
    let tree = Tree::new(&format!("{url}/v1.yml"));
    let contract = || std::fs::read_to_string(tree.root.path().join("specs/p/v1/open-api.yml")).ok();
    let (code, _, error) = tree.xtask(&["regenerate", "p"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("cargo xtask fetch"), "{error}");

    assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0));
    assert_eq!((tree.xtask(&["regenerate", "p"]).0, contract()), (Some(1), None));
    assert_eq!(tree.xtask(&["regenerate", "p", "--accept"]).0, Some(0));
    let first = contract().expect("it was written");
    let (code, out, _) = tree.xtask(&["regenerate", "p"]);
    assert_eq!((code, out.as_str()), (Some(0), "p/v1: unchanged\n"));
    let from = tree.root.path().join("published/p/v1/document").display().to_string();
    assert_eq!(tree.xtask(&["regenerate", "p", "--check", "--from", &from]).0, Some(0));

    let less = document(&["/a", "/b", "/c"]);
    *answer.lock().expect("no panic") = http("200 OK", &[YAML], less.as_bytes());
    let (_, out, _) = tree.xtask(&["fetch", "p"]);
    assert!(out.contains("cargo xtask regenerate"), "{out}");
    let (code, out, _) = tree.xtask(&["regenerate", "p"]);
    assert_eq!((code, contract()), (Some(1), Some(first.clone())));
    assert!(out.contains("breaking operation-removed: GET /d") && out.contains("--accept"), "{out}");
    let (code, out, _) = tree.xtask(&["regenerate", "p", "--accept"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("breaking operation-removed: GET /d") && out.contains("written: "), "{out}");
    assert_ne!(contract(), Some(first));

    // It was credible beside the contract of its day, and is not beside a larger one.
    let more = document(&["/a", "/b", "/c", "/d", "/e", "/f"]);
    tree.write("more.yml", &more);
    let from = tree.root.path().join("more.yml").display().to_string();
    assert_eq!(tree.xtask(&["regenerate", "p", "--from", &from]).0, Some(0));
    let before = contract();
    let (code, _, error) = tree.xtask(&["regenerate", "p", "--accept"]);
    assert_eq!((code, contract()), (Some(3), before));
    assert!(error.contains("3 of 6") && error.contains("nothing written"), "{error}");
}

/// The published documents are not in the repository. Where they are, they go through whole.
#[test]
fn the_documents_of_the_real_providers_are_the_vendored_ones() {
    let Some(upstream) = std::env::var_os("VIGIE_UPSTREAM").map(PathBuf::from) else {
        eprintln!("skipped: VIGIE_UPSTREAM is not set");
        return;
    };
    let read = |path: &str| std::fs::read(upstream.join(path)).expect("it reads");
    let files = [
        ("api-particulier/v2", read("api-particulier/2026-04/v2.yaml"), "the vendored one"),
        ("api-particulier/v3", read("api-particulier/2026-04/v3.yaml"), "the vendored one"),
        ("mobilic/schema", read("mobilic/introspection.json"), "same as our schema"),
        ("mobilic/protected", read("mobilic/introspection.protected.json"), "same as our schema"),
    ];
    let served = files.clone();
    let url = support::bytes_host::start(move |head, stream| {
        let (_, body, _) = served.iter().find(|(name, ..)| head.contains(&format!(" /{name} "))).expect("one of ours");
        stream.write_all(&http("200 OK", &[("Content-Type", "application/octet-stream")], body))
    });
    let tree = Tree::new(&url);
    let root = support::root();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("fetch").env("VIGIE_PUBLISHED", tree.root.path().join("published")).current_dir(root);
    for (name, ..) in &files {
        command.arg("--url").arg(format!("{name}={url}/{name}"));
    }
    let output = command.output().expect("xtask runs");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    for (name, bytes, state) in files {
        assert!(out.lines().any(|line| line.starts_with(&format!("{name}: new, ")) && line.ends_with(state)), "{out}");
        assert_eq!(tree.stored(name).map(|(stored, _)| stored), Some(bytes));
    }
    assert!(out.contains("kaizala: nothing is published"), "{out}");
}
