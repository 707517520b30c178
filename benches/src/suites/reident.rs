//! Generator and attackers for re-identification: who can still be found in what was published?
//!
//! [`world`] invents a register of customers and their support tickets. The judged code gets [`World::rows`] and answers
//! with lines `{"id","text"}` or `{"id","refused":"code"}`; [`World::outcome`] reads them and groups equal texts, since
//! a template comes out once for every ticket it stands for.
//!
//! - [`attacker_a`] has the register and the published texts, and joins them: [`World::score`] says how often somebody
//!   behind a text ranks first, beside chance.
//! - [`attacker_b`] has the original tickets as well: [`World::score_links`]. A figure without a bar, since whoever has
//!   the originals needs no published text.
//! - [`utility()`] measures what the texts are still good for: [`World::utility`].
//!
//! Written from the requirements, without reading the code it judges. Everything follows from the seed: 1 is for
//! development, another one, drawn later, is held back. Nothing in the register or the tickets is real; lists and
//! sentences stand in `reident/*.txt`.

mod attack_a;
mod attack_b;
mod data;
mod evidence;
mod register;
mod text;
mod tickets;
mod utility;

pub use attack_a::{AttackerA, attacker_a};
pub use attack_b::attacker_b;
pub use utility::{Labelled, Utility, held_out, utility};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use text::real;

/// Persons of the register.
pub const PERSONS: usize = 10_000;
/// Tickets.
pub const TICKETS: usize = 2_000;
/// What customers want.
pub const INTENTS: [&str; 14] = [
    "late_parcel",
    "refund",
    "wrong_size",
    "invoice_copy",
    "address_change",
    "login",
    "cancel",
    "warranty",
    "double_charge",
    "damaged",
    "wrong_item",
    "voucher",
    "return_label",
    "newsletter_stop",
];

/// An order of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// As it is printed: `AL-123456`, `1234-5678` or `B12345678`.
    pub number: String,
    /// The day it was placed.
    pub date: NaiveDate,
    /// Title in the catalogue, in the customer's language.
    pub product: String,
}

/// A customer of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// `p` and five digits.
    pub id: String,
    /// Two letters.
    pub lang: &'static str,
    /// Given name.
    pub given: String,
    /// Surname, of one or more words.
    pub surname: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number, as the customer writes it.
    pub phone: String,
    /// Town or village.
    pub town: String,
    /// The region the town lies in.
    pub region: String,
    /// One to three orders.
    pub orders: Vec<Order>,
}

/// Who answers tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// `a` and two digits.
    pub id: String,
    /// Given name and surname; some customers mention it.
    pub name: String,
}

/// What a planted value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The writer's full name.
    Person,
    /// The writer's given name alone.
    Given,
    /// The writer's initials.
    Initials,
    /// The writer's surname with an initial.
    Abbreviated,
    /// The writer's e-mail address.
    Email,
    /// The writer's telephone number.
    Phone,
    /// A whole order number.
    Order,
    /// The last digits of an order number.
    OrderPart,
    /// The day of the order.
    Date,
    /// The month of the order.
    Month,
    /// The weekday of the order.
    Weekday,
    /// Where the writer lives: a town.
    Town,
    /// Where the writer lives: a village.
    Village,
    /// What was ordered.
    Product,
    /// What was ordered, where hardly anybody else ordered it.
    RareProduct,
    /// A pet's name, which some e-mail addresses hold.
    Pet,
    /// A profession, which some e-mail addresses hold.
    Profession,
    /// A single event of the writer's life.
    Event,
    /// The full name of somebody else.
    OtherPerson,
    /// The full name of an agent.
    Agent,
}

impl Kind {
    /// Names of any form, of anybody.
    pub const NAMES: [Self; 6] = [
        Self::Person,
        Self::Given,
        Self::Initials,
        Self::Abbreviated,
        Self::OtherPerson,
        Self::Agent,
    ];
    /// Values that stand for one person of the register alone.
    pub const UNIQUE: [Self; 3] = [Self::Email, Self::Phone, Self::Order];
}

/// A value that was put into a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planted {
    /// What it is.
    pub kind: Kind,
    /// As it stands in the text.
    pub value: String,
}

/// A ticket, with the truth about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ticket {
    /// `t` and five digits.
    pub id: String,
    /// The language it is written in.
    pub lang: &'static str,
    /// One of [`INTENTS`].
    pub intent: &'static str,
    /// The [`Person::id`] of who wrote it.
    pub subject: String,
    /// The [`Agent::id`] of who answers it.
    pub agent: String,
    /// What was written.
    pub text: String,
    /// Every value in it; those of one sentence stand there as often as the sentence says them.
    pub planted: Vec<Planted>,
}

impl Ticket {
    /// The text with `[KIND]` for every planted value of these kinds: a lower line to compare with.
    #[must_use]
    pub fn masked(&self, kinds: &[Kind]) -> String {
        let mut values: Vec<&Planted> = self.planted.iter().collect();
        values.retain(|p| kinds.contains(&p.kind));
        // Longest first: a given name is part of the full name.
        values.sort_by_key(|p| std::cmp::Reverse(p.value.len()));
        let mut out = self.text.clone();
        for p in values {
            let tag = format!("[{:?}]", p.kind).to_uppercase();
            out = out.replace(&p.value, &tag);
        }
        out
    }
}

/// A published text and the tickets it stands for.
///
/// The attackers read the text alone; the tickets are for counting.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// A template or a single anonymised text.
    pub text: String,
    /// Ids of the tickets.
    pub tickets: Vec<String>,
}

impl Published {
    /// A text that stands for these tickets.
    #[must_use]
    pub fn new(text: String, tickets: Vec<String>) -> Self {
        Self { text, tickets }
    }
}

/// Persons by place in the register with their score, best first, for every published text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ranking {
    /// The best ten of each text.
    pub rows: Vec<Vec<(usize, f64)>>,
}

/// A share, with what chance would give.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Figure {
    /// Texts found out.
    pub hits: usize,
    /// Texts tried.
    pub tried: usize,
    /// Mean of what a blind guess would find.
    pub chance: f64,
}

impl Figure {
    /// Hits of those tried; 0 where nothing was published.
    #[must_use]
    pub fn share(&self) -> f64 {
        real(self.hits) / real(self.tried.max(1))
    }

    /// The 95 % interval of the share (Wilson 1927); 0 to 1 where nothing was published.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        if self.tried == 0 {
            return (0.0, 1.0);
        }
        let (n, p, z) = (real(self.tried), self.share(), 1.96_f64);
        let middle = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        let (low, high) = ((middle - half) / scale, (middle + half) / scale);
        (low.max(0.0), high.min(1.0))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.interval();
        write!(
            f,
            "{} / {} ({:.2} %, 95 % interval {:.2} to {:.2} %, chance {:.3} %)",
            self.hits,
            self.tried,
            self.share() * 100.0,
            low * 100.0,
            high * 100.0,
            self.chance * 100.0
        )
    }
}

/// What the judged code answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Outcome {
    /// Different texts, sorted, each with its tickets.
    pub published: Vec<Published>,
    /// How often each code of refusal came.
    pub refused: BTreeMap<String, usize>,
    /// Tickets without an answer.
    pub missing: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    text: &'a str,
    subject: &'a str,
    agent: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    text: Option<String>,
    refused: Option<String>,
}

/// The register, the tickets and the agents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct World {
    /// Everybody whom attacker A knows.
    pub register: Vec<Person>,
    /// Tickets with the truth about them.
    pub tickets: Vec<Ticket>,
    /// Twelve agents.
    pub agents: Vec<Agent>,
}

/// Invents [`PERSONS`] persons and [`TICKETS`] tickets; the same seed gives the same world.
#[must_use]
pub fn world(seed: u64) -> World {
    let data = data::Data::load();
    let (register, lives) = register::register(seed, &data, PERSONS);
    let names = data.list("all", "agents");
    let agents: Vec<Agent> = names
        .iter()
        .zip(1..)
        .map(|(name, n)| Agent {
            id: format!("a{n:02}"),
            name: name.clone(),
        })
        .collect();
    let tickets = tickets::tickets(seed, &data, &register, &lives, &agents, TICKETS);
    World {
        register,
        tickets,
        agents,
    }
}

impl World {
    /// All that the judged code gets: `{"id","text","subject","agent"}`, a line for each ticket.
    ///
    /// # Errors
    /// If a row cannot be written as JSON.
    pub fn rows(&self) -> Result<Vec<String>, serde_json::Error> {
        let row = |t: &Ticket| {
            serde_json::to_string(&Row {
                id: &t.id,
                text: &t.text,
                subject: &t.subject,
                agent: &t.agent,
            })
        };
        self.tickets.iter().map(row).collect()
    }

    /// Reads the answers and groups equal texts.
    ///
    /// # Errors
    /// Names the line that is no answer, or that answers a ticket which does not exist or has an answer already.
    pub fn outcome<'a>(&self, lines: impl IntoIterator<Item = &'a str>) -> Result<Outcome, String> {
        let mut open: BTreeSet<&str> = self.tickets.iter().map(|t| t.id.as_str()).collect();
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut out = Outcome::default();
        for (line, n) in lines.into_iter().zip(1..) {
            let answer: Answer = serde_json::from_str(line).map_err(|_| {
                format!("line {n}: write {{\"id\",\"text\"}} or {{\"id\",\"refused\"}}")
            })?;
            if !open.remove(answer.id.as_str()) {
                return Err(format!("line {n}: answer each ticket once"));
            }
            match (answer.text, answer.refused) {
                (Some(text), None) => texts.entry(text).or_default().push(answer.id),
                (None, Some(code)) => *out.refused.entry(code).or_default() += 1,
                _ => return Err(format!("line {n}: write either a text or a refusal")),
            }
        }
        let group = |(text, tickets)| Published { text, tickets };
        out.published = texts.into_iter().map(group).collect();
        out.missing = open.len();
        Ok(out)
    }

    /// The share of texts for which somebody behind them ranks first, beside persons behind / persons known.
    #[must_use]
    pub fn score(&self, ranking: &Ranking, published: &[Published]) -> Figure {
        let subjects: BTreeMap<&str, &str> = self
            .tickets
            .iter()
            .map(|t| (t.id.as_str(), t.subject.as_str()))
            .collect();
        let (mut hits, mut chance) = (0, 0.0);
        for (row, text) in ranking.rows.iter().zip(published) {
            let own: BTreeSet<&str> = text
                .tickets
                .iter()
                .filter_map(|t| subjects.get(t.as_str()).copied())
                .collect();
            let first = row.first().and_then(|best| self.register.get(best.0));
            hits += usize::from(first.is_some_and(|p| own.contains(p.id.as_str())));
            chance += real(own.len()) / real(self.register.len().max(1));
        }
        Figure {
            hits,
            tried: published.len(),
            chance: chance / real(published.len().max(1)),
        }
    }

    /// The share of texts that [`attacker_b`] linked to one of their own tickets, beside tickets behind / tickets known.
    #[must_use]
    pub fn score_links(&self, links: &[Option<usize>], published: &[Published]) -> Figure {
        let (mut hits, mut chance) = (0, 0.0);
        for (link, text) in links.iter().zip(published) {
            let ticket = link.and_then(|n| self.tickets.get(n));
            hits += usize::from(ticket.is_some_and(|t| text.tickets.contains(&t.id)));
            chance += real(text.tickets.len()) / real(self.tickets.len().max(1));
        }
        Figure {
            hits,
            tried: published.len(),
            chance: chance / real(published.len().max(1)),
        }
    }

    /// Intent accuracy on held-out originals, after learning from the other originals and from what was published for them.
    ///
    /// A template counts once for every ticket it stands for; what was published for held-out tickets is not learned from.
    #[must_use]
    pub fn utility(&self, published: &[Published]) -> Utility {
        let intents: BTreeMap<&str, &str> = self
            .tickets
            .iter()
            .map(|t| (t.id.as_str(), t.intent))
            .collect();
        let (test, train): (Vec<&Ticket>, Vec<&Ticket>) =
            self.tickets.iter().partition(|t| held_out(&t.id));
        fn label<'a>(t: &&'a Ticket) -> Labelled<'a> {
            Labelled::new(t.intent, &t.text)
        }
        let originals: Vec<Labelled<'_>> = train.iter().map(label).collect();
        let test: Vec<Labelled<'_>> = test.iter().map(label).collect();
        let mut answers: Vec<(&str, Labelled<'_>)> = Vec::new();
        for text in published {
            for id in text.tickets.iter().filter(|id| !held_out(id)) {
                if let Some(intent) = intents.get(id.as_str()) {
                    answers.push((id, Labelled::new(intent, &text.text)));
                }
            }
        }
        // In the order of the tickets, so that sums of equal texts come out equal.
        answers.sort_by_key(|a| a.0);
        let learned: Vec<Labelled<'_>> = answers.into_iter().map(|a| a.1).collect();
        Utility {
            originals: utility(&originals, &test),
            published: utility(&learned, &test),
            learned: (originals.len(), learned.len()),
            tested: test.len(),
        }
    }
}

#[cfg(test)]
mod tests;
