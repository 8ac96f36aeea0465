//! Who breaks off: Ctrl-C, or a system that ends what it started.

/// Until Ctrl-C, or until the system asks the program to end.
pub(super) async fn broken_off() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                told = tokio::signal::ctrl_c() => if told.is_ok() { return },
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
