//! Which facts go together. A stored case whose facts do not is damaged, however its bytes read.

use super::facts::{
    ActingAs, AnswerTo, Extent, Ground, Identity, Status, Work, mutates, tells_recipients,
};
use super::record::{Closing, DecidedBy, Notice, Verdict};
use super::step::REMIND_AT;
use super::{Case, Recipients};

impl Case {
    /// Whether some steps can leave the case like this, as far as one fact can tell on another.
    pub(super) fn is_coherent(&self) -> bool {
        self.has_its_status()
            && self.is_who_it_says()
            && self.is_asked_in_turn()
            && self.is_decided_in_turn()
            && self.is_worked_in_turn()
            && self.is_restricted_in_turn()
            && self.reminded < 1 << REMIND_AT.len()
            && self.received <= self.opened
    }

    fn has_its_status(&self) -> bool {
        let closing = self.closing;
        let fits = match self.status {
            Status::Received | Status::AwaitingIdentity => {
                matches!(closing, None | Some(Closing::Refusal))
            }
            Status::AwaitingClarification | Status::Referred | Status::Withdrawn => {
                closing.is_none()
            }
            Status::Open => true,
            Status::Fulfilled => {
                closing == Some(Closing::Answer) && self.granted() == Some(Extent::Full)
            }
            Status::PartlyFulfilled => {
                closing == Some(Closing::Answer) && self.granted() == Some(Extent::WithExceptions)
            }
            Status::Refused => closing == Some(Closing::Refusal),
            Status::Merged => matches!(closing, Some(Closing::Joined(_))),
            Status::ReferredClosed => {
                closing.is_none()
                    && self.answer_to == AnswerTo::Controller
                    && (self.returned || self.work == Work::NotStarted)
            }
        };
        fits && self.status.is_terminal() == self.closed.is_some()
    }

    /// A controller answers the person; a processor is instructed, or has not begun.
    fn is_who_it_says(&self) -> bool {
        let instructed = self.instructed.is_some();
        let role = match self.acting {
            ActingAs::Controller => !instructed && self.answer_to == AnswerTo::Person,
            ActingAs::Processor => instructed || self.answer_to == AnswerTo::Controller,
        };
        let status = match self.status {
            Status::AwaitingIdentity => self.acting == ActingAs::Controller,
            Status::Referred => self.acting == ActingAs::Processor && !instructed,
            _ => true,
        };
        role && status && instructed == (self.identity == Identity::ByController)
    }

    fn is_asked_in_turn(&self) -> bool {
        let is_open = |wait: Option<super::Wait>| wait.is_some_and(|w| w.answered.is_none());
        let asked_who = matches!(self.identity, Identity::Asked | Identity::Failed);
        let asked_what = self.status == Status::AwaitingClarification
            || (self.status == Status::Withdrawn && is_open(self.clarification_wait));
        let identity = match self.status {
            Status::Received | Status::Referred => self.identity == Identity::Unasked,
            Status::AwaitingIdentity => asked_who,
            Status::Refused | Status::Withdrawn | Status::ReferredClosed => true,
            _ => self.identity.is_settled(),
        };
        let settled = self.identity.is_settled();
        identity
            && is_open(self.identity_wait) == asked_who
            && is_open(self.clarification_wait) == asked_what
            && (settled || (self.clarification_wait.is_none() && !self.answered))
    }

    fn is_decided_in_turn(&self) -> bool {
        let Some(decision) = self.decision else {
            return self.closing != Some(Closing::Refusal) && self.work == Work::NotStarted;
        };
        match decision.verdict {
            Verdict::Refuse(_) => {
                (self.closing == Some(Closing::Refusal) || self.status == Status::Withdrawn)
                    && self.answer_to == AnswerTo::Person
                    && self.work == Work::NotStarted
            }
            Verdict::Grant(_) => {
                let absolute = self.ground.is_some_and(Ground::is_absolute);
                self.closing != Some(Closing::Refusal)
                    && self.status != Status::AwaitingClarification
                    && (!absolute || self.granted() == Some(Extent::Full))
                    && match decision.by {
                        DecidedBy::Human(_) => self.answered,
                        DecidedBy::Lapse => {
                            self.granted() == Some(Extent::Full)
                                && self.identity.is_settled()
                                && self.work != Work::NotStarted
                        }
                    }
            }
        }
    }

    fn is_worked_in_turn(&self) -> bool {
        let started = self.work != Work::NotStarted;
        let scanned = self.work == Work::Done && mutates(self.right);
        let settled = matches!(self.recipients, Recipients::Settled(_));
        let finished = self.work == Work::Done
            && (self.clean || !mutates(self.right))
            && (settled || !tells_recipients(self.right));
        let ends = self.returned || self.closing == Some(Closing::Answer);
        let elsewhere =
            matches!(self.closing, Some(Closing::Joined(_))) || self.status == Status::Withdrawn;
        self.rescan.is_some() == scanned
            && (!self.clean || scanned)
            && (self.recipients == Recipients::Untold || (started && tells_recipients(self.right)))
            && (!self.clean
                || !tells_recipients(self.right)
                || self.recipients != Recipients::Untold)
            && (!ends || finished)
            && (!elsewhere || !started)
            && (!self.returned
                || (self.closing.is_none() && self.answer_to == AnswerTo::Controller))
    }

    /// It ends after the case and after its notice.
    fn is_restricted_in_turn(&self) -> bool {
        let by_right = Ground::of(self.right).is_some();
        let joined = matches!(self.closing, Some(Closing::Joined(_)));
        self.ground.is_some() == by_right
            && self.ground.is_none_or(|g| g.fits(self.right))
            && match self.restriction {
                None => !by_right || joined || !self.may_act() || self.has_withdrawn_joining(),
                Some(r) => {
                    self.may_act()
                        && (self.status.is_terminal() || r.notice == Notice::None)
                        && (r.lifted.is_none() || matches!(r.notice, Notice::Sent(_)))
                }
            }
    }

    /// Withdrawn after its restriction went to another case.
    fn has_withdrawn_joining(&self) -> bool {
        self.status == Status::Withdrawn && self.identity.is_proved()
    }
}
