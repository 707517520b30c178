//! Who asks, what they mean, and whose case it is.

use retention_policy::{TenantId, Timestamp};

use super::Or as _;
use crate::request::case::Case;
use crate::request::case::effect::Effect;
use crate::request::case::facts::{ActingAs, AnswerTo, Identity, Scope, Status, Work, low_harm};
use crate::request::case::record::{Instruction, NotNeeded, Wait};
use crate::request::case::refusal::Why;

impl Case {
    pub(super) fn require_identity(
        &mut self,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Received)?;
        self.may_act().or(Why::NotOurRole)?;
        self.status = Status::AwaitingIdentity;
        self.identity = Identity::Asked;
        self.identity_wait = Some(Wait {
            asked: now,
            answered: None,
        });
        effects.push(Effect::AskIdentity);
        Ok(())
    }

    pub(super) fn identity_not_needed(
        &mut self,
        why: NotNeeded,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Received)?;
        self.may_act().or(Why::NotOurRole)?;
        self.identity = match why {
            NotNeeded::Authenticated => Identity::Authenticated,
            NotNeeded::LowHarm => {
                low_harm(self.right).or(Why::IdentityNeeded)?;
                Identity::NotNeeded
            }
        };
        self.start(effects);
        Ok(())
    }

    pub(super) fn identity_verified(
        &mut self,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::AwaitingIdentity)?;
        self.identity = Identity::Verified;
        self.identity_wait = answered(self.identity_wait, now);
        self.start(effects);
        Ok(())
    }

    pub(super) fn identity_failed(&mut self) -> Result<(), Why> {
        self.is_in(Status::AwaitingIdentity)?;
        self.identity = Identity::Failed;
        Ok(())
    }

    pub(super) fn retry_identity(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::AwaitingIdentity)?;
        (self.identity == Identity::Failed).or(Why::NotFailed)?;
        self.identity = Identity::Asked;
        effects.push(Effect::AskIdentity);
        Ok(())
    }

    pub(super) fn refer(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::Received)?;
        (self.acting == ActingAs::Processor).or(Why::NotOurRole)?;
        self.status = Status::Referred;
        effects.push(Effect::ReferToController);
        Ok(())
    }

    pub(super) fn instruct(
        &mut self,
        what: Instruction,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Referred)?;
        (what.controller == self.tenant).or(Why::WrongController)?;
        self.instructed = Some(now);
        self.identity = Identity::ByController;
        self.answer_to = what.answer_to;
        self.restrict_by_right(now, effects);
        self.start(effects);
        Ok(())
    }

    /// The controller closes what it has: a case it was referred, or one it instructed and that is untouched or returned.
    pub(super) fn controller_closed(&mut self, by: TenantId, now: Timestamp) -> Result<(), Why> {
        (self.acting == ActingAs::Processor).or(Why::NotOurRole)?;
        (by == self.tenant).or(Why::WrongController)?;
        let theirs = self.answer_to == AnswerTo::Controller && self.status == Status::Open;
        (self.status == Status::Referred || theirs).or(Why::WrongStatus)?;
        (self.returned || self.work == Work::NotStarted).or(Why::WorkOrdered)?;
        self.close(Status::ReferredClosed, now);
        Ok(())
    }

    pub(super) fn ask_clarification(
        &mut self,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        self.clarification_wait.is_none().or(Why::AskedBefore)?;
        self.decision.is_none().or(Why::Decided)?;
        self.status = Status::AwaitingClarification;
        self.clarification_wait = Some(Wait {
            asked: now,
            answered: None,
        });
        effects.push(Effect::AskClarification);
        Ok(())
    }

    pub(super) fn clarified(
        &mut self,
        scope: Scope,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::AwaitingClarification)?;
        self.scope = scope;
        self.clarification_wait = answered(self.clarification_wait, now);
        self.start(effects);
        Ok(())
    }

    pub(super) fn proceed_with_all(
        &mut self,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.clarified(Scope::Everything, now, effects)
    }

    /// Opens the work: every source says what it holds.
    pub(in crate::request::case) fn start(&mut self, effects: &mut Vec<Effect>) {
        self.status = Status::Open;
        self.answered = false;
        effects.push(Effect::AskEverySource(self.scope));
    }
}

pub(super) fn answered(wait: Option<Wait>, now: Timestamp) -> Option<Wait> {
    wait.map(|w| Wait {
        answered: w.answered.or(Some(now)),
        ..w
    })
}
