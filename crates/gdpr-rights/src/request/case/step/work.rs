//! From what sources hold to a clean second look, and restriction beside it.

use retention_policy::{ActorId, Timestamp};

use super::Or as _;
use crate::request::case::effect::Effect;
use crate::request::case::event::{Located, Rescan};
use crate::request::case::facts::{Art19, Extent, Ground, Status, Work, mutates, tells_recipients};
use crate::request::case::record::{DecidedBy, Decision, Notice, Restriction, Verdict};
use crate::request::case::refusal::Why;
use crate::request::case::{Case, Recipients};
use crate::request::order::Nonce;

impl Case {
    pub(super) fn every_source_answered(
        &mut self,
        located: Located,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        (located.case() == self.id).or(Why::OtherOrder)?;
        self.is_untouched()?;
        self.answered = true;
        effects.push(Effect::AskHuman);
        Ok(())
    }

    pub(super) fn approve(
        &mut self,
        by: ActorId,
        extent: Extent,
        now: Timestamp,
    ) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        self.is_untouched()?;
        self.answered.or(Why::NotAnswered)?;
        let absolute = self.ground.is_some_and(Ground::is_absolute);
        (!absolute || extent == Extent::Full).or(Why::Absolute)?;
        self.decision = Some(Decision {
            verdict: Verdict::Grant(extent),
            by: DecidedBy::Human(by),
            at: now,
        });
        Ok(())
    }

    pub(super) fn execute(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        self.is_untouched()?;
        let extent = self.granted().ok_or(Why::NotApproved)?;
        // A merger takes the answers back, a decision does not outlive it.
        self.answered.or(Why::NotAnswered)?;
        self.order_work(extent, effects);
        Ok(())
    }

    pub(super) fn executed(&mut self, rescan: Nonce, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        (self.work == Work::Ordered).or(Why::WorkNotOrdered)?;
        self.work = Work::Done;
        if mutates(self.right) {
            self.rescan = Some(rescan);
            effects.push(Effect::ScanAgain(rescan));
        }
        Ok(())
    }

    pub(super) fn scanned_clean(
        &mut self,
        scan: Rescan,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        (self.work == Work::Done).or(Why::WorkNotDone)?;
        (!self.clean).or(Why::NoRescan)?;
        let nonce = self.rescan.ok_or(Why::NoRescan)?;
        (scan.case() == self.id && scan.nonce() == nonce).or(Why::OtherOrder)?;
        self.clean = true;
        if tells_recipients(self.right) && self.recipients == Recipients::Untold {
            self.recipients = Recipients::Asked;
            effects.push(Effect::NotifyRecipients);
        }
        Ok(())
    }

    /// What is left is worked on again; the next second look is a new one.
    pub(super) fn scanned_dirty(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        (self.work == Work::Done).or(Why::WorkNotDone)?;
        self.rescan.ok_or(Why::NoRescan)?;
        let extent = self.granted().ok_or(Why::NotApproved)?;
        self.clean = false;
        self.rescan = None;
        self.order_work(extent, effects);
        Ok(())
    }

    pub(super) fn recipients_settled(&mut self, how: Art19) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        (self.recipients == Recipients::Asked).or(Why::NoRecipientsAsked)?;
        self.recipients = Recipients::Settled(how);
        Ok(())
    }

    pub(super) fn restrict_beside(
        &mut self,
        ground: Ground,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_in(Status::Open)?;
        self.restriction.is_none().or(Why::RestrictedBefore)?;
        (!ground.is_absolute()).or(Why::WrongGround)?;
        self.restrict(ground, now, effects);
        Ok(())
    }

    pub(super) fn announce_lifting(&mut self, effects: &mut Vec<Effect>) -> Result<(), Why> {
        let restriction = self.liftable()?;
        (restriction.notice == Notice::None).or(Why::OnItsWay)?;
        self.restriction = Some(Restriction {
            notice: Notice::Queued,
            ..restriction
        });
        effects.push(Effect::NoticeOfLifting(self.answer_to));
        Ok(())
    }

    pub(super) fn lift(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Result<(), Why> {
        let restriction = self.liftable()?;
        matches!(restriction.notice, Notice::Sent(_)).or(Why::NoticeFirst)?;
        self.restriction = Some(Restriction {
            lifted: Some(now),
            ..restriction
        });
        effects.push(Effect::LiftRestriction);
        Ok(())
    }

    /// A restriction lasts as long as its case; what nothing is weighed against ends by the person alone.
    fn liftable(&self) -> Result<Restriction, Why> {
        let restriction = self
            .restriction
            .filter(|r| r.lifted.is_none())
            .ok_or(Why::NotRestricted)?;
        self.status.is_terminal().or(Why::StillNeeded)?;
        (!restriction.ground.is_absolute()
            || matches!(self.status, Status::Withdrawn | Status::Refused))
        .or(Why::Absolute)?;
        Ok(restriction)
    }

    pub(super) fn is_untouched(&self) -> Result<(), Why> {
        (self.work == Work::NotStarted).or(Why::WorkOrdered)
    }

    pub(in crate::request::case) fn granted(&self) -> Option<Extent> {
        self.decision.and_then(|d| match d.verdict {
            Verdict::Grant(extent) => Some(extent),
            Verdict::Refuse(_) => None,
        })
    }

    fn order_work(&mut self, extent: Extent, effects: &mut Vec<Effect>) {
        self.work = Work::Ordered;
        effects.push(Effect::Execute {
            extent,
            scope: self.scope,
        });
    }
}
