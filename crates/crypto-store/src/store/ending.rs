//! Which records end soon and why: for who takes out of them what is anonymous before their keys go.

use std::collections::{BTreeMap, BTreeSet};

use retention_policy::{
    Action, Category, DueReason, RecordId, RecordMeta, SubjectId, TenantId, Timestamp,
};

use super::read::{PAGE, is_there, may_find};
use super::row::Head;
use super::{Store, allowed, leaf};
use crate::audit::AuditEntry;
use crate::backend::{Scan, Table};
use crate::{Accessor, Error, Reason};

/// A living record that ends soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// The record's id.
    pub id: RecordId,
    /// What it is.
    pub meta: RecordMeta,
    /// Its person: of subjects that are linked always the same one.
    pub person: SubjectId,
    /// Why it ends.
    pub reason: DueReason,
}

/// Records that end soon, page by page: first those that end before the end that was written, then the others by their end.
#[derive(Debug)]
pub struct Endings<'s> {
    store: &'s Store,
    category: Category,
    by: BTreeMap<TenantId, Accessor>,
    /// Tenants that have linked subjects at all.
    linked: BTreeSet<TenantId>,
    why: Reason,
    now: Timestamp,
    until: Timestamp,
    place: Place,
}

/// Which end is looked for, and behind which row.
#[derive(Debug)]
enum Place {
    Early((i64, u64)),
    Written((i64, u64)),
    Over,
}

impl Store {
    /// Begins to look for the records of a kind that end after `now` and at or before `until`, of the tenants of these
    /// accessors: one pass, whatever the number of tenants. Nothing is decrypted. One entry in the audit for each accessor,
    /// that of a search, tells that it was done.
    ///
    /// Left out are records that a hold or restriction keeps, that may not be read for this purpose, or that are archived for
    /// other roles.
    ///
    /// # Errors
    /// [`Error::Denied`] unless every role may search for such records for this purpose, [`Error::UnknownTenant`],
    /// [`Error::Database`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{Accessor, EphemeralRoot, OsEntropy, Reason, Store, StoreConfig};
    /// # use retention_policy::{ActorId, Category, Purpose, Role, TenantId, Timestamp};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    /// # let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
    /// # let tenant = TenantId::from_random([1; 16]);
    /// # store.create_tenant(tenant, now).await?;
    /// let worker = Accessor::new(ActorId::from_random([2; 16]), Role::Worker, tenant);
    /// let (improve, until) = (Reason::new(Purpose::ImproveService), now + chrono::TimeDelta::days(1));
    /// let mut endings = store.endings(Category::Draft, until, &[worker], &improve, now).await?;
    /// while let Some(page) = endings.next().await? {
    ///     for record in page {
    ///         println!("{} ends: {}", record.id, record.reason);
    ///     }
    /// }
    /// # Ok(()) }) }
    /// ```
    pub async fn endings(
        &self,
        category: Category,
        until: Timestamp,
        by: &[Accessor],
        why: &Reason,
        now: Timestamp,
    ) -> Result<Endings<'_>, Error> {
        let (mut leaves, mut linked) = (Vec::with_capacity(by.len()), BTreeSet::new());
        for one in by {
            let entry = self.entry(Action::Find, one, why, now);
            self.ring.tenant(one.tenant(), now).await?;
            if !allowed(Action::Find, one, why, category) {
                return Err(self.refuse(entry, Error::Denied).await);
            }
            if self.has_links(one.tenant()).await? {
                linked.insert(one.tenant());
            }
            leaves.push(leaf(&AuditEntry { count: 0, ..entry }));
        }
        self.commit(leaves).await?;
        Ok(Endings {
            store: self,
            category,
            by: by.iter().map(|one| (one.tenant(), *one)).collect(),
            linked,
            why: *why,
            now,
            until,
            place: Place::Early(behind(now)),
        })
    }

    /// Those of some records that nothing has ended and nothing keeps: what ends with its bucket. For who counts what a sweep
    /// will end: nothing is decrypted and nobody's data is told, so there is no reason to give.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn unended(&self, ids: &[RecordId]) -> Result<Vec<RecordId>, Error> {
        let mut left = Vec::new();
        for some in ids.chunks(PAGE) {
            let key = |id: &RecordId| (Table::Records, id.to_bytes().to_vec());
            let rows = self.backend.get_many(some.iter().map(key).collect());
            let mut heads = Vec::with_capacity(some.len());
            for row in rows.await?.iter().flatten() {
                heads.push(Head::from_row(row)?.0);
            }
            let all = self.held(self.not_gone_of(heads).await?).await?;
            let free = all.into_iter().filter(|(_, held)| !held);
            left.extend(free.map(|(head, _)| head.id));
        }
        Ok(left)
    }
}

impl Endings<'_> {
    /// The next records; none when all were told. A page may be empty.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn next(&mut self) -> Result<Option<Vec<Ending>>, Error> {
        match self.place {
            Place::Early(after) => self.early(after).await.map(Some),
            Place::Written(after) => self.written(after).await.map(Some),
            Place::Over => Ok(None),
        }
    }

    async fn early(&mut self, mut after: (i64, u64)) -> Result<Vec<Ending>, Error> {
        let Some(rows) = self.store.early_rows(self.until, &mut after).await? else {
            self.place = Place::Written(behind(self.now));
            return Ok(Vec::new());
        };
        self.place = Place::Early(after);
        let (mut heads, mut reasons) = (Vec::new(), BTreeMap::new());
        for (due, held) in self.store.living(rows).await? {
            if !held && self.is_wanted(&due.head) {
                reasons.insert(due.head.id, due.reason);
                heads.push(due.head);
            }
        }
        self.told(heads, |_, id| reasons.get(&id).copied()).await
    }

    async fn written(&mut self, after: (i64, u64)) -> Result<Vec<Ending>, Error> {
        let scan = Scan::Due {
            table: Table::Records,
            after,
            until: self.until.timestamp(),
            limit: PAGE,
        };
        let rows = self.store.backend.scan(scan).await?;
        let Some(last) = rows.last() else {
            self.place = Place::Over;
            return Ok(Vec::new());
        };
        self.place = Place::Written((last.at.unwrap_or(i64::MAX), last.seq));
        let mut heads = Vec::new();
        for row in &rows {
            // A row that is damaged does not keep the others: a check finds it.
            if let Ok((head, ..)) = Head::from_row(row)
                && self.is_wanted(&head)
            {
                heads.push(head);
            }
        }
        let heads = self.store.not_gone_of(heads).await?;
        let free = self.store.held(heads).await?.into_iter();
        let heads = free.filter(|(_, held)| !held).map(|(head, _)| head);
        // What ends earlier was told.
        self.told(heads.collect(), |is_early, _| {
            (!is_early).then_some(DueReason::Expired)
        })
        .await
    }

    fn is_wanted(&self, head: &Head) -> bool {
        let (meta, category) = (&head.meta, self.category);
        meta.category() == category
            && self
                .by
                .get(&head.tenant())
                .is_some_and(|by| may_find(by, &self.why, category, meta.purposes()))
    }

    /// Those that live and may be read now, and why each ends.
    async fn told(
        &self,
        heads: Vec<Head>,
        reason: impl Fn(bool, RecordId) -> Option<DueReason>,
    ) -> Result<Vec<Ending>, Error> {
        let early = self.store.early_of(&heads).await?;
        let mut found = Vec::with_capacity(heads.len());
        for head in heads {
            let early = early.get(&head.id).copied().unwrap_or_default();
            let phase = early.phase(&head.meta, self.now);
            let by = self.by.get(&head.tenant());
            let Some(reason) = reason(early.end.is_some(), head.id)
                .filter(|_| by.is_some_and(|by| is_there(phase, by)))
            else {
                continue;
            };
            let subject = head.meta.subject();
            let person = match self.linked.contains(&head.tenant()) {
                true => {
                    let linked = self.store.linked(head.tenant(), subject).await?;
                    linked.into_iter().min().unwrap_or(subject)
                }
                false => subject,
            };
            found.push(Ending {
                id: head.id,
                meta: head.meta,
                person,
                reason,
            });
        }
        Ok(found)
    }
}

/// The place behind all rows of an instant.
fn behind(at: Timestamp) -> (i64, u64) {
    (at.timestamp(), i64::MAX.cast_unsigned())
}
