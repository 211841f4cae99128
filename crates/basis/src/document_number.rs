//! 发文字号: the number of an official document, as in 示府发〔2026〕7号.
//!
//! Law: GB/T 9704-2012 (党政机关公文格式) 7.2.5: issuing code, year in full inside 〔〕, serial in Arabic
//! digits without 第 and without leading zeros, then 号. Foreign text is read by [`read`] and
//! [`find`], which say what they repaired.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

mod foreign;
#[cfg(test)]
mod tests;

pub use foreign::{Found, Number, Repair, find, read};

/// Characters of an issuing code, at least.
pub const CODE_CHARS_MIN: usize = 2;
/// Characters of an issuing code, at most.
pub const CODE_CHARS_MAX: usize = 20;
/// Characters of an order's code (国务院令, 粤府令), at most.
pub const ORDER_CODE_CHARS_MAX: usize = 12;
/// Largest serial: five digits.
pub const SERIAL_MAX: u32 = 99_999;

/// Why a text is no document number in its strict form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentNumberError {
    #[error("the issuing code is not {CODE_CHARS_MIN} to {CODE_CHARS_MAX} Chinese characters")]
    Code,
    #[error("the year does not stand between 〔 and 〕, four digits, 1900 to 2099")]
    Year,
    #[error("the serial is not 1 to {SERIAL_MAX} in Arabic digits without leading zeros")]
    Serial,
    #[error("the number does not end with 号")]
    Ending,
}

impl DocumentNumberError {
    /// The sentence a user reads; what became of what he typed, its page says.
    #[must_use]
    pub fn sentence(self) -> String {
        let what = match self {
            Self::Code => {
                format!("机关代字应为{CODE_CHARS_MIN}至{CODE_CHARS_MAX}个汉字")
            }
            Self::Year => "年份应为四位数字，写在六角括号〔〕内".to_owned(),
            Self::Serial => format!("序号应为1至{SERIAL_MAX}的阿拉伯数字，不加“第”，不编虚位"),
            Self::Ending => "发文字号应以“号”结尾".to_owned(),
        };
        format!("{what}，例：安府规〔2026〕3号。")
    }
}

/// 机关代字: the issuing code, 2 to 20 Chinese characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuerCode(String);

impl IssuerCode {
    /// For example 示府发.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IssuerCode {
    type Err = DocumentNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        code(text, CODE_CHARS_MAX).map(Self)
    }
}

/// A document number in its strict form: only hexagonal brackets, no 第, no `07`, no `+7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    code: IssuerCode,
    year: u16,
    serial: NonZeroU32,
}

impl DocumentNumber {
    /// A checked number.
    ///
    /// # Errors
    /// [`DocumentNumberError::Year`] outside 1900–2099, [`DocumentNumberError::Serial`] outside
    /// 1–[`SERIAL_MAX`].
    pub fn new(code: IssuerCode, year: u16, serial: u32) -> Result<Self, DocumentNumberError> {
        if !(1900..=2099).contains(&year) {
            return Err(DocumentNumberError::Year);
        }
        let serial = NonZeroU32::new(serial).filter(|serial| serial.get() <= SERIAL_MAX);
        Ok(Self {
            code,
            year,
            serial: serial.ok_or(DocumentNumberError::Serial)?,
        })
    }

    /// 机关代字.
    #[must_use]
    pub const fn code(&self) -> &IssuerCode {
        &self.code
    }

    /// The year in the brackets.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// 序号: counts within code and year.
    #[must_use]
    pub const fn serial(&self) -> u32 {
        self.serial.get()
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.code.0, self.year, self.serial)
    }
}

impl FromStr for DocumentNumber {
    type Err = DocumentNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let body = text.strip_suffix('号').ok_or(DocumentNumberError::Ending)?;
        let (code, rest) = body.split_once('〔').ok_or(DocumentNumberError::Year)?;
        let (year, serial) = rest.split_once('〕').ok_or(DocumentNumberError::Year)?;
        if year.len() != 4 {
            return Err(DocumentNumberError::Year);
        }
        let year = digits(year).ok_or(DocumentNumberError::Year)?;
        let year = u16::try_from(year).map_err(|_| DocumentNumberError::Year)?;
        Self::new(code.parse()?, year, strict_serial(serial)?)
    }
}

/// The number of an order (令): 国务院令第711号, 粤府令第277号.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNumber {
    code: String,
    serial: NonZeroU32,
}

impl OrderNumber {
    /// The issuer with 令: 国务院令.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Counts through the issuer's orders, over the years.
    #[must_use]
    pub const fn serial(&self) -> u32 {
        self.serial.get()
    }

    fn new(order: &str, serial: u32) -> Result<Self, DocumentNumberError> {
        if !order.ends_with('令') {
            return Err(DocumentNumberError::Code);
        }
        let serial = NonZeroU32::new(serial).filter(|serial| serial.get() <= SERIAL_MAX);
        Ok(Self {
            code: code(order, ORDER_CODE_CHARS_MAX)?,
            serial: serial.ok_or(DocumentNumberError::Serial)?,
        })
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}第{}号", self.code, self.serial)
    }
}

impl FromStr for OrderNumber {
    type Err = DocumentNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let body = text.strip_suffix('号').ok_or(DocumentNumberError::Ending)?;
        let (order, serial) = body.split_once('第').ok_or(DocumentNumberError::Serial)?;
        Self::new(order, strict_serial(serial)?)
    }
}

/// Whether the character may stand in an issuing code.
const fn is_code_char(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FA5}')
}

fn code(text: &str, max: usize) -> Result<String, DocumentNumberError> {
    let count = text.chars().count();
    if !(CODE_CHARS_MIN..=max).contains(&count) || !text.chars().all(is_code_char) {
        return Err(DocumentNumberError::Code);
    }
    Ok(text.to_owned())
}

fn strict_serial(text: &str) -> Result<u32, DocumentNumberError> {
    if text.starts_with('0') {
        return Err(DocumentNumberError::Serial);
    }
    digits(text).ok_or(DocumentNumberError::Serial)
}

/// Up to nine ASCII digits and nothing else.
fn digits(text: &str) -> Option<u32> {
    const DIGITS_MAX: usize = 9;
    let plain = text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}
