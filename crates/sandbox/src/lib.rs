//! Sandboxes of providers, as HTTP servers. A provider says what its hosts answer; this is how they listen.
//!
//! A sandbox sends no request of its own, but for the calls that its provider makes back to a caller.

pub mod api_particulier;
pub mod faults;
mod gate;
mod hosts;
pub mod kaizala;
pub mod mobilic;
mod quota;
mod reply;
mod sessions;
mod stored;
mod tokens;

pub use hosts::{named_hosts, named_quota};
pub(crate) use sessions::{BadSession, Sessions};

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::serve::ListenerExt;
use faults::{FaultError, Faults, Strikes, Trouble};
use futures::future::BoxFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vigie_contract::model::Contract;

/// How long [`Running::stop`] lets open requests finish.
const GRACE: Duration = Duration::from_secs(3);

/// The `Server` header of every answer.
pub const SERVER: &str = concat!("vigie-sandbox/", env!("CARGO_PKG_VERSION"));

/// The request header that names a state: a sandbox that keeps state keeps one a name, each begun from the same seed.
pub const SESSION: &str = "vigie-world";

/// What a person may choose.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Requests per second that one token may send; `None` is no limit.
    pub quota: Option<u32>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

/// One host of a sandbox: what answers the requests that come to its address.
pub trait Host: Send + Sync + 'static {
    /// Answers a request. The `Server` header of the answer is [`SERVER`].
    fn answer(&self, request: Request) -> BoxFuture<'_, Response>;
}

/// Makes the hosts of a sandbox once their base URLs are known: one host may have to name another.
type Furnish = Box<dyn FnOnce(&[String]) -> Vec<Arc<dyn Host>> + Send>;

/// A sandbox, ready to listen.
pub struct Sandbox {
    roles: &'static [&'static str],
    furnish: Furnish,
    /// Requests per second that each token may send.
    quota: Option<u32>,
    /// What goes wrong, if anything does.
    trouble: Option<Arc<Trouble>>,
}

/// A sandbox that listens. Dropping it stops the servers.
#[derive(Debug)]
pub struct Running {
    roles: &'static [&'static str],
    servers: Vec<Server>,
    trouble: Option<Arc<Trouble>>,
}

#[derive(Debug)]
struct Server {
    address: SocketAddr,
    // Dropping the sender is the signal to stop.
    signal: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Why a sandbox could not be made or started.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The list of scopes is no map of operations to scopes to pointers.
    #[error("scopes.yml: {0}")]
    Scopes(#[from] serde_yaml::Error),
    /// The contract's schema of a parameter is no JSON Schema.
    #[error("the schema of the parameter `{parameter}` of {operation} is invalid: {reason}; fix it in the overlay")]
    Schema {
        /// Operation id.
        operation: String,
        /// Name on the wire.
        parameter: String,
        /// What the schema compiler says.
        reason: String,
    },
    /// Nothing could ever be answered.
    #[error("a quota of 0 requests per second rejects everything; set at least 1, or none for no limit")]
    Quota,
    /// What was to go wrong cannot.
    #[error("--fault: {0}")]
    Fault(#[from] FaultError),
    /// A host needs a port of its own.
    #[error("{address} leaves no port for the sandbox's other hosts; choose a lower port, or port 0 for free ones")]
    Ports {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another port, or port 0 for a free one")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

impl Sandbox {
    /// A sandbox of one host.
    pub fn new(host: impl Host) -> Self {
        Self::of_hosts(&["api"], |_| vec![Arc::new(host)])
    }

    /// A sandbox of several hosts, by their roles. `furnish` gets their base URLs, and gives as many hosts.
    pub fn of_hosts(
        roles: &'static [&'static str],
        furnish: impl FnOnce(&[String]) -> Vec<Arc<dyn Host>> + Send + 'static,
    ) -> Self {
        Self { roles, furnish: Box::new(furnish), quota: None, trouble: None }
    }

    /// The sandbox, which has so many requests per second for each token and says so to whoever asks whether anybody is there.
    #[must_use]
    pub fn with_quota(self, quota: Option<u32>) -> Self {
        Self { quota, ..self }
    }

    /// The sandbox with these faults; the contracts say which operation a request means.
    pub fn with_faults(mut self, contracts: &[Contract], faults: &Faults) -> Result<Self, SandboxError> {
        if !faults.faults.is_empty() {
            self.trouble = Some(Arc::new(Trouble::new(faults, contracts)?));
        }
        Ok(self)
    }

    /// Binds `address`, and for further hosts the ports after it (any free ones after port 0), and serves in background
    /// tasks of the current tokio runtime.
    pub async fn start(self, address: SocketAddr) -> Result<Running, SandboxError> {
        let mut listeners = Vec::with_capacity(self.roles.len());
        let mut urls = Vec::with_capacity(self.roles.len());
        for place in 0..self.roles.len() {
            let offset = if address.port() == 0 { 0 } else { u16::try_from(place).unwrap_or(u16::MAX) };
            let port = address.port().checked_add(offset).ok_or(SandboxError::Ports { address })?;
            let address = SocketAddr::new(address.ip(), port);
            let bind = |source| SandboxError::Bind { address, source };
            let listener = TcpListener::bind(address).await.map_err(bind)?;
            let address = listener.local_addr().map_err(bind)?;
            urls.push(format!("http://{address}"));
            listeners.push((address, listener));
        }
        let headers = hosts::headers(self.roles, &urls, self.quota);
        let hosts = hosts::announcing((self.furnish)(&urls), &headers);
        let servers = listeners.into_iter().zip(hosts).map(|((address, listener), host)| {
            let (signal, stopped) = oneshot::channel::<()>();
            let stopped = async { drop(stopped.await) };
            if let Some(trouble) = &self.trouble {
                let task = tokio::spawn(faults::serve(listener, host, Arc::clone(trouble), stopped));
                return Server { address, signal, task };
            }
            // Small answers must not wait for the peer's delayed acknowledgement. A socket that refuses still works.
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            let service = answer.with_state(host);
            let task = tokio::spawn(async move {
                // `serve` retries failed accepts by itself and never gives an error.
                drop(axum::serve(listener, service).with_graceful_shutdown(stopped).await);
            });
            Server { address, signal, task }
        });
        let servers = servers.collect();
        Ok(Running { roles: self.roles, servers, trouble: self.trouble })
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").field("roles", &self.roles).finish_non_exhaustive()
    }
}

impl Running {
    /// Where the first host listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.servers[0].address
    }

    /// The first host: `http://127.0.0.1:4010`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Every host: its role and its base URL.
    pub fn hosts(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.roles.iter().zip(&self.servers).map(|(role, server)| (*role, format!("http://{}", server.address)))
    }

    /// How often it misbehaved, if it was to.
    #[must_use]
    pub fn strikes(&self) -> Option<Strikes> {
        self.trouble.as_ref().map(|trouble| trouble.strikes.so_far())
    }

    /// Stops listening, and waits until the open requests are answered.
    pub async fn stop(self) {
        let stop = |Server { signal, task, .. }| {
            drop(signal);
            task
        };
        let tasks: Vec<JoinHandle<()>> = self.servers.into_iter().map(stop).collect();
        for mut task in tasks {
            if tokio::time::timeout(GRACE, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

async fn answer(State(host): State<Arc<dyn Host>>, request: Request) -> Response {
    host.answer(request).await
}
