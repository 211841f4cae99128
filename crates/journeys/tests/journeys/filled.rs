//! The demo's city with two years of work in it: filled once, and every story that wants it gets a copy.

use std::path::PathBuf;

use gongkai_journeys::World;
use gongkai_platform::testing::Backend;
use tokio::sync::OnceCell;

pub(crate) const NOW: &str = "2026-10-12T09:00:00+08:00";

static MODEL: OnceCell<PathBuf> = OnceCell::const_new();

/// A server of its own over a copy on SQLite.
pub(crate) async fn world() -> World {
    looking_at(&[]).await
}

/// As [`world`]; its server may look at pages of these hosts.
pub(crate) async fn looking_at(hosts: &[String]) -> World {
    World::like(MODEL.get_or_init(fill).await, NOW, hosts).await
}

async fn fill() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("filled");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    world.is_filled().await;
    world.keep(&folder).await;
    folder
}
