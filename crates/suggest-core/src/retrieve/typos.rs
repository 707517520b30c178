//! Words of a query that no text holds are read as what texts do hold: the nearest word, or two words that lack a space.
//!
//! A word that the vectors of this crate know is a word, not a typo, even where no text holds it. Nothing is put right in languages
//! whose words they do not know: a word that no text holds would be taken for its neighbour there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use redact::Locale;

use super::bm25::Field;
use super::read::{Reader, pair};
use super::sense::{is_word, knows_words};
use super::spellings::spelling;
use crate::text;

/// Shorter words have too many neighbours.
const SHORTEST: usize = 4;

/// From this length on two edits are allowed.
const LONG: usize = 8;

/// From this length on a word may be two.
const TWO_WORDS: usize = 6;

/// So many unknown words are looked up: a query with more is in another language.
const MOST: usize = 32;

/// What stands in the place of a word, by where the word begins.
pub(super) type Fixes = BTreeMap<usize, Vec<String>>;

/// The fixes of a query over the fields it sees, each with a reader of its language.
pub(super) fn fixes(query: &str, seen: &[(&Field, Reader)], locale: Option<Locale>) -> Fixes {
    let unknown = |raw: &str, folded: &str| {
        !seen.iter().any(|(field, reader)| {
            reader.is_common(folded) || field.words.holds(reader.stem(raw, folded))
        })
    };
    let mut fixes = Fixes::new();
    if !knows_words(locale) {
        return fixes;
    }
    let mut tried = 0;
    for word in text::words(query) {
        let raw = query.get(word.at.clone()).unwrap_or_default();
        let length = word.folded.chars().count();
        if length < SHORTEST || tried == MOST {
            continue;
        }
        let Some(spelled) = spelling(raw) else {
            continue;
        };
        if !unknown(raw, &word.folded) || is_word(&word.folded, locale) {
            continue;
        }
        tried += 1;
        let most = if length < LONG { 1 } else { 2 };
        let nearest = || {
            let near = seen
                .iter()
                .filter_map(|(field, _)| field.spellings.nearest(&word.folded, most));
            near.min().map(|near| vec![near.word.to_owned()])
        };
        if let Some(fix) = two_words(&spelled, seen).or_else(nearest) {
            fixes.insert(word.at.start, fix);
        }
    }
    fixes
}

/// The two words a word is made of, where a text holds them one after the other; the more frequent ones.
fn two_words(word: &str, seen: &[(&Field, Reader)]) -> Option<Vec<String>> {
    if word.chars().count() < TWO_WORDS {
        return None;
    }
    let mut best: Option<(u32, &str, &str)> = None;
    // Neither of them is a letter alone.
    let places = word.char_indices().map(|(at, _)| at).skip(2);
    for at in places.take(word.chars().count() - 3) {
        let (a, b) = word.split_at_checked(at)?;
        for (field, reader) in seen {
            let times = field.spellings.times(a).min(field.spellings.times(b));
            if times == 0 || best.is_some_and(|(most, ..)| times <= most) {
                continue;
            }
            let stem = |word: &str| reader.stem(word, &text::fold(word));
            if field.words.holds(pair(stem(a), stem(b))) {
                best = Some((times, a, b));
            }
        }
    }
    best.map(|(_, a, b)| vec![a.to_owned(), b.to_owned()])
}

/// The query with its fixes.
pub(super) fn fixed<'a>(query: &'a str, fixes: &Fixes) -> Cow<'a, str> {
    if fixes.is_empty() {
        return Cow::Borrowed(query);
    }
    let mut out = String::with_capacity(query.len());
    let mut from = 0;
    for word in text::words(query) {
        if let Some(fix) = fixes.get(&word.at.start) {
            out.push_str(query.get(from..word.at.start).unwrap_or_default());
            out.push_str(&fix.join(" "));
            from = word.at.end;
        }
    }
    out.push_str(query.get(from..).unwrap_or_default());
    Cow::Owned(out)
}
