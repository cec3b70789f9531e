//! Listening, watching the store, stopping.

use crate::app::App;
use crate::http::router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at the same time, seconds for a request's head, seconds to finish when the server stops.
const CONNECTIONS: usize = 1024;
const HEAD_SECONDS: u64 = 10;
const STOP_SECONDS: u64 = 5;
/// How often the store is looked at.
const POLL: Duration = Duration::from_secs(1);

/// A server that has its address.
pub struct Listening {
    listener: TcpListener,
    app: Arc<App>,
}

impl Listening {
    /// Takes an address; port 0 takes a free one.
    pub async fn bind(app: Arc<App>, address: SocketAddr) -> io::Result<Listening> {
        Ok(Listening { listener: TcpListener::bind(address).await?, app })
    }

    /// The address it has.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is ready; what is being answered then is finished, for a few seconds.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let watching = tokio::spawn(watch(self.app.clone()));
        let service = TowerToHyperService::new(router(self.app));
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            let Some(accepted) = either(self.listener.accept(), stop.as_mut()).await else { break };
            // Out of file handles and the like: the next may succeed.
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Ok(permit) = connections.clone().try_acquire_owned() else { continue };
            let _ = stream.set_nodelay(true);
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEAD_SECONDS));
            let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service.clone()));
            tokio::spawn(async move {
                let _ = connection.await;
                drop(permit);
            });
        }
        watching.abort();
        let _ = tokio::time::timeout(Duration::from_secs(STOP_SECONDS), graceful.shutdown()).await;
    }
}

/// The first of two futures, where the second only says that it is time; `None` when it is.
async fn either<T>(first: impl Future<Output = T>, second: Pin<&mut impl Future<Output = ()>>) -> Option<T> {
    let (mut first, mut second) = (pin!(first), second);
    std::future::poll_fn(|context| {
        if second.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        first.as_mut().poll(context).map(Some)
    })
    .await
}

/// Takes in new commits.
async fn watch(app: Arc<App>) {
    loop {
        tokio::time::sleep(POLL).await;
        let app = app.clone();
        let _ = tokio::task::spawn_blocking(move || app.refresh()).await;
    }
}

/// Runs a server until the program is told to stop; `ready` is handed the address.
pub fn serve(app: Arc<App>, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listening = Listening::bind(app, address).await?;
        ready(listening.address()?);
        listening.run(told_to_stop()).await;
        Ok(())
    });
    // What is still worked on does not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    let interrupted = pin!(async {
        let _ = tokio::signal::ctrl_c().await;
    });
    either(terminated.recv(), interrupted).await;
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
