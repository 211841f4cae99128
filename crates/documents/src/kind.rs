//! Kinds of documents as data: what each must say, who must have looked at it, whether validity means something for it.

pub mod own;

use std::sync::LazyLock;

use gongkai_basis::{Role, coded};

coded! {
    /// 文件种类
    pub enum Kind {
        Rule = "rule", "规章";
        Normative = "normative", "行政规范性文件";
        Other = "other", "其他文件";
        Interpretation = "interpretation", "政策解读";
        Gazette = "gazette", "政府公报";
        Planning = "planning", "规划";
        Finance = "finance", "财政信息";
        Notice = "notice", "通知公告";
        Duties = "duties", "机构职能";
        Emergency = "emergency", "应急预案";
        Powers = "powers", "权责清单";
        Material = "material", "目录项材料";
    }
}

coded! {
    /// A field of a document's head that a kind may demand.
    pub enum Field {
        Number = "number", "文号";
        Theme = "theme", "主题分类";
        IssuedOn = "issued_on", "成文日期";
        EffectiveOn = "effective_on", "施行日期";
        ExpiresOn = "expires_on", "有效期至";
        Interprets = "interprets", "解读的文件";
        ShownUntil = "shown_until", "公示期至";
        Summary = "summary", "内容概述";
        Keywords = "keywords", "主题词";
    }
}

coded! {
    /// A step on the way to publication (三审三校、先审后发).
    pub enum Step {
        FirstProof = "proof_1", "一校";
        FirstReview = "review_1", "一审";
        SecondProof = "proof_2", "二校";
        SecondReview = "review_2", "二审";
        ThirdProof = "proof_3", "三校";
        Legality = "legality", "合法性审查";
        Secrecy = "secrecy", "保密审查";
        ThirdReview = "review_3", "三审";
    }
}

coded! {
    /// 五关: what a reviewer answers for.
    pub enum Gate {
        Politics = "politics", "政治关";
        Law = "law", "法律关";
        Policy = "policy", "政策关";
        Secrecy = "secrecy", "保密关";
        Wording = "wording", "文字关";
    }
}

/// What the table says of a kind.
struct Spec {
    kind: Kind,
    required: Vec<Field>,
    chain: Vec<Step>,
}

/// `data/kinds.tsv`
static SPECS: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    include_str!("data/kinds.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(of_line)
        .collect()
});

fn of_line(line: &str) -> Option<Spec> {
    let mut parts = line.split('\t');
    Some(Spec {
        kind: Kind::from_code(parts.next()?)?,
        required: listed(parts.next()?, Field::from_code),
        chain: listed(parts.next()?, Step::from_code),
    })
}

fn listed<T>(codes: &str, of: impl Fn(&str) -> Option<T>) -> Vec<T> {
    codes.split(',').filter_map(of).collect()
}

impl Kind {
    fn spec(self) -> Option<&'static Spec> {
        SPECS.iter().find(|one| one.kind == self)
    }

    /// What must be filled in before it goes to review; title, text, 发布机构 and 公开属性 always are.
    /// The eight labels of the library of normative documents are all there for 规章 and 行政规范性文件.
    #[must_use]
    pub fn required(self) -> &'static [Field] {
        self.spec().map_or(&[], |spec| &spec.required)
    }

    /// Its steps in order.
    #[must_use]
    pub fn chain(self) -> &'static [Step] {
        // A test holds the table against the kinds; one without a line would pass through every step.
        self.spec().map_or(Step::ALL, |spec| &spec.chain)
    }

    /// Does 有效性 mean something for it?
    #[must_use]
    pub const fn has_validity(self) -> bool {
        matches!(
            self,
            Self::Rule | Self::Normative | Self::Other | Self::Planning | Self::Emergency
        )
    }
}

impl Step {
    /// Who takes it.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::FirstProof | Self::SecondProof | Self::ThirdProof => Role::Proofreader,
            Self::FirstReview => Role::FirstReviewer,
            Self::SecondReview => Role::SecondReviewer,
            Self::ThirdReview => Role::ThirdReviewer,
            Self::Secrecy => Role::SecrecyReviewer,
            Self::Legality => Role::LegalityReviewer,
        }
    }

    /// One person has one duty on one text: who reads proofs may read all three, but reviews nothing.
    #[must_use]
    pub const fn duty(self) -> &'static str {
        match self {
            Self::FirstProof | Self::SecondProof | Self::ThirdProof => "proof",
            Self::FirstReview => "review_1",
            Self::SecondReview => "review_2",
            Self::ThirdReview => "review_3",
            Self::Secrecy => "secrecy",
            Self::Legality => "legality",
        }
    }

    /// The gates that must be answered for before it is passed.
    #[must_use]
    pub const fn gates(self) -> &'static [Gate] {
        match self {
            Self::FirstProof | Self::SecondProof | Self::ThirdProof => &[Gate::Wording],
            Self::FirstReview => &[Gate::Politics, Gate::Policy, Gate::Wording],
            Self::SecondReview => &[Gate::Politics, Gate::Law, Gate::Policy],
            Self::ThirdReview => Gate::ALL,
            Self::Secrecy => &[Gate::Secrecy],
            Self::Legality => &[Gate::Law],
        }
    }

    /// Working days that it may take; a house rule, and no statute's.
    #[must_use]
    pub const fn working_days(self) -> u16 {
        match self {
            // 重大行政决策程序暂行条例 art. 26: at least seven working days for legality.
            Self::Legality => 7,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Gate, Kind, SPECS, Step};

    #[test]
    fn the_table_has_one_line_for_each_kind_and_knows_every_word() {
        let file = include_str!("data/kinds.tsv");
        let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            (lines.len(), SPECS.len()),
            (Kind::ALL.len(), Kind::ALL.len())
        );
        for (line, kind) in lines.iter().zip(Kind::ALL) {
            let parts: Vec<&str> = line.split('\t').collect();
            assert_eq!(parts[0], kind.code());
            let fields: Vec<&str> = kind.required().iter().map(|one| one.code()).collect();
            let steps: Vec<&str> = kind.chain().iter().map(|one| one.code()).collect();
            assert_eq!(
                (fields.join(","), steps.join(",")),
                (parts[1].to_owned(), parts[2].to_owned())
            );
            assert!(parts.len() == 4 && !parts[3].is_empty(), "{line}");
            let of_validity = [Field::EffectiveOn, Field::ExpiresOn];
            assert!(
                kind.has_validity() || !kind.required().iter().any(|one| of_validity.contains(one))
            );
        }
    }

    #[test]
    fn every_way_ends_with_the_third_review_and_passes_secrecy() {
        for kind in Kind::ALL {
            let chain = kind.chain();
            assert_eq!(chain.last(), Some(&Step::ThirdReview), "{kind:?}");
            assert!(chain.contains(&Step::Secrecy), "{kind:?}");
            for one in [
                Step::FirstReview,
                Step::SecondReview,
                Step::FirstProof,
                Step::SecondProof,
                Step::ThirdProof,
            ] {
                assert_eq!(
                    chain.iter().filter(|step| **step == one).count(),
                    1,
                    "{kind:?}"
                );
            }
            let binds = matches!(kind, Kind::Rule | Kind::Normative);
            assert_eq!(chain.contains(&Step::Legality), binds, "{kind:?}");
        }
    }

    #[test]
    fn every_gate_is_somebodys_before_the_last_review() {
        for kind in Kind::ALL {
            for gate in Gate::ALL {
                let asked = kind
                    .chain()
                    .iter()
                    .filter(|step| step.gates().contains(gate))
                    .count();
                assert!(asked >= 2, "{kind:?} {gate:?}");
            }
        }
    }
}
