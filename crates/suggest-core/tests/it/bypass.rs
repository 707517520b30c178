//! Messages that no machine answers: legal, security, abuse, special categories, children; and their harmless twins.

use redact::Detector;
use suggest_core::{Options, Reason, Request};

use crate::help::{ask, engine, locale, map, now, thread};
use crate::rights::cases;

#[test]
fn some_messages_are_for_a_human_and_their_twins_are_not() {
    let (engine, detector) = (engine(), Detector::new());
    let cases = cases(include_str!("../data/bypass.txt"));
    assert_eq!(cases.len(), 7 * 20);
    let mut wrong = Vec::new();
    for (lang, expect, text) in cases {
        // Named, as a helpdesk does: a curse of three words is too short to tell its language by.
        let mut map = map();
        let thread = thread(&[text], &mut map).with_locale(locale(lang));
        let request = Request::new(&thread, &map, &detector, now());
        let reason = engine.suggest_embedded(&request).reason().map(Reason::code);
        let bypassed = reason.filter(|code| {
            matches!(
                *code,
                "legal_threat" | "security" | "abuse" | "rights_request" | "human_wanted"
            )
        });
        if bypassed.unwrap_or("-") != expect {
            wrong.push(format!("{lang} {expect} -> {bypassed:?}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn special_categories_and_children_are_for_a_human_alone() {
    let careful = engine();
    let mut options = Options::default();
    options.draft_on_special_categories = true;
    let bold = engine().with_options(options);
    for (special, plain) in [
        (
            "My {ART9_HEALTH:epilepsy} is bad, how do I send back the shoes from order {ORDER:AB-1001}?",
            "My knee is bad, how do I send back the shoes from order {ORDER:AB-1001}?",
        ),
        (
            "Wegen meiner {ART9_HEALTH:Epilepsie}: wie kann ich die Schuhe aus Bestellung {ORDER:AB-1001} zur\u{fc}ckschicken?",
            "Wegen der Farbe: wie kann ich die Schuhe aus Bestellung {ORDER:AB-1001} zur\u{fc}ckschicken?",
        ),
        (
            "Ma fille a {CHILD:7 ans}. Comment renvoyer les chaussures de la commande {ORDER:AB-1001} ?",
            "Ma fille est grande. Comment renvoyer les chaussures de la commande {ORDER:AB-1001} ?",
        ),
        (
            "Soy {ART9_RELIGION:budista}. \u{bf}C\u{f3}mo puedo devolver los zapatos del pedido {ORDER:AB-1001}?",
            "Soy zurdo. \u{bf}C\u{f3}mo puedo devolver los zapatos del pedido {ORDER:AB-1001}?",
        ),
        (
            "Sono {ART9_RELIGION:buddista}. Come posso restituire le scarpe dell'ordine {ORDER:AB-1001}?",
            "Sono mancino. Come posso restituire le scarpe dell'ordine {ORDER:AB-1001}?",
        ),
        (
            "Ik zat {ART10_CRIMINAL:in de gevangenis}. Hoe kan ik de schoenen van bestelling {ORDER:AB-1001} terugsturen?",
            "Ik zat thuis. Hoe kan ik de schoenen van bestelling {ORDER:AB-1001} terugsturen?",
        ),
        (
            "Sou {ART9_UNION:sindicalista}. Como posso devolver os sapatos da encomenda {ORDER:AB-1001}?",
            "Sou canhoto. Como posso devolver os sapatos da encomenda {ORDER:AB-1001}?",
        ),
    ] {
        let reason = ask(&careful, &[special], &[]).reason();
        assert_eq!(reason, Some(Reason::SpecialCategory), "{special}");
        assert_ne!(
            ask(&bold, &[special], &[]).reason(),
            Some(Reason::SpecialCategory),
            "{special}"
        );
        assert!(ask(&careful, &[plain], &[]).draft().is_some(), "{plain}");
    }
    assert_eq!(Reason::SpecialCategory.code(), "special_category");
}

#[test]
fn what_is_quoted_is_not_the_customers_own() {
    let mail =
        "How do I send back the shoes from order {ORDER:AB-1001}?\n> my {ART9_HEALTH:epilepsy}";
    assert!(ask(&engine(), &[mail], &[]).draft().is_some());
}
