//! Who tells the desk what happened: the helpdesk, people, and the time.

use crypto_store::{Accessor, Described};
use gdpr_rights::Statement;
use retention_policy::{
    Category, Events, LegalBasis, Purpose, SubjectId, TenantId, Timestamp, Trigger,
};

use super::{Concerned, earlier_end, listens, of_ticket, why_ends};
use crate::Error;
use crate::desk::Desk;
use crate::desk::house::{BY_LAW, desk_for};

impl Desk {
    /// Says that a ticket was closed in the helpdesk. What the policy ends then ends: its session, and its drafts. A session that
    /// still waited for a decision ends like one whose drafts were discarded. Whether anything was found is the answer.
    ///
    /// A ticket of an earlier process is found if the policy has a rule that counts from the end of a ticket; otherwise its
    /// records end as they would have.
    ///
    /// # Errors
    /// [`Error::is_denied`]; the store failed: drafts are stale all the same, tell it again.
    pub async fn ticket_closed(&self, by: &Accessor, ticket: &str) -> Result<bool, Error> {
        let now = self.now()?;
        let since = self.clock.monotonic();
        let closed = self.live.closes(by.tenant(), ticket);
        let events = Events::default().with(Trigger::TicketClosed, now);
        let why = why_ends(by);
        let mut found = false;
        if listens(&self.policy(), Trigger::TicketClosed) {
            let desk = desk_for(by.tenant());
            let term = of_ticket(ticket)?;
            let ids = self.store.find(&term, &desk, &BY_LAW, now).await?;
            for one in self.store.describe(&ids, &desk, &BY_LAW, now).await? {
                let (id, unit, meta) = (one.id, one.unit, one.meta);
                let concerned = Concerned { id, unit, meta };
                self.happened(&concerned, &events, (by, &why), since, now)
                    .await?;
                found = true;
            }
        }
        if let Some(closed) = closed {
            let discarded = events.with(Trigger::Discarded, now);
            for record in closed.drafts.iter().chain([&closed.session]) {
                self.happened(record, &discarded, (by, &why), since, now)
                    .await?;
            }
            found = true;
        }
        Ok(found)
    }

    /// Ends what rests on a consent that somebody took back. Improving is never what a draft is kept for: who takes back that
    /// alone is left out of it, and the draft stays.
    pub(crate) async fn withdrawn(
        &self,
        tenant: TenantId,
        subject: SubjectId,
        statements: &[Statement],
        now: Timestamp,
    ) -> Result<(), Error> {
        let said = |purpose| statements.contains(&Statement::Withdrawal(purpose));
        let withdrawn = |purpose| purpose != Purpose::ImproveService && said(purpose);
        if self.basis != LegalBasis::Consent || !Purpose::ALL.into_iter().any(withdrawn) {
            return Ok(());
        }
        let (by, since) = (desk_for(tenant), self.clock.monotonic());
        let events = Events::default().with(Trigger::ConsentWithdrawn, now);
        let ids = self.store.of_subject(subject, &by, &BY_LAW, now).await?;
        for one in self.store.describe(&ids, &by, &BY_LAW, now).await? {
            if one.meta.purposes().iter().any(withdrawn) {
                let (id, unit, meta) = (one.id, one.unit, one.meta);
                let concerned = Concerned { id, unit, meta };
                self.happened(&concerned, &events, (&by, &BY_LAW), since, now)
                    .await?;
            }
        }
        Ok(())
    }

    /// Ends tickets and drafts that nobody works on any more, where a rule counts from that. When somebody did is kept in memory:
    /// of what an earlier process wrote it is when it was made.
    pub(crate) async fn end_idle(&self, now: Timestamp) -> Result<(), Error> {
        let policy = self.policy();
        if !listens(&policy, Trigger::LastActivity) {
            return Ok(());
        }
        for tenant in self.clients.all() {
            if !self.store.has_tenant(tenant).await? {
                continue;
            }
            let (by, active) = (desk_for(tenant), self.live.activity(tenant));
            let mut walk = self.store.walk(&by, &BY_LAW, now).await?;
            while let Some(page) = walk.next().await? {
                for Described { id, meta, ends, .. } in page {
                    if !matches!(meta.category(), Category::Session | Category::Draft) {
                        continue;
                    }
                    let made = meta.expiry().made();
                    let last = active.get(&id).copied().unwrap_or(made);
                    let events = Events::default().with(Trigger::LastActivity, last);
                    let end = earlier_end(&policy, id, &meta, &events);
                    // Not ahead of its time: work on it would come too late to put that off.
                    if let Some(end) = end.filter(|(at, _)| *at <= now && *at < ends.0) {
                        self.shorten((id, end), &by, &BY_LAW, now).await?;
                    }
                }
            }
        }
        Ok(())
    }
}
