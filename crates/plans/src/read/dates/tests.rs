use super::super::text::run;
use super::*;

fn read(text: &str, ground: Ground) -> String {
    let known = Known {
        year: Some(2022),
        issued: Date::new(2022, 6, 16).ok(),
    };
    read_with(text, known, ground)
}

/// Each deadline as `text kind date`; a doubt adds `?`.
fn read_with(text: &str, known: Known, ground: Ground) -> String {
    let all: Vec<String> = deadlines(&run(text), known, ground)
        .iter()
        .map(|f| {
            let date = f.deadline.date.map_or("-".to_owned(), |d| d.to_string());
            format!(
                "{} {} {date}{}",
                f.deadline.text,
                f.deadline.kind.as_str(),
                if f.doubt.is_some() { "?" } else { "" }
            )
        })
        .collect();
    all.join(" | ")
}

#[test]
fn ends_in_running_text() {
    for (text, want) in [
        ("年底前将结果公开", "年底前 by 2022-12-31"),
        ("，2021 年底前将本地区", "2021 年底前 by 2021-12-31"),
        ("2020年年底前编制完成", "2020年年底前 by 2020-12-31"),
        ("于11月22日前报送", "11月22日前 by 2022-11-22"),
        (
            "分别于2022年9月30日和12月27日前填写",
            "2022年9月30日 by 2022-09-30 | 12月27日前 by 2022-12-27",
        ),
        ("8月前完成", "8月前 by 2022-07-31?"),
        ("6月底前完成", "6月底前 by 2022-06-30"),
        ("到2023年底，全部建成", "2023年底 by 2023-12-31"),
        ("今年年底前完成", "今年年底前 by 2022-12-31"),
        ("次年1月31日前发布", "次年1月31日前 by 2023-01-31"),
        ("于本文印发30日内反馈", "本文印发30日内 by 2022-07-16"),
        ("请于印发30日内反馈", "印发30日内 by 2022-07-16?"),
        ("制定办法，印发后20日内公布", "印发后20日内 by -?"),
        ("政策文件印发后3日内公开解读", ""),
        ("文件应于印发后3日内公开", ""),
        ("并请于印发后10日内报送", "印发后10日内 by 2022-06-26?"),
        ("每季度末月25日前报送", "每季度末月25日前 recurring -"),
        ("2月30日前完成", "2月30日前 by -?"),
        ("2022年底11月前完成", "2022年底11月前 by -?"),
        ("十二月底前完成", "十二月底前 by 2022-12-31"),
        ("五月三十日前完成", "五月三十日前 by 2022-05-30"),
        ("上半年完成", "上半年 by 2022-06-30"),
        ("第三季度末前完成", "第三季度末前 by 2022-09-30"),
        ("年内完成", "年内 by 2022-12-31"),
        ("6至8月开展专项检查", "6至8月 by 2022-08-31"),
        ("于6月—9月组织评估", "6月—9月 by 2022-09-30"),
        ("3-5月份集中开展清理", "3-5月份 by 2022-05-31"),
        ("公开6至8月数据", ""),
        ("9至8月开展检查", ""),
        ("第6至8项开展情况", ""),
    ] {
        assert_eq!(read(text, Ground::Text), want, "{text}");
    }
}

#[test]
fn ends_in_figures() {
    for (text, want) in [
        ("2022.12.31", "2022.12.31 by 2022-12-31"),
        ("2022-09-30", "2022-09-30 by 2022-09-30"),
        ("2022.6", "2022.6 by 2022-06-30"),
        ("2022年", "2022年 by 2022-12-31"),
        ("2022.13.1", "2022.13.1 by -?"),
        ("2022—2024年", "2022—2024年 by 2024-12-31"),
        ("2022年至2023年", "2022年至2023年 by 2023-12-31"),
        ("2022.6-2022.12", "2022.6-2022.12 by 2022-12-31"),
        ("11月中下旬", "11月中下旬 by 2022-11-30"),
        ("3月起", "3月起 by -?"),
        ("4月开始，长期坚持", "4月开始，长期坚持 recurring -"),
    ] {
        assert_eq!(read(text, Ground::Column), want, "{text}");
    }
}

#[test]
fn counts_and_periods() {
    for (text, want) in [
        ("各县每年3月底前制定计划", "每年3月底前 recurring -"),
        ("于每年12月10日前报送总结", "每年12月10日前 recurring -"),
        (
            "每年至少召开一次会议",
            "每年至少召开一次 minimum-count 2022-12-31",
        ),
        (
            "主要负责同志每年至少听取1次汇报",
            "每年至少听取1次 minimum-count 2022-12-31",
        ),
        (
            "年内邀请公众代表列席本单位决策会议不少于3次",
            "年内 minimum-count 2022-12-31",
        ),
        (
            "政策赶集活动，全年不少于4次",
            "全年不少于4次 minimum-count 2022-12-31",
        ),
        ("每季度通报", "每季度 recurring -"),
        ("每月更新", "每月 recurring -"),
    ] {
        assert_eq!(read(text, Ground::Text), want, "{text}");
    }
}

#[test]
fn what_is_no_deadline() {
    for text in [
        "对2021年工作要点落实情况",
        "12345热线",
        "近三年内",
        "自2022年5月1日起施行",
        "纳入2022年政府信息公开工作年度报告",
        "国家2022年政务公开工作要点",
        "收到申请后20个工作日内答复",
        "第6版",
        "上半年工作情况",
        "全年工作",
        "2022年中山市政府工作报告",
        "政府年度报告",
        "3年内",
    ] {
        assert_eq!(read(text, Ground::Text), "", "{text}");
    }
}

#[test]
fn a_deadline_column_takes_bare_dates() {
    for (text, want) in [
        ("年底前", "年底前 by 2022-12-31"),
        ("2020年10月底", "2020年10月底 by 2020-10-31"),
        ("2020年底", "2020年底 by 2020-12-31"),
        ("12月", "12月 by 2022-12-31"),
        ("6月30日", "6月30日 by 2022-06-30"),
        ("6月—10月", "10月 by 2022-10-31"),
        ("持续推进", "持续推进 recurring -"),
        ("长期坚持", "长期坚持 recurring -"),
        ("全年", "全年 recurring -"),
        ("第三季度", "第三季度 by 2022-09-30"),
        ("按上级要求", "按上级要求 by -?"),
        ("", ""),
    ] {
        assert_eq!(read(text, Ground::Column), want, "{text}");
    }
}

#[test]
fn without_a_year_there_is_no_date() {
    assert_eq!(
        read_with("年底前", Known::default(), Ground::Column),
        "年底前 by -?"
    );
    assert_eq!(
        read_with("本文印发30日内", Known::default(), Ground::Text),
        "本文印发30日内 by -?"
    );
    assert_eq!(
        read_with("每年至少1次", Known::default(), Ground::Text),
        "每年至少1次 minimum-count -?"
    );
}
