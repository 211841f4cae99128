//! `gongkai demo` needs no questions: it prints where to go, and each link lets its person in.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, or ended here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A test that `nohup` runs hands its child the ignored signal on, and the child lives on by intent.
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}

/// How it ended; `None` where it goes on for half a minute.
async fn ended(running: &mut Running) -> Option<i32> {
    for _ in 0..300 {
        if let Some(status) = running.0.try_wait().unwrap() {
            return status.code();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    None
}

#[tokio::test]
async fn prints_addresses_and_a_link_for_each_role() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let temporary = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["demo", "--port", &port.to_string()])
        .env("TMPDIR", temporary.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let mut running = Running(child);
    let mut lines = Vec::new();
    let mut printed = BufReader::new(output).lines();
    for line in printed.by_ref() {
        let line = line.unwrap();
        let last = line.contains("Ctrl-C");
        lines.push(line);
        if last {
            break;
        }
    }
    let said = lines.join("\n");
    assert!(said.contains(&format!("端口 {port} 已被占用")), "{said}");
    let links: Vec<&str> = said
        .split_whitespace()
        .filter(|word| word.contains("/enter/"))
        .collect();
    assert!(links.len() >= 8, "{said}");
    for link in &links {
        let answer = crate::get(*link).await.unwrap();
        assert_eq!(answer.status(), 200, "{link}");
    }
    // A link is used up by entering, and another one takes its place.
    let once = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let entered = once.build().unwrap().post(links[0]);
    let entered = entered
        .header("sec-fetch-site", "same-origin")
        .form(&[("code", "")]);
    assert_eq!(entered.send().await.unwrap().status(), 303);
    let used = crate::get(links[0]).await.unwrap();
    assert_eq!(used.status(), 410);
    assert!(used.text().await.unwrap().contains("再次进入"));
    let again = printed
        .find(|line| line.as_ref().is_ok_and(|line| line.contains("再次进入")))
        .unwrap()
        .unwrap();
    let again = again.split_whitespace().last().unwrap();
    assert_eq!(crate::get(again).await.unwrap().status(), 200, "{again}");
    let portal = said
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap();
    assert!(
        crate::get(portal)
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("演示")
    );
    // The terminal is closed: it clears up behind itself, as every page says.
    let data = || std::fs::read_dir(temporary.path()).unwrap().count();
    assert!(data() > 0);
    let process = running.0.id().to_string();
    let signal = if is_hangup_ignored() { "-TERM" } else { "-HUP" };
    let told = Command::new("kill").args([signal, &process]).status();
    assert!(told.unwrap().success());
    assert_eq!(ended(&mut running).await, Some(0));
    assert_eq!(data(), 0, "the data are gone");
}
