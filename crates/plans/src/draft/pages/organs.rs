//! 对应单位: each printed name once, with what it may stand for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::organ::acts::EditOrgans;
use gongkai_platform::organ::change::{self, Draft as NewOrgan};
use gongkai_platform::organ::{Certainty, Directory, Kind, Level, Match, Target};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::answer::{At, Step, edit, edit_in, open, steps};
use super::{draft_id, filled};
use crate::acts::ImportPlan;
use crate::draft::content::Decision;
use crate::draft::edit::{Edit, ORGANS_MAX};
use crate::draft::settle::{Name, Standing, is_nobody, names};
use crate::draft::{Draft, Purpose};

/// The form that was refused, as the summary of errors finds it on the page: what a name stands for, or its new organ.
const REFUSED: &str = "refused";
const REFUSED_NEW: &str = "refused-new";

#[derive(Template)]
#[template(path = "import/organs.html")]
struct OrgansPage {
    shell: Shell,
    steps: Vec<Step>,
    draft: Draft,
    open: Vec<NameView>,
    settled: Vec<NameView>,
    likely: usize,
    organs: Vec<String>,
    /// Organs only; each name's form takes its parent from this one list.
    parents: Vec<String>,
    /// The level of the first of them, which is proposed: nothing below it stands higher.
    level: &'static str,
    levels: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
}

impl OrgansPage {
    /// Was one of this name's two forms refused?
    fn is_again(&self, view: &NameView) -> bool {
        let again = &self.shell.again;
        !again.is_empty() && again.has("name", &view.name.name)
    }

    /// Was it the form for its new organ?
    fn is_new_again(&self, view: &NameView) -> bool {
        let again = &self.shell.again;
        self.is_again(view) && again.has("organ_name", again.text("organ_name"))
    }

    fn is_choice_again(&self, view: &NameView) -> bool {
        self.is_again(view) && !self.is_new_again(view)
    }

    /// Is this what the name stands for, as the draft has it or as it was chosen in the refused form?
    fn is_chosen(&self, view: &NameView, code: &str, stored: bool) -> bool {
        if self.is_choice_again(view) {
            self.shell.again.has("choice", code)
        } else {
            stored
        }
    }

    fn is_match(&self, view: &NameView, choice: &Choice) -> bool {
        self.is_chosen(view, &choice.code, choice.chosen)
    }

    /// What was typed beside a choice of the refused form, or what the draft has.
    fn typed<'a>(&'a self, view: &NameView, field: &str, stored: &'a str) -> &'a str {
        if self.is_choice_again(view) {
            self.shell.again.text(field)
        } else {
            stored
        }
    }

    /// What was typed into the refused form for a new organ, or what is proposed.
    fn typed_new<'a>(&'a self, view: &NameView, field: &str, proposed: &'a str) -> &'a str {
        if self.is_new_again(view) {
            self.shell.again.text(field)
        } else {
            proposed
        }
    }

    fn first_parent(&self) -> &str {
        self.parents.first().map_or("", String::as_str)
    }
}

struct NameView {
    /// Names the card within the page.
    nth: usize,
    name: Name,
    /// `安澜市司法局`, `统称：… 12 个机关`, `不分派：…`
    stands_for: String,
    choices: Vec<Choice>,
    members: Vec<String>,
    /// The organs picked for this plan, as a person may write them.
    picked: String,
}

struct Choice {
    code: String,
    title: String,
    kind: &'static str,
    certainty: &'static str,
    note: String,
    members: Vec<String>,
    /// A collective to which nobody belongs yet.
    nobody: bool,
    chosen: bool,
}

/// `GET /workspace/import/{id}/organs`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let loaded = open(&app, &permit, id).await?;
    let directory = &loaded.directory;
    let views: Vec<NameView> = (1..)
        .zip(names(&loaded.content, directory))
        .map(|(nth, name)| view(nth, name, directory))
        .collect();
    let (open, settled): (Vec<_>, Vec<_>) = views
        .into_iter()
        .partition(|view| view.name.standing == Standing::Open);
    let coded = |pairs: &[(&'static str, &'static str)]| pairs.to_vec();
    let levels: Vec<_> = Level::ALL.iter().map(|l| (l.code(), l.name())).collect();
    let kinds: Vec<_> = Kind::ALL.iter().map(|k| (k.code(), k.name())).collect();
    page(&OrgansPage {
        shell,
        steps: steps(id, loaded.draft.purpose, At::Organs),
        likely: open
            .iter()
            .filter(|view| best_of(&view.name, directory).is_some())
            .count(),
        open,
        settled,
        organs: directory
            .entries()
            .iter()
            .map(|entry| entry.name.clone())
            .chain(
                directory
                    .collectives()
                    .iter()
                    .map(|collective| directory.collective_title(&collective.key)),
            )
            .collect(),
        parents: directory
            .entries()
            .iter()
            .map(|entry| entry.name.clone())
            .collect(),
        level: directory
            .entries()
            .first()
            .map_or(Level::City, |entry| entry.level)
            .code(),
        levels: coded(&levels),
        kinds: coded(&kinds),
        draft: loaded.draft,
    })
}

/// The best match, where it is likely at least and somebody belongs to it.
fn best_of<'n>(name: &'n Name, directory: &Directory) -> Option<&'n Match> {
    name.matches
        .first()
        .filter(|best| best.certainty != Certainty::Doubtful && !is_nobody(best, directory))
}

fn members(target: &Target, directory: &Directory) -> Vec<String> {
    match target {
        Target::Organ(_) => Vec::new(),
        Target::Collective(key) => directory
            .expand(key, &[])
            .into_iter()
            .filter_map(|id| directory.entry(id))
            .map(|entry| entry.name.clone())
            .collect(),
    }
}

fn title(target: &Target, directory: &Directory) -> String {
    match target {
        Target::Organ(id) => directory
            .entry(*id)
            .map_or_else(String::new, |entry| entry.name.clone()),
        Target::Collective(key) => format!("统称“{}”", directory.collective_title(key)),
    }
}

/// What a form sends for a target.
fn code(target: &Target) -> String {
    match target {
        Target::Organ(id) => format!("organ:{id}"),
        Target::Collective(key) => format!("collective:{key}"),
    }
}

fn view(nth: usize, name: Name, directory: &Directory) -> NameView {
    let target = match &name.standing {
        Standing::Organ(id) => Some(Target::Organ(*id)),
        Standing::Collective(key) => Some(Target::Collective(key.clone())),
        Standing::Organs(_) | Standing::KeptOut(_) | Standing::Open => None,
    };
    let picked: Vec<String> = match &name.standing {
        Standing::Organs(organs) => organs
            .iter()
            .filter_map(|id| directory.entry(*id))
            .map(|entry| entry.name.clone())
            .collect(),
        Standing::Organ(_) | Standing::Collective(_) | Standing::KeptOut(_) | Standing::Open => {
            Vec::new()
        }
    };
    let stands_for = match (&name.standing, &target) {
        (Standing::KeptOut(reason), _) => format!("不分派：{reason}"),
        (Standing::Organs(_), _) => "指定的机关".to_owned(),
        (_, Some(target)) => title(target, directory),
        (_, None) => String::new(),
    };
    NameView {
        nth,
        stands_for,
        members: match &target {
            Some(target) => members(target, directory),
            None => picked.clone(),
        },
        picked: picked.join("、"),
        choices: name
            .matches
            .iter()
            .enumerate()
            .map(|(nth, found)| Choice {
                code: code(&found.target),
                title: title(&found.target, directory),
                kind: found.kind.name(),
                certainty: found.certainty.name(),
                note: found.note.clone(),
                members: members(&found.target, directory),
                nobody: is_nobody(found, directory),
                chosen: match &target {
                    Some(target) => *target == found.target,
                    None => {
                        nth == 0
                            && name.standing == Standing::Open
                            && best_of(&name, directory).is_some()
                    }
                },
            })
            .collect(),
        name,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecideForm {
    version: i64,
    name: String,
    /// `organ:…`, `collective:…`, `other`, `several`, `keep-out`, `undecide`; `best` decides for all open names.
    choice: String,
    other: String,
    /// Names of organs, parted by 、 or line ends.
    several: String,
    reason: String,
}

/// `POST /workspace/import/{id}/organs`
pub(super) async fn decide(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    Path(id): Path<String>,
    Form(form): Form<DecideForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let loaded = open(&app, &permit, id).await?;
    let (edits, message) = if form.choice == "best" {
        let edits = best(
            &names(&loaded.content, &loaded.directory),
            &loaded.directory,
        );
        let message = format!("已为 {} 个名称采用首选单位。", edits.len());
        (edits, message)
    } else {
        let edit = Edit::Decide {
            name: form.name.clone(),
            decision: decision(&form, &loaded.directory)?,
        };
        (vec![edit], format!("“{}”的对应已保存到草稿。", form.name))
    };
    edit(&app, &permit, id, form.version, edits).await?;
    Ok(redirect_with(
        &format!("/workspace/import/{id}/organs"),
        &message,
    ))
}

/// The best match of every open name, where it is likely at least.
fn best(names: &[Name], directory: &Directory) -> Vec<Edit> {
    names
        .iter()
        .filter(|name| name.standing == Standing::Open)
        .filter_map(|name| {
            let decision = match &best_of(name, directory)?.target {
                Target::Organ(id) => Decision::Organ(*id),
                Target::Collective(key) => Decision::Collective(key.clone()),
            };
            Some(Edit::Decide {
                name: name.name.clone(),
                decision: Some(decision),
            })
        })
        .collect()
}

fn decision(form: &DecideForm, directory: &Directory) -> Result<Option<Decision>, Problem> {
    let refuse = |sentence: String| Problem::of_form(vec![(REFUSED, sentence)]);
    let name = &form.name;
    let gone = || {
        refuse(format!(
            "“{name}”所选的机关已不在名录里。草稿没有改动。请重新选择。"
        ))
    };
    let decision = match form.choice.split_once(':') {
        Some(("organ", id)) => id
            .parse()
            .ok()
            .filter(|id| directory.entry(*id).is_some())
            .map(Decision::Organ)
            .ok_or_else(gone)?,
        Some(("collective", key)) => key
            .parse()
            .ok()
            .filter(|key| directory.rule(key).is_some())
            .map(Decision::Collective)
            .ok_or_else(gone)?,
        _ => match form.choice.as_str() {
            "undecide" => return Ok(None),
            "keep-out" => Decision::KeptOut(
                filled(&form.reason)
                    .ok_or_else(|| refuse(format!("请写明“{name}”不分派的原因。草稿没有改动。")))?,
            ),
            "several" => several(form, directory).map_err(refuse)?,
            "other" => other(form, directory).map_err(refuse)?,
            _ => {
                return Err(refuse(format!(
                    "请先选择“{name}”对应哪个机关。草稿没有改动。"
                )));
            }
        },
    };
    Ok(Some(decision))
}

/// The organ or collective that a person typed; or a sentence.
fn other(form: &DecideForm, directory: &Directory) -> Result<Decision, String> {
    if form.other.trim().is_empty() {
        return Err(format!(
            "请填写“{}”对应的其他机关或统称的名称。草稿没有改动。",
            form.name
        ));
    }
    named(&form.other, directory).ok_or_else(|| {
        format!(
            "没有找到“{}”。草稿没有改动。请从名录中选择，或先新建机关。",
            form.other
        )
    })
}

/// The organs that a person named; or a sentence with those that are not in the directory.
fn several(form: &DecideForm, directory: &Directory) -> Result<Decision, String> {
    let mut organs: Vec<OrganId> = Vec::new();
    let mut unknown: Vec<&str> = Vec::new();
    let names = form.several.split(['、', '，', ',', '；', ';', '\n']);
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        match named(name, directory) {
            Some(Decision::Organ(id)) if organs.contains(&id) => {}
            Some(Decision::Organ(id)) => organs.push(id),
            _ => unknown.push(name),
        }
    }
    if !unknown.is_empty() {
        return Err(format!(
            "名录中没有找到：{}。草稿没有改动。请按名录改写，或先新建机关。",
            unknown.join("、")
        ));
    }
    match organs.len() {
        0 => Err(format!(
            "请写出“{}”包括哪些机关，用顿号分开。草稿没有改动。",
            form.name
        )),
        1..=ORGANS_MAX => Ok(Decision::Organs(organs)),
        _ => Err(format!(
            "一个名称最多指定 {ORGANS_MAX} 个机关。草稿没有改动。"
        )),
    }
}

/// An organ or a collective by the name that a person typed.
fn named(text: &str, directory: &Directory) -> Option<Decision> {
    let text = text.trim();
    if let Some(entry) = directory.entries().iter().find(|entry| entry.name == text) {
        return Some(Decision::Organ(entry.id));
    }
    let collective = directory
        .collectives()
        .iter()
        .find(|collective| directory.collective_title(&collective.key) == text);
    if let Some(collective) = collective {
        return Some(Decision::Collective(collective.key.clone()));
    }
    let best = directory.find(text).into_iter().next()?;
    match (best.certainty, best.target) {
        (Certainty::Certain, Target::Organ(id)) => Some(Decision::Organ(id)),
        (Certainty::Certain, Target::Collective(key)) => Some(Decision::Collective(key)),
        _ => None,
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct NewForm {
    version: i64,
    /// The printed name that the new organ is for.
    name: String,
    organ_name: String,
    /// An organ's name as the directory has it.
    parent: String,
    level: String,
    kind: String,
}

/// The parent of the organ that a form wants, or all that it lacks.
fn parent(form: &NewForm, directory: &Directory) -> Result<OrganId, Problem> {
    let mut reasons = Vec::new();
    if form.organ_name.trim().is_empty() {
        reasons.push((
            REFUSED_NEW,
            format!("请填写“{}”的机关全称。没有新建机关。", form.name),
        ));
    }
    let parent = match form.parent.trim() {
        "" => Err("请填写上级机关。没有新建机关。".to_owned()),
        typed => match named(typed, directory) {
            Some(Decision::Organ(parent)) => Ok(parent),
            _ => Err(format!(
                "上级机关“{typed}”不在名录里。没有新建机关，草稿没有改动。请从名录中选择。"
            )),
        },
    };
    match parent {
        Ok(parent) if reasons.is_empty() => Ok(parent),
        Ok(_) => Err(Problem::of_form(reasons)),
        Err(sentence) => {
            reasons.push((REFUSED_NEW, sentence));
            Err(Problem::of_form(reasons))
        }
    }
}

/// `POST /workspace/import/{id}/organs/new`: a new organ in the directory, for one printed name.
pub(super) async fn create(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    editor: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let id = draft_id(&id)?;
    let loaded = open(&app, &permit, id).await?;
    let parent = parent(&form, &loaded.directory)?;
    let name = form.organ_name.trim().to_owned();
    // The directory takes no name as long as that; the draft knows by the decision whom the plan means.
    let too_long = form.name.chars().count() > change::NAME_CHARS_MAX;
    let draft = NewOrgan {
        parent: Some(parent),
        short_name: None,
        aliases: if too_long || form.name == name {
            Vec::new()
        } else {
            vec![form.name.clone()]
        },
        name,
        former: Vec::new(),
        level: Level::from_code(&form.level).unwrap_or(Level::City),
        kind: Kind::from_code(&form.kind).unwrap_or(Kind::Department),
    };
    // Both or neither: an organ without the draft that needs it would be made a second time.
    app.db
        .write(async |tx: &mut Tx| {
            let organ = change::create(tx, &editor, &draft).await?;
            let decide = Edit::Decide {
                name: form.name.clone(),
                decision: Some(Decision::Organ(organ)),
            };
            edit_in(tx, &permit, (id, form.version), vec![decide]).await?;
            Ok::<_, Problem>(())
        })
        .await?;
    let mut message = format!("机关“{}”已加入名录，并用于这份方案。", draft.name);
    if too_long {
        message.push_str(&format!(
            "方案里的写法超过{}个字，没有存为别名；以后的方案再这样写，请在这一步重新选择这个机关。",
            change::NAME_CHARS_MAX
        ));
    }
    Ok(redirect_with(
        &format!("/workspace/import/{id}/organs"),
        &message,
    ))
}
