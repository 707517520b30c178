//! Making templates of the drafts that end soon, as a chore of the sweep.

use std::collections::BTreeMap;

use crypto_store::{Accessor, Ending, NewRecord, Reason};
use retention_policy::{
    Category, Disposition, Purpose, PurposeSet, SubjectId, TenantId, Timestamp,
};

use super::pool::{Made, Pool};
use super::{body, every, of_batch};
use crate::Error;
use crate::desk::Desk;
use crate::desk::house::{BY_LAW, desk_for, worker_for};
use crate::desk::quality::IMPROVE;
use crate::desk::suggest;

/// Most drafts of a client that are looked at together: keys must not wait for it. The next sweep goes on.
const AT_ONCE: usize = 1000;

impl Desk {
    /// Looks at the drafts that end soon, of every client whose turn it is. Of those that end by a rule that makes templates each is
    /// looked at once.
    pub(in crate::desk) async fn make_templates(&self, now: Timestamp) -> Result<(), Error> {
        let Ok(_turn) = self.templated.turn.try_lock() else {
            return Ok(());
        };
        self.shut_templated(now).await?;
        let policy = self.policy();
        let mut clients = self.clients.all();
        clients.retain(|tenant| {
            self.templated.is_due(*tenant, now)
                && self.may_write(*tenant).is_ok()
                && policy.makes_templates(*tenant, Category::Draft)
        });
        if clients.is_empty() {
            return Ok(());
        }
        let mut ending = self.drafts_ending(&clients, now).await?;
        let began = self.clock.monotonic();
        for tenant in clients {
            // Keys come first: a quarter of the time that a sweep may take, and the others with the next one.
            if self.clock.monotonic() - began > policy.sweep_within().as_delta() / 4 {
                break;
            }
            let mut drafts = ending.remove(&tenant).unwrap_or_default();
            let next = match drafts.len() > AT_ONCE {
                true => now,
                false => now + policy.template_every(tenant, Category::Draft).as_delta(),
            };
            drafts.truncate(AT_ONCE);
            if let Err(error) = self.look_at_drafts(tenant, drafts, next, now).await {
                tracing::warn!(%tenant, %error, "no templates were made of drafts that end: tried again");
                // Not with every sweep: each look is in the audit.
                let later = policy.sweep_within().as_delta() * 10;
                self.templated.put_off(tenant, now + later);
            }
        }
        Ok(())
    }

    /// Drafts that end soon by a rule that makes templates, and that nobody has looked at.
    async fn drafts_ending(
        &self,
        clients: &[TenantId],
        now: Timestamp,
    ) -> Result<BTreeMap<TenantId, Vec<Ending>>, Error> {
        let policy = self.policy();
        let until = now + policy.template_ahead().as_delta();
        let by: Vec<Accessor> = clients.iter().copied().map(worker_for).collect();
        let mut found: BTreeMap<TenantId, Vec<Ending>> = BTreeMap::new();
        let endings = self
            .store
            .endings(Category::Draft, until, &by, &IMPROVE, now);
        let mut endings = endings.await?;
        while let Some(page) = endings.next().await? {
            for one in page {
                let tenant = one.meta.tenant();
                let template = policy.disposition(&one.meta, one.reason) == Disposition::Template;
                if template && self.templated.is_in(tenant, one.id).is_none() {
                    found.entry(tenant).or_default().push(one);
                }
            }
        }
        Ok(found)
    }

    /// Makes templates of a client's drafts. The lines are written first, then which drafts they are of: what is cut off between
    /// the two is taken back by the next try.
    async fn look_at_drafts(
        &self,
        tenant: TenantId,
        drafts: Vec<Ending>,
        next: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        if drafts.is_empty() {
            self.templated.put_off(tenant, next);
            return Ok(());
        }
        let by = worker_for(tenant);
        let mut book = self.templated.book(tenant);
        let batch = of_batch(book.batches)?;
        let cut_off = self.store.find(&batch, &by, &IMPROVE, now).await?;
        if !cut_off.is_empty() {
            let operate = Reason::new(Purpose::Operate);
            self.store.shred(&cut_off, &by, &operate, now).await?;
        }
        let mut pool = Pool::new(&self.detector)?;
        let mut unread = 0_u64;
        for one in &drafts {
            if !self.take(&mut pool, one, &by, now).await? {
                unread += 1;
            }
        }
        let Made { groups, templated } = pool.make();
        if !groups.is_empty() {
            let nobody = SubjectId::from_random(self.random()?);
            let improve = PurposeSet::only(Purpose::ImproveService);
            let meta = self.meta(tenant, nobody, Category::Template, improve, now)?;
            let terms = vec![every()?, batch];
            let record = NewRecord::new(meta, body::encode(&groups)?).terms(terms);
            let record = self.store.put(record, &by, &IMPROVE, now).await?.id();
            self.shelve(record, &meta, now).await?;
        }
        book.batches += 1;
        book.next = next.timestamp();
        book.forget_before(now - self.policy().template_ahead().as_delta());
        for one in &drafts {
            book.note(one.id, &one.meta, templated.contains(&one.id));
        }
        self.keep_templated(tenant, book, now).await?;
        tracing::info!(
            %tenant,
            drafts = drafts.len(),
            templated = templated.len(),
            unread,
            "drafts that end were looked at for templates"
        );
        Ok(())
    }

    /// Opens a draft, if its person still agrees. One that is gone, damaged, or not to be read is left out: it ends as it is.
    async fn take(
        &self,
        pool: &mut Pool<'_>,
        one: &Ending,
        by: &Accessor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        for subject in [one.meta.subject(), one.person] {
            // What people said is heeded by law, whatever they are asked for.
            self.recall(&desk_for(by.tenant()), &BY_LAW, subject, now)
                .await?;
            if !self.may_improve(subject) {
                return Ok(false);
            }
        }
        let opened = match self.store.get(one.id, by, &IMPROVE, now).await {
            Ok(opened) => opened,
            Err(crypto_store::Error::Corrupt { .. }) => return Ok(false),
            Err(error) => {
                let error = Error::from(error);
                return match error.is_denied() || error.is_expired() {
                    true => Ok(false),
                    false => Err(error),
                };
            }
        };
        let Ok(draft) = suggest::decode(opened.expose()) else {
            return Ok(false);
        };
        match pool.take(one.id, one.person, &draft) {
            Err(error) if error.is_withheld() => Ok(false),
            taken => taken.map(|()| true),
        }
    }
}
