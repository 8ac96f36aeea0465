//! The double on a free port, and calls of it.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::net::SocketAddr;
use vigie_harness::providers::provider;
use vigie_sandbox::{Options, Running};
use vigie_scenario::Corpus;

/// A driver, the manager, and the software of most examples.
pub(crate) const WORKER: i64 = 318_450_271;
pub(crate) const MANAGER: i64 = 527_306_914;
pub(crate) const SOFTWARE: i64 = 264_810_537;
/// The password of everyone.
pub(crate) const PASSWORD: &str = "route-nationale-7";

/// The double, and who calls it.
pub(crate) struct Double {
    running: Running,
    http: Client,
    session: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The first message and its code.
    pub(crate) fn error(&self) -> (String, Value) {
        let error = self.json()["errors"][0].clone();
        (error["message"].as_str().unwrap_or_default().to_owned(), error["extensions"]["code"].clone())
    }
}

impl Double {
    pub(crate) async fn start() -> Self {
        let mobilic = provider("mobilic").expect("it is registered");
        let corpus = Corpus::new(mobilic.dialect);
        let sandbox = mobilic.sandbox(&mobilic.contracts(), &corpus, &Options::default()).expect("it can be made");
        let running = sandbox.start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        // The clients of this crate choose the provider of TLS; plain HTTP asks for one too.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self { running, http: Client::builder().no_proxy().build().expect("a client"), session: None }
    }

    /// The same in another session from now on.
    pub(crate) fn enter(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.running.base_url()));
        match &self.session {
            Some(session) => request.header("Vigie-World", session),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Seen {
        let answer = request.send().await.expect("the double answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Seen { status, headers, text: answer.text().await.expect("it has a body") }
    }

    /// A document, by whom the headers name.
    pub(crate) async fn ask(&self, path: &str, document: &str, headers: &[(&str, &str)]) -> Seen {
        let request = self.request("POST", path).body(json!({"query": document}).to_string());
        let request = request.header("Content-Type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request).await
    }

    /// An `Authorization` header after signing in.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        let document =
            format!("mutation {{ auth {{ login(email: \"{email}\", password: \"{PASSWORD}\") {{ accessToken }} }} }}");
        let answer = self.ask("/graphql", &document, &[]).await.json();
        let token = answer["data"]["auth"]["login"]["accessToken"].as_str();
        format!("Bearer {}", token.expect("the password is right"))
    }
}
