//! What people said, kept so that it holds after a restart and after their tickets have ended.
//!
//! Each statement is a record of its own under the person, found by their identifiers like a ticket of theirs: whoever writes
//! again is the same person, and what they said still counts.

use std::sync::PoisonError;

use crypto_store::{Accessor, IndexTerm, NewRecord, Reason};
use gdpr_rights::{ConsentEvent, ConsentLedger, Permission, Statement};
use retention_policy::{
    Category, LegalBasis, Purpose, PurposeSet, RecordMeta, SubjectId, TenantId, Timestamp,
};

use super::Desk;
use super::erase::ANSWER;
use super::ingest::{Whose, term};
use crate::{Customer, Error};

impl Desk {
    /// Writes down what a person said; it counts from now on. Where drafting rests on consent, what rests on one that is taken back
    /// ends with it.
    ///
    /// The ledger lives with the desk; keep [`Desk::consents`] with your own records and give it to the next
    /// [`DeskBuilder::consents`](crate::DeskBuilder::consents).
    ///
    /// # Errors
    /// The statement is older than the person's last one; the store failed: it counts all the same.
    pub async fn state(
        &self,
        by: &Accessor,
        subject: SubjectId,
        statement: Statement,
    ) -> Result<(), Error> {
        let at = self.now()?;
        {
            let mut ledger = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
            ledger.append(ConsentEvent {
                subject,
                statement,
                at,
            })?;
        }
        self.withdrawn(by.tenant(), subject, &[statement], at).await
    }

    /// The ledger of what people said.
    #[must_use]
    pub fn consents(&self) -> ConsentLedger {
        self.consents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Writes down what follows from a case: in the ledger, and sealed in a record of its own.
    pub(crate) async fn remember(
        &self,
        by: &Accessor,
        subject: SubjectId,
        identifiers: &Customer,
        statements: &[Statement],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.recall(by, &ANSWER, subject, now).await?;
        let mut said = ConsentLedger::new();
        {
            let mut ledger = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
            for statement in statements {
                let event = ConsentEvent {
                    subject,
                    statement: *statement,
                    at: now,
                };
                // A step that is tried again in the same moment says nothing new.
                let mut own = ledger.events().iter().filter(|e| e.subject == subject);
                if own.any(|e| e.statement == event.statement && e.at == now) {
                    continue;
                }
                ledger.append(event)?;
                said.append(event)?;
            }
        }
        if said.events().is_empty() {
            return Ok(());
        }
        let meta = RecordMeta::new(
            by.tenant(),
            subject,
            Category::Consent,
            // Read by whoever drafts as well: may it be done at all?
            PurposeSet::only(Purpose::AnswerRequest).with(Purpose::DraftReply),
            self.region,
            self.policy()
                .expiry_for(by.tenant(), Category::Consent, now)?,
        )?;
        let mut terms = vec![said_by(subject)?];
        for (kind, value) in identifiers.known().expose() {
            terms.extend(term(Whose::Customer, kind, value)?.filter(|t| !terms.contains(t)));
        }
        let record = NewRecord::new(meta, said.to_bytes()).terms(terms);
        let record = self.store.put(record, by, &ANSWER, now).await?.id();
        self.shelve(record, &meta, now).await?;
        self.withdrawn(by.tenant(), subject, statements, now).await
    }

    /// Reads what a person said before this process began, once a process.
    pub(crate) async fn recall(
        &self,
        by: &Accessor,
        why: &Reason,
        subject: SubjectId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = (by.tenant(), subject);
        {
            let known = self.recalled.lock().unwrap_or_else(PoisonError::into_inner);
            if known.contains(&key) {
                return Ok(());
            }
        }
        for record in self.store.find(&said_by(subject)?, by, why, now).await? {
            let opened = self.store.get(record, by, why, now).await?;
            let stored = ConsentLedger::from_bytes(opened.expose())?;
            let mut ledger = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
            *ledger = merged(&ledger, &stored)?;
        }
        self.nothing_said(by.tenant(), subject);
        Ok(())
    }

    /// Whether something of a person may be used to improve suggestions. That rests on legitimate interests where it does not
    /// rest on consent, whatever drafting rests on: who objects is left out.
    pub(crate) fn may_improve(&self, subject: SubjectId) -> bool {
        let basis = match self.basis {
            LegalBasis::Consent => LegalBasis::Consent,
            _ => LegalBasis::LegitimateInterests,
        };
        let ledger = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
        let may = ledger.may_run(subject, Purpose::ImproveService, basis);
        may == Permission::Granted
    }

    /// Notes that nothing is stored of what somebody said, or that it was read: it need not be looked for.
    pub(crate) fn nothing_said(&self, tenant: TenantId, subject: SubjectId) {
        let mut known = self.recalled.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((tenant, subject));
    }
}

fn said_by(subject: SubjectId) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("said_by", &subject.to_string())?)
}

/// Both, each statement once, in the order of their time.
fn merged(known: &ConsentLedger, stored: &ConsentLedger) -> Result<ConsentLedger, Error> {
    let mut events = known.events().to_vec();
    for event in stored.events() {
        // Stored to the second.
        let same = |e: &ConsentEvent| {
            (e.subject, e.statement, e.at.timestamp())
                == (event.subject, event.statement, event.at.timestamp())
        };
        if !events.iter().any(same) {
            events.push(*event);
        }
    }
    events.sort_by_key(|e| e.at.timestamp());
    let mut ledger = ConsentLedger::new();
    for event in events {
        ledger.append(event)?;
    }
    Ok(ledger)
}
