//! The ends: the answer, the refusal, the withdrawal. A message leaves first.

use retention_policy::{ActorId, Timestamp};

use super::Or as _;
use crate::request::case::effect::Effect;
use crate::request::case::facts::{
    ActingAs, AnswerTo, Extent, Ground, Message, RefusalGround, Status, Work, mutates,
    tells_recipients,
};
use crate::request::case::record::{
    Closing, DecidedBy, Decision, Extension, Notice, Restriction, Verdict,
};
use crate::request::case::refusal::Why;
use crate::request::case::{Case, Recipients};
use crate::request::right::Right;

impl Case {
    pub(super) fn deliver(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        let extent = self.granted().ok_or(Why::NotApproved)?;
        match self.work {
            Work::NotStarted => Err(Why::WorkNotOrdered),
            Work::Ordered => Err(Why::WorkNotDone),
            Work::Done => Ok(()),
        }?;
        (self.clean || !mutates(self.right)).or(Why::NotClean)?;
        let settled = matches!(self.recipients, Recipients::Settled(_));
        (settled || !tells_recipients(self.right)).or(Why::RecipientsOpen)?;
        self.closing = Some(Closing::Answer);
        effects.push(Effect::Deliver {
            to: self.answer_to,
            extent,
        });
        Ok(())
    }

    pub(super) fn refuse(
        &mut self,
        by: ActorId,
        ground: RefusalGround,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        // A refusal is an answer on substance: the controller's, unless it authorised us to give it.
        let ours = self.acting == ActingAs::Controller || self.answer_to == AnswerTo::Person;
        let fits = match self.status {
            Status::Received => ground.is_about_the_request(),
            Status::AwaitingIdentity => {
                ground.is_about_the_request() || ground == RefusalGround::IdentityNotProved
            }
            Status::Open => {
                let weighs = self.right == Right::Objection;
                ground != RefusalGround::IdentityNotProved
                    && (weighs || ground != RefusalGround::CompellingGrounds)
            }
            _ => return Err(Why::WrongStatus),
        };
        ours.or(Why::NotOurRole)?;
        self.is_untouched()?;
        fits.or(Why::WrongGround)?;
        let on_the_merits =
            !ground.is_about_the_request() && ground != RefusalGround::IdentityNotProved;
        let absolute = self.ground.is_some_and(Ground::is_absolute);
        (!absolute || !on_the_merits).or(Why::Absolute)?;
        self.decision = Some(Decision {
            verdict: Verdict::Refuse(ground),
            by: DecidedBy::Human(by),
            at: now,
        });
        self.closing = Some(Closing::Refusal);
        effects.push(Effect::LetterOfRefusal(ground));
        Ok(())
    }

    pub(super) fn sent(&mut self, message: Message, now: Timestamp) -> Result<(), Why> {
        match message {
            Message::Extension => self.extension_sent(now),
            Message::Lifting => {
                let restriction = self.queued_lifting()?;
                self.restriction = Some(Restriction {
                    notice: Notice::Sent(now),
                    ..restriction
                });
                Ok(())
            }
            Message::Answer | Message::Refusal | Message::Joined => {
                let closing = self.on_its_way(message)?;
                if closing == Closing::Answer && self.answer_to == AnswerTo::Controller {
                    self.closing = None;
                    self.returned = true;
                    return Ok(());
                }
                let status = match (closing, self.granted()) {
                    (Closing::Joined(_), _) => Status::Merged,
                    (Closing::Refusal, _) => Status::Refused,
                    (Closing::Answer, Some(Extent::Full)) => Status::Fulfilled,
                    (Closing::Answer, _) => Status::PartlyFulfilled,
                };
                self.close(status, now);
                Ok(())
            }
        }
    }

    pub(super) fn not_sent(
        &mut self,
        message: Message,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        match message {
            Message::Extension => {
                self.queued_extension()?;
                self.extension = None;
            }
            Message::Lifting => {
                let restriction = self.queued_lifting()?;
                self.restriction = Some(Restriction {
                    notice: Notice::None,
                    ..restriction
                });
            }
            Message::Answer | Message::Refusal | Message::Joined => {
                let again = match (self.on_its_way(message)?, self.decision.map(|d| d.verdict)) {
                    (Closing::Joined(survivor), _) => Effect::TellJoined {
                        survivor,
                        to: self.answer_to,
                    },
                    (Closing::Answer, Some(Verdict::Grant(extent))) => Effect::Deliver {
                        to: self.answer_to,
                        extent,
                    },
                    (Closing::Refusal, Some(Verdict::Refuse(ground))) => {
                        Effect::LetterOfRefusal(ground)
                    }
                    (Closing::Answer | Closing::Refusal, _) => return Err(Why::NothingOnItsWay),
                };
                effects.push(again);
            }
        }
        Ok(())
    }

    /// A refusal taken back is no decision any more; work that is done stays done.
    pub(super) fn take_back(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        match self.closing.ok_or(Why::NothingOnItsWay)? {
            Closing::Answer => {}
            Closing::Refusal => self.decision = None,
            // The other case has taken over: there is no way back.
            Closing::Joined(_) => return Err(Why::OnItsWay),
        }
        self.closing = None;
        effects.push(Effect::AskHuman);
        Ok(())
    }

    pub(super) fn withdraw(
        &mut self,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_untouched()?;
        let controller_has_it = self.status == Status::Referred || self.instructed.is_some();
        self.closing = None;
        self.close(Status::Withdrawn, now);
        effects.push(Effect::ConfirmWithdrawal);
        if controller_has_it {
            effects.push(Effect::TellControllerWithdrawn);
        }
        Ok(())
    }

    pub(in crate::request::case) fn queued_extension(&self) -> Result<Extension, Why> {
        self.extension
            .filter(|e| e.notified.is_none())
            .ok_or(Why::NothingOnItsWay)
    }

    fn queued_lifting(&self) -> Result<Restriction, Why> {
        self.restriction
            .filter(|r| r.notice == Notice::Queued)
            .ok_or(Why::NothingOnItsWay)
    }

    fn on_its_way(&self, message: Message) -> Result<Closing, Why> {
        self.closing
            .filter(|c| c.message() == message)
            .ok_or(Why::NothingOnItsWay)
    }
}

impl RefusalGround {
    /// Whether it is about the request and not about the data, so that it tells a stranger nothing.
    const fn is_about_the_request(self) -> bool {
        matches!(self, Self::Unfounded | Self::Excessive)
    }
}
