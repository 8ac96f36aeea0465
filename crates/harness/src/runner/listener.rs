//! Where a provider calls back: a server of the runner's own on the loopback interface, one for each scenario that asks.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use vigie_exchange::Request;
use vigie_scenario::{Listener, Validation};

/// The path that is handed out; any other is answered too.
const PATH: &str = "/callback";
/// The parameter of the question whether anybody is there.
const VALIDATION: &str = "validationToken";
/// A longer body is not read.
const LONGEST: usize = 1 << 20;
/// Calls that are kept for steps to come; further ones are answered and forgotten.
const MOST: usize = 256;

/// A call that came, and how it was answered.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) request: Request,
    pub(super) status: StatusCode,
}

/// A listener under way. Dropping it stops the server.
#[derive(Debug)]
pub(super) struct Listening {
    url: String,
    desk: Arc<Desk>,
    // Dropping the sender is the signal to stop.
    _open: watch::Sender<()>,
}

/// Calls that nobody waited for yet.
#[derive(Debug)]
struct Desk {
    manner: Listener,
    calls: Mutex<Vec<Call>>,
    came: Notify,
    closed: watch::Receiver<()>,
}

impl Listening {
    pub(super) async fn start(manner: Listener) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}{PATH}", listener.local_addr()?);
        let (open, closed) = watch::channel(());
        let desk = Arc::new(Desk { manner, calls: Mutex::default(), came: Notify::new(), closed: closed.clone() });
        let service = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        tokio::spawn(async move {
            // `serve` retries failed accepts by itself and never gives an error.
            drop(axum::serve(listener, service).with_graceful_shutdown(until_closed(closed)).await);
        });
        Ok(Self { url, desk, _open: open })
    }

    /// Where a provider is told to call.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The next call with this method, as soon as there is one; `None` if none comes in time.
    pub(super) async fn next(&self, method: &str) -> Option<Call> {
        let patience = Duration::from_secs(self.desk.manner.patience);
        let wait = async {
            loop {
                // Asked for before the look, so that no call slips between the two.
                let came = self.desk.came.notified();
                if let Some(call) = self.desk.take(method) {
                    return call;
                }
                came.await;
            }
        };
        tokio::time::timeout(patience, wait).await.ok()
    }
}

impl Desk {
    fn take(&self, method: &str) -> Option<Call> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let position = calls.iter().position(|call| call.request.method == method)?;
        Some(calls.remove(position))
    }

    fn put(&self, call: Call) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() < MOST {
            calls.push(call);
        }
        drop(calls);
        self.came.notify_one();
    }
}

async fn until_closed(mut closed: watch::Receiver<()>) {
    while closed.changed().await.is_ok() {}
}

async fn answer(State(desk): State<Arc<Desk>>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let token = (head.method == Method::GET).then(|| validation_token(&target)).flatten();
    let response = match &token {
        Some(token) => validation(&desk, token).await,
        None => StatusCode::from_u16(desk.manner.status).unwrap_or_default().into_response(),
    };
    let request = Request { method: head.method, target, headers: head.headers, body };
    desk.put(Call { request, status: response.status() });
    response
}

fn validation_token(target: &str) -> Option<String> {
    let url = reqwest::Url::parse("http://localhost").and_then(|base| base.join(target)).ok()?;
    url.query_pairs().find(|(name, _)| name == VALIDATION).map(|(_, token)| token.into_owned())
}

async fn validation(desk: &Desk, token: &str) -> Response {
    let text = |text: String| ([(CONTENT_TYPE, "text/plain")], Body::from(text)).into_response();
    match desk.manner.validation {
        Validation::Echo => text(token.to_owned()),
        Validation::Quoted => text(serde_json::Value::from(token).to_string()),
        Validation::Wrong => text(format!("not {token}")),
        Validation::Refused => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Validation::Silent => {
            until_closed(desk.closed.clone()).await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
