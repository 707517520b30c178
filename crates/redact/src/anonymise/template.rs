//! Templates: what several tickets of several people have in common, and nothing of one alone.
//!
//! A template is a sequence of words and slots that stand in this order in at least [`Limits::tickets`] tickets of
//! [`Limits::subjects`] subjects and [`Limits::agents`] agents: k-anonymity (Sweeney 2002) of the text itself, not of a group
//! it was put into. It is found for each ticket from the tickets nearest to it, as their longest common subsequence; a ticket
//! that an earlier template fits as well as its own would gets that one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
}

impl Default for Limits {
    /// Five tickets of five subjects, answered by two agents.
    fn default() -> Self {
        Self {
            tickets: 5,
            subjects: 5,
            agents: 2,
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

/// Fewest words, slots left out, that are worth a template.
const LEAST_WORDS: usize = 3;
/// Longest part of a text that is looked at, in words and slots.
const LONGEST: usize = 160;
/// Nearest tickets that are tried for each place of a group.
const TRIED: usize = 16;
/// A word that more than so many tickets hold leads to no neighbour.
const COMMON: usize = 400;
/// Neighbours whose templates are tried.
const EARLIER: usize = 64;
/// An earlier template is taken where it keeps so much of what a new one would, in hundredths.
const AS_GOOD: f64 = 0.9;

/// Tickets to make templates of. Debug prints their number.
pub struct Templates {
    limits: Limits,
    tickets: Vec<Ticket>,
    words: Vec<Word>,
    ids: HashMap<String, usize>,
}

struct Ticket {
    /// Numbers of its words and slots, in their order.
    words: Vec<usize>,
    locale: Option<Locale>,
    backing: Backing,
}

/// A word in any spelling, or a slot.
struct Word {
    /// Spellings, and how many tickets have them.
    texts: BTreeMap<String, usize>,
    slot: bool,
    /// The tickets that hold it, ascending.
    holders: Vec<usize>,
}

impl Templates {
    /// No tickets yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            tickets: Vec::new(),
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
    /// As [`crate::anonymise`], but for the length: of a long text only what others wrote too is kept anyhow.
    pub fn add(
        &mut self,
        text: &Redacted,
        detector: &Detector,
        backing: Backing,
    ) -> Result<usize, AnonymiseError> {
        let text = slotted(text, detector)?;
        let at = self.tickets.len();
        let words = words_of(&text)
            .into_iter()
            .map(|(text, form)| self.number(at, text, form))
            .collect();
        self.tickets.push(Ticket {
            words,
            locale: detect_locale(&text),
            backing,
        });
        Ok(at)
    }

    /// The number of a word that ticket `at` holds.
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

    /// The template of every ticket, in the order they were added, or why it has none.
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
    /// assert_eq!(text, "Hello my name is {PERSON} I want to return the shoes of order {ORDER}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn build(&self) -> Vec<Result<Anonymised, AnonymiseError>> {
        let mut made: Vec<Pattern> = Vec::new();
        // The pattern that each ticket got.
        let mut of: Vec<Option<usize>> = Vec::with_capacity(self.tickets.len());
        for (at, ticket) in self.tickets.iter().enumerate() {
            let near = self.near(at, ticket);
            let own = self.own(ticket, near.clone());
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
                .filter(|(pattern, _)| fits(&pattern.words, &ticket.words))
                .max_by(|(a, _), (b, _)| a.value.total_cmp(&b.value));
            let number = match (earlier, own) {
                (Some((_, number)), _) => Some(number),
                (None, Some(words)) => {
                    made.push(Pattern {
                        text: self.rendered(&words, &ticket.words),
                        words,
                        value: wanted,
                    });
                    Some(made.len() - 1)
                }
                (None, None) => None,
            };
            of.push(number);
        }
        let text = |number: Option<usize>| Some(made.get(number?)?.text.clone());
        of.into_iter()
            .map(|number| {
                text(number)
                    .map(Anonymised::new)
                    .ok_or(AnonymiseError::Alone {
                        least: self.limits.tickets,
                    })
            })
            .collect()
    }

    /// What a ticket has in common with as many others as it takes.
    fn own(&self, ticket: &Ticket, mut near: Vec<usize>) -> Option<Vec<usize>> {
        let mut kept = ticket.words.clone();
        let mut subjects = BTreeSet::from([ticket.backing.subject]);
        let mut agents: BTreeSet<Label> = ticket.backing.agent.into_iter().collect();
        let known = self.tickets.iter().any(|t| t.backing.agent.is_some());
        let mut tickets = 1;
        while tickets < self.limits.tickets
            || subjects.len() < self.limits.subjects
            || known && agents.len() < self.limits.agents
        {
            // The last places are another agent's, where one is missing.
            let left = self.limits.tickets.saturating_sub(tickets);
            let must = known && self.limits.agents.saturating_sub(agents.len()) >= left.max(1);
            let tried = near.iter().enumerate().filter_map(|(place, other)| {
                let other = self.tickets.get(*other)?;
                let new = !subjects.contains(&other.backing.subject)
                    && (!must || other.backing.agent.is_some_and(|a| !agents.contains(&a)));
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
            let other = self.tickets.get(near.remove(place))?;
            kept = common;
            subjects.insert(other.backing.subject);
            agents.extend(other.backing.agent);
            tickets += 1;
        }
        let slot = |id: &&usize| self.words.get(**id).is_none_or(|word| word.slot);
        (kept.iter().filter(|id| !slot(id)).count() >= LEAST_WORDS).then_some(kept)
    }

    /// How much a word says: its inverse document frequency (Sparck Jones 1972); a slot a little.
    fn weight(&self, id: usize) -> f64 {
        match self.words.get(id) {
            Some(word) if !word.slot => {
                #[expect(clippy::cast_precision_loss, reason = "counts of tickets are small")]
                let share = (self.tickets.len() + 1) as f64 / (word.holders.len() + 1) as f64;
                0.1 + share.ln()
            }
            _ => 0.2,
        }
    }

    fn value(&self, words: &[usize]) -> f64 {
        words.iter().map(|id| self.weight(*id)).sum()
    }

    /// The tickets of the same language that share most with one, the nearest first.
    fn near(&self, at: usize, ticket: &Ticket) -> Vec<usize> {
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        let ids: BTreeSet<usize> = ticket.words.iter().copied().collect();
        for id in ids {
            // Words of everybody lead nowhere, but where there are few tickets all are near.
            let holders = self.words.get(id).map_or(&[][..], |word| &word.holders);
            if holders.len() <= COMMON.max(self.tickets.len() / 8) {
                for other in holders.iter().filter(|other| **other != at) {
                    *shared.entry(*other).or_default() += self.weight(id);
                }
            }
        }
        let mut near: Vec<(f64, usize)> = shared
            .into_iter()
            .filter_map(|(other, value)| {
                let theirs = self.tickets.get(other)?;
                #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
                let length = (theirs.words.len().max(1) as f64).sqrt();
                (theirs.locale == ticket.locale).then_some((value / length, other))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
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
    fn tickets(subjects: usize, agents: usize) -> Templates {
        let frames = [
            "hello i want to return the shoes because they are too small A thank you",
            "please send the invoice of my last purchase B again",
            "hello the parcel has not arrived since C what happened",
        ];
        let rare = [
            "zither", "moped", "kayak", "lathe", "viola", "ferret", "anvil",
        ];
        let mut all = Templates::new(Limits::default());
        for i in 0..60 {
            let text = frames[i % 3].replace(['A', 'B', 'C'], rare[i % 7]);
            let words: Vec<(&str, String)> = words_of(&text);
            let at = all.tickets.len();
            let words = words
                .into_iter()
                .map(|(t, f)| all.number(at, t, f))
                .collect();
            all.tickets.push(Ticket {
                words,
                locale: None,
                backing: Backing::new(label(i % subjects), Some(label(i % agents))),
            });
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
            .filter(|ticket| fits(&wanted, &ticket.words))
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
        let all = tickets(50, 4);
        let built = all.build();
        assert_eq!(built.len(), 60);
        for text in built {
            let text = text.unwrap();
            let (tickets, subjects, agents) = holders(&all, text.as_str());
            assert!(
                tickets >= 5 && subjects >= 5 && agents >= 2,
                "{}",
                text.as_str()
            );
            assert!(!text.as_str().contains("zither"), "{}", text.as_str());
        }
    }

    #[test]
    fn too_few_people_or_one_agent_have_none() {
        for (subjects, agents) in [(4, 3), (50, 1)] {
            let built = tickets(subjects, agents).build();
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
