//! The server of a sandbox that misbehaves: HTTP by hyper, until a connection is taken from it.

use super::wire::Script;
use super::{Outcome, Trouble};
use crate::Host;
use axum::body::Body;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Serves a host until `stopped`, and then until the open requests are answered. What was to hang ends there.
pub(crate) async fn serve(
    mut listener: TcpListener,
    host: Arc<dyn Host>,
    trouble: Arc<Trouble>,
    stopped: impl Future<Output = ()>,
) {
    let mut stopped = pin!(stopped);
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = &mut stopped => break,
            // Connections that ended make room.
            Some(_) = connections.join_next() => {}
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(connection(stream, Arc::clone(&host), Arc::clone(&trouble), closed.clone()));
            }
        }
    }
    drop(listener);
    drop(closing);
    while connections.join_next().await.is_some() {}
}

/// Serves one connection. `closed` changes when the server stops.
async fn connection(stream: TcpStream, host: Arc<dyn Host>, trouble: Arc<Trouble>, mut closed: watch::Receiver<()>) {
    // Small answers must not wait for the peer's delayed acknowledgement. A socket that refuses still works.
    stream.set_nodelay(true).ok();
    let (take, mut taken) = mpsc::channel::<Script>(1);
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let (host, trouble, take) = (&host, &trouble, &take);
        async move {
            match trouble.meet(&**host, request.map(Body::new)).await {
                Outcome::Answer(answer) => Ok::<_, Infallible>(answer),
                Outcome::Script(script) => {
                    // Nothing has been written of this answer, and nothing will be: the connection goes elsewhere.
                    take.send(script).await.ok();
                    std::future::pending().await
                }
            }
        }
    });
    let mut http = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let script = tokio::select! {
        Some(script) = taken.recv() => script,
        // A client that breaks off is nobody's error.
        _ = &mut http => return,
        _ = closed.changed() => {
            std::pin::Pin::new(&mut http).graceful_shutdown();
            tokio::select! {
                // It was to be spoilt, and there is no more time for it.
                _ = taken.recv() => {}
                _ = http => {}
            }
            return;
        }
    };
    let stream = http.into_parts().io.into_inner();
    tokio::select! {
        _ = script.play(stream) => {}
        _ = closed.changed() => {}
    }
}
