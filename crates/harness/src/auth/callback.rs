//! The way back from the browser: a request to a loopback address, which brings the code of a login (RFC 8252).

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long the browser's page may take to reach it.
const GRACE: Duration = Duration::from_secs(1);

/// Where the browser is sent after a login.
#[derive(Debug)]
pub struct Callback {
    uri: String,
    path: String,
    listener: TcpListener,
}

/// Why nobody could come back. Nothing is stored then.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// Only this machine may be sent the code.
    #[error(
        "`{0}` is not a redirect URI of this machine: write it as registered, such as `http://localhost:8766/callback`"
    )]
    Foreign(String),
    /// The port is taken.
    #[error("cannot listen on port {port}: {source}; stop the program that uses it, or register another redirect URI")]
    Bind {
        /// The port of the redirect URI.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nobody came back.
    #[error("the browser did not return within {0} s; run the command again")]
    Timeout(u64),
}

/// Tells what a request brings, by its path and query.
type Reader<T> = Box<dyn Fn(&str) -> T + Send + Sync>;

/// Where the request is taken.
struct Desk<T> {
    path: String,
    read: Reader<T>,
    answer: Mutex<Option<oneshot::Sender<T>>>,
}

impl Callback {
    /// Listens at a redirect URI, `http://localhost:PORT/PATH`; port 0 takes a free one.
    pub async fn listen(redirect_uri: &str) -> Result<Self, CallbackError> {
        let foreign = || CallbackError::Foreign(redirect_uri.to_owned());
        let mut url = reqwest::Url::parse(redirect_uri).map_err(|_| foreign())?;
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let port = url.port().filter(|_| url.scheme() == "http" && is_here && is_bare).ok_or_else(foreign)?;
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

    /// Waits for the browser, and gives what `read` makes of the path and query that it brings.
    pub async fn receive<T: Send + 'static, E: Send + 'static>(
        self,
        read: impl Fn(&str) -> Result<T, E> + Send + Sync + 'static,
        patience: Duration,
    ) -> Result<Result<T, E>, CallbackError> {
        let (answer, brought) = oneshot::channel();
        let desk = Arc::new(Desk { path: self.path, read: Box::new(read), answer: Mutex::new(Some(answer)) });
        // Compared by hand: a path may hold what a router would take for a pattern.
        let app = axum::Router::new().fallback(receive::<T, E>).with_state(desk);
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
        drop(tokio::time::timeout(GRACE, server).await);
        brought.ok().and_then(Result::ok).ok_or(CallbackError::Timeout(patience.as_secs()))
    }
}

async fn receive<T, E>(
    State(desk): State<Arc<Desk<Result<T, E>>>>,
    method: Method,
    uri: Uri,
) -> (StatusCode, &'static str) {
    if uri.path() != desk.path {
        return (StatusCode::NOT_FOUND, "Nothing is here.\n");
    }
    // A browser goes there by GET; what only looks, by HEAD, brings nothing.
    if method != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, "Only a browser's GET is accepted here.\n");
    }
    let brought = (desk.read)(&uri.to_string());
    let page = match &brought {
        Ok(_) => (StatusCode::OK, "The login continues in the terminal. You may close this window.\n"),
        Err(_) => (StatusCode::BAD_REQUEST, "The login failed. The terminal says why; you may close this window.\n"),
    };
    if let Some(answer) = desk.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
        drop(answer.send(brought));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{Callback, CallbackError};

    #[tokio::test]
    async fn only_this_machine_is_sent_a_code() {
        for uri in [
            "https://localhost:1/cb",
            "http://example.org:80/cb",
            "http://localhost/cb",
            "cb",
            "http://localhost:0/cb?a=1",
            "http://localhost:0/cb#a",
            "http://user:word@localhost:0/cb",
        ] {
            assert!(matches!(Callback::listen(uri).await, Err(CallbackError::Foreign(_))), "{uri}");
        }
        let callback = Callback::listen("http://localhost:0/cb").await.expect("a free port");
        assert!(callback.uri().starts_with("http://localhost:") && callback.uri().ends_with("/cb"));
        let second = Callback::listen(callback.uri()).await.expect_err("it is taken");
        assert!(matches!(second, CallbackError::Bind { .. }));
    }

    #[tokio::test]
    async fn any_path_is_taken_to_the_letter() {
        for path in ["/:cb", "/*cb", "/{cb}", "/a//b", "/"] {
            let callback = Callback::listen(&format!("http://127.0.0.1:0{path}")).await.expect("a free port");
            let page = format!("{}?code=1", callback.uri());
            let elsewhere = format!("{}x?code=2", callback.uri());
            drop(rustls::crypto::ring::default_provider().install_default());
            let browser = reqwest::Client::builder().no_proxy().build().expect("a client");
            let browse = async {
                assert_eq!(browser.get(elsewhere).send().await.expect("it listens").status(), 404, "{path}");
                assert_eq!(browser.head(&page).send().await.expect("it listens").status(), 405, "{path}");
                assert_eq!(browser.get(&page).send().await.expect("it listens").status(), 200, "{path}");
            };
            let receive =
                callback.receive(|brought| Ok::<_, ()>(brought.to_owned()), std::time::Duration::from_secs(20));
            let (brought, ()) = tokio::join!(receive, browse);
            assert!(brought.expect("it came").expect("it is read").ends_with("?code=1"), "{path}");
        }
    }

    #[tokio::test]
    async fn nobody_comes_back() {
        let callback = Callback::listen("http://127.0.0.1:0/cb").await.expect("a free port");
        let error =
            callback.receive(|_| Ok::<(), ()>(()), std::time::Duration::from_millis(20)).await.expect_err("nobody");
        assert!(matches!(error, CallbackError::Timeout(_)));
    }
}
