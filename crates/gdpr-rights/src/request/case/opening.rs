//! How a case begins.

use retention_policy::Timestamp;

use super::effect::Effect;
use super::facts::{ActingAs, AnswerTo, Channel, Ground, Identity, Lateness, Scope, Status, Work};
use super::limits::Limits;
use super::record::{Notice, Restriction};
use super::{Case, Recipients};
use crate::Error;
use crate::request::right::Request;

/// What a case begins with.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "Case::open checks them")]
pub struct Opening {
    /// What was asked, by whom, received when.
    pub request: Request,
    /// In which role it is handled.
    pub acting: ActingAs,
    /// The way it came. No date depends on it.
    pub channel: Channel,
    /// What an objection or restriction rests on; `None` for what the right says by itself.
    pub ground: Option<Ground>,
    /// The days, computed from `request.received`.
    pub limits: Limits,
}

impl Case {
    /// Opens a case. The clock runs from the receipt, however long ago that was.
    ///
    /// # Errors
    /// [`Error::ReceivedInFuture`]; [`Error::BadLimits`] when a day ends before the receipt; [`Error::BadGround`] when the
    /// ground belongs to another right.
    pub fn open(opening: Opening, now: Timestamp) -> Result<(Self, Vec<Effect>), Error> {
        let Opening {
            request,
            acting,
            channel,
            ground,
            limits,
        } = opening;
        if request.received > now {
            return Err(Error::ReceivedInFuture);
        }
        let first = limits.alarm(false).ends();
        if first.min(limits.extension_notice_by().ends()) <= request.received {
            return Err(Error::BadLimits);
        }
        if ground.is_some_and(|g| !g.fits(request.right)) {
            return Err(Error::BadGround);
        }
        let mut case = Self {
            id: request.case,
            tenant: request.tenant,
            subject: request.subject,
            right: request.right,
            acting,
            channel,
            ground: ground.or(Ground::of(request.right)),
            received: request.received,
            opened: now,
            limits,
            status: Status::Received,
            identity: Identity::Unasked,
            identity_wait: None,
            clarification_wait: None,
            scope: Scope::Everything,
            answer_to: match acting {
                ActingAs::Controller => AnswerTo::Person,
                ActingAs::Processor => AnswerTo::Controller,
            },
            instructed: None,
            answered: false,
            decision: None,
            work: Work::NotStarted,
            rescan: None,
            clean: false,
            recipients: Recipients::Untold,
            closing: None,
            returned: false,
            extension: None,
            restriction: None,
            reminded: 0,
            alarmed: Lateness::OnTime,
            closed: None,
        };
        let mut effects = vec![Effect::SendAcknowledgement];
        case.restrict_by_right(now, &mut effects);
        Ok((case, effects))
    }

    /// Sets the restriction that the right itself brings, once we may act.
    pub(super) fn restrict_by_right(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(ground) = self.ground else { return };
        if !self.may_act() {
            return;
        }
        self.restrict(ground, now, effects);
        if ground.is_absolute() {
            effects.push(Effect::StopAtOnce(ground));
        }
    }

    pub(super) fn restrict(&mut self, ground: Ground, now: Timestamp, effects: &mut Vec<Effect>) {
        self.restriction = Some(Restriction {
            ground,
            since: now,
            notice: Notice::None,
            lifted: None,
        });
        effects.push(Effect::RestrictAtOnce(ground));
    }
}
