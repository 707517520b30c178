//! Limiting the use of a person's data at once, and ending that (articles 7(3), 18, 21).

use crypto_store::Accessor;
use gdpr_rights::request::case::Ground;
use gdpr_rights::{Residue, ResidueReason};
use retention_policy::{Hold, HoldId, HoldReason, RecordId, Scope, SubjectId, Timestamp};

use super::person;
use crate::desk::Desk;
use crate::desk::case::file::CaseFile;
use crate::desk::case::restricts_term;
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
        // Whoever is not known here yet is known from now on, by what they gave: their first ticket is theirs.
        let subject = match file.person {
            Some(subject) => subject,
            None => *file.person.insert(SubjectId::from_random(self.random()?)),
        };
        if !on && let Some(hold) = file.hold.take() {
            match self.store.release_hold(hold, by, &ANSWER, now).await {
                Ok(_) | Err(crypto_store::Error::UnknownHold) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Another case of the person may limit the use as well: it goes on to.
        let others = if on {
            Vec::new()
        } else {
            self.other_grounds(by, record, subject, now).await?
        };
        if on != file.said {
            let identifiers = file.identifiers.clone().unwrap_or_default();
            let mut statements = ground.statements(on);
            statements.retain(|said| !others.iter().any(|g| g.statements(on).contains(said)));
            self.remember(by, subject, &identifiers, &statements, now)
                .await?;
            file.said = on;
        }
        if on && ground.keeps_data() && file.hold.is_none() {
            // One a case, so that a crash before the case is stored leaves none that nobody knows of.
            let id = HoldId::from_bytes(file.case.id().to_bytes());
            let scope = Scope::Subject(subject);
            let hold = Hold::for_a_year(
                id,
                by.tenant(),
                scope,
                HoldReason::Restriction,
                by.actor(),
                now,
            )?;
            self.store.place_hold(&hold, by, &ANSWER, now).await?;
            file.hold = Some(id);
        }
        let nobody = Customer::new();
        let person = person(file, &nobody);
        let mut failed = Vec::new();
        let goes_on = others.contains(&ground);
        for source in self.sources.iter().filter(|_| !goes_on) {
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

    /// Why other cases limit the use of the person's data.
    async fn other_grounds(
        &self,
        by: &Accessor,
        record: RecordId,
        subject: SubjectId,
        now: Timestamp,
    ) -> Result<Vec<Ground>, Error> {
        let mut grounds = Vec::new();
        let term = restricts_term(subject)?;
        for other in self.store.find(&term, by, &ANSWER, now).await? {
            if other == record {
                continue;
            }
            let opened = self.store.get(other, by, &ANSWER, now).await?;
            let case = CaseFile::decode(opened.expose())?.case;
            grounds.extend(
                case.restriction()
                    .filter(|r| r.lifted.is_none())
                    .map(|r| r.ground),
            );
        }
        Ok(grounds)
    }
}
