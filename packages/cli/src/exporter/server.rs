//! The HTTP side: `/metrics`, and `/healthz` for whoever supervises the process.

use axum::extract::State;
use axum::http::{header, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::Router;
use tokio::net::TcpListener;

use super::poller::Poller;
use crate::signal;

/// OpenMetrics, which Prometheus reads since 2.5.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const INDEX: &str = "<!doctype html><title>sdp exporter</title><a href=\"/metrics\">metrics</a>";

/// Answers until the process is told to stop; what is being answered then is answered to its end.
pub async fn serve(listener: TcpListener, poller: Poller) -> std::io::Result<()> {
    axum::serve(listener, routes(poller)).with_graceful_shutdown(signal::until_told()).await
}

fn routes(poller: Poller) -> Router {
    Router::new()
        .route("/", get(|| async { Html(INDEX) }))
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .with_state(poller)
}

async fn metrics(State(poller): State<Poller>) -> Response {
    match poller.scrape() {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}
