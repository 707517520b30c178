//! What somebody does, as events of the case.

use gdpr_rights::request::case::{Event, Identity, NotNeeded};
use gdpr_rights::request::identity::{FactKind, Level, Sensitivity};

use super::super::identity::Tried;
use super::super::today;
use super::Walk;
use crate::{Error, Step};

impl Walk<'_> {
    pub(super) async fn take(&mut self, what: Step<'_>) -> Result<(), Error> {
        let actor = self.by.actor();
        match what {
            Step::Resume => Ok(()),
            Step::AskIdentity => self.ask_identity().await,
            Step::IdentityNotNeeded(why) => {
                // The case knows what does little harm; that the data is of a special kind it does not.
                let right = self.file.case.right();
                let need = Level::required(right, self.desk.controller(self.by)?.sensitivity);
                let ordinary = Level::required(right, Sensitivity::Ordinary);
                if why == NotNeeded::LowHarm && ordinary == Level::Nothing && need != ordinary {
                    return Err(gdpr_rights::Error::NotEnough(need).into());
                }
                self.find().await?;
                self.step(Event::IdentityNotNeeded(why)).await
            }
            Step::Code(typed) => self.try_code(typed, [&[], &[]]).await,
            Step::CodeAndFacts {
                typed,
                given,
                on_file,
            } => self.try_code(typed, [given, on_file]).await,
            Step::Verified(verified) => {
                self.find().await?;
                let event = self.desk.proved(&self.file, verified)?;
                self.step(event).await
            }
            Step::Refer => self.step(Event::ReferToController).await,
            Step::ControllerClosed => self.step(Event::ControllerClosed(self.by.tenant())).await,
            Step::AskClarification => self.step(Event::AskClarification).await,
            Step::Clarified(scope) => self.step(Event::Clarified(scope)).await,
            Step::ProceedWithAll => self.step(Event::ProceedWithAll).await,
            Step::Approve(extent) => self.step(Event::Approve { by: actor, extent }).await,
            Step::Execute => self.step(Event::Execute).await,
            Step::Recipients(how) => self.step(Event::RecipientsSettled(how)).await,
            Step::Deliver => self.deliver(&[], &[]).await,
            Step::DeliverExcept {
                reasons,
                exceptions,
            } => self.deliver(reasons, exceptions).await,
            Step::Refuse(reasons) => self.refuse(reasons).await,
            Step::Sent(message) => self.step(Event::Sent(message)).await,
            Step::NotSent(message) => self.not_sent(message).await,
            Step::TakeBack => self.step(Event::TakeBack).await,
            Step::Withdraw => self.step(Event::Withdraw).await,
            Step::Extend(reason) => self.step(Event::Extend { by: actor, reason }).await,
            Step::Day => {
                let today = today(self.desk.controller(self.by)?, self.now)?;
                self.step(Event::DayPassed { today }).await
            }
            Step::Restrict(ground) => self.step(Event::Restrict(ground)).await,
            Step::AnnounceLifting => self.step(Event::AnnounceLifting).await,
            Step::Lift => self.step(Event::Lift).await,
        }
    }

    async fn ask_identity(&mut self) -> Result<(), Error> {
        // The case is asked first, so that no code is made where none may be sent.
        let event = if self.file.case.identity() == Identity::Failed {
            Event::RetryIdentity
        } else {
            Event::RequireIdentity
        };
        self.apply(event)?;
        let made = self
            .desk
            .make_code(self.by, &mut self.file, self.now)
            .await?;
        (self.digits, self.digits_to) = made.unzip();
        self.save().await
    }

    async fn try_code(
        &mut self,
        typed: &str,
        facts: [&[(FactKind, &str)]; 2],
    ) -> Result<(), Error> {
        let tried = self
            .desk
            .try_code(self.by, &mut self.file, typed, facts, self.now)?;
        match tried {
            Tried::Passed => {
                self.file.sent = None;
                self.step(Event::IdentityVerified).await
            }
            Tried::Failed(error) => {
                self.apply(Event::IdentityFailed)?;
                self.save().await?;
                Err(error)
            }
            Tried::Again(error) => {
                self.save().await?;
                Err(error)
            }
        }
    }
}
