//! The step: who may do what when. One function a theme, each a list of conditions and then changes.

mod close;
mod intake;
mod time;
mod work;

use retention_policy::Timestamp;

use super::Case;
use super::effect::Effect;
use super::event::Event;
use super::facts::{Message, Status};
use super::refusal::{StepError, Why};

pub(super) use time::REMIND_AT;

/// Takes a case on by one event.
///
/// The new case and its effects belong together: store both or neither. The same case, event and instant always give the
/// same result.
///
/// # Errors
/// [`StepError`] with the names of status and event, and with what to do instead; the case is unchanged.
pub fn step(case: &Case, event: Event, now: Timestamp) -> Result<(Case, Vec<Effect>), StepError> {
    let name = event.name();
    let mut next = case.clone();
    let mut effects = Vec::new();
    let refused = |why| StepError::new(case.status, name, why);
    // An objection stops when its day ends, not when somebody looks: nothing comes between.
    if case.has_lapsed(now) && !matches!(event, Event::DayPassed { .. }) {
        return Err(refused(Why::Lapsed));
    }
    next.apply(event, now, &mut effects).map_err(refused)?;
    next.lapse(now, &mut effects);
    Ok((next, effects))
}

impl Case {
    fn apply(
        &mut self,
        event: Event,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        self.is_not_blocked(&event)?;
        match event {
            Event::RequireIdentity => self.require_identity(now, effects),
            Event::IdentityNotNeeded(why) => self.identity_not_needed(why, effects),
            Event::IdentityVerified => self.identity_verified(now, effects),
            Event::IdentityFailed => self.identity_failed(),
            Event::RetryIdentity => self.retry_identity(effects),
            Event::ReferToController => self.refer(effects),
            Event::ControllerInstructs(what) => self.instruct(what, now, effects),
            Event::ControllerClosed(by) => self.controller_closed(by, now),
            Event::AskClarification => self.ask_clarification(now, effects),
            Event::Clarified(scope) => self.clarified(scope, now, effects),
            Event::ProceedWithAll => self.proceed_with_all(now, effects),
            Event::EverySourceAnswered(located) => self.every_source_answered(located, effects),
            Event::Approve { by, extent } => self.approve(by, extent, now),
            Event::Execute => self.execute(effects),
            Event::Executed { rescan } => self.executed(rescan, effects),
            Event::ScannedClean(scan) => self.scanned_clean(scan, effects),
            Event::ScannedDirty => self.scanned_dirty(effects),
            Event::RecipientsSettled(how) => self.recipients_settled(how),
            Event::Deliver => self.deliver(effects),
            Event::Refuse { by, ground } => self.refuse(by, ground, now, effects),
            Event::Sent(message) => self.sent(message, now),
            Event::NotSent(message) => self.not_sent(message, effects),
            Event::TakeBack => self.take_back(effects),
            Event::Withdraw => self.withdraw(now, effects),
            Event::Extend { by, reason } => self.extend(by, reason, now, effects),
            Event::LimitsChanged(limits) => self.limits_changed(limits),
            Event::DayPassed { today } => self.day_passed(today, now, effects),
            Event::Restrict(ground) => self.restrict_beside(ground, now, effects),
            Event::AnnounceLifting => self.announce_lifting(effects),
            Event::Lift => self.lift(now, effects),
        }
    }

    /// A closing message on its way, or a result with the controller, leaves little that can happen.
    fn is_not_blocked(&self, event: &Event) -> Result<(), Why> {
        if self.status.is_terminal() {
            return match event {
                Event::AnnounceLifting
                | Event::Lift
                | Event::Sent(Message::Lifting)
                | Event::NotSent(Message::Lifting) => Ok(()),
                _ => Err(Why::WrongStatus),
            };
        }
        match event {
            Event::DayPassed { .. }
            | Event::LimitsChanged(_)
            | Event::Sent(_)
            | Event::NotSent(_)
            | Event::TakeBack
            | Event::Withdraw => Ok(()),
            Event::ControllerClosed(_) if self.returned => Ok(()),
            _ if self.returned => Err(Why::Returned),
            _ if self.closing.is_some() => Err(Why::OnItsWay),
            _ => Ok(()),
        }
    }

    fn is_in(&self, status: Status) -> Result<(), Why> {
        (self.status == status).or(Why::WrongStatus)
    }

    fn close(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.closed = Some(now);
    }
}

/// A condition and what it means when it does not hold.
trait Or {
    fn or(self, why: Why) -> Result<(), Why>;
}

impl Or for bool {
    fn or(self, why: Why) -> Result<(), Why> {
        if self { Ok(()) } else { Err(why) }
    }
}
