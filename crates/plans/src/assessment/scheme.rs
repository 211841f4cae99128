//! Criteria as data: what is measured, what it is worth, what is taken off. A scheme belongs to an office and a year;
//! every change is a new version.

use std::collections::BTreeSet;

use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::finding::FindingKind;
use serde::{Deserialize, Serialize};

use super::class::Class;
use super::points::Points;

/// Points are hundredths; a test reads it.
const STANDARD: &str = include_str!("scheme/standard.json");
/// Indicators of one scheme.
pub const INDICATORS_MAX: usize = 60;
const NAME_CHARS_MAX: usize = 60;
const WHY_CHARS_MAX: usize = 200;
/// The weight of open-government work in the performance score below which offices must say why, in percent
/// (regulation: not less than 4 %).
pub const YEAR_WEIGHT_MIN: Points = Points(400);

coded! {
    /// How an indicator is measured.
    pub enum Measure {
        /// The share of a unit's parts that were done by their day.
        Ledger = "ledger", "台账：按期完成率";
        /// The share of finished parts that have evidence.
        Evidence = "evidence", "佐证：已完成任务有有效佐证的比例";
        /// Late replies to 督办单 and bulletins, and late submissions in reporting rounds, by case.
        Punctuality = "punctuality", "时效：督办、通报逾期回复和迟报，每次扣分";
        /// Confirmed findings of certain kinds, by case.
        Findings = "findings", "问题：按类型每件扣分";
        /// A person judges, with a note.
        Judged = "judged", "人工评定，写明依据";
        /// Practices in the pool, by case, on top of the hundred.
        Bonus = "bonus", "加分：入库案例，每件加分";
    }
}

impl Serialize for Measure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("没有名为“{code}”的计分方式")))
    }
}

/// What one case of a kind costs or earns. The kind of a case of [`Measure::Findings`] is a [`FindingKind`]'s code; the
/// other measures by case have one rule without a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRule {
    #[serde(default)]
    pub kind: String,
    pub points: Points,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Stable within the scheme: lines, appeals and adjustments name it.
    pub code: String,
    pub group: String,
    pub name: String,
    /// What it is worth; of a bonus, its cap.
    pub weight: Points,
    pub measure: Measure,
    #[serde(default)]
    pub cases: Vec<CaseRule>,
}

/// From so many points on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub name: String,
    pub from: Points,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    pub title: String,
    /// The weight of this score in the year's performance score, in percent.
    pub year_weight: Points,
    /// Why it is less than [`YEAR_WEIGHT_MIN`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year_weight_why: String,
    pub indicators: Vec<Indicator>,
    /// The most that all bonuses together add.
    pub bonus_cap: Points,
    /// Best first; the last begins at 0.
    pub grades: Vec<Grade>,
    /// Kinds of findings of which one is enough for the last grade.
    pub vetoes: Vec<String>,
    /// Units are ranked within these; without any, all together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Class>,
}

impl Scheme {
    /// The scheme that offices begin with: a hundred points over the usual six groups, each measured by what this system
    /// knows, else judged by a person; deductions as in published schemes.
    #[must_use]
    pub fn standard(year: i64) -> Self {
        let standard = serde_json::from_str(STANDARD).unwrap_or_else(|_| Self {
            title: String::new(),
            year_weight: YEAR_WEIGHT_MIN,
            year_weight_why: String::new(),
            indicators: Vec::new(),
            bonus_cap: Points::ZERO,
            grades: Vec::new(),
            vetoes: Vec::new(),
            classes: Vec::new(),
        });
        Self {
            title: format!("{year}{}", standard.title),
            ..standard
        }
    }

    /// The points of everything but bonuses.
    #[must_use]
    pub fn whole(&self) -> Points {
        self.indicators
            .iter()
            .filter(|one| one.measure != Measure::Bonus)
            .map(|one| one.weight)
            .sum()
    }

    /// The units that stand in a class by hand.
    #[must_use]
    pub fn units_by_hand(&self) -> Vec<OrganId> {
        let units = self.classes.iter().flat_map(|class| &class.units);
        units.copied().collect()
    }

    /// What makes it no scheme, all at once; classes have faults of their own.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.title.trim().is_empty() {
            faults.push("请填写考核办法的名称。".to_owned());
        }
        if self.indicators.is_empty() || self.indicators.len() > INDICATORS_MAX {
            faults.push(format!("指标应为1至{INDICATORS_MAX}项。"));
        }
        let codes: BTreeSet<&str> = self
            .indicators
            .iter()
            .map(|one| one.code.as_str())
            .collect();
        if codes.len() != self.indicators.len() {
            faults.push("每项指标的代码不能相同。".to_owned());
        }
        for one in &self.indicators {
            faults.extend(one.faults());
        }
        let descending = self.grades.windows(2).all(|pair| match pair {
            [above, below] => above.from > below.from,
            _ => true,
        });
        if !descending
            || self
                .grades
                .last()
                .is_none_or(|last| last.from != Points::ZERO)
        {
            faults.push("等次须从高到低排列，最后一个从0分起。".to_owned());
        }
        if self.bonus_cap < Points::ZERO || self.year_weight < Points::ZERO {
            faults.push("加分上限和年度权重不能是负数。".to_owned());
        }
        let why = self.year_weight_why.trim().chars().count();
        if self.year_weight < YEAR_WEIGHT_MIN && why == 0 {
            faults.push(format!(
                "年度绩效权重是{}%，低于{YEAR_WEIGHT_MIN}%的要求。请改为{YEAR_WEIGHT_MIN}%以上；确需低于的，写明低于要求的理由。",
                self.year_weight
            ));
        }
        if why > WHY_CHARS_MAX {
            faults.push(format!("低于要求的理由最多{WHY_CHARS_MAX}字。"));
        }
        for veto in &self.vetoes {
            if FindingKind::from_code(veto).is_none() {
                faults.push(format!("否决项“{veto}”不是问题类型。"));
            }
        }
        faults
    }

    /// What deserves a second look, though it is allowed.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.year_weight < YEAR_WEIGHT_MIN {
            warnings.push(format!(
                "政务公开在年度绩效中的权重是{}%，低于{YEAR_WEIGHT_MIN}%的要求。理由：{}",
                self.year_weight,
                match self.year_weight_why.trim() {
                    "" => "没有写明。",
                    why => why,
                }
            ));
        }
        warnings.extend(self.sum_warning());
        warnings
    }

    /// What is odd about its points, wherever scores by it are read: grades are cut as if the whole were a hundred.
    #[must_use]
    pub fn sum_warning(&self) -> Option<String> {
        let whole = self.whole();
        (whole != Points(10_000)).then(|| format!("基本分合计{whole}分，不是100分。"))
    }
}

impl Indicator {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let name = &self.name;
        if self.code.is_empty() || name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            faults.push(format!(
                "指标“{name}”：请填写代码和{NAME_CHARS_MAX}字以内的名称。"
            ));
        }
        if self.weight <= Points::ZERO {
            faults.push(format!("指标“{name}”：分值须大于0。"));
        }
        if self.cases.iter().any(|rule| rule.points <= Points::ZERO) {
            faults.push(format!("指标“{name}”：每件的分须大于0，扣分也写成正数。"));
        }
        match self.measure {
            Measure::Findings => {
                let unknown = |rule: &&CaseRule| FindingKind::from_code(&rule.kind).is_none();
                if self.cases.is_empty() || self.cases.iter().any(|rule| unknown(&rule)) {
                    faults.push(format!("指标“{name}”：请写明每类问题扣几分。"));
                }
            }
            Measure::Punctuality | Measure::Bonus => {
                if self.cases.len() != 1 {
                    faults.push(format!("指标“{name}”：请写明每件几分。"));
                }
            }
            Measure::Ledger | Measure::Evidence | Measure::Judged => {
                if !self.cases.is_empty() {
                    faults.push(format!("指标“{name}”：这种计分方式没有按件计分。"));
                }
            }
        }
        faults
    }

    /// What one case of a kind is worth here.
    #[must_use]
    pub fn case(&self, kind: &str) -> Option<Points> {
        self.cases
            .iter()
            .find(|rule| rule.kind == kind || rule.kind.is_empty())
            .map(|rule| rule.points)
    }

    /// `更新不及时 1；应公开未公开 2`, or `1`.
    #[must_use]
    pub fn rule_text(&self) -> String {
        self.cases
            .iter()
            .map(|rule| match FindingKind::from_code(&rule.kind) {
                Some(kind) => format!("{} {}", kind.name(), rule.points),
                None => rule.points.to_string(),
            })
            .collect::<Vec<_>>()
            .join("；")
    }

    /// Reads what [`Indicator::rule_text`] writes.
    ///
    /// # Errors
    /// The part that cannot be read.
    pub fn read_rules(text: &str) -> Result<Vec<CaseRule>, String> {
        text.split(['；', ';', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, points) = part.rsplit_once(' ').unwrap_or(("", part));
                let points = points.parse().map_err(|_| part.to_owned())?;
                let name = name.trim();
                let kind = FindingKind::ALL
                    .iter()
                    .find(|kind| kind.name() == name || kind.code() == name);
                match (name.is_empty(), kind) {
                    (true, _) => Ok(CaseRule {
                        kind: String::new(),
                        points,
                    }),
                    (false, Some(kind)) => Ok(CaseRule {
                        kind: kind.code().to_owned(),
                        points,
                    }),
                    (false, None) => Err(part.to_owned()),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Indicator, Points, Scheme};

    #[test]
    fn the_standard_scheme_is_whole() {
        let scheme = Scheme::standard(2026);
        assert_eq!(scheme.faults(), Vec::<String>::new());
        assert_eq!(scheme.warnings(), Vec::<String>::new());
        assert_eq!(scheme.whole(), Points(10_000));
        let text = serde_json::to_string(&scheme).unwrap();
        assert_eq!(serde_json::from_str::<Scheme>(&text).unwrap(), scheme);
        for indicator in &scheme.indicators {
            assert_eq!(
                Indicator::read_rules(&indicator.rule_text()).unwrap(),
                indicator.cases
            );
        }
    }

    #[test]
    fn faults_come_all_at_once() {
        let mut scheme = Scheme::standard(2026);
        scheme.year_weight = Points(350);
        assert!(scheme.faults()[0].contains("低于4%"));
        scheme.year_weight_why = "考核办定为3.5%".to_owned();
        assert_eq!(scheme.faults().len(), 0, "a low weight with its reason");
        assert!(scheme.warnings()[0].contains("理由：考核办定为3.5%"));
        scheme.indicators[0].weight = Points(0);
        scheme.indicators[1].cases.clear();
        scheme.indicators[2].code = "a1".to_owned();
        scheme.grades.reverse();
        scheme.vetoes.push("x".to_owned());
        assert_eq!(scheme.faults().len(), 5, "{:?}", scheme.faults());
    }
}
