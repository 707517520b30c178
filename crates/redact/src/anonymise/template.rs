//! Templates: what several tickets of several people have in common, and nothing of one alone.
//!
//! A template is a sequence of words and slots that stand in this order in a sentence of at least [`Limits::tickets`] tickets of
//! [`Limits::subjects`] subjects and [`Limits::agents`] agents: k-anonymity (Sweeney 2002) of the text itself, not of a group
//! it was put into. It is found for each sentence from the sentences nearest to it, as their longest common subsequence; one
//! that an earlier template fits as well as its own would gets that one. With [`Limits::whole`] the same holds of whole tickets,
//! of which far less is common.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use pii_detect::{Detector, Locale, detect_locale};

use super::slotted;
use crate::error::AnonymiseError;
use crate::map::Label;
use crate::tag::alias::fold;
use crate::text::{Anonymised, Redacted};

/// How many must have a template's words in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    tickets: usize,
    subjects: usize,
    agents: usize,
    whole: bool,
}

impl Default for Limits {
    /// Five tickets of five subjects, answered by two agents.
    fn default() -> Self {
        Self {
            tickets: 5,
            subjects: 5,
            agents: 2,
            whole: false,
        }
    }
}

impl Limits {
    /// Of `k` tickets and as many subjects; `None` below 2, which protects nobody.
    #[must_use]
    pub fn new(k: usize) -> Option<Self> {
        (k >= 2).then_some(Self {
            tickets: k,
            subjects: k,
            ..Self::default()
        })
    }

    /// The words of a whole ticket must be common, not those of each sentence by itself.
    #[must_use]
    pub const fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Tickets.
    #[must_use]
    pub const fn tickets(self) -> usize {
        self.tickets
    }

    /// Different subjects among them.
    #[must_use]
    pub const fn subjects(self) -> usize {
        self.subjects
    }

    /// Different agents among them, where the tickets say who answered.
    #[must_use]
    pub const fn agents(self) -> usize {
        self.agents
    }
}

/// Whose ticket it is, and who answered. The labels mean something to the caller alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backing {
    subject: Label,
    agent: Option<Label>,
}

impl Backing {
    /// A ticket of a subject, answered by an agent if that is known.
    #[must_use]
    pub const fn new(subject: Label, agent: Option<Label>) -> Self {
        Self { subject, agent }
    }
}

/// Fewest words, slots left out, that are worth a template; of what is left of a sentence one will do.
const LEAST_WORDS: usize = 2;
/// Templates of a sentence: what the first leaves may be common to others.
const ROUNDS: usize = 3;
/// Longest part of a text that is looked at, in words and slots.
const LONGEST: usize = 160;
/// Nearest sentences that are tried for each place of a group.
const TRIED: usize = 16;
/// A word that more than so many sentences hold leads to no neighbour.
const COMMON: usize = 400;
/// Nearest sentences that are looked at.
const NEAREST: usize = 256;
/// Neighbours whose templates are tried.
const EARLIER: usize = 64;
/// An earlier template is taken where it keeps so much of what a new one would, in hundredths.
const AS_GOOD: f64 = 0.9;

/// Tickets to make templates of. Debug prints their number.
pub struct Templates {
    limits: Limits,
    tickets: Vec<Ticket>,
    units: Vec<Unit>,
    words: Vec<Word>,
    ids: HashMap<String, usize>,
}

struct Ticket {
    /// Its first sentence, and the one behind its last.
    units: Range<usize>,
    locale: Option<Locale>,
    backing: Backing,
}

/// A sentence, or a whole ticket.
struct Unit {
    /// Numbers of its words and slots, in their order.
    words: Vec<usize>,
    ticket: usize,
}

/// A word in any spelling, or a slot.
struct Word {
    /// Spellings, and how many sentences have them.
    texts: BTreeMap<String, usize>,
    slot: bool,
    /// The sentences that hold it, ascending.
    holders: Vec<usize>,
}

impl Templates {
    /// No tickets yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            tickets: Vec::new(),
            units: Vec::new(),
            words: Vec::new(),
            ids: HashMap::new(),
        }
    }

    /// Adds a ticket, tags and findings as slots and numbers gone; returns its place in [`Templates::build`].
    ///
    /// The detector should be one of highest recall ([`pii_detect::DetectorBuilder::recall_bias`] of 1): what it takes too much
    /// of is only a slot more.
    ///
    /// # Errors
    /// As [`crate::anonymise()`], but for the length: of a long text only what others wrote too is kept anyhow.
    pub fn add(
        &mut self,
        text: &Redacted,
        detector: &Detector,
        backing: Backing,
    ) -> Result<usize, AnonymiseError> {
        let text = slotted(text, detector)?;
        let at = self.tickets.len();
        self.take(&text, detect_locale(&text), backing);
        Ok(at)
    }

    /// Takes a text whose slots are made.
    fn take(&mut self, text: &str, locale: Option<Locale>, backing: Backing) {
        let ticket = self.tickets.len();
        let first = self.units.len();
        let parts: Vec<&str> = if self.limits.whole {
            vec![text]
        } else {
            text.split(['.', '!', '?', '\n', ';']).collect()
        };
        for part in parts {
            let at = self.units.len();
            let words: Vec<usize> = words_of(part)
                .into_iter()
                .map(|(text, form)| self.number(at, text, form))
                .collect();
            if !words.is_empty() {
                self.units.push(Unit { words, ticket });
            }
        }
        self.tickets.push(Ticket {
            units: first..self.units.len(),
            locale,
            backing,
        });
    }

    /// The number of a word that sentence `at` holds.
    fn number(&mut self, at: usize, text: &str, form: String) -> usize {
        let slot = form.starts_with('{');
        let next = self.words.len();
        let id = *self.ids.entry(form).or_insert(next);
        if id == next {
            self.words.push(Word {
                texts: BTreeMap::new(),
                slot,
                holders: Vec::new(),
            });
        }
        if let Some(word) = self.words.get_mut(id)
            && word.holders.last() != Some(&at)
        {
            word.holders.push(at);
            *word.texts.entry(text.to_owned()).or_default() += 1;
        }
        id
    }

    /// The templates of every ticket, a line each, in the order the tickets were added, or why it has none.
    ///
    /// ```
    /// use redact::{Backing, Detector, Gate, Label, Limits, MapId, PseudonymMap, Templates};
    /// let detector = Detector::builder().recall_bias(1.0).build().unwrap();
    /// let mut templates = Templates::new(Limits::default());
    /// let people = ["Marie", "Paul", "Zo\u{eb}", "Noor", "Jan", "Ines"];
    /// for (i, name) in people.iter().enumerate() {
    ///     let mut map = PseudonymMap::new(MapId([i as u8; 16]));
    ///     let text = format!("Hello, my name is {name}. I want to return the shoes of order 1234{i}.");
    ///     let text = Gate::new(&detector).seal(&text, &mut map)?;
    ///     let (subject, agent) = (Label([i as u8; 16]), Label([i as u8 % 3; 16]));
    ///     templates.add(&text, &detector, Backing::new(subject, Some(agent)))?;
    /// }
    /// let all = templates.build();
    /// let text = all[0].as_ref().unwrap().as_str();
    /// assert_eq!(text, "Hello my name is {PERSON}\nI want to return the shoes of order {ORDER}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn build(&self) -> Vec<Result<Anonymised, AnonymiseError>> {
        let mut made: Vec<Pattern> = Vec::new();
        // The patterns that each sentence got.
        let mut of: Vec<Vec<usize>> = Vec::with_capacity(self.units.len());
        let known = self.tickets.iter().any(|t| t.backing.agent.is_some());
        let mut shared = vec![0.0; self.units.len()];
        for (at, unit) in self.units.iter().enumerate() {
            let mut left = unit.words.clone();
            let mut numbers = Vec::new();
            for round in 0..ROUNDS {
                let least = if round == 0 { LEAST_WORDS } else { 1 };
                let part = Unit {
                    words: left,
                    ticket: unit.ticket,
                };
                let near = self.near(at, &part, &mut shared);
                let own = self.own(&part, near.clone(), known, least);
                let wanted = own.as_ref().map_or(0.0, |own| self.value(own));
                let neighbours: BTreeSet<usize> = near
                    .iter()
                    .filter_map(|other| of.get(*other))
                    .flatten()
                    .copied()
                    .take(EARLIER)
                    .collect();
                let earlier = neighbours
                    .into_iter()
                    .filter_map(|number| Some((made.get(number)?, number)))
                    .filter(|(pattern, _)| pattern.value >= wanted * AS_GOOD)
                    .filter(|(pattern, _)| fits(&pattern.words, &part.words))
                    .max_by(|(a, _), (b, _)| a.value.total_cmp(&b.value));
                let number = match (earlier, own) {
                    (Some((_, number)), _) => number,
                    (None, Some(words)) => {
                        made.push(Pattern {
                            text: self.rendered(&words, &part.words),
                            words,
                            value: wanted,
                        });
                        made.len() - 1
                    }
                    (None, None) => break,
                };
                numbers.push(number);
                // What it does not hold may be common to others than those who share this.
                let used = made.get(number).map_or(&[][..], |pattern| &pattern.words);
                left = without(&part.words, used);
                let says = |id: &usize| self.words.get(*id).is_some_and(|word| !word.slot);
                if self.limits.whole || !left.iter().any(says) {
                    break;
                }
            }
            of.push(numbers);
        }
        let lines = |ticket: &Ticket| {
            let numbers = of.get(ticket.units.clone()).unwrap_or_default();
            let lines = numbers.iter().flatten().filter_map(|n| made.get(*n));
            let lines: Vec<&str> = lines.map(|pattern| pattern.text.as_str()).collect();
            if lines.is_empty() {
                return Err(AnonymiseError::Alone {
                    least: self.limits.tickets,
                });
            }
            Ok(Anonymised::new(lines.join("\n")))
        };
        self.tickets.iter().map(lines).collect()
    }

    fn backing(&self, unit: &Unit) -> Option<&Backing> {
        self.tickets.get(unit.ticket).map(|ticket| &ticket.backing)
    }

    /// What a sentence has in common with those of as many others as it takes.
    fn own(
        &self,
        unit: &Unit,
        mut near: Vec<usize>,
        known: bool,
        least: usize,
    ) -> Option<Vec<usize>> {
        let backing = self.backing(unit)?;
        let mut kept = unit.words.clone();
        let mut subjects = BTreeSet::from([backing.subject]);
        let mut agents: BTreeSet<Label> = backing.agent.into_iter().collect();
        let mut tickets = 1;
        while tickets < self.limits.tickets
            || subjects.len() < self.limits.subjects
            || known && agents.len() < self.limits.agents
        {
            // The last places are another agent's, where one is missing.
            let left = self.limits.tickets.saturating_sub(tickets);
            let must = known && self.limits.agents.saturating_sub(agents.len()) >= left.max(1);
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
        let slot = |id: &&usize| self.words.get(**id).is_none_or(|word| word.slot);
        (kept.iter().filter(|id| !slot(id)).count() >= least).then_some(kept)
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

    /// The sentences of the same language that share most with one, the nearest first. `shared` is all 0 before and after.
    fn near(&self, at: usize, unit: &Unit, shared: &mut [f64]) -> Vec<usize> {
        let mut met: Vec<usize> = Vec::new();
        let ids: BTreeSet<usize> = unit.words.iter().copied().collect();
        for id in ids {
            // Words of everybody lead nowhere, but where there are few sentences all are near.
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
            let spelt = self.words.get(*id).and_then(|word| {
                let most = word.texts.iter().max_by_key(|(_, tickets)| **tickets);
                most.map(|(text, _)| text.as_str())
            });
            out.push_str(spelt.unwrap_or_default());
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

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Templates({} ticket(s))", self.tickets.len())
    }
}

/// Whether the words of a pattern stand in a ticket in this order.
fn fits(pattern: &[usize], ticket: &[usize]) -> bool {
    let mut words = ticket.iter();
    pattern.iter().all(|id| words.any(|word| word == id))
}

/// The words of a sentence without those of a pattern that fits it.
fn without(words: &[usize], pattern: &[usize]) -> Vec<usize> {
    let mut pattern = pattern.iter().peekable();
    words
        .iter()
        .filter(|word| pattern.next_if_eq(word).is_none())
        .copied()
        .collect()
}

/// Words and slots as they stand, and without case and accents; signs go.
fn words_of(text: &str) -> Vec<(&str, String)> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if words.len() >= LONGEST {
            break;
        }
        let end = if c == '{' {
            rest.find('}').map_or(rest.len(), |at| at + 1)
        } else if c.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '\u{2019}'))
                .unwrap_or(rest.len())
        } else {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        };
        let (word, tail) = rest.split_at(end);
        rest = tail;
        let mut form = String::with_capacity(word.len());
        if c == '{' {
            form.push_str(word);
        } else {
            for c in word.chars() {
                fold(c, &mut |c| form.push(c));
            }
        }
        words.push((word.trim_end_matches(['\'', '\u{2019}']), form));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::MapId;

    fn label(n: usize) -> Label {
        Label((n as u128).to_le_bytes())
    }

    /// Tickets of a few frames with words of their own; who wrote and who answered.
    fn tickets(limits: Limits, subjects: usize, agents: usize) -> Templates {
        let frames = [
            "hello i want to return the shoes because they are too small A. thank you all",
            "please send the invoice of my last purchase B again!",
            "hello the parcel has not arrived since C. what happened to it?",
        ];
        let mut all = Templates::new(limits);
        for i in 0..60 {
            let text = frames[i % 3].replace(
                ['A', 'B', 'C'],
                // A word that nobody else has.
                &format!("zither{}", "q".repeat(i + 1)),
            );
            let backing = Backing::new(label(i % subjects), Some(label(i % agents)));
            all.take(&text, None, backing);
        }
        all
    }

    /// How many tickets, subjects and agents hold the words of a text in its order.
    fn holders(all: &Templates, text: &str) -> (usize, usize, usize) {
        let wanted: Vec<usize> = words_of(text)
            .iter()
            .map(|(_, form)| all.ids[form])
            .collect();
        let fitting: Vec<&Ticket> = all
            .tickets
            .iter()
            .filter(|ticket| {
                let units = &all.units[ticket.units.clone()];
                units.iter().any(|unit| fits(&wanted, &unit.words))
            })
            .collect();
        let of = |f: fn(&Ticket) -> Label| fitting.iter().map(|t| f(t)).collect::<BTreeSet<_>>();
        (
            fitting.len(),
            of(|t| t.backing.subject).len(),
            of(|t| t.backing.agent.unwrap()).len(),
        )
    }

    #[test]
    fn a_template_is_in_five_tickets_of_five_people_and_two_agents() {
        for limits in [Limits::default(), Limits::default().whole()] {
            let all = tickets(limits, 50, 4);
            let built = all.build();
            assert_eq!(built.len(), 60);
            for text in built {
                let text = text.unwrap();
                for line in text.as_str().lines() {
                    let (tickets, subjects, agents) = holders(&all, line);
                    assert!(tickets >= 5 && subjects >= 5 && agents >= 2, "{line}");
                    assert!(!line.contains("zither"), "{line}");
                }
            }
        }
    }

    #[test]
    fn too_few_people_or_one_agent_have_none() {
        for (subjects, agents) in [(4, 3), (50, 1)] {
            let built = tickets(Limits::default(), subjects, agents).build();
            assert!(
                built
                    .iter()
                    .all(|t| matches!(t, Err(AnonymiseError::Alone { .. })))
            );
        }
        let said = Redacted::new("one two three".to_owned(), MapId([0; 16]));
        let mut alone = Templates::new(Limits::default());
        alone
            .add(&said, &Detector::new(), Backing::new(label(1), None))
            .unwrap();
        assert_eq!(format!("{alone:?}"), "Templates(1 ticket(s))");
        assert!(alone.build()[0].is_err());
        assert!(Limits::new(1).is_none());
    }
}
