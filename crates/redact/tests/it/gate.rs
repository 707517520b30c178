//! Documents through a gate: the caller's limit, whose words they are, and what is counted.

use std::sync::atomic::{AtomicUsize, Ordering};

use pii_detect::{Detector, Known};
use redact::{
    Gate, MapId, Numbers, Provenance, PseudonymMap, SealError, StructuredError, Tally,
    restore_document, restore_value, seal_chat, seal_json, seal_value,
};

const CALL: &str = r#"{"to":"zoe.quirk@example.org","note":"{\"phone\":\"+33 6 12 34 56 78\"}"}"#;
const CHAT: &str =
    "[10:32] Zoe Quirk: my mail is zoe@quirk.example\n[10:33] Agent Tom: thanks, Zoe\n";

fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([4; 16]))
}

#[test]
fn a_gate_and_the_plain_functions_seal_alike() {
    let (detector, none) = (Detector::new(), Known::new());
    let gate = Gate::new(&detector);
    let (mut one, mut two) = (map(), map());
    assert_eq!(
        gate.seal_json(CALL, Numbers::Refuse, &mut one).unwrap(),
        seal_json(CALL, Numbers::Refuse, &none, &detector, &mut two).unwrap()
    );
    assert_eq!(
        gate.seal_chat(CHAT, &mut one).unwrap(),
        seal_chat(CHAT, &none, &detector, &mut two).unwrap()
    );
    let value: serde_json::Value = serde_json::from_str(CALL).unwrap();
    assert_eq!(
        gate.seal_value(&value, Numbers::Refuse, &mut one).unwrap(),
        seal_value(&value, &none, &detector, &mut two).unwrap()
    );
    assert_eq!(one.to_bytes().unwrap(), two.to_bytes().unwrap());
}

#[test]
fn the_limit_holds_at_every_step_of_a_document() {
    let detector = Detector::new();
    let tally = Tally::default();
    // Time is up at the n-th question: until so many are asked that the document is through.
    let mut questions = 0;
    loop {
        let asked = AtomicUsize::new(0);
        let up = || asked.fetch_add(1, Ordering::Relaxed) == questions;
        let gate = Gate::new(&detector).until(&up).tally(&tally);
        let mut map = map();
        match gate.seal_json(CALL, Numbers::Refuse, &mut map) {
            Ok(_) => break,
            Err(StructuredError::Seal(SealError::TimedOut)) => assert!(map.is_empty()),
            Err(error) => panic!("{error}"),
        }
        questions += 1;
    }
    assert!(questions >= 3, "asked {questions} times");
    let late = u64::try_from(questions).unwrap();
    assert_eq!((tally.sealed(), tally.refused("timed_out")), (1, late));
}

#[test]
fn what_a_document_fails_by_is_counted() {
    let detector = Detector::new();
    let tally = Tally::default();
    let gate = Gate::new(&detector).tally(&tally);
    let mut map = map();
    assert!(gate.seal_json("{", Numbers::Refuse, &mut map).is_err());
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert!(gate.seal_json(&deep, Numbers::Refuse, &mut map).is_err());
    let number = r#"{"phone": 33612345678}"#;
    assert!(gate.seal_json(number, Numbers::Refuse, &mut map).is_err());
    assert!(gate.seal_json(number, Numbers::Tag, &mut map).is_ok());
    assert!(
        gate.seal("write to zoe.quirk@example.org", &mut map)
            .is_ok()
    );
    let counted: Vec<_> = tally.all().filter(|(_, count)| *count > 0).collect();
    assert_eq!(counted, [("malformed", 1), ("number", 1), ("too_deep", 1)]);
    assert_eq!(tally.sealed(), 2);
}

#[test]
fn the_words_of_the_system_stay_sealed_in_documents() {
    let detector = Detector::new();
    let system = Gate::new(&detector).provenance(Provenance::System);
    let mut map = map();
    let sealed = system.seal_json(CALL, Numbers::Refuse, &mut map).unwrap();
    assert_eq!(
        restore_document(&sealed, &map).unwrap().expose(),
        sealed.as_str()
    );
    let back = restore_document(&sealed, &map).unwrap();
    assert_eq!(back.expose(), sealed.as_str());
    assert_eq!(
        (
            back.report().restored().len(),
            back.report().withheld().len()
        ),
        (0, 2)
    );
    let value: serde_json::Value = serde_json::from_str(CALL).unwrap();
    let sealed = system
        .seal_value(&value, Numbers::Refuse, &mut map)
        .unwrap();
    assert_eq!(restore_value(&sealed, &map).unwrap(), *sealed.as_value());
    let chat = system.seal_chat(CHAT, &mut map).unwrap();
    assert!(!chat.document().as_str().contains("Quirk"));
    assert_eq!(
        restore_document(chat.document(), &map).unwrap().expose(),
        chat.document().as_str()
    );
}
