//! What is doubtful about the units of a task, and those that another task gives it.

use super::super::event::Doubt;
use super::super::keyed;
use super::super::layout::shorten;
use super::super::organs::{OrganRef, Organs, Units, says_first_leads, says_named_once};
use super::super::task::OrganOrigin;
use super::super::text::{plain, tidy};
use super::One;

/// Some answer for all tasks, and are named once.
const FOR_ALL: &str = "organs-for-all";

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| shorten(name)).collect();
    names.join("、")
}

impl One {
    /// 以下各项均需各乡镇落实，不再列出: they answer for the tasks below as well.
    pub(super) fn add_for_all(&mut self, label: &str, organs: &mut Organs) {
        let new = |organ: &OrganRef, list: &[OrganRef]| list.iter().all(|o| o.name != organ.name);
        let given = std::mem::take(&mut organs.below);
        if !given.is_empty() {
            let names: Vec<String> = given.iter().map(|o| o.name.clone()).collect();
            self.doubt(
                FOR_ALL,
                format!(
                    "{label}写明后面各项也由“{}”落实，已补到后面各项，请核对",
                    listed(&names)
                ),
                self.unit_run(),
            );
        }
        let once = |unit: &Units| says_named_once(&plain(&unit.text));
        let unclear = given.is_empty() && self.assigned.units.iter().any(once);
        if unclear {
            let message = format!("{label}写明有单位对各项任务负责，后面各项没有逐一补上，请核对");
            self.doubt(FOR_ALL, message, self.unit_run());
        } else if self.unclear_above {
            self.check = true;
            self.doubts.push(FOR_ALL);
        }
        self.unclear_above |= unclear;
        let before = self.for_all.iter().filter(|o| new(o, &organs.list));
        let added: Vec<OrganRef> = before.cloned().collect();
        if !added.is_empty() {
            self.doubts.push(FOR_ALL);
            organs.list.extend(added);
        }
        let known = std::mem::take(&mut self.for_all);
        self.for_all = given.into_iter().filter(|o| new(o, &known)).collect();
        self.for_all.splice(0..0, known);
    }

    /// …列第一位的为牵头单位，下同: holds for the items below as well.
    pub(super) fn says_first_leads_below(&self) -> bool {
        self.assigned
            .units
            .iter()
            .any(|u| says_first_leads(&u.text) && plain(&u.text).contains("下同"))
    }

    pub(super) fn organ_doubts(&mut self, label: &str, organs: &Organs) {
        self.name_doubts(label, organs);
        self.role_doubts(label, organs);
    }

    /// What is doubtful about the names of units.
    fn name_doubts(&mut self, label: &str, organs: &Organs) {
        for note in &organs.notes {
            self.note(
                "organ-note",
                format!(
                    "{label}的单位栏里“{}”不是单位名称，没有列入",
                    shorten(&tidy(note))
                ),
                note.clone(),
            );
        }
        for repair in &organs.repairs {
            self.note(
                "organ-repaired",
                format!("{label}的单位栏：{repair}"),
                self.unit_run(),
            );
        }
        if !organs.strange.is_empty() {
            self.doubt(
                "organ-unusual",
                format!("{label}的“{}”不像单位名称，请核对", listed(&organs.strange)),
                self.unit_run(),
            );
        }
        if !organs.glued.is_empty() {
            self.doubt(
                "organs-glued",
                format!(
                    "{label}的“{}”像是两个单位连在一起，请核对",
                    listed(&organs.glued)
                ),
                self.unit_run(),
            );
        }
        if !organs.persons.is_empty() {
            self.doubt(
                "organ-person",
                format!(
                    "{label}单位名称后的“{}”像是人名，没有列入，请核对",
                    listed(&organs.persons)
                ),
                self.unit_run(),
            );
        }
    }

    /// What is doubtful about who leads and who has a part at all.
    fn role_doubts(&mut self, label: &str, organs: &Organs) {
        if organs.over_lines {
            self.doubt(
                "organ-lines",
                format!("{label}的单位分行书写，“牵头”“配合”按紧挨着的一行处理，请核对"),
                self.unit_run(),
            );
        }
        let told = self.assigned.item.doubts.contains(&Doubt::WhichUnits);
        let numbered = |u: &Units| keyed::names_numbers(&u.text);
        if !told && self.assigned.units.iter().any(numbered) {
            self.doubt(
                "organs-ambiguous",
                format!("{label}的单位按项分列，请核对哪些承担这一项"),
                self.unit_run(),
            );
        }
        if let Some(word) = organs.watching.first() {
            self.doubt(
                "organ-watching",
                format!("{label}写明的“{word}”按责任单位列入，请核对是否承担任务"),
                self.unit_run(),
            );
        }
        if organs.role_before {
            self.doubt(
                "organ-role-before",
                format!("{label}的单位前用括号写明角色，只按紧跟着的一个单位处理，请核对"),
                self.unit_run(),
            );
        }
        if organs.list.is_empty() && self.assigned.origin != OrganOrigin::Missing {
            self.doubt(
                "organs-missing",
                format!("{label}没有找到单位，请补充"),
                self.unit_run(),
            );
        }
        if organs.joint {
            self.doubt(
                "organ-joint",
                format!("{label}的“会同”按前者牵头、后者配合处理，请核对"),
                self.unit_run(),
            );
        }
    }
}
