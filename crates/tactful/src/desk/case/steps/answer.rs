//! What a case answers: package, certificate, letter of refusal.

use gdpr_rights::request::case::{Closing, Event, Message};
use gdpr_rights::request::refusal::{
    Exception, Extent, Reason, RefusalDraft, RefusalNotice, Remedy,
};
use gdpr_rights::{Language, Nonce, Right};
use zeroize::Zeroizing;

use super::Walk;
use crate::desk::case::certificate::certificate;
use crate::{Error, Letter};

impl Walk<'_> {
    pub(super) async fn deliver(
        &mut self,
        reasons: &[Reason],
        exceptions: &[Exception],
    ) -> Result<(), Error> {
        // The case says whether it may be, before anything is made.
        self.apply(Event::Deliver)?;
        self.answer(reasons, exceptions).await?;
        self.save().await
    }

    /// Makes what the answer consists of.
    async fn answer(&mut self, reasons: &[Reason], exceptions: &[Exception]) -> Result<(), Error> {
        let desk = self.desk;
        let case = &self.file.case;
        let all = reasons.is_empty() && exceptions.is_empty();
        if all == self.file.is_in_part() {
            return Err(Error::Incomplete(
                "what is granted in part is delivered with what is kept or withheld, and nothing else is",
            ));
        }
        if !self.file.held.is_empty() && exceptions.is_empty() {
            return Err(Error::Incomplete(
                "a hold keeps something: name it among the exceptions, by which law and until when",
            ));
        }
        match case.right() {
            Right::Access | Right::Portability => {
                let made = desk.make_package(self.by, &mut self.file, self.now).await?;
                self.package = Some(made);
            }
            Right::Erasure => {
                let nonce = Nonce::from_random(desk.random()?);
                let look = desk
                    .look_again(self.by, &self.file, nonce, self.now)
                    .await?;
                let (clean, _) = look?;
                let controller = desk.controller(self.by)?;
                let signed =
                    certificate(desk, controller, &self.file, clean, exceptions, self.now)?;
                self.file.certificate = Some(signed.to_bytes());
                self.certificate = Some(signed);
            }
            _ => {}
        }
        if !all {
            let notice = self.notice(Extent::Part, reasons, exceptions)?;
            self.letter = Some(letter(&notice, self.file.language));
        }
        Ok(())
    }

    pub(super) async fn not_sent(&mut self, message: Message) -> Result<(), Error> {
        self.apply(Event::NotSent(message))?;
        if message == Message::Answer {
            self.certificate = self.desk.signed(&self.file)?;
        }
        // A link that did not reach the person is lost with its token: a new one.
        if message == Message::Answer
            && self.file.case.closing() == Some(Closing::Answer)
            && matches!(self.file.case.right(), Right::Access | Right::Portability)
        {
            let made = self
                .desk
                .make_package(self.by, &mut self.file, self.now)
                .await?;
            self.package = Some(made);
        }
        self.save().await
    }

    pub(super) async fn refuse(&mut self, reasons: &[Reason]) -> Result<(), Error> {
        let notice = self.notice(Extent::Whole, reasons, &[])?;
        let ground = reasons
            .first()
            .map(|r| r.ground().kind())
            .ok_or(Error::Incomplete("a refusal has a reason"))?;
        self.letter = Some(letter(&notice, self.file.language));
        self.step(Event::Refuse {
            by: self.by.actor(),
            ground,
        })
        .await
    }

    fn notice(
        &self,
        extent: Extent,
        reasons: &[Reason],
        exceptions: &[Exception],
    ) -> Result<RefusalNotice, Error> {
        Ok(RefusalNotice::new(RefusalDraft {
            case: self.file.case.id(),
            right: self.file.case.right(),
            extent,
            reasons: reasons.to_vec(),
            exceptions: exceptions.to_vec(),
            complaint: Some(self.desk.controller(self.by)?.authority),
            remedy: Some(Remedy::EstablishmentOrResidence),
            decided_by: self.by.actor(),
            decided_at: self.now,
        })?)
    }
}

fn letter(notice: &RefusalNotice, language: Language) -> Letter {
    Letter {
        subject: notice.subject(language),
        body: Zeroizing::new(notice.expose_letter(language)),
    }
}
