use proptest::prelude::*;

use super::spellings::{Spellings, edits};
use super::{Item, Retriever};
use crate::Locale;

/// Few words, so that texts share them; some stand in the thesaurus, some make a title, some are misspelled.
const WORDS: [&str; 15] = [
    "refund",
    "money",
    "back",
    "parcel",
    "the",
    "box",
    "is",
    "late",
    "Garantie",
    "returns\n",
    "label",
    "naive",
    "refnud",
    "parcle",
    "returnslabel",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..12).prop_map(|words| words.join(" "))
}

fn locale() -> impl Strategy<Value = Option<Locale>> {
    prop::sample::select(vec![None, Some(Locale::English), Some(Locale::German)])
}

fn answers(retriever: &Retriever, query: &str, of: Option<Locale>) -> Vec<(String, u32)> {
    retriever
        .search_text(query, of, 20)
        .into_iter()
        .map(|(slot, score)| (retriever.id(slot).unwrap().to_owned(), score.to_bits()))
        .collect()
}

#[test]
fn edits_are_counted_up_to_a_limit() {
    for (a, b, count) in [
        ("refund", "refund", Some(0)),
        ("refnud", "refund", Some(1)),
        ("rfund", "refund", Some(1)),
        ("refunds", "refund", Some(1)),
        ("resund", "refund", Some(1)),
        ("erfnud", "refund", Some(2)),
        ("ca", "abc", None),
        ("refund", "parcel", None),
        ("", "ab", Some(2)),
    ] {
        let chars = |word: &str| word.chars().collect::<Vec<char>>();
        assert_eq!(edits(&chars(a), &chars(b), 2), count, "{a} {b}");
        assert_eq!(edits(&chars(b), &chars(a), 2), count, "{b} {a}");
    }
}

#[test]
fn the_nearest_spelling_is_the_more_frequent_one() {
    let mut spellings = Spellings::default();
    let words = ["cart", "card", "card", "care", "k\u{e4}se"].map(str::to_owned);
    spellings.insert(&words);
    let nearest = |spellings: &Spellings, word: &str| {
        let near = spellings.nearest(word, 1);
        near.map(|near| near.word.to_owned())
    };
    assert_eq!(nearest(&spellings, "carx").as_deref(), Some("card"));
    assert_eq!(nearest(&spellings, "kasse").as_deref(), Some("k\u{e4}se"));
    assert_eq!(nearest(&spellings, "xard"), None);
    spellings.remove(&words[1..3]);
    assert_eq!(nearest(&spellings, "carx").as_deref(), Some("care"));
}

proptest! {
    /// After texts came and went, answers are those of an index built anew over what is left, to the last bit.
    #[test]
    fn an_index_forgets_what_it_went_through(
        first in prop::collection::vec((0u8..9, locale(), text()), 0..9),
        steps in prop::collection::vec((0u8..9, prop::option::of((locale(), text()))), 0..24),
        query in text(),
        of in locale(),
    ) {
        let ids: Vec<String> = (0..9).map(|id| format!("id-{id}")).collect();
        let id = |number: u8| ids[usize::from(number)].as_str();
        let items: Vec<Item<'_>> = first.iter().map(|(n, of, text)| Item::new(id(*n), *of, text)).collect();
        let mut retriever = Retriever::new(&items);
        let mut left: std::collections::BTreeMap<u8, (Option<Locale>, &str)> =
            first.iter().map(|(n, of, text)| (*n, (*of, text.as_str()))).collect();
        for (n, step) in &steps {
            match step {
                Some((of, text)) => {
                    retriever.insert(Item::new(id(*n), *of, text));
                    left.insert(*n, (*of, text));
                }
                None => prop_assert_eq!(retriever.remove(id(*n)), left.remove(n).is_some()),
            }
        }
        let anew: Vec<Item<'_>> = left.iter().map(|(n, (of, text))| Item::new(id(*n), *of, text)).collect();
        let anew = Retriever::new(&anew);
        prop_assert_eq!(retriever.len(), left.len());
        prop_assert_eq!(answers(&retriever, &query, of), answers(&anew, &query, of));
    }
}
