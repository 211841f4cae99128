//! The forms of an organ's names: what the directory says, and what follows from it.

use super::place::{Places, Whose, canonical};
use super::score::Shape;
use super::{Entry, MatchKind};
use crate::organ::Kind;
use crate::organ::fold::{fold, take_brackets};

/// One spelling under which an organ may be met.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Index of the entry.
    pub(super) entry: usize,
    /// What a match with it is.
    pub(super) kind: MatchKind,
    /// The name itself had the government's place or level before it, now taken off.
    pub(super) placed: bool,
    /// The name as it stands, with its place before it: 市市场监管局 is not the 市场监管局 of a city.
    pub(super) whole: bool,
    /// It follows from the name by a rule and does not stand in the directory: never certain.
    pub(super) derived: Option<&'static str>,
    pub(super) shape: Shape,
}

/// Customary short names whose characters do not simply follow the full name's order or beginning.
const CUSTOMARY: &[(&str, &str)] = &[
    ("互联网信息办公室", "网信办"),
    ("网络安全和信息化委员会办公室", "网信办"),
    ("机构编制委员会办公室", "编办"),
    ("住房公积金管理中心", "公积金中心"),
    ("共产主义青年团", "团"),
    ("政府办公室", "府办"),
    ("政府办公室", "府办公室"),
    ("政府办公厅", "府办公厅"),
    ("国有资产监督管理委员会", "国资委"),
    ("国有资产监督管理局", "国资局"),
    ("人民代表大会常务委员会", "人大常委会"),
    ("人民代表大会常务委员会", "人大"),
    ("政治协商会议", "政协"),
    ("中国人民政治协商会议", "政协"),
    ("残疾人联合会", "残联"),
    ("工商业联合会", "工商联"),
    ("文学艺术界联合会", "文联"),
    ("科学技术协会", "科协"),
    ("归国华侨联合会", "侨联"),
    ("供销合作联社", "供销社"),
    ("供销合作社联合社", "供销社"),
    ("纪律检查委员会", "纪委"),
    ("监察委员会", "监委"),
    ("中国人民银行", "人行"),
    ("人民检察院", "检察院"),
    ("人民法院", "法院"),
];

/// Every form of an entry.
pub(super) fn forms(index: usize, entry: &Entry, owner: usize, places: &Places) -> Vec<Form> {
    let mut list = Forms {
        entry: index,
        owner,
        places,
        forms: Vec::new(),
    };
    list.names(&entry.name, MatchKind::Exact);
    for alias in entry.short.iter().chain(&entry.aliases) {
        list.names(alias, MatchKind::Alias);
    }
    for former in &entry.former {
        list.names(former, MatchKind::Former);
    }
    list.governing(entry);
    list.forms
}

struct Forms<'d> {
    entry: usize,
    owner: usize,
    places: &'d Places,
    forms: Vec<Form>,
}

impl Forms<'_> {
    fn push(
        &mut self,
        rest: Vec<char>,
        kind: MatchKind,
        placed: bool,
        derived: Option<&'static str>,
    ) {
        let known = self
            .forms
            .iter()
            .any(|form| form.shape.rest == rest && form.placed == placed && form.derived.is_none());
        if !known {
            self.forms.push(Form {
                entry: self.entry,
                kind,
                placed,
                whole: false,
                derived,
                shape: Shape::of(rest),
            });
        }
    }

    /// A name of the directory: as it stands, without its place, without its brackets, and what custom makes of it.
    fn names(&mut self, name: &str, kind: MatchKind) {
        let folded = fold(name);
        self.readings(&folded, kind, None);
        let (outer, inner) = take_brackets(&folded);
        if !inner.is_empty() {
            if !outer.is_empty() {
                self.readings(&outer, kind, None);
            }
            for board in inner.iter().filter(|board| board.chars().count() >= 3) {
                self.readings(board, MatchKind::Alias, Some("这是该机关括号内的名称"));
            }
        }
        let canonical = canonical(&outer);
        for (long, short) in CUSTOMARY {
            if canonical.contains(long) {
                let shortened = canonical.replacen(long, short, 1);
                self.readings(&shortened, MatchKind::Abbreviation, Some("习惯简称"));
            }
        }
        self.branch(&outer);
        self.inner_place(&outer);
        self.youth_league(&outer);
    }

    /// 共青团安澜市委员会 is met as 团市委.
    fn youth_league(&mut self, outer: &str) {
        if let Some(place) = self.places.get(self.owner)
            && ["共青团", "共产主义青年团"]
                .iter()
                .any(|name| outer.contains(name))
        {
            let rest = format!("团{}委", place.mark).chars().collect();
            self.push(rest, MatchKind::Abbreviation, false, Some("习惯简称"));
        }
    }

    fn readings(&mut self, folded: &str, kind: MatchKind, derived: Option<&'static str>) {
        let first = self.forms.len();
        let mut placed = false;
        for reading in self.places.readings(folded) {
            match reading.whose {
                Whose::Open => self.push(reading.rest, kind, false, derived),
                Whose::Of(owners) if owners.contains(&self.owner) && !reading.rest.is_empty() => {
                    placed = true;
                    self.push(reading.rest, kind, true, derived);
                }
                Whose::Of(_) | Whose::Stem(_) | Whose::Outside => {}
            }
        }
        if placed {
            for form in self.forms.iter_mut().skip(first) {
                form.whole = !form.placed;
            }
        }
    }

    /// 市公安局鼎湖分局 is also met as 区公安局, 公安分局 and 鼎湖公安分局.
    fn branch(&mut self, outer: &str) {
        let Some(body) = outer.strip_suffix("分局") else {
            return;
        };
        let Some(place) = self.places.get(self.owner) else {
            return;
        };
        let mut body = body.strip_suffix(place.stem.as_str()).unwrap_or(body);
        if let Some((_, after)) = body.split_once(['市', '省', '州'])
            && after.chars().count() >= 2
            // 市场监督管理局鼎湖分局 keeps its 市.
            && !after.starts_with('场')
        {
            body = after;
        }
        let body = body.strip_prefix(place.name.as_str()).unwrap_or(body);
        let body = body.strip_prefix(place.stem.as_str()).unwrap_or(body);
        let trade = body.strip_suffix('局').unwrap_or(body).to_owned();
        if trade.is_empty() {
            return;
        }
        let why = Some("派出分局的通称");
        let stem = place.stem.clone();
        for (text, placed) in [
            (format!("{trade}局"), true),
            (format!("{trade}分局"), true),
            (format!("{trade}分局"), false),
            (format!("{stem}{trade}分局"), false),
            (format!("市{trade}局{stem}分局"), false),
        ] {
            self.push(text.chars().collect(), MatchKind::Abbreviation, placed, why);
        }
    }

    /// 国家税务总局安澜市税务局 is met as 市税务局.
    fn inner_place(&mut self, outer: &str) {
        let Some(place) = self.places.get(self.owner) else {
            return;
        };
        if let Some((before, after)) = outer.rsplit_once(place.name.as_str())
            && before.chars().count() >= 3
            && after.chars().count() >= 2
        {
            let rest = canonical(after).chars().collect();
            self.push(
                rest,
                MatchKind::Abbreviation,
                true,
                Some("省略了上级机关名称"),
            );
        }
    }

    /// A government is met under its place alone: 青禾镇, 清河区政府, 东湖街道办.
    fn governing(&mut self, entry: &Entry) {
        let (exact, customary): (&str, &[&str]) = match entry.kind {
            Kind::Government | Kind::Town => ("政府", &["", "府"]),
            Kind::Street => ("办事处", &["", "办"]),
            Kind::Zone => ("管委会", &["", "管委"]),
            _ => {
                let whole = canonical(&fold(&entry.name));
                let why = Some("省略了机构名称");
                if let Some(stem) = whole.strip_suffix("村委会") {
                    // 桃源村村民委员会 is met as 桃源村 and 桃源村委会.
                    let stem = stem.strip_suffix('村').unwrap_or(stem);
                    for short in [format!("{stem}村"), format!("{stem}村委会")] {
                        let short = short.chars().collect();
                        self.push(short, MatchKind::Abbreviation, false, why);
                    }
                } else if let Some(stem) = whole.strip_suffix("居委会") {
                    self.push(stem.chars().collect(), MatchKind::Abbreviation, false, why);
                }
                return;
            }
        };
        self.push(exact.chars().collect(), MatchKind::Exact, true, None);
        for short in customary {
            self.push(
                short.chars().collect(),
                MatchKind::Abbreviation,
                true,
                Some("以地名代指"),
            );
        }
    }
}
