//! Days: extension, pauses, reminders, alarms, and the objection that stops by itself.

use chrono::NaiveDate;
use retention_policy::{ActorId, Timestamp};

use super::Or as _;
use super::intake::answered;
use crate::request::case::Case;
use crate::request::case::effect::{AnswerableBy, Effect};
use crate::request::case::facts::{
    ExtensionReason, Extent, Identity, Lateness, Scope, Status, Work,
};
use crate::request::case::limits::{CivilDay, Limits};
use crate::request::case::record::{Closing, DecidedBy, Decision, Extension, Verdict};
use crate::request::case::refusal::Why;
use crate::request::right::Right;

/// Days before the alarm day on which whoever has the case is reminded.
pub(in crate::request::case) const REMIND_AT: [i64; 4] = [1, 3, 7, 14];

impl Case {
    pub(super) fn extend(
        &mut self,
        by: ActorId,
        reason: ExtensionReason,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        (self.status != Status::Referred).or(Why::WrongStatus)?;
        self.may_act().or(Why::NotOurRole)?;
        self.extension.is_none().or(Why::ExtendedBefore)?;
        let last = self.notice_by();
        (!last.is_past(now)).or(Why::NoticeTooLate)?;
        self.extension = Some(Extension {
            reason,
            by,
            at: now,
            notified: None,
        });
        effects.push(Effect::NoticeOfExtension {
            reason,
            until: self.limits.extended_due(),
            by: last,
            to: self.answer_to,
        });
        Ok(())
    }

    /// The extension counts from here. A notice that left too late extends nothing.
    pub(super) fn extension_sent(&mut self, now: Timestamp) -> Result<(), Why> {
        let extension = self.queued_extension()?;
        (!self.notice_by().is_past(now)).or(Why::NoticeTooLate)?;
        let before = self.alarm_day();
        self.extension = Some(Extension {
            notified: Some(now),
            ..extension
        });
        self.rearm(before);
        Ok(())
    }

    pub(super) fn limits_changed(&mut self, limits: Limits) -> Result<(), Why> {
        let before = self.alarm_day();
        let notice_before = self.notice_by();
        self.limits = limits;
        (self.notice_by() <= notice_before).or(Why::NoticeMoved)?;
        self.rearm(before);
        Ok(())
    }

    pub(super) fn day_passed(
        &mut self,
        today: NaiveDate,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Why> {
        let apart = today.signed_duration_since(now.date_naive()).num_days();
        ((-1..=1).contains(&apart)).or(Why::WrongDay)?;
        if matches!(self.closing, Some(Closing::Joined(_))) {
            // The other case keeps the day.
            return Ok(());
        }
        let whom = self.answerable();
        let late = self.lateness(now);
        if late > self.alarmed {
            self.alarmed = late;
            effects.push(Effect::Overdue {
                whom,
                unless_paused: late == Lateness::LateUnlessPaused,
            });
        }
        if late == Lateness::OnTime {
            self.remind(today, whom, effects);
        }
        Ok(())
    }

    /// One reminder a look, the most urgent; those it overtakes are not sent later.
    fn remind(&mut self, today: NaiveDate, whom: AnswerableBy, effects: &mut Vec<Effect>) {
        let day = self.alarm_day();
        let left = day.day().signed_duration_since(today).num_days().max(0);
        let reached = REMIND_AT
            .iter()
            .enumerate()
            .filter(|(_, at)| left <= **at)
            .map(|(n, _)| 1u8 << n)
            .sum::<u8>();
        if reached & !self.reminded == 0 {
            return;
        }
        self.reminded |= reached;
        effects.push(Effect::Remind {
            whom,
            days_left: u8::try_from(left).unwrap_or(u8::MAX),
            day,
        });
    }

    /// Whether nobody refused or carried out an objection by its day, on the earlier reading of a pause.
    ///
    /// One that nobody looked at counts as well: whoever has doubts about the person asks for identity in time. One
    /// that waits for the person's identity stays restricted instead.
    #[must_use]
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        let ready = matches!(
            self.status,
            Status::Received | Status::Open | Status::AwaitingClarification
        );
        self.right == Right::Objection
            && self.work == Work::NotStarted
            && self.closing.is_none()
            && self.may_act()
            && ready
            && self.alarm_day().is_past(now)
    }

    /// Stops an objection whose day passed (article 21(1)).
    pub(super) fn lapse(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.has_lapsed(now) {
            return;
        }
        if self.status == Status::Received {
            self.identity = Identity::NotNeeded;
        }
        if self.status == Status::AwaitingClarification {
            self.clarification_wait = answered(self.clarification_wait, now);
            self.scope = Scope::Everything;
        }
        self.status = Status::Open;
        self.decision = self.decision.or(Some(Decision {
            verdict: Verdict::Grant(Extent::Full),
            by: DecidedBy::Lapse,
            at: now,
        }));
        self.work = Work::Ordered;
        effects.push(Effect::StopByItself);
    }

    /// A new alarm day has its own reminders.
    fn rearm(&mut self, before: CivilDay) {
        if self.alarm_day() != before {
            self.reminded = 0;
            self.alarmed = Lateness::OnTime;
        }
    }

    /// The last day for the notice: inside the month whether a pause counts or not.
    fn notice_by(&self) -> CivilDay {
        let given = self.limits.extension_notice_by();
        self.limits
            .without_pause()
            .map_or(given, |w| given.min(w.base_due))
    }

    fn answerable(&self) -> AnswerableBy {
        if self.status == Status::Referred || self.returned {
            AnswerableBy::Controller
        } else {
            AnswerableBy::Us
        }
    }
}
