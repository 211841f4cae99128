//! Listens, answers, works on jobs, and stops in order.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use axum::Router;
use gongkai_platform::calendar;
use gongkai_platform::job::{self, Worker, schedule};
use gongkai_platform::web::App;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::compose;
use crate::find::{self, Finder};

/// How often an idle worker looks for jobs.
const JOB_POLL: Duration = Duration::from_millis(500);
/// How often the recurring work and what other processes of the same store changed are looked at.
const UPKEEP_POLL: Duration = Duration::from_secs(20);
/// After so long nobody waits for the start any more, and the printer may look for its fonts.
const WARM_AFTER: Duration = Duration::from_secs(2);
/// How long running requests may take to end after a stop was asked for.
const STOP_WAIT_MAX: Duration = Duration::from_secs(20);

/// Binds all addresses.
///
/// # Errors
/// When one is taken or not of this machine; the sentence names it.
pub async fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>> {
    let mut addresses = addresses.to_vec();
    // `[::]` mostly takes IPv4 along: then `0.0.0.0` of the same port is served, and taken by nobody else.
    addresses.sort_by_key(SocketAddr::is_ipv4);
    let mut listeners = Vec::with_capacity(addresses.len());
    for address in &addresses {
        let everywhere = |other: &SocketAddr| {
            other.is_ipv6() && other.ip().is_unspecified() && other.port() == address.port()
        };
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            Err(error)
                if error.kind() == ErrorKind::AddrInUse
                    && address.is_ipv4()
                    && addresses.iter().any(everywhere) => {}
            Err(error) => return Err(not_bound(*address, error)),
        }
    }
    Ok(listeners)
}

/// Why an address cannot be listened on, and what to do: a whole sentence, where the system's own words would add nothing.
fn not_bound(address: SocketAddr, error: std::io::Error) -> anyhow::Error {
    let (why, what) = match error.kind() {
        ErrorKind::AddrInUse => (
            "端口已被占用",
            "请停掉占用者，或在配置文件的 listen 一行换一个端口",
        ),
        ErrorKind::AddrNotAvailable => {
            ("地址不属于本机", "请在配置文件的 listen 一行写上本机的地址")
        }
        ErrorKind::PermissionDenied => (
            "运行程序的用户不能使用这个端口",
            "请在配置文件的 listen 一行换一个1024以上的端口",
        ),
        _ => {
            return anyhow::Error::new(error).context(format!(
                "不能监听 {address}。数据没有被改动。请检查配置文件的 listen 一行"
            ));
        }
    };
    anyhow!("不能监听 {address}：{why}。数据没有被改动。{what}。")
}

/// Serves until told to stop, then lets running requests end.
///
/// # Errors
/// When a listener fails.
pub async fn run(
    app: App,
    router: Router,
    listeners: Vec<TcpListener>,
    workers: Vec<Arc<dyn Worker>>,
    finder: Finder,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let following = tokio::spawn(find::follow(app.clone(), finder, stopped.clone()));
    let jobs = tokio::spawn(work(app.clone(), workers, stopped.clone()));
    tokio::spawn(warm(app.clone(), stopped.clone()));
    let mut servers = tokio::task::JoinSet::new();
    for listener in listeners {
        let service = router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        let mut stopped = stopped.clone();
        servers.spawn(async move {
            axum::serve(listener, service)
                .with_graceful_shutdown(async move {
                    // An error means that the sender is gone, which is a stop too.
                    let _ = stopped.wait_for(|stop| *stop).await;
                })
                .await
        });
    }
    tokio::select! {
        () = asked_to_stop() => tracing::info!("stopping"),
        Some(ended) = servers.join_next() => ended??,
    }
    let _ = stop.send(true);
    let ending = async {
        while servers.join_next().await.is_some() {}
        // What the demo is still making up goes with its data.
        if !app.site.demo {
            let _ = jobs.await;
        }
        let _ = following.await;
    };
    if tokio::time::timeout(STOP_WAIT_MAX, ending).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    app.db.close().await;
    Ok(())
}

/// Has the printer find its fonts before somebody waits for the first PDF.
async fn warm(app: App, mut stopped: watch::Receiver<bool>) {
    let Some(printer) = app.printer.clone() else {
        return;
    };
    let stop = tokio::time::timeout(WARM_AFTER, stopped.wait_for(|stop| *stop));
    let goes_on = stop.await.is_err();
    if goes_on {
        // Where it fails the first PDF looks for them.
        let _ = tokio::task::spawn_blocking(move || printer.warm()).await;
    }
}

/// Two at a time: whatever is due, and beside it only what somebody waits for, so that a file is read while the night's
/// checks still run. The demo works one by one: what its years queue wants all that happened in them.
async fn work(app: App, workers: Vec<Arc<dyn Worker>>, stopped: watch::Receiver<bool>) {
    let beside = async {
        if !app.site.demo {
            work_one_by_one(&app, &workers, Take::Awaited, stopped.clone()).await;
        }
    };
    tokio::join!(
        look_after(app.clone(), stopped.clone()),
        work_one_by_one(&app, &workers, Take::Due, stopped.clone()),
        beside,
    );
}

/// Which jobs a row of work takes.
#[derive(Clone, Copy)]
enum Take {
    Due,
    Awaited,
}

async fn work_one_by_one(
    app: &App,
    workers: &[Arc<dyn Worker>],
    take: Take,
    mut stopped: watch::Receiver<bool>,
) {
    while !*stopped.borrow() {
        let ran = match take {
            Take::Due => job::run_next(&app.db, workers).await,
            Take::Awaited => job::run_next_awaited(&app.db, workers).await,
        };
        match ran {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(JOB_POLL, stopped.wait_for(|stop| *stop)).await;
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the job table failed"
                );
                let _ = tokio::time::timeout(JOB_POLL * 10, stopped.wait_for(|stop| *stop)).await;
            }
        }
    }
}

/// Queues recurring work when it is due, and takes over calendar years that another process imported.
async fn look_after(app: App, mut stopped: watch::Receiver<bool>) {
    let schedules = compose::schedules();
    while !*stopped.borrow() {
        let looked = async {
            schedule::queue_due(&app.db, &schedules).await?;
            calendar::refresh(&app).await
        };
        if let Err(error) = looked.await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "recurring work could not be queued"
            );
        }
        let _ = tokio::time::timeout(UPKEEP_POLL, stopped.wait_for(|stop| *stop)).await;
    }
}

/// Ctrl-C, a stop by the system, or a terminal that was closed.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let (terminate, hang_up) = {
        use tokio::signal::unix::SignalKind;
        let hang_up = async {
            if outlives_its_terminal() {
                std::future::pending::<()>().await;
            }
            told(SignalKind::hangup()).await;
        };
        (told(SignalKind::terminate()), hang_up)
    };
    #[cfg(not(unix))]
    let (terminate, hang_up) = (std::future::pending::<()>(), std::future::pending::<()>());
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
        () = hang_up => {}
    }
}

/// Was it started so that a closed terminal does not end it, as `nohup` does? Then the signal is ignored from the start.
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(unix)]
async fn told(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending::<()>().await,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::bind;

    #[tokio::test]
    async fn every_address_of_both_kinds_is_listened_on_together() {
        let free = bind(&["127.0.0.1:0".parse().unwrap()]).await.unwrap();
        let port = free[0].local_addr().unwrap().port();
        drop(free);
        let both: [SocketAddr; 2] = [
            format!("0.0.0.0:{port}").parse().unwrap(),
            format!("[::]:{port}").parse().unwrap(),
        ];
        let listeners = bind(&both).await.unwrap();
        tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .unwrap();
        tokio::net::TcpStream::connect(("::1", port)).await.unwrap();
        let taken = bind(&both[..1]).await.unwrap_err();
        let said = format!("{taken:#}");
        assert!(
            said.contains("端口已被占用") && !said.contains("os error"),
            "{said}"
        );
        let foreign = bind(&["192.0.2.1:0".parse().unwrap()]).await.unwrap_err();
        let said = format!("{foreign:#}");
        assert!(
            said.contains("地址不属于本机") && !said.contains("os error"),
            "{said}"
        );
        drop(listeners);
    }
}
