//! Decisions and what is counted about them.

use std::time::Duration;

use redact::{Detector, PseudonymMap, Restored};
use suggest_core::{
    Decided, Decision, DiscardReason, Draft, Drafting, EditClass, Latency, Locale, Outcome, Reason,
    Request, Review, Source, Stale, Style, Suggestion, Thread, UsageEvent, Viewing, Week, decide,
};

use crate::help::{ask, engine, map, now, thread};

/// A draft that names its reader, with everything a decision needs.
struct Desk {
    map: PseudonymMap,
    thread: Thread,
    draft: Draft,
    shown: Restored,
    detector: Detector,
}

const QUESTION: &str = "Hello, how do I return the shoes from order {ORDER:AB-20417}?\n\nThanks\n{PERSON:Zora Quillfeather}";

fn desk() -> Desk {
    let (mut map, detector) = (map(), Detector::new());
    let thread = thread(&[QUESTION], &mut map);
    let suggestion = engine().suggest_embedded(&Request::new(&thread, &map, &detector, now()));
    let Suggestion::Draft(draft) = suggestion else {
        panic!("{suggestion:?}");
    };
    let shown = redact::restore(draft.text(), &map).unwrap();
    Desk {
        draft: *draft,
        map,
        thread,
        shown,
        detector,
    }
}

impl Desk {
    fn decide(&self, decision: Decision) -> Result<Decided, Stale> {
        let review = Review::new(&self.draft, &self.shown, &self.map, &self.detector);
        decide(review, &self.thread, decision)
    }

    fn edit(&self, text: &str) -> Outcome {
        self.decide(Decision::edit(text)).unwrap().outcome()
    }
}

#[test]
fn decisions_end_in_outcomes() {
    let desk = desk();
    let text = desk.shown.expose().to_owned();
    let accepted = desk.decide(Decision::Accept).unwrap();
    assert_eq!(accepted.outcome(), Outcome::Accepted);
    assert_eq!(accepted.expose(), Some(text.as_str()));
    assert_eq!(desk.edit(&text.replace(' ', "  ")), Outcome::Accepted);
    let words: Vec<&str> = text.split_whitespace().collect();
    let (all, half) = (words.len(), words.len() / 2);
    assert!(all > 20);
    let one = words.join(" ").replacen("Thank", "Thanks", 1);
    assert_eq!(desk.edit(&one), Outcome::Edited(EditClass::Light));
    let some = words[..all - all / 5].join(" ");
    assert_eq!(desk.edit(&some), Outcome::Edited(EditClass::Some));
    let much = words[..half].join(" ");
    assert_eq!(desk.edit(&much), Outcome::Edited(EditClass::Much));
    assert_eq!(
        desk.edit("nothing alike"),
        Outcome::Edited(EditClass::Rewritten)
    );
    let reason = DiscardReason::Wrong;
    let discarded = desk.decide(Decision::Discard { reason }).unwrap();
    assert_eq!(discarded.outcome(), Outcome::Discarded(reason));
    assert!(discarded.expose().is_none() && discarded.approval().is_none());
}

/// A name is one word of the draft, however many words it has: what was changed is the wording.
#[test]
fn the_distance_is_that_of_the_text_with_tags() {
    let desk = desk();
    let text = desk.shown.expose();
    assert!(text.contains("Zora Quillfeather"));
    let sealed_words = desk.draft.text().as_str().split_whitespace().count();
    let ten = sealed_words / 10;
    // As many words more as make ten per cent of the text with tags, and less than that of the text with values.
    let more = "indeed ".repeat(ten);
    assert_eq!(
        desk.edit(&format!("{text} {more}")),
        Outcome::Edited(EditClass::Light)
    );
}

#[test]
fn an_approval_says_where_it_comes_from() {
    let desk = desk();
    let decided = desk.decide(Decision::Accept).unwrap();
    let approval = decided.into_approval().unwrap();
    let provenance = approval.provenance();
    assert_eq!(provenance.source(), Source::Playbook);
    assert_eq!(
        provenance.engine(),
        concat!("tactful ", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(provenance.edit(), None);
    let cited: Vec<&str> = provenance
        .citations()
        .iter()
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(cited, desk.draft.citations());
    assert!(
        provenance
            .disclosure(None)
            .unwrap()
            .contains("checked by a member of our team")
    );
    let own = "A human of ours has read this.";
    let style = Style::new()
        .sentence(Locale::English, "frame", "disclosure", own)
        .unwrap();
    assert_eq!(provenance.disclosure(Some(&style)).as_deref(), Some(own));
    assert!(!format!("{approval:?} {provenance:?}").contains("Zora"));
    let line = provenance.to_line();
    assert!(
        line.starts_with("1;playbook;tactful ")
            && line.ends_with(&provenance.citations()[0].1.to_string()),
        "{line}"
    );
    let text = desk.shown.expose().replace("Kind regards", "Warm regards");
    let edited = desk.decide(Decision::edit(text)).unwrap();
    assert_eq!(
        edited.approval().unwrap().provenance().edit(),
        Some(EditClass::Light)
    );
}

#[test]
fn a_draft_for_another_thread_is_not_approved() {
    let mut desk = desk();
    for after in [
        &[QUESTION, "And one more thing."][..],
        &[QUESTION, "agent: I have answered already."],
        &["Hello, how do I return the boots from order {ORDER:AB-20417}?"],
    ] {
        let mut map = map();
        desk.thread = thread(after, &mut map);
        assert_eq!(desk.decide(Decision::Accept).err(), Some(Stale));
        assert_eq!(desk.decide(Decision::edit("Edited.")).err(), Some(Stale));
        let reason = DiscardReason::NotNeeded;
        assert!(desk.decide(Decision::Discard { reason }).is_ok());
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
        let timed = event
            .drafted_in(Duration::from_millis(3))
            .viewed_for(Duration::from_secs(40));
        for event in [event, timed] {
            let line = event.to_line();
            assert_eq!(UsageEvent::from_line(&line), Some(event));
            assert!(!line.contains("Zora") && !line.contains("AB-1"));
        }
    }
    let event = UsageEvent::new(draft, Outcome::Accepted, Week::of(now()), Latency::Longer);
    assert_eq!(
        event.to_line(),
        "2;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h;-;-"
    );
    // Lines of the first version are read as they were.
    let first = "1;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h";
    assert_eq!(UsageEvent::from_line(first), Some(event));
    for line in [
        "",
        "2;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;accepted;light;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;edited;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;unheard;accepted;-;2026-W23;en;playbook;1;0;ge_1h",
        "1;return;accepted;-;2026-W54;en;playbook;1;0;ge_1h",
        "1;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h;x",
        "1;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h;-;-",
        "1;-;none;no_knowledge;2026-W23;en;-;0;0;-",
        "2;-;none;unheard_of;2026-W23;en;-;0;0;-;-;-",
        "2;-;none;no_knowledge;2026-W23;en;playbook;0;0;-;-;-",
        "3;return;accepted;-;2026-W23;en;playbook;1;0;ge_1h;-;-",
    ] {
        assert_eq!(UsageEvent::from_line(line), None, "{line}");
    }
}

#[test]
fn silence_is_counted_too() {
    let suggestion = ask(&engine(), &["Please delete all my data."], &[]);
    let Suggestion::None(none) = &suggestion else {
        panic!("{suggestion:?}");
    };
    let event = UsageEvent::silent(none, Week::of(now()));
    assert_eq!(event.silence(), Some("rights_request"));
    assert_eq!(
        (event.outcome(), event.source(), event.latency()),
        (None, None, None)
    );
    assert_eq!(
        event.to_line(),
        "2;right_erasure;none;rights_request;2026-W23;en;-;0;0;-;-;-"
    );
    let timed = event
        .drafted_in(Duration::from_millis(12))
        .viewed_for(Duration::from_secs(9));
    assert_eq!(timed.drafting(), Some(Drafting::UnderTenth));
    assert_eq!(timed.viewing(), None);
    assert_eq!(UsageEvent::from_line(&timed.to_line()), Some(timed));
    assert!(Reason::CODES.contains(&none.reason.code()));
}

#[test]
fn classes_have_their_bounds() {
    let (millis, secs) = (Duration::from_millis, Duration::from_secs);
    assert_eq!(Drafting::of(millis(9)), Drafting::UnderTenMillis);
    assert_eq!(Drafting::of(millis(10)), Drafting::UnderTenth);
    assert_eq!(Drafting::of(secs(10)), Drafting::Longer);
    assert_eq!(Viewing::of(secs(5)), Viewing::UnderHalfMinute);
    assert_eq!(Viewing::of(secs(120)), Viewing::Longer);
    assert_eq!(Latency::of(secs(59)), Latency::UnderMinute);
    assert_eq!(Latency::of(secs(3_600)), Latency::Longer);
}
