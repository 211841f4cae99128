//! Folding for recognition only: full-width forms to half-width, traditional characters to simplified ones.
//!
//! One character folds to one character, so a place in folded text is the same place in the printed text.
//! Nothing that a user sees is folded.

use std::sync::OnceLock;

/// Pairs traditional → simplified of the words by which plans are recognised, one after the other.
/// Not a converter: characters that no rule looks for are left out.
const PAIRS: &str = "牽牵頭头責责單单負负務务開开關关辦办廳厅處处縣县區区鎮镇鄉乡門门時时間间數数據据會会與与導导號号發发佈布機机\
構构題题條条項项實实內内體体領领總总結结報报標标準准執执級级組组織织經经統统網网續续綜综計计訂订記记評评試试該该認认請请讀读點点\
黨党國国廣广東东財财貿贸資资質质農农運运達达違违選选鐵铁銀银錢钱長长陽阳須须順顺預预頻频風风飛飞養养館馆馬马驗验鬥斗聯联協协\
歸归當当擔担見见規规視视覽览觀观設设訪访詢询詳详誤误說说調调課课談谈論论證证識识譯译議议護护讓让豐丰貫贯購购贈赠赴赴趨趋軟软\
較较輔辅輿舆轉转辭辞遞递遠远適适還还邊边郵邮醫医釋释鏈链錄录鍵键鎖锁錯错鑒鉴閉闭閱阅隊队階阶際际隨随險险隱隐雙双難难電电靈灵\
頁页頂顶顧顾顯显類类餘余駐驻騰腾體体魚鱼鮮鲜麗丽黃黄齊齐龍龙個个們们倉仓側侧備备傳传債债優优儲储償偿億亿兩两冊册剛刚創创劃划劇剧\
勞劳勝胜勢势動动勵励勸劝匯汇醞酝廠厂參参變变員员問问喪丧嚴严團团園园圖图圓圆場场塊块墊垫壓压壞坏壘垒壯壮聲声壹壹夠够夾夹奪夺\
學学孫孙寧宁審审寫写寬宽寶宝將将專专對对導导層层屬属島岛嶺岭幣币帶带幫帮幹干庫库廢废張张強强彈弹後后徑径從从復复徵征應应\
懷怀態态慶庆憑凭憲宪懲惩戰战戶户擇择擊击據据擬拟擴扩擾扰攝摄攬揽攔拦收收敗败敘叙斷断於于舊旧晉晋暫暂曆历書书東东條条極极榮荣樓楼\
樣样樹树橋桥檔档檢检權权歡欢歲岁歷历殘残氣气決决況况淨净測测準准溫温滿满漁渔漢汉潔洁濟济灣湾災灾為为無无煙烟熱热營营爭争爾尔牆墙\
狀状獎奖獨独環环現现產产畢毕畫画異异療疗盡尽監监盤盘眾众礎础確确禮礼禦御種种稅税穩稳窮穷競竞筆笔節节範范築筑簡简籌筹籤签糧粮約约紀纪\
級级納纳紙纸紛纷細细終终給给絡络統统維维綱纲綠绿編编緊紧線线練练緩缓縮缩織织繼继罰罚羅罗義义習习職职聽听脫脱腦脑膽胆臨临舉举舊旧艱艰\
節节蘇苏莊庄葉叶蓋盖藝艺藥药虛虚蟲虫衛卫衝冲補补裝装裡里製制複复親亲觸触訊讯許许診诊評评詞词該该誠诚誌志諮咨謝谢譽誉豎竖貨货\
貧贫責责貴贵費费賀贺賃赁賓宾賠赔賣卖賽赛踐践車车軌轨載载輪轮辯辩農农這这進进週周遊游過过遷迁鄭郑鄰邻釐厘鋪铺錦锦鍋锅鎮镇閱阅陣阵陸陆隸隶\
雜杂離离雲云霧雾韓韩響响頒颁領领頻频願愿類类飯饭飲饮館馆驅驱驟骤鬆松鹽盐麥麦點点黨党檯台臺台樞枢錨锚盟盟濱滨瀋沈灘滩爐炉獻献瓊琼\
縱纵繫系繞绕聖圣肅肃膚肤蕭萧薦荐薩萨藍蓝蘭兰衆众裏里覺觉訴诉註注詐诈誤误誰谁課课諾诺謀谋謹谨譜谱貢贡貸贷賴赖贊赞趙赵躍跃軍军輯辑\
輸输遺遗鄧邓釣钓鈔钞銷销鋼钢鏡镜鐘钟閣阁闊阔陝陕陰阴雖虽頓顿頗颇顏颜餐餐駕驾騙骗齡龄龐庞龜龟\
別别並并併并僅仅係系偽伪傑杰僑侨兒儿凍冻劑剂啟启啓启嘗尝囑嘱圍围垃垃墾垦夥伙妝妆娛娱寢寝尋寻屆届岡冈巖岩幟帜帳帐庫库彙汇悅悦惡恶慮虑憂忧懸悬戲戏掃扫捨舍掛挂採采摺折撥拨撫抚攜携敵敌斂敛曉晓曬晒朧胧渦涡湧涌滯滞漸渐潛潜潤润瀏浏災灾烏乌煉炼爛烂犧牺猶犹瑪玛瑣琐甌瓯甦苏疊叠癥症皚皑瞭了矯矫碼码禍祸稱称穀谷窩窝筍笋箋笺範范簽签籃篮紅红純纯細细紹绍綁绑網网緒绪緣缘縣县總总繳缴羈羁聞闻聾聋肇肇脅胁腳脚膠胶舖铺艙舱茲兹莖茎萬万蒐搜蓄蓄薈荟藉借蘊蕴處处術术裁裁觀观訂订訓训託托訟讼診诊詐诈詢询話话該该誌志語语誡诫誤误談谈請请諒谅論论諧谐諮咨諸诸謂谓識识譴谴譽誉讚赞豬猪貝贝貞贞貨货販贩貪贪賄贿賬账賴赖贓赃趕赶跡迹躉趸輩辈輯辑轄辖辭辞迴回逕径連连遙遥遼辽邏逻鄰邻釀酿釘钉鈎钩鉤钩銘铭鋁铝錶表鍛锻鎖锁鏟铲鑽钻閉闭閒闲閩闽闆板闖闯陞升陳陈隻只雋隽韋韦項项預预顆颗顛颠飄飘饒饶駁驳駐驻駛驶騎骑鬧闹鬱郁魯鲁鴻鸿鶴鹤鷹鹰";

/// The character by which rules recognise `c`.
#[inline]
pub(crate) fn fold(c: char) -> char {
    if HAN.contains(&c) {
        return simplified(c);
    }
    match c {
        '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' => ' ',
        '－' | '～' => '—',
        '{' | '｛' => '[',
        '}' | '｝' => ']',
        '\u{FF01}'..='\u{FF5D}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '〔' | '﹝' | '【' | '〖' => '[',
        '〕' | '﹞' | '】' | '〗' => ']',
        '﹑' => '、',
        '∶' | '︰' | '﹕' | 'ː' => ':',
        '—' | '–' | '―' | '~' | '─' => '—',
        _ => c,
    }
}

/// Forms of characters that only stand in dictionaries' indexes, as some PDF files give them: `⼯` for `工`.
const RADICALS: &str = "⼀一⼆二⼈人⼊入⼋八⼏几⼑刀⼒力⼗十⼝口⼟土⼠士⼤大⼥女⼦子⼨寸⼩小⼭山⼯工⼰己⼲干⼴广⼼心⼿手⽀支⽂文⽃斗⽄斤⽅方⽆无\
⽇日⽉月⽊木⽋欠⽌止⽐比⽑毛⽒氏⽓气⽔水⽕火⽗父⽚片⽛牙⽜牛⽝犬⽟玉⽣生⽤用⽥田⽩白⽪皮⽬目⽯石⽰示⽴立⽵竹⽶米⽹网⽺羊⽻羽⽼老⽽而⽿耳⾁肉\
⾃自⾄至⾆舌⾈舟⾊色⾎血⾏行⾐衣⾓角⾔言⾕谷⾖豆⾚赤⾛走⾜足⾝身⾟辛⾢邑⾥里⾦金⾬雨⾮非⾯面⾰革⾳音⾷食⾸首⾹香⾼高⿊黑⿍鼎⿎鼓⿏鼠⿐鼻\
⺟母⺠民⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻤鬼⻥鱼⻦鸟⻩黄⻬齐⻰龙";

/// The character itself for its index form; any other as it is.
pub(crate) fn unified(c: char) -> char {
    if !matches!(c, '\u{2E80}'..='\u{2FDF}') {
        return c;
    }
    let mut chars = RADICALS.chars();
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        if from == c {
            return to;
        }
    }
    c
}

/// First and last of the characters that are looked up.
const HAN: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';

#[inline]
fn simplified(c: char) -> char {
    // A place for each character: it is asked for each one of a plan, several times.
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    let place = |c: char| (c as usize).checked_sub(*HAN.start() as usize);
    let table = TABLE.get_or_init(|| {
        let mut table: Vec<char> = HAN.collect();
        let mut chars = PAIRS.chars().filter(|c| !c.is_whitespace());
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            if let Some(twin) = place(from).and_then(|place| table.get_mut(place)) {
                *twin = to;
            }
        }
        table
    });
    place(c)
        .and_then(|place| table.get(place))
        .copied()
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_words_fold_to_what_rules_look_for() {
        let folded: String = "牽頭單位：市政府辦公廳負責，責任單位、時限要求、發佈機構"
            .chars()
            .map(fold)
            .collect();
        assert_eq!(
            folded,
            "牵头单位:市政府办公厅负责,责任单位、时限要求、发布机构"
        );
    }

    #[test]
    fn index_forms_are_the_characters_themselves() {
        let text: String = "⼯作⼈员⼀次办好，⻓期".chars().map(unified).collect();
        assert_eq!(text, "工作人员一次办好，长期");
        assert_eq!(RADICALS.chars().count() % 2, 0);
    }

    #[test]
    fn pairs_are_whole() {
        assert_eq!(PAIRS.chars().filter(|c| !c.is_whitespace()).count() % 2, 0);
        for (from, to) in [
            ('灣', '湾'),
            ('齡', '龄'),
            ('庫', '库'),
            ('續', '续'),
            ('訊', '讯'),
            ('龜', '龟'),
        ] {
            assert_eq!(fold(from), to);
        }
    }
}
