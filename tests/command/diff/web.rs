//! Documents that are named by URL: read from one host, with the files beside them, and everything that a host may answer instead.

use super::{OLD, code, rules, text, vigie};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use support::bytes_host::{gzip, http, start};

const ROOT: &str = "openapi: 3.0.3
info: {title: Fleet, version: 1.0.0}
paths:
  /cars: {$ref: ../paths/cars.yml}
";
const CARS: &str = "get:
  responses:
    '200': {description: ok, content: {application/json: {schema: {$ref: 'car.json#/definitions/car'}}}}
";
const CAR: &str = r#"{"definitions": {"car": {"type": "object", "properties": {"plate": {"type": "string"}}}}}"#;

/// A host that serves these files, and notes what it is asked for. Everything else is not there.
fn host(files: &[(&str, String)]) -> (String, Arc<Mutex<Vec<String>>>) {
    let files: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(path, body)| ((*path).to_owned(), http("200 OK", &[("Content-Type", "text/plain")], body.as_bytes())))
        .collect();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let url = start(move |head, stream| {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let answer = files.iter().find(|(known, _)| *known == path).map(|(_, answer)| answer.clone());
        noted.lock().expect("no other test").push(path);
        stream.write_all(&answer.unwrap_or_else(|| http("404 Not Found", &[], b"no")))
    });
    (url, asked)
}

fn fleet(car: &str) -> [(&'static str, String); 3] {
    [("/v1/api/api.yml", ROOT.into()), ("/v1/paths/cars.yml", CARS.into()), ("/v1/paths/car.json", car.to_owned())]
}

#[test]
fn documents_are_read_from_a_host_with_the_files_beside_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, asked) = host(&fleet(CAR));
    let (new, _) = host(&fleet(&CAR.replace("string", "integer")));
    let [old, new] = [old, new].map(|host| format!("{host}/v1/api/api.yml"));
    let output = vigie(folder.path(), &[&old, &new, "--format", "json"]);
    assert_eq!((code(&output), rules(&output)), (1, vec!["response-type-changed".to_owned()]));
    assert_eq!(*asked.lock().expect("free"), ["/v1/api/api.yml", "/v1/paths/cars.yml", "/v1/paths/car.json"]);
    assert_eq!(code(&vigie(folder.path(), &[&old, &old])), 0);

    // The same beside a file on disk.
    for (path, text) in fleet(CAR) {
        let path = folder.path().join(&path[1..]);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let beside = |old: &str, new: &str| code(&vigie(folder.path(), &[old, new, "--allow-refs", "v1"]));
    assert_eq!((beside("v1/api/api.yml", &old), beside(&new, "v1/api/api.yml")), (0, 1));
}

#[test]
fn absolute_references_are_followed_on_the_host_alone_and_never_from_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let (other, asked_of_other) = host(&[("/car.json", CAR.to_owned())]);
    let answers = |reference: &str| CARS.replace("car.json", reference).replace('\n', "\n    ");
    let document = |reference: &str| {
        let paths = format!("  /cars:\n    {}", answers(reference));
        format!("openapi: 3.0.3\ninfo: {{title: Fleet, version: 1.0.0}}\npaths:\n{}\n", paths.trim_end())
    };
    let foreign = document(&format!("{other}/car.json"));
    let (own, _) = host(&[
        ("/rooted.yml", document("/schemas/car.json")),
        ("/foreign.yml", foreign.clone()),
        ("/schemas/car.json", CAR.to_owned()),
    ]);
    // A document that names itself, and its host, by the whole URL.
    let absolute = {
        let listed = Arc::new(Mutex::new(String::new()));
        let text = Arc::clone(&listed);
        let url = start(move |head, stream| {
            let body =
                if head.starts_with("get /car.json ") { CAR.to_owned() } else { text.lock().expect("free").clone() };
            stream.write_all(&http("200 OK", &[], body.as_bytes()))
        });
        *listed.lock().expect("free") = document(&format!("{url}/car.json"));
        url
    };
    for (url, expected) in
        [(format!("{own}/rooted.yml"), 0), (format!("{absolute}/api.yml"), 0), (format!("{own}/foreign.yml"), 3)]
    {
        let output = vigie(folder.path(), &[&url, &url]);
        assert_eq!(code(&output), expected, "{}", text(&output.stdout));
    }
    std::fs::write(folder.path().join("api.yml"), foreign).expect("written");
    let output = vigie(folder.path(), &["api.yml", "api.yml", "--format", "json"]);
    assert_eq!((code(&output), rules(&output)), (3, vec!["not-compared".to_owned()]));
    assert!(asked_of_other.lock().expect("free").is_empty(), "another host was asked");
}

#[test]
fn what_is_compressed_or_redirected_on_the_host_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("api.yml"), OLD).expect("written");
    let url = start(|head, stream| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        stream.write_all(&match path {
            "/latest" => http("302 Found", &[("Location", "/v2/api.yml?key=s3cret")], b""),
            "/v2/api.yml?key=s3cret" => {
                assert!(head.contains("accept-encoding: gzip\r\n") && head.contains("user-agent: vigie/"), "{head}");
                http("200 OK", &[("Content-Encoding", "gzip")], &gzip(OLD.as_bytes()))
            }
            _ => http("404 Not Found", &[], b""),
        })
    });
    let output = vigie(folder.path(), &["api.yml", &format!("{url}/latest")]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let output = vigie(folder.path(), &["api.yml", &format!("{url}/v2/api.yml?key=s3cret#top")]);
    let printed = text(&output.stdout);
    assert!(
        code(&output) == 0 && printed.contains(&format!("{url}/v2/api.yml")) && !printed.contains("s3cret"),
        "{printed}"
    );
}

/// The exit status and the message for a URL that cannot be read.
fn refused(folder: &Path, url: &str) -> (i32, String) {
    std::fs::write(folder.join("api.yml"), OLD).expect("written");
    let output = vigie(folder, &["api.yml", url]);
    (code(&output), text(&output.stderr))
}

#[test]
fn what_a_host_answers_instead_of_a_document_is_named_and_ends_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let (other, asked_of_other) = host(&[("/api.yml", OLD.to_owned())]);
    let url = start(move |head, stream| {
        let path = head.split([' ', '?']).nth(1).unwrap_or_default();
        let see = |place: String| http("301 Moved Permanently", &[("Location", &place)], b"");
        let endless = |stream: &mut std::net::TcpStream, chunk: &[u8]| loop {
            stream.write_all(chunk)?;
        };
        stream.write_all(&match path {
            "/login" => http("200 OK", &[("Content-Type", "text/html")], b"\n<!DOCTYPE html><title>Login</title>"),
            "/401" => http("401 Unauthorized", &[], OLD.as_bytes()),
            "/elsewhere" => see(format!("{other}/api.yml?key=s3cret")),
            "/round" => see("/round".to_owned()),
            "/503" => http("503 Service Unavailable", &[], OLD.as_bytes()),
            "/picture" => http("200 OK", &[("Content-Type", "image/png")], b"\x89PNG\r\n\x1a\n\0"),
            "/large" => b"HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n".to_vec(),
            "/bomb" => http("200 OK", &[("Content-Encoding", "gzip")], &gzip(&vec![b'#'; (64 << 20) + 1])),
            "/endless" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                return endless(stream, &[b'#'; 8192]);
            }
            "/cut" => b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nopenapi: 3.0.3\n".to_vec(),
            "/zipped" => http("200 OK", &[("Content-Encoding", "br")], b"?"),
            _ => http("404 Not Found", &[], OLD.as_bytes()),
        })
    });
    for (path, reason) in [
        ("/none", "status 404: nothing is there"),
        ("/login", "it answers with a web page, not with a document"),
        ("/401", "status 401: vigie sends no credentials"),
        ("/elsewhere", "status 301, redirected to http://127.0.0.1:"),
        ("/round", "status 301, redirected more than 3 times"),
        ("/503", "status 503"),
        ("/picture", "no UTF-8"),
        ("/large", "larger than 64 MiB"),
        ("/bomb", "larger than 64 MiB"),
        ("/endless", "larger than 64 MiB"),
        ("/cut", "the body ended early"),
        ("/zipped", "the encoding `br`"),
    ] {
        let (code, error) = refused(folder.path(), &format!("{url}{path}?key=s3cret"));
        assert_eq!(code, 2, "{path}: {error}");
        assert!(error.contains(reason) && error.contains(&format!("{url}{path}: ")), "{path}: {error}");
        assert!(!error.contains("s3cret"), "{path}: {error}");
    }
    assert!(asked_of_other.lock().expect("free").is_empty(), "a redirect to another host was followed");
}

#[test]
fn what_may_not_be_asked_and_who_does_not_answer_is_named_and_ends_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let nobody = format!("http://{}/api.yml?key=s3cret", nobody.expect("a free port"));
    let (plain, _) = host(&[]);
    for (url, reason) in [
        (nobody.as_str(), "connection refused"),
        (&format!("{}/api.yml?key=s3cret", plain.replace("http", "https")), "no secure connection"),
        ("http://docs.example/api.yml?key=s3cret", "over https"),
        ("https://me:s3cret@docs.example/api.yml", "a user or a password"),
        ("https://[s3cret/api.yml", "not a URL"),
    ] {
        let (code, error) = refused(folder.path(), url);
        assert_eq!(code, 2, "{url}: {error}");
        assert!(error.contains(reason) && !error.contains("s3cret"), "{url}: {error}");
    }
}

#[test]
fn a_file_that_the_host_does_not_give_hides_what_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, _) = host(&fleet(CAR)[..2]);
    let url = format!("{url}/v1/api/api.yml");
    let output = vigie(folder.path(), &[&url, &url]);
    let printed = text(&output.stdout);
    assert_eq!(code(&output), 3, "{printed}");
    assert!(printed.contains("`../paths/car.json` was not read: status 404: nothing is there"), "{printed}");
    // A login in the place of a file is no file.
    let page = fleet("<html><body>Login</body></html>");
    let (url, _) = host(&page);
    let url = format!("{url}/v1/api/api.yml");
    let output = vigie(folder.path(), &[&url, &url]);
    assert!(code(&output) == 3 && text(&output.stdout).contains("a web page"), "{}", text(&output.stdout));
}
