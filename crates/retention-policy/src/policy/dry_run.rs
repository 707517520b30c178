//! What a newer policy would do to the records there are, before it does it.

use std::collections::BTreeMap;
use std::fmt;

use super::Policy;
use crate::Timestamp;
use crate::category::Category;
use crate::id::TenantId;
use crate::verdict::Dossier;

/// What would become of one tenant's records of one kind. Every record counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DryRunRow {
    /// End when they would have ended anyway.
    pub unchanged: u64,
    /// Would be due at once.
    pub ends_now: u64,
    /// Would be due earlier than now planned, but not at once.
    pub ends_earlier: u64,
    /// The earliest new end of those that end earlier.
    pub earliest: Option<Timestamp>,
    /// Would be due later, and still at or before the end that was written.
    pub ends_later: u64,
    /// Would have been written with a later end. They keep the end they have: one that was written is never postponed.
    pub would_end_later: u64,
    /// Kept by a hold, whatever the policy says.
    pub held: u64,
}

/// A newer policy tried on records. Its Display is a small table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    rows: BTreeMap<(TenantId, Category), DryRunRow>,
}

impl DryRun {
    /// The rows, by tenant and category.
    pub fn rows(&self) -> impl Iterator<Item = (TenantId, Category, &DryRunRow)> {
        self.rows.iter().map(|((t, c), row)| (*t, *c, row))
    }

    /// Takes in what came of more records, of the same two policies.
    pub fn add(&mut self, more: Self) {
        for (key, row) in more.rows {
            let sum = self.rows.entry(key).or_default();
            sum.unchanged += row.unchanged;
            sum.ends_now += row.ends_now;
            sum.ends_earlier += row.ends_earlier;
            sum.earliest = sum.earliest.into_iter().chain(row.earliest).min();
            sum.ends_later += row.ends_later;
            sum.would_end_later += row.would_end_later;
            sum.held += row.held;
        }
    }

    /// The row of a tenant's records of a kind, if there were any.
    #[must_use]
    pub fn row(&self, tenant: TenantId, category: Category) -> Option<&DryRunRow> {
        self.rows.get(&(tenant, category))
    }

    /// How many records the newer policy would end at once.
    #[must_use]
    pub fn ends_now_total(&self) -> u64 {
        self.rows.values().map(|row| row.ends_now).sum()
    }
}

impl Policy {
    /// Tries a newer policy on records, and changes nothing.
    ///
    /// ```
    /// use retention_policy::*;
    /// # let made = "2026-03-02T09:00:00Z".parse().unwrap();
    /// # let now = "2026-03-12T09:00:00Z".parse().unwrap();
    /// # let policy = Policy::default();
    /// # let tenant = TenantId::from_random([1; 16]);
    /// # let meta = RecordMeta::new(tenant, SubjectId::from_random([2; 16]), Category::Draft,
    /// #     PurposeSet::only(Purpose::DraftReply), Region::Italy, policy.expiry(Category::Draft, made)?)?;
    /// let newer = Policy::from_toml(
    ///     "schema = 1\nversion = 2\n[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\nafter = \"7d\"",
    /// )?;
    /// let events = Events::default();
    /// let dossier = Dossier { id: RecordId::from_random([3; 16]), meta: &meta, events: &events, holds: &[] };
    /// assert_eq!(policy.dry_run(&newer, [dossier], now).ends_now_total(), 1);
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    #[must_use]
    pub fn dry_run<'a>(
        &self,
        newer: &Self,
        records: impl IntoIterator<Item = Dossier<'a>>,
        now: Timestamp,
    ) -> DryRun {
        let mut run = DryRun::default();
        for dossier in records {
            let meta = dossier.meta;
            let key = (meta.tenant(), meta.category());
            let row = run.rows.entry(key).or_default();
            if dossier.holds.iter().any(|h| h.covers(meta, dossier.id)) {
                row.held += 1;
                continue;
            }
            let (before, after) = (self.end(&dossier), newer.end(&dossier));
            let written = |policy: &Self| {
                let expiry = policy.expiry_for(key.0, key.1, meta.expiry().made());
                expiry.map_or(before, |e| e.at())
            };
            let longer = written(newer) > written(self);
            let count = if before <= now {
                // Due already: it goes with the next sweep under either policy.
                &mut row.unchanged
            } else if after <= now {
                &mut row.ends_now
            } else if after < before {
                row.earliest = Some(row.earliest.map_or(after, |e| e.min(after)));
                &mut row.ends_earlier
            } else if after > before {
                &mut row.ends_later
            } else if longer && after == meta.expires_at() {
                &mut row.would_end_later
            } else {
                &mut row.unchanged
            };
            *count += 1;
        }
        run
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:36}  {:11} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  earliest new end",
            "tenant", "category", "ends now", "earlier", "later", "not later", "unchanged", "held"
        )?;
        for ((tenant, category), row) in &self.rows {
            write!(
                f,
                "{tenant}  {:11} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
                category.code(),
                row.ends_now,
                row.ends_earlier,
                row.ends_later,
                row.would_end_later,
                row.unchanged,
                row.held
            )?;
            match row.earliest {
                Some(at) => writeln!(f, "  {}", at.format("%Y-%m-%dT%H:%M:%SZ"))?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}
