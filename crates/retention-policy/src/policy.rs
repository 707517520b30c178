//! The time limits of a house, shortened at will and never lengthened beyond the ceilings.

use crate::category::Category;
use crate::record::{Expiry, Lifetime};
use crate::{Error, Timestamp};

/// How long each kind of record lives, and when somebody is warned.
///
/// The default is what the house promises: ticket data 23 hours, drafts 28 days and 23 hours.
///
/// ```
/// use retention_policy::{Category, Policy};
/// let policy = Policy::default();
/// assert_eq!(policy.lifetime(Category::Session).as_seconds(), 23 * 3600);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    session: Lifetime,
    draft: Lifetime,
    usage: Lifetime,
    proof: Lifetime,
    billing: Lifetime,
    warn: Lifetime,
    alarm: Lifetime,
    sweep_within: Lifetime,
}

impl Default for Policy {
    fn default() -> Self {
        const fn of(seconds: u32) -> Lifetime {
            match Lifetime::seconds(seconds) {
                Ok(lifetime) => lifetime,
                Err(_) => Lifetime::TICKET_CEILING,
            }
        }
        Self {
            session: Lifetime::TICKET_CEILING,
            draft: Lifetime::DRAFT_CEILING,
            usage: Lifetime::ANONYMOUS_CEILING,
            proof: Lifetime::PROOF_CEILING,
            billing: Lifetime::LAW_CEILING,
            warn: of(20 * 3600),
            alarm: of(23 * 3600 + 20 * 60),
            sweep_within: of(60),
        }
    }
}

/// The keys of [`Policy::from_toml`].
#[cfg(feature = "toml")]
const KEYS: &str = "session_hours, draft_days, usage_days, proof_days, billing_days, warn_hours";

impl Policy {
    /// How long a record of this kind lives.
    #[must_use]
    pub fn lifetime(&self, category: Category) -> Lifetime {
        match category {
            Category::Session | Category::Attachment => self.session,
            Category::Draft => self.draft,
            Category::Usage | Category::Template => self.usage,
            Category::RightsCase | Category::Consent => self.proof,
            Category::Billing => self.billing,
        }
    }

    /// The expiry of a record made now.
    ///
    /// # Errors
    /// [`Error::ClockBeforeEpoch`].
    pub fn expiry(&self, category: Category, now: Timestamp) -> Result<Expiry, Error> {
        Expiry::after(now, self.lifetime(category))
    }

    /// Age of an unanswered ticket at which somebody is told that it will expire.
    #[must_use]
    pub fn warn_after(&self) -> Lifetime {
        self.warn
    }

    /// Age of ticket data at which the sweeper is late.
    #[must_use]
    pub fn alarm_after(&self) -> Lifetime {
        self.alarm
    }

    /// How soon after a bucket's end its key must be gone.
    #[must_use]
    pub fn sweep_within(&self) -> Lifetime {
        self.sweep_within
    }

    /// Reads a policy. Keys left out keep the default; keys can only shorten.
    ///
    /// Keys, all whole numbers: `session_hours` (1-23), `draft_days` (1-28), `usage_days` (7-1095), `proof_days`
    /// (1-1825), `billing_days` (1-3653), `warn_hours` (below `session_hours`).
    ///
    /// # Errors
    /// [`Error::PolicySyntax`], [`Error::PolicyUnknownKey`], [`Error::PolicyBounds`], [`Error::PolicyOrder`]: nothing
    /// of a policy with a fault is used.
    #[cfg(feature = "toml")]
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        #[derive(serde::Deserialize)]
        struct Keys {
            session_hours: Option<i64>,
            draft_days: Option<i64>,
            usage_days: Option<i64>,
            proof_days: Option<i64>,
            billing_days: Option<i64>,
            warn_hours: Option<i64>,
            #[serde(flatten)]
            unknown: std::collections::BTreeMap<String, toml::Value>,
        }
        let line_of = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
        let keys: Keys = toml::from_str(text).map_err(|e| Error::PolicySyntax {
            line: e.span().map_or(1, |span| line_of(span.start)),
        })?;
        if let Some(name) = keys.unknown.keys().next() {
            let line = text.lines().position(|l| {
                l.trim_start()
                    .trim_start_matches(['[', '"', '\''])
                    .starts_with(name.as_str())
            });
            return Err(Error::PolicyUnknownKey {
                line: line.map_or(1, |n| n + 1),
                known: KEYS,
            });
        }
        let mut policy = Self::default();
        let bounded = |value: i64, key: &'static str, min: u32, max: u32| {
            u32::try_from(value)
                .ok()
                .filter(|v| (min..=max).contains(v))
                .ok_or(Error::PolicyBounds { key, min, max })
        };
        if let Some(hours) = keys.session_hours {
            policy.session = Lifetime::hours(bounded(hours, "session_hours", 1, 23)?)?;
        }
        if let Some(days) = keys.draft_days {
            policy.draft = Lifetime::days(bounded(days, "draft_days", 1, 28)?)?;
        }
        if let Some(days) = keys.usage_days {
            policy.usage = Lifetime::days(bounded(days, "usage_days", 7, 1095)?)?;
        }
        if let Some(days) = keys.proof_days {
            policy.proof = Lifetime::days(bounded(days, "proof_days", 1, 1825)?)?;
        }
        if let Some(days) = keys.billing_days {
            policy.billing = Lifetime::days(bounded(days, "billing_days", 1, 3653)?)?;
        }
        match keys.warn_hours {
            Some(hours) => policy.warn = Lifetime::hours(bounded(hours, "warn_hours", 1, 22)?)?,
            // A shortened session is warned of earlier without being told so.
            None if policy.warn >= policy.session => {
                policy.warn = Lifetime::seconds((policy.session.as_seconds() * 20 / 23).max(1))?;
            }
            None => {}
        }
        if policy.warn >= policy.session {
            return Err(Error::PolicyOrder {
                first: "warn_hours",
                second: "session_hours",
                rule: "the warning comes before the end",
            });
        }
        policy.alarm = Lifetime::seconds(policy.session.as_seconds() + 20 * 60)?;
        Ok(policy)
    }
}
