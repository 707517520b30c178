//! Templates: what several tickets of several people have in common, and nothing of one alone.
//!
//! A line of a template is a phrase: words and slots that stand beside one another in a sentence of at least
//! [`Limits::tickets`] tickets of [`Limits::subjects`] subjects and [`Limits::agents`] agents. That is k-anonymity (Sweeney
//! 2002) of the line itself, not of a group it was put into. A sentence is cut into the longest such phrases, so a rare word
//! costs itself and not its sentence. A word alone needs half as many more tickets and subjects (7 where others need 5): it may be
//! a name or a product that no detector found. A word that too few have is generalised (Samarati 2001) to its longest beginning that
//! enough share, `cancel*`, never all of it, or goes. Case, accents, punctuation and the numbers of tags do not count.
//!
//! What holds of each line does not hold of the lines of one ticket together: five people wrote each, but perhaps one person
//! all of them. Whoever has the original tickets finds the one again. Who has a register of persons instead finds hardly
//! anybody, since the lines hold no value of one person; `docs/threat-model.md` says how that is measured. Where it is not
//! enough, give out the lines of all tickets without saying which stood together, or take [`Limits::whole`]: then the whole
//! text is a sequence of words that as many tickets hold in this order, found as the longest common subsequence with the
//! nearest tickets, and far less is left.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pii_detect::{Detector, Locale, detect_locale};

use super::slotted;
use crate::error::AnonymiseError;
use crate::map::Label;
use crate::tag::alias::fold;
use crate::text::{Anonymised, Redacted};

mod phrase;
mod whole;

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

    /// The words of a whole ticket must be common, in their order, not each phrase by itself: a template says less, and its
    /// lines together are held by as many as each of them.
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

/// Longest part of a text that is looked at, in words and slots.
const LONGEST: usize = 160;
/// Tickets to make templates of. Debug prints their number.
///
/// What the templates are still good for is measured by learning twice, A/B: hold a fifth of the tickets out before anything
/// is made, drawn by a hash of the subject so that nobody stands on both sides; train the same classifier (or search, or
/// prompt) once on the originals and once on the templates of the other four fifths; test both on the *originals* held out.
/// What B loses is the price, in points. Count a refused ticket as a row that B lacks, repeat with other draws, and look at the
/// mean and the worst: with 400 tested, one draw is good to 3 points. Do it before the originals go.
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
    /// Without case and accents, or the slot.
    form: String,
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
        let id = *self.ids.entry(form.clone()).or_insert(next);
        if id == next {
            self.words.push(Word {
                form,
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

    /// The template of every ticket, in the order the tickets were added, or why it has none.
    ///
    /// Takes time and room in proportion to the words, times the length of the longest phrase that enough hold.
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
        let texts = if self.limits.whole {
            self.whole()
        } else {
            self.phrases()
        };
        let least = self.limits.tickets;
        let text = |text: Option<String>| {
            text.map(Anonymised::new)
                .ok_or(AnonymiseError::Alone { least })
        };
        texts.into_iter().map(text).collect()
    }

    fn backing(&self, unit: &Unit) -> Option<&Backing> {
        self.tickets.get(unit.ticket).map(|ticket| &ticket.backing)
    }

    /// Agents that are needed: none where no ticket says who answered.
    fn agents(&self) -> usize {
        let known = self.tickets.iter().any(|t| t.backing.agent.is_some());
        if known { self.limits.agents } else { 0 }
    }

    fn is_slot(&self, id: usize) -> bool {
        self.words.get(id).is_none_or(|word| word.slot)
    }

    /// A word as most tickets spell it.
    fn spelt(&self, id: usize) -> &str {
        let most = self.words.get(id).and_then(|word| {
            let most = word.texts.iter().max_by_key(|(_, tickets)| **tickets);
            most.map(|(text, _)| text.as_str())
        });
        most.unwrap_or_default()
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Templates({} ticket(s))", self.tickets.len())
    }
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
mod tests;
