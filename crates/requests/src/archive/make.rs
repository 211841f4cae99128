//! What goes into a package, read and rendered outside of any transaction; kept in one.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template as _;
use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::id::JobId;
use gongkai_basis::{Actor, Date};
use gongkai_office::form::letterhead::Letterhead;
use gongkai_platform::access::Scope;
use gongkai_platform::attachment;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::{self, Files, Stored};
use gongkai_platform::job::{self, Job, Progress, Worker};
use gongkai_platform::web::{App, Printer, day, moment};
use serde_json::json;

use super::{Package, Packed, Part, pack, store};
use crate::id::RequestId;
use crate::letter::compose::{self, Head};
use crate::letter::{LetterState, store as letters, tie};
use crate::request::case::Case;
use crate::request::clock::sheet::{Sheet, Teller};
use crate::request::scrutiny;
use crate::request::state::Act;
use crate::request::store as requests;
use crate::request::submit::{PAPERS, REPLY, SUBJECT};
use crate::retention::Erasure;
use crate::retention::store as erasures;

pub(crate) const KIND: &str = "requests.package";

/// Queues the package of a case in the sender's transaction.
///
/// # Errors
/// When the store fails.
pub async fn queue(tx: &mut Tx, case: &Case) -> Result<(), StoreError> {
    let id = JobId::new(tx.fresh());
    let title = format!("归档包{}", case.request.number);
    let payload = json!({ "case": case.request.id.to_string() });
    job::queue(tx, id, KIND, &title, &payload, None).await
}

/// Why a case has no package yet; `None` when it can have one.
#[must_use]
pub fn why_not(case: &Case) -> Option<&'static str> {
    (case.request.closed_on.is_none()).then_some("案件还没有办结，办结后才能打包归档。")
}

/// What was read of a case.
struct Read {
    case: Case,
    papers: Vec<(String, Letterhead)>,
    /// Folder, name and the stored file.
    files: Vec<(&'static str, String, Stored)>,
    links: Vec<String>,
    /// 清除登记, where data of the applicant were erased.
    register: String,
}

async fn read(tx: &mut Tx, id: RequestId) -> Result<Option<Read>, StoreError> {
    let Some(case) = requests::load(tx, &Scope::Everything, id).await? else {
        return Ok(None);
    };
    let profile = letters::profile(tx, case.request.organ).await?;
    let mut papers = Vec::new();
    let issued = tie::handle::of(tx, &case).await?;
    let issued = issued.iter().filter(|one| one.state == LetterState::Issued);
    for (n, letter) in issued.enumerate() {
        let head = Head {
            organ: &letter.organ_name,
            profile: &profile,
            number: letter.number.as_deref().unwrap_or_default(),
            dated: letter.issued_on,
            served: letter.served,
            // The package goes to those, too, who only look on: a code would let them act as the letter's reader.
            door: None,
        };
        let number = letter.number.as_deref().unwrap_or("无文号");
        let name = format!("{:02}{}（{number}）", n + 1, compose::title(letter.kind));
        papers.push((name, compose::letter(letter.kind, &letter.facts, &head)));
    }
    let subject = id.to_string();
    let (mut found, mut links) = (Vec::new(), Vec::new());
    for (code, folder) in [
        (SUBJECT, "04申请人提交"),
        (PAPERS, "05办理材料"),
        (REPLY, "06答复材料"),
    ] {
        let there = attachment::of(tx, (code, &subject)).await?;
        for (n, one) in there.iter().enumerate() {
            match &one.url {
                Some(url) => links.push(format!("{folder}：{url}")),
                None => {
                    let stored = attachment::file(tx, (code, &subject), one.id).await?;
                    let name = format!("{:02}{}", n + 1, one.title);
                    found.extend(stored.map(|stored| (folder, name, stored)));
                }
            }
        }
    }
    let erasures = erasures::erasures(tx, &[id]).await?;
    Ok(Some(Read {
        register: register(erasures.get(&id).map_or(&[][..], Vec::as_slice)),
        case,
        papers,
        files: found,
        links,
    }))
}

/// 期限计算表 as a file of its own, to print.
#[derive(askama::Template)]
#[template(path = "requests/clock_file.html")]
struct SheetFile<'s> {
    case: &'s Case,
    sheet: &'s Sheet,
    today: Date,
}

impl SheetFile<'_> {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> String {
    tracing::error!(error, "a package was not made");
    "归档包没有打成，案卷没有改动，稍后自动再试。".to_owned()
}

/// Makes and keeps the package of a case.
///
/// # Errors
/// The sentence for people.
pub async fn run(app: &App, actor: &Actor, id: RequestId) -> Result<Package, String> {
    let read = app
        .db
        .read(async |tx: &mut Tx| read(tx, id).await)
        .await
        .map_err(|error| failed(&error))?
        .ok_or_else(|| "没有这件申请。".to_owned())?;
    if let Some(sentence) = why_not(&read.case) {
        return Err(sentence.to_owned());
    }
    let (today, calendar) = (app.today(), app.calendar());
    let sheet = read.case.sheet(today, &calendar);
    let mut texts = vec![
        Part::new("01申请", "申请.txt", application(&read.case).into_bytes()),
        Part::new("02经过", "经过.txt", history(&read.case).into_bytes()),
        Part::new("02经过", "期限计算.txt", sheet.text().into_bytes()),
        Part::new("07送达", "送达凭证.txt", proofs(&read.case).into_bytes()),
    ];
    texts.extend(review(&read.case));
    texts.extend(links(&read.links));
    let printed = SheetFile {
        case: &read.case,
        sheet: &sheet,
        today,
    };
    match printed.render() {
        Ok(html) => texts.push(Part::new("02经过", "期限计算表.html", html.into_bytes())),
        Err(error) => return Err(failed(&error)),
    }
    if !read.register.is_empty() {
        let register = read.register.clone().into_bytes();
        texts.push(Part::new("08个人信息清除", "清除登记.txt", register));
    }
    let (root, printer) = (app.files.clone(), app.printer.clone());
    let (number, organ) = (read.case.request.number.clone(), read.case.request.organ);
    let case = read.case.clone();
    let work = move || assembled(texts, read, (root, printer), today);
    let made = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| failed(&error))??;
    let (packed, sha256) = made;
    app.db
        .write(async |tx: &mut Tx| {
            let stored = Stored {
                id: FileId::new(tx.fresh()),
                sha256,
                name: format!("归档包{number}.zip"),
                media_type: "application/zip".to_owned(),
                bytes: i64::try_from(packed.bytes.len()).unwrap_or(i64::MAX),
                organ: Some(organ),
            };
            files::insert(tx, &stored).await?;
            let package = Package {
                file: stored.id,
                list_sha256: packed.list_sha256.clone(),
                files: i64::try_from(packed.files).unwrap_or(i64::MAX),
                made_at: tx.now().as_millisecond(),
                made_by: actor.name().to_owned(),
            };
            if let Some(before) = store::keep(tx, id, &package).await? {
                files::remove(tx, before).await?;
            }
            event(tx, actor, &case, &package);
            Ok::<_, StoreError>(package)
        })
        .await
        .map_err(|error| failed(&error))
}

/// Renders the papers, reads the uploads, packs all, and stores the bytes.
fn assembled(
    mut parts: Vec<Part>,
    read: Read,
    (root, printer): (Files, Option<Arc<dyn Printer>>),
    today: Date,
) -> Result<(Packed, String), String> {
    for (name, paper) in read.papers {
        let docx = paper.docx().map_err(|error| error.to_string())?;
        parts.push(Part::new("03文书", &format!("{name}.docx"), docx));
        if let Some(printer) = &printer {
            let pdf = printer
                .pdf("letterhead", &paper.typeset_data(), today)
                .map_err(|error| error.to_string())?;
            parts.push(Part::new("03文书", &format!("{name}.pdf"), pdf));
        }
    }
    for (folder, name, stored) in read.files {
        let bytes = root
            .get(&stored.sha256)
            .map_err(|_| format!("“{}”的内容读不出来，没有打包。", stored.name))?;
        parts.push(Part::new(folder, &name, bytes));
    }
    let packed = pack(parts)?;
    let sha256 = root
        .put(&packed.bytes)
        .map_err(|_| "归档包存不下来，请检查剩余空间。".to_owned())?;
    Ok((packed, sha256))
}

fn event(tx: &mut Tx, actor: &Actor, case: &Case, package: &Package) {
    let sentence = format!(
        "{}：打成归档包，{}份材料，校验清单{}",
        case.request.number, package.files, package.list_sha256
    );
    let data = json!({ "list": package.list_sha256, "files": package.files });
    let subject = ("request", case.request.id.to_string());
    tx.record(
        gongkai_platform::audit::Event::new(actor, "request.packaged", subject, sentence)
            .organ(case.request.organ)
            .data(data),
    );
}

fn application(case: &Case) -> String {
    let (request, who, wish) = (&case.request, &case.request.applicant, &case.request.wish);
    let is_typed_in = request.is_typed_in();
    let sent_on = request.receipt.days.submitted_on.filter(|_| is_typed_in);
    let sent_on = sent_on.map(day).unwrap_or_default();
    let recorded = if is_typed_in {
        "登记时间"
    } else {
        "提交时间"
    };
    let lines = [
        ("申请编号", request.number.as_str()),
        ("受理机关", &request.organ_name),
        ("类别", request.kind.name()),
        ("渠道", request.channel.name()),
        (request.channel.sent_name(), &sent_on),
        (recorded, &moment(request.submitted_at)),
        ("申请人类型", who.kind.name()),
        ("申请人", &who.name),
        ("证件名称", &who.paper),
        ("证件号码", &who.paper_number),
        ("法定代表人", &who.head),
        ("联系人", &who.contact),
        ("工作单位", &who.workplace),
        ("联系电话", &who.phone),
        ("传真号码", &who.fax),
        ("电子邮箱", &who.email),
        ("通信地址", &who.address),
        ("邮政编码", &who.postcode),
        ("名称、文号", &wish.subject),
        ("特征描述", &wish.description),
        ("获取方式", wish.form.name()),
        ("获取途径", wish.way.name()),
        ("减免理由", &wish.waiver),
    ];
    let filled = lines.iter().filter(|(_, text)| !text.is_empty());
    filled
        .map(|(name, text)| format!("{name}：{text}\n"))
        .collect()
}

fn history(case: &Case) -> String {
    let (mut text, mut teller) = (String::new(), Teller::default());
    for (n, entry) in (1..).zip(case.history()) {
        let act = entry.name();
        let (on, at) = (day(entry.on), moment(entry.at));
        let _ = writeln!(
            text,
            "{n}. {on}　{act}　{}　（{}，{at}记入）",
            entry.sentence, entry.by
        );
        for event in &entry.clock {
            let _ = writeln!(text, "　　计时：{}", teller.words(event));
        }
    }
    text
}

fn links(links: &[String]) -> Option<Part> {
    let text = links.join("\n").into_bytes();
    (!links.is_empty()).then(|| Part::new("01申请", "外部链接.txt", text))
}

/// 公开审查表 of each review, with what was answered to the findings of the check; none where nothing was reviewed.
fn review(case: &Case) -> Option<Part> {
    let form = scrutiny::form(case);
    (!form.is_empty()).then(|| Part::new("02经过", "公开审查表.txt", form.into_bytes()))
}

fn proofs(case: &Case) -> String {
    let served = case
        .entries
        .iter()
        .filter(|entry| matches!(entry.act, Some(Act::Answer | Act::Dispatch | Act::Deliver)));
    served
        .map(|entry| format!("{}　{}\n", day(entry.on), entry.sentence))
        .collect()
}

/// What was erased, by whom and why: without what it said. Empty where nothing was.
fn register(erasures: &[Erasure]) -> String {
    let mut text = String::new();
    for one in erasures {
        let (Some(register), Some(decided)) = (&one.register, &one.decided) else {
            continue;
        };
        let _ = writeln!(text, "清除范围：{}", one.part.name());
        let _ = writeln!(
            text,
            "提请：{}　{}　{}",
            one.proposed_on, one.proposed_by, one.why
        );
        let _ = writeln!(
            text,
            "批准：{}　{}　{}",
            decided.on, decided.by, decided.why
        );
        let _ = writeln!(text, "清除的登记项：{}", register.fields.join("、"));
        let _ = writeln!(text, "替换的文字：{}处", register.texts);
        for file in &register.files {
            let (place, bytes, hash) = (&file.place, file.bytes, &file.sha256);
            let _ = writeln!(text, "清除的文件：{place}　{bytes}字节　SHA-256 {hash}");
        }
        if !register.package_before.is_empty() {
            let _ = writeln!(text, "原归档包校验清单：{}", register.package_before);
        }
        text.push('\n');
    }
    text
}

/// Makes packages.
pub(crate) struct Packer(pub(crate) App);

#[async_trait]
impl Worker for Packer {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn awaited(&self) -> bool {
        true
    }

    async fn work(&self, job: Job, _: Progress) -> Result<String, String> {
        let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
        let id = payload.get("case").and_then(serde_json::Value::as_str);
        let id = id.and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| "任务里没有申请件，没有打包。".to_owned())?;
        let package = run(&self.0, &Actor::System, id).await?;
        Ok(format!("打成归档包，{}份材料。", package.files))
    }
}

/// What workers this needs.
pub(crate) fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Packer(app.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::history;
    use crate::request::case::{Case, Entry};
    use crate::request::handle::UNFINISHED;
    use crate::request::state::Act;
    use crate::request::tests::sample;

    #[test]
    fn what_the_program_noted_is_no_consultation_of_people() {
        let today = "2026-03-02".parse().unwrap();
        let mut case = Case::begin(sample(), ("经办".to_owned(), None), today);
        let note = |by: &str, sentence: &str, data: Value| Entry {
            act: Some(Act::Note),
            on: today,
            at: 0,
            by: by.to_owned(),
            account: None,
            sentence: sentence.to_owned(),
            public: String::new(),
            data,
            clock: Vec::new(),
        };
        case.entries.push(note("系统", UNFINISHED, Value::Null));
        let words = json!({ "words": "电话核实" });
        case.entries.push(note("经办", "会商：电话核实", words));
        let text = history(&case);
        let line = |words: &str| text.lines().find(|line| line.contains(words)).unwrap();
        assert!(line("没有送公开审查").contains("　办理情况　"), "{text}");
        assert!(line("电话核实").contains("　会商记录　"), "{text}");
    }
}
