//! Retrieval: order, languages, typos.

use suggest_core::{Item, Retriever};

use crate::help::{locale, map, seal};

fn ids(retriever: &Retriever, query: &str, lang: Option<&str>, k: usize) -> Vec<String> {
    let query = seal(query, &mut map());
    retriever
        .search(&query, lang.map(locale), k)
        .into_iter()
        .map(|hit| hit.id)
        .collect()
}

#[test]
fn the_nearest_comes_first() {
    let items = [
        Item::new(
            "en-return",
            Some(locale("en")),
            "How to send goods back: print the return label",
        ),
        Item::new(
            "en-invoice",
            Some(locale("en")),
            "Download the invoice from your account",
        ),
        Item::new(
            "de-return",
            Some(locale("de")),
            "Ware zurücksenden: drucken Sie das Rücksendeetikett",
        ),
        Item::new("any", None, "Opening hours of the shop, invoice desk"),
    ];
    let retriever = Retriever::new(&items);
    for (query, lang, first) in [
        ("where can I downlaod my invioce", Some("en"), "en-invoice"),
        ("print the retrun lable", Some("en"), "en-return"),
        (
            "Wie kann ich die Ware zuruecksenden? Rücksendeetiket",
            Some("de"),
            "de-return",
        ),
        ("RÜCKSENDEETIKETT", None, "de-return"),
        ("opening hours", Some("de"), "any"),
    ] {
        assert_eq!(ids(&retriever, query, lang, 1), [first], "{query}");
    }
    assert!(
        ids(&retriever, "return label", Some("de"), 9)
            .iter()
            .all(|id| !id.starts_with("en"))
    );
}

#[test]
fn unknown_words_are_read_as_what_is_spelled_almost_alike() {
    let english = Some(locale("en"));
    let mut retriever = Retriever::new(&[
        Item::new("card", english, "Pay by credit card"),
        Item::new("voucher", english, "Pay by voucher"),
        Item::new("tracking", english, "Follow the parcel to your door"),
    ]);
    for (query, first) in [
        ("creditcard", "card"),
        ("vuocher", "voucher"),
        ("vouhcre please", "voucher"),
        ("the pacrel", "tracking"),
    ] {
        assert_eq!(ids(&retriever, query, Some("en"), 1), [first], "{query}");
    }
    // What is a number is never another one, and what is gone is no longer near.
    assert!(ids(&retriever, "4711", Some("en"), 1).is_empty());
    let before = retriever.search(&seal("vuocher", &mut map()), english, 1);
    retriever.insert(Item::new("exact", english, "the vuocher"));
    let after = retriever.search(&seal("vuocher", &mut map()), english, 1);
    assert_eq!(ids(&retriever, "vuocher", Some("en"), 1), ["exact"]);
    assert!(after[0].score > before[0].score);
    assert!(retriever.remove("voucher") && retriever.remove("exact"));
    assert!(ids(&retriever, "vuocher", Some("en"), 1).is_empty());
}

#[test]
fn ties_are_broken_by_id_and_nothing_in_common_is_no_hit() {
    let items: Vec<Item<'_>> = ["c", "a", "d", "b"]
        .into_iter()
        .map(|id| Item::new(id, None, "the same words in every text"))
        .collect();
    let retriever = Retriever::new(&items);
    assert_eq!(ids(&retriever, "same words", None, 3), ["a", "b", "c"]);
    assert!(ids(&retriever, "qqq", None, 3).is_empty());
    assert!(ids(&retriever, "", None, 3).is_empty());
    assert!(ids(&retriever, "same", None, 0).is_empty());
    assert!(ids(&Retriever::new(&[]), "same", None, 3).is_empty());
}

#[test]
fn tags_do_not_count() {
    let items = [
        Item::new("person", None, "person person person"),
        Item::new("parcel", None, "parcel"),
    ];
    let retriever = Retriever::new(&items);
    assert_eq!(
        ids(&retriever, "{PERSON:Zora} asks for a parcel", None, 1),
        ["parcel"]
    );
    assert!(ids(&retriever, "{PERSON:Zora}", None, 1).is_empty());
}

#[test]
fn other_words_for_the_same_thing_find_it() {
    let items = [
        Item::new(
            "a",
            Some(locale("en")),
            "Refunds\nWe reimburse you within a week.",
        ),
        Item::new(
            "b",
            Some(locale("en")),
            "Packages\nA shipment takes three days.",
        ),
        Item::new(
            "c",
            Some(locale("en")),
            "Invoices\nThey lie in your profile.",
        ),
    ];
    let retriever = Retriever::new(&items);
    for (query, first) in [
        ("when do I get my money back", "a"),
        ("my parcel", "b"),
        ("the bill", "c"),
    ] {
        assert_eq!(ids(&retriever, query, Some("en"), 1), [first], "{query}");
    }
}

/// The thesaurus knows none of these words; by words alone the dog would stand before the second monitor.
#[cfg(feature = "vectors")]
#[test]
fn of_what_shares_a_word_the_one_that_means_the_same_comes_first() {
    let mut retriever = Retriever::new(&[
        Item::new("a", Some(locale("en")), "my dog bed is broken"),
        Item::new("b", Some(locale("en")), "my computer monitor is broken"),
    ]);
    let asked = "my laptop screen is broken";
    assert_eq!(ids(&retriever, asked, Some("en"), 2), ["b", "a"]);
    retriever.insert(Item::new("b", Some(locale("en")), "my tea cup is broken"));
    retriever.insert(Item::new("c", None, "my computer monitor is broken"));
    assert_eq!(ids(&retriever, asked, None, 1), ["c"]);
    retriever.remove("c");
    assert_eq!(ids(&retriever, asked, None, 9).len(), 2);
}

#[test]
fn the_first_ones_are_the_same_however_many_are_asked_for() {
    let texts: Vec<(String, String)> = (0..300)
        .map(|n| {
            let words = ["parcel", "refund", "card", "late", "lost", "broken", "my"];
            let text = (0..6).map(|place| words[(n * (place + 3) + n / 7) % words.len()]);
            (format!("{n:03}"), text.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let items: Vec<Item<'_>> = texts
        .iter()
        .map(|(id, text)| Item::new(id, Some(locale("en")), text))
        .collect();
    let retriever = Retriever::new(&items);
    let all = ids(&retriever, "my parcel is lost", Some("en"), 300);
    assert!(all.len() > 200);
    for k in [1, 10, 199, 200, 201] {
        let first = ids(&retriever, "my parcel is lost", Some("en"), k);
        assert_eq!(first, all[..k], "{k}");
    }
}

#[test]
fn texts_come_and_go() {
    let mut retriever = Retriever::new(&[Item::new("a", None, "opening hours")]);
    retriever.insert(Item::new("b", None, "return label"));
    assert_eq!(ids(&retriever, "return label", None, 3), ["b"]);
    retriever.insert(Item::new("a", None, "label of the return parcel"));
    assert_eq!(retriever.len(), 2);
    assert!(ids(&retriever, "opening hours", None, 3).is_empty());
    assert!(retriever.remove("b"));
    assert!(!retriever.remove("b"));
    assert_eq!(ids(&retriever, "return label", None, 3), ["a"]);
}

/// Knows two topics, and notes what it is shown.
#[derive(Default)]
struct Topics(std::sync::Mutex<Vec<String>>);

impl std::fmt::Debug for Topics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Topics")
    }
}

impl suggest_core::Embedder for Topics {
    fn dim(&self) -> usize {
        2
    }

    fn embed(&self, redacted: &str) -> Option<Vec<f32>> {
        self.0.lock().unwrap().push(redacted.to_owned());
        match redacted {
            text if text.contains("zebra") || text.contains("horse") => Some(vec![1.0, 0.0]),
            text if text.contains("violin") => Some(vec![0.0, 3.0]),
            text if text.contains("odd") => Some(vec![f32::NAN, 1.0]),
            text if text.contains("long") => Some(vec![1.0, 0.0, 0.0]),
            _ => None,
        }
    }
}

#[test]
fn vectors_of_the_integrator_count_and_see_no_tag() {
    let topics = std::sync::Arc::new(Topics::default());
    let mut retriever = Retriever::new(&[
        Item::new("a", None, "violin"),
        Item::new("b", None, "odd one"),
    ])
    .with_embedder(topics.clone());
    retriever.insert(Item::new("c", None, "horse"));
    retriever.insert(Item::new("d", None, "long one"));
    assert_eq!(ids(&retriever, "zebra [PERSON_1]", None, 3), ["c"]);
    assert!(
        topics
            .0
            .lock()
            .unwrap()
            .iter()
            .all(|text| !text.contains("PERSON"))
    );
    assert!(!format!("{retriever:?}").contains("horse"));
}

#[cfg(feature = "static-embeddings")]
mod vectors {
    use suggest_core::{Embedder, StaticEmbeddings, VectorFault, VectorLimits};

    use super::{Item, Retriever, ids};

    fn read(source: &str) -> Result<StaticEmbeddings, VectorFault> {
        StaticEmbeddings::read(source.as_bytes(), VectorLimits::default())
    }

    #[test]
    fn a_file_lends_its_likeness() {
        let file = "4 2\nthe 0.5 0.5\nzebra 1 0\nhorse 0.9 0.1\nviolin 0 1\n";
        let vectors = read(file).unwrap();
        assert_eq!((vectors.len(), vectors.dim()), (4, 2));
        assert!(!format!("{vectors:?}").contains("zebra"));
        let retriever = Retriever::new(&[
            Item::new("a", None, "a violin"),
            Item::new("b", None, "the horse"),
        ])
        .with_embedder(std::sync::Arc::new(vectors));
        assert_eq!(ids(&retriever, "zebra", None, 1), ["b"]);
    }

    #[test]
    fn rare_words_weigh_more() {
        let vectors = read("the 1 0\nzebra 0 1\n").unwrap();
        let sum = vectors.embed("the zebra").unwrap();
        assert!(sum[1] > sum[0]);
    }

    #[test]
    fn bad_lines_are_told_by_their_number() {
        let limits = VectorLimits::default();
        for (file, fault) in [
            (
                "a 1 2\nb 1\n",
                VectorFault::Dimensions {
                    line: 2,
                    found: 1,
                    expected: 2,
                },
            ),
            ("a 1 2\n\nb 1 x\n", VectorFault::Malformed { line: 3 }),
            ("a 1 inf\n", VectorFault::Malformed { line: 1 }),
            ("1 2\nalone\n", VectorFault::Malformed { line: 2 }),
            ("7 2\n", VectorFault::Empty),
            ("", VectorFault::Empty),
        ] {
            assert_eq!(read(file).unwrap_err(), fault, "{file:?}");
        }
        let bytes: &[u8] = b"a 1\n\xff 1\n";
        assert_eq!(
            StaticEmbeddings::read(bytes, limits).unwrap_err(),
            VectorFault::Encoding { line: 2 }
        );
        let mut small = limits;
        (small.words, small.dimensions, small.line) = (2, 2, 12);
        let read = |file: &str| StaticEmbeddings::read(file.as_bytes(), small);
        assert_eq!(read("a 1 2\nb 1 2\nc broken\n").unwrap().len(), 2);
        assert_eq!(
            read("a 1 2 3\n").unwrap_err(),
            VectorFault::TooWide { line: 1 }
        );
        assert_eq!(
            read("a 1 2\nb 1.00000000 2\n").unwrap_err(),
            VectorFault::LongLine { line: 2 }
        );
    }
}
