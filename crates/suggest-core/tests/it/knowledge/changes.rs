//! What is added, replaced, removed and kept.

use proptest::prelude::*;
use suggest_core::{Article, Audience, Error, KnowledgeBase, Locale, Pool};

use crate::help::{anonymised, day};

fn shown(knowledge: &KnowledgeBase) -> Vec<(String, String, String)> {
    knowledge
        .passages()
        .map(|p| {
            (
                p.id().to_owned(),
                p.text().to_owned(),
                p.version().to_string(),
            )
        })
        .collect()
}

#[test]
fn an_article_takes_the_place_of_its_own() {
    let mut knowledge = KnowledgeBase::new();
    let article = |text: &str| Article::new("a", "A", Locale::English).markdown(text);
    let first = knowledge
        .add(article("# One\nFirst.\n# Two\nSecond.\n# Three\nThird."))
        .unwrap();
    assert_eq!((first.added, first.removed, first.kept), (3, 0, 0));
    let one = knowledge.passage("a#one").unwrap().version();
    let second = knowledge
        .add(article("# One\nFirst.\n# Two\nChanged.\n# Four\nNew."))
        .unwrap();
    assert_eq!((second.added, second.removed, second.kept), (2, 2, 1));
    assert_eq!(knowledge.passage("a#one").unwrap().version(), one);
    assert!(knowledge.passage("a#three").is_none());
    // Another article whose id begins alike is another article.
    knowledge
        .add(Article::new("a-b", "B", Locale::English).text("Other."))
        .unwrap();
    assert_eq!(knowledge.remove("a"), 3);
    assert_eq!(knowledge.remove("a"), 0);
    assert_eq!(knowledge.len(), 1);
}

#[test]
fn a_version_is_all_that_is_said() {
    let base = || Article::new("a", "A", Locale::English).text("You have 30 days.");
    let version = |article: Article| {
        let mut knowledge = KnowledgeBase::new();
        knowledge.add(article).unwrap();
        knowledge
            .passages()
            .map(|p| p.version())
            .collect::<Vec<_>>()
    };
    assert_eq!(version(base()), version(base()));
    let same = version(base())[0];
    assert_eq!(suggest_core::Version::parse(&same.to_string()), Some(same));
    assert_eq!(suggest_core::Version::parse("0x1"), None);
    for other in [
        base().text("You have 31 days."),
        base().audience(Audience::Internal),
        base().valid_until(day("2026-12-31")),
        base().valid_from(day("2026-12-31")),
        base().as_macro(),
        base().examples(["how long"]),
        Article::new("a", "B", Locale::English).text("You have 30 days."),
        Article::new("a", "A", Locale::German).text("You have 30 days."),
    ] {
        assert_ne!(vec![same], version(other));
    }
}

#[test]
fn a_wrong_article_changes_nothing() {
    let mut knowledge = KnowledgeBase::new();
    knowledge
        .add(Article::new("a", "A", Locale::English).text("Text."))
        .unwrap();
    let before = shown(&knowledge);
    for wrong in [
        Article::new("a b", "A", Locale::English).text("Text."),
        Article::new("a", " ", Locale::English).text("Text."),
        Article::new("a", "A", Locale::English)
            .as_macro()
            .text("Your {COLOUR} order"),
        Article::new("a", "A", Locale::English)
            .valid_from(day("2026-02-01"))
            .valid_until(day("2026-01-01"))
            .text("Text."),
    ] {
        assert!(matches!(
            knowledge.add(wrong),
            Err(Error::FrontMatter { .. })
        ));
    }
    assert_eq!(shown(&knowledge), before);
}

#[test]
fn pools_stand_beside_each_other() {
    let mut knowledge = KnowledgeBase::new();
    knowledge
        .add(Article::new("a", "A", Locale::English).text("Text."))
        .unwrap();
    knowledge
        .add(
            Article::new("m", "M", Locale::English)
                .as_macro()
                .markdown("Dear customer,\n\n# Ours\nyour order {ORDER} is {STATUS}."),
        )
        .unwrap();
    let reply = anonymised("Hello [PERSON_1], it is on its way.");
    knowledge
        .add_reply("r/1", "Late parcel", Locale::English, &reply)
        .unwrap();
    let pools: Vec<(&str, Pool, Audience)> = knowledge
        .passages()
        .map(|p| (p.id(), p.pool(), p.audience()))
        .collect();
    assert_eq!(
        pools,
        [
            ("a#intro", Pool::Article, Audience::Customer),
            ("m", Pool::Macro, Audience::Customer),
            ("r/1", Pool::Reply, Audience::Internal),
        ]
    );
    assert_eq!(
        knowledge.passage("m").unwrap().text(),
        "Dear customer,\n\nOurs\nyour order {ORDER} is {STATUS}."
    );
    // Under one id there is one thing.
    knowledge
        .add(Article::new("m", "M", Locale::English).text("An article now."))
        .unwrap();
    assert_eq!(knowledge.passage("m").map(|p| p.pool()), None);
    assert_eq!(
        knowledge.passage("m#intro").map(|p| p.pool()),
        Some(Pool::Article)
    );
}

#[test]
fn snapshots_come_back_and_nothing_else_does() {
    let mut knowledge = KnowledgeBase::new();
    for article in [
        Article::new("a", "A", Locale::French)
            .markdown("Avant.\n# Un\nTexte.\n# \nRien.")
            .valid_from(day("2026-01-01")),
        Article::new("m", "M", Locale::English)
            .as_macro()
            .examples(["one", "two"])
            .text("{ORDER}"),
        Article::new("i", "I", Locale::German)
            .audience(Audience::Internal)
            .valid_until(day("2026-01-01"))
            .text("Intern."),
    ] {
        knowledge.add(article).unwrap();
    }
    let bytes = knowledge.snapshot();
    let back = KnowledgeBase::from_snapshot(&bytes).unwrap();
    assert_eq!(shown(&back), shown(&knowledge));
    assert_eq!(back.snapshot(), bytes);
    for cut in 0..bytes.len() {
        assert_eq!(
            KnowledgeBase::from_snapshot(&bytes[..cut]).err(),
            Some(Error::CorruptKnowledge),
            "{cut}"
        );
    }
    let mut newer = bytes.clone();
    newer[0] = 9;
    assert_eq!(
        KnowledgeBase::from_snapshot(&newer).err(),
        Some(Error::NewerCorpus { version: 9 })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), good in any::<bool>()) {
        if good && !bytes.is_empty() {
            bytes[0] = 1;
        }
        let _ = KnowledgeBase::from_snapshot(&bytes);
    }

    /// After any changes the knowledge is what was added last and not removed, and answers as if read at once.
    #[test]
    fn changes_add_up(steps in proptest::collection::vec((0usize..5, 0usize..4, any::<bool>()), 1..25)) {
        let texts = ["Refunds take five days.", "Parcels come with the post.", "# A\nInvoices.\n# B\nVouchers.", ""];
        let article = |id: usize, text: usize| {
            Article::new(format!("a{id}"), format!("Title {id}"), Locale::English).markdown(texts[text])
        };
        let mut knowledge = KnowledgeBase::new();
        let mut left = std::collections::BTreeMap::new();
        for (id, text, remove) in steps {
            if remove {
                knowledge.remove(&format!("a{id}"));
                left.remove(&id);
            } else {
                knowledge.add(article(id, text)).unwrap();
                left.insert(id, text);
            }
        }
        let anew = KnowledgeBase::from_articles(left.into_iter().map(|(id, text)| article(id, text))).unwrap();
        prop_assert_eq!(shown(&knowledge), shown(&anew));
        prop_assert_eq!(knowledge.snapshot(), anew.snapshot());
    }
}
