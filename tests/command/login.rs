//! `vigie login` as a person runs it: what is explained, what is stored, and that no secret is ever shown.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use vigie_harness::providers::provider;
use vigie_harness::runner::Plan;
use vigie_sandbox::{Options, Running};

/// The double of a provider.
async fn double(name: &str) -> Running {
    let provider = provider(name).expect("it is one of ours");
    let plan = Plan::new(provider, None).expect("our own cases are good");
    let sandbox = provider.sandbox(&plan.contracts, &plan.corpus, &Options::default()).expect("it can be made");
    sandbox.start(([127, 0, 0, 1], 0).into()).await.expect("a free port")
}

fn vigie(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("login").args(arguments).env_clear().envs(environment.iter().copied());
    command
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    told(&vigie(arguments, environment).output().expect("it runs"))
}

fn told(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(text).expect("UTF-8"))
}

fn stored(path: &Path) -> BTreeMap<String, String> {
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is stored")).expect("JSON")
}

mod kaizala {
    use super::{double, run, stored};
    use vigie::clients::Credentials;
    use vigie::clients::kaizala::Client;
    use vigie_sandbox::kaizala::{CONNECTOR, SECRET};

    fn secrets<'a>(secret: &'a str, token: &'a str) -> [(&'static str, &'a str); 3] {
        [
            ("VIGIE_KAIZALA_CONNECTOR_ID", CONNECTOR),
            ("VIGIE_KAIZALA_CONNECTOR_SECRET", secret),
            ("VIGIE_KAIZALA_REFRESH_TOKEN", token),
        ]
    }

    #[test]
    fn without_a_wish_the_four_steps_are_told_and_nothing_is_stored() {
        let (code, text) = run(&["kaizala"], &secrets(SECRET, "sandbox-refresh-tenant"));
        assert_eq!(code, 0, "{text}");
        for part in
            ["Step 1", "Step 2", "Generate user token", "Step 3", "Step 4", "https://manage.kaiza.la/", "2023-08-31"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains(SECRET) && !text.contains("sandbox-refresh"), "{text}");
    }

    #[test]
    fn the_service_is_gone_unless_a_url_says_otherwise() {
        let (code, text) = run(&["kaizala", "--print", "--target", "production"], &secrets(SECRET, "t0ken"));
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("2023-08-31") && !text.contains("t0ken"), "{text}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refresh_token_is_stored_once_and_replaced_when_the_service_replaces_it() {
        let running = double("kaizala").await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let file = path.to_str().expect("UTF-8");
        let url = running.base_url();
        let arguments = ["kaizala", "--target", &url, "--store", file];

        let (code, text) = run(&arguments, &secrets(SECRET, "sandbox-refresh-day-327"));
        assert_eq!(code, 0, "{text}");
        assert!(!text.contains(SECRET) && !text.contains("sandbox-"), "{text}");
        assert_eq!(stored(&path)["refreshToken"], "sandbox-refresh-day-327");

        // From the file, without any variable.
        let (code, text) = run(&arguments, &[]);
        assert_eq!(code, 0, "{text}");

        let (code, text) = run(&arguments, &secrets(SECRET, "sandbox-refresh-day-328"));
        assert_eq!(code, 0, "{text}");
        assert!(text.contains("replaced the refresh token; the new one is stored"), "{text}");
        let rotated = stored(&path)["refreshToken"].clone();
        assert_ne!(rotated, "sandbox-refresh-day-328");
        assert!(!text.contains(&rotated), "{text}");
        let (code, text) = run(&arguments, &[]);
        assert_eq!(code, 0, "the new one is good: {text}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it lists").count(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_refused_is_not_stored() {
        let running = double("kaizala").await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let url = running.base_url();
        let arguments = ["kaizala", "--target", &url, "--store", path.to_str().expect("UTF-8")];
        for (secret, token) in
            [("wr0ng", "sandbox-refresh-tenant"), (SECRET, "unkn0wn"), (SECRET, "sandbox-refresh-expired")]
        {
            let (code, text) = run(&arguments, &secrets(secret, token));
            assert_eq!(code, 2, "{text}");
            assert!(text.contains("the token service answered"), "{text}");
            assert!(!text.contains(secret) && !text.contains(token), "{text}");
            assert_eq!(std::fs::read_dir(folder.path()).expect("it lists").count(), 0, "nothing is left behind");
        }
        let (code, text) = run(&arguments, &secrets(SECRET, "sandbox-refresh-tenant")[..2]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("VIGIE_KAIZALA_REFRESH_TOKEN") && text.contains("step 2"), "{text}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_printed_token_opens_the_endpoint() {
        let running = double("kaizala").await;
        let url = running.base_url();
        let (code, text) = run(&["kaizala", "--target", &url, "--print"], &secrets(SECRET, "sandbox-refresh-tenant"));
        assert_eq!(code, 0, "{text}");
        let [token, endpoint] = text.lines().collect::<Vec<_>>()[..] else { panic!("two lines: {text}") };
        let client = Client::connect(endpoint, Credentials::header("accessToken", token).expect("a header"));
        client.expect("a base URL").list_groups().send().await.expect("it is let in");

        // Without a file, the refresh token that replaces another one is told too: it would be lost.
        let environment = secrets(SECRET, "sandbox-refresh-day-328");
        let (code, text) = run(&["kaizala", "--target", &url, "--print"], &environment);
        assert_eq!((code, text.lines().count()), (0, 3), "{text}");
    }

    #[test]
    fn a_refresh_token_that_was_replaced_is_not_lost_with_a_bad_answer() {
        for (more, refused) in [
            (r#""accessToken": "n3w", "endpointUrl": "no url n3w""#, "the endpoint is no"),
            (r#""accessToken": "", "endpointUrl": "https://endpoint.test""#, "accessToken"),
        ] {
            let body = format!(r#"{{{more}, "accessTokenExpiry": 1, "refreshToken": "r0tated"}}"#);
            let url = support::host::start(move |_| {
                support::host::http("200 OK", [("Content-Type", "application/json")], &body)
            });
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("tokens.json");
            let arguments = ["kaizala", "--target", &url, "--store", path.to_str().expect("UTF-8")];
            let (code, text) = run(&arguments, &secrets("s3cret", "t0ken"));
            assert_eq!(code, 2, "{text}");
            assert!(text.contains(refused) && text.contains("the new one is stored"), "{text}");
            assert!(["s3cret", "t0ken", "r0tated", "n3w"].iter().all(|secret| !text.contains(secret)), "{text}");
            assert_eq!(stored(&path)["refreshToken"], "r0tated");
        }
    }

    #[test]
    fn a_token_service_that_is_down_says_nothing_about_the_tokens() {
        let json = [("Content-Type", "application/json")];
        for (status, code) in [("500 Internal Server Error", 3), ("429 Too Many Requests", 3), ("404 Not Found", 2)] {
            let url =
                support::host::start(move |_| support::host::http(status, json, r#"{"errorCode": "\u001b[2Ja"}"#));
            let (told, text) = run(&["kaizala", "--target", &url, "--print"], &secrets("s3cret", "t0ken"));
            assert_eq!(told, code, "{status}: {text}");
            assert!(!text.contains('\u{1b}') && !text.contains("s3cret") && !text.contains("t0ken"), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused_before_anybody_is_asked() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        std::fs::write(&path, r#"{"refreshToken": "s3cret"}"#).expect("it is written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
        let file = path.to_str().expect("UTF-8");
        let (code, text) = run(&["kaizala", "--target", "http://127.0.0.1:9", "--store", file], &[]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("chmod 600") && text.contains("644") && !text.contains("s3cret"), "{text}");
    }

    #[test]
    fn nobody_there_is_no_fault_of_the_tokens() {
        let (code, text) = run(&["kaizala", "--target", "http://127.0.0.1:9", "--print"], &secrets(SECRET, "t0ken"));
        assert_eq!(code, 3, "{text}");
        assert!(!text.contains("t0ken"), "{text}");
    }
}

mod mobilic {
    use super::{double, run, stored, told, vigie};
    use std::io::{BufRead, BufReader, Read};
    use std::path::Path;
    use std::process::{Child, ChildStderr, Stdio};
    use vigie_sandbox::mobilic::{OTHER_CLIENT, WORKER, client_secret, known_session};

    /// A login that waits for the browser: the program, what is left of its guidance, and the page that it told.
    struct Waiting {
        program: Child,
        guide: BufReader<ChildStderr>,
        page: reqwest::Url,
    }

    impl Waiting {
        fn begin(url: &str, wish: &[&str], secret: &str) -> Self {
            let client = OTHER_CLIENT.to_string();
            let mut arguments = vec!["mobilic", "--client-id", &client, "--target", url];
            arguments.extend(["--redirect-uri", "http://localhost:0/callback"]);
            arguments.extend(wish);
            let mut command = vigie(&arguments, &[("VIGIE_MOBILIC_CLIENT_SECRET", secret)]);
            let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
            let mut guide = BufReader::new(program.stderr.take().expect("it is piped"));
            let mut told = String::new();
            while !told.contains("/oauth/authorize?") {
                assert!(guide.read_line(&mut told).expect("UTF-8") > 0, "it ended: {told}");
            }
            let page = told.lines().last().and_then(|line| line.parse().ok()).expect("a page");
            Self { program, guide, page }
        }

        /// What the browser does with a page when its user is signed in: the code in the address that it goes to next.
        async fn browse(&self, url: &str, deny: bool) -> reqwest::Url {
            let call = format!(
                "{url}/oauth/authorize?{}{}",
                self.page.query().unwrap_or_default(),
                if deny { "&deny=1" } else { "" }
            );
            let session = format!("Bearer {}", known_session(WORKER, false));
            let answer = browser().get(call).header("Authorization", session).send().await.expect("an answer");
            let answer: serde_json::Value =
                serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
            answer["uri"].as_str().and_then(|uri| uri.parse().ok()).expect("an address")
        }

        fn end(mut self) -> (i32, String) {
            let mut rest = String::new();
            self.guide.read_to_string(&mut rest).expect("UTF-8");
            let (code, output) = told(&self.program.wait_with_output().expect("it ends"));
            (code, output + &rest)
        }
    }

    fn browser() -> reqwest::Client {
        drop(rustls::crypto::ring::default_provider().install_default());
        reqwest::Client::builder().no_proxy().build().expect("a client")
    }

    fn is_empty(folder: &Path) -> bool {
        std::fs::read_dir(folder).expect("it lists").count() == 0
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_browser_comes_back_with_a_code_and_the_token_is_stored() {
        let running = double("mobilic").await;
        let url = running.base_url();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let secret = client_secret(OTHER_CLIENT);
        let waiting = Waiting::begin(&url, &["--store", path.to_str().expect("UTF-8")], &secret);
        let back = waiting.browse(&url, false).await;
        let page = browser().get(back).send().await.expect("it listens");
        assert_eq!(page.status(), 200);
        let (code, text) = waiting.end();
        assert_eq!(code, 0, "{text}");
        assert!(text.contains(&WORKER.to_string()), "it says whose token it is: {text}");
        let token = stored(&path)["userToken"].clone();
        assert!(token.len() == 36 && !text.contains(&token) && !text.contains(&secret), "{text}");

        // The very same token again, printed for a program.
        let waiting = Waiting::begin(&url, &["--print"], &secret);
        browser().get(waiting.browse(&url, false).await).send().await.expect("it listens");
        let (code, text) = waiting.end();
        assert_eq!((code, text.trim()), (0, token.as_str()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_wrong_state_a_refusal_and_a_wrong_secret_store_nothing() {
        let running = double("mobilic").await;
        let url = running.base_url();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.json");
        let store = ["--store", path.to_str().expect("UTF-8")];
        let secret = client_secret(OTHER_CLIENT);

        let waiting = Waiting::begin(&url, &store, &secret);
        let mut back = waiting.browse(&url, false).await;
        let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
        back.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", "another");
        assert_eq!(browser().get(back).send().await.expect("it listens").status(), 400);
        let (status, text) = waiting.end();
        assert_eq!(status, 2, "{text}");
        assert!(text.contains("state") && !text.contains(&code) && is_empty(folder.path()), "{text}");

        let waiting = Waiting::begin(&url, &store, &secret);
        browser().get(waiting.browse(&url, true).await).send().await.expect("it listens");
        let (status, text) = waiting.end();
        assert_eq!(status, 2, "{text}");
        assert!(text.contains("access_denied") && is_empty(folder.path()), "{text}");

        let waiting = Waiting::begin(&url, &store, "wr0ng");
        browser().get(waiting.browse(&url, false).await).send().await.expect("it listens");
        let (status, text) = waiting.end();
        assert_eq!(status, 2, "{text}");
        assert!(text.contains("invalid_client") && !text.contains("wr0ng") && is_empty(folder.path()), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn whoever_breaks_off_leaves_nothing_behind() {
        for signal in ["INT", "TERM"] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("tokens.json");
            let waiting = Waiting::begin("http://127.0.0.1:9", &["--store", path.to_str().expect("UTF-8")], "s3cret");
            assert!(!is_empty(folder.path()), "a place is kept while it waits");
            let program = waiting.program.id().to_string();
            let sent = std::process::Command::new("kill").args(["-s", signal, &program]).status().expect("it is sent");
            assert!(sent.success());
            let (code, text) = waiting.end();
            assert_eq!(code, 2, "{text}");
            assert!(text.contains("nothing is stored") && is_empty(folder.path()), "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_asked_for_before_anything_is_sent() {
        let (code, text) = run(&["mobilic"], &[]);
        assert_eq!(code, 0, "{text}");
        for part in ["mobilic@beta.gouv.fr", "client_id", "VIGIE_MOBILIC_TOKEN", "--client-id"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let (code, text) = run(&["mobilic", "--client-id", "7", "--print"], &[]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("VIGIE_MOBILIC_CLIENT_SECRET"), "{text}");
        let (code, text) = run(&["mobilic", "--client-id", "7"], &[("VIGIE_MOBILIC_CLIENT_SECRET", "s3cret")]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("--store FILE") && !text.contains("s3cret"), "{text}");
        let foreign = ["mobilic", "--client-id", "7", "--print", "--redirect-uri", "https://example.org/back"];
        let (code, text) = run(&foreign, &[("VIGIE_MOBILIC_CLIENT_SECRET", "s3cret")]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("redirect URI"), "{text}");
    }
}

#[test]
fn a_provider_without_a_login_says_where_its_token_goes() {
    let (code, text) = run(&["api-particulier"], &[]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("VIGIE_API_PARTICULIER_TOKEN"), "{text}");
}
