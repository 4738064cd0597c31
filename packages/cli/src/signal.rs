//! When a command that runs until it is stopped has to end.

use tokio::signal::unix::{signal, SignalKind};

/// Returns when the process is asked to end.
pub async fn until_told() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
