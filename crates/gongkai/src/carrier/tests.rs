//! Mail and webhook against sinks on this machine: what arrives, what is retried, what never leaves twice.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, JobId, OrganId};
use gongkai_platform::access::Reach;
use gongkai_platform::account;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::inbox::digest::{self, Carrier};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::job::{self, JobState};
use gongkai_platform::testing::{self, Guard, MovableClock, backends, uuid};
use gongkai_platform::web::App;
use jiff::SignedDuration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{mail, webhook};
use crate::config::{MailConfig, MailSecurity, WebhookConfig};

/// What came to a sink.
type Caught = Arc<Mutex<Vec<String>>>;

fn caught(sink: &Caught) -> Vec<String> {
    sink.lock().unwrap().clone()
}

/// A mail server on this machine that takes everything but what goes to `refuse@…`.
async fn mail_sink() -> (u16, Caught) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sink = Caught::default();
    let kept = sink.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, kept.clone()));
        }
    });
    (port, sink)
}

async fn talk(stream: TcpStream, sink: Caught) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink ready\r\n").await.unwrap();
    let mut data: Option<String> = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let answer: &[u8] = match &mut data {
            Some(text) if line == "." => {
                sink.lock().unwrap().push(text.clone());
                data = None;
                b"250 kept\r\n"
            }
            Some(text) => {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            None if line.starts_with("EHLO") => b"250-sink\r\n250 8BITMIME\r\n",
            None if line.starts_with("RCPT") && line.contains("refuse@") => b"550 no such box\r\n",
            None if line.starts_with("DATA") => {
                data = Some(String::new());
                b"354 go on\r\n"
            }
            None if line.starts_with("QUIT") => b"221 bye\r\n",
            None => b"250 ok\r\n",
        };
        if write.write_all(answer).await.is_err() {
            return;
        }
    }
}

/// A receiver that answers with the next of some statuses, then 200.
async fn hook_sink(answers: Vec<StatusCode>) -> (String, Caught) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let sink = Caught::default();
    let (kept, answers) = (sink.clone(), Arc::new(Mutex::new(answers)));
    let take = async move |headers: HeaderMap, body: Bytes| {
        let next = answers.lock().unwrap().pop();
        if let Some(status) = next {
            return status;
        }
        let signed = headers[webhook::SIGNATURE].to_str().unwrap();
        assert_eq!(
            signed,
            format!("sha256={}", webhook::signature(SECRET, &body))
        );
        kept.lock()
            .unwrap()
            .push(String::from_utf8(body.to_vec()).unwrap());
        StatusCode::OK
    };
    let router = axum::Router::new().route("/hook", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, sink)
}

const SECRET: &str = "0123456789abcdef-secret";

fn by_mail(port: u16) -> Arc<dyn Carrier> {
    let config = MailConfig {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: MailSecurity::None,
        user: String::new(),
        password: String::new(),
        from: "安澜市政务公开办 <gongkai@example.gov.cn>".into(),
    };
    Arc::new(mail::Mail::new(&config).unwrap())
}

fn by_hook(url: &str) -> Arc<dyn Carrier> {
    let config = WebhookConfig {
        url: url.to_owned(),
        secret: SECRET.to_owned(),
    };
    Arc::new(webhook::Webhook::new(&config).unwrap())
}

struct House {
    db: Db,
    clock: MovableClock,
    app: App,
    organ: OrganId,
    _guard: Guard,
}

impl House {
    async fn with(backend: &testing::Backend, carriers: Vec<Arc<dyn Carrier>>) -> Self {
        // A Monday.
        let clock = MovableClock::at("2026-10-12T07:30:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let organ = testing::organ(&db, "市司法局", None).await;
        let mut parts = testing::parts(&db, &guard, Vec::new());
        parts.carriers = carriers;
        let app = App::new(parts);
        Self {
            db,
            clock,
            app,
            organ,
            _guard: guard,
        }
    }

    async fn person(&self, name: &str, address: Option<&str>) -> AccountId {
        let id = testing::person(&self.db, name, &[(Role::Liaison, self.organ)]).await;
        self.db
            .upkeep(async |tx: &mut Tx| account::store::set_mail_address(tx, id, address).await)
            .await
            .unwrap();
        id
    }

    async fn tell(&self, key: &str, title: &str) {
        let told = Outgoing {
            organ: self.organ,
            roles: &[Role::Liaison],
            reach: Reach::Own,
            topic: Topic::Round,
            key: key.to_owned(),
            title: title.to_owned(),
            body: "请在9月30日前报送".to_owned(),
            path: "/workspace/rounds/own".to_owned(),
            about: "2026-09-30".parse().ok(),
        };
        self.db
            .upkeep(async |tx: &mut Tx| inbox::send(tx, vec![told]).await)
            .await
            .unwrap();
    }

    /// One try of the day's digest.
    async fn morning(&self) -> (JobState, String) {
        let id = JobId::new(uuid());
        self.db
            .upkeep(async |tx: &mut Tx| {
                let payload = serde_json::Value::Null;
                job::queue(tx, id, "platform.digest", "每日消息摘要", &payload, None).await
            })
            .await
            .unwrap();
        let workers = digest::workers(&self.app);
        job::run_next(&self.db, &workers).await.unwrap();
        let job = self
            .db
            .upkeep(async |tx: &mut Tx| {
                let job = job::load(tx, id).await?.unwrap();
                job::cancel(tx, id).await?;
                Ok::<_, StoreError>(job)
            })
            .await
            .unwrap();
        (job.state, job.message.unwrap())
    }
}

/// What quoted-printable or base64 hides.
fn readable(mail: &str) -> String {
    let (head, body) = mail.split_once("\n\n").unwrap();
    let bytes = if head.contains("base64") {
        base64_decode(&body.lines().collect::<String>())
    } else {
        quoted_decode(body)
    };
    format!("{head}\n\n{}", String::from_utf8(bytes).unwrap())
}

fn quoted_decode(text: &str) -> Vec<u8> {
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'=', [high, low, after @ ..]) => {
                let hex = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

fn base64_decode(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = ALPHABET.iter().position(|known| *known == byte).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

#[tokio::test]
async fn one_mail_a_day_tells_what_is_new() {
    for backend in backends() {
        let (port, sink) = mail_sink().await;
        let house = House::with(&backend, vec![by_mail(port)]).await;
        house.person("有信箱", Some("liaison@example.gov.cn")).await;
        house.person("没有信箱", None).await;
        assert_eq!(house.morning().await.1, "邮件：送出0份。");
        house.tell("一", "请报送第三季度台账").await;
        house.clock.advance(SignedDuration::from_secs(61));
        let (state, said) = house.morning().await;
        assert_eq!((state, said.as_str()), (JobState::Done, "邮件：送出1份。"));
        let mail = readable(&caught(&sink)[0]);
        assert!(mail.contains("To: liaison@example.gov.cn"), "{mail}");
        for words in [
            "您有1条新消息",
            "【报送】请报送第三季度台账",
            "期限：2026年9月30日",
            "http://gongkai.test/workspace/rounds/own",
            "清空摘要邮箱",
        ] {
            assert!(mail.contains(words), "{words} not in {mail}");
        }
        // A second one on the same day waits for the next; what was told is not told again.
        house.tell("二", "第二条").await;
        house.clock.advance(SignedDuration::from_secs(61));
        house.morning().await;
        assert_eq!(caught(&sink).len(), 1);
        house.clock.advance(SignedDuration::from_hours(24));
        house.morning().await;
        let mail = readable(&caught(&sink)[1]);
        assert!(
            mail.contains("第二条") && !mail.contains("请报送第三季度台账"),
            "{mail}"
        );
        // Quiet on a rest day: 17 October is a Saturday.
        house.tell("三", "第三条").await;
        house.clock.advance(SignedDuration::from_hours(24 * 4));
        assert!(house.morning().await.1.contains("今天休息"));
        house.clock.advance(SignedDuration::from_hours(24 * 2));
        house.morning().await;
        assert_eq!(caught(&sink).len(), 3);
    }
}

#[tokio::test]
async fn who_is_refused_keeps_nobody_else_from_the_mail() {
    for backend in backends() {
        let (port, sink) = mail_sink().await;
        let house = House::with(&backend, vec![by_mail(port)]).await;
        house.person("甲", Some("refuse@example.gov.cn")).await;
        house.person("乙", Some("takes@example.gov.cn")).await;
        house.tell("一", "请报送").await;
        house.clock.advance(SignedDuration::from_secs(61));
        let (state, said) = house.morning().await;
        assert_eq!(state, JobState::Waiting, "it is tried again");
        assert!(
            said.contains("送出1份") && said.contains("1份没有送到（甲）"),
            "{said}"
        );
        assert!(said.contains("no such box"), "{said}");
        let (_, said) = house.morning().await;
        assert!(said.contains("送出0份"), "nobody gets it twice: {said}");
        assert_eq!(caught(&sink).len(), 1);
    }
}

#[tokio::test]
async fn a_dead_server_is_said_and_loses_nothing() {
    for backend in backends() {
        // Nobody listens on a port that was just given back.
        let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = gone.local_addr().unwrap().port();
        drop(gone);
        let house = House::with(&backend, vec![by_mail(port)]).await;
        house.person("甲", Some("a@example.gov.cn")).await;
        house.tell("一", "请报送").await;
        house.clock.advance(SignedDuration::from_secs(61));
        let (state, said) = house.morning().await;
        assert_eq!(state, JobState::Waiting);
        assert!(said.contains("连不上"), "{said}");
        let unread = house
            .db
            .read(async |tx: &mut Tx| {
                tx.one(gongkai_platform::db::sql(
                    "SELECT COUNT(*) AS n FROM inbox_digest",
                ))
                .await?
                .get::<i64>("n")
            })
            .await
            .unwrap();
        assert_eq!(unread, 0);
    }
}

#[tokio::test]
async fn a_webhook_gets_signed_documents_and_is_tried_again() {
    for backend in backends() {
        let (url, sink) = hook_sink(vec![StatusCode::BAD_GATEWAY]).await;
        let house = House::with(&backend, vec![by_hook(&url)]).await;
        house.person("甲", None).await;
        house.tell("一", "请报送").await;
        house.clock.advance(SignedDuration::from_secs(61));
        let (state, said) = house.morning().await;
        assert_eq!(state, JobState::Waiting);
        assert!(said.contains("502"), "{said}");
        let (state, said) = house.morning().await;
        assert_eq!(
            (state, said.as_str()),
            (JobState::Done, "网络推送：送出1份。")
        );
        let sent: serde_json::Value = serde_json::from_str(&caught(&sink)[0]).unwrap();
        assert_eq!(sent["kind"], "inbox.digest");
        assert_eq!(sent["login"], "甲");
        assert_eq!(sent["items"][0]["title"], "请报送");
        assert_eq!(
            sent["items"][0]["url"],
            "http://gongkai.test/workspace/rounds/own"
        );
    }
}

#[tokio::test]
async fn nothing_leaves_where_nothing_is_switched_on() {
    let house = House::with(&testing::Backend::Sqlite, Vec::new()).await;
    house.person("甲", Some("a@example.gov.cn")).await;
    house.tell("一", "请报送").await;
    assert!(house.morning().await.1.contains("没有启用邮件和推送"));
}

#[test]
fn a_signature_is_the_one_that_others_compute() {
    // RFC 4231, test case 2.
    assert_eq!(
        webhook::signature("Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn settings_that_cannot_work_are_told_before_anything_is_sent() {
    let short = WebhookConfig {
        url: "https://hook.example.gov.cn".into(),
        secret: "short".into(),
    };
    assert!(webhook::Webhook::new(&short).is_err());
    let no_url = WebhookConfig {
        url: "ftp://hook".into(),
        secret: SECRET.into(),
    };
    assert!(webhook::Webhook::new(&no_url).is_err());
    for dead in [
        "169.254.169.254/latest",
        "[fe80::1]/",
        "[::ffff:169.254.1.1]/",
        "0.0.0.0/",
        "239.1.1.1/",
    ] {
        let dead = WebhookConfig {
            url: format!("http://{dead}"),
            secret: SECRET.into(),
        };
        assert!(webhook::Webhook::new(&dead).is_err(), "{}", dead.url);
    }
    let keyed = |url: &str| WebhookConfig {
        url: url.into(),
        secret: SECRET.into(),
    };
    let inner = webhook::Webhook::new(&keyed("http://10.0.0.8:9000/hook?key=k3y")).unwrap();
    assert_eq!(inner.receiver(), "http://10.0.0.8:9000");
    let told = webhook::Webhook::new(&keyed("hook?key=k3y")).err().unwrap();
    assert!(
        !format!("{told:#}").contains("k3y"),
        "a key is told to nobody"
    );
    let no_from = MailConfig {
        host: "smtp.example.gov.cn".into(),
        port: None,
        security: MailSecurity::Tls,
        user: String::new(),
        password: String::new(),
        from: "没有地址".into(),
    };
    assert!(mail::Mail::new(&no_from).is_err());
}
