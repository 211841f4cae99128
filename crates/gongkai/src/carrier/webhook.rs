//! The digest as a signed JSON document, for whatever the site connects: a messenger of its own, an office system.

use std::net::IpAddr;

use anyhow::{Context as _, Result, ensure};
use async_trait::async_trait;
use gongkai_platform::inbox::digest::{Carrier, CarryError, Digest};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use sha2::Sha256;

use super::ANSWER_WAIT_MAX;
use crate::config::WebhookConfig;

/// Carries the hex of HMAC-SHA-256 over the body, under the secret.
pub const SIGNATURE: &str = "x-gongkai-signature";
/// Shorter secrets can be guessed.
const SECRET_CHARS_MIN: usize = 16;

/// A webhook.
pub struct Webhook {
    url: Url,
    secret: String,
    client: Client,
}

impl Webhook {
    /// Whom it tells, without the path, which may hold a key.
    #[must_use]
    pub fn receiver(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// # Errors
    /// When the address is none of http or https or of no receiver, or the secret is too short.
    pub fn new(config: &WebhookConfig) -> Result<Self> {
        let url: Url = config
            .url
            .parse()
            .ok()
            .filter(|url: &Url| matches!(url.scheme(), "http" | "https"))
            // Such an address often carries a key: it is repeated nowhere.
            .context("配置文件 [webhook] 的 url 不是网址。没有推送。请填写以 http:// 或 https:// 开头的网址")?;
        ensure!(
            !is_of_no_receiver(&url),
            "配置文件 [webhook] 的 url 指向没有接收方的地址（链路本地、组播或全零地址，云主机的元数据服务也在其中）。没有推送。请填写接收方的域名或地址"
        );
        ensure!(
            config.secret.chars().count() >= SECRET_CHARS_MIN,
            "配置文件 [webhook] 的 secret 太短。没有推送。请填写至少{SECRET_CHARS_MIN}个字符的随机密钥，并告知接收方"
        );
        // A second provider in the same process changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(ANSWER_WAIT_MAX)
            // A redirect would carry what is signed for one receiver to another.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("不能准备网络推送。没有推送。请检查本机的证书目录")?;
        Ok(Self {
            url,
            secret: config.secret.clone(),
            client,
        })
    }
}

/// The address is one at which no receiver of ours can be; a cloud's metadata service answers at a link-local one. Inner
/// networks are where receivers usually are.
fn is_of_no_receiver(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty() || number.parse().is_ok_and(is_dead)
}

fn is_dead(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    link_local || address.is_unspecified() || address.is_multicast()
}

/// What is sent. `id` is the same when the same digest comes twice.
#[must_use]
pub fn body(digest: &Digest) -> Value {
    let items: Vec<Value> = digest
        .items
        .iter()
        .map(|item| {
            json!({
                "topic": item.topic.code(),
                "title": item.title,
                "body": item.body,
                "organ": item.organ_name,
                "about": item.about,
                "url": format!("{}{}", digest.url, item.path),
            })
        })
        .collect();
    json!({
        "kind": "inbox.digest",
        "id": format!("{}:{}", digest.account, digest.day),
        "site": digest.site,
        "day": digest.day,
        "login": digest.login,
        "name": digest.name,
        "count": digest.count,
        "items": items,
    })
}

/// The hex of HMAC-SHA-256.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(body);
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

#[async_trait]
impl Carrier for Webhook {
    fn code(&self) -> &'static str {
        "webhook"
    }

    fn name(&self) -> &'static str {
        "网络推送"
    }

    fn wants_address(&self) -> bool {
        false
    }

    async fn carry(&self, digest: &Digest) -> Result<(), CarryError> {
        let body = body(digest).to_string().into_bytes();
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json; charset=utf-8")
            .header(
                SIGNATURE,
                format!("sha256={}", signature(&self.secret, &body)),
            )
            .body(body);
        let answer = request.send().await.map_err(|error| {
            CarryError::Unreachable(format!("{:#}", anyhow::Error::from(error.without_url())))
        })?;
        let status = answer.status();
        if status.is_success() {
            Ok(())
        } else if status.is_client_error() {
            Err(CarryError::Refused(format!("接收方答复 {status}")))
        } else {
            Err(CarryError::Unreachable(format!("接收方答复 {status}")))
        }
    }
}
