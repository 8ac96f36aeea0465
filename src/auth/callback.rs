//! The way back from the browser: one request to a loopback address, which carries the code of a login (RFC 8252).

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::routing::get;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Where the browser is sent after a login.
#[derive(Debug)]
pub struct Callback {
    uri: String,
    path: String,
    listener: TcpListener,
}

/// Why a login gave no code. Nothing is stored then.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// Only this machine may be sent the code.
    #[error("`{0}` is no redirect URI of this machine: write `http://localhost:8766/callback`, as it is registered")]
    Foreign(String),
    /// The port is taken.
    #[error("cannot listen on port {port}: {source}; end what listens there, or register another redirect URI")]
    Bind {
        /// The port of the redirect URI.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nobody came back.
    #[error("nobody came back from the browser within {0} s; run the command again")]
    Timeout(u64),
    /// Somebody else's login, or an attempt to slip one in.
    #[error(
        "the browser came back with another `state` than was sent: this is not the login that was begun; nothing is stored, run the command again"
    )]
    State,
    /// The person said no, or the provider did.
    #[error("the login was refused: {error}{}", .description.as_deref().map(|text| format!(" ({text})")).unwrap_or_default())]
    Refused {
        /// The provider's error code, such as `access_denied`.
        error: String,
        /// What it says about it.
        description: Option<String>,
    },
    /// Neither a code nor an error.
    #[error("the browser came back without a code; run the command again")]
    NoCode,
}

/// What the browser brings: the query of its request.
struct Desk {
    state: String,
    answer: Mutex<Option<oneshot::Sender<Result<String, CallbackError>>>>,
}

impl Callback {
    /// Listens at a redirect URI, `http://localhost:PORT/PATH`; port 0 takes a free one.
    pub async fn listen(redirect_uri: &str) -> Result<Self, CallbackError> {
        let foreign = || CallbackError::Foreign(redirect_uri.to_owned());
        let mut url = reqwest::Url::parse(redirect_uri).map_err(|_| foreign())?;
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
        let port =
            url.port().filter(|_| url.scheme() == "http" && is_here && url.query().is_none()).ok_or_else(foreign)?;
        let bind = |source| CallbackError::Bind { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(bind)?;
        let uri = if port == 0 {
            let port = listener.local_addr().map_err(bind)?.port();
            url.set_port(Some(port)).map_err(|()| foreign())?;
            url.to_string()
        } else {
            // To the letter: the provider compares it with the one that is registered.
            redirect_uri.to_owned()
        };
        Ok(Self { uri, path: url.path().to_owned(), listener })
    }

    /// The redirect URI, with its port.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Waits for the browser, and gives the code that it brings, if it belongs to the login of this `state`.
    pub async fn code(self, state: &str, patience: Duration) -> Result<String, CallbackError> {
        let (answer, brought) = oneshot::channel();
        let desk = Arc::new(Desk { state: state.to_owned(), answer: Mutex::new(Some(answer)) });
        let app = axum::Router::new().route(&self.path, get(receive)).with_state(desk);
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = self.listener;
        let server = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            // `serve` retries failed accepts by itself and never gives an error.
            drop(axum::serve(listener, app).with_graceful_shutdown(stopped).await);
        });
        let brought = tokio::time::timeout(patience, brought).await;
        drop(stop);
        // The page that the browser shows must reach it; one that keeps its connection open is not waited for.
        drop(tokio::time::timeout(Duration::from_secs(1), server).await);
        match brought {
            Ok(Ok(code)) => code,
            Ok(Err(_)) | Err(_) => Err(CallbackError::Timeout(patience.as_secs())),
        }
    }
}

async fn receive(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> (StatusCode, &'static str) {
    let brought = read(&desk.state, &query.unwrap_or_default());
    let page = match &brought {
        Ok(_) => (StatusCode::OK, "The login is complete. You may close this window.\n"),
        Err(_) => (StatusCode::BAD_REQUEST, "The login failed. The terminal says why; you may close this window.\n"),
    };
    if let Some(answer) = desk.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
        drop(answer.send(brought));
    }
    page
}

/// The state is looked at before anything else: a request without it was not made by this login.
fn read(state: &str, query: &str) -> Result<String, CallbackError> {
    let url = reqwest::Url::parse(&format!("http://localhost/?{query}")).map_err(|_| CallbackError::NoCode)?;
    let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    if value("state").as_deref() != Some(state) {
        return Err(CallbackError::State);
    }
    if let Some(error) = value("error") {
        return Err(CallbackError::Refused {
            error: printable(&error),
            description: value("error_description").map(|text| printable(&text)),
        });
    }
    value("code").filter(|code| !code.is_empty()).ok_or(CallbackError::NoCode)
}

/// What may be shown on a terminal: no control characters, and not without end.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::{Callback, CallbackError, read};

    #[test]
    fn the_state_comes_first_then_the_refusal_then_the_code() {
        assert_eq!(read("s", "code=c&state=s").expect("a code"), "c");
        assert!(matches!(read("s", "code=c&state=x"), Err(CallbackError::State)));
        assert!(matches!(read("s", "code=c"), Err(CallbackError::State)));
        assert!(matches!(read("s", "state=s&code="), Err(CallbackError::NoCode)));
        let refused = read("s", "error=access_denied&error_description=No%1b%5b31m&state=s").expect_err("refused");
        assert_eq!(refused.to_string(), "the login was refused: access_denied (No[31m)");
    }

    #[tokio::test]
    async fn only_this_machine_is_sent_a_code() {
        for uri in [
            "https://localhost:1/cb",
            "http://example.org:80/cb",
            "http://localhost/cb",
            "cb",
            "http://localhost:0/cb?a=1",
        ] {
            assert!(matches!(Callback::listen(uri).await, Err(CallbackError::Foreign(_))), "{uri}");
        }
        let callback = Callback::listen("http://localhost:0/cb").await.expect("a free port");
        assert!(callback.uri().starts_with("http://localhost:") && callback.uri().ends_with("/cb"));
        let second = Callback::listen(callback.uri()).await.expect_err("it is taken");
        assert!(matches!(second, CallbackError::Bind { .. }));
    }

    #[tokio::test]
    async fn nobody_comes_back() {
        let callback = Callback::listen("http://127.0.0.1:0/cb").await.expect("a free port");
        let error = callback.code("s", std::time::Duration::from_millis(20)).await.expect_err("nobody");
        assert!(matches!(error, CallbackError::Timeout(_)));
    }
}
