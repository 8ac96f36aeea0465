//! `vigie login` as a person runs it: what is explained, what is stored, and that no secret is ever shown.
#![cfg(feature = "harness")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use vigie::providers::provider;
use vigie::runner::Plan;
use vigie::sandbox::{Options, Running};

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
    use vigie::providers::kaizala::sandbox::{CONNECTOR, SECRET};

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

#[test]
fn a_provider_without_a_login_says_where_its_token_goes() {
    let (code, text) = run(&["api-particulier"], &[]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("VIGIE_API_PARTICULIER_TOKEN"), "{text}");
}
