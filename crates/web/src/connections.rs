//! One connection: HTTP/1.1 with bounds on how long and how slow a request's head may be.

use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::WebSettings;
use crate::layers::visitors::Peer;

/// Longest head of a request that is read at all, in bytes: beyond it the connection says 431 and closes. What is nearer
/// to the usual gets a page: see [`crate::layers::limits`].
const MAX_HEAD: usize = 64 * 1024;

/// How connections are spoken to.
pub(crate) fn http(settings: &WebSettings) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout())
        .max_buf_size(MAX_HEAD);
    builder
}

/// Serves one connection until it ends; once told to stop, until the request under way has its answer.
pub(crate) async fn serve(
    http: Builder<TokioExecutor>,
    socket: TcpStream,
    from: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    // An answer is written at once: there is nothing to wait for. Where that cannot be set, it is a little slower.
    let _ = socket.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(Peer(from.ip()));
        request.map(Body::new)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(socket), TowerToHyperService::new(service)));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection was cut");
    }
}
