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
