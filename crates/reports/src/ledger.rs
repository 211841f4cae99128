//! 信息处理费收取情况 and 工作要点落实情况 for the prose, from what cases and the ledger count.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::FigureKey;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;
use serde_json::{Value as Json, json};

/// Cases in which 信息处理费 was paid, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    pub cases: i64,
    pub yuan: i64,
}

/// Tasks of the year's 要点, and how many of them are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tasks {
    pub all: i64,
    pub done: i64,
}

/// What the prose tells of both, where somebody counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    pub fees: Option<Fees>,
    pub tasks: Option<Tasks>,
}

/// What the system counts now.
///
/// # Errors
/// When the store fails.
pub async fn told(
    tx: &mut Tx,
    seams: &Seams,
    (organ, year): (OrganId, i16),
) -> Result<Told, StoreError> {
    let key = |name: &str| FigureKey {
        name: name.to_owned(),
        organ,
        year,
    };
    let keys = [
        "requests.fees.cases",
        "requests.fees.yuan",
        "tasks.all",
        "tasks.done",
    ];
    let figures = seams.figures(tx, &keys.map(key)).await?;
    let values = figures.iter().map(|one| Some(one.as_ref()?.value));
    Ok(match values.collect::<Vec<_>>().as_slice() {
        [cases, yuan, all, done] => Told {
            fees: cases.zip(*yuan).map(|(cases, yuan)| Fees { cases, yuan }),
            tasks: all.zip(*done).map(|(all, done)| Tasks { all, done }),
        },
        _ => Told::default(),
    })
}

impl Told {
    /// A sentence on each for 其他需要报告的事项 (年报格式), with the words by which a text has one already.
    #[must_use]
    pub fn sentences(&self, year: i16) -> [(&'static str, Option<String>); 2] {
        let tasks = self.tasks.filter(|tasks| tasks.all > 0);
        [
            ("信息处理费", self.fees.map(|fees| fees.sentence(year))),
            ("工作要点", tasks.map(|tasks| tasks.sentence(year))),
        ]
    }

    pub(crate) fn to_json(self) -> Json {
        json!({
            "fees": self.fees.map(|fees| [fees.cases, fees.yuan]),
            "tasks": self.tasks.map(|tasks| [tasks.all, tasks.done]),
        })
    }

    /// Nothing of what is not there.
    pub(crate) fn of_json(json: Option<&Json>) -> Self {
        let two = |name: &str| {
            let both = json?.get(name)?;
            both.get(0)?.as_i64().zip(both.get(1)?.as_i64())
        };
        Self {
            fees: two("fees").map(|(cases, yuan)| Fees { cases, yuan }),
            tasks: two("tasks").map(|(all, done)| Tasks { all, done }),
        }
    }
}

impl Fees {
    fn sentence(self, year: i16) -> String {
        let Self { cases, yuan } = self;
        match cases {
            0 => format!("{year}年没有收取政府信息公开信息处理费。"),
            _ => format!("{year}年收取政府信息公开信息处理费{yuan}元，涉及申请{cases}件。"),
        }
    }
}

impl Tasks {
    fn sentence(self, year: i16) -> String {
        let Self { all, done } = self;
        if done >= all {
            return format!("{year}年政务公开工作要点涉及任务{all}项，已全部落实。");
        }
        let open = all - done;
        format!("{year}年政务公开工作要点涉及任务{all}项，已完成{done}项，其余{open}项正在推进。")
    }
}
