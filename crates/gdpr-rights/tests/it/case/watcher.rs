//! A second opinion: it sees the events that were taken and the effects they had, never how the case came to them.
//!
//! Whatever the case notes down for itself counts for nothing here. So a machine that approves its own work in silence, or
//! sends what it does not ask for, is found out.

mod days;
mod merging;

use chrono::NaiveDate;
use gdpr_rights::Right;
use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Case, Effect, Event, Extent, Ground, Limits, Message, Opening,
    RefusalGround, Scope, Status,
};
use retention_policy::Timestamp;

use super::{changes_data, clean, has_recipients, id, located, nonce, tenant};

/// What is known from events and effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    settled: bool,
    pub(super) proved: bool,
    instructed: bool,
    to_controller: bool,
    clarified: bool,
    narrowed: bool,
    located: bool,
    granted: Option<Extent>,
    executed: bool,
    done: bool,
    clean: bool,
    recipients: bool,
    queued: Option<Message>,
    returned: bool,
    extension_queued: bool,
    extended: bool,
    restricted: bool,
    absolute: bool,
    lifting_queued: bool,
    lifting_told: bool,
    lifted: bool,
    reminded: [bool; 4],
    rung: u8,
}

const THRESHOLDS: [i64; 4] = [1, 3, 7, 14];

/// One step as it was observed.
pub(super) struct Observed<'a> {
    pub(super) before: &'a Case,
    pub(super) event: Event,
    pub(super) now: Timestamp,
    pub(super) after: &'a Case,
    pub(super) effects: &'a [Effect],
}

fn first(limits: &Limits, extended: bool) -> (NaiveDate, Timestamp) {
    let mut days = vec![if extended {
        limits.extended_due()
    } else {
        limits.base_due()
    }];
    days.extend(
        limits
            .without_pause()
            .map(|w| if extended { w.extended_due } else { w.base_due }),
    );
    let day = days.into_iter().min().unwrap();
    (day.day(), day.ends())
}

fn by_right(right: Right) -> bool {
    matches!(
        right,
        Right::Rectification
            | Right::Restriction
            | Right::Objection
            | Right::MarketingObjection
            | Right::WithdrawConsent
    )
}

impl Seen {
    /// What the opening shows, with the rules it breaks.
    pub(super) fn at_opening(opening: &Opening, effects: &[Effect]) -> (Self, Vec<&'static str>) {
        let absolute = opening.ground == Some(Ground::DirectMarketing)
            || matches!(
                opening.request.right,
                Right::WithdrawConsent | Right::MarketingObjection
            );
        let mut seen = Self {
            to_controller: opening.acting == ActingAs::Processor,
            absolute,
            ..Self::default()
        };
        let mut broken = Vec::new();
        if !effects.contains(&Effect::SendAcknowledgement) {
            broken.push("acknowledge");
        }
        if opening.acting == ActingAs::Controller {
            seen.restricts_first(opening.request.right, effects, &mut broken);
        } else if effects.iter().any(|e| is_substance(*e)) {
            broken.push("processor");
        }
        (seen, broken)
    }

    fn restricts_first(
        &mut self,
        right: Right,
        effects: &[Effect],
        broken: &mut Vec<&'static str>,
    ) {
        let is = |f: fn(&Effect) -> bool| effects.iter().any(f);
        self.restricted |= is(|e| matches!(e, Effect::RestrictAtOnce(_)));
        if by_right(right) && !self.restricted {
            broken.push("restrict first");
        }
        if self.absolute && !is(|e| matches!(e, Effect::StopAtOnce(_))) {
            broken.push("stop at once");
        }
    }

    /// What one more step shows, with the rules it breaks.
    pub(super) fn after(&self, step: &Observed<'_>) -> (Self, Vec<&'static str>) {
        let mut seen = *self;
        let mut broken = Vec::new();
        let right = step.before.right();
        let processor = step.before.acting() == ActingAs::Processor;
        let (alarm_day, alarm) = first(step.before.limits(), self.extended);
        let past = step.now >= alarm;
        let mut rule = |name: &'static str, holds: bool| {
            if !holds {
                broken.push(name);
            }
        };

        rule(
            "an end is an end",
            !step.before.status().is_terminal() || {
                step.after.status() == step.before.status()
                    && matches!(
                        step.event,
                        Event::AnnounceLifting
                            | Event::Lift
                            | Event::Sent(Message::Lifting)
                            | Event::NotSent(Message::Lifting)
                    )
            },
        );
        rule("the receipt stays", {
            step.after.received() == step.before.received()
                && step.after.id() == step.before.id()
                && step.after.right() == right
        });

        match step.event {
            Event::IdentityVerified => {
                seen.settled = true;
                seen.proved = true;
            }
            Event::IdentityNotNeeded(why) => {
                seen.settled = true;
                seen.proved = why == gdpr_rights::request::case::NotNeeded::Authenticated;
                let low = matches!(
                    right,
                    Right::Restriction
                        | Right::Objection
                        | Right::MarketingObjection
                        | Right::WithdrawConsent
                );
                rule("identity", seen.proved || low);
            }
            Event::ControllerInstructs(what) => {
                rule("another controller", what.controller == tenant());
                rule("processor", processor);
                seen.instructed = true;
                seen.settled = true;
                seen.proved = true;
                seen.to_controller = what.answer_to == AnswerTo::Controller;
                let mut late = Vec::new();
                seen.restricts_first(right, step.effects, &mut late);
                late.into_iter().for_each(|name| rule(name, false));
                let place = |f: fn(&Effect) -> bool| step.effects.iter().position(f);
                let restrict = place(|e| matches!(e, Effect::RestrictAtOnce(_)));
                let work = place(|e| matches!(e, Effect::AskEverySource(_)));
                rule("restrict first", restrict.is_none() || restrict < work);
            }
            Event::ControllerClosed(by) => {
                rule("another controller", by == tenant() && processor);
                rule("half the work", !self.executed || self.returned);
            }
            Event::AskClarification => {
                rule("ask once", !self.clarified);
                seen.clarified = true;
            }
            Event::Clarified(scope) => seen.narrowed = scope == Scope::Narrowed,
            Event::ProceedWithAll => seen.narrowed = false,
            Event::EverySourceAnswered(_) => {
                rule("another case", step.event == located(step.before.id()));
                seen.located = true;
            }
            Event::Approve { extent, .. } => {
                rule("every source", self.located);
                rule("absolute", !self.absolute || extent == Extent::Full);
                seen.granted = Some(extent);
            }
            Event::Refuse { ground, .. } => {
                let about = matches!(ground, RefusalGround::Unfounded | RefusalGround::Excessive);
                let identity = ground == RefusalGround::IdentityNotProved;
                rule(
                    "stranger",
                    about || identity || self.settled || seen.executed,
                );
                rule("identity refusal", !identity || !self.settled);
                rule("absolute", !self.absolute || about || identity);
                rule(
                    "compelling",
                    ground != RefusalGround::CompellingGrounds || right == Right::Objection,
                );
                rule(
                    "refuse too late",
                    right != Right::Objection || !past || !self.settled,
                );
                rule(
                    "processor",
                    !processor || (self.instructed && !self.to_controller),
                );
                seen.granted = None;
            }
            Event::Executed { .. } => {
                rule("order of work", self.executed);
                seen.done = true;
            }
            Event::ScannedClean(_) => {
                rule(
                    "clean",
                    self.done && step.event == clean(step.before.id(), nonce()),
                );
                seen.clean = true;
            }
            Event::ScannedDirty => {
                seen.clean = false;
                seen.done = false;
            }
            Event::RecipientsSettled(_) => seen.recipients = true,
            Event::TakeBack => seen.queued = None,
            Event::Withdraw => rule("withdraw", !self.executed),
            Event::Sent(message) => {
                let queued = match message {
                    Message::Extension => self.extension_queued,
                    Message::Lifting => self.lifting_queued,
                    _ => self.queued == Some(message),
                };
                rule("silent", queued);
                match message {
                    Message::Extension => {
                        let notice = step.before.limits().extension_notice_by().ends();
                        rule("extension in time", step.now < notice && step.now < alarm);
                        rule("one extension", !self.extended);
                        seen.extension_queued = false;
                        seen.extended = true;
                    }
                    Message::Lifting => {
                        seen.lifting_queued = false;
                        seen.lifting_told = true;
                    }
                    _ => {
                        seen.queued = None;
                        seen.returned = step.after.status() == Status::Open;
                    }
                }
            }
            Event::NotSent(Message::Extension) => seen.extension_queued = false,
            Event::NotSent(Message::Lifting) => seen.lifting_queued = false,
            Event::Extend { .. } => {
                rule("extension in time", step.now < alarm);
                rule("one extension", !self.extended && !self.extension_queued);
            }
            Event::Lift => rule("lift", step.effects.contains(&Effect::LiftRestriction)),
            Event::DayPassed { today } => {
                self.day(step, today, (alarm_day, past), &mut seen, &mut rule);
            }
            _ => {}
        }

        self.effects(step, past, &mut seen, &mut rule);
        self.ends(step, &seen, &mut rule);

        // No step leaves an objection in use after its day.
        let waits = step.after.status() == Status::AwaitingIdentity
            || step.after.status().is_terminal()
            || seen.queued.is_some();
        let ours = !processor || seen.instructed;
        rule(
            "stop by itself",
            right != Right::Objection || !ours || !past || seen.executed || waits,
        );
        rule(
            "restricted until lifted",
            seen.restricted == step.after.is_restricted(),
        );
        rule(
            "scope",
            (step.after.scope() == Scope::Narrowed) == seen.narrowed,
        );
        let (day, _) = first(step.after.limits(), seen.extended);
        rule("alarm day", step.after.alarm_day().day() == day);
        if day != alarm_day {
            seen.reminded = [false; 4];
            seen.rung = 0;
        }
        (seen, broken)
    }

    fn effects(
        &self,
        step: &Observed<'_>,
        past: bool,
        seen: &mut Self,
        rule: &mut impl FnMut(&'static str, bool),
    ) {
        let right = step.before.right();
        let processor = step.before.acting() == ActingAs::Processor;
        for effect in step.effects {
            rule(
                "processor",
                !processor || seen.instructed || !is_substance(*effect),
            );
            match *effect {
                Effect::Execute { extent, scope } => {
                    rule("identity", self.settled);
                    let again = step.event == Event::ScannedDirty && self.executed;
                    let lapsed = self.granted.is_none() && again && right == Right::Objection;
                    rule(
                        "approval",
                        (step.event == Event::Execute || again)
                            && (self.granted == Some(extent) || lapsed),
                    );
                    rule("every source", self.located || again);
                    rule("scope", (scope == Scope::Narrowed) == seen.narrowed);
                    seen.executed = true;
                }
                Effect::StopByItself => {
                    let ready = self.settled || seen.settled || !processor;
                    let asked = step.before.status() == Status::AwaitingIdentity;
                    rule("identity", ready && (!asked || seen.settled));
                    rule(
                        "stop by itself",
                        right == Right::Objection && past && !self.executed,
                    );
                    seen.settled = true;
                    seen.executed = true;
                    seen.narrowed &= step.before.status() != Status::AwaitingClarification;
                }
                Effect::Deliver { to, extent } => {
                    rule("identity", self.settled);
                    let lapsed = self.granted.is_none() && right == Right::Objection;
                    rule("approval", self.granted == Some(extent) || lapsed);
                    rule("work", self.done);
                    rule("clean", self.clean || !changes_data(right));
                    rule("recipients", self.recipients || !has_recipients(right));
                    rule(
                        "addressee",
                        (to == AnswerTo::Controller) == self.to_controller,
                    );
                    seen.queued = Some(Message::Answer);
                }
                Effect::LetterOfRefusal(_) => {
                    rule("refuse", !self.executed);
                    rule("addressee", !self.to_controller);
                    seen.queued = Some(Message::Refusal);
                }
                Effect::TellJoined { to, .. } => {
                    rule(
                        "addressee",
                        (to == AnswerTo::Controller) == self.to_controller,
                    );
                    seen.queued = Some(Message::Joined);
                }
                Effect::NoticeOfExtension { to, by, until, .. } => {
                    rule(
                        "addressee",
                        (to == AnswerTo::Controller) == self.to_controller,
                    );
                    rule("extension in time", step.now < by.ends());
                    rule("extension", until == step.before.limits().extended_due());
                    seen.extension_queued = true;
                }
                Effect::NoticeOfLifting(to) => {
                    rule(
                        "addressee",
                        (to == AnswerTo::Controller) == self.to_controller,
                    );
                    seen.lifting_queued = true;
                }
                Effect::RestrictAtOnce(_) => seen.restricted = true,
                Effect::LiftRestriction => {
                    rule("lift", self.restricted && self.lifting_told);
                    let by_person =
                        matches!(step.before.status(), Status::Withdrawn | Status::Refused);
                    rule("lift", !self.absolute || by_person);
                    rule("lift", step.before.status().is_terminal());
                    seen.restricted = false;
                    seen.lifted = true;
                }
                Effect::ScanAgain(_) => rule("clean", changes_data(right)),
                Effect::NotifyRecipients => {
                    rule(
                        "recipients",
                        has_recipients(right) && seen.clean && !self.recipients,
                    );
                }
                Effect::AskEverySource(_) => seen.located = false,
                _ => {}
            }
        }
    }

    fn ends(&self, step: &Observed<'_>, seen: &Self, rule: &mut impl FnMut(&'static str, bool)) {
        let right = step.before.right();
        let (from, to) = (step.before.status(), step.after.status());
        let message = match to {
            _ if from == to => None,
            Status::Fulfilled | Status::PartlyFulfilled => Some(Message::Answer),
            Status::Refused => Some(Message::Refusal),
            Status::Merged => Some(Message::Joined),
            _ => None,
        };
        if let Some(message) = message {
            rule(
                "silent",
                step.event == Event::Sent(message) && self.queued == Some(message),
            );
        }
        if message == Some(Message::Answer) || seen.returned {
            rule("identity", self.settled);
            rule("clean", self.clean || !changes_data(right));
            rule("recipients", self.recipients || !has_recipients(right));
            let partly = self.granted == Some(Extent::WithExceptions);
            rule(
                "outcome",
                seen.returned || (to == Status::PartlyFulfilled) == partly,
            );
        }
        if from != to && to == Status::Withdrawn {
            rule("withdraw", step.event == Event::Withdraw && !self.executed);
            let told = step.effects.contains(&Effect::TellControllerWithdrawn);
            rule(
                "withdraw",
                told == (from == Status::Referred || self.instructed),
            );
            rule(
                "withdraw",
                step.effects.contains(&Effect::ConfirmWithdrawal),
            );
        }
        if from != to && to == Status::ReferredClosed {
            rule(
                "referred stays open",
                matches!(step.event, Event::ControllerClosed(_)),
            );
        }
        if from != to && from == Status::Referred {
            rule(
                "referred stays open",
                matches!(
                    to,
                    Status::ReferredClosed | Status::Withdrawn | Status::Open
                ),
            );
            rule(
                "processor",
                to != Status::Open || matches!(step.event, Event::ControllerInstructs(_)),
            );
        }
        rule("processor", to != Status::Open || self.may_work(step, seen));
        rule("another case", step.after.id() != id(66));
    }

    fn may_work(&self, step: &Observed<'_>, seen: &Self) -> bool {
        step.before.acting() == ActingAs::Controller || seen.instructed
    }
}

/// What only a controller, or its instruction, can ask for.
fn is_substance(effect: Effect) -> bool {
    !matches!(
        effect,
        Effect::SendAcknowledgement
            | Effect::ReferToController
            | Effect::ConfirmWithdrawal
            | Effect::TellControllerWithdrawn
            | Effect::Remind { .. }
            | Effect::Overdue { .. }
    )
}
