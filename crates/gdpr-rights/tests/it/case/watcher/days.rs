//! Reminders and alarms, as the watcher expects them.

use chrono::NaiveDate;
use gdpr_rights::request::case::{AnswerableBy, Effect, Message, Status};

use super::{Observed, Seen, THRESHOLDS};

impl Seen {
    /// Each reminder once for a day, by the earlier reading; then an alarm, once a reading.
    pub(super) fn day(
        &self,
        step: &Observed<'_>,
        today: NaiveDate,
        (alarm_day, past): (NaiveDate, bool),
        seen: &mut Self,
        rule: &mut impl FnMut(&'static str, bool),
    ) {
        let reminders: Vec<_> = step
            .effects
            .iter()
            .filter_map(|e| match e {
                Effect::Remind {
                    whom, days_left, ..
                } => Some((*whom, i64::from(*days_left))),
                _ => None,
            })
            .collect();
        let alarms: Vec<_> = step
            .effects
            .iter()
            .filter_map(|e| match e {
                Effect::Overdue {
                    whom,
                    unless_paused,
                } => Some((*whom, *unless_paused)),
                _ => None,
            })
            .collect();
        if self.queued == Some(Message::Joined) {
            rule(
                "alarm of a joined case",
                reminders.is_empty() && alarms.is_empty(),
            );
            return;
        }
        let theirs = step.before.status() == Status::Referred || self.returned;
        let whom = if theirs {
            AnswerableBy::Controller
        } else {
            AnswerableBy::Us
        };
        rule(
            "whom to alarm",
            reminders.iter().all(|(w, _)| *w == whom) && alarms.iter().all(|(w, _)| *w == whom),
        );
        let left = (alarm_day - today).num_days();
        let reached = THRESHOLDS.iter().position(|t| left <= *t);
        match reached {
            Some(n) if !past => {
                let new = !self.reminded.get(n).copied().unwrap();
                rule("remind", reminders.len() == usize::from(new));
                rule("remind", reminders.iter().all(|(_, days)| *days == left));
                rule("alarm", alarms.is_empty());
                for reached in seen.reminded.iter_mut().skip(n) {
                    *reached = true;
                }
            }
            None => rule("remind", reminders.is_empty() && alarms.is_empty()),
            Some(_) => {
                let limits = step.before.limits();
                let due = if self.extended {
                    limits.extended_due()
                } else {
                    limits.base_due()
                };
                let late = step.now >= due.ends();
                let level = if late { 2 } else { 1 };
                rule("alarm", alarms.len() == usize::from(level > self.rung));
                rule("alarm", alarms.iter().all(|(_, unless)| *unless != late));
                rule("remind", reminders.is_empty());
                seen.rung = level.max(self.rung);
            }
        }
    }
}
