//! Phrases: runs of words that enough people wrote, and of the words between them the beginnings that enough share.
//!
//! A run that enough hold has no part that fewer hold (Agrawal, Srikant 1994), so the longest held run from each place says
//! all: it is found by joining held runs that are a word shorter.

use std::collections::{BTreeSet, HashMap};

use super::{Backing, LONGEST, Templates};
use crate::map::Label;

/// A phrase of so few words may be a value that no detector found: half as many more tickets and subjects must hold it.
const SHORT: usize = 1;
/// Fewest letters of a beginning.
const LEAST_LETTERS: usize = 3;
/// Most letters of a beginning: what more tells is a compound of somebody's own.
const MOST_LETTERS: usize = 24;

/// How many must hold something.
#[derive(Clone, Copy)]
struct Need {
    tickets: usize,
    subjects: usize,
    agents: usize,
}

/// Who holds something, as far as it has to be known.
#[derive(Default)]
struct Held {
    number: usize,
    tickets: usize,
    last: Option<usize>,
    subjects: BTreeSet<Label>,
    agents: BTreeSet<Label>,
}

impl Held {
    /// Tickets come in their order.
    fn add(&mut self, ticket: usize, backing: &Backing, most: Need) {
        if self.last != Some(ticket) {
            self.last = Some(ticket);
            self.tickets += 1;
        }
        if self.subjects.len() < most.subjects {
            self.subjects.insert(backing.subject);
        }
        if self.agents.len() < most.agents {
            self.agents.extend(backing.agent);
        }
    }

    fn meets(&self, need: Need) -> bool {
        self.tickets >= need.tickets
            && self.subjects.len() >= need.subjects
            && self.agents.len() >= need.agents
    }
}

/// The longest phrases from a place that enough hold, and that more hold, in words and slots.
#[derive(Clone, Copy, Default)]
struct Reach {
    enough: usize,
    more: usize,
}

/// The best way to a place: what it is worth, where its last piece begins, and whether that is a phrase.
#[derive(Clone, Copy, Default)]
struct Step {
    value: usize,
    start: usize,
    phrase: bool,
}

impl Templates {
    /// The phrases of every ticket, a line each, where it has one.
    pub(super) fn phrases(&self) -> Vec<Option<String>> {
        let need = Need {
            tickets: self.limits.tickets,
            subjects: self.limits.subjects,
            agents: self.agents(),
        };
        let more = Need {
            tickets: need.tickets.saturating_add(need.tickets / 2),
            subjects: need.subjects.saturating_add(need.subjects / 2),
            ..need
        };
        let reach = self.reach(need, more);
        let beginnings = self.beginnings(need);
        let mut at = 0;
        let texts = self.tickets.iter().map(|ticket| {
            let mut lines: Vec<String> = Vec::new();
            let mut said = false;
            for unit in self.units.get(ticket.units.clone()).unwrap_or_default() {
                let places = reach.get(at..at + unit.words.len()).unwrap_or_default();
                at += unit.words.len();
                for (start, end, phrase) in self.pieces(&unit.words, places) {
                    let piece = unit.words.get(start..end).unwrap_or_default();
                    if phrase {
                        said = true;
                        let words: Vec<&str> = piece.iter().map(|id| self.spelt(*id)).collect();
                        lines.push(words.join(" "));
                    } else {
                        lines.extend(
                            piece
                                .iter()
                                .filter_map(|id| self.beginning(*id, &beginnings)),
                        );
                    }
                }
            }
            said.then(|| lines.join("\n"))
        });
        texts.collect()
    }

    /// The longest held phrases from every place of every sentence.
    fn reach(&self, need: Need, more: Need) -> Vec<Reach> {
        let places: Vec<(usize, usize)> = self
            .units
            .iter()
            .enumerate()
            .flat_map(|(at, unit)| unit.words.iter().map(move |id| (at, *id)))
            .collect();
        let mut reach = vec![Reach::default(); places.len()];
        // The number of the held phrase from each place, of the length before.
        let mut before: Vec<Option<usize>> = places.iter().map(|(_, id)| Some(*id)).collect();
        for length in 1..=LONGEST {
            let key = |place: usize| {
                let first = before.get(place).copied().flatten()?;
                if length == 1 {
                    return Some((first, 0));
                }
                let same = places.get(place)?.0 == places.get(place + 1)?.0;
                let second = before.get(place + 1).copied().flatten()?;
                same.then_some((first, second))
            };
            let mut held: HashMap<(usize, usize), Held> = HashMap::new();
            for (place, (at, _)) in places.iter().enumerate() {
                let Some(unit) = self.units.get(*at) else {
                    continue;
                };
                if let (Some(key), Some(backing)) = (key(place), self.backing(unit)) {
                    let number = held.len();
                    let phrase = held.entry(key).or_insert_with(|| Held {
                        number,
                        ..Held::default()
                    });
                    phrase.add(unit.ticket, backing, more);
                }
            }
            let mut next = vec![None; places.len()];
            for (place, (reach, next)) in reach.iter_mut().zip(&mut next).enumerate() {
                let phrase = key(place).and_then(|key| held.get(&key));
                let Some(phrase) = phrase.filter(|phrase| phrase.meets(need)) else {
                    continue;
                };
                *next = Some(phrase.number);
                reach.enough = length;
                if phrase.meets(more) {
                    reach.more = length;
                }
            }
            if next.iter().all(Option::is_none) {
                break;
            }
            before = next;
        }
        reach
    }

    /// A sentence in pieces, in their order: most words in phrases, and few phrases. A piece that is no phrase is a word.
    fn pieces(&self, words: &[usize], places: &[Reach]) -> Vec<(usize, usize, bool)> {
        let mut steps = vec![Step::default(); words.len() + 1];
        for end in 1..=words.len() {
            let mut best = Step {
                value: steps.get(end - 1).map_or(0, |step| step.value),
                start: end - 1,
                phrase: false,
            };
            let mut said = 0;
            for start in (0..end).rev() {
                let (Some(id), Some(reach)) = (words.get(start), places.get(start)) else {
                    break;
                };
                said += usize::from(!self.is_slot(*id));
                let longest = if said <= SHORT {
                    reach.more
                } else {
                    reach.enough
                };
                // What begins before it is longer still.
                if reach.enough < end - start {
                    break;
                }
                if said == 0 || longest < end - start {
                    continue;
                }
                // A word counts twice a phrase; of equal ways the one with the longest phrase, for its slots.
                let value = steps.get(start).map_or(0, |step| step.value) + 2 * said - 1;
                if value >= best.value {
                    best = Step {
                        value,
                        start,
                        phrase: true,
                    };
                }
            }
            if let Some(step) = steps.get_mut(end) {
                *step = best;
            }
        }
        let mut pieces = Vec::new();
        let mut end = words.len();
        while let Some(step) = steps.get(end).filter(|_| end > 0) {
            pieces.push((step.start, end, step.phrase));
            end = step.start;
        }
        pieces.reverse();
        pieces
    }

    /// Beginnings of words that are held by enough.
    fn beginnings(&self, need: Need) -> BTreeSet<&str> {
        let mut held: HashMap<&str, Held> = HashMap::new();
        for unit in &self.units {
            let Some(backing) = self.backing(unit) else {
                continue;
            };
            for id in unit.words.iter().filter(|id| !self.is_slot(**id)) {
                let form = self.words.get(*id).map_or("", |word| &word.form);
                for part in parts(form) {
                    held.entry(part)
                        .or_default()
                        .add(unit.ticket, backing, need);
                }
            }
        }
        held.retain(|_, held| held.meets(need));
        held.into_keys().collect()
    }

    /// The longest beginning of a word, never all of it, that enough share: `annul*`.
    fn beginning(&self, id: usize, known: &BTreeSet<&str>) -> Option<String> {
        let form = self.words.get(id).filter(|word| !word.slot)?.form.as_str();
        let longest = parts(form)
            .filter(|part| part.len() < form.len() && known.contains(part))
            .last()?;
        Some(format!("{longest}*"))
    }
}

/// The beginnings of a word, the shortest first; the word itself too where it is not long.
fn parts(form: &str) -> impl Iterator<Item = &str> {
    let ends = form.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(MOST_LETTERS)
        .skip(LEAST_LETTERS - 1)
        .filter_map(|end| form.get(..end))
}
