//! Lines of a retention schedule: when records of a kind end, and what a law keeps until when.

use std::fmt;

use super::period::Period;
use crate::access::RoleSet;
use crate::category::Category;
use crate::id::TenantId;
use crate::name::ObligationId;
use crate::purpose::Purpose;
use crate::trigger::Trigger;

/// How a record ends (records management: the disposition).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "P037 knows deletion and anonymisation; whoever carries one out must know all"
)]
pub enum Disposition {
    /// Its key is destroyed.
    Erase,
    /// What is anonymous in it becomes a template, then its key is destroyed (recital 26). Of tickets and drafts only.
    Template,
}

impl Disposition {
    /// All dispositions.
    pub const ALL: [Self; 2] = [Self::Erase, Self::Template];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Template => "template",
        }
    }

    /// The stored byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self as u8
    }

    /// Takes a byte that [`Self::to_byte`] gave.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.to_byte() == byte)
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The phase between use and end in which few may still read: intermediate archiving, as the CNIL's guide to retention
/// periods of 2020 describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "how long, and for whom")]
pub struct Archive {
    /// How long the phase lasts.
    pub lasts: Period,
    /// Who may read in it.
    pub readers: RoleSet,
}

/// What a rule is about. A policy has at most one rule of each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "what two rules may not share")]
pub struct RuleKey {
    /// The kind of records.
    pub category: Category,
    /// Whose: one tenant's, or those of the house.
    pub tenant: Option<TenantId>,
    /// From what it counts.
    pub trigger: Trigger,
    /// Only records with this purpose.
    pub purpose: Option<Purpose>,
}

/// A rule: records of a kind end some time after an event (records management: a line of the retention schedule).
///
/// The rule `created` without a purpose is the default of its category; every category has one. A tenant's rule takes
/// the place of the house's with the same category, trigger and purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub(super) key: RuleKey,
    pub(super) after: Period,
    pub(super) disposition: Disposition,
    pub(super) archive: Option<Archive>,
}

impl Rule {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> RuleKey {
        self.key
    }

    /// How long after the event it is over.
    #[must_use]
    pub fn after(&self) -> Period {
        self.after
    }

    /// How the record ends.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        self.disposition
    }

    /// The phase between the rule's time and the end, if there is one.
    #[must_use]
    pub fn archive(&self) -> Option<Archive> {
        self.archive
    }

    /// Whether it is the default of its category.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.key.trigger == Trigger::Created && self.key.purpose.is_none()
    }

    /// The most seconds between the event and the end, the archive included.
    #[must_use]
    pub fn longest(&self) -> u32 {
        let archived = self.archive.map_or(0, |a| a.lasts.longest());
        self.after.longest().saturating_add(archived)
    }
}

/// A law that asks for records to be kept, whatever a person wishes (articles 6(1)(c), 17(3)(b)).
///
/// Only of categories that hold no text of a ticket: see [`Obligation::CATEGORIES`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Obligation {
    pub(super) id: ObligationId,
    pub(super) category: Category,
    pub(super) tenant: Option<TenantId>,
    pub(super) law: String,
    pub(super) article: String,
    pub(super) country: String,
    pub(super) trigger: Trigger,
    pub(super) lasts: Period,
}

impl Obligation {
    /// The categories that a law can ask for.
    pub const CATEGORIES: [Category; 3] =
        [Category::RightsCase, Category::Consent, Category::Billing];

    /// Its name.
    #[must_use]
    pub fn id(&self) -> ObligationId {
        self.id
    }

    /// Which records it keeps.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// Whose records, if not everybody's.
    #[must_use]
    pub fn tenant(&self) -> Option<TenantId> {
        self.tenant
    }

    /// The name of the law.
    #[must_use]
    pub fn law(&self) -> &str {
        &self.law
    }

    /// The article of the law.
    #[must_use]
    pub fn article(&self) -> &str {
        &self.article
    }

    /// Whose law: a member state's ISO 3166-1 code, or `EU`.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }

    /// From what it counts: [`Trigger::Created`] or [`Trigger::ContractEnd`].
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        self.trigger
    }

    /// How long it lasts. It keeps nothing beyond the end that was written when the record was made.
    #[must_use]
    pub fn lasts(&self) -> Period {
        self.lasts
    }

    /// Whether it concerns this tenant's records of this kind.
    pub(crate) fn concerns(&self, tenant: Option<TenantId>, category: Category) -> bool {
        self.category == category && (self.tenant.is_none() || self.tenant == tenant)
    }
}
