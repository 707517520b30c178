//! Decisions and what is counted about them.

use std::time::Duration;

use redact::Restored;
use suggest_core::{
    Decision, DiscardReason, EditClass, Latency, Outcome, UsageEvent, Week, decide,
};

use crate::help::{ask, engine, map, now, seal};

fn shown(text: &str) -> Restored {
    let mut map = map();
    let redacted = seal(text, &mut map);
    redact::restore(&redacted, &map).unwrap()
}

#[test]
fn decisions_end_in_outcomes() {
    let ten = "one two three four five six seven eight nine ten";
    for (decision, outcome, sent) in [
        (Decision::Accept, Outcome::Accepted, Some(ten)),
        (
            Decision::edit("one two  three four five six seven eight nine ten"),
            Outcome::Accepted,
            None,
        ),
        (
            Decision::edit("one two three four five six seven eight nine TEN"),
            Outcome::Edited(EditClass::Light),
            None,
        ),
        (
            Decision::edit("one two three four five six seven x y z"),
            Outcome::Edited(EditClass::Some),
            None,
        ),
        (
            Decision::edit("one two three four"),
            Outcome::Edited(EditClass::Much),
            None,
        ),
        (
            Decision::edit("nothing alike"),
            Outcome::Edited(EditClass::Rewritten),
            None,
        ),
        (
            Decision::Discard {
                reason: DiscardReason::Wrong,
            },
            Outcome::Discarded(DiscardReason::Wrong),
            None,
        ),
    ] {
        let discarded = matches!(decision, Decision::Discard { .. });
        let decided = decide(&shown(ten), decision);
        assert_eq!(decided.outcome(), outcome);
        assert_eq!(decided.expose().is_none(), discarded);
        if let Some(sent) = sent {
            assert_eq!(decided.expose(), Some(sent));
        }
    }
}

#[test]
fn events_are_kept_as_lines() {
    let suggestion = ask(
        &engine(),
        &["How do I return the shoes from {ORDER:AB-1}?\nThanks\n{PERSON:Zora Quill}"],
        &[],
    );
    let draft = suggestion.draft().unwrap();
    for outcome in [
        Outcome::Accepted,
        Outcome::Edited(EditClass::Some),
        Outcome::Discarded(DiscardReason::Tone),
    ] {
        let event = UsageEvent::new(
            draft,
            outcome,
            Week::of(now()),
            Latency::of(Duration::from_secs(90)),
        );
        let line = event.to_line();
        assert_eq!(UsageEvent::from_line(&line), Some(event));
        assert!(!line.contains("Zora") && !line.contains("AB-1"));
    }
    let event = UsageEvent::new(draft, Outcome::Accepted, Week::of(now()), Latency::Longer);
    assert_eq!(
        event.to_line(),
        "1;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h"
    );
    for line in [
        "",
        "2;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;accepted;light;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;edited;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;unheard;accepted;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;accepted;-;2026-W54;en;playbook;1;0;ge_1h",
        "1;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h;x",
    ] {
        assert_eq!(UsageEvent::from_line(line), None, "{line}");
    }
}
