//! Tone, signature and sentences of a tenant; switches; hints.

use redact::Detector;
use suggest_core::{
    Article, Audience, Engine, Error, KnowledgeBase, Locale, Options, Pool, Reason, Request,
    RightAsked, Style, Suggestion, Switches, Tone,
};

use crate::help::{anonymised, articles, map, now, thread};

fn engine() -> Engine {
    let articles = articles();
    let articles = articles.iter().map(|(n, t)| (n.as_str(), t.as_str()));
    Engine::new(KnowledgeBase::from_markdown(articles).unwrap())
}

/// The draft for a question.
fn drafted(engine: &Engine, message: &str) -> Result<String, Reason> {
    let mut map = map();
    let thread = thread(&[message], &mut map);
    let detector = Detector::new();
    let suggestion = engine.suggest_embedded(&Request::new(&thread, &map, &detector, now()));
    match suggestion.draft() {
        Some(draft) => Ok(draft.text().as_str().to_owned()),
        None => Err(suggestion.reason().unwrap()),
    }
}

const RETURN: &str = "Hello, how can I return a jacket? I am not happy with the size.";

#[test]
fn a_tenant_sounds_like_itself() {
    let engine = engine();
    let plain = drafted(&engine, RETURN).unwrap();
    assert!(plain.starts_with("Hello,\n\n"), "{plain}");
    assert!(
        plain.ends_with("Kind regards\nYour customer service"),
        "{plain}"
    );
    assert!(plain.contains("If anything is still unclear"), "{plain}");
    let style = Style::new()
        .tone(Tone::Warm)
        .team("Your Lantern Shop, Rue des Fleurs 12")
        .sentence(
            Locale::English,
            "return",
            "ack",
            "Returning things is easy with us.",
        )
        .unwrap();
    let mut map = map();
    let thread = thread(&[RETURN], &mut map);
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now()).with_style(&style);
    let suggestion = engine.suggest_embedded(&request);
    let warm = suggestion
        .draft()
        .unwrap_or_else(|| panic!("{suggestion:?}"))
        .text()
        .as_str();
    assert!(
        warm.starts_with("Hi,\n\nReturning things is easy with us."),
        "{warm}"
    );
    assert!(warm.contains("we are glad to help"), "{warm}");
    assert!(
        warm.ends_with("Best wishes\nYour Lantern Shop, Rue des Fleurs 12"),
        "{warm}"
    );
    let mut options = Options::default();
    options.tone = Tone::Brief;
    let brief = self::engine().with_options(options);
    let brief = drafted(&brief, RETURN).unwrap();
    assert!(!brief.contains("If anything is still unclear"), "{brief}");
}

#[test]
fn every_language_has_every_tone() {
    let questions = [
        ("en", RETURN),
        (
            "fr",
            "Bonjour, comment puis-je retourner un article ? La taille ne va pas.",
        ),
        (
            "de",
            "Guten Tag, wie kann ich die Jacke zur\u{fc}ckschicken? Sie passt nicht.",
        ),
        (
            "es",
            "Hola, \u{bf}c\u{f3}mo puedo devolver la chaqueta? No me queda bien.",
        ),
        (
            "it",
            "Buongiorno, come posso restituire la giacca? Non mi va bene.",
        ),
        (
            "nl",
            "Goedendag, hoe kan ik de jas retourneren? De maat klopt niet.",
        ),
        (
            "pt",
            "Ol\u{e1}, como posso devolver o casaco? N\u{e3}o me serve.",
        ),
    ];
    let engine = engine();
    for (code, question) in questions {
        for tone in [Tone::Neutral, Tone::Warm, Tone::Brief] {
            let style = Style::new().tone(tone);
            let mut map = map();
            let thread = thread(&[question], &mut map);
            let detector = Detector::new();
            let request = Request::new(&thread, &map, &detector, now()).with_style(&style);
            let suggestion = engine.suggest_embedded(&request);
            assert!(
                suggestion.draft().is_some(),
                "{code} {tone:?} {:?}",
                suggestion.reason()
            );
            assert!(
                suggestion.draft().unwrap().findings().is_empty(),
                "{code} {tone:?}"
            );
        }
    }
}

#[test]
fn sentences_must_be_the_playbooks() {
    let style = Style::new;
    for (section, key, text) in [
        ("frame", "hallo", "x"),
        ("refunds", "ack", "x"),
        ("frame", "hello PERSON", "Hello you,"),
        ("frame", "hello", "Hello {PERSON},"),
        ("refund", "ack ORDER", "Thanks."),
        ("frame", "fact status", "It is so."),
    ] {
        assert!(
            matches!(
                style().sentence(Locale::English, section, key, text),
                Err(Error::UnknownSentence { .. })
            ),
            "{section} {key}"
        );
    }
    for (section, key, text) in [
        ("frame", "hello PERSON", "Dear {PERSON}:"),
        ("frame", "ask ORDER", "Which order?"),
        ("refund", "ack ORDER", "About {ORDER}:"),
        ("frame", "fact status", "State: {VALUE}"),
    ] {
        assert!(
            style()
                .sentence(Locale::English, section, key, text)
                .is_ok(),
            "{key}"
        );
    }
    assert!(
        style()
            .sentence(Locale::Polish, "frame", "close", "x")
            .is_err()
    );
}

#[test]
fn what_is_switched_off_is_silent() {
    let engine = engine();
    let mut off = Switches::new();
    off.off("Chat");
    assert!(drafted(&engine, RETURN).is_ok());
    let mut everything = Switches::new();
    everything.all_off();
    let mut vip = Switches::new();
    vip.bypass("Very Important");
    vip.pass("bug");
    type Case<'a> = (&'a Switches, Option<&'a str>, &'a [&'a str], Option<Reason>);
    let cases: [Case<'_>; 9] = [
        (&off, Some("chat"), &[], Some(Reason::SwitchedOff)),
        (&off, Some("email"), &[], None),
        (&off, None, &[], None),
        (&everything, None, &[], Some(Reason::SwitchedOff)),
        (&everything, Some("email"), &[], Some(Reason::SwitchedOff)),
        (&off, None, &["Security"], Some(Reason::Bypassed)),
        (
            &vip,
            None,
            &["ok", "very-important"],
            Some(Reason::Bypassed),
        ),
        (&vip, None, &["bug"], None),
        (&vip, None, &["legal"], Some(Reason::Bypassed)),
    ];
    for (switches, channel, labels, expected) in cases {
        let mut map = map();
        let thread = thread(&[RETURN], &mut map);
        let detector = Detector::new();
        let mut request = Request::new(&thread, &map, &detector, now())
            .with_switches(switches)
            .with_labels(labels);
        if let Some(channel) = channel {
            request = request.with_channel(channel);
        }
        let suggestion = engine.suggest_embedded(&request);
        assert_eq!(suggestion.reason(), expected, "{channel:?} {labels:?}");
    }
}

/// Drafting can be switched off, the law cannot.
#[test]
fn rights_are_read_on_a_channel_that_is_off() {
    let engine = engine();
    let mut off = Switches::new();
    off.all_off();
    let mut map = map();
    let thread = thread(&["Please delete all the data you have about me."], &mut map);
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now()).with_switches(&off);
    let Suggestion::None(none) = engine.suggest_embedded(&request) else {
        panic!("a draft");
    };
    assert_eq!(none.reason, Reason::SwitchedOff);
    assert_eq!(none.rights, [RightAsked::Erasure]);
}

#[test]
fn hints_are_marked() {
    let mut engine = engine();
    let secret = "Offer ten percent off when a customer threatens to leave us for a competitor.";
    let knowledge = engine.knowledge_mut();
    knowledge
        .add(
            Article::new(
                "leaving",
                "Customers who want to return and leave",
                Locale::English,
            )
            .audience(Audience::Internal)
            .text(secret),
        )
        .unwrap();
    knowledge
        .add_reply(
            "r1",
            "Return of a jacket",
            Locale::English,
            &anonymised("You can return the jacket with the label from your account."),
        )
        .unwrap();
    let mut map = map();
    let thread = thread(&[RETURN], &mut map);
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now());
    let hints = engine.hints(&request, 3);
    let of = |id: &str| hints.iter().find(|hint| hint.passage.id().starts_with(id));
    assert!(
        of("leaving")
            .unwrap_or_else(|| panic!("{hints:?}"))
            .is_internal()
    );
    assert_eq!(of("r1").unwrap().passage.pool(), Pool::Reply);
    assert!(hints.iter().any(|hint| !hint.is_internal()));
    assert!(
        hints
            .iter()
            .filter(|h| h.passage.pool() == Pool::Article)
            .count()
            <= 3
    );
    assert!(engine.hints(&request, 0).is_empty());
    assert!(engine.hints(&request, usize::MAX).len() >= hints.len());
    // No draft quotes either of them.
    let draft = engine.suggest_embedded(&request);
    assert!(
        draft
            .draft()
            .unwrap()
            .citations()
            .iter()
            .all(|id| !id.starts_with("leaving") && id != "r1")
    );
    assert_eq!(
        engine.quotes_internal(
            "As agreed: offer ten percent off when a Customer threatens, to leave us!"
        ),
        ["leaving#intro"]
    );
    assert!(
        engine
            .quotes_internal("Offer ten percent off when a customer calls")
            .is_empty()
    );
    assert!(engine.quotes_internal("").is_empty());
}
