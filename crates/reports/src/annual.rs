//! 年度报告: one organ's report on one year, on its way to the public.

pub mod due;
pub mod handle;
pub mod import;
pub(crate) mod lookup;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::{FileId, OrganId};
use gongkai_platform::organ::{Kind, Level};

use crate::check::{self, Beside, Finding, Rules, Weight};
use crate::draft::Draft;
use crate::due::Terms;
use crate::id::AnnualId;
use crate::model::{Report, Schema};
use crate::state::{State, Step};

/// The organ of a report, as far as reports need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: OrganId,
    pub name: String,
    /// Its own and those above it, as the directory has them.
    pub path: String,
    pub kind: Kind,
    pub level: Level,
}

impl Unit {
    /// 规章 are made by the governments of provinces and of cities with districts (立法法 art. 93); every city of the
    /// directory counts as one. Their offices draft and keep them, but make none: what an office reports is its own.
    #[must_use]
    pub fn rules(&self) -> Rules {
        match (self.kind == Kind::Government, self.level) {
            (true, Level::Province | Level::City) => Rules::Makes,
            (true, Level::County | Level::Town | Level::Village | Level::Section) | (false, _) => {
                Rules::MakesNone
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annual {
    pub id: AnnualId,
    pub unit: Unit,
    pub year: i16,
    pub state: State,
    pub draft: Draft,
    /// Why it came back; empty otherwise.
    pub returned_why: String,
    /// Milliseconds since 1970, of the edition that the public reads.
    pub published_at: Option<i64>,
    /// That edition was published elsewhere and taken in from a file; none was published here.
    pub taken_in: bool,
    /// The file that it was taken in from, where one was kept.
    pub original: Option<FileId>,
    pub written_by: String,
    pub version: i64,
}

impl Annual {
    #[must_use]
    pub fn title(&self) -> String {
        Report::title_of(&self.unit.name, self.year)
    }

    /// Of a year with the trial form (国办公开办函〔2019〕60号): its tables are not those of this system, they stand in its file.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        Schema::of_year(self.year) == Schema::Trial2019
    }

    /// What was published elsewhere can be taken down; so can one in the trial form, wherever it was published: without its file
    /// the public has no tables of it, and no correction brings them.
    #[must_use]
    pub fn may_be_withdrawn(&self) -> bool {
        self.taken_in || (self.is_trial() && self.published_at.is_some())
    }

    #[must_use]
    pub fn report(&self) -> Report {
        self.draft.report(&self.unit.name, self.year)
    }

    #[must_use]
    pub fn due_on(&self, terms: &Terms) -> Option<Date> {
        terms.due_on(&self.unit, self.year)
    }

    #[must_use]
    pub fn findings(&self, last: Option<&Report>) -> Vec<Finding> {
        let beside = Beside {
            last,
            rules: Some(self.unit.rules()),
        };
        let mut findings = check::check(&self.report(), beside);
        findings.extend(check::counted(&self.draft, self.year));
        findings.extend(check::unbound(&self.draft));
        findings.extend(check::unseen(&self.draft));
        findings.extend(self.missing());
        for finding in &mut findings {
            let why = finding.matter().and_then(|it| self.draft.settled.get(&it));
            if let Some(why) = why {
                finding.settle(why);
            }
        }
        findings.sort_by_key(|finding| finding.weight);
        findings
    }

    /// What somebody still has to write before it leaves; nobody writes in what is public. Of the trial form a part of the
    /// cells is not there at all.
    fn missing(&self) -> Vec<Finding> {
        if self.state == State::Published {
            return Vec::new();
        }
        let mut missing = check::silent(&self.draft);
        if !self.is_trial() {
            missing.extend(check::unfilled(&self.draft));
        }
        missing
    }

    /// Why nobody can write in it now; `None` for a draft.
    #[must_use]
    pub fn why_closed(&self) -> Option<String> {
        (self.state != State::Draft).then(|| {
            let now = self.state.name();
            format!("报告现在是“{now}”，不能修改；要改请先退回或更正。")
        })
    }

    /// What stands against a step on this day, all at once.
    #[must_use]
    pub fn why_not(
        &self,
        step: Step,
        why: &str,
        (last, today): (Option<&Report>, Date),
    ) -> Vec<(&'static str, String)> {
        let mut reasons = Vec::new();
        if self.state.after(step).is_none() {
            let now = self.state.name();
            reasons.push(("step", format!("报告现在是“{now}”，不能{}。", step.name())));
            return reasons;
        }
        if step == Step::Withdraw && !self.may_be_withdrawn() {
            let said = "只有从文件导入、没有在本系统公布过的报告，以及2019年试行格式的报告，公布以后可以撤下；其他在本系统公布的，请用“更正报告”。";
            reasons.push(("step", said.to_owned()));
        }
        if step.wants_reason() {
            if why.is_empty() {
                reasons.push(("why", "请写明原因。".to_owned()));
            }
            if why.chars().count() > crate::draft::WHY_CHARS_MAX {
                let most = crate::draft::WHY_CHARS_MAX;
                reasons.push(("why", format!("原因最多{most}字。")));
            }
            return reasons;
        }
        for finding in self.findings(last) {
            if finding.weight == Weight::Wrong {
                reasons.push(("step", finding.message));
            }
        }
        if step == Step::Publish && today.year() <= self.year {
            let year = self.year;
            let said = format!(
                "{year}年还没有结束，数据还不完整，次年1月1日起才能公布；报告可以先写好、送预审。"
            );
            reasons.push(("step", said));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::OrganId;
    use gongkai_platform::organ::{Kind, Level};

    use super::Unit;
    use crate::check::Rules;

    #[test]
    fn rules_are_made_by_governments_alone() {
        for (kind, level, wanted) in [
            (Kind::Government, Level::Province, Rules::Makes),
            (Kind::Government, Level::City, Rules::Makes),
            (Kind::Office, Level::City, Rules::MakesNone),
            (Kind::Department, Level::Province, Rules::MakesNone),
            (Kind::Government, Level::County, Rules::MakesNone),
        ] {
            let unit = Unit {
                id: OrganId::new(uuid::Uuid::nil()),
                name: "安澜市人民政府办公室".to_owned(),
                path: String::new(),
                kind,
                level,
            };
            assert_eq!(unit.rules(), wanted, "{kind:?} {level:?}");
        }
    }
}
