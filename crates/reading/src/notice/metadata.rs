//! The catalogue head of a web page: 索引号, 文号, 成文日期, 发布机构.

use super::super::glance::Glance;
use super::super::text::{Mark, Run, from, is_empty, part, starts, trim_by};
use super::Line;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Number,
    Issued,
    Published,
    Issuer,
    Name,
    Other,
}

#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) field: Field,
    pub(super) value: Run,
    /// Label and value.
    pub(super) run: Run,
}

const LABELS: &[(&str, Field)] = &[
    ("索引号", Field::Other),
    ("索引编号", Field::Other),
    ("信息索引", Field::Other),
    ("文号", Field::Number),
    ("发文字号", Field::Number),
    ("发文文号", Field::Number),
    ("发文号", Field::Number),
    ("公文文号", Field::Number),
    ("文件编号", Field::Number),
    ("文件号", Field::Number),
    ("发布文号", Field::Number),
    ("政策文号", Field::Number),
    ("文件文号", Field::Number),
    ("成文日期", Field::Issued),
    ("成文时间", Field::Issued),
    ("发文日期", Field::Issued),
    ("发文时间", Field::Issued),
    ("生成日期", Field::Issued),
    ("公文生成日期", Field::Issued),
    ("公文生成时间", Field::Issued),
    ("制发日期", Field::Issued),
    ("签发日期", Field::Issued),
    ("颁布日期", Field::Issued),
    ("颁布时间", Field::Issued),
    ("印发日期", Field::Issued),
    ("发布日期", Field::Published),
    ("发布时间", Field::Published),
    ("公开日期", Field::Published),
    ("公开时间", Field::Published),
    ("公布日期", Field::Published),
    ("发表时间", Field::Published),
    ("时间", Field::Published),
    ("日期", Field::Published),
    ("发布机构", Field::Issuer),
    ("发布机关", Field::Issuer),
    ("发文机关", Field::Issuer),
    ("发文机构", Field::Issuer),
    ("制发机关", Field::Issuer),
    ("发文单位", Field::Issuer),
    ("颁布单位", Field::Issuer),
    ("制定机关", Field::Issuer),
    ("发布单位", Field::Issuer),
    ("发布部门", Field::Issuer),
    ("发文部门", Field::Issuer),
    ("信息来源", Field::Other),
    ("文章来源", Field::Other),
    ("来源", Field::Other),
    ("名称", Field::Name),
    ("信息名称", Field::Name),
    ("文件名称", Field::Name),
    ("文件标题", Field::Name),
    ("信息标题", Field::Name),
    ("公开责任部门", Field::Other),
    ("公开形式", Field::Other),
    ("公开目录", Field::Other),
    ("公开范围", Field::Other),
    ("公开类别", Field::Other),
    ("信息类别", Field::Other),
    ("文件类型", Field::Other),
    ("访问量", Field::Other),
    ("访问次数", Field::Other),
    ("内容概要", Field::Other),
    ("废止时间", Field::Other),
    ("有效期", Field::Other),
    ("标题", Field::Name),
    ("主题分类", Field::Other),
    ("组配分类", Field::Other),
    ("体裁分类", Field::Other),
    ("主题词", Field::Other),
    ("关键词", Field::Other),
    ("有效性", Field::Other),
    ("时效性", Field::Other),
    ("统一编号", Field::Other),
    ("公开方式", Field::Other),
    ("公开属性", Field::Other),
    ("服务对象", Field::Other),
    ("内容概述", Field::Other),
    ("更新时间", Field::Other),
    ("生效日期", Field::Other),
    ("实施日期", Field::Other),
    ("施行日期", Field::Other),
    ("废止日期", Field::Other),
    ("失效日期", Field::Other),
    ("浏览次数", Field::Other),
    ("浏览量", Field::Other),
    ("点击次数", Field::Other),
    ("点击数", Field::Other),
    ("阅读次数", Field::Other),
    ("字体", Field::Other),
    ("字号", Field::Other),
    ("分享", Field::Other),
    ("作者", Field::Other),
    ("编辑", Field::Other),
    ("责任编辑", Field::Other),
    ("信息分类", Field::Other),
    ("分类", Field::Other),
];

/// Lines at the top among which a catalogue head is looked for.
const LINES_MAX: usize = 80;
/// Longest line of a catalogue head, in characters.
const LINE_MAX: usize = 400;

pub(super) fn fields(lines: &[Line]) -> Vec<Found> {
    let mut out = Vec::new();
    for (i, line) in lines.iter().enumerate().take(LINES_MAX) {
        if line.run.len() > LINE_MAX || line.text.contains('。') {
            continue;
        }
        let hits = hits(line.run);
        for (n, (at, len, field)) in hits.iter().enumerate() {
            let end = hits.get(n + 1).map_or(line.run.len(), |h| h.0);
            let mut value = cut(part(line.run, at + len, end));
            if value.is_empty() && end == line.run.len() && *field != Field::Other {
                let below = lines
                    .get(i + 1)
                    .map(|l| l.run)
                    .filter(|r| self::hits(r).is_empty() && r.len() < 80);
                value = cut(below.unwrap_or_default());
            }
            let run = part(line.run, *at, end)
                .iter()
                .chain(value)
                .copied()
                .collect();
            out.push(Found {
                field: *field,
                value: value.to_vec(),
                run,
            });
        }
    }
    out
}

/// A line that begins with a label of the catalogue head: 内容概述 …
pub(super) fn is_label_line(run: &[Mark]) -> bool {
    label_at(run, 0).is_some_and(|(len, _)| signs_behind(run, len, true).is_some())
}

fn cut(run: &[Mark]) -> &[Mark] {
    trim_by(run, |m| {
        m.is_blank() || matches!(m.fold, '|' | ':' | '[' | ']' | ';')
    })
}

/// Labels in a line: place, length with the sign behind, meaning. A label stands at the line's start or behind a blank,
/// and a colon or a cell's end follows.
fn hits(run: &[Mark]) -> Vec<(usize, usize, Field)> {
    let mut out: Vec<(usize, usize, Field)> = Vec::new();
    let mut i = 0;
    while i < run.len() {
        let free = i == 0
            || run
                .get(i - 1)
                .is_some_and(|m| m.is_blank() || matches!(m.fold, '|' | ']' | ';' | ')' | '/'))
            || !out.is_empty();
        match free.then(|| label_at(run, i)).flatten() {
            Some((len, field)) => {
                let led = i == 0 || !out.is_empty();
                match signs_behind(run, i + len, led && len > 1) {
                    Some(signs) => {
                        out.push((i, len + signs, field));
                        i += len + signs;
                    }
                    None => i += len,
                }
            }
            None => i += 1,
        }
    }
    if out
        .iter()
        .all(|(at, ..)| *at > 0 && !is_empty(part(run, 0, *at)))
        && out.len() < 2
        && run.len() > 60
    {
        out.clear();
    }
    out
}

/// The longest label at a place.
fn label_at(run: &[Mark], i: usize) -> Option<(usize, Field)> {
    const HEADS: Glance = Glance::heads_of(LABELS);
    let rest = from(run, i);
    rest.first().filter(|m| HEADS.may(m.fold))?;
    LABELS
        .iter()
        .filter_map(|(word, field)| starts(rest, word).map(|len| (len, *field)))
        .max_by_key(|(len, _)| *len)
}

/// How many signs stand at a place, where they end a label. 文号 安府办〔2022〕3号: a blank will do where the line is one of
/// labels (`led`).
fn signs_behind(run: &[Mark], at: usize, led: bool) -> Option<usize> {
    let signs = from(run, at)
        .iter()
        .take_while(|m| m.is_blank() || matches!(m.fold, ':' | '|' | ']'))
        .count();
    let printed = part(run, at, at + signs)
        .iter()
        .any(|m| matches!(m.fold, ':' | '|' | '\t' | ']'));
    (printed || signs > 0 && led).then_some(signs)
}
