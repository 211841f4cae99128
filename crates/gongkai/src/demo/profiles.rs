//! 机构信息 of the demo's organs. A few are left without, as they are before somebody has filled them in.

use anyhow::Result;
use gongkai_basis::credit_code::is_credit_code;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::organ::acts::EditOrgans;
use gongkai_platform::organ::profile::store::listed;
use gongkai_platform::organ::profile::{self, Words};
use gongkai_platform::organ::{Kind, OrganError};

/// Every so many organs nobody has written yet.
const BLANK_EVERY: usize = 9;

/// What an organ of this name does; the first word that fits.
const DUTIES: [(&str, &str); 12] = [
    (
        "办公室",
        "负责政府日常工作的综合协调和公文处理；组织、指导、监督政务公开和政府信息公开工作。",
    ),
    (
        "发展和改革",
        "拟订国民经济和社会发展规划、年度计划；审批、核准、审核重大建设项目；监测经济运行。",
    ),
    (
        "教育",
        "拟订教育发展规划；管理基础教育、职业教育；组织义务教育招生入学。",
    ),
    (
        "民政",
        "拟订社会救助政策和标准；管理最低生活保障、养老服务、殡葬、行政区划和地名工作。",
    ),
    (
        "司法",
        "承担政府法制工作；审查行政规范性文件；承办行政复议、行政应诉；管理法律援助和公共法律服务。",
    ),
    (
        "财政",
        "拟订财政政策；编制和执行预算、决算；管理政府采购和非税收入。",
    ),
    (
        "人力资源",
        "拟订就业政策；管理公共就业服务、社会保险、公务员招考的组织实施。",
    ),
    (
        "自然资源",
        "管理土地、矿产等自然资源；组织编制国土空间规划；办理不动产登记。",
    ),
    (
        "生态环境",
        "监测和发布环境质量信息；审批建设项目环境影响评价；查处环境违法行为。",
    ),
    (
        "卫生健康",
        "拟订卫生健康政策；管理医疗机构和公共卫生服务；开展卫生监督抽查。",
    ),
    (
        "市场监督",
        "登记市场主体；监管食品药品、产品质量和特种设备安全；公布抽检结果。",
    ),
    (
        "政务服务",
        "推进政务服务和数据管理；管理政务服务大厅、政务服务平台和政府网站。",
    ),
];
const OF_GOVERNMENT: &str = "一、执行本级人民代表大会的决议和上级国家行政机关的决定、命令，规定行政措施，发布决定和命令。\n二、执行国民经济和社会发展计划、预算，管理本行政区域内的经济、教育、科学、文化、卫生、体育、城乡建设等行政工作。\n三、保障公民的人身权利、民主权利和其他权利。";
const OF_OTHERS: &str = "按照“三定”规定承担本行业、本领域的行政管理和公共服务工作。";

/// A code that adds up, of a region (990000) that there is not.
fn credit_code(number: usize) -> String {
    let body = format!("11990000{number:09}");
    let codes = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = codes.map(|check| format!("{body}{check}"));
    codes.find(|code| is_credit_code(code)).unwrap_or_default()
}

fn words(name: &str, kind: Kind, number: usize) -> Words {
    let duties = if kind == Kind::Government {
        OF_GOVERNMENT
    } else {
        let known = DUTIES.iter().find(|(word, _)| name.contains(word));
        known.map_or(OF_OTHERS, |(_, duties)| duties)
    };
    let chief = match kind {
        Kind::Government => "主要负责人，主持政府全面工作",
        _ => "主要负责人，主持全面工作",
    };
    Words {
        duties: format!("（演示）{duties}"),
        sections: "办公室\n政策法规科\n业务科".to_owned(),
        address: format!("（演示）滨江路{}号", 8 + 2 * number),
        hours: "工作日8:30—12:00，14:30—17:30".to_owned(),
        phone: format!("0000-12347{number:02}"),
        leaders: format!("（演示）王某某　{chief}\n（演示）李某某　分管政务公开"),
        credit_code: credit_code(number),
        house_code: String::new(),
    }
}

/// Writes what the public reads of each organ.
///
/// # Errors
/// When what is written is refused, or the store fails.
pub(super) async fn write(db: &Db) -> Result<()> {
    let permit = Permit::<EditOrgans>::system();
    let write = async |tx: &mut Tx| {
        let organs = listed(tx, &Scope::Everything, None, "").await?;
        for (number, organ) in (1..).zip(organs) {
            if number % BLANK_EVERY == 0 {
                continue;
            }
            let words = words(&organ.name, organ.kind, number);
            profile::change(tx, &permit, (organ.id, 0), words).await?;
        }
        Ok::<_, OrganError>(())
    };
    Ok(db.write(write).await?)
}
