//! The sites of the demo: the city's own, a county's, a town's and a bureau's, each with another look.

use anyhow::Result;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::portal::acts::ManagePortals;
use gongkai_platform::portal::handle::{self, EmblemChange};
use gongkai_platform::portal::{Accent, Extent, Foot, Header, PortalKind, Words, emblem};

use super::organ;

const EMBLEM: &[u8] = include_bytes!("../../../../samples/emblem-yunling.png");

/// Name, organ, host and look.
struct Plan {
    name: &'static str,
    organ: &'static str,
    /// Browsers lead every name below `localhost` to this machine.
    host: &'static str,
    intro: &'static str,
    accent: Accent,
    header: Header,
    emblem: Option<&'static [u8]>,
    sponsor: &'static str,
    operator: &'static str,
    code: &'static str,
}

const PLANS: [Plan; 4] = [
    Plan {
        name: super::CITY,
        organ: "安澜市人民政府",
        host: "",
        intro: "",
        accent: Accent::Classic,
        header: Header::Plain,
        emblem: None,
        sponsor: "安澜市人民政府办公室",
        operator: "安澜市政务服务和数据管理局",
        code: "9900000001",
    },
    Plan {
        name: "云岭县",
        organ: "云岭县人民政府",
        host: "xian.localhost",
        intro: "（演示）云岭县在安澜市西北部，辖青禾、望溪两镇和松口街道。这里公开县政府及其部门、镇街的政府信息。",
        accent: Accent::Jade,
        header: Header::Band,
        emblem: Some(EMBLEM),
        sponsor: "云岭县人民政府办公室",
        operator: "云岭县政务服务和数据管理局",
        code: "9900000002",
    },
    Plan {
        name: "青禾镇",
        organ: "云岭县青禾镇人民政府",
        host: "zhen.localhost",
        intro: "（演示）青禾镇的政府信息：惠农补贴、村务事项、办事指南。",
        accent: Accent::Ochre,
        header: Header::Left,
        emblem: None,
        sponsor: "青禾镇党政综合办公室",
        operator: "",
        code: "9900000003",
    },
    Plan {
        name: "安澜市教育局",
        organ: "安澜市教育局",
        host: "jiaoyu.localhost",
        intro: "",
        accent: Accent::Indigo,
        header: Header::Plain,
        emblem: None,
        sponsor: "安澜市教育局",
        operator: "",
        code: "9900000004",
    },
];

/// The hosts of the demo's sites with their names, for the words at the start.
pub fn hosts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let beside = PLANS.iter().filter(|plan| !plan.host.is_empty());
    beside.map(|plan| (plan.name, plan.host))
}

async fn words(db: &Db, plan: &Plan) -> Result<Words> {
    let hosts = plan.host.split_whitespace().map(str::parse);
    Ok(Words {
        organ: organ(db, plan.organ).await?,
        kind: if plan.host.is_empty() {
            PortalKind::Main
        } else {
            PortalKind::Beside
        },
        name: plan.name.to_owned(),
        hosts: hosts.collect::<Result<_, _>>()?,
        extent: Extent::Branch,
        intro: plan.intro.to_owned(),
        accent: plan.accent,
        header: plan.header,
        logo: String::new(),
        foot: Foot {
            sponsor: plan.sponsor.to_owned(),
            site_code: plan.code.to_owned(),
            icp: "（演示）ICP备00000000号".to_owned(),
            police: "（演示）公网安备00000000000000号".to_owned(),
            contact: "0000-1234567（工作日）".to_owned(),
            operator: plan.operator.to_owned(),
            mistakes_url: format!("https://jiucuo.example/report?site_code={}", plan.code),
            badge_url: "https://biaoshi.example/".to_owned(),
        },
    })
}

/// Sets up the sites; their organs are there already.
///
/// # Errors
/// When an organ is missing, or the store fails.
pub(super) async fn open(db: &Db) -> Result<()> {
    let permit = Permit::<ManagePortals>::system();
    for plan in &PLANS {
        let words = words(db, plan).await?;
        let emblem = match plan.emblem {
            Some(png) => EmblemChange::Put(emblem::clean(png)?),
            None => EmblemChange::Keep,
        };
        db.write(async |tx: &mut Tx| {
            handle::open(tx, &permit, (words.clone(), emblem.clone())).await?;
            Ok::<_, NotDone>(())
        })
        .await?;
    }
    Ok(())
}
