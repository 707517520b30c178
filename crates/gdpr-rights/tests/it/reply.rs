//! The reply at intake tells nobody anything.

use gdpr_rights::request::language::Language;
use gdpr_rights::request::reply::IntakeReply;
use retention_policy::CaseId;

#[test]
fn p097_the_reply_is_the_same_bytes_for_everybody() {
    // A reference and a language go in, and nothing that a look-up could give.
    let make: fn(CaseId, Language) -> IntakeReply = IntakeReply::new;
    let (known, unknown) = (
        CaseId::from_random([1; 16]),
        CaseId::from_random([0xfe; 16]),
    );
    for language in Language::ALL {
        let (a, b) = (make(known, language), make(unknown, language));
        assert_eq!(a.body().len(), b.body().len());
        assert_eq!(a.subject().len(), b.subject().len());
        let without = |text: &str, case: CaseId| {
            assert_eq!(text.matches(&case.to_string()).count(), 1, "{language:?}");
            text.replace(&case.to_string(), "")
        };
        assert_eq!(without(a.body(), known), without(b.body(), unknown));
        assert_eq!(without(a.subject(), known), without(b.subject(), unknown));
        assert_eq!(make(known, language), a, "no state in between");
        assert!(!a.body().contains(['{', '}']) && !a.subject().contains(['{', '}']));
    }
}

#[test]
fn p118_the_reply_in_its_languages() {
    let case = CaseId::from_random([1; 16]);
    let replies: Vec<_> = Language::ALL
        .iter()
        .map(|language| {
            let reply = IntakeReply::new(case, *language);
            format!(
                "[{}]\n{}\n\n{}",
                language.code(),
                reply.subject(),
                reply.body()
            )
        })
        .collect();
    insta::assert_snapshot!(replies.join("\n\n"));
}

#[test]
fn p116_p117_the_reply_asks_for_no_money_and_no_document() {
    for (language, free, document, advice) in [
        (
            Language::English,
            "costs you nothing",
            "not send a copy",
            "not legal advice.",
        ),
        (
            Language::French,
            "coûte rien",
            "pas envoyer de copie",
            "pas un conseil juridique.",
        ),
        (
            Language::German,
            "kostet Sie nichts",
            "keine Kopie",
            "keine Rechtsberatung.",
        ),
        (
            Language::Spanish,
            "no le cuesta nada",
            "No envíe copia",
            "no es asesoramiento jurídico.",
        ),
        (
            Language::Italian,
            "non le costa nulla",
            "non inviare copie",
            "non è una consulenza legale.",
        ),
        (
            Language::Dutch,
            "kost u niets",
            "Stuur geen kopie",
            "geen juridisch advies.",
        ),
        (
            Language::Portuguese,
            "não lhe custa nada",
            "Não envie cópia",
            "não é aconselhamento jurídico.",
        ),
    ] {
        let reply = IntakeReply::new(CaseId::from_random([1; 16]), language);
        assert!(reply.body().contains(free), "{language:?}");
        assert!(reply.body().contains(document), "{language:?}");
        assert!(
            reply.body().contains("77"),
            "{language:?}: where to complain"
        );
        assert!(reply.body().ends_with(advice), "{language:?}");
    }
}
