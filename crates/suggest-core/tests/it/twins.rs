//! Faults of a draft beside their clean twins: what is widened for the one must not let the other through.

use redact::Detector;
use suggest_core::{Code, Context, Passage, judge};

use crate::help::{locale, map, now, thread};

fn codes(lang: &str, passage: &str, ticket: &str, draft: &str, detector: &Detector) -> Vec<Code> {
    let mut map = map();
    let thread = thread(&[ticket], &mut map);
    let passages = [Passage::new("p", "", passage, locale(lang))];
    let supplied: Vec<&Passage> = passages.iter().collect();
    let cited = ["p".to_owned()];
    let cx =
        Context::new(&thread, &map, detector, locale(lang), now()).with_passages(&supplied, &cited);
    let findings = judge(draft, &cx).unwrap().findings;
    findings.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn a_fault_is_found_and_its_twin_is_not() {
    let detector = Detector::new();
    let mut wrong = Vec::new();
    for line in include_str!("../data/twins.txt").lines() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let parts: Vec<String> = line
            .split(" | ")
            .map(|part| part.replace("\\n", "\n"))
            .collect();
        let [lang, code, passage, ticket, fault, clean] = parts.as_slice() else {
            panic!("{line}");
        };
        let found = codes(lang, passage, ticket, fault, &detector);
        if !found.iter().any(|found| found.as_str() == code) {
            wrong.push(format!("{found:?}, not {code}: {fault}"));
        }
        let found = codes(lang, passage, ticket, clean, &detector);
        if !found.is_empty() {
            wrong.push(format!("{found:?}: {clean}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
