//! What there is of a tenant, without what is in it: for who tries a policy, or ends a contract.

use retention_policy::{
    Action, Category, DueReason, Hold, RecordId, RecordMeta, Timestamp, UnitId,
};

use super::early::RecordPhase;
use super::read::PAGE;
use super::row::Head;
use super::{Store, allowed, leaf};
use crate::audit::AuditEntry;
use crate::backend::{Row, Scan, Table};
use crate::{Accessor, Error, Reason};

/// A living record, as far as it is told without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Described {
    /// The record's id.
    pub id: RecordId,
    /// What it is.
    pub meta: RecordMeta,
    /// What is shredded together with it.
    pub unit: UnitId,
    /// When it ends as things stand, and why if before the end that was written.
    pub ends: (Timestamp, Option<DueReason>),
    /// What keeps it.
    pub holds: Vec<Hold>,
}

/// A walk over the living records of a tenant, page by page, in no order that means anything.
#[derive(Debug)]
pub struct Walk<'s> {
    store: &'s Store,
    by: Accessor,
    why: Reason,
    now: Timestamp,
    after: Option<Vec<u8>>,
}

impl Store {
    /// Begins to walk over all living records of the accessor's tenant, archived and held ones among them. Nothing is
    /// decrypted. One entry in the audit, that of a search, tells that it was done.
    ///
    /// What is written meanwhile may be missing.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the role may search every category for this purpose, [`Error::UnknownTenant`],
    /// [`Error::Database`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{Accessor, EphemeralRoot, OsEntropy, Reason, Store, StoreConfig};
    /// # use retention_policy::{ActorId, Purpose, Role, TenantId, Timestamp};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    /// # let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
    /// # let tenant = TenantId::from_random([1; 16]);
    /// # store.create_tenant(tenant, now).await?;
    /// let officer = Accessor::new(ActorId::from_random([2; 16]), Role::PrivacyOfficer, tenant);
    /// let mut walk = store.walk(&officer, &Reason::new(Purpose::LegalObligation), now).await?;
    /// while let Some(page) = walk.next().await? {
    ///     for record in page {
    ///         println!("{} ends at {}", record.id, record.ends.0);
    ///     }
    /// }
    /// # Ok(()) }) }
    /// ```
    pub async fn walk(
        &self,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Walk<'_>, Error> {
        let entry = self.entry(Action::Find, by, why, now);
        self.ring.tenant(by.tenant(), now).await?;
        if !Category::ALL
            .into_iter()
            .all(|c| allowed(Action::Find, by, why, c))
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        self.commit(vec![leaf(&AuditEntry { count: 0, ..entry })])
            .await?;
        Ok(Walk {
            store: self,
            by: *by,
            why: *why,
            now,
            after: Some(Vec::new()),
        })
    }

    /// Describes some records of the accessor's tenant; those that are over or gone are left out. One entry in the audit.
    ///
    /// # Errors
    /// As [`walk`](Self::walk).
    pub async fn describe(
        &self,
        ids: &[RecordId],
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Vec<Described>, Error> {
        let walk = self.walk(by, why, now).await?;
        let key = |id: &RecordId| (Table::Records, id.to_bytes().to_vec());
        let rows = self.backend.get_many(ids.iter().map(key).collect()).await?;
        walk.described(rows.into_iter().flatten().collect()).await
    }
}

impl Walk<'_> {
    /// For which purpose it was begun.
    #[must_use]
    pub fn why(&self) -> Reason {
        self.why
    }

    /// The next records; none when all were told. A page may be empty.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn next(&mut self) -> Result<Option<Vec<Described>>, Error> {
        let Some(after) = self.after.take() else {
            return Ok(None);
        };
        let page = Scan::Prefix {
            table: Table::Records,
            prefix: Vec::new(),
            after,
            limit: PAGE,
        };
        let rows = self.store.backend.scan(page).await?;
        if rows.len() == PAGE {
            self.after = rows.last().map(|row| row.key.clone());
        }
        self.described(rows).await.map(Some)
    }

    async fn described(&self, rows: Vec<Row>) -> Result<Vec<Described>, Error> {
        let (store, tenant) = (self.store, self.by.tenant());
        let mut heads = Vec::new();
        for row in rows {
            let (head, ..) = Head::from_row(&row)?;
            if head.tenant() == tenant {
                heads.push(head);
            }
        }
        let early = store.early_of(&heads).await?;
        let held = store.has_holds(tenant).await?;
        let mut found = Vec::with_capacity(heads.len());
        for head in heads {
            let early = early.get(&head.id).copied().unwrap_or_default();
            let over = matches!(early.phase(&head.meta, self.now), RecordPhase::Over(_));
            let holds = match held {
                true => store.holds_on(&head).await?,
                false => Vec::new(),
            };
            if (over && holds.is_empty()) || store.is_gone(&head.gone_keys()).await? {
                continue;
            }
            let written = head.meta.expires_at();
            let sooner = early
                .end
                .and_then(|(at, why)| Some((Timestamp::from_timestamp(at, 0)?, why)))
                .filter(|(at, _)| *at < written);
            found.push(Described {
                id: head.id,
                meta: head.meta,
                unit: head.unit,
                ends: sooner.map_or((written, None), |(at, why)| (at, Some(why))),
                holds: holds.iter().map(|hold| *hold.hold()).collect(),
            });
        }
        Ok(found)
    }
}
