//! Where a target's token comes from, which one goes where, and what is told of it: never the token.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

const TOKEN: &str = "s3cret-0f-the-target";
const OTHER: &str = "an0ther-s3cret";
const VARIABLE: &str = "VIGIE_API_PARTICULIER_TOKEN";

/// A vigie in a folder of its own, without any variable of the tests' own environment.
fn vigie(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    for name in [VARIABLE, "VIGIE_API_PARTICULIER_TOKEN_FILE", "VIGIE_MOBILIC_TOKEN", "VIGIE_MOBILIC_TOKEN_FILE"] {
        command.env_remove(name);
    }
    let output = command.args(arguments).envs(variables.iter().copied()).current_dir(folder).output();
    let output = output.expect("vigie runs");
    let text = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    assert!(!text.contains("s3cret"), "{arguments:?} tells a secret:\n{text}");
    (output.status.code(), text)
}

/// One call of `vigie call` to a target.
fn call(folder: &Path, target: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let operation = "api_particulier_v3_mesri_statut_etudiant_with_ine";
    vigie(folder, &["call", operation, "ine=1234567890G", "--raw", "--target", target], variables)
}

/// A host that keeps the tokens that it was sent.
struct Door {
    url: String,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Door {
    fn open() -> Self {
        let tokens = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&tokens);
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has one"));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
                let head: Vec<String> = lines.collect();
                let token = head.iter().find_map(|line| line.strip_prefix("authorization: Bearer "));
                if head.first().is_some_and(|first| first.starts_with("GET /v3/")) {
                    kept.lock().expect("no panic").push(token.unwrap_or_default().to_owned());
                }
                let answer =
                    support::host::http("404 Not Found", [("Content-Type", "application/json")], r#"{"errors": []}"#);
                // A client that went away is the test's matter, and it tells.
                stream.write_all(answer.as_bytes()).ok();
            }
        });
        Self { url, tokens }
    }

    /// The tokens of the calls since the last look.
    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.tokens.lock().expect("no panic"))
    }
}

fn folder(toml: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("vigie.toml"), toml).expect("it is written");
    folder
}

fn write(folder: &Path, name: &str, text: &str, mode: u32) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it is written");
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("it is ours");
    path.display().to_string()
}

#[cfg(unix)]
#[test]
fn a_token_comes_from_a_variable_a_file_or_a_command() {
    let door = Door::open();
    let table = |token: &str| format!("[target.api-particulier.mine]\nurl = \"{}\"\n{token}\n", door.url);
    let folder = folder(&table("token_env = \"MINE\""));
    let path = folder.path();
    let written = write(path, "token", &format!("{TOKEN}\n"), 0o600);
    write(path, "get-token", &format!("#!/bin/sh\necho {TOKEN}\necho user: me\necho {OTHER} >&2\n"), 0o700);
    for (token, target, variables) in [
        ("", door.url.as_str(), &[(VARIABLE, TOKEN)][..]),
        ("", &door.url, &[("VIGIE_API_PARTICULIER_TOKEN_FILE", written.as_str())]),
        ("", "mine", &[(VARIABLE, TOKEN)]),
        ("token_env = \"MINE\"", "mine", &[("MINE", TOKEN), (VARIABLE, OTHER)]),
        ("token_file = \"token\"", "mine", &[(VARIABLE, OTHER)]),
        ("token_command = [\"./get-token\"]", "mine", &[(VARIABLE, OTHER)]),
        // Nobody listens there: what is meant for this machine goes through no proxy.
        (
            "token_env = \"MINE\"",
            "mine",
            &[("MINE", TOKEN), ("HTTP_PROXY", "http://127.0.0.1:9"), ("http_proxy", "http://127.0.0.1:9")],
        ),
    ] {
        std::fs::write(path.join("vigie.toml"), table(token)).expect("it is written");
        let (code, text) = call(path, target, variables);
        assert_eq!(door.sent(), [TOKEN], "{token:?} {variables:?}: {code:?} {text}");
    }
}

#[cfg(unix)]
#[test]
fn a_token_that_cannot_be_had_is_told_by_its_place_and_nothing_is_sent() {
    let door = Door::open();
    let table = |token: &str| format!("[target.api-particulier.mine]\nurl = \"{}\"\n{token}\n", door.url);
    let folder = folder("");
    let path = folder.path();
    let lines = format!("{TOKEN}\n{OTHER}\n");
    for (name, text, mode) in [("open", TOKEN, 0o644), ("empty", "\n", 0o600), ("lines", &lines, 0o600)] {
        write(path, name, text, mode);
    }
    let mounted = write(path, "mounted", TOKEN, 0o666);
    write(path, "fails", &format!("#!/bin/sh\necho {TOKEN}\nexit 7\n"), 0o700);
    write(path, "silent", "#!/bin/sh\n", 0o700);
    write(path, "latin", "#!/bin/sh\nprintf '\\351\\n'\n", 0o700);
    write(path, "bom", &format!("\u{feff}{TOKEN}"), 0o600);
    write(path, "curious", "#!/bin/sh\nprintenv VIGIE_API_PARTICULIER_TOKEN VIGIE_RECORD_KEY THEIRS\ntrue\n", 0o700);
    assert!(std::process::Command::new("mkfifo").arg(path.join("pipe")).status().expect("mkfifo runs").success());
    write(path, "large", &TOKEN.repeat(1 << 17), 0o600);
    let file = "VIGIE_API_PARTICULIER_TOKEN_FILE";
    // Somebody takes the key for the place of the token itself.
    let (in_file, in_command) = (format!("token_file = \"{TOKEN}\""), format!("token_command = [\"{TOKEN}\"]"));
    let (in_file, in_command) = (in_file.as_str(), in_command.as_str());
    for (token, variables, status, parts) in [
        ("", &[][..], 2, &[VARIABLE][..]),
        ("", &[(VARIABLE, TOKEN), (file, "token")], 2, &["both set", VARIABLE]),
        ("", &[(VARIABLE, "s3cret token")], 2, &["characters", VARIABLE]),
        ("", &[(file, TOKEN)], 2, &["the file of", file, "does not exist"]),
        ("", &[(file, "/tmp/nowhere")], 2, &["/tmp/nowhere"]),
        ("", &[(file, mounted.as_str())], 2, &["readable and writable by others", "mounted"]),
        ("token_env = \"MINE\"", &[(VARIABLE, TOKEN)], 2, &["the variable MINE", "not set"]),
        ("token_env = \"MINE\"", &[("MINE", "")], 2, &["the variable MINE", "not set"]),
        ("token_file = \"./nowhere\"", &[], 2, &["./nowhere: No such file"]),
        (in_file, &[], 2, &["the file of token_file does not exist"]),
        ("token_file = \"large\"", &[], 2, &["larger than 1048576 bytes"]),
        ("token_file = \"open\"", &[], 2, &["readable by others", "chmod 600"]),
        ("token_file = \"empty\"", &[], 2, &["empty", "it is empty"]),
        ("token_file = \"lines\"", &[], 2, &["lines", "line breaks"]),
        ("token_command = [\"vigie-nowhere\"]", &[], 2, &["the program of token_command does not exist"]),
        (in_command, &[], 2, &["the program of token_command does not exist"]),
        ("token_command = [\"./fails\", \"s3cret\"]", &[], 3, &["fails`", "exit status: 7"]),
        ("token_file = \"bom\"", &[], 2, &["bom", "characters"]),
        ("token_file = \"pipe\"", &[], 2, &["pipe", "not a file"]),
        ("token_file = \".\"", &[], 2, &["not a file"]),
        ("token_command = [\"./latin\"]", &[], 2, &["latin`", "characters"]),
        // A command is given no token of another target's.
        (
            "token_command = [\"./curious\"]\n[target.mobilic.theirs]\nurl = \"http://127.0.0.1:9\"\ntoken_env = \"THEIRS\"",
            &[(VARIABLE, OTHER), ("VIGIE_RECORD_KEY", OTHER), ("THEIRS", OTHER)],
            2,
            &["curious`", "it is empty"],
        ),
        ("token_command = [\"./silent\"]", &[], 2, &["silent`", "it is empty"]),
    ] {
        std::fs::write(path.join("vigie.toml"), table(token)).expect("it is written");
        let (code, text) = call(path, "mine", variables);
        assert_eq!(code, Some(status), "{token} {variables:?}: {text}");
        for part in parts {
            assert!(text.contains(part), "{part:?} is missing: {token} {variables:?}: {text}");
        }
        assert_eq!(door.sent(), [""; 0], "{token} {variables:?}: {text}");
    }
}

#[test]
fn a_token_that_a_table_has_claimed_goes_nowhere_else() {
    let door = Door::open();
    let toml = format!(
        "[target.api-particulier.production]\ntoken_env = \"{VARIABLE}\"\n\
         [target.api-particulier.own]\nurl = \"{0}\"\ntoken_env = \"OWN\"\n\
         [target.api-particulier.bare]\nurl = \"{0}\"\n",
        door.url
    );
    let folder = folder(&toml);
    for target in ["bare", &door.url] {
        let (code, text) = call(folder.path(), target, &[(VARIABLE, TOKEN)]);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("`production` (vigie.toml:1)") && text.contains(VARIABLE), "{text}");
        assert_eq!(door.sent(), [""; 0], "{text}");
    }
    call(folder.path(), "own", &[(VARIABLE, TOKEN), ("OWN", OTHER)]);
    assert_eq!(door.sent(), [OTHER]);
    // A vigie sandbox needs none, and does not miss it.
    let double = support::host::start(|_| {
        let headers = [("Content-Type", "application/json"), ("Server", vigie_sandbox::SERVER)];
        support::host::http("404 Not Found", headers, r#"{"errors": []}"#)
    });
    let (_, text) = call(folder.path(), &double, &[(VARIABLE, TOKEN)]);
    assert!(text.contains("errors") && !text.contains("production"), "{text}");
    // Mobilic's variable is no matter of API Particulier's tables.
    let (_, text) = vigie(
        folder.path(),
        &["call", "me", "--provider", "mobilic", "--target", &door.url],
        &[("VIGIE_MOBILIC_TOKEN", TOKEN)],
    );
    assert!(!text.contains("vigie.toml"), "{text}");
}

#[test]
fn a_stage_may_listen_elsewhere_and_a_name_needs_its_table() {
    let door = Door::open();
    let toml = format!(
        "[target.api-particulier.staging]\nurl = \"{}\"\n[target.mobilic.mine]\nurl = \"{}\"\n",
        door.url, door.url
    );
    let folder = folder(&toml);
    call(folder.path(), "staging", &[(VARIABLE, TOKEN)]);
    assert_eq!(door.sent(), [TOKEN]);
    let (code, text) = call(folder.path(), "mine", &[(VARIABLE, TOKEN)]);
    assert_eq!(code, Some(2));
    for part in ["`mine`", "`production`", "[target.api-particulier.mine]", "https://"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (code, text) = vigie(folder.path(), &["login", "mobilic", "--target", "mine"], &[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("`mine`"), "{text}");
}

#[test]
fn a_mistake_in_a_table_is_told_with_its_line_and_what_would_be_right() {
    let own = |rest: &str| format!("# ours\n[target.api-particulier.mine]\nurl = \"https://example.org\"\n{rest}\n");
    let long = "[target.api-particulier.staging]";
    for (text, line, parts) in [
        (own("tokn_env = \"X\""), 4, vec!["unknown field `tokn_env`", "`token_env`"]),
        (own("token_env = \"X\"\ntoken_file = \"x\""), 5, vec!["keep one"]),
        (own("token_env = \"s3cret.token\""), 4, vec!["not the name of an environment variable"]),
        (own("token_file = \"\""), 4, vec!["empty path"]),
        (own("token_command = \"pass show\""), 4, vec!["between brackets"]),
        (own("token_command = \"vault -token=s3cret\""), 4, vec!["between brackets"]),
        (own("token = \"s3cret\""), 4, vec!["unknown field `token`", "must not be in this file"]),
        (own("timeout = \"5s\"\ntoken = s3cret"), 5, vec![]),
        (own("token_command = []"), 4, vec!["empty command"]),
        (own("scopes = [\"cnaf_enfant\"]"), 4, vec!["`cnaf_enfant`", "did you mean `cnaf_enfants`?"]),
        (own("scopes = [\"zzz\"]"), 4, vec!["no operation of api-particulier has a scope `zzz`"]),
        (own("timeout = 5"), 4, vec!["between quotes"]),
        (own("timeout = \"5\""), 4, vec!["\"5s\""]),
        (own("timeout = \"0s\""), 4, vec!["\"5s\""]),
        (own("timeout = \"11111111111111111111s\""), 4, vec!["\"5s\""]),
        (own("requests_per_second = 21"), 4, vec!["from 1 to 20"]),
        (own("requests_per_second = 0"), 4, vec!["from 1 to 20"]),
        (own("requests_per_second = \"10\""), 4, vec!["without quotes"]),
        (own("url = \"https://b.example\""), 4, vec!["duplicate key", "keep one"]),
        (format!("{long}\nurl = \"https://me:s3cret@example.org\""), 2, vec!["password"]),
        (format!("{long}\nurl = \"https://example.org/?token=s3cret\""), 2, vec!["use only the base URL"]),
        (format!("{long}\nurl = \"example.org\""), 2, vec!["example.org"]),
        (
            "[target.api-particulier.mine]\ntimeout = \"5s\"".into(),
            1,
            vec!["`mine` is not a target of api-particulier", "`url`"],
        ),
        ("[target.api-particulier.sandbox]".into(), 1, vec!["another name"]),
        (
            "[target.api-particulier.\"a b\"]\nurl = \"https://a.example\"".into(),
            1,
            vec!["`a b` is not a valid target name"],
        ),
        ("[target.particulier.staging]".into(), 1, vec!["no provider `particulier`", "api-particulier"]),
        ("[target.mobilic.staging]\nscopes = [\"a\"]".into(), 2, vec!["has no scopes"]),
        ("[target]\nstaging = \"https://a.example\"".into(), 2, vec!["[target.PROVIDER.NAME]"]),
        ("[targets]".into(), 1, vec!["unknown field `targets`", "`target`"]),
    ] {
        let folder = folder(&text);
        // Whoever reads the file tells: `diff` has no targets.
        let (code, told) = vigie(folder.path(), &["diff", "a.yml", "b.yml"], &[]);
        assert_eq!(code, Some(2), "{text}\n{told}");
        assert!(told.contains(&format!("vigie.toml:{line}:")), "line {line}: {text}\n{told}");
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing: {text}\n{told}");
        }
    }
}

#[test]
fn exceptions_and_targets_stand_in_one_file() {
    let folder = folder(
        "[severity]\ndata-changed = \"breaking\"\n\
         [[ignore]]\nrule = \"data-changed\"\nreason = \"r\"\nuntil = 2999-12-31\n\
         [target.api-particulier.staging]\ntoken_env = \"X\"\nscopes = [\"cnaf_enfants\"]\ntimeout = \"500ms\"\n\
         requests_per_second = 10\n",
    );
    let (code, text) = vigie(folder.path(), &["list", "--env", "--provider", "api-particulier"], &[("X", TOKEN)]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("X  set  (api-particulier)\n    the token of the target `staging`\n    vigie.toml:7"),
        "{text}"
    );
}

#[test]
fn a_call_that_nobody_answers_well_is_no_drift() {
    let problem = ("Content-Type", "application/problem+json");
    let page = ("Content-Type", "text/html");
    let sandbox = ("Server", vigie_sandbox::SERVER);
    for (status, header, body, rule) in [
        ("429 Too Many Requests", problem, r#"{"errors": []}"#, "rate-limited"),
        ("200 OK", page, "<p>Welcome</p>", "web-page"),
        ("503 Service Unavailable", problem, "{}", "server-error"),
    ] {
        let url = support::host::start(move |_| support::host::http(status, [header, sandbox], body));
        let call = ["call", "api_particulier_v3_mesri_statut_etudiant_with_ine", "ine=1234567890G", "--target", &url];
        let (code, text) = vigie(folder("").path(), &call, &[]);
        assert!(code == Some(3) && text.contains(&format!("[{rule}]")), "{code:?} {text}");
    }
}

#[test]
fn the_time_of_a_target_is_that_of_its_table() {
    // Connections wait here, and nobody takes them.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it has one"));
    let folder = folder(&format!("[target.mobilic.slow]\nurl = \"{url}\"\ntimeout = \"50ms\"\n"));
    let start = std::time::Instant::now();
    let (code, text) = vigie(folder.path(), &["call", "me", "--provider", "mobilic", "--target", "slow"], &[]);
    assert_eq!(code, Some(3), "{text}");
    assert!(start.elapsed() < std::time::Duration::from_secs(25), "Mobilic's own limit is 30 s: {text}");
}

#[test]
fn scopes_that_are_declared_count_where_the_provider_does_not_tell() {
    let operation = "api_particulier_v3_mesri_statut_etudiant_with_ine";
    let target = support::host::start(|first| {
        let body = r#"{"data": {"admissions": []}, "links": {}, "meta": {}}"#;
        if first.contains("introspect") {
            return support::host::http("404 Not Found", [("Content-Type", "application/json")], "{}");
        }
        support::host::http("200 OK", [("Content-Type", "application/json")], body)
    });
    for (scopes, status) in [("", 1), ("scopes = [\"mesri_admissions\"]\n", 0)] {
        let folder = folder(&format!("[target.api-particulier.mine]\nurl = \"{target}\"\n{scopes}"));
        std::fs::create_dir_all(folder.path().join("cases").join(operation)).expect("it is made");
        let case = "params: {ine: 1234567890G}\nstatus: 200\n";
        std::fs::write(folder.path().join("cases").join(operation).join("case.yml"), case).expect("it is written");
        let arguments = ["check", "--corpus", "cases", "--target", "mine"];
        let (code, text) = vigie(folder.path(), &arguments, &[(VARIABLE, TOKEN)]);
        assert_eq!(code, Some(status), "{scopes}: {text}");
    }
}

#[test]
fn every_variable_that_the_sources_name_is_listed_and_none_is_told() {
    let folder = folder("");
    let (code, listed) = vigie(folder.path(), &["list", "--env"], &[(VARIABLE, TOKEN)]);
    assert_eq!(code, Some(0), "{listed}");
    assert!(listed.contains(&format!("{VARIABLE}  set  (api-particulier)")), "{listed}");
    assert!(listed.contains("VIGIE_KAIZALA_REFRESH_TOKEN  not set  (kaizala)"), "{listed}");
    let mut named = 0;
    let mut folders = vec![support::root().join("src"), support::root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("it lists").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("it reads")).into_owned();
            for rest in text.split("VIGIE_").skip(1) {
                let end = rest.find(|letter: char| !letter.is_ascii_uppercase() && letter != '_').unwrap_or(rest.len());
                let name = format!("VIGIE_{}", &rest[..end]);
                // What tests and build scripts read, and only they.
                if !["VIGIE_UPSTREAM", "VIGIE_SPECS"].contains(&name.as_str()) {
                    named += 1;
                    assert!(listed.lines().any(|line| line.starts_with(&format!("{name}  "))), "{name} in {path:?}");
                }
            }
        }
    }
    assert!(named > 5, "only {named} names were found");
    let (_, mine) = vigie(folder.path(), &["list", "--env", "--provider", "mobilic"], &[]);
    assert!(mine.contains("VIGIE_MOBILIC_CLIENT_SECRET") && !mine.contains(VARIABLE), "{mine}");
}
