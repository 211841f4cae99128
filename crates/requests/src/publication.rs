//! 是否主动公开: closing a release asks whether what one person got becomes public to all (条例 art. 44).

pub mod store;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{Run, limits};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date, coded};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::organ;
use gongkai_platform::seam::{Entry, Seams};

use crate::acts::TakeRequests;
use crate::cluster;
use crate::draft;
use crate::id::RequestId;
use crate::reach;
use crate::request::case::Case;
use crate::request::submit::{desk_of, record};
use crate::request::{LINE_CHARS_MAX, Request, TEXT_CHARS_MAX, store as requests};

/// Working days from the decision to the publication: those of art. 26, for the law names none of its own.
pub const PUBLISH_WORKING_DAYS: u16 = limits::PUBLICATION_DAYS;

coded! {
    pub enum Choice {
        Yes = "yes", "转为主动公开";
        No = "no", "不转";
        Later = "later", "以后再定";
    }
}

coded! {
    /// Why what was given to one person does not become public to all.
    pub enum Keep {
        /// 条例 art. 19: 涉及公众利益调整、需要公众广泛知晓或者需要公众参与决策的, 应当主动公开.
        Own = "own", "只与申请人自身有关，不需要公众广泛知晓（条例第19条）";
        Privacy = "privacy", "涉及个人隐私，公开会损害第三方合法权益（条例第15条）";
        Trade = "trade", "涉及商业秘密，第三方不同意公开（条例第15条）";
        Secret = "secret", "属于国家秘密，或者法律、行政法规禁止公开（条例第14条）";
        Security = "security", "公开后可能危及国家安全、公共安全、经济安全、社会稳定（条例第14条）";
        Internal = "internal", "内部事务信息（条例第16条第1款）";
        Process = "process", "过程性信息或者行政执法案卷信息（条例第16条第2款）";
        Public = "public", "已经主动公开（条例第36条第1项）";
        Other = "other", "其他原因（写明）";
    }
}

/// What somebody decides about a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    pub choice: Option<Choice>,
    pub ground: Option<Keep>,
    pub why: String,
    /// The unit that publishes; the organ that was asked, or its heir, where none is named.
    pub owner: Option<OrganId>,
    pub published_at: String,
}

/// What was decided about one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub choice: Choice,
    pub ground: Option<Keep>,
    pub why: String,
    pub by: String,
    pub on: Date,
    pub publish_by: Option<Date>,
    pub owner: Option<(OrganId, String)>,
    /// Where it was published; empty while it is not.
    pub published_at: String,
}

impl Publication {
    /// Why it stays with its applicant, in words.
    #[must_use]
    pub fn reason(&self) -> String {
        let ground = self.ground.map_or("", Keep::name);
        match (ground.is_empty(), self.why.is_empty()) {
            (false, false) => format!("{ground}；{}", self.why),
            (false, true) => ground.to_owned(),
            (true, _) => self.why.clone(),
        }
    }
}

/// Every reason why it cannot be decided so: what is not published needs its reason from the list, and another one its words.
#[must_use]
pub fn why_not(decided: &Decided) -> Vec<Reason> {
    let mut faults = Vec::new();
    let no = decided.choice == Some(Choice::No);
    if decided.choice.is_none() {
        faults.push(("choice", "请选择是否转为主动公开。".to_owned()));
    }
    if no && decided.ground.is_none() {
        faults.push(("ground", "不转的，请选择理由。".to_owned()));
    }
    let words = if no && decided.ground == Some(Keep::Other) {
        Wanted::Yes
    } else {
        Wanted::No
    };
    faults.extend(text_fault(
        ("why", "说明"),
        &decided.why,
        TEXT_CHARS_MAX,
        words,
    ));
    faults.extend(text_fault(
        ("published_at", "公开网址"),
        &decided.published_at,
        LINE_CHARS_MAX,
        Wanted::No,
    ));
    if !decided.published_at.is_empty() && !is_address(&decided.published_at) {
        let sentence = "网址以“/”开头（本门户的页面）或以“https://”开头，中间没有空格。";
        faults.push(("published_at", sentence.to_owned()));
    }
    faults
}

/// A page of this portal, or one of another site by its whole address.
#[must_use]
pub fn is_address(address: &str) -> bool {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    let other = ["https://", "http://"].iter().any(|scheme| {
        address
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    });
    (own || other) && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Did the case give its applicant something, or did a look find that what it withheld may be open (art. 18), and is it
/// answered?
#[must_use]
pub fn is_released(case: &Case) -> bool {
    let gives = case
        .request
        .decision
        .as_ref()
        .is_some_and(|decision| decision.reply.releases());
    (gives || case.request.kept.opened_on.is_some()) && case.request.replied_on.is_some()
}

/// What was withheld may be open now: that all may not have it has to be decided anew, and so whether they get it, too, where
/// they got the rest before.
///
/// # Errors
/// When the store fails.
pub(crate) async fn ask_again(tx: &mut Tx, request: &Request) -> Result<(), StoreError> {
    let id = request.id;
    let Some(mut decided) = store::load(tx, id).await? else {
        return Ok(());
    };
    // A look before has asked about all of it.
    let is_of_the_rest = request.kept.opened_on.is_none() && !decided.published_at.is_empty();
    match decided.choice {
        Choice::No => {}
        Choice::Yes if is_of_the_rest => {
            let before = format!("此前公开的部分：{}", decided.published_at);
            decided.why = if decided.why.is_empty() {
                before
            } else {
                format!("{}；{before}", decided.why)
            };
            decided.owner = None;
            decided.publish_by = None;
            decided.published_at = String::new();
            // Another order begins a draft of its own: the one before is public already.
            draft::store::forget(tx, &key(id)).await?;
        }
        Choice::Yes | Choice::Later => return Ok(()),
    }
    decided.choice = Choice::Later;
    decided.ground = None;
    store::keep(tx, id, &decided).await
}

/// Why it becomes public to all, in words that name the article.
fn because(case: &Case) -> &'static str {
    if case.request.kept.opened_on.is_some() {
        "当时不予公开的内容复核后可以公开，决定主动公开（条例第18条）"
    } else {
        "已向申请人公开，决定转为主动公开（条例第44条）"
    }
}

/// Did the case release something, and nobody has decided yet whether all may have it?
///
/// # Errors
/// When the store fails.
pub async fn is_asked(tx: &mut Tx, case: &Case) -> Result<bool, StoreError> {
    if !is_released(case) {
        return Ok(false);
    }
    let decided = store::load(tx, case.request.id).await?;
    Ok(decided.is_none_or(|decided| decided.choice == Choice::Later))
}

/// Decides whether what was released to one becomes public to all. Yes is an order to the owning unit, with a day; another
/// decision later takes it back.
///
/// # Errors
/// Not found outside of reach; refused for a case that released nothing, or with all the reasons.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    id: RequestId,
    decided: Decided,
    (today, calendar): (Date, &WorkCalendar),
    seams: &Seams,
) -> Result<(), NotDone> {
    let scope = reach::answered(tx, permit.roles()).await?;
    let case = requests::own(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if !is_released(&case) {
        let sentence = "这件申请没有公开过内容，不能转为主动公开。".to_owned();
        return Err(NotDone::Refused(vec![("choice", sentence)]));
    }
    refused(why_not(&decided))?;
    let choice = decided.choice.unwrap_or(Choice::Later);
    let before = store::load(tx, id).await?;
    let publication = Publication {
        choice,
        ground: decided.ground.filter(|_| choice == Choice::No),
        why: decided.why,
        by: permit.actor().name().to_owned(),
        on: today,
        publish_by: due(choice, before.as_ref(), (today, calendar)),
        owner: match choice {
            Choice::Yes => Some(owner_of(tx, &case, decided.owner).await?),
            Choice::No | Choice::Later => None,
        },
        published_at: decided.published_at,
    };
    store::keep(tx, id, &publication).await?;
    let about = (&case, before.as_ref());
    order(tx, permit.actor(), about, (&publication, today), seams).await?;
    let sentence = format!("{}：{}", case.request.number, choice.name());
    record(
        tx,
        permit.actor(),
        &case,
        "request.publication-decided",
        sentence,
    );
    Ok(())
}

/// The day until which it is published; a yes that is said again keeps its day.
fn due(
    choice: Choice,
    before: Option<&Publication>,
    (today, calendar): (Date, &WorkCalendar),
) -> Option<Date> {
    if choice != Choice::Yes {
        return None;
    }
    let kept = before
        .filter(|one| one.choice == Choice::Yes)
        .and_then(|one| one.publish_by);
    kept.or_else(|| Run::of(today, limits::PUBLICATION).due(calendar).ok())
}

async fn owner_of(
    tx: &mut Tx,
    case: &Case,
    named: Option<OrganId>,
) -> Result<(OrganId, String), NotDone> {
    let id = match named {
        Some(id) => id,
        None => organ::store::heir_of(tx, case.request.organ).await?,
    };
    let organ = organ::store::load(tx, id).await?;
    let Some(organ) = organ.filter(organ::Organ::is_active) else {
        let sentence = "请选择现有的单位。".to_owned();
        return Err(NotDone::Refused(vec![("owner", sentence)]));
    };
    Ok((organ.id, organ.name))
}

const KEY: &str = "request-publication:";

fn key(id: RequestId) -> String {
    format!("{KEY}{id}")
}

/// The case of an order's key.
pub(crate) fn of_key(key: &str) -> Option<RequestId> {
    key.strip_prefix(KEY)?.parse().ok()
}

/// What was ordered is public now: notes where, and closes the order.
///
/// # Errors
/// Not found where it was ordered no longer.
pub(crate) async fn became_public(
    tx: &mut Tx,
    id: RequestId,
    entry: &Entry,
    today: Date,
) -> Result<(), NotDone> {
    let case = requests::load(tx, &Scope::Everything, id).await?;
    let decided = store::load(tx, id).await?;
    let waits = |one: &Publication| one.choice == Choice::Yes && one.published_at.is_empty();
    let (Some(case), Some(mut publication)) = (case, decided.filter(waits)) else {
        return Err(NotDone::NotFound);
    };
    publication.published_at.clone_from(&entry.path);
    store::keep(tx, id, &publication).await?;
    let owner = publication.owner.as_ref().map(|(id, _)| *id);
    if let Some(owner) = owner {
        let owner = desk_of(tx, owner).await?;
        let why = format!("已主动公开：{}", entry.path);
        finding::settle_as(tx, &Actor::System, (owner, &key(id)), today, &why).await?;
    }
    let sentence = format!("{}：草稿已发布，已主动公开", case.request.number);
    record(tx, &Actor::System, &case, "request.published", sentence);
    Ok(())
}

/// The office that watches over an organ: its government's.
///
/// # Errors
/// When the store fails.
pub(crate) async fn office_over(tx: &mut Tx, organ: OrganId) -> Result<OrganId, StoreError> {
    let government = organ::store::government_of(tx, organ).await?;
    desk_of(tx, government.unwrap_or(organ)).await
}

/// Orders it from the owning unit, takes back what was ordered from another, closes it when it is public.
async fn order(
    tx: &mut Tx,
    actor: &Actor,
    (case, before): (&Case, Option<&Publication>),
    (now, today): (&Publication, Date),
    seams: &Seams,
) -> Result<(), StoreError> {
    let id = case.request.id;
    // What a government owes is done at its office's desk.
    let (mut owner, mut told) = (None, None);
    if let Some((id, _)) = &now.owner {
        owner = Some(desk_of(tx, *id).await?);
    }
    if let Some((id, _)) = before.and_then(|one| one.owner.as_ref()) {
        told = Some(desk_of(tx, *id).await?);
    }
    let public = !now.published_at.is_empty();
    if let Some(told) = told.filter(|told| Some(*told) != owner || public) {
        let why = if public {
            format!("已主动公开：{}", now.published_at)
        } else {
            "改变了决定，不再由本单位公开".to_owned()
        };
        finding::settle_as(tx, actor, (told, &key(id)), today, &why).await?;
        draft::store::close(tx, &key(id)).await?;
    }
    let Some(owner) = owner.filter(|owner| !public && Some(*owner) != told) else {
        return Ok(());
    };
    let subject = cluster::plain_subject(&case.request);
    let begun = draft::Order {
        key: &key(id),
        owner,
        subject: &subject,
        source: format!("依申请公开{}{}", case.request.number, because(case)),
    };
    let has_draft = draft::begin(tx, actor, seams, begun).await?;
    let found = Found {
        organ: owner,
        office: office_over(tx, owner).await?,
        key: key(id),
        // An order, not a reproach: nothing that had to be public was held back.
        kind: FindingKind::Other,
        severity: Severity::Minor,
        source: Source::Person,
        title: format!("依申请公开的“{subject}”转为主动公开"),
        detail: format!(
            "申请{}{}。{}",
            case.request.number,
            because(case),
            draft::how(has_draft)
        ),
        url: None,
        about: Some(("request".to_owned(), id.to_string())),
        found_on: today,
        fix_due_on: now.publish_by,
    };
    finding::report(tx, actor, found).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Choice, Decided, Keep, is_address, why_not};

    #[test]
    fn what_stays_closed_needs_its_reason() {
        let faults = |choice, ground, why: &str| {
            let decided = Decided {
                choice: Some(choice),
                ground,
                why: why.to_owned(),
                ..Decided::default()
            };
            let faults = why_not(&decided);
            faults
                .into_iter()
                .map(|(field, _)| field)
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(Choice::Yes, None, ""), [""; 0]);
        assert_eq!(faults(Choice::Later, None, ""), [""; 0]);
        assert_eq!(faults(Choice::No, None, ""), ["ground"]);
        assert_eq!(faults(Choice::No, Some(Keep::Privacy), ""), [""; 0]);
        assert_eq!(faults(Choice::No, Some(Keep::Other), ""), ["why"]);
        assert_eq!(faults(Choice::No, Some(Keep::Other), "理由"), [""; 0]);
        let nothing = why_not(&Decided::default());
        assert_eq!(nothing.first().map(|(field, _)| *field), Some("choice"));
    }

    #[test]
    fn an_address_is_a_page_here_or_a_whole_one() {
        for (address, fine) in [
            ("/documents/1", true),
            ("https://www.example.invalid/a", true),
            ("//evil.invalid", false),
            ("/\\evil.invalid", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("/a b", false),
        ] {
            assert_eq!(is_address(address), fine, "{address}");
        }
    }
}
