//! Articles: what is read, and what is wrong with the others.

use suggest_core::{Audience, Error, FrontMatterFault, KnowledgeBase};

mod changes;
#[cfg(all(feature = "html", feature = "csv"))]
mod formats;
mod poison;

use crate::help::{locale, now};

fn read(source: &str) -> Result<KnowledgeBase, Error> {
    KnowledgeBase::from_markdown([("a.md", source)])
}

#[test]
fn sections_become_passages() {
    let source = "---\nid: \"returns\"\ntitle: Returns\nlang: en-GB\naudience: internal\nvalid_from: 2026-01-01\nvalid_until: 2026-12-31\n# a comment\n---\nBefore.\n\n# How long?\nYou have **30** days,\nreally.\n\n- one\n- two\n\n## How long?\nAgain.\n\n## Empty\n\n| a | b |\n|-|-|\n| c | d |\n";
    let knowledge = read(source).unwrap();
    let passages: Vec<(&str, &str)> = knowledge.passages().map(|p| (p.id(), p.text())).collect();
    assert_eq!(
        passages,
        [
            ("returns#empty", "a: b\nc: d"),
            (
                "returns#how-long",
                "You have 30 days, really.\n- one\n- two"
            ),
            ("returns#how-long-2", "Again."),
            ("returns#intro", "Before."),
        ]
    );
    let first = knowledge.passage("returns#how-long").unwrap();
    assert_eq!(
        (first.locale(), first.audience()),
        (locale("en"), Audience::Internal)
    );
    assert_eq!(first.title(), "Returns: How long?");
    assert!(first.is_valid(now()));
    assert!(knowledge.passage("returns").is_none());
}

#[test]
fn bad_front_matter_has_a_line() {
    use FrontMatterFault as F;
    for (source, line, fault) in [
        ("", 1, F::Missing),
        ("# Title\n", 1, F::Missing),
        ("---\nid: a\n", 1, F::NotClosed),
        ("---\nid a\n---\n", 2, F::NotKeyValue),
        ("---\nid: a\ncolour: red\n---\n", 3, F::UnknownKey),
        ("---\nid: a\nid: b\n---\n", 3, F::Twice),
        ("---\nid: a b\n---\n", 2, F::BadId),
        ("---\nid: a#b\n---\n", 2, F::BadId),
        ("---\nid: a\ntitle:\n---\n", 3, F::NoTitle),
        ("---\nid: a\ntitle: A\n---\n", 4, F::UnknownLanguage),
        (
            "---\nid: a\ntitle: A\nlang: xx\n---\n",
            4,
            F::UnknownLanguage,
        ),
        (
            "---\nid: a\naudience: everybody\n---\n",
            3,
            F::UnknownAudience,
        ),
        ("---\nid: a\nvalid_from: soon\n---\n", 3, F::BadDate),
        ("---\nid: a\nvalid_from: 2026-02-30\n---\n", 3, F::BadDate),
        (
            "---\nid: a\ntitle: A\nlang: en\nvalid_from: 2026-02-01\nvalid_until: 2026-01-01\n---\n",
            7,
            F::EndsBeforeItBegins,
        ),
    ] {
        let error = read(source).unwrap_err();
        let expected = Error::FrontMatter {
            article: "a.md".to_owned(),
            line,
            fault,
        };
        assert_eq!(error, expected, "{source:?}");
    }
}

#[test]
fn ids_are_unique() {
    let one = "---\nid: a\ntitle: A\nlang: en\n---\nText.\n";
    let error = KnowledgeBase::from_markdown([("1.md", one), ("2.md", one)]).unwrap_err();
    assert_eq!(error, Error::DuplicatePassage { id: "a".to_owned() });
}
