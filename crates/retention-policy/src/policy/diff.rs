//! What a newer policy changes, in sentences for whoever approves it.

mod obligations;
mod rules;

use std::fmt;

use super::Policy;
use super::period::{Period, in_words};
use crate::category::Category;
use crate::id::TenantId;
use crate::name::ObligationId;
use crate::trigger::Trigger;

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "kept for less or more, seen by fewer or more, or neither"
)]
pub enum Effect {
    /// Something ends sooner.
    Shorter,
    /// Something can be kept longer.
    Longer,
    /// Fewer may read, or what was anonymised is erased.
    Stricter,
    /// More may read, what was erased is anonymised, or keys go later.
    Looser,
    /// Nothing of this: another warning, a law's other name.
    Other,
}

impl Effect {
    /// In a word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shorter => "shorter",
            Self::Longer => "longer",
            Self::Stricter => "stricter",
            Self::Looser => "looser",
            Self::Other => "other",
        }
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum What {
    /// When records end after this event.
    Rule(Trigger),
    /// How they end.
    Disposition(Trigger),
    /// How long they are archived.
    Archive(Trigger),
    /// Who reads the archive.
    Readers(Trigger),
    /// What a law keeps.
    Obligation(ObligationId),
    /// When somebody is warned.
    Warning,
    /// How soon keys go.
    Sweep,
}

/// One change. Its Display is a sentence: `draft: ends 14 days after it was created, before: 28 days 23 hours
/// (shorter)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    category: Option<Category>,
    tenant: Option<TenantId>,
    what: What,
    effect: Effect,
    sentence: String,
}

impl Change {
    /// Of which records; none if of all.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Of whose; none if of the house.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// What is changed.
    #[must_use]
    pub fn what(&self) -> What {
        self.what
    }

    /// Which way.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.category {
            Some(category) => f.write_str(category.code())?,
            None => f.write_str("all records")?,
        }
        if let Some(tenant) = self.tenant {
            write!(f, " of tenant {tenant}")?;
        }
        write!(f, ": {}", self.sentence)?;
        if self.effect == Effect::Other {
            Ok(())
        } else {
            write!(f, " ({})", self.effect.code())
        }
    }
}

/// All changes between two policies. Its Display is a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDiff {
    from: u32,
    to: u32,
    changes: Vec<Change>,
}

impl PolicyDiff {
    /// The versions: of the older and of the newer policy.
    #[must_use]
    pub fn versions(&self) -> (u32, u32) {
        (self.from, self.to)
    }

    /// The changes, by category, tenant and what they are about.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether nothing is changed but perhaps the version.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether something can be kept longer: a second person approves such a policy.
    #[must_use]
    pub fn lengthens(&self) -> bool {
        self.has(Effect::Longer)
    }

    /// Whether something is seen by more people, anonymised instead of erased, or swept later.
    #[must_use]
    pub fn loosens(&self) -> bool {
        self.has(Effect::Looser)
    }

    /// Whether the newer policy has a higher version, as every changed one must.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.to > self.from
    }

    fn has(&self, effect: Effect) -> bool {
        self.changes.iter().any(|c| c.effect == effect)
    }
}

impl fmt::Display for PolicyDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            return writeln!(f, "nothing changes");
        }
        self.changes.iter().try_for_each(|c| writeln!(f, "{c}"))
    }
}

impl Policy {
    /// What a newer policy would change, each change with its effect.
    ///
    /// Where a fixed period takes the place of one of the calendar, or the other way round, it counts as longer if it is
    /// longer for any record.
    ///
    /// ```
    /// use retention_policy::Policy;
    /// let newer = Policy::from_toml(r#"
    ///     schema = 1
    ///     version = 2
    ///     [[rule]]
    ///     category = "draft"
    ///     trigger = "created"
    ///     after = "14d"
    ///     action = "template"
    /// "#)?;
    /// let diff = Policy::default().diff(&newer);
    /// assert_eq!(
    ///     diff.to_string(),
    ///     "draft: ends 14 days after it was created, before: 28 days 23 hours (shorter)\n",
    /// );
    /// assert!(!diff.lengthens() && newer.diff(&Policy::default()).lengthens());
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    #[must_use]
    pub fn diff(&self, newer: &Self) -> PolicyDiff {
        let mut changes = rules::changes(self, newer);
        changes.extend(obligations::changes(self, newer));
        changes.sort_by_key(|c| (c.category, c.tenant, c.what));
        let (older, now) = (self.warn_before, newer.warn_before);
        if older != now {
            changes.push(of_all(
                What::Warning,
                Effect::Other,
                format!(
                    "unanswered tickets are warned of {} before their end, before: {}",
                    in_words(now.as_seconds()),
                    in_words(older.as_seconds())
                ),
            ));
        }
        let (older, now) = (self.sweep_within, newer.sweep_within);
        if older != now {
            let effect = if now > older {
                Effect::Looser
            } else {
                Effect::Stricter
            };
            changes.push(of_all(
                What::Sweep,
                effect,
                format!(
                    "keys go within {} of a bucket's end, before: {}",
                    in_words(now.as_seconds()),
                    in_words(older.as_seconds())
                ),
            ));
        }
        PolicyDiff {
            from: self.version,
            to: newer.version,
            changes,
        }
    }
}

fn of_all(what: What, effect: Effect, sentence: String) -> Change {
    Change {
        category: None,
        tenant: None,
        what,
        effect,
        sentence,
    }
}

/// Which way a period goes; none if it stays. Longer if it is for any beginning.
fn way(older: Period, newer: Period) -> Option<Effect> {
    use std::cmp::Ordering;
    match older.compare(newer) {
        Some(Ordering::Equal) => None,
        Some(Ordering::Less) => Some(Effect::Longer),
        Some(Ordering::Greater) => Some(Effect::Shorter),
        None if newer.bounds().1 <= older.bounds().0 => Some(Effect::Shorter),
        None => Some(Effect::Longer),
    }
}
