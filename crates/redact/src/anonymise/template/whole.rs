//! Templates of whole tickets: words that stand in this order in each of as many tickets as it takes.

use std::collections::BTreeSet;

use super::{Templates, Unit};
use crate::map::Label;

/// Fewest words, slots left out, that are worth a template.
const LEAST_WORDS: usize = 2;
/// Nearest tickets that are tried for each place of a group.
const TRIED: usize = 16;
/// A word that more than so many tickets hold leads to no neighbour.
const COMMON: usize = 400;
/// Nearest tickets that are looked at.
const NEAREST: usize = 256;
/// Neighbours whose templates are tried.
const EARLIER: usize = 64;
/// An earlier template is taken where it keeps so much of what a new one would, in hundredths.
const AS_GOOD: f64 = 0.9;

impl Templates {
    /// The template of every ticket, where it has one.
    pub(super) fn whole(&self) -> Vec<Option<String>> {
        let needed = self.agents();
        let mut made: Vec<Pattern> = Vec::new();
        // The pattern that each ticket got.
        let mut of: Vec<Option<usize>> = Vec::with_capacity(self.units.len());
        let mut shared = vec![0.0; self.units.len()];
        for (at, unit) in self.units.iter().enumerate() {
            let near = self.near(at, unit, &mut shared);
            let own = self.own(unit, near.clone(), needed);
            let wanted = own.as_ref().map_or(0.0, |own| self.value(own));
            let neighbours: BTreeSet<usize> = near
                .iter()
                .filter_map(|other| of.get(*other).copied().flatten())
                .take(EARLIER)
                .collect();
            let earlier = neighbours
                .into_iter()
                .filter_map(|number| Some((made.get(number)?, number)))
                .filter(|(pattern, _)| pattern.value >= wanted * AS_GOOD)
                .filter(|(pattern, _)| fits(&pattern.words, &unit.words))
                .max_by(|(a, _), (b, _)| a.value.total_cmp(&b.value));
            of.push(match (earlier, own) {
                (Some((_, number)), _) => Some(number),
                (None, Some(words)) => {
                    made.push(Pattern {
                        text: self.rendered(&words, &unit.words),
                        words,
                        value: wanted,
                    });
                    Some(made.len() - 1)
                }
                (None, None) => None,
            });
        }
        let texts = self.tickets.iter().map(|ticket| {
            let number = of.get(ticket.units.start).copied().flatten();
            let number = number.filter(|_| !ticket.units.is_empty())?;
            made.get(number).map(|pattern| pattern.text.clone())
        });
        texts.collect()
    }

    /// What a ticket has in common with as many others as it takes.
    fn own(&self, unit: &Unit, mut near: Vec<usize>, agents_needed: usize) -> Option<Vec<usize>> {
        let backing = self.backing(unit)?;
        let mut kept = unit.words.clone();
        let mut subjects = BTreeSet::from([backing.subject]);
        let mut agents: BTreeSet<Label> = backing.agent.into_iter().collect();
        let mut tickets = 1;
        while tickets < self.limits.tickets
            || subjects.len() < self.limits.subjects
            || agents.len() < agents_needed
        {
            // The last places are another agent's, where one is missing.
            let left = self.limits.tickets.saturating_sub(tickets);
            let missing = agents_needed.saturating_sub(agents.len());
            let must = missing > 0 && missing >= left;
            let tried = near.iter().enumerate().filter_map(|(place, other)| {
                let other = self.units.get(*other)?;
                let theirs = self.backing(other)?;
                let new = !subjects.contains(&theirs.subject)
                    && (!must || theirs.agent.is_some_and(|a| !agents.contains(&a)));
                new.then_some((place, other))
            });
            let mut best: Option<(f64, usize, Vec<usize>)> = None;
            for (place, other) in tried.take(TRIED) {
                let common = self.common(&kept, &other.words);
                let value = self.value(&common);
                if best.as_ref().is_none_or(|(most, ..)| value > *most) {
                    best = Some((value, place, common));
                }
            }
            let (_, place, common) = best?;
            let other = self.units.get(near.remove(place))?;
            let theirs = self.backing(other)?;
            kept = common;
            subjects.insert(theirs.subject);
            agents.extend(theirs.agent);
            tickets += 1;
        }
        let words = kept.iter().filter(|id| !self.is_slot(**id)).count();
        (words >= LEAST_WORDS).then_some(kept)
    }

    /// How much a word says: its inverse document frequency (Sparck Jones 1972); a slot a little.
    fn weight(&self, id: usize) -> f64 {
        match self.words.get(id) {
            Some(word) if !word.slot => {
                #[expect(clippy::cast_precision_loss, reason = "counts of tickets are small")]
                let share = (self.units.len() + 1) as f64 / (word.holders.len() + 1) as f64;
                0.1 + share.ln()
            }
            _ => 0.2,
        }
    }

    fn value(&self, words: &[usize]) -> f64 {
        words.iter().map(|id| self.weight(*id)).sum()
    }

    /// The tickets of the same language that share most with one, the nearest first. `shared` is all 0 before and after.
    fn near(&self, at: usize, unit: &Unit, shared: &mut [f64]) -> Vec<usize> {
        let mut met: Vec<usize> = Vec::new();
        let ids: BTreeSet<usize> = unit.words.iter().copied().collect();
        for id in ids {
            // Words of everybody lead nowhere, but where there are few tickets all are near.
            let holders = self.words.get(id).map_or(&[][..], |word| &word.holders);
            if holders.len() > COMMON.max(self.units.len() / 8) {
                continue;
            }
            let weight = self.weight(id);
            for other in holders.iter().filter(|other| **other != at) {
                if let Some(sum) = shared.get_mut(*other) {
                    if *sum == 0.0 {
                        met.push(*other);
                    }
                    *sum += weight;
                }
            }
        }
        let locale = self.tickets.get(unit.ticket).map(|t| t.locale);
        let mut near: Vec<(f64, usize)> = Vec::with_capacity(met.len());
        for other in met {
            let value = shared.get_mut(other).map_or(0.0, std::mem::take);
            let Some(theirs) = self.units.get(other) else {
                continue;
            };
            if self.tickets.get(theirs.ticket).map(|t| t.locale) == locale {
                #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
                let length = (theirs.words.len().max(1) as f64).sqrt();
                near.push((value / length, other));
            }
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(NEAREST);
        near.into_iter().map(|(_, other)| other).collect()
    }

    /// The words of `ours` that stand in `theirs` in the same order: the heaviest common subsequence (Wagner, Fischer 1974).
    fn common(&self, ours: &[usize], theirs: &[usize]) -> Vec<usize> {
        let width = theirs.len() + 1;
        let mut best = vec![0f64; (ours.len() + 1) * width];
        let get =
            |best: &[f64], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0.0);
        for (i, our) in ours.iter().enumerate() {
            let weight = self.weight(*our);
            for (j, their) in theirs.iter().enumerate() {
                let mut most = get(&best, i, j + 1).max(get(&best, i + 1, j));
                if our == their {
                    most = most.max(get(&best, i, j) + weight);
                }
                if let Some(cell) = best.get_mut((i + 1) * width + j + 1) {
                    *cell = most;
                }
            }
        }
        let (mut i, mut j) = (ours.len(), theirs.len());
        let mut common = Vec::new();
        while i > 0 && j > 0 {
            let here = get(&best, i, j);
            if here <= get(&best, i - 1, j) {
                i -= 1;
            } else if here <= get(&best, i, j - 1) {
                j -= 1;
            } else {
                common.extend(ours.get(i - 1));
                i -= 1;
                j -= 1;
            }
        }
        common.reverse();
        common
    }

    /// The words of a pattern as most tickets spell them, and dots where in `ticket` something stood between.
    fn rendered(&self, pattern: &[usize], ticket: &[usize]) -> String {
        let mut out = String::new();
        let mut rest = ticket.iter();
        for id in pattern {
            let skipped = rest.by_ref().take_while(|other| *other != id).count();
            if !out.is_empty() {
                out.push_str(if skipped > 0 { " ... " } else { " " });
            }
            out.push_str(self.spelt(*id));
        }
        out
    }
}

/// A template.
struct Pattern {
    words: Vec<usize>,
    value: f64,
    text: String,
}

/// Whether the words of a pattern stand in a ticket in this order.
fn fits(pattern: &[usize], ticket: &[usize]) -> bool {
    let mut words = ticket.iter();
    pattern.iter().all(|id| words.any(|word| word == id))
}
