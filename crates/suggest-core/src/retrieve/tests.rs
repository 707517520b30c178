use proptest::prelude::*;

use super::{Item, Retriever};
use crate::Locale;

/// Few words, so that texts share them; some stand in the thesaurus, some make a title.
const WORDS: [&str; 12] = [
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
