//! Macros as drafts: the one that answers, filled, or none.

use suggest_core::{
    Article, Classifier, Engine, Example, Fact, FactKind, KnowledgeBase, Locale, Reason, Request,
    Source, Training,
};

use crate::help::{day, map, now, seal, thread};
use redact::Detector;

fn macros() -> KnowledgeBase {
    KnowledgeBase::from_articles([
        Article::new("m-status", "Where is my order", Locale::English)
            .as_macro()
            .examples(["where is my parcel", "when does my order arrive"])
            .text("Your order {ORDER} is {STATUS}. You can follow it with {CARRIER}."),
        Article::new("m-invoice", "Copy of an invoice", Locale::English)
            .as_macro()
            .examples(["i need an invoice", "please send me the bill again"])
            .text("You will find the invoice in your account under Orders."),
        Article::new("m-invoice-old", "Copy of an invoice", Locale::English)
            .as_macro()
            .examples(["i need an invoice"])
            .valid_until(day("2026-05-31"))
            .text("We no longer do that."),
        Article::new("m-rueckgabe", "Rueckgabe", Locale::German)
            .as_macro()
            .examples(["wie kann ich einen Artikel zurueckgeben"])
            .text("Bitte drucken Sie das Etikett aus Ihrem Konto aus."),
    ])
    .unwrap()
}

fn fact(kind: FactKind, value: &str, map: &mut redact::PseudonymMap) -> Fact {
    Fact::new(kind, seal(value, map))
}

#[test]
fn slots_take_tags_and_facts() {
    let engine = Engine::new(macros());
    let mut map = map();
    let thread = thread(
        &[
            "Hello, where is my order {ORDER:AB-20417}? I am still waiting.\n\nThanks\n{PERSON:Marie Dupont}",
        ],
        &mut map,
    );
    let facts = [
        fact(FactKind::Status, "on its way", &mut map),
        fact(FactKind::Carrier, "the national post", &mut map),
    ];
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now()).with_facts(&facts);
    let draft = engine.suggest_embedded(&request);
    let draft = draft.draft().unwrap_or_else(|| panic!("{draft:?}"));
    assert_eq!(draft.source(), Source::Macro);
    assert_eq!(draft.citations(), ["m-status"]);
    assert_eq!(
        draft.text().as_str(),
        "Hello [PERSON_1],\n\nYour order [ORDER_1] is on its way. You can follow it with the national post.\n\nIf anything is still unclear, simply reply to this message.\n\nKind regards\nYour customer service"
    );
    let version = engine.knowledge().passage("m-status").unwrap().version();
    assert_eq!(draft.sources().collect::<Vec<_>>(), [("m-status", version)]);
}

/// A slot that cannot be filled, or could be filled in two ways: the macro is not used.
#[test]
fn what_cannot_be_filled_is_not_sent() {
    let engine = Engine::new(macros());
    for (message, facts) in [
        ("Where is my order {ORDER:AB-20417}?", vec!["on its way"]),
        ("Where is my order {ORDER:AB-20417}?", vec![]),
        (
            "Where is my order {ORDER:AB-20417} and where is {ORDER:AB-20418}?",
            vec!["on its way", "the national post"],
        ),
        (
            "Where is my order?",
            vec!["on its way", "the national post"],
        ),
    ] {
        let mut map = map();
        let thread = thread(&[message], &mut map);
        let facts: Vec<Fact> = facts
            .into_iter()
            .zip([FactKind::Status, FactKind::Carrier])
            .map(|(value, kind)| fact(kind, value, &mut map))
            .collect();
        let detector = Detector::new();
        let request = Request::new(&thread, &map, &detector, now()).with_facts(&facts);
        let suggestion = engine.suggest_embedded(&request);
        assert!(
            suggestion
                .draft()
                .is_none_or(|d| d.source() != Source::Macro),
            "{message}"
        );
    }
    let mut map = map();
    let thread = thread(&["Where is my order {ORDER:AB-20417}?"], &mut map);
    let facts = [
        fact(FactKind::Status, "on its way", &mut map),
        fact(FactKind::Status, "lost", &mut map),
        fact(FactKind::Carrier, "the national post", &mut map),
    ];
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now()).with_facts(&facts);
    let suggestion = engine.suggest_embedded(&request);
    assert!(
        suggestion
            .draft()
            .is_none_or(|d| d.source() != Source::Macro)
    );
}

#[test]
fn only_what_holds_in_the_language_is_used() {
    let engine = Engine::new(macros());
    let drafted = |message: &str| {
        let mut map = map();
        let thread = thread(&[message], &mut map);
        let detector = Detector::new();
        let suggestion = engine.suggest_embedded(&Request::new(&thread, &map, &detector, now()));
        match suggestion.draft() {
            Some(draft) => Ok(draft.citations().to_vec()),
            None => Err(suggestion.reason().unwrap()),
        }
    };
    assert_eq!(
        drafted("Hello, could you please send me the invoice for my last order again?"),
        Ok(vec!["m-invoice".to_owned()])
    );
    assert_eq!(
        drafted(
            "Guten Tag, wie kann ich den Artikel zur\u{fc}ckgeben, den ich gestern bekommen habe?"
        ),
        Ok(vec!["m-rueckgabe".to_owned()])
    );
    assert!(drafted("Bonjour, comment puis-je vous retourner cet article ?").is_err());
    assert_eq!(
        drafted("Hello, what colour is the tent in the shop window?"),
        Err(Reason::IntentUnclear)
    );
}

#[test]
fn a_classifier_may_choose() {
    let own: [(&str, &str); 12] = [
        ("does the lamp come with a plug", "m-plug"),
        ("which plug has the lamp", "m-plug"),
        ("is there a plug for the lamp", "m-plug"),
        ("plug of the lamp", "m-plug"),
        ("lamp plug type", "m-plug"),
        ("what plug do i need for this lamp", "m-plug"),
        ("how do i wash the blanket", "m-wash"),
        ("can the blanket be washed", "m-wash"),
        ("washing the blanket", "m-wash"),
        ("blanket washing temperature", "m-wash"),
        ("may i put the blanket into the washing machine", "m-wash"),
        ("is the blanket washable", "m-wash"),
    ];
    let examples: Vec<Example<'_>> = own.map(|(t, l)| Example::own(t, l)).to_vec();
    let classifier: Classifier = Training::new(&examples).precision(0.6).train().unwrap();
    let knowledge = KnowledgeBase::from_articles([
        Article::new("m-plug", "Lamp", Locale::English)
            .as_macro()
            .text("The lamp has a plug of type F."),
        Article::new("m-wash", "Blanket", Locale::English)
            .as_macro()
            .text("The blanket can be washed by hand."),
    ])
    .unwrap();
    let mut map = map();
    let thread = thread(&["Hello, can the blanket be washed at all?"], &mut map);
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now());
    let engine = Engine::new(knowledge).with_classifier(classifier);
    let suggestion = engine.suggest_embedded(&request);
    assert_eq!(
        suggestion.draft().map(|d| d.citations()),
        Some(&["m-wash".to_owned()][..])
    );
}
