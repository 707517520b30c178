//! The time limits of a house, shortened at will and never lengthened beyond the ceilings.

pub(crate) mod approve;
pub(crate) mod diff;
pub(crate) mod dry_run;
pub(crate) mod period;
#[cfg(feature = "toml")]
mod read;
pub(crate) mod rule;
mod template;
mod write;

use crate::category::Category;
use crate::id::TenantId;
use crate::name::ObligationId;
use crate::record::{Expiry, Lifetime};
use crate::trigger::Trigger;
use crate::{Error, Timestamp};
use period::Period;
use rule::{Disposition, Obligation, Rule, RuleKey};

/// How soon after a bucket's end its key must be gone, at most.
const SWEEP_WITHIN: Lifetime = seconds(60);
/// How long before its end an unanswered ticket is warned of, of a life of 23 hours.
const WARN_BEFORE: u32 = 3 * 3600;
/// How much later than a ticket's end the alarm is raised: a bucket's quarter of an hour, the sweeper's minute, and
/// time.
const ALARM_LATER: u32 = 20 * 60;

/// A retention schedule: how long each kind of record lives, what ends it early, what a law keeps, who is warned when.
///
/// The default is what the house promises: ticket data 23 hours and gone once it was delivered, used or discarded;
/// drafts 28 days and 23 hours. A policy can only shorten: nothing lives longer than [`Category::ceiling`].
///
/// ```
/// use retention_policy::{Category, Policy};
/// let policy = Policy::default();
/// assert_eq!(policy.lifetime(Category::Session).as_seconds(), 23 * 3600);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    version: u32,
    /// Sorted by key. There is a default of the house for every category.
    rules: Vec<Rule>,
    /// Sorted by name.
    obligations: Vec<Obligation>,
    warn_before: Lifetime,
    sweep_within: Lifetime,
}

impl Default for Policy {
    fn default() -> Self {
        let mut rules: Vec<Rule> = Category::ALL.into_iter().map(of_the_house).collect();
        for trigger in [Trigger::Delivered, Trigger::Used, Trigger::Discarded] {
            // An attachment ends with its ticket.
            for category in [Category::Session, Category::Attachment] {
                rules.push(house_rule(category, trigger, Period::ZERO));
            }
        }
        let draft = Category::Draft;
        rules.push(Rule {
            disposition: Disposition::Template,
            ..house_rule(draft, Trigger::Discarded, fixed(draft.ceiling()))
        });
        rules.sort_by_key(Rule::key);
        Self {
            version: 1,
            rules,
            obligations: accounting().into_iter().collect(),
            warn_before: seconds(WARN_BEFORE),
            sweep_within: SWEEP_WITHIN,
        }
    }
}

impl Policy {
    /// Its version: from 1, and higher with every change.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// All rules, the house's defaults included, sorted by what they are about.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// All obligations, sorted by name.
    #[must_use]
    pub fn obligations(&self) -> &[Obligation] {
        &self.obligations
    }

    /// The obligation of this name.
    #[must_use]
    pub fn obligation(&self, id: ObligationId) -> Option<&Obligation> {
        self.obligations.iter().find(|o| o.id == id)
    }

    /// How long a record of this kind lives at most, where no tenant has rules of its own.
    #[must_use]
    pub fn lifetime(&self, category: Category) -> Lifetime {
        self.longest(None, category)
    }

    /// How long a tenant's record of this kind lives at most: the default rule with its archive, and at least every
    /// obligation that counts from the record's making. Calendar units count as their longest.
    #[must_use]
    pub fn lifetime_for(&self, tenant: TenantId, category: Category) -> Lifetime {
        self.longest(Some(tenant), category)
    }

    /// The expiry of a record made now, where no tenant has rules of its own.
    ///
    /// # Errors
    /// [`Error::ClockBeforeEpoch`].
    pub fn expiry(&self, category: Category, now: Timestamp) -> Result<Expiry, Error> {
        self.written(None, category, now)
    }

    /// The expiry of a tenant's record made now. Calendar units are counted from now.
    ///
    /// # Errors
    /// [`Error::ClockBeforeEpoch`].
    pub fn expiry_for(
        &self,
        tenant: TenantId,
        category: Category,
        now: Timestamp,
    ) -> Result<Expiry, Error> {
        self.written(Some(tenant), category, now)
    }

    /// How long before its end somebody is told of an unanswered ticket.
    #[must_use]
    pub fn warn_before_end(&self) -> Lifetime {
        self.warn_before
    }

    /// Age of an unanswered ticket at which somebody is told that it will expire, or go to the archive.
    #[must_use]
    pub fn warn_after(&self) -> Lifetime {
        let life = self.default_rule(None, Category::Session).after.longest();
        seconds(life.saturating_sub(self.warn_before.as_seconds()).max(1))
    }

    /// Age of ticket data at which the sweeper is late.
    #[must_use]
    pub fn alarm_after(&self) -> Lifetime {
        seconds(self.lifetime(Category::Session).as_seconds() + ALARM_LATER)
    }

    /// How soon after a bucket's end its key must be gone.
    #[must_use]
    pub fn sweep_within(&self) -> Lifetime {
        self.sweep_within
    }

    /// The rules in force for a tenant's records of this kind: its own, and those of the house that it has not replaced.
    pub(crate) fn in_force(
        &self,
        tenant: Option<TenantId>,
        category: Category,
    ) -> impl Iterator<Item = &Rule> {
        let own = tenant.map_or(&[][..], |own| self.of(category, Some(own)));
        let replaced = move |house: &Rule| {
            let key = RuleKey {
                tenant,
                ..house.key
            };
            tenant.is_some() && own.binary_search_by_key(&key, Rule::key).is_ok()
        };
        let house = self.of(category, None).iter();
        house.filter(move |rule| !replaced(rule)).chain(own)
    }

    /// The rules of a tenant, or of the house, for records of this kind.
    fn of(&self, category: Category, tenant: Option<TenantId>) -> &[Rule] {
        let wanted = (category, tenant);
        let place = |rule: &Rule| (rule.key.category, rule.key.tenant);
        let first = self.rules.partition_point(|rule| place(rule) < wanted);
        let after = self.rules.partition_point(|rule| place(rule) <= wanted);
        self.rules.get(first..after).unwrap_or_default()
    }

    /// The default of a category: the tenant's own, else the house's.
    pub(crate) fn default_rule(&self, tenant: Option<TenantId>, category: Category) -> Rule {
        self.in_force(tenant, category)
            .find(|rule| rule.is_default())
            .copied()
            .unwrap_or_else(|| of_the_house(category))
    }

    pub(crate) fn rule(&self, key: RuleKey) -> Option<&Rule> {
        let at = self.rules.binary_search_by_key(&key, Rule::key).ok()?;
        self.rules.get(at)
    }

    fn longest(&self, tenant: Option<TenantId>, category: Category) -> Lifetime {
        let rule = self.default_rule(tenant, category).longest();
        let law = self
            .kept_from_creation(tenant, category)
            .map(Period::longest)
            .max()
            .unwrap_or(0);
        seconds(rule.max(law).max(1)).min(category.ceiling())
    }

    fn written(
        &self,
        tenant: Option<TenantId>,
        category: Category,
        now: Timestamp,
    ) -> Result<Expiry, Error> {
        let ceiling = Expiry::after(now, category.ceiling())?;
        // Whole seconds, as the record keeps them.
        let made = ceiling.made();
        let rule = self.default_rule(tenant, category);
        let end = rule.after.after(made).and_then(|end| match rule.archive {
            Some(archive) => archive.lasts.after(end),
            None => Some(end),
        });
        let law = self
            .kept_from_creation(tenant, category)
            .filter_map(|lasts| lasts.after(made))
            .max();
        Ok(ceiling.at_most(end.max(law)))
    }

    fn kept_from_creation(
        &self,
        tenant: Option<TenantId>,
        category: Category,
    ) -> impl Iterator<Item = Period> {
        self.obligations
            .iter()
            .filter(move |o| o.trigger == Trigger::Created && o.concerns(tenant, category))
            .map(|o| o.lasts)
    }
}

/// The house's default of a category.
fn of_the_house(category: Category) -> Rule {
    let disposition = match category {
        Category::Draft => Disposition::Template,
        _ => Disposition::Erase,
    };
    Rule {
        disposition,
        ..house_rule(category, Trigger::Created, fixed(category.ceiling()))
    }
}

fn house_rule(category: Category, trigger: Trigger, after: Period) -> Rule {
    Rule {
        key: RuleKey {
            category,
            tenant: None,
            trigger,
            purpose: None,
        },
        after,
        disposition: Disposition::Erase,
        archive: None,
    }
}

/// What every member state asks of accounts: no erasure request ends them early.
fn accounting() -> Option<Obligation> {
    Some(Obligation {
        id: ObligationId::new("accounting").ok()?,
        category: Category::Billing,
        tenant: None,
        law: "Directive 2013/34/EU and national accounting law".to_owned(),
        article: "-".to_owned(),
        country: "EU".to_owned(),
        trigger: Trigger::Created,
        lasts: Period::months(120).ok()?,
    })
}

fn fixed(lifetime: Lifetime) -> Period {
    Period::seconds(lifetime.as_seconds()).unwrap_or(Period::ZERO)
}

/// Of a number that is within bounds by where it comes from.
const fn seconds(seconds: u32) -> Lifetime {
    match Lifetime::seconds(seconds) {
        Ok(lifetime) => lifetime,
        Err(_) => Lifetime::TICKET_CEILING,
    }
}
