//! Spellings that mean the same: blanks, full and half width, brackets, traditional characters.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Pairs of a traditional or variant character and the simplified one, for the characters that stand in names of
/// organs and places. One-to-one only: where one form has two readings, the reading in organ names is meant.
const SIMPLIFIED: &str = "縣县區区鎮镇鄉乡廳厅處处務务數数據据辦办會会員员綜综機机關关財财發发衛卫環环護护農农業业資资衆众眾众國国產产監监場场審审計计統统設设開开園园團团聯联隊队館馆學学醫医藥药險险稅税貿贸經经濟济訊讯\
    電电網网絡络應应運运輸输災灾僑侨臺台灣湾獄狱檢检紀纪漁渔態态質质檔档錄录圖图書书報报誌志廣广體体遊游勞劳動动僱雇職职專专項项黨党內内門门總总長长級级別别從从權权責责領领導导組组織织協协調调議议\
    舉举辯辩選选華华東东漢汉濱滨龍龙鳳凤龜龟鳥鸟魚鱼馬马橋桥嶺岭島岛灘滩瀾澜瀋沈廬庐蘇苏陽阳陰阴陝陕貴贵連连遼辽寧宁興兴豐丰麗丽雲云霧雾靈灵鹽盐鐵铁鋼钢銀银錢钱針针錦锦鑄铸鄭郑鄧邓鄰邻頭头頂顶順顺\
    願愿類类顯显風风飛飞餘余騰腾驗验驛驿麥麦點点齊齐實实寶宝寬宽將将歲岁屬属層层崗岗廠厂彌弥後后徑径復复慶庆憲宪戶户擬拟攝摄擔担擇择採采揚扬換换損损敗败敎教斷断時时晉晋條条楊杨樓楼標标樹树橫横歐欧\
    歷历歸归殘残氣气決决沒没況况洩泄測测渦涡湯汤溝沟溫温準准滅灭滿满潔洁潛潜澤泽濕湿無无煙烟熱热爲为為为犧牺獨独獎奖獻献現现瑪玛畝亩畢毕異异當当疊叠癥症盡尽盤盘眞真睏困礦矿礎础確确禮礼禦御禪禅種种\
    稱称穀谷積积穩稳窮穷競竞筆笔節节範范築筑簡简籌筹糧粮紅红約约純纯紙纸細细終终結结給给絲丝維维綠绿緊紧線线編编練练縮缩績绩繕缮繼继續续罰罚羅罗聖圣聞闻聲声聽听肅肃脫脱腦脑臨临舊旧艦舰藝艺藍蓝蘭兰\
    號号虛虚蟲虫術术衝冲補补裝装製制複复規规視视親亲覺觉覽览觀观訂订訓训記记訪访許许訴诉診诊證证評评詞词詢询試试詳详語语誤误說说課课談谈請请論论諮咨謀谋講讲謝谢識识譜谱譯译讀读變变讓让貝贝負负貢贡\
    貨货貧贫貫贯費费貸贷賀贺賓宾賞赏賢贤購购贊赞趙赵跡迹軌轨軍军軟软載载輔辅輕轻輝辉輪轮轉转辭辞進进達达違违遠远適适遲迟遷迁郵邮釋释裡里裏里間间閩闽閣阁闊阔陳陈陸陆階阶際际隨随雙双難难離离靜静響响\
    頒颁預预題题額额養养駐驻騎骑髮发鬥斗鬧闹鮮鲜鶴鹤黃黄齡龄佈布係系倉仓個个偉伟側侧備备傳传債债傷伤優优償偿儲储兒儿兩两冊册凍冻凱凯則则剛刚創创劃划劇剧勝胜勵励勳勋匯汇單单卻却參参吳吴問问啟启喬乔\
    嚴严圍围執执堅坚塊块塵尘墻墙牆墙壓压壯壮壽寿夢梦奧奥婦妇";

static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let characters: Vec<char> = SIMPLIFIED
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    characters
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [old, new] if old != new => Some((*old, *new)),
            _ => None,
        })
        .collect()
});

/// The spelling by which names are compared: no blanks, half width, `(`…`)` as the only brackets, simplified
/// characters, no punctuation at the ends.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded: String = text.chars().filter_map(fold_char).collect();
    folded
        .trim_matches(|character: char| {
            matches!(
                character,
                '、' | '，' | ',' | '。' | '.' | ';' | ':' | '；' | '：'
            )
        })
        .to_owned()
}

fn fold_char(character: char) -> Option<char> {
    Some(match character {
        _ if character.is_whitespace() => return None,
        // Zero-width characters and the byte order mark come with copied text.
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => return None,
        _ if character.is_control() => return None,
        '〔' | '［' | '【' | '「' | '﹝' | '[' | '{' | '（' | '｛' => '(',
        '〕' | '］' | '】' | '」' | '﹞' | ']' | '}' | '）' | '｝' => ')',
        '·' | '•' | '・' | '‧' => '·',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        _ => TABLE.get(&character).copied().unwrap_or(character),
    })
}

/// Takes bracketed pieces out: the rest, and what stood inside the brackets. An unclosed bracket runs to the end.
pub(super) fn take_brackets(folded: &str) -> (String, Vec<String>) {
    let (mut outer, mut inner, mut depth) = (String::new(), Vec::new(), 0_usize);
    for character in folded.chars() {
        match character {
            '(' => {
                if depth == 0 {
                    inner.push(String::new());
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {
                if let Some(piece) = inner.last_mut() {
                    piece.push(character);
                }
            }
            _ => outer.push(character),
        }
    }
    inner.retain(|piece| !piece.is_empty());
    (outer, inner)
}

#[cfg(test)]
mod tests {
    use super::{SIMPLIFIED, fold, take_brackets};

    #[test]
    fn the_table_is_made_of_pairs() {
        let count = SIMPLIFIED
            .chars()
            .filter(|character| !character.is_whitespace())
            .count();
        assert_eq!(count % 2, 0);
        // A shifted pair would turn common simplified characters into something else.
        for text in [
            "安澜市人民政府办公室",
            "市政务服务和数据管理局",
            "清河区发展和改革局",
            "国家税务总局",
            "妇女联合会",
            "教育体育",
        ] {
            assert_eq!(fold(text), text);
        }
    }

    #[test]
    fn spellings_that_mean_the_same_fold_alike() {
        assert_eq!(fold("市　財政局 "), "市财政局");
        assert_eq!(fold("清河區發展和改革局"), "清河区发展和改革局");
        assert_eq!(
            fold("市文化广电旅游局（市文物局）"),
            "市文化广电旅游局(市文物局)"
        );
        assert_eq!(fold("市司法局。"), "市司法局");
        assert_eq!(fold("市\u{200b}司法局，"), "市司法局");
        assert_eq!(fold("１２３４５热线"), "12345热线");
    }

    #[test]
    fn brackets_come_out_whole() {
        assert_eq!(
            take_brackets("区委宣传部(网信办)"),
            ("区委宣传部".into(), vec!["网信办".into()])
        );
        assert_eq!(
            take_brackets("各镇(街道"),
            ("各镇".into(), vec!["街道".into()])
        );
        assert_eq!(take_brackets("局)"), ("局".into(), vec![]));
    }
}
