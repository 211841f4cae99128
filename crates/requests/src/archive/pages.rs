//! Making, fetching and verifying a package from the case's page.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::web::{App, Problem, download, redirect_with};

use super::{check, make, store};
use crate::acts::{HandleRequests, ViewRequests};
use crate::id::RequestId;
use crate::reach;
use crate::request::store as requests;

fn back(id: RequestId, said: &str) -> Response {
    redirect_with(&format!("/workspace/requests/{id}"), said)
}

/// `POST /workspace/requests/{id}/package`
pub(crate) async fn make(
    State(app): State<App>,
    permit: Permit<HandleRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let case = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            requests::own(tx, &scope, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    if let Some(sentence) = make::why_not(&case) {
        return Err(Problem::refused(vec![sentence.to_owned()]));
    }
    let package = make::run(&app, permit.actor(), id)
        .await
        .map_err(|sentence| Problem::refused(vec![sentence]))?;
    Ok(back(
        id,
        &format!("已打成归档包，{}份材料。", package.files),
    ))
}

/// `GET /workspace/requests/{id}/package`
pub(crate) async fn fetch(
    State(app): State<App>,
    permit: Permit<ViewRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen_answered(tx, permit.roles()).await?;
            // It holds who asks.
            if requests::own(tx, &scope, id).await?.is_none() {
                return Ok::<_, StoreError>(None);
            }
            match store::load(tx, id).await? {
                Some(package) => files::load(tx, package.file).await,
                None => Ok(None),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

/// `POST /workspace/requests/{id}/package/verify`
pub(crate) async fn verify(
    State(app): State<App>,
    permit: Permit<HandleRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(case) = requests::own(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let Some(package) = store::load(tx, id).await? else {
                return Ok(None);
            };
            let stored = files::load(tx, package.file).await?;
            Ok(stored.map(|stored| (case, package, stored)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (case, package, stored) = found;
    let root = app.files.clone();
    let faults = download::off_thread(move || match root.get(&stored.sha256) {
        Ok(bytes) => check(&bytes, &package.list_sha256),
        Err(_) => vec!["归档包的内容读不出来。".to_owned()],
    })
    .await?;
    let verdict = if faults.is_empty() {
        "归档包核对无误：每份材料和校验清单都与归档时一致。".to_owned()
    } else {
        format!("归档包有问题：{}", faults.join(""))
    };
    app.db
        .write(async |tx: &mut Tx| {
            let subject = ("request", id.to_string());
            let sentence = format!("{}：{verdict}", case.request.number);
            tx.record(
                Event::new(
                    permit.actor(),
                    "request.package-verified",
                    subject,
                    sentence,
                )
                .organ(case.request.organ),
            );
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(back(id, &verdict))
}
