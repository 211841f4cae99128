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
    for line in BufReader::new(output).lines() {
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
    for link in links {
        let answer = crate::get(link).await.unwrap();
        assert_eq!(answer.status(), 200, "{link}");
    }
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
    let hung_up = Command::new("kill").args(["-HUP", &process]).status();
    assert!(hung_up.unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert_eq!(data(), 0, "the data are gone");
}
