//! Floor 3: the embedded sandbox, an HTTP server that behaves like API Particulier's door and its official sandbox.
//!
//! Everything is prepared when a [`Sandbox`] is made: routes, rules, stored answers and error bodies. A request only
//! looks things up, so memory stays flat whatever the traffic. The sandbox sends no request of its own.

pub(crate) mod calendar;
mod door;
mod faults;
mod house;
mod identity;
mod mask;
mod params;
mod query;
mod quota;
mod reply;
mod room;
mod rule;
mod side;
mod store;
mod tokens;
mod twin;

pub use tokens::{
    BLACKLISTED, EXHAUSTED, EXPIRED, FRANCE_CONNECT_ANONYMOUS, FRANCE_CONNECT_EXPIRED, FRANCE_CONNECT_MALFORMED,
    NO_SCOPES, SCOPES_PREFIX, TOKEN, TWIN, token,
};

use crate::contract::model::Contract;
use crate::scenario::Corpus;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::serve::ListenerExt;
use house::House;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long [`Running::stop`] lets open requests finish.
const GRACE: Duration = Duration::from_secs(3);

/// The `Server` header of every answer.
pub const SERVER: &str = concat!("vigie-sandbox/", env!("CARGO_PKG_VERSION"));

/// What a person may choose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Requests per second that one token may send; `None` is no limit.
    pub quota: Option<u32>,
}

/// A sandbox, ready to listen.
pub struct Sandbox {
    house: House,
}

/// A sandbox that listens. Dropping it stops the server.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    // Dropping the sender is the signal to stop.
    signal: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// Why a sandbox could not be made or started.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The list of scopes is no map of operations to scopes to pointers.
    #[error("scopes.yml: {0}")]
    Scopes(#[from] serde_yaml::Error),
    /// The contract's schema of a parameter is no JSON Schema.
    #[error("the schema of the parameter `{parameter}` of {operation} is invalid: {reason}; mend it in the overlay")]
    Schema {
        /// Operation id.
        operation: String,
        /// Name on the wire.
        parameter: String,
        /// What the schema compiler says.
        reason: String,
    },
    /// Nothing could ever be answered.
    #[error("a quota of 0 requests per second answers nothing; give at least 1, or none for no limit")]
    Quota,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another port, or port 0 for any free one")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

impl Sandbox {
    /// Prepares the operations of `contracts`, with the text of `scopes.yml`, the stored cases and the identities.
    pub fn new(contracts: &[Contract], scopes: &str, corpus: &Corpus, options: &Options) -> Result<Self, SandboxError> {
        Ok(Self { house: House::new(contracts, scopes, corpus, options)? })
    }

    /// Binds `address` and serves in background tasks of the current tokio runtime.
    pub async fn start(self, address: SocketAddr) -> Result<Running, SandboxError> {
        let bind = |source| SandboxError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        // Small answers must not wait for the peer's delayed acknowledgement. A socket that refuses still works.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let (signal, stopped) = oneshot::channel::<()>();
        let service = answer.with_state(Arc::new(self.house));
        let server = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            // `serve` retries failed accepts by itself and never gives an error.
            drop(axum::serve(listener, service).with_graceful_shutdown(stopped).await);
        });
        Ok(Running { address, signal: Some(signal), server })
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:4010`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, and waits until the open requests are answered.
    pub async fn stop(mut self) {
        drop(self.signal.take());
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

async fn answer(State(house): State<Arc<House>>, request: Request) -> axum::response::Response {
    let (head, _) = request.into_parts();
    house.answer(&head).await
}
