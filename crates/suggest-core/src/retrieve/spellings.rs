//! The words that texts hold as they are spelled, and which of them a misspelled word is near to.

use std::collections::BTreeMap;

use crate::text;

/// What is longer is no word.
const LONGEST: usize = 32;

/// The words of texts of one language, by first letter and length: a typo rarely changes the first letter, and only words
/// of about the same length are near.
#[derive(Clone, Default)]
pub(super) struct Spellings(BTreeMap<(char, usize), Vec<Spelled>>);

/// A word, in the order of the alphabet on its shelf.
#[derive(Clone)]
struct Spelled {
    word: Box<str>,
    /// A bit a letter: most words that are not near are told apart by it.
    letters: u32,
    /// How often it stands in texts.
    times: u32,
}

/// A word that is near: fewer edits are better, then the more frequent one, then the alphabet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near<'a> {
    edits: usize,
    rarity: std::cmp::Reverse<u32>,
    pub(super) word: &'a str,
}

/// A word as its spelling is kept, diacritics included: letters alone, so that numbers and tags are never corrected.
pub(super) fn spelling(raw: &str) -> Option<String> {
    let fits = raw.chars().count() <= LONGEST && raw.chars().all(char::is_alphabetic);
    fits.then(|| raw.to_lowercase())
}

impl Spellings {
    pub(super) fn insert(&mut self, words: &[String]) {
        for word in words {
            let folded = text::fold(word);
            let Some(key) = key(&folded) else { continue };
            let shelf = self.0.entry(key).or_default();
            match position(shelf, word) {
                Ok(at) => {
                    if let Some(of) = shelf.get_mut(at) {
                        of.times = of.times.saturating_add(1);
                    }
                }
                Err(at) => {
                    let of = Spelled {
                        word: word.as_str().into(),
                        letters: letters(&folded),
                        times: 1,
                    };
                    shelf.insert(at, of);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, words: &[String]) {
        for word in words {
            let Some(key) = key(&text::fold(word)) else {
                continue;
            };
            let Some(shelf) = self.0.get_mut(&key) else {
                continue;
            };
            if let Ok(at) = position(shelf, word)
                && let Some(of) = shelf.get_mut(at)
            {
                of.times = of.times.saturating_sub(1);
                if of.times == 0 {
                    shelf.remove(at);
                }
            }
            if shelf.is_empty() {
                self.0.remove(&key);
            }
        }
    }

    /// How often a word stands in texts.
    pub(super) fn times(&self, word: &str) -> u32 {
        key(&text::fold(word))
            .and_then(|key| self.0.get(&key))
            .and_then(|shelf| shelf.get(position(shelf, word).ok()?))
            .map_or(0, |of| of.times)
    }

    /// The best word at most `most` edits from a folded one.
    pub(super) fn nearest(&self, folded: &str, most: usize) -> Option<Near<'_>> {
        let (first, length) = key(folded)?;
        let asked: Vec<char> = folded.chars().collect();
        let set = letters(folded);
        let mut best: Option<Near<'_>> = None;
        for length in length.saturating_sub(most)..=length + most {
            for of in self.0.get(&(first, length)).into_iter().flatten() {
                // An edit takes one letter away and brings one.
                if (of.letters ^ set).count_ones() as usize > 2 * most {
                    continue;
                }
                let to: Vec<char> = text::fold(&of.word).chars().collect();
                let Some(edits) = edits(&asked, &to, most) else {
                    continue;
                };
                let near = Near {
                    edits,
                    rarity: std::cmp::Reverse(of.times),
                    word: &of.word,
                };
                best = Some(best.map_or(near, |best| best.min(near)));
            }
        }
        best
    }
}

fn key(folded: &str) -> Option<(char, usize)> {
    Some((folded.chars().next()?, folded.chars().count()))
}

fn position(shelf: &[Spelled], word: &str) -> Result<usize, usize> {
    shelf.binary_search_by(|of| (*of.word).cmp(word))
}

/// Letters that share a bit only let more words through.
fn letters(folded: &str) -> u32 {
    folded
        .chars()
        .fold(0, |set, c| set | 1 << (u32::from(c) & 31))
}

/// How many letters were changed, left out, put in or swapped with the next one, where these are at most `most`: with one
/// or two there is little to try, so no table is filled.
pub(super) fn edits(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(same..)?, b.get(same..)?);
    let ([x, after_x @ ..], [y, after_y @ ..]) = (a, b) else {
        let left = a.len() + b.len();
        return (left <= most).then_some(left);
    };
    let most = most.checked_sub(1)?;
    let swapped = match (after_x, after_y) {
        ([x2, a @ ..], [y2, b @ ..]) if x == y2 && x2 == y => edits(a, b, most),
        _ => None,
    };
    let tried = [
        edits(after_x, after_y, most),
        edits(after_x, b, most),
        edits(a, after_y, most),
        swapped,
    ];
    tried.into_iter().flatten().min().map(|edits| edits + 1)
}
