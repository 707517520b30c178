//! Bills, made of events alone: whoever has the events has the bill, in whatever order they lie.

use std::collections::BTreeMap;
use std::fmt;

use super::{UsageEvent, Week};
use crate::decision::Outcome;

/// Prices in the smallest unit of a currency (cents). What is not named costs nothing.
///
/// ```
/// use suggest_core::{Bill, Tariff};
/// let tariff = Tariff::new("EUR").accepted(12).edited(8);
/// let bill = Bill::of(&[], &tariff)?;
/// assert_eq!(bill.total(), 0);
/// # Ok::<(), suggest_core::BillError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    currency: String,
    accepted: u32,
    edited: u32,
    discarded: u32,
    silent: u32,
}

impl Tariff {
    /// A tariff in a currency (ISO 4217) in which nothing costs anything.
    #[must_use]
    pub fn new(currency: impl Into<String>) -> Self {
        Self {
            currency: currency.into(),
            accepted: 0,
            edited: 0,
            discarded: 0,
            silent: 0,
        }
    }

    /// The price of a draft that was sent as shown.
    #[must_use]
    pub const fn accepted(mut self, price: u32) -> Self {
        self.accepted = price;
        self
    }

    /// The price of a draft that was sent with changes.
    #[must_use]
    pub const fn edited(mut self, price: u32) -> Self {
        self.edited = price;
        self
    }

    /// The price of a draft that was thrown away.
    #[must_use]
    pub const fn discarded(mut self, price: u32) -> Self {
        self.discarded = price;
        self
    }

    /// The price of a message without a draft.
    #[must_use]
    pub const fn silent(mut self, price: u32) -> Self {
        self.silent = price;
        self
    }

    const fn price(&self, of: Billed) -> u32 {
        match of {
            Billed::Accepted => self.accepted,
            Billed::Edited => self.edited,
            Billed::Discarded => self.discarded,
            Billed::Silent => self.silent,
        }
    }
}

/// What is counted for a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Billed {
    Accepted,
    Edited,
    Discarded,
    Silent,
}

impl Billed {
    const fn of(event: &UsageEvent) -> Self {
        match event.outcome() {
            Some(Outcome::Accepted) => Self::Accepted,
            Some(Outcome::Edited(_)) => Self::Edited,
            Some(Outcome::Discarded(_)) => Self::Discarded,
            None => Self::Silent,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Edited => "edited",
            Self::Discarded => "discarded",
            Self::Silent => "none",
        }
    }
}

/// One line of a bill: a week, an outcome, how many, what one costs, what all cost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillLine {
    /// The week.
    pub week: Week,
    /// `accepted`, `edited`, `discarded` or `none`.
    pub outcome: &'static str,
    /// How many events.
    pub count: u64,
    /// The price of one, in the smallest unit.
    pub price: u32,
    /// The price of all, in the smallest unit.
    pub amount: u64,
}

/// A bill that cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillError {
    /// More money than a number holds.
    #[error("the sum does not fit into 64 bits: bill fewer weeks at once")]
    TooLarge,
}

/// What a tenant owes for its events. Counts of a whole tenant and week say nothing about one person, so small ones stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    currency: String,
    lines: Vec<BillLine>,
    total: u64,
}

impl Bill {
    /// Counts events and prices them. The order of the events does not count, and nothing else than they does.
    ///
    /// # Errors
    /// [`BillError::TooLarge`].
    pub fn of<'e>(
        events: impl IntoIterator<Item = &'e UsageEvent>,
        tariff: &Tariff,
    ) -> Result<Self, BillError> {
        let mut counts: BTreeMap<(Week, Billed), u64> = BTreeMap::new();
        for event in events {
            *counts.entry((event.week(), Billed::of(event))).or_default() += 1;
        }
        let mut total: u64 = 0;
        let mut lines = Vec::with_capacity(counts.len());
        for ((week, of), count) in counts {
            let price = tariff.price(of);
            let amount = count
                .checked_mul(u64::from(price))
                .ok_or(BillError::TooLarge)?;
            total = total.checked_add(amount).ok_or(BillError::TooLarge)?;
            lines.push(BillLine {
                week,
                outcome: of.code(),
                count,
                price,
                amount,
            });
        }
        Ok(Self {
            currency: tariff.currency.clone(),
            lines,
            total,
        })
    }

    /// The lines, by week and outcome.
    #[must_use]
    pub fn lines(&self) -> &[BillLine] {
        &self.lines
    }

    /// The sum, in the smallest unit.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }
}

impl fmt::Display for Bill {
    /// A table: week, outcome, count, price, amount.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let money = |n: u64| format!("{}.{:02}", n / 100, n % 100);
        writeln!(
            f,
            "{:<9} {:<10} {:>9} {:>9} {:>12}",
            "week", "outcome", "count", "price", self.currency
        )?;
        for line in &self.lines {
            writeln!(
                f,
                "{:<9} {:<10} {:>9} {:>9} {:>12}",
                line.week.to_string(),
                line.outcome,
                line.count,
                money(u64::from(line.price)),
                money(line.amount)
            )?;
        }
        write!(f, "{:<41}{:>12}", "total", money(self.total))
    }
}
