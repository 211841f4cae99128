//! 信息处理费: what an excessive request costs, by the two schemes of 政府信息公开信息处理费管理办法 (国办函〔2020〕109号).
//!
//! Both are progressive over bands (超额累进); for each request the organ picks one of them, never both (art. 3).
//! Pure; whole yuan.

pub(crate) mod pages;

use gongkai_basis::clock::limits;
use gongkai_basis::{Date, coded};
use serde::Serialize;

/// Requests of one applicant in one natural month to one organ that cost nothing (art. 4).
pub const FREE_REQUESTS: u64 = 10;
/// Pages of one request that cost nothing (art. 5).
pub const FREE_PAGES: u64 = 30;
/// Working days for payment, counted from the day after the notice is received (art. 6, as a province restates it).
pub const PAY_WORKING_DAYS: u16 = limits::FEE_PAYMENT_DAYS;

/// Requests of one month that are worth counting: each block of ten is a band of its own.
pub const REQUESTS_MAX: u64 = 1_000_000;
/// Pages of one request that are worth counting.
pub const PAGES_MAX: u64 = 1_000_000_000_000;
/// Bands that an answer lists one by one; those above are told as one, with the price of the last.
const BANDS_SHOWN_MAX: usize = 100;

coded! {
    /// 计收方式
    pub enum FeeScheme {
        /// Art. 4: by the position of the request in the applicant's natural month.
        ByRequest = "requests", "按件计收";
        /// Art. 5: by the pages (one side of A4 or smaller) of one request.
        ByPage = "pages", "按量计收";
    }
}

impl FeeScheme {
    /// 件 or 页.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::ByRequest => "件",
            Self::ByPage => "页",
        }
    }

    /// The price of the k-th request or page in yuan; the first is 1, and 0 costs nothing.
    #[must_use]
    pub const fn price(self, k: u64) -> u64 {
        match self {
            // 31–40 cost 200, and each further block of ten 100 more (art. 4).
            Self::ByRequest => match k {
                0..=FREE_REQUESTS => 0,
                11..=30 => 100,
                _ => 100 + 100 * ((k - 31) / 10 + 1),
            },
            Self::ByPage => match k {
                0..=FREE_PAGES => 0,
                31..=100 => 10,
                101..=200 => 20,
                _ => 40,
            },
        }
    }

    /// Beyond this number no real count lies.
    #[must_use]
    pub const fn count_max(self) -> u64 {
        match self {
            Self::ByRequest => REQUESTS_MAX,
            Self::ByPage => PAGES_MAX,
        }
    }

    /// The last number of the band in which the k-th lies; `None` for a band without end.
    const fn band_end(self, k: u64) -> Option<u64> {
        match self {
            Self::ByRequest => match k {
                0..=FREE_REQUESTS => Some(FREE_REQUESTS),
                11..=30 => Some(30),
                _ => Some(30 + ((k - 31) / 10 + 1) * 10),
            },
            Self::ByPage => match k {
                0..=FREE_PAGES => Some(FREE_PAGES),
                31..=100 => Some(100),
                101..=200 => Some(200),
                _ => None,
            },
        }
    }

    /// The fee for so many requests of a month, or so many pages of a request.
    ///
    /// # Errors
    /// Beyond [`Self::count_max`].
    pub fn quote(self, count: u64) -> Result<Quote, FeeError> {
        if count > self.count_max() {
            return Err(FeeError::TooMany(self));
        }
        let mut bands = Vec::new();
        let mut from = 1;
        while from <= count {
            let to = self.band_end(from).map_or(count, |end| end.min(count));
            bands.push(Band::new(from, to, self.price(from)));
            from = to + 1;
        }
        Ok(Quote {
            scheme: self,
            count,
            yuan: bands.iter().map(|band| band.yuan).sum(),
            bands,
        })
    }
}

/// One step of the working: `from..=to` at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Band {
    pub from: u64,
    pub to: u64,
    pub count: u64,
    /// Yuan for each.
    pub price: u64,
    pub yuan: u64,
}

impl Band {
    const fn new(from: u64, to: u64, price: u64) -> Self {
        let count = to - from + 1;
        Self {
            from,
            to,
            count,
            price,
            yuan: count * price,
        }
    }
}

/// A fee with its working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub scheme: FeeScheme,
    pub count: u64,
    pub yuan: u64,
    /// In order and without gaps; empty for a count of zero.
    pub bands: Vec<Band>,
}

impl Quote {
    /// One line for each band that costs something: `第31至68页，38页×10元＝380元`.
    #[must_use]
    pub fn working(&self) -> Vec<String> {
        let unit = self.scheme.unit();
        let line = |band: &Band| {
            let Band {
                from,
                to,
                count,
                price,
                yuan,
            } = band;
            let span = if from == to {
                format!("第{from}{unit}")
            } else {
                format!("第{from}至{to}{unit}")
            };
            if *price == 0 {
                format!("{span}，不收费")
            } else {
                format!("{span}，{count}{unit}×{price}元＝{yuan}元")
            }
        };
        let mut lines: Vec<String> = self.bands.iter().take(BANDS_SHOWN_MAX).map(line).collect();
        if let Some(rest) = self
            .bands
            .get(BANDS_SHOWN_MAX..)
            .filter(|rest| !rest.is_empty())
        {
            let yuan: u64 = rest.iter().map(|band| band.yuan).sum();
            lines.push(format!("其余{}档，共{yuan}元", rest.len()));
        }
        lines
    }

    /// What the k-th request itself costs, when by request: the notice charges it alone.
    #[must_use]
    pub const fn last_price(&self) -> u64 {
        self.scheme.price(self.count)
    }
}

/// What is charged for a case: the notice's letter and the case's act share it. By request, a case costs what its own place
/// in the month costs: the month's earlier ones have notices of their own (art. 3: 针对每件申请; art. 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    pub scheme: FeeScheme,
    /// Which request of the applicant's month it is, or how many pages it has.
    pub count: u64,
}

impl Bill {
    /// # Errors
    /// No such scheme or count.
    pub fn of(scheme: &str, number: &str) -> Result<Self, FeeError> {
        let scheme = FeeScheme::from_code(scheme).ok_or(FeeError::NoNumber)?;
        let number = count(scheme, number)?;
        Ok(Self {
            scheme,
            count: number,
        })
    }

    fn quote(&self) -> Option<Quote> {
        self.scheme.quote(self.count).ok()
    }

    /// Yuan; nothing beyond what is worth counting.
    #[must_use]
    pub fn yuan(&self) -> u64 {
        self.quote().map_or(0, |quote| match self.scheme {
            FeeScheme::ByRequest => quote.last_price(),
            FeeScheme::ByPage => quote.yuan,
        })
    }

    /// How the amount comes about, in one line.
    #[must_use]
    pub fn working(&self) -> String {
        let Some(quote) = self.quote() else {
            return String::new();
        };
        match self.scheme {
            FeeScheme::ByPage => quote.working().join("；"),
            FeeScheme::ByRequest => {
                let price = quote.last_price();
                let from = quote.bands.last().map_or(1, |band| band.from);
                let to = self.scheme.band_end(self.count).unwrap_or(self.count);
                format!(
                    "本件是申请人当月第{}件，第{from}至{to}件每件{price}元，收1件＝{price}元",
                    self.count
                )
            }
        }
    }
}

/// Which request of its applicant's natural month a case is (art. 4), as the cases of the same organ tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceInMonth {
    pub first: Date,
    /// This case is the last of them.
    pub numbers: Vec<String>,
}

/// Numbers of cases that the working names one by one.
const NUMBERS_SHOWN_MAX: usize = 12;

impl PlaceInMonth {
    #[must_use]
    pub fn nth(&self) -> u64 {
        u64::try_from(self.numbers.len()).unwrap_or(u64::MAX)
    }

    /// How it was counted.
    #[must_use]
    pub fn working(&self) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        let shown: Vec<&str> = self
            .numbers
            .iter()
            .rev()
            .take(NUMBERS_SHOWN_MAX)
            .rev()
            .map(String::as_str)
            .collect();
        let more = if shown.len() < self.numbers.len() {
            "……、"
        } else {
            ""
        };
        format!(
            "系统按同一申请人（证件号码相同；没有证件号码的，姓名和电话相同）{year}年{month}月向本机关提出的政府信息公开申请，依先后计件：{more}{}，本件是第{}件。",
            shown.join("、"),
            self.nth()
        )
    }

    /// Why another position is refused.
    #[must_use]
    pub fn refusal(&self, count: u64) -> String {
        format!(
            "本件按记录是申请人当月第{}件，填的是第{count}件。请改为第{}件；确需按别的件次收费的，在案卷“发出收费通知”里写明“改变件次的原因”，原因记入案卷。",
            self.nth(),
            self.nth()
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeeError {
    #[error("the count is too large")]
    TooMany(FeeScheme),
    #[error("the count is no whole number")]
    NoNumber,
}

impl FeeError {
    /// For people.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::TooMany(scheme) => format!(
                "数量超过{}{}，没有计算。请核对后再算一次。",
                scheme.count_max(),
                scheme.unit()
            ),
            Self::NoNumber => "数量应是0或正整数，没有计算。例：68。".to_owned(),
        }
    }
}

/// A count as people type it: whole, without sign.
///
/// # Errors
/// When it is no whole number, or too large.
pub fn count(scheme: FeeScheme, text: &str) -> Result<u64, FeeError> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FeeError::NoNumber);
    }
    match text.parse() {
        Ok(count) if count <= scheme.count_max() => Ok(count),
        Ok(_) | Err(_) => Err(FeeError::TooMany(scheme)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bill, FeeError, FeeScheme, count};

    #[test]
    fn what_people_read_of_a_fault_names_no_command() {
        // Of -3, which is a whole number, nobody says that it is none.
        assert!(
            FeeError::NoNumber
                .sentence()
                .starts_with("数量应是0或正整数")
        );
        for error in [FeeError::NoNumber, FeeError::TooMany(FeeScheme::ByPage)] {
            let sentence = error.sentence();
            assert!(
                !sentence.contains(|c: char| c.is_ascii_alphabetic()),
                "{sentence}"
            );
        }
    }

    const BY_REQUEST: [(u64, u64); 15] = [
        (0, 0),
        (1, 0),
        (10, 0),
        (11, 100),
        (12, 200),
        (20, 1000),
        (30, 2000),
        (31, 2200),
        (40, 4000),
        (41, 4300),
        (50, 7000),
        (51, 7400),
        (60, 11000),
        (61, 11500),
        (100, 37000),
    ];
    const BY_PAGE: [(u64, u64); 14] = [
        (0, 0),
        (1, 0),
        (30, 0),
        (31, 10),
        (50, 200),
        (68, 380),
        (70, 400),
        (100, 700),
        (101, 720),
        (150, 1700),
        (200, 2700),
        (201, 2740),
        (250, 4700),
        (500, 14700),
    ];

    #[test]
    fn the_vectors_of_the_measure() {
        for (n, yuan) in BY_REQUEST {
            assert_eq!(FeeScheme::ByRequest.quote(n).unwrap().yuan, yuan, "{n}件");
        }
        for (n, yuan) in BY_PAGE {
            assert_eq!(FeeScheme::ByPage.quote(n).unwrap().yuan, yuan, "{n}页");
        }
        let quote = FeeScheme::ByPage.quote(68).unwrap();
        assert_eq!(
            quote.working(),
            ["第1至30页，不收费", "第31至68页，38页×10元＝380元"]
        );
        assert_eq!(FeeScheme::ByRequest.quote(41).unwrap().last_price(), 300);
        // Each case is charged for itself: the notices of a month add up to what the month costs.
        for (n, yuan) in BY_REQUEST {
            let each = |count| Bill {
                scheme: FeeScheme::ByRequest,
                count,
            };
            assert_eq!((1..=n).map(|k| each(k).yuan()).sum::<u64>(), yuan, "{n}件");
        }
        let twelfth = Bill::of("requests", "12").unwrap();
        assert_eq!(
            (twelfth.yuan(), twelfth.working().as_str()),
            (
                100,
                "本件是申请人当月第12件，第11至30件每件100元，收1件＝100元"
            )
        );
        assert_eq!(Bill::of("pages", "68").unwrap().yuan(), 380);
    }

    #[test]
    fn counts_have_a_limit_and_a_form() {
        for scheme in FeeScheme::ALL.iter().copied() {
            let most = scheme.count_max();
            assert!(scheme.quote(most).is_ok());
            assert_eq!(scheme.quote(most + 1), Err(FeeError::TooMany(scheme)));
            assert_eq!(count(scheme, &most.to_string()), Ok(most));
            for text in [(most + 1).to_string(), "9".repeat(30)] {
                assert_eq!(count(scheme, &text), Err(FeeError::TooMany(scheme)));
            }
            assert_eq!(count(scheme, " 068 "), Ok(68));
            for text in ["", "-1", "+1", "1.5", "一", "1e3"] {
                assert_eq!(count(scheme, text), Err(FeeError::NoNumber), "{text}");
            }
        }
        // The last price goes on without end.
        let many = FeeScheme::ByPage.quote(1_000_000_000).unwrap();
        assert_eq!(many.yuan, 2_700 + (1_000_000_000 - 200) * 40);
    }

    proptest! {
        #[test]
        fn the_sum_is_what_each_one_costs(n in 0_u64..3_000, by_page in any::<bool>()) {
            let scheme = if by_page { FeeScheme::ByPage } else { FeeScheme::ByRequest };
            let quote = scheme.quote(n).unwrap();
            prop_assert_eq!(quote.yuan, (1..=n).map(|k| scheme.price(k)).sum::<u64>());
            // One more never costs less, and its price never falls.
            let more = scheme.quote(n + 1).unwrap();
            prop_assert_eq!(more.yuan, quote.yuan + scheme.price(n + 1));
            prop_assert!(scheme.price(n + 1) >= scheme.price(n));
            // Bands cover 1..=n without gap.
            let mut next = 1;
            for band in &quote.bands {
                prop_assert_eq!(band.from, next);
                prop_assert!(band.to >= band.from && band.yuan == band.count * band.price);
                next = band.to + 1;
            }
            prop_assert_eq!(next, n + 1);
        }
    }
}
