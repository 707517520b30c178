//! Which concepts the words of a language bear.
//!
//! A line is `concept: word word ..`. `_` joins the words of a phrase, `*` at the end stands for any ending, at the
//! beginning for any first part of a compound. `#EMAIL` is a tag of that kind.

use std::collections::{BTreeMap, HashMap};

use crate::text;

/// A set of concepts, one bit each.
pub(super) type Concepts = u128;

/// The words of a phrase behind its first, each whole or any ending of it, and what it bears.
type Phrase = (Vec<(String, bool)>, Concepts);

/// Words that may stand between a negation and what it denies.
const DENIED_WITHIN: usize = 2;
const UNUSED_WITHIN: usize = 5;
const ENDS_WITHIN: usize = 6;

/// A word shorter than this is not respelled: too many words are one slip away from it.
const RESPELLED_FROM: usize = 6;

/// From here on a word that sounds alike is the same word.
const HEARD_FROM: usize = 5;

/// In a shorter word another vowel makes another word.
const OTHER_VOWEL_FROM: usize = 8;

#[derive(PartialEq, Eq, Debug)]
pub(super) struct Lexicon {
    whole: HashMap<String, Concepts>,
    begins: HashMap<String, Concepts>,
    ends: HashMap<String, Concepts>,
    /// Phrases by their first word.
    phrases: HashMap<String, Vec<Phrase>>,
    /// What a slip is corrected to, by [`squashed`] spelling; whether any ending may follow.
    sounds: BTreeMap<String, (Concepts, bool)>,
    known: Known,
    defined: Concepts,
}

/// Concepts that the reader itself knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Known {
    article: Concepts,
    not: Concepts,
    alone: Concepts,
    erase: Concepts,
    noerase: Concepts,
    used: Concepts,
    unused: Concepts,
    numbers: [(&'static str, Concepts); 8],
}

impl Lexicon {
    /// Reads a data file; an unknown concept or a line without one is an error of the build.
    pub(super) fn parse(data: &str, names: &[String]) -> Result<Self, usize> {
        let bit = |name: &str| names.iter().position(|n| n == name).map(|at| 1u128 << at);
        let need = |name| bit(name).ok_or(0usize);
        let known = Known {
            article: need("article")?,
            not: need("not")?,
            alone: need("alone")?,
            erase: need("erase")?,
            noerase: need("noerase")?,
            used: need("use")?,
            unused: need("notuse")?,
            numbers: [
                ("7", need("n7")?),
                ("15", need("n15")?),
                ("16", need("n16")?),
                ("17", need("n17")?),
                ("18", need("n18")?),
                ("20", need("n20")?),
                ("21", need("n21")?),
                ("22", need("n22")?),
            ],
        };
        let mut lexicon = Self {
            whole: HashMap::new(),
            begins: HashMap::new(),
            ends: HashMap::new(),
            phrases: HashMap::new(),
            sounds: BTreeMap::new(),
            known,
            defined: 0,
        };
        for (number, line) in (1usize..).zip(data.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, words) = line.split_once(':').ok_or(number)?;
            let concept: Concepts = bit(name.trim()).ok_or(number)?;
            lexicon.defined |= concept;
            for word in words.split_whitespace() {
                lexicon.add(word, concept);
            }
        }
        Ok(lexicon)
    }

    fn add(&mut self, raw: &str, concept: Concepts) {
        if raw.starts_with('#') {
            *self.whole.entry(raw.to_owned()).or_default() |= concept;
            return;
        }
        let mut words: Vec<(String, bool)> = Vec::new();
        for part in raw.split('_') {
            words.extend(text::words(part).into_iter().map(|w| (w.folded, false)));
            if let (true, Some(last)) = (part.ends_with('*'), words.last_mut()) {
                last.1 = true;
            }
        }
        if words.len() > 1 {
            let rest = words.split_off(1);
            if let Some((first, _)) = words.pop() {
                self.phrases.entry(first).or_default().push((rest, concept));
            }
            return;
        }
        let Some((word, any_ending)) = words.pop() else {
            return;
        };
        if raw.starts_with('*') {
            *self.ends.entry(word).or_default() |= concept;
            return;
        }
        let sound = squashed(&word);
        if sound.len() >= HEARD_FROM {
            let entry = self.sounds.entry(sound).or_default();
            entry.0 |= concept;
            entry.1 |= any_ending;
        }
        let of = if any_ending {
            &mut self.begins
        } else {
            &mut self.whole
        };
        *of.entry(word).or_default() |= concept;
    }

    /// The concepts of each word of a sentence; those of a phrase stand at its first word.
    pub(super) fn concepts(&self, sentence: &str) -> Vec<Concepts> {
        let words = text::words(sentence);
        let mut out: Vec<Concepts> = words.iter().map(|w| self.of_word(&w.folded)).collect();
        for (at, word) in words.iter().enumerate() {
            for (rest, concept) in self.phrases.get(&word.folded).into_iter().flatten() {
                let follows = words.get(at + 1..).is_some_and(|next| {
                    next.len() >= rest.len()
                        && rest.iter().zip(next).all(|((wanted, any_ending), word)| {
                            *wanted == word.folded
                                || *any_ending && word.folded.starts_with(wanted.as_str())
                        })
                });
                if let (true, Some(here)) = (follows, out.get_mut(at)) {
                    *here |= concept;
                }
            }
        }
        self.articles(&words, &mut out);
        self.denials(sentence, &words, &mut out);
        out
    }

    /// `Art. 15`, `article 17(1)`.
    fn articles(&self, words: &[text::Word], out: &mut [Concepts]) {
        for at in 1..words.len() {
            let before = at.checked_sub(1).and_then(|b| out.get(b)).copied();
            let number = words.get(at).map_or("", |word| word.folded.as_str());
            let named = self.known.numbers.iter().find(|(n, _)| *n == number);
            if let (Some(before), Some((_, concept)), Some(here)) = (before, named, out.get_mut(at))
                && before & self.known.article != 0
            {
                *here |= concept;
            }
        }
    }

    /// What is denied is another concept: "do not delete" is no wish to delete, and "keep it, do not use it" is a right
    /// of its own. A negation reaches no further than its clause.
    fn denials(&self, sentence: &str, words: &[text::Word], out: &mut [Concepts]) {
        let mut clause = Vec::with_capacity(words.len());
        let mut number = 0usize;
        let mut end = 0;
        for word in words {
            let between = sentence.get(end..word.at.start).unwrap_or_default();
            if between.contains([
                ',', ';', ':', '.', '!', '?', '(', ')', '\u{2013}', '\u{2014}',
            ]) {
                number += 1;
            }
            clause.push(number);
            end = word.at.end;
        }
        let nots: Vec<usize> = out
            .iter()
            .enumerate()
            .filter(|(_, c)| **c & self.known.not != 0)
            .map(|(at, _)| at)
            // "Not only" denies nothing.
            .filter(|at| {
                out.get(at + 1)
                    .is_none_or(|next| next & self.known.alone == 0)
            })
            .collect();
        for (at, here) in out.iter_mut().enumerate() {
            let denied = |within: usize| {
                nots.iter().any(|not| {
                    let ends_clause = clause.get(not + 1) != clause.get(*not);
                    // German puts it last: "meine Daten bitte nicht".
                    let reach = if ends_clause && *not > at {
                        within.max(ENDS_WITHIN)
                    } else {
                        within
                    };
                    *not != at && not.abs_diff(at) <= reach && clause.get(*not) == clause.get(at)
                })
            };
            if *here & self.known.erase != 0 && denied(DENIED_WITHIN) {
                *here = (*here & !self.known.erase) | self.known.noerase;
            }
            if *here & self.known.used != 0 && denied(UNUSED_WITHIN) {
                *here |= self.known.unused;
            }
        }
    }

    fn of_word(&self, word: &str) -> Concepts {
        let mut found = self.whole.get(word).copied().unwrap_or_default();
        for (at, _) in word.char_indices().skip(1) {
            if let (Some(head), Some(tail)) = (word.get(..at), word.get(at..)) {
                found |= self.begins.get(head).copied().unwrap_or_default();
                found |= self.ends.get(tail).copied().unwrap_or_default();
            }
        }
        found |= self.begins.get(word).copied().unwrap_or_default();
        found |= self.ends.get(word).copied().unwrap_or_default();
        if found == 0 {
            found = self.respelled(word);
        }
        found
    }

    /// The concepts of a word that is one slip away from words of the lexicon, read by how it sounds.
    fn respelled(&self, word: &str) -> Concepts {
        if !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return 0;
        }
        let sound = squashed(word);
        let Some(first) = sound.get(..1) else {
            return 0;
        };
        if word.len() < RESPELLED_FROM || sound.len() + 1 < RESPELLED_FROM {
            return 0;
        }
        self.sounds
            .range(first.to_owned()..)
            .take_while(|(known, _)| known.starts_with(first))
            .filter(|(known, (_, any_ending))| {
                let (known, sound) = (known.as_bytes(), sound.as_bytes());
                if known.len() < RESPELLED_FROM {
                    sound == known
                } else if *any_ending {
                    (known.len().saturating_sub(1)..=known.len() + 1)
                        .filter_map(|n| sound.get(..n))
                        .any(|head| within_one(known, head))
                } else {
                    known.len().abs_diff(sound.len()) <= 1 && within_one(known, sound)
                }
            })
            .fold(0, |all, (_, (concepts, _))| all | concepts)
            // A slip is no negation: it would turn a wish into its opposite.
            & !self.known.not
    }

    #[cfg(test)]
    pub(super) fn missing<'n>(&self, names: &'n [String]) -> Vec<&'n str> {
        let made_here = |name: &str| {
            name == "noerase" || (name.starts_with('n') && name[1..].parse::<u8>().is_ok())
        };
        (0..)
            .zip(names)
            .filter(|(at, name)| self.defined & (1 << at) == 0 && !made_here(name))
            .map(|(_, name)| name.as_str())
            .collect()
    }
}

/// How a word is spelt by ear: `k` for `c` and `qu`, one letter for two, no `h`, `s` for `z`, `i` for `y` and `j`.
fn squashed(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            'h' => continue,
            'q' => {
                if chars.peek() == Some(&'u') {
                    chars.next();
                }
                'k'
            }
            'c' => match chars.peek() {
                Some('e' | 'i' | 'y') => 's',
                _ => 'k',
            },
            'z' => 's',
            'y' | 'j' => 'i',
            'v' => 'b',
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Whether two words are equal or differ by one letter more or less, another vowel, or two neighbours swapped. Another
/// consonant makes another word too often (content, consent).
fn within_one(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (Some(a), Some(b)) = (a.get(same..), b.get(same..)) else {
        return false;
    };
    match (a, b) {
        ([], []) => true,
        ([_, rest_a @ ..], _) if rest_a == b => true,
        (_, [_, rest_b @ ..]) if a == rest_b => true,
        ([x, rest_a @ ..], [y, rest_b @ ..]) if rest_a == rest_b => {
            same + a.len() >= OTHER_VOWEL_FROM && vowel(*x) && vowel(*y)
        }
        ([x, y, rest_a @ ..], [v, w, rest_b @ ..]) => x == w && y == v && rest_a == rest_b,
        _ => false,
    }
}

const fn vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_by_ear() {
        for (a, b, close) in [
            ("kiero", "quiero", true),
            ("informasion", "informacion", true),
            ("einwiligung", "einwilligung", true),
            ("consnet", "consent", true),
            ("delivery", "delete", false),
            ("content", "consent", false),
        ] {
            let (a, b) = (squashed(a), squashed(b));
            assert_eq!(within_one(a.as_bytes(), b.as_bytes()), close, "{a} {b}");
        }
    }
}
