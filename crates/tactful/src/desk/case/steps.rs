//! `advance` and `instruct`: a step of the case, and what the desk can do itself after it.

use crypto_store::Accessor;
use gdpr_rights::request::case::{AnswerTo, Effect, Event, Instruction, Limits, step};
use gdpr_rights::request::certificate::SignedCertificate;
use gdpr_rights::request::clock::Clock;
use gdpr_rights::request::identity::Digits;
use gdpr_rights::{Residue, SourceId};
use retention_policy::{CaseId, RecordId, Timestamp};

use super::file::CaseFile;
use super::{Desk, bare_deadline};
use crate::{Address, Error, Handover, Letter, Progress, Step};

mod answer;
mod owed;
mod take;

/// A step on its way: the case as it is stored, and what came of it.
pub(super) struct Walk<'a> {
    desk: &'a Desk,
    by: &'a Accessor,
    record: RecordId,
    pub(super) file: CaseFile,
    now: Timestamp,
    pub(super) todo: Vec<Effect>,
    found: Vec<(SourceId, u64)>,
    residue: Option<Residue>,
    digits: Option<Digits>,
    digits_to: Option<Address>,
    package: Option<Handover>,
    certificate: Option<SignedCertificate>,
    letter: Option<Letter>,
}

impl Desk {
    /// Takes a case on by one step, and does what follows from it: asks every source, limits the use, erases, corrects,
    /// looks again, makes package or certificate. What is left for people is in [`Progress::todo`].
    ///
    /// Everything is stored before it is returned. A source that fails or is silent keeps the case open and comes back as
    /// [`Progress::residue`]; [`Step::Resume`] tries again.
    ///
    /// # Errors
    /// [`Error::Step`] for what cannot happen now, with what to do instead; [`Error::UnknownCase`]; [`Error::TwoPeople`];
    /// [`Error::Rights`] for a code or proof that does not suffice and for a refusal that is not complete; [`Error::Residue`]
    /// when a certificate was asked for and something is there again; [`Error::Package`], [`Error::Certificate`];
    /// [`Error::is_denied`]; the store failed. The case is as it was, except that a try of a code was counted.
    pub async fn advance(
        &self,
        by: &Accessor,
        case: CaseId,
        what: Step<'_>,
    ) -> Result<Progress, Error> {
        let done = self.walk(by, case, what).await;
        if let Err(error) = &done {
            tracing::warn!(%case, %error, "a step was refused");
        }
        done
    }

    /// The controller tells its processor what to do (article 28(3)(a)), by which it states that whoever asks may ask. The
    /// answer goes to the controller unless it authorises the house to answer the person.
    ///
    /// # Errors
    /// As [`Desk::advance`].
    pub async fn instruct(
        &self,
        by: &Accessor,
        case: CaseId,
        answer_to: AnswerTo,
    ) -> Result<Progress, Error> {
        let now = self.now()?;
        let lock = self.cases.of(case);
        let _one = lock.lock().await;
        let mut walk = self.begin(by, case, now).await?;
        walk.find().await?;
        walk.step(Event::ControllerInstructs(Instruction {
            controller: by.tenant(),
            answer_to,
        }))
        .await?;
        walk.finish().await
    }

    pub(super) async fn begin<'a>(
        &'a self,
        by: &'a Accessor,
        case: CaseId,
        now: Timestamp,
    ) -> Result<Walk<'a>, Error> {
        let (record, file) = self.load(by, case, now).await?;
        Ok(Walk {
            desk: self,
            by,
            record,
            file,
            now,
            todo: Vec::new(),
            found: Vec::new(),
            residue: None,
            digits: None,
            digits_to: None,
            package: None,
            certificate: None,
            letter: None,
        })
    }

    async fn walk(&self, by: &Accessor, case: CaseId, what: Step<'_>) -> Result<Progress, Error> {
        let now = self.now()?;
        let lock = self.cases.of(case);
        let _one = lock.lock().await;
        let mut walk = self.begin(by, case, now).await?;
        if walk.file.case.has_lapsed(now) {
            // Nobody decided by the day: it stops whoever looks at it next, whatever they want.
            walk.take(Step::Day).await?;
        }
        walk.take(what).await?;
        walk.finish().await
    }
}

impl Walk<'_> {
    /// One event: the case goes on in memory, its effects wait.
    fn apply(&mut self, event: Event) -> Result<(), Error> {
        let (case, effects) = step(&self.file.case, event, self.now)?;
        self.file.case = case;
        self.todo.extend(effects);
        self.recount()
    }

    /// A question that was asked or answered moves the days; a case that has ended keeps them.
    fn recount(&mut self) -> Result<(), Error> {
        let case = &self.file.case;
        if case.status().is_terminal() {
            return Ok(());
        }
        let controller = self.desk.controller(self.by)?;
        let clock = Clock::new(controller.zone, &controller.calendar);
        let counted = Limits::of(&bare_deadline(&clock, case)?)?;
        if counted != *case.limits() {
            let (case, effects) = step(case, Event::LimitsChanged(counted), self.now)?;
            self.file.case = case;
            self.todo.extend(effects);
        }
        Ok(())
    }

    /// Looks for the person before a step that leads to work: whoever cannot be told apart stops it.
    async fn find(&mut self) -> Result<(), Error> {
        let ended = self.file.case.status().is_terminal();
        if !ended {
            self.desk
                .find_whom(self.by, &mut self.file, self.now)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn save(&mut self) -> Result<(), Error> {
        self.desk
            .save(self.by, self.record, &mut self.file, self.now)
            .await
    }

    async fn step(&mut self, event: Event) -> Result<(), Error> {
        let name = event.name();
        self.apply(event)?;
        self.save().await?;
        tracing::info!(
            case = %self.file.case.id(),
            event = name,
            status = self.file.case.status().name(),
            "a case went on"
        );
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<Progress, Error> {
        self.go_on().await?;
        self.todo.retain(for_people);
        let deadline = self.desk.deadline_of(self.by, &self.file.case)?;
        Ok(Progress {
            case: self.file.case,
            todo: self.todo,
            found: self.found,
            residue: self.residue,
            digits: self.digits,
            digits_to: self.digits_to,
            package: self.package,
            certificate: self.certificate,
            letter: self.letter,
            deadline,
        })
    }
}

/// Whether somebody has to do it; the rest the desk did.
fn for_people(effect: &Effect) -> bool {
    !matches!(
        effect,
        Effect::AskEverySource(_)
            | Effect::RestrictAtOnce(_)
            | Effect::StopAtOnce(_)
            | Effect::StopByItself
            | Effect::Execute { .. }
            | Effect::ScanAgain(_)
            | Effect::LiftRestriction
    )
}
