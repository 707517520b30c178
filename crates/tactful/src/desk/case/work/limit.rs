//! Limiting the use of a person's data at once, and ending that (articles 7(3), 18, 21).

use std::sync::PoisonError;

use crypto_store::Accessor;
use gdpr_rights::{ConsentEvent, Residue, ResidueReason, Statement};
use retention_policy::{Hold, HoldId, HoldReason, RecordId, Scope, SubjectId, Timestamp};

use super::person;
use crate::desk::Desk;
use crate::desk::case::file::CaseFile;
use crate::desk::erase::ANSWER;
use crate::{Customer, Error};

impl Desk {
    /// Limits the use of the person's data if the case says so and it is not done, or ends that. What a source could not do
    /// comes back, and is tried again with the next step.
    pub(in crate::desk::case) async fn limit_use(
        &self,
        by: &Accessor,
        record: RecordId,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Option<Residue>, Error> {
        let Some(restriction) = file.case.restriction() else {
            return Ok(None);
        };
        let on = restriction.lifted.is_none();
        if on == file.restricted {
            return Ok(None);
        }
        self.find_whom(by, file, now).await?;
        let ground = restriction.ground;
        if let Some(subject) = file.person {
            for statement in ground.statements(on) {
                self.append(subject, statement, now)?;
            }
        }
        if on
            && ground.keeps_data()
            && file.hold.is_none()
            && let Some(subject) = file.person
        {
            let id = HoldId::from_random(self.random()?);
            let scope = Scope::Subject(subject);
            let hold = Hold::for_a_year(id, scope, HoldReason::Restriction, by.actor(), now)?;
            self.store.place_hold(&hold, by, &ANSWER, now).await?;
            file.hold = Some(id);
        }
        if !on && let Some(hold) = file.hold.take() {
            match self.store.release_hold(hold, by, &ANSWER, now).await {
                Ok(_) | Err(crypto_store::Error::UnknownHold) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let nobody = Customer::new();
        let person = person(file, &nobody);
        let mut failed = Vec::new();
        for source in &self.sources {
            if source.restrict(&person, ground, on).await.is_err() {
                failed.push((source.id(), ResidueReason::Failed));
            }
        }
        if failed.is_empty() {
            file.restricted = on;
        }
        self.save(by, record, file, now).await?;
        Ok((!failed.is_empty()).then(|| Residue::of(failed)))
    }

    pub(super) fn append(
        &self,
        subject: SubjectId,
        statement: Statement,
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut ledger = self.consents.lock().unwrap_or_else(PoisonError::into_inner);
        // Said again after a failure, it changes nothing: the ledger takes it twice.
        Ok(ledger.append(ConsentEvent {
            subject,
            statement,
            at,
        })?)
    }
}
