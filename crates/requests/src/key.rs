//! Query codes and signed receipts: one secret of this store, made at first use by either side.

mod held;
pub mod store;

pub(crate) use held::held;

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use gongkai_basis::Date;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::id::{ConsultationId, RequestId};
use crate::request::Request;

/// Characters of a query code: none that is mistaken for another.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";
/// 31^10 codes: about 49 bits.
const CODE_CHARS: usize = 10;
/// The first line of every receipt.
const HEAD: &str = "政府信息公开申请回执 v2";

/// The name of the hash in a receipt.
const CONTENT: &str = "内容校验";
/// For so long the content can be fetched by the address of its receipt: it holds what else stands nowhere for whoever finds
/// the address, such as the number of an identity paper. Hours.
pub const CONTENT_HOURS: i64 = 24;

/// SubjectPublicKeyInfo of Ed25519 (RFC 8410) before the 32 bytes of the key.
const SPKI_HEAD: &str = "302a300506032b6570032100";

/// What query codes are derived from, and the seed of the signing key.
#[derive(Clone)]
pub struct Keys {
    code: [u8; 32],
    seed: [u8; 32],
}

impl Keys {
    /// From 64 hexadecimal characters each.
    fn from_hex(code: &str, seed: &str) -> Option<Self> {
        let read = |text: &str| -> Option<[u8; 32]> { hex::decode(text).ok()?.try_into().ok() };
        Some(Self {
            code: read(code)?,
            seed: read(seed)?,
        })
    }

    fn mac(&self, what: &str, id: &str) -> Hmac<Sha256> {
        // HMAC takes keys of any length, so this cannot fail; were it to, the code would match nothing.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.code)
            .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
        mac.update(what.as_bytes());
        mac.update(b"|");
        mac.update(id.as_bytes());
        mac
    }

    fn code_of(&self, what: &str, id: &str) -> String {
        let bytes = self.mac(what, id).finalize().into_bytes();
        bytes
            .chunks(3)
            .take(CODE_CHARS)
            .map(|chunk| {
                let number = chunk
                    .iter()
                    .fold(0_usize, |n, byte| n * 256 + usize::from(*byte));
                ALPHABET
                    .get(number % ALPHABET.len())
                    .map_or('2', |byte| char::from(*byte))
            })
            .collect()
    }

    /// The applicant's query code.
    #[must_use]
    pub fn code(&self, id: RequestId) -> String {
        self.code_of("code", &id.to_string())
    }

    /// The code under which a third party answers.
    #[must_use]
    pub fn opinion_code(&self, id: ConsultationId) -> String {
        self.code_of("opinion", &id.to_string())
    }

    /// Is this the code? Takes the same time whatever is wrong.
    #[must_use]
    pub fn is_code(&self, id: RequestId, typed: &str) -> bool {
        self.is_same(&self.code(id), typed)
    }

    /// As [`Keys::is_code`], for the letter to a third party.
    #[must_use]
    pub fn is_opinion_code(&self, id: ConsultationId, typed: &str) -> bool {
        self.is_same(&self.opinion_code(id), typed)
    }

    fn is_same(&self, wanted: &str, typed: &str) -> bool {
        let mut mac = self.mac("compare", "");
        mac.update(wanted.as_bytes());
        let wanted = mac.finalize().into_bytes();
        let mut mac = self.mac("compare", "");
        mac.update(folded(typed).as_bytes());
        mac.verify_slice(&wanted).is_ok()
    }

    /// A mark that only this store can make on a text.
    #[must_use]
    pub fn seal(&self, text: &str) -> String {
        hex::encode(self.mac("seal", text).finalize().into_bytes())
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed)
    }

    /// The public key, in hexadecimal.
    #[must_use]
    pub fn public_hex(&self) -> String {
        hex::encode(self.signing().verifying_key().to_bytes())
    }

    /// The public key as PEM, for `openssl pkeyutl`.
    #[must_use]
    pub fn public_pem(&self) -> String {
        use base64::Engine as _;
        // SubjectPublicKeyInfo of Ed25519 (RFC 8410): a fixed head and the 32 bytes.
        let mut der = hex::decode(SPKI_HEAD).unwrap_or_default();
        der.extend(self.signing().verifying_key().to_bytes());
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// The receipt of a case, as text with its signature in the last line.
    ///
    /// # Errors
    /// The day on which data were erased that its hash is made of: a second receipt would bear another hash.
    pub fn receipt(&self, request: &Request, submitted: &str) -> Result<String, Date> {
        if let Some(on) = request.kept.gone_on() {
            return Err(on);
        }
        let body = body(request, submitted);
        let signature = self.signing().sign(body.as_bytes());
        Ok(format!(
            "{body}签名：{}\n",
            hex::encode(signature.to_bytes())
        ))
    }
}

/// A code as people type it: without spaces and dashes, in capitals.
#[must_use]
pub fn folded(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(4 * CODE_CHARS)
        .collect::<String>()
        .to_uppercase()
}

/// What was handed in, as its hash is made of it: a line for each thing that was filled in. Lines of a longer text begin
/// with spaces, so that none of them reads as another thing.
#[must_use]
pub fn content(request: &Request) -> String {
    let (who, wish) = (&request.applicant, &request.wish);
    let lines: [(&str, &str); 18] = [
        ("申请类别", request.kind.name()),
        ("申请人类型", who.kind.name()),
        ("姓名或者名称", &who.name),
        ("证件名称", &who.paper),
        ("证件号码", &who.paper_number),
        ("法定代表人", &who.head),
        ("联系人", &who.contact),
        ("工作单位", &who.workplace),
        ("联系电话", &who.phone),
        ("传真号码", &who.fax),
        ("电子邮箱", &who.email),
        ("通信地址", &who.address),
        ("邮政编码", &who.postcode),
        ("所需信息", &wish.subject),
        ("描述", &wish.description),
        ("载体形式", wish.form.name()),
        ("获取方式", wish.way.name()),
        ("减免理由", &wish.waiver),
    ];
    let filled = lines.iter().filter(|(_, text)| !text.trim().is_empty());
    let lines = filled.map(|(name, text)| {
        let text: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
        format!("{name}：{}\n", text.join("\n    "))
    });
    lines.collect()
}

/// SHA-256 of the bytes of [`content`].
#[must_use]
pub fn content_hash(request: &Request) -> String {
    hex::encode(Sha256::digest(content(request).as_bytes()))
}

/// The name of the file with the [`content`] of a case.
#[must_use]
pub fn content_file(number: &str) -> String {
    format!("申请内容{number}.txt")
}

/// Is this the content that a receipt is about? Whatever an editor or a form does to the ends of lines.
#[must_use]
pub fn is_content(receipt: &str, content: &str) -> bool {
    let content = content.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let hash = hex::encode(Sha256::digest(format!("{}\n", content.trim()).as_bytes()));
    let mut facts = facts(receipt).into_iter();
    facts.any(|(name, value)| name == CONTENT && value == hash)
}

fn body(request: &Request, submitted: &str) -> String {
    let (number, file) = (&request.number, content_file(&request.number));
    format!(
        "{HEAD}\n申请编号：{number}\n受理机关：{}\n申请类别：{}\n提交时间：{submitted}\n{CONTENT}：{}\n\
         校验办法：内容校验是文件“{file}”全部字节的SHA-256，文件在提交后{CONTENT_HOURS}小时内可以下载\n",
        request.submitted_to,
        request.kind.name(),
        content_hash(request),
    )
}

/// The public key that a text holds, in hexadecimal: as PEM, or as 64 hexadecimal digits.
#[must_use]
pub fn public_of(text: &str) -> Option<String> {
    use base64::Engine as _;
    let text = text.trim();
    let bytes = match text.strip_prefix("-----BEGIN PUBLIC KEY-----") {
        Some(rest) => {
            let body = rest.split("-----END").next()?;
            let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            let der = base64::engine::general_purpose::STANDARD
                .decode(body)
                .ok()?;
            der.strip_prefix(hex::decode(SPKI_HEAD).ok()?.as_slice())?
                .to_vec()
        }
        None => hex::decode(text).ok()?,
    };
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    Some(hex::encode(bytes))
}

/// What a receipt says, line by line: name and value.
#[must_use]
pub fn facts(receipt: &str) -> Vec<(&str, &str)> {
    receipt
        .lines()
        .filter_map(|line| line.trim().split_once('：'))
        .filter(|(name, _)| *name != "签名")
        .collect()
}

/// Does a receipt's text carry a signature of this key? Needs nothing but the text and the public key.
#[must_use]
pub fn verifies(receipt: &str, public_hex: &str) -> bool {
    let text = receipt.replace("\r\n", "\n");
    let Some((body, signature)) = text.trim_end().rsplit_once("签名：") else {
        return false;
    };
    let key = hex::decode(public_hex)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = hex::decode(signature.trim())
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify(body.as_bytes(), &signature).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Date, Keys, content, facts, is_content, public_of, verifies};
    use crate::id::RequestId;
    use crate::request::tests::sample;
    use ed25519_dalek::Signer as _;
    use sha2::{Digest as _, Sha256};

    fn keys(byte: u8) -> Keys {
        Keys {
            code: [byte; 32],
            seed: [byte; 32],
        }
    }

    #[test]
    fn a_code_opens_its_own_case_only() {
        let (one, other) = (keys(1), keys(2));
        let id = RequestId::new(Uuid::from_u128(7));
        let code = one.code(id);
        assert_eq!(code.len(), 10);
        assert!(one.is_code(id, &code));
        let typed = format!(" {}-{} ", &code[..5].to_lowercase(), &code[5..]);
        assert!(one.is_code(id, &typed), "as people type it");
        assert!(!one.is_code(RequestId::new(Uuid::from_u128(8)), &code));
        assert!(!other.is_code(id, &code));
        assert!(!one.is_code(id, "") && !one.is_code(id, &code[1..]));
    }

    #[test]
    fn whoever_has_the_content_finds_its_hash_in_the_receipt() {
        let mut request = sample();
        request.wish.description = " 第一行 \r\n证件号码：不是我的\n".to_owned();
        let text = content(&request);
        assert_eq!(
            text,
            "申请类别：政府信息公开申请\n申请人类型：自然人\n姓名或者名称：申请人甲\n证件名称：护照\n证件号码：E00000001\n\
             联系电话：0000-0000000\n所需信息：2025年老旧小区改造项目清单\n描述：第一行\n    证件号码：不是我的\n\
             载体形式：电子文档\n获取方式：网上获取\n"
        );
        let receipt = keys(3).receipt(&request, "2026年3月2日 09:00").unwrap();
        let plain = hex::encode(Sha256::digest(text.as_bytes()));
        assert!(receipt.contains(&format!("内容校验：{plain}\n")));
        assert!(is_content(&receipt, &text));
        let edited = format!("\u{feff}{}", text.replace('\n', "\r\n").trim_end());
        assert!(is_content(&receipt, &edited));
        for other in [
            text.replace("甲", "乙"),
            String::new(),
            text.replace("    ", ""),
        ] {
            assert!(!is_content(&receipt, &other), "{other}");
        }
    }

    #[test]
    fn no_second_receipt_bears_another_hash() {
        let (keys, at) = (keys(3), "2026年3月2日 09:00");
        let first = keys.receipt(&sample(), at).unwrap();
        let mut elsewhere = sample();
        elsewhere.organ_name = "安澜市财政局".to_owned();
        assert_eq!(keys.receipt(&elsewhere, at).as_ref(), Ok(&first));
        let (paper, all): (Date, Date) =
            ("2028-03-02".parse().unwrap(), "2036-03-02".parse().unwrap());
        let mut gone = sample();
        gone.applicant.paper_number = "〔已清除〕".to_owned();
        gone.kept.identity_erased_on = Some(paper);
        assert_eq!(keys.receipt(&gone, at), Err(paper));
        gone.kept.erased_on = Some(all);
        assert_eq!(keys.receipt(&gone, at), Err(paper), "since the first time");
        assert!(verifies(&first, &keys.public_hex()), "what was kept holds");
    }

    #[test]
    fn a_receipt_verifies_offline_and_no_altered_one_does() {
        let keys = keys(3);
        let receipt = keys.receipt(&sample(), "2026年3月2日 09:00").unwrap();
        let public = keys.public_hex();
        assert!(verifies(&receipt, &public));
        assert!(verifies(&receipt.replace('\n', "\r\n"), &public));
        assert!(!verifies(&receipt.replace("3月2日", "3月1日"), &public));
        assert!(!verifies(&receipt, &self::keys(4).public_hex()));
        assert!(!verifies("", &public) && !verifies("签名：00", &public));
        assert_eq!(public_of(&keys.public_pem()).as_deref(), Some(&*public));
        assert_eq!(
            public_of(&format!(" {public}\n")).as_deref(),
            Some(&*public)
        );
        assert_eq!(public_of("-----BEGIN PUBLIC KEY-----\nAAAA\n"), None);
        assert_eq!(facts(&receipt)[0].0, "申请编号");
        // What was signed before the content could be fetched still holds.
        let body = "政府信息公开申请回执 v1\n申请编号：2026-000001\n内容校验：00\n";
        let signature = hex::encode(keys.signing().sign(body.as_bytes()).to_bytes());
        assert!(verifies(&format!("{body}签名：{signature}\n"), &public));
        assert!(
            keys.public_pem()
                .starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw")
        );
    }
}
