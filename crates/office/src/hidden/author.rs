//! Who is named in a file's properties: people, or only programs and offices.

/// Names that programs write by themselves.
const PROGRAMS: [&str; 46] = [
    "python-docx",
    "openpyxl",
    "xlsxwriter",
    "administrator",
    "admin",
    "user",
    "windows user",
    "microsoft office user",
    "microsoft",
    "microsoft office",
    "微软用户",
    "微软中国",
    "wps",
    "wps office",
    "wps_office",
    "kingsoft",
    "apache poi",
    "docx4j",
    "phpspreadsheet",
    "phpword",
    "libreoffice",
    "openoffice",
    "anonymous",
    "(anonymous)",
    "unspecified",
    "(unspecified)",
    "unknown",
    "unknown creator",
    "un-named",
    "author",
    "作者",
    "pc",
    "lenovo",
    "hp",
    "dell",
    "reportlab",
    "typst",
    "latex",
    "docx-rs",
    "root",
    "office",
    "gongkai",
    "公开",
    "none",
    "owner",
    "test",
];
const OFFICES: [&str; 22] = [
    "局",
    "厅",
    "委",
    "办",
    "办公室",
    "政府",
    "中心",
    "院",
    "会",
    "组",
    "部",
    "处",
    "科",
    "室",
    "公司",
    "集团",
    "网",
    "网站",
    "平台",
    "系统",
    "馆",
    "站",
];

/// Whether a property names somebody or something that the public should not learn.
pub(super) fn is_telling(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_lowercase();
    !value.is_empty()
        && !PROGRAMS.contains(&lower.as_str())
        && !lower.starts_with("python")
        && !lower.contains("office")
        && !lower.contains("http")
        && !lower.contains("wps")
        && !OFFICES.iter().any(|office| value.ends_with(office))
}
