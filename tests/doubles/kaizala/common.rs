//! A running double, a client of both its hosts, and a subscriber that keeps what it is told.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc;
use vigie_contract::model::Contract;
use vigie_sandbox::kaizala::{CONNECTOR, SECRET, sandbox};
use vigie_sandbox::{Options, Running, SESSION};

/// What came back.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Seen {
    /// Status and error code.
    pub(crate) fn refusal(&self) -> (u16, &str) {
        (self.status, self.json["errorCode"].as_str().unwrap_or_default())
    }

    /// A header as text; empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of visible ASCII"))
    }

    /// A text of the body.
    pub(crate) fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.json)).to_owned()
    }
}

/// A running double and a client of it, in one session.
pub(crate) struct Site {
    pub(crate) running: Running,
    client: Client,
    session: String,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(&Options::default()).await
    }

    pub(crate) async fn with(options: &Options) -> Self {
        // The clients of this crate choose the provider of TLS; these tests speak plain HTTP but reqwest asks for one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        let sandbox = sandbox(options).expect("it can be made");
        let running = sandbox.start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("free ports");
        Self { running, client: client.expect("a client"), session: String::new() }
    }

    /// The same double, in another session.
    pub(crate) fn enter(self, session: &str) -> Self {
        Self { session: session.to_owned(), ..self }
    }

    /// The base URL of a host by its role.
    pub(crate) fn host(&self, role: &str) -> String {
        self.running.hosts().find(|(own, _)| *own == role).expect("a host of that role").1
    }

    pub(crate) fn request(&self, method: &str, url: &str) -> RequestBuilder {
        let request = self.client.request(method.parse::<Method>().expect("a method"), url);
        if self.session.is_empty() { request } else { request.header(SESSION, &self.session) }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Seen {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Seen { status, headers, json: serde_json::from_str(&text).unwrap_or_default() }
    }

    /// The token service's answer to a refresh token of the good connector.
    pub(crate) async fn refresh(&self, token: &str) -> Seen {
        self.exchange(CONNECTOR, SECRET, token).await
    }

    /// The token service's answer to three headers.
    pub(crate) async fn exchange(&self, id: &str, secret: &str, token: &str) -> Seen {
        let request = self.request("GET", &format!("{}/v1/accessToken", self.host("token")));
        let request = request.header("applicationId", id).header("applicationSecret", secret);
        self.send(request.header("refreshToken", token)).await
    }

    /// A call of the endpoint with a text as its body.
    pub(crate) async fn raw(&self, token: &str, method: &str, path: &str, body: &str) -> Seen {
        let request = self.request(method, &format!("{}/v1{path}", self.host("endpointUrl")));
        let request = request.header("accessToken", token).header("content-type", "application/json");
        self.send(request.body(body.to_owned())).await
    }

    /// A call of the endpoint.
    pub(crate) async fn call(&self, token: &str, method: &str, path: &str, body: Value) -> Seen {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.raw(token, method, path, &body).await
    }

    /// GET of the endpoint with the tenant's access token.
    pub(crate) async fn get(&self, path: &str) -> Seen {
        self.call(TENANT, "GET", path, Value::Null).await
    }

    /// POST to the endpoint with the tenant's access token.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Seen {
        self.call(TENANT, "POST", path, body).await
    }
}

/// Access tokens of the seed.
pub(crate) const TENANT: &str = "sandbox-access-tenant";
pub(crate) const USER: &str = "sandbox-access-user";
pub(crate) const GROUP_TOKEN: &str = "sandbox-access-group";

/// The contract of the tree.
pub(crate) fn contract() -> Contract {
    let provider = vigie_harness::providers::provider("kaizala").expect("it is a provider");
    provider.contracts().pop().expect("it has a contract")
}

/// A subscriber: takes part in every handshake, acknowledges and keeps every event.
pub(crate) struct Subscriber {
    pub(crate) url: String,
    told: mpsc::UnboundedReceiver<(HeaderMap, Value)>,
}

impl Subscriber {
    pub(crate) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/hook?own=1", listener.local_addr().expect("it has one"));
        let (tell, told) = mpsc::unbounded_channel();
        let app = axum::Router::new().fallback(keep).with_state(tell);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> (HeaderMap, Value) {
        let told = tokio::time::timeout(Duration::from_secs(5), self.told.recv()).await;
        told.expect("an event in time").expect("the subscriber listens")
    }

    /// Whether nothing more has come.
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.told.try_recv().is_err()
    }

    /// Every event that has come.
    pub(crate) fn all(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.told.try_recv().ok()).map(|(_, event)| event).collect()
    }
}

type Told = mpsc::UnboundedSender<(HeaderMap, Value)>;

async fn keep(State(tell): State<Told>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let url = reqwest::Url::parse(&format!("http://127.0.0.1{}", head.uri)).expect("a URL");
    let token = url.query_pairs().find(|(name, _)| name == "validationToken").map(|(_, token)| token.into_owned());
    if let Some(token) = token {
        return Response::new(Body::from(token));
    }
    let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    tell.send((head.headers, serde_json::from_slice(&bytes).expect("an event is JSON"))).ok();
    Response::new(Body::empty())
}
