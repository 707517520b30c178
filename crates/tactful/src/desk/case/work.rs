//! Orders to every source, the desk's own store among them: look, limit, erase, look again.

use crypto_store::Accessor;
use gdpr_rights::account::consent::CONTESTABLE;
use gdpr_rights::request::case::{Event, Ground, Located, Rescan};
use gdpr_rights::{
    Answer, CleanScan, Nonce, Permission, Residue, ResidueReason, Right, ScanOrder, SourceId,
    Statement,
};
use retention_policy::{Purpose, RecordId, Timestamp};

use super::file::{CaseFile, Erasure};
use crate::desk::Desk;
use crate::source::{Look, Person};
use crate::{Customer, Error};

mod erase;
mod limit;

/// The name the desk's own store answers under.
pub(crate) const STORE: &str = "store";

impl Desk {
    pub(super) fn source_ids(&self) -> Result<Vec<SourceId>, Error> {
        let own = SourceId::new(STORE)?;
        Ok(self.sources.iter().map(|s| s.id()).chain([own]).collect())
    }

    /// Asks every source to look.
    async fn look_everywhere(
        &self,
        by: &Accessor,
        file: &CaseFile,
        nonce: Nonce,
        look: Look<'_>,
        now: Timestamp,
    ) -> Result<(ScanOrder, Vec<Answer>), Error> {
        let order = ScanOrder::new(file.case.id(), self.source_ids()?, nonce)?;
        let own = SourceId::new(STORE)?;
        let mut answers = vec![match self.look_here(by, file, look, now).await? {
            Some(count) => Answer::found(&own, nonce, count),
            None => Answer::failed(&own, nonce),
        }];
        let nobody = Customer::new();
        let person = person(file, &nobody);
        for source in &self.sources {
            answers.push(source.scan(&order, &person, look).await);
        }
        Ok((order, answers))
    }

    /// How many records of the own store are in the way; `None` while keys still wait to be destroyed.
    async fn look_here(
        &self,
        by: &Accessor,
        file: &CaseFile,
        look: Look<'_>,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        Ok(match look {
            Look::Held => {
                if self.store.settle(now).await?.pending > 0 {
                    return Ok(None);
                }
                Some(self.own_count(by, file, now).await?)
            }
            Look::Wrong(correction) => Some(self.still_wrong(by, file, correction, now).await?),
            // What nothing is said about in the ledger is no use of this house.
            Look::InUse(ground) if ground.statements(true).is_empty() => Some(0),
            Look::InUse(_) => {
                let runs = file.person.is_some_and(|subject| {
                    self.consents()
                        .may_run(subject, Purpose::DraftReply, self.basis)
                        == Permission::Granted
                });
                Some(u64::from(runs))
            }
        })
    }

    /// Finds the person, asks every source what it holds, and notes it; or who did not answer.
    pub(super) async fn locate(
        &self,
        by: &Accessor,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Result<(Located, Vec<(SourceId, u64)>), Residue>, Error> {
        self.find_whom(by, file, now).await?;
        let nonce = Nonce::from_random(self.random()?);
        let (order, answers) = self
            .look_everywhere(by, file, nonce, Look::Held, now)
            .await?;
        let located = match Located::of(&order, &answers) {
            Ok(located) => located,
            Err(residue) => {
                let mut reasons = residue.reasons().to_vec();
                // That a source holds something is what it was asked, and not in the way.
                reasons.retain(|(_, reason)| !matches!(reason, ResidueReason::Found(_)));
                return Ok(Err(Residue::of(reasons)));
            }
        };
        let found: Vec<_> = answers
            .iter()
            .map(|answer| (answer.source().clone(), answer.items().unwrap_or_default()))
            .collect();
        file.erasures = found
            .iter()
            .map(|(source, before)| Erasure {
                source: source.clone(),
                before: *before,
                method: None,
            })
            .collect();
        Ok(Ok((located, found)))
    }

    /// Looks for the person, and keeps of what the request gave only what is theirs. Whether somebody was found now.
    pub(super) async fn find_whom(
        &self,
        by: &Accessor,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<bool, Error> {
        if file.person.is_none()
            && let Some(identifiers) = &file.identifiers
            && let Some(person) = self.one_person(by, identifiers, now).await?
        {
            let [theirs, shown] = self.theirs(by, person, identifiers, now).await?;
            file.person = Some(person);
            file.identifiers = Some(theirs);
            file.shown = Some(shown);
            return Ok(true);
        }
        Ok(false)
    }

    /// Does what was ordered. What could not be done comes back.
    pub(super) async fn carry_out(
        &self,
        by: &Accessor,
        record: RecordId,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Option<Residue>, Error> {
        match file.case.right() {
            Right::Erasure => self.erase_everywhere(by, record, file, now).await,
            Right::Rectification => self.rectify_everywhere(by, file, now).await,
            Right::Objection => {
                // Its restriction has made the person known, if nobody was.
                if let Some(subject) = file.person {
                    let identifiers = file.identifiers.clone().unwrap_or_default();
                    let said = CONTESTABLE.map(Statement::Objection);
                    self.remember(by, subject, &identifiers, &said, now).await?;
                }
                Ok(None)
            }
            // A package is made when it is delivered, and what limits use has been done at once.
            _ => Ok(None),
        }
    }

    async fn rectify_everywhere(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<Option<Residue>, Error> {
        let correction = file.correction.as_ref().ok_or(Error::DamagedCase)?;
        self.correct_here(by, file, correction, now).await?;
        let nobody = Customer::new();
        let person = person(file, &nobody);
        let mut failed = Vec::new();
        for source in &self.sources {
            if source.rectify(&person, correction).await.is_err() {
                failed.push((source.id(), ResidueReason::Failed));
            }
        }
        Ok((!failed.is_empty()).then(|| Residue::of(failed)))
    }

    /// The second look: clean, or what is left.
    pub(super) async fn look_again(
        &self,
        by: &Accessor,
        file: &CaseFile,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Result<(CleanScan, Rescan), Residue>, Error> {
        let look = match (file.case.right(), &file.correction) {
            (Right::Erasure, _) => Look::Held,
            (Right::Rectification, Some(correction)) => Look::Wrong(correction),
            _ => Look::InUse(file.case.ground().unwrap_or(Ground::AccuracyContested)),
        };
        let (order, answers) = self.look_everywhere(by, file, nonce, look, now).await?;
        Ok(Rescan::conclude(&order, &answers))
    }

    /// What the machine does with a second look.
    pub(super) fn event_of(look: &Result<(CleanScan, Rescan), Residue>) -> Event {
        match look {
            Ok((_, rescan)) => Event::ScannedClean(*rescan),
            Err(_) => Event::ScannedDirty,
        }
    }
}

/// Whom sources are asked about.
pub(super) fn person<'f>(file: &'f CaseFile, nobody: &'f Customer) -> Person<'f> {
    Person {
        tenant: file.case.tenant(),
        subject: file.request().subject,
        identifiers: file.identifiers.as_ref().unwrap_or(nobody),
    }
}
