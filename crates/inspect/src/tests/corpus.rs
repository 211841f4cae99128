//! Texts made by seeds: what is planted is found, and clean ones stay quiet.

use super::*;

const SEED: u64 = 20_260_101;
const TEXTS: usize = 1_500;

/// A small generator, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

fn id_card(dice: &mut Dice) -> String {
    let division = dice.pick(&[
        "440203", "110105", "310104", "440524", "510107", "620102", "220104", "650102",
    ]);
    let body = format!(
        "{division}{}{:02}{:02}{}",
        1935 + dice.below(85),
        1 + dice.below(12),
        1 + dice.below(28),
        dice.digits(3)
    );
    ('0'..='9')
        .chain(['X'])
        .map(|last| format!("{body}{last}"))
        .find(|number| crate::is_id_card(number))
        .unwrap()
}

fn old_id_card(dice: &mut Dice) -> String {
    let division = dice.pick(&["440203", "110105", "310104", "440524"]);
    format!(
        "{division}{:02}{:02}{:02}{}",
        30 + dice.below(60),
        1 + dice.below(12),
        1 + dice.below(28),
        dice.digits(3)
    )
}

fn mobile(dice: &mut Dice) -> String {
    let head = dice.pick(&[
        "138", "139", "150", "159", "166", "177", "186", "189", "199", "191", "135", "133",
    ]);
    format!("{head}{}", dice.digits(8))
}

fn bank_card(dice: &mut Dice) -> String {
    let (head, length) = [
        ("622202", 19),
        ("621700", 19),
        ("622848", 19),
        ("625965", 16),
        ("436742", 16),
        ("955880", 19),
        ("601382", 19),
    ][dice.below(7)];
    loop {
        let number = format!("{head}{}", dice.digits(length - head.len()));
        if crate::is_bank_card(&number) {
            return number;
        }
    }
}

fn name(dice: &mut Dice) -> String {
    let surname = dice.pick(&[
        "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
        "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "冼", "邝", "欧阳", "司徒",
    ]);
    let given = [
        "伟", "芳", "秀英", "建国", "志强", "桂兰", "小明", "雨桐", "浩然", "丽华", "海燕", "国栋",
        "美玲", "永强", "子涵", "金凤", "文博", "少芬", "润生", "嘉豪",
    ];
    format!("{surname}{}", dice.pick(&given))
}

fn address(dice: &mut Dice) -> String {
    let head = dice.pick(&[
        "安澜市东湖区",
        "河东省安澜市清溪县",
        "清溪县大塘镇",
        "安澜市",
    ]);
    let tail = [
        format!(
            "人民南路{}号{}栋{}单元{}0{}室",
            1 + dice.below(300),
            1 + dice.below(30),
            1 + dice.below(5),
            1 + dice.below(9),
            1 + dice.below(6)
        ),
        format!(
            "石井村委会第{}组{}号",
            1 + dice.below(20),
            1 + dice.below(90)
        ),
        format!(
            "锦绣花园{}座{}0{}房",
            ["A", "B", "3", "12"][dice.below(4)],
            1 + dice.below(20),
            1 + dice.below(8)
        ),
        format!(
            "朝阳街道建设路{}巷{}号",
            1 + dice.below(30),
            1 + dice.below(60)
        ),
        format!("沙头村{}队{}号", 1 + dice.below(12), 1 + dice.below(60)),
    ];
    let tail = &tail[dice.below(5)];
    format!("{head}{tail}")
}

/// Blanks, dashes, wide digits, small x: what people and machines do to a number.
fn disguised(dice: &mut Dice, number: &str, cuts: &[usize]) -> String {
    let chars: Vec<char> = number.chars().collect();
    let grouped = |parting: &str| {
        let (mut out, mut at) = (String::new(), 0);
        for (index, cut) in cuts.iter().enumerate() {
            if index > 0 {
                out.push_str(parting);
            }
            out.extend(&chars[at..at + cut]);
            at += cut;
        }
        out
    };
    match dice.below(8) {
        0 => grouped(" "),
        1 => grouped("-"),
        2 => number
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
            .collect(),
        3 => number.to_lowercase(),
        4 => chars
            .iter()
            .map(|c| format!("{c}\u{200B}"))
            .collect::<String>()
            .trim_end_matches('\u{200B}')
            .to_owned(),
        _ => number.to_owned(),
    }
}

struct Planted {
    text: String,
    hits: Vec<(Kind, String)>,
}

fn planted(dice: &mut Dice) -> Planted {
    let person = name(dice);
    let id = id_card(dice);
    let id = disguised(dice, &id, &[6, 8, 4]);
    let phone = mobile(dice);
    let phone = match dice.below(6) {
        0 => format!("+86 {phone}"),
        1 => format!("86-{phone}"),
        _ => disguised(dice, &phone, &[3, 4, 4]),
    };
    let card = bank_card(dice);
    let cuts: &[usize] = if card.len() == 19 {
        &[4, 4, 4, 4, 3]
    } else {
        &[4, 4, 4, 4]
    };
    let card = disguised(dice, &card, cuts);
    let home = address(dice);
    let (n, i, m, b, a) = (
        (Kind::Name, person.clone()),
        (Kind::IdCard, id.clone()),
        (Kind::Mobile, phone.clone()),
        (Kind::BankCard, card.clone()),
        (Kind::Address, home.clone()),
    );
    let (text, hits) = match dice.below(22) {
        0 => (
            format!("申请人：{person}，身份证号码：{id}，联系电话：{phone}。"),
            vec![n, i, m],
        ),
        1 => (
            format!("经查，{person}（身份证号{id}）于2025年3月申请低保。"),
            vec![n, i],
        ),
        2 => (
            format!(
                "姓名：{person}\n性别：女\n身份证号：{id}\n家庭住址：{home}\n联系电话：{phone}"
            ),
            vec![n, i, a, m],
        ),
        3 => (
            format!("序号\t姓名\t身份证号\t银行卡号\t补贴金额\n1\t{person}\t{id}\t{card}\t1200.00"),
            vec![n, i, b],
        ),
        4 => (
            format!("请将补助款汇入{person}的账户，卡号{card}，开户行：安澜农商行大塘支行。"),
            vec![n, b],
        ),
        5 => (
            format!("信访人{person}，住{home}，手机{phone}。"),
            vec![n, a, m],
        ),
        6 => (format!("联系人：{person}，手机：{phone}"), vec![n, m]),
        7 => (
            format!("患者{person}，男，45岁，身份证{id}，现住{home}。"),
            vec![n, i, a],
        ),
        8 => (
            format!("户主姓名：{person}；户籍地址：{home}；一卡通账号：{card}"),
            vec![n, a, b],
        ),
        9 => (format!("{person} {phone}"), vec![n, m]),
        10 => (format!("{person}，{id}，{card}"), vec![n, i, b]),
        11 => (
            format!("被征收人：{person}，房屋坐落：{home}，证件号码：{id}"),
            vec![n, a, i],
        ),
        12 => (
            format!("证明：兹有我村村民{person}，公民身份号码：{id}，家住{home}，家庭困难。"),
            vec![n, i, a],
        ),
        13 => (
            format!("|姓名|手机号码|家庭住址|\n|{person}|{phone}|{home}|"),
            vec![n, m, a],
        ),
        14 => (
            format!("姓名,证件号码,联系电话\n{person},{id},{phone}"),
            vec![n, i, m],
        ),
        15 => (format!("如有疑问请致电{phone}与{person}联系。"), vec![m]),
        16 => {
            let old = old_id_card(dice);
            (
                format!("监护人姓名：{person}，身份证：{old}"),
                vec![n, (Kind::IdCard, old)],
            )
        }
        17 => (
            format!("当事人：{person}\n住址：{home}\n身份证件号码：{id}"),
            vec![n, a, i],
        ),
        18 => (
            format!("收款人：{person}\n开户银行：安澜市农村商业银行\n账号：{card}"),
            vec![n, b],
        ),
        19 => (
            format!("投诉人{person}（电话：{phone}）反映其居住的{home}漏水问题。"),
            vec![n, m],
        ),
        20 => (
            format!("申请人{person}，女，汉族，1985年3月2日出生，住{home}，公民身份号码{id}。"),
            vec![n, a, i],
        ),
        _ => (
            format!("学生姓名：{person} 家长电话：{phone} 住址：{home}"),
            vec![n, m, a],
        ),
    };
    let text = around(dice, &text);
    Planted { text, hits }
}

fn around(dice: &mut Dice, text: &str) -> String {
    let before = dice.pick(&[
        "",
        "安澜市民政局\n关于公布救助名单的公告\n",
        "现将有关情况公示如下：\n",
        "附件1\n",
    ]);
    let after = dice.pick(&[
        "",
        "\n特此公告。",
        "\n安澜市人民政府办公室\n2026年1月12日",
        "\n（此件公开发布）",
    ]);
    format!("{before}{text}{after}")
}

fn mark(dice: &mut Dice) -> String {
    let grade = dice.pick(&["秘密", "机密", "绝密", "秘　密", "机 密"]);
    let years = dice.pick(&["10年", "5年", "", "长期", " 3 年", "6个月"]);
    let star = dice.pick(&["★", "☆", "*", " ★ "]);
    let inner = [
        format!("{grade}{star}{years}\n安澜市人民政府文件\n安府〔2026〕3号"),
        format!("密级：{grade}\n关于做好有关工作的通知"),
        format!("{grade}\n\n安澜市人民政府办公室文件"),
        "内部资料  注意保存\n会议交流材料".to_owned(),
        "内部文件，不得外传\n\n关于人事安排的情况".to_owned(),
        "（此件不公开）".to_owned(),
        format!("000012\n{grade}{star}{years}\n特急"),
        "传真电报（密）\n签批盖章：".to_owned(),
        "【内部资料】全市经济运行分析".to_owned(),
        "此件传达至县处级，请妥善保管。".to_owned(),
        "工作秘密\n关于人员安排的请示".to_owned(),
    ];
    inner[dice.below(11)].clone()
}

fn clean(dice: &mut Dice) -> String {
    let official = name(dice);
    let line = match dice.below(52) {
        0 => "各县（市、区）人民政府，市政府各部门、各直属机构：现将《安澜市2026年政务公开工作要点》印发给你们，请认真贯彻执行。".to_owned(),
        1 => format!("联系人：{official}，联系电话：0758-{}", 2_000_000 + dice.below(900_000)),
        2 => format!("安澜市人民政府市长 {official}\n2026年1月5日"),
        3 => format!("订单编号：{}，物流单号：{}", dice.digits(18), dice.digits(15)),
        4 => "统一社会信用代码：11441700007280420Y，法定代表人为局长。".to_owned(),
        5 => format!("项目代码：2026-{}-48-01-{}", dice.digits(6), dice.digits(6)),
        6 => "索引号：11441300007187648G/2017-00096　文号：安府办〔2026〕12号".to_owned(),
        7 => "涉及国家秘密、工作秘密、商业秘密和个人隐私的政府信息，不予公开。".to_owned(),
        8 => "国家秘密的密级分为绝密、机密、秘密三级。绝密级国家秘密是最重要的国家秘密。".to_owned(),
        9 => "保守国家秘密是公民的基本义务，各单位要加强保密工作，严格保密审查。".to_owned(),
        10 => "国家秘密标志形式为“密级★保密期限”，例如“机密★20年”。".to_owned(),
        11 => format!("办公地址：安澜市东湖区人民路{}号市政府大院{}号楼302室", 1 + dice.below(200), 1 + dice.below(9)),
        12 => format!("受理地点：安澜市政务服务中心二楼{}号窗口，咨询电话：12345", 1 + dice.below(40)),
        13 => format!("{official}同志任安澜市财政局局长，免去其安澜市审计局副局长职务。"),
        14 => format!("任前公示：{official}，男，汉族，1970年5月出生，中共党员，现任安澜市水务局副局长，拟任局长。"),
        15 => format!("会议由副市长{official}主持，市政府办公室、市发展改革局负责人参加。"),
        16 => format!("投诉举报电话：0758-{}，邮箱：alszwgk@anlan.gov.cn", dice.digits(7)),
        17 => format!("2026年全市完成固定资产投资{}万元，同比增长{}.{}%。", dice.digits(7), dice.below(20), dice.below(10)),
        18 => format!("发票代码{}，发票号码{}，金额{}元。", dice.digits(12), dice.digits(8), dice.digits(6)),
        19 => format!("GPS坐标：113.{}，23.{}", dice.digits(6), dice.digits(6)),
        20 => "行政相对人名称：安澜市某某建材有限公司，法定代表人：（略）。".to_owned(),
        21 => "申请人应当提供身份证明，联系人应填写联系方式，手机号码须真实有效。".to_owned(),
        22 => "居民身份证号码由18位数字组成，银行卡号一般为16至19位。".to_owned(),
        23 => "姓名\t职务\t分工\n（以公布为准）\t局长\t主持全面工作".to_owned(),
        24 => format!("姓名：{official}\n职务：安澜市副市长\n分管：教育、卫生健康、体育方面工作"),
        25 => format!("负责人：{official}（安澜市卫生健康局局长）"),
        26 => format!("签发人：{official}"),
        27 => "根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《关于全面推进政务公开工作的意见》（中办发〔2016〕8号）要求，制定本方案。".to_owned(),
        28 => "根据《国务院办公厅关于2022年部分节假日安排的通知》（国办发明电〔2021〕11号），现将放假安排通知如下。".to_owned(),
        29 => format!("流水号：62{}", dice.digits(17)),
        30 => format!("合同编号：{}", bank_card(dice)),
        31 => "申请人：张**，身份证号：4402**********0016，电话：138****5678。".to_owned(),
        32 => "患者王某某，女，现住东湖区，系确诊病例密切接触者。".to_owned(),
        33 => "对泄露国家秘密的，依法追究责任；标有“内部资料”字样的文件不得上网发布。".to_owned(),
        34 => "保密审查意见：经审查，该信息不涉及国家秘密、工作秘密和敏感信息，可以公开。".to_owned(),
        35 => "公开方式：主动公开".to_owned(),
        36 => "各镇人民政府、街道办事处要加强组织领导，安排专人负责，明确时限要求。".to_owned(),
        37 => "（联系人：李科长；联系电话：2266110）".to_owned(),
        38 => format!("不动产权证号：安（2026）清溪县不动产权第{}号", dice.digits(7)),
        39 => format!("案号：（2025）安0203行初{}号", 1 + dice.below(900)),
        40 => "参保人、低保对象、特困人员、残疾人凭有效证件到户籍所在地镇（街道）办理。".to_owned(),
        41 => format!("设备IMEI：{}，序列号SN{}", dice.digits(15), dice.digits(10)),
        42 => format!("时间：2026年{}月{}日上午9:00—11:30，地点：安澜市图书馆三楼报告厅", 1 + dice.below(12), 1 + dice.below(28)),
        43 => format!("招标编号：ALZC{}，预算金额：{}元", dice.digits(11), dice.digits(8)),
        44 => "住所：安澜市东湖区建设路18号，邮政编码：526000。".to_owned(),
        45 => "家庭成员、共同申请人、户主须如实申报家庭收入，不得隐瞒。".to_owned(),
        46 => "密云区、高密市有关文件（高密政发〔2020〕3号）仅作参考。".to_owned(),
        47 => format!("准考证号\t成绩\n{}\t86.5\n{}\t79", dice.digits(11), dice.digits(11)),
        48 => format!("网址：https://www.anlan.gov.cn/zwgk/content/post_1{}{}.html", 3 + dice.below(7), dice.digits(9)),
        49 => format!("户名：安澜市财政局\n开户银行：中国工商银行安澜分行\n账号：{}", dice.digits(17)),
        50 => format!("附表：{} {} {} {} {}", dice.digits(4), dice.digits(4), dice.digits(4), dice.digits(3), dice.digits(5)),
        _ => format!("网站标识码：4417000001　粤ICP备{}号　粤公网安备 {}号", dice.digits(8), dice.digits(14)),
    };
    around(dice, &line)
}

#[derive(Default)]
struct Score {
    planted: usize,
    found: usize,
    alarms: usize,
    raised: usize,
}

fn overlaps(text: &str, start: usize, end: usize, hit: &str) -> bool {
    let passage: String = text.chars().skip(start).take(end - start).collect();
    let plain = |text: &str| {
        text.chars()
            .filter(|c| !matches!(c, '\u{200B}'))
            .collect::<String>()
    };
    plain(hit).contains(&plain(&passage)) || plain(&passage).contains(&plain(hit))
}

#[test]
fn planted_data_is_found_and_clean_texts_stay_quiet() {
    let mut dice = Dice(SEED);
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    let mut misses = Vec::new();
    for _ in 0..TEXTS {
        let one = planted(&mut dice);
        let findings = inspect(&one.text, &Rules::default());
        for (kind, hit) in &one.hits {
            let score = scores.entry(*kind).or_default();
            score.planted += 1;
            let found = findings
                .iter()
                .any(|f| f.kind == *kind && overlaps(&one.text, f.start, f.end, hit));
            score.found += usize::from(found);
            if !found {
                misses.push(format!("missed {kind:?} {hit:?} in {:?}", one.text));
            }
        }
        for f in &findings {
            let score = scores.entry(f.kind).or_default();
            score.raised += 1;
            let wanted = one
                .hits
                .iter()
                .any(|(kind, hit)| *kind == f.kind && overlaps(&one.text, f.start, f.end, hit));
            if !wanted
                && f.kind.is_personal()
                && !matches!(f.kind, Kind::BirthDate | Kind::Name | Kind::Address)
            {
                score.alarms += 1;
                misses.push(format!("alarm {:?} {:?} in {:?}", f.kind, f.text, one.text));
            }
        }
        let text = mark(&mut dice);
        let text = around(&mut dice, &text);
        let score = scores.entry(Kind::Secrecy).or_default();
        score.planted += 1;
        let found = inspect(&text, &Rules::default())
            .iter()
            .any(|f| f.kind == Kind::Secrecy);
        score.found += usize::from(found);
        if !found {
            misses.push(format!("missed mark in {text:?}"));
        }
    }
    let (mut noisy, mut quiet) = (0, 0);
    for _ in 0..TEXTS {
        let text = clean(&mut dice);
        let findings = inspect(&text, &Rules::default());
        quiet += 1;
        noisy += usize::from(!findings.is_empty());
        for f in findings {
            scores.entry(f.kind).or_default().alarms += 1;
            misses.push(format!(
                "alarm {:?} {:?} {:?} in {text:?}",
                f.kind, f.confidence, f.text
            ));
        }
    }
    for (kind, score) in &scores {
        eprintln!(
            "{kind:?}: recall {}/{}, alarms {} of {}",
            score.found, score.planted, score.alarms, score.raised
        );
    }
    eprintln!("seed {SEED}: {noisy} of {quiet} clean texts noisy");
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for miss in &misses {
        let n = shown.entry(miss.chars().take(24).collect()).or_default();
        *n += 1;
        if *n <= 3 {
            eprintln!("{miss}");
        }
    }
    assert!(noisy as f64 <= 0.02 * quiet as f64, "{noisy} of {quiet}");
    for (kind, score) in &scores {
        assert!(
            score.found as f64 >= 0.99 * score.planted as f64,
            "{kind:?}"
        );
        assert!(
            score.alarms as f64 <= 0.02 * score.raised.max(50) as f64,
            "{kind:?}: {} alarms",
            score.alarms
        );
    }
}

#[test]
fn people_in_office_are_never_sure() {
    let mut dice = Dice(SEED + 1);
    for _ in 0..200 {
        let who = name(&mut dice);
        for text in [
            format!("市长 {who}"),
            format!("负责人：{who}（市民政局局长）"),
            format!("签发人：{who}"),
            format!("局长：{who}"),
            format!("{who}同志任市水务局局长"),
            format!("姓名：{who}　职务：副县长"),
            format!("新闻发言人：{who}，市政府副秘书长"),
        ] {
            let sure = inspect(&text, &Rules::default())
                .into_iter()
                .any(|f| f.confidence == Confidence::High);
            assert!(!sure, "{text}");
        }
    }
}
