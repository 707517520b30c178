//! Which rights a message asks for: what is found, what is none, and what the engine tells of it.

use redact::{Detector, Known, Redacted, seal_checked};
use suggest_core::{Intent, Reason, RightAsked, Suggestion, rights_asked};

use crate::help::{ask, engine, locale, map};

fn sealed(text: &str, detector: &Detector) -> Redacted {
    seal_checked(text, &Known::new(), detector, &mut map()).unwrap()
}

fn codes(text: &str, lang: Option<&str>, detector: &Detector) -> String {
    let asked = rights_asked(&sealed(text, detector), lang.map(locale));
    let codes: Vec<&str> = asked.into_iter().map(RightAsked::article_code).collect();
    if codes.is_empty() {
        "-".to_owned()
    } else {
        codes.join(",")
    }
}

/// Lines of `language, expectation, text`.
pub(crate) fn cases(data: &str) -> Vec<(&str, &str, &str)> {
    data.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (lang, rest) = line.split_once(' ').unwrap();
            let (expect, text) = rest.split_once(' ').unwrap();
            (lang, expect, text)
        })
        .collect()
}

#[test]
fn rights_are_told_from_ordinary_messages_in_seven_languages() {
    let detector = Detector::new();
    let cases = cases(include_str!("../data/rights.txt"));
    assert_eq!(cases.len(), 7 * 28);
    let (mut alarms, mut wrong) = (Vec::new(), Vec::new());
    for (lang, expect, text) in &cases {
        for named in [None, Some(*lang)] {
            let got = codes(text, named, &detector);
            if got != *expect {
                let line = format!("{lang} {expect} -> {got}: {text}");
                if *expect == "-" {
                    alarms.push(line);
                } else {
                    wrong.push(line);
                }
            }
        }
    }
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
    // Each text is read with its language and without.
    assert!(wrong.len() <= 10, "{}", wrong.join("\n"));
}

#[test]
fn what_is_over_or_another_s_asks_for_nothing() {
    let detector = Detector::new();
    let wrong: Vec<String> = cases(include_str!("../data/rights_near.txt"))
        .into_iter()
        .map(|(lang, expect, text)| (codes(text, Some(lang), &detector), expect, text))
        .filter(|(got, expect, _)| got != expect)
        .map(|(got, expect, text)| format!("{expect} -> {got}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_quoted_mail_asks_for_nothing() {
    let detector = Detector::new();
    for mail in [
        "Thanks, the lamp arrived.\n\nOn Monday Otis wrote:\n> Please delete all my personal data.",
        "Danke, alles gut.\n> Bitte l\u{f6}schen Sie alle meine Daten.",
        "Merci, c'est r\u{e9}gl\u{e9}.\n-----Message d'origine-----\nSupprimez toutes mes donn\u{e9}es.",
    ] {
        assert_eq!(codes(mail, None, &detector), "-", "{mail}");
    }
}

#[test]
fn what_is_denied_or_about_something_else_is_none() {
    let detector = Detector::new();
    for mail in [
        "Please do not delete my data, I only wanted to change the colour.",
        "Don't erase my account data, I still need the warranty.",
        "How do I erase my data from the memory card?",
        "Bitte l\u{f6}schen Sie meine Daten nicht, ich bestelle bald wieder.",
        "Ne supprimez pas mes donn\u{e9}es, je reviens bient\u{f4}t.",
    ] {
        assert_eq!(codes(mail, None, &detector), "-", "{mail}");
    }
    // "Not only" denies nothing.
    assert_eq!(
        codes(
            "Please do not just deactivate but erase my personal data.",
            None,
            &detector
        ),
        "ART17"
    );
}

#[test]
fn spelling_does_not_matter_much() {
    let detector = Detector::new();
    for (mail, code) in [
        (
            "pls delte all my persnal data and info about me from ur systems",
            "ART17",
        ),
        ("kiero ke borreis todos mis datos", "ART17"),
        ("je veut suprimer tout mes donnee personel", "ART17"),
        ("ich wiederrufe meine einwiligung", "WITHDRAW"),
        (
            "I WANT A COPY OF ALL THE DATA YOU HOLD ABOUT ME!!!",
            "ART15",
        ),
    ] {
        assert_eq!(codes(mail, None, &detector), code, "{mail}");
    }
}

#[test]
fn the_engine_tells_all_of_several_rights() {
    let suggestion = ask(
        &engine(),
        &["Send me a copy of all data you hold about me and then delete my data."],
        &[],
    );
    let Suggestion::None(none) = suggestion else {
        panic!("no draft answers a right");
    };
    assert_eq!(none.reason, Reason::RightsRequest(RightAsked::Access));
    assert_eq!(none.rights, [RightAsked::Access, RightAsked::Erasure]);
    assert_eq!(none.intent, Some(Intent::Right(RightAsked::Access)));
}

#[test]
fn rights_are_sorted_by_article() {
    let codes: Vec<&str> = RightAsked::ALL.iter().map(|r| r.article_code()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(codes, sorted);
    assert_eq!(codes.len(), 8);
}

proptest::proptest! {
    /// Whatever a text holds, reading it ends and gives each right once, in order.
    #[test]
    fn any_text_can_be_read(text in "\\PC{0,200}") {
        let detector = Detector::new();
        let asked = rights_asked(&sealed(&text, &detector), None);
        let mut sorted = asked.clone();
        sorted.sort_by_key(|right| right.article_code());
        sorted.dedup();
        proptest::prop_assert_eq!(asked, sorted);
    }
}
