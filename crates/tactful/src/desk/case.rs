//! Requests of people, from the mail to the last letter: `request`, `instruct`, `advance`, `collect`.

use chrono::NaiveDate;
use crypto_store::{Accessor, Amendment, IndexTerm};
use gdpr_rights::request::case::{Case, ExtensionReason, Wait};
use gdpr_rights::request::certificate::SignedCertificate;
use gdpr_rights::request::clock::{Clock, Deadline, ExtensionGround, Pause};
use retention_policy::{CaseId, RecordId, SubjectId, Timestamp};

use super::Desk;
use super::erase::ANSWER;
use crate::{CaseView, Controller, Error};

mod asked;
mod certificate;
mod file;
mod identity;
mod intake;
mod join;
mod own;
mod package;
mod rectify;
mod steps;
mod work;

use file::CaseFile;
pub(super) use work::STORE;

impl Desk {
    /// A case, as it stands. The person it is about is looked for, if nobody has yet.
    ///
    /// # Errors
    /// [`Error::UnknownCase`], [`Error::is_denied`] unless the role answers requests; the store failed.
    pub async fn case(&self, by: &Accessor, case: CaseId) -> Result<CaseView, Error> {
        let now = self.now()?;
        let lock = self.cases.of(case);
        let _one = lock.lock().await;
        let (record, mut file) = self.load(by, case, now).await?;
        // A proof of identity is made for the person, so they are looked for now.
        if !file.case.status().is_terminal() {
            match self.find_whom(by, &mut file, now).await {
                Ok(true) => self.save(by, record, &mut file, now).await?,
                // That there are two is said by the step that would go on with one.
                Ok(false) | Err(Error::TwoPeople) => {}
                Err(error) => return Err(error),
            }
        }
        let deadline = self.deadline_of(by, &file.case)?;
        Ok(CaseView {
            person: file.person,
            request: file.request(),
            certificate: self.signed(&file)?,
            case: file.case,
            deadline,
        })
    }

    /// The cases that have not ended. Take each on by [`Step::Day`](crate::Step::Day) once a day: reminders, alarms, and
    /// objections that nobody decided.
    ///
    /// # Errors
    /// [`Error::is_denied`] unless the role answers requests; the store failed.
    pub async fn open_cases(&self, by: &Accessor) -> Result<Vec<CaseId>, Error> {
        let now = self.now()?;
        let mut open = Vec::new();
        for record in self.store.find(&open_term()?, by, &ANSWER, now).await? {
            let opened = self.store.get(record, by, &ANSWER, now).await?;
            open.push(CaseFile::decode(opened.expose())?.case.id());
        }
        Ok(open)
    }

    pub(super) fn controller(&self, by: &Accessor) -> Result<&Controller, Error> {
        self.controllers.get(&by.tenant()).ok_or(Error::Incomplete(
            "name the controller of this tenant: DeskBuilder::controller",
        ))
    }

    pub(super) fn signing_key(&self) -> Result<&gdpr_rights::request::sign::SigningKey, Error> {
        self.signing_key.as_ref().ok_or(Error::Incomplete(
            "name the key that packages and certificates are signed with: DeskBuilder::signing_key",
        ))
    }

    /// The certificate that was signed in a case.
    fn signed(&self, file: &CaseFile) -> Result<Option<SignedCertificate>, Error> {
        let signed = file.certificate.as_deref().map(|bytes| {
            let key = self.signing_key()?.verifying_key();
            Ok::<_, Error>(SignedCertificate::from_bytes(bytes, &key)?)
        });
        signed.transpose()
    }

    /// The record of a case and what is in it.
    async fn load(
        &self,
        by: &Accessor,
        case: CaseId,
        now: Timestamp,
    ) -> Result<(RecordId, CaseFile), Error> {
        self.may_read(by.tenant(), ANSWER.purpose())?;
        let found = self.store.find(&term(case)?, by, &ANSWER, now).await?;
        let record = *found.first().ok_or(Error::UnknownCase)?;
        let opened = self.store.get(record, by, &ANSWER, now).await?;
        Ok((record, CaseFile::decode(opened.expose())?))
    }

    /// Seals the case again as it is now; the key of what it was goes. A case that has ended forgets whom it was about, once
    /// no restriction of it is in force any more.
    async fn save(
        &self,
        by: &Accessor,
        record: RecordId,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<(), Error> {
        let ended = file.case.status().is_terminal();
        let restricts = file.case.is_restricted() || file.restricted;
        let (mut with, mut without) = (Vec::new(), Vec::new());
        if let Some(person) = file.person {
            let list = if restricts { &mut with } else { &mut without };
            list.push(restricts_term(person)?);
        }
        if ended {
            without.push(open_term()?);
        }
        if ended && !restricts {
            file.forget();
        }
        let change = Amendment::new(file.encode()?.to_vec())
            .with(with)
            .without(without);
        self.store.amend(record, change, by, &ANSWER, now).await?;
        Ok(())
    }

    /// The dates of a case, with its questions and its extension.
    fn deadline_of(&self, by: &Accessor, case: &Case) -> Result<Deadline, Error> {
        let controller = self.controller(by)?;
        let clock = Clock::new(controller.zone, &controller.calendar);
        let deadline = bare_deadline(&clock, case)?;
        let told = case.extension().and_then(|e| Some((e.notified?, e.reason)));
        Ok(match told {
            Some((at, reason)) => deadline.extend(clock.date(at)?, Some(ground(reason)))?,
            None => deadline,
        })
    }
}

/// The dates without an extension.
fn bare_deadline(clock: &Clock<'_>, case: &Case) -> Result<Deadline, Error> {
    let received = clock.date(case.received())?;
    let mut pauses = Vec::new();
    for wait in [case.identity_wait(), case.clarification_wait()] {
        pauses.extend(wait.map(|w| pause(clock, w)).transpose()?);
    }
    Ok(clock.deadline(received, &pauses)?)
}

/// A question to the person as the clock counts it.
fn pause(clock: &Clock<'_>, wait: Wait) -> Result<Pause, Error> {
    let asked = clock.date(wait.asked)?;
    Ok(match wait.answered {
        Some(at) => Pause::new(asked, clock.date(at)?)?,
        None => Pause::open(asked),
    })
}

fn ground(reason: ExtensionReason) -> ExtensionGround {
    match reason {
        ExtensionReason::Number => ExtensionGround::NumberOfRequests,
        _ => ExtensionGround::Complexity,
    }
}

/// What the record of a case is found by.
fn term(case: CaseId) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("rights_case", &case.to_string())?)
}

/// What the records of all cases that have not ended are found by.
fn open_term() -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("rights_open", "case")?)
}

/// What the records of all cases that limit the use of a person's data are found by.
fn restricts_term(person: SubjectId) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("rights_restricts", &person.to_string())?)
}

/// The civil day of the controller.
fn today(controller: &Controller, now: Timestamp) -> Result<NaiveDate, Error> {
    Ok(controller.zone.date(now)?)
}
