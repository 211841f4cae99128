//! The papers of a request, each rendered as it leaves.

use std::time::Instant;

use gongkai::printer::Typst;
use gongkai_basis::Date;
use gongkai_platform::web::Printer as _;
use gongkai_requests::letter::LetterKind;
use gongkai_requests::letter::compose::{self, Facts, Head};
use gongkai_requests::letter::profile::Profile;
use gongkai_requests::letter::remedy::Served;

use super::{median, print};

const TODAY: &str = "2026-10-15";

pub(crate) fn run() {
    let printer = Typst::new(std::path::Path::new(""));
    // As a server does, two seconds after its start.
    let started = Instant::now();
    printer.warm();
    print(
        "fonts looked for after a start",
        started.elapsed().as_secs_f64() * 1e3,
    );
    let today: Date = TODAY.parse().unwrap();
    let profile = Profile::sample();
    let mut worst = [0.0_f64; 2];
    for (nth, kind) in LetterKind::ALL.iter().enumerate() {
        let head = Head {
            organ: "安澜市财政局",
            profile: &profile,
            number: "安财公开〔2026〕15号",
            dated: Some(today),
            served: Served::OnPaper,
            door: None,
        };
        let letter = compose::letter(*kind, &Facts::sample(*kind), &head);
        let docx = || letter.docx().unwrap();
        let pdf = || {
            printer
                .pdf("letterhead", &letter.typeset_data(), today)
                .unwrap()
        };
        if nth == 0 {
            print("letter as PDF, the first after a start", once(&pdf));
        }
        for (worst, write) in worst.iter_mut().zip([&docx as &dyn Fn() -> Vec<u8>, &pdf]) {
            let times = (0..super::ROUNDS).map(|_| once(write));
            *worst = worst.max(median(times.collect()));
        }
    }
    let all = LetterKind::ALL.len();
    let [docx, pdf] = worst;
    print(&format!("letter as DOCX, the slowest of {all}"), docx);
    print(&format!("letter as PDF, the slowest of {all}"), pdf);
}

fn once(write: &dyn Fn() -> Vec<u8>) -> f64 {
    let started = Instant::now();
    assert!(!write().is_empty());
    started.elapsed().as_secs_f64() * 1e3
}
