//! A policy takes effect: contracts go on under it, and records learn of what it changes.

use crypto_store::Described;
use retention_policy::{
    Contract, Dossier, Events, RecordId, RecordMeta, State, TenantId, Timestamp, Trigger,
};

use super::Adopted;
use super::book::Book;
use crate::Error;
use crate::desk::Desk;
use crate::desk::events::earlier_end;
use crate::desk::house::{BY_LAW, desk_for, house};

impl Desk {
    /// Goes on where the last adoption was interrupted, and renews the book.
    pub(crate) async fn keep_policy_up(&self, now: Timestamp) -> Result<(), Error> {
        let _turn = self.adopting.lock().await;
        let (kept, applied) = {
            let in_force = self.in_force();
            (in_force.kept, in_force.applied)
        };
        let Some(kept) = kept else { return Ok(()) };
        if !applied {
            self.apply(now).await?;
        } else if !self.is_old(&kept, now)? {
            return Ok(());
        }
        let by = desk_for(house());
        let body = self.store.get(kept.record(), &by, &BY_LAW, now).await?;
        let book = Book {
            applied: true,
            ..Book::decode(body.expose())?
        };
        self.set_policy(book, now).await
    }

    /// Gives the store what the rules ask for beside an end: from when on few may read it.
    pub(crate) async fn shelve(
        &self,
        id: RecordId,
        meta: &RecordMeta,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let events = Events::default();
        let dossier = Dossier {
            id,
            meta,
            events: &events,
            holds: &[],
        };
        let Some((from, readers)) = self.policy().archive(&dossier) else {
            return Ok(false);
        };
        let by = desk_for(meta.tenant());
        match self
            .store
            .archive(id, from, readers, &by, &BY_LAW, now)
            .await
        {
            Ok(()) => Ok(true),
            // As few read it already, or nobody any more.
            Err(crypto_store::Error::NotEarlier) => Ok(false),
            Err(error) if error.is_expired() || error.is_erased() || error.is_not_found() => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells contracts and records of the policy in force. Doing it twice changes nothing.
    pub(super) async fn apply(&self, now: Timestamp) -> Result<Adopted, Error> {
        let policy = self.policy();
        let mut adopted = Adopted::default();
        for tenant in self.clients.all() {
            self.agree(tenant, policy.version(), now).await?;
            if !self.store.has_tenant(tenant).await? {
                continue;
            }
            let (by, events) = (desk_for(tenant), self.known_events(tenant));
            let mut walk = self.store.walk(&by, &BY_LAW, now).await?;
            while let Some(page) = walk.next().await? {
                for Described { id, meta, ends, .. } in page {
                    let end = earlier_end(&policy, id, &meta, &events);
                    if let Some(end) = end.filter(|(at, _)| *at < ends.0) {
                        let told = self.shorten((id, end), &by, &BY_LAW, now).await?;
                        adopted.shortened += u64::from(told);
                    }
                    adopted.archived += u64::from(self.shelve(id, &meta, now).await?);
                }
            }
        }
        Ok(adopted)
    }

    /// What the desk knows to have happened to all records of a client.
    pub(super) fn known_events(&self, tenant: TenantId) -> Events {
        let contract = self.contract(tenant);
        match contract.as_ref().map(Contract::state) {
            Some(State::Ending(off)) => {
                Events::default().with(Trigger::ContractEnd, off.asked_at())
            }
            _ => Events::default(),
        }
    }
}
