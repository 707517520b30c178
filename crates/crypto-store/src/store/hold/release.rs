//! Letting go of a hold: one person asks, another approves.

use retention_policy::{Action, ActorId, HoldId, HoldReason, Release, TenantId, Timestamp};

use super::{ASKED, LET_GO, ROUNDS, StoredHold, hold_key};
use crate::audit::AuditEntry;
use crate::backend::{Expect, Op, Outcome, Row, Scan, Table};
use crate::store::read::PAGE;
use crate::store::row::{BucketRef, Head, record_gone};
use crate::store::{StopAt, Store, allowed_everywhere, leaf, own_entry};
use crate::{Accessor, Error, Reason};

const WHAT: &str = "a release that was asked for";

impl Store {
    /// Asks that a hold be released. Somebody else has seven days to do it with [`release_hold`](Self::release_hold); asking
    /// again begins anew. A restriction needs nobody to ask.
    ///
    /// Who asked is stored blind. The entry in the audit is that of a hold, about 0 records.
    ///
    /// # Errors
    /// [`Error::UnknownHold`], [`Error::Denied`], [`Error::ReleaseOver`] for an instant before the hold was placed,
    /// [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Database`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{Accessor, EphemeralRoot, Error, OsEntropy, Reason, Store, StoreConfig};
    /// # use retention_policy::{ActorId, Hold, HoldId, HoldReason, Purpose, Role, Scope, TenantId};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let now = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    /// # let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
    /// # let tenant = TenantId::from_random([1; 16]);
    /// # store.create_tenant(tenant, now).await?;
    /// # let officer = |n| Accessor::new(ActorId::from_random([n; 16]), Role::PrivacyOfficer, tenant);
    /// # let why = Reason::new(Purpose::LegalObligation);
    /// let (ana, ben) = (officer(2), officer(3));
    /// let id = HoldId::from_random([4; 16]);
    /// let hold = Hold::for_a_year(id, tenant, Scope::Tenant, HoldReason::Order, ana.actor(), now)?;
    /// store.place_hold(&hold, &ana, &why, now).await?;
    ///
    /// assert!(matches!(store.release_hold(id, &ana, &why, now).await, Err(Error::NeedsSecond)));
    /// store.ask_release(id, &ana, &why, now).await?;
    /// assert!(matches!(store.release_hold(id, &ana, &why, now).await, Err(Error::SamePerson)));
    /// store.release_hold(id, &ben, &why, now).await?;
    /// # Ok(()) }) }
    /// ```
    pub async fn ask_release(
        &self,
        id: HoldId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writable()?;
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let entry = self.hold_entry(id, by, why, now);
        if !allowed_everywhere(Action::Hold, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let hold = self.stored_hold(tenant, id).await?;
        let asked = match hold.hold().ask_release(self.blind_actor(by), now) {
            Ok(asked) => asked,
            Err(e) => return Err(self.refuse(entry, refused(e)).await),
        };
        let row = Row {
            key: asked_key(tenant, id),
            value: asked.to_bytes(),
            ..Row::default()
        };
        let ops = vec![
            Op::Require(Table::Holds, hold_key(tenant, id), Expect::Present),
            self.put_small(Table::Holds, row),
            leaf(&AuditEntry { count: 0, ..entry }),
        ];
        match self.commit(ops).await? {
            Outcome::Committed(_) => Ok(()),
            Outcome::Refused(_) => Err(Error::UnknownHold),
        }
    }

    /// Lets go. A restriction is lifted by one person; a legal claim or an order needs that somebody else
    /// [asked](Self::ask_release) less than seven days before. Records that only this hold kept when their bucket ended end now;
    /// how many. Those past an earlier end, or in a bucket that no sweep came to yet, are refused and end with the next sweep.
    ///
    /// # Errors
    /// [`Error::NeedsSecond`] if nobody asked, [`Error::SamePerson`], [`Error::ReleaseOver`]: ask again;
    /// [`Error::UnknownHold`], [`Error::Denied`], [`Error::UnknownTenant`], [`Error::Conflict`], [`Error::ReadOnly`],
    /// [`Error::Database`].
    pub async fn release_hold(
        &self,
        id: HoldId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<u64, Error> {
        self.writable()?;
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let entry = self.hold_entry(id, by, why, now);
        if !allowed_everywhere(Action::Hold, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let (key, asked) = (hold_key(tenant, id), asked_key(tenant, id));
        for _ in 0..ROUNDS {
            let hold = self.stored_hold(tenant, id).await?;
            let seen = self.backend.get(Table::Holds, asked.clone()).await?;
            if let Err(e) = self.may_release(&hold, seen.as_ref(), by, now) {
                return Err(self.refuse(entry, e).await);
            }
            let seen = seen.map(|row| row.value).unwrap_or_default();
            let mut ops = vec![
                Op::Require(Table::Holds, key.clone(), Expect::Present),
                Op::Require(Table::Holds, asked.clone(), Expect::Value(seen)),
                Op::Delete(Table::Holds, key.clone()),
                Op::Delete(Table::Holds, asked.clone()),
                // Whoever is killed before the end of what it kept leaves a note to the next sweep.
                self.put_small(Table::Holds, hold.let_go_row()),
                leaf(&entry),
            ];
            ops.extend(self.holds_change(tenant, -1).await?);
            match self.commit(ops).await? {
                Outcome::Committed(_) => {
                    self.stop_at(StopAt::HoldReleased)?;
                    return self.end_released(tenant, &hold, now).await;
                }
                Outcome::Refused(0) => return Err(Error::UnknownHold),
                Outcome::Refused(_) => {}
            }
        }
        Err(Error::Conflict)
    }

    /// Who may let go, and when, is the policy's to say; persons are compared blind.
    fn may_release(
        &self,
        hold: &StoredHold,
        asked: Option<&Row>,
        by: &Accessor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (hold, by) = (hold.hold(), self.blind_actor(by));
        if hold.reason() == HoldReason::Restriction {
            return hold.lift(by, now).map(drop).map_err(refused);
        }
        let row = asked.ok_or(Error::NeedsSecond)?;
        let bytes = self.seal.open_row(Table::Holds, row, WHAT)?;
        let asked = Release::from_bytes(bytes).map_err(|_| Error::Corrupt { what: WHAT })?;
        if (asked.hold(), asked.tenant()) != (hold.id(), hold.tenant()) {
            return Err(Error::Corrupt { what: WHAT });
        }
        // Asked before a hold of this name was placed again: nobody asked for this one.
        if asked.asked_at() < hold.placed_at() {
            return Err(Error::NeedsSecond);
        }
        asked.approve(by, now).map(drop).map_err(refused)
    }

    async fn stored_hold(&self, tenant: TenantId, id: HoldId) -> Result<StoredHold, Error> {
        let row = self.backend.get(Table::Holds, hold_key(tenant, id)).await?;
        StoredHold::from_row(&self.seal, &row.ok_or(Error::UnknownHold)?)
    }

    fn blind_actor(&self, by: &Accessor) -> ActorId {
        ActorId::from_bytes(*self.blind(u8::MAX, &by.actor().to_bytes()).as_bytes())
    }

    /// Ends records of the hold bucket that nothing holds any more.
    async fn end_released(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let unheld = self.holds_unchanged(tenant).await?;
        let (mut targets, mut keys) = (Vec::new(), Vec::new());
        // Its bucket has ended, whatever a clock that went back says now.
        let over = |head: &Head| head.bucket == BucketRef::HOLD;
        for row in self.covered(tenant, hold, over).await? {
            let (head, ..) = Head::from_row(&row)?;
            if self.holds_on(&head).await?.is_empty() {
                targets.push(record_gone(tenant, head.id));
                keys.push(head.unit_key());
            }
        }
        let count = targets.len();
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let entry = AuditEntry {
                count,
                ..own_entry(Action::Sweep, now)
            };
            self.erase(targets, keys, vec![unheld], entry, now).await?;
        }
        let done = Op::Delete(Table::Holds, hold.let_go_row().key);
        self.commit(vec![done]).await?;
        Ok(count as u64)
    }

    /// Ends what only holds kept that were let go, where that was cut off or another hold came in between.
    pub(in crate::store) async fn finish_releases(&self, now: Timestamp) -> Result<(), Error> {
        let scan = Scan::Prefix {
            table: Table::Holds,
            prefix: vec![LET_GO],
            after: Vec::new(),
            limit: PAGE,
        };
        for row in self.backend.scan(scan).await? {
            // A row that somebody altered ends nothing, and a check finds it.
            let Ok(hold) = StoredHold::from_row(&self.seal, &row) else {
                continue;
            };
            match self.end_released(hold.hold().tenant(), &hold, now).await {
                // The next sweep comes soon.
                Ok(_) | Err(Error::Conflict) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// Where it is written that somebody asked.
fn asked_key(tenant: TenantId, id: HoldId) -> Vec<u8> {
    [&[ASKED][..], &tenant.to_bytes(), &id.to_bytes()].concat()
}

fn refused(error: retention_policy::Error) -> Error {
    match error {
        retention_policy::Error::SamePerson => Error::SamePerson,
        retention_policy::Error::NeedsSecond => Error::NeedsSecond,
        _ => Error::ReleaseOver,
    }
}
