//! Which concepts the words of a language bear.
//!
//! A line is `concept: word word ..`. `_` joins the words of a phrase, `*` at the end stands for any ending, at the
//! beginning for any first part of a compound. `#EMAIL` is a tag of that kind.

mod sounds;

use std::collections::{BTreeMap, HashMap};

use crate::text;

use sounds::{squashed, within_one};

/// A set of concepts, one bit each.
pub(super) type Concepts = u128;

/// The words of a phrase behind its first, each whole or any ending of it, and what it bears.
type Phrase = (Vec<(String, bool)>, Concepts);

/// Words that may stand between a negation and what it denies.
const DENIED_WITHIN: usize = 2;
const UNUSED_WITHIN: usize = 5;
const ENDS_WITHIN: usize = 9;

/// A word shorter than this is not respelled: too many words are one slip away from it.
const RESPELLED_FROM: usize = 6;

/// From here on a word that sounds alike is the same word.
const HEARD_FROM: usize = 5;

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
    kin: Concepts,
    asked: Concepts,
    settled: Concepts,
    confirmed: Concepts,
    /// What a right wants done.
    wished: Concepts,
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
            kin: need("kin")?,
            asked: need("asked")?,
            settled: need("settled")?,
            confirmed: need("confirmed")?,
            wished: [
                "erase", "object", "correct", "withdraw", "limit", "copy", "show", "stop",
            ]
            .into_iter()
            .try_fold(0, |all, name| Ok::<_, usize>(all | need(name)?))?,
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

    /// Whether a sentence tells of a request that is over: what a neighbour asked for, what has been confirmed, or what has
    /// been dealt with where no wish follows. One that denies anything (`and you have not done it`) asks again.
    pub(super) fn tells(&self, words: &[Concepts]) -> bool {
        let known = self.known;
        let last = |concept: Concepts| words.iter().rposition(|word| word & concept != 0);
        let has = |concept: Concepts| last(concept).is_some();
        let settled =
            last(known.settled).is_some_and(|at| last(known.wished).is_none_or(|wish| wish < at));
        !has(known.not) && (settled || has(known.confirmed) || (has(known.kin) && has(known.asked)))
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
