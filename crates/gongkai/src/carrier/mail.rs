//! The digest as a mail.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use gongkai_platform::inbox::digest::{Carrier, CarryError, Digest};
use gongkai_platform::web::day;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::ANSWER_WAIT_MAX;
use crate::config::{MailConfig, MailSecurity};

/// Mail by SMTP.
pub struct Mail {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mail {
    /// # Errors
    /// When the sender's address or the server's name cannot be understood.
    pub fn new(config: &MailConfig) -> Result<Self> {
        let from = config.from.parse().with_context(|| {
            format!("配置文件 [mail] 的 from“{}”不是邮箱地址。没有发出邮件。请改为“单位名称 <信箱@域名>”", config.from)
        })?;
        let host = config.host.as_str();
        let wrong = || {
            format!("配置文件 [mail] 的 host“{host}”无法识别。没有发出邮件。请填写邮件服务器的域名")
        };
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let mut transport = match config.security {
            MailSecurity::Tls => Transport::relay(host).with_context(wrong)?,
            MailSecurity::Starttls => Transport::starttls_relay(host).with_context(wrong)?,
            MailSecurity::None => Transport::builder_dangerous(host),
        };
        if let Some(port) = config.port {
            transport = transport.port(port);
        }
        if !config.user.is_empty() {
            let credentials = Credentials::new(config.user.clone(), config.password.clone());
            transport = transport.credentials(credentials);
        }
        Ok(Self {
            from,
            transport: transport.timeout(Some(ANSWER_WAIT_MAX)).build(),
        })
    }

    /// Can the server be reached, and does it let us in?
    ///
    /// # Errors
    /// The sentence of the server or of the network.
    pub async fn knock(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("邮件服务器没有应答".to_owned()),
            Err(error) => Err(told(&error)),
        }
    }

    fn message(&self, digest: &Digest) -> Result<Message, CarryError> {
        let refused = |error: &dyn std::fmt::Display| CarryError::Refused(error.to_string());
        let address = digest.address.as_deref().unwrap_or_default();
        let address = address.parse().map_err(|error| refused(&error))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(format!(
                "［{}政务公开］您有{}条新消息",
                digest.site, digest.count
            ))
            // The same digest sent twice is told by its number.
            .message_id(Some(format!(
                "<digest-{}-{}@{}>",
                digest.account,
                digest.day,
                self.from.email.domain()
            )))
            .header(ContentType::TEXT_PLAIN)
            .body(text(digest))
            .map_err(|error| refused(&error))
    }
}

/// The mail's text: what is new, where it is dealt with, how to get no more of these.
#[must_use]
pub fn text(digest: &Digest) -> String {
    let mut text = format!(
        "{}：\n\n截至{}，您有{}条新消息：\n\n",
        digest.name,
        day(digest.day),
        digest.count
    );
    for item in &digest.items {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "【{}】{}", item.topic.name(), item.title);
        if !item.body.is_empty() {
            let _ = writeln!(text, "    {}", item.body);
        }
        if let Some(about) = item.about {
            let _ = writeln!(text, "    期限：{}", day(about));
        }
        let _ = writeln!(text, "    {}{}\n", digest.url, item.path);
    }
    let listed = i64::try_from(digest.items.len()).unwrap_or(i64::MAX);
    if digest.count > listed {
        let _ = writeln!(text, "还有{}条，请到收件箱查看。\n", digest.count - listed);
    }
    let _ = writeln!(
        text,
        "收件箱：{}/workspace/inbox\n\n这是{}政务公开工作台自动发出的每日摘要，请勿直接回复。不想再收，请登录后在“我的账号”清空摘要邮箱。",
        digest.url, digest.site
    );
    text
}

/// The whole chain of causes, for the operator.
fn told(error: &lettre::transport::smtp::Error) -> String {
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let _ = write!(told, "：{inner}");
        cause = inner.source();
    }
    told
}

#[async_trait]
impl Carrier for Mail {
    fn code(&self) -> &'static str {
        "mail"
    }

    fn name(&self) -> &'static str {
        "邮件"
    }

    fn wants_address(&self) -> bool {
        true
    }

    async fn carry(&self, digest: &Digest) -> Result<(), CarryError> {
        let message = self.message(digest)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // The server answered and does not take this one.
            Err(error) if error.is_permanent() || error.is_transient() => {
                Err(CarryError::Refused(told(&error)))
            }
            Err(error) => Err(CarryError::Unreachable(told(&error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::AccountId;
    use gongkai_platform::inbox::digest::Digest;
    use gongkai_platform::testing::uuid;

    use super::Mail;
    use crate::config::{MailConfig, MailSecurity};

    #[test]
    fn nothing_that_people_wrote_becomes_a_header_of_its_own() {
        let mail = Mail::new(&MailConfig {
            host: "127.0.0.1".to_owned(),
            port: Some(25),
            security: MailSecurity::None,
            user: String::new(),
            password: String::new(),
            from: "政务公开办 <gongkai@example.gov.cn>".to_owned(),
        })
        .unwrap();
        let digest = |site: &str, address: &str| Digest {
            account: AccountId::new(uuid()),
            login: "lianluo".to_owned(),
            name: "联络员\r\nBcc: a@evil.example".to_owned(),
            address: Some(address.to_owned()),
            day: "2026-10-12".parse().unwrap(),
            count: 1,
            items: Vec::new(),
            site: site.to_owned(),
            url: "http://gongkai.test".to_owned(),
        };
        for site in [
            "安澜市\r\nBcc: b@evil.example",
            "安澜市\nBcc: b@evil.example\n\n正文",
        ] {
            let message = mail.message(&digest(site, "liaison@example.gov.cn"));
            let Ok(message) = message else { continue };
            let bytes = message.formatted();
            let text = String::from_utf8_lossy(&bytes);
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            assert!(
                head.lines()
                    .all(|line| !line.to_lowercase().starts_with("bcc")),
                "{head}"
            );
            assert!(head.contains("To: liaison@example.gov.cn"), "{head}");
        }
        for address in [
            "a@b.cn\r\nBcc: c@evil.example",
            "a@b.cn, c@evil.example",
            "",
        ] {
            assert!(
                mail.message(&digest("安澜市", address)).is_err(),
                "{address}"
            );
        }
    }
}
