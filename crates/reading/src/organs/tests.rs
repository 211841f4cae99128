use super::super::text::run;
use super::*;

fn check(text: &str, want: &str) {
    check_with(None, text, want);
}

/// `want`: 牵(lead) 配(cooperate) 责(responsible) before each name, parted by blanks.
fn check_with(role: Option<Role>, text: &str, want: &str) {
    let organs = parse(&[Units {
        role,
        text: run(text),
    }]);
    let got: Vec<String> = organs
        .list
        .iter()
        .map(|o| {
            let sign = match o.role {
                Role::Lead => '牵',
                Role::Cooperate => '配',
                Role::Responsible => '责',
            };
            format!("{sign}{}", o.name)
        })
        .collect();
    assert_eq!(got.join(" "), want, "{text}");
}

#[test]
fn roles_go_clause_by_clause() {
    check("甲局、乙局、办公室", "责甲局 责乙局 责办公室");
    check(
        "甲局、乙局牵头，市直其他单位按职能分工落实",
        "牵甲局 牵乙局 责市直其他单位",
    );
    check("办公室牵头，各科室配合。", "牵办公室 配各科室");
    check(
        "各县（市、区）政府，甲局、乙局牵头",
        "责各县（市、区）政府 牵甲局 牵乙局",
    );
    check(
        "司法所牵头,党政综合办配合,各有关单位按职能分工落实",
        "牵司法所 配党政综合办 责各有关单位",
    );
    check("公服办牵头,各有关单位职能分工落实", "牵公服办 责各有关单位");
    check(
        "甲局、乙局按照职能分工牵头，丙局、丁局等单位配合",
        "牵甲局 牵乙局 配丙局 配丁局",
    );
    check(
        "甲局牵头，各县（区）人民政府（管委会），市府直属各部门配合",
        "牵甲局 配各县（区）人民政府（管委会） 配市府直属各部门",
    );
    check(
        "各镇人民政府、街道办事处。区发改局、区财政局按照职责分工强化监管",
        "责各镇人民政府 责街道办事处 责区发改局 责区财政局",
    );
    check("甲局、乙局分别牵头落实", "牵甲局 牵乙局");
    check("甲局牵头，丙局会同落实", "牵甲局 责丙局");
    check("由甲局牵头，会同乙局、丙局落实", "牵甲局 配乙局 配丙局");
    check(
        "市司法局会同市财政局、市审计局负责",
        "牵市司法局 配市财政局 配市审计局",
    );
    check(
        "城管住建和农业农村局;各有关单位",
        "责城管住建和农业农村局 责各有关单位",
    );
}

#[test]
fn names_are_parted_only_where_both_are_whole() {
    check(
        "市应急管理局牵头，各县（区）人民政府（管委会）和市府直属各部门配合",
        "牵市应急管理局 配各县（区）人民政府（管委会） 配市府直属各部门",
    );
    check(
        "区发展和改革委员会、区人力资源和社会保障局",
        "责区发展和改革委员会 责区人力资源和社会保障局",
    );
    check(
        "市住建局等市政府各有关部门配合",
        "配市住建局 配市政府各有关部门",
    );
    check("财政所、自然资源所等", "责财政所 责自然资源所");
    check("市政府办公室 市司法局", "责市政府办公室 责市司法局");
    check("区委宣传部(网信办)牵头", "牵区委宣传部(网信办)");
}

#[test]
fn slips_are_repaired_and_told() {
    let organs = parse(&[Units {
        role: None,
        text: run("甲办公室牵头，各县（区）人民政府（管委会和市府直属各部门配合"),
    }]);
    assert_eq!(
        organs
            .list
            .iter()
            .map(|o| o.name.as_str())
            .collect::<Vec<_>>(),
        ["甲办公室", "各县（区）人民政府（管委会）", "市府直属各部门"]
    );
    assert_eq!(organs.repairs.len(), 1);
    let organs = parse(&[Units {
        role: None,
        text: run("各县（区）人民政府（管委会）合市府直属各部门配合"),
    }]);
    assert_eq!(organs.list.len(), 2);
    assert_eq!(organs.repairs.len(), 1);
}

#[test]
fn labels_columns_and_brackets_give_roles() {
    check(
        "牵头单位：甲局；配合单位：乙局、丙局",
        "牵甲局 配乙局 配丙局",
    );
    check("责任单位：甲局牵头，乙局配合", "牵甲局 配乙局");
    check("甲局（牵头）、乙局、丙局（配合）", "牵甲局 责乙局 配丙局");
    check(
        "牽頭單位：市司法局；責任單位：各縣（市、區）政府",
        "牵市司法局 责各縣（市、區）政府",
    );
    check_with(Some(Role::Lead), "甲局、乙局", "牵甲局 牵乙局");
    check_with(Some(Role::Cooperate), "各科室", "配各科室");
}

#[test]
fn a_remark_is_no_organ() {
    let organs = parse(&[Units {
        role: None,
        text: run("各县（区）人民政府（管委会）牵头，目录范围应当涵盖各镇人民政府、街道办事处"),
    }]);
    assert_eq!(organs.list.len(), 1);
    assert_eq!(organs.notes.len(), 1);
}

#[test]
fn a_name_told_by_its_members_is_listed_and_shown() {
    let read = |text: &str| {
        parse(&[Units {
            role: Some(Role::Cooperate),
            text: run(text),
        }])
    };
    let organs = read("市数据局、市国投公司，一岭三谷（甲区政府、乙区政府）");
    assert_eq!(organs.list.len(), 3);
    assert_eq!(organs.strange, ["一岭三谷（甲区政府、乙区政府）"]);
    let organs = read("市数据局，目录范围（含公开、解读）");
    assert_eq!(organs.list.len(), 1);
}

#[test]
fn bodies_in_a_place() {
    check(
        "市教育局，在安高校，在岭各金融机构",
        "责市教育局 责在安高校 责在岭各金融机构",
    );
    check(
        "区直有关单位 各区属事业单位 各区属国企",
        "责区直有关单位 责各区属事业单位 责各区属国企",
    );
    assert!(!is_organ("在政务大厅向企业") && !is_organ("在推进高校"));
}

#[test]
fn units_as_cities_and_towns_print_them() {
    check(
        "市委网信办、市公安局等有关部门按职责分工负责",
        "责市委网信办 责市公安局",
    );
    check(
        "各县（市、区）人民政府、市直有关部门",
        "责各县（市、区）人民政府 责市直有关部门",
    );
    check("市司法局负责，各县区配合", "责市司法局 配各县区");
    check("局机关各科室、局属各单位", "责局机关各科室 责局属各单位");
    check(
        "市政务服务局牵头，各县（市、区）和市直有关单位负责",
        "牵市政务服务局 责各县（市、区） 责市直有关单位",
    );
    check("各乡镇（街道）", "责各乡镇（街道）");
    check("宣传处会办公室", "牵宣传处 配办公室");
    check(
        "市财政局、市税务局共同牵头，市直各部门按各自职责配合",
        "牵市财政局 牵市税务局 配市直各部门",
    );
    check(
        "市工业和信息化局、市文化和旅游局、市应急管理局",
        "责市工业和信息化局 责市文化和旅游局 责市应急管理局",
    );
    check(
        "县政府办公室\n县司法局\n各乡镇政府",
        "责县政府办公室 责县司法局 责各乡镇政府",
    );
    check("镇党委和政府办公室", "责镇党委和政府办公室");
    check("区发改局等26个领域主管部门", "责区发改局");
}

#[test]
fn words_for_the_rest_of_a_list_are_no_end_of_it() {
    check("甲局等有关部门和各镇街", "责甲局 责各镇街");
    check(
        "甲局等部门、各县（市、区）政府",
        "责甲局 责各县（市、区）政府",
    );
    check(
        "丙委牵头，甲局、乙局等部门和各县（市、区）政府配合",
        "牵丙委 配甲局 配乙局 配各县（市、区）政府",
    );
    check(
        "甲局，以及各县（市、区）政府",
        "责甲局 责各县（市、区）政府",
    );
}

#[test]
fn verbs_manners_and_levels_around_names() {
    check(
        "市民政局负总责，各县（市、区）具体实施",
        "牵市民政局 责各县（市、区）",
    );
    check("市司法局主责，市委编办协同", "牵市司法局 配市委编办");
    check(
        "市商务局、市文旅局（按职责分工负责）",
        "责市商务局 责市文旅局",
    );
    check(
        "市商务局牵头，各县（市、区）政府负责本辖区落实",
        "牵市商务局 责各县（市、区）政府",
    );
    check(
        "市级：市发改委、市财政局；县级：各县（市、区）政府",
        "责市发改委 责市财政局 责各县（市、区）政府",
    );
    check(
        "市政府办公室（主办）、市融媒体中心（承办）",
        "牵市政府办公室 责市融媒体中心",
    );
    check("此项工作由市应急管理局牵头负责", "牵市应急管理局");
    check("该项工作由市交通运输局负责", "责市交通运输局");
}
