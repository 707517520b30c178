//! What a merger must keep, as the watcher expects it.

use gdpr_rights::request::case::{AnswerTo, Case, Effect, Message, Scope, Status};

use super::Seen;

impl Seen {
    /// What a merger shows of the case that goes on, with the rules it breaks.
    pub(in crate::case) fn surviving(
        &self,
        pair: (&Case, &Case),
        twin_proved: bool,
        after: &Case,
        effects: &[Effect],
    ) -> (Self, Vec<&'static str>) {
        let (own, twin) = pair;
        let mut broken = Vec::new();
        if !self.proved || !twin_proved {
            broken.push("merge proved");
        }
        if after.received() != own.received().min(twin.received()) {
            broken.push("merge earliest");
        }
        if after.alarm_day() > own.alarm_day().min(twin.alarm_day()) {
            broken.push("merge earliest");
        }
        let narrowed = [own, twin].iter().all(|c| c.scope() == Scope::Narrowed);
        if (after.scope() == Scope::Narrowed) != narrowed {
            broken.push("merge scope");
        }
        if after.is_restricted() != (own.is_restricted() || twin.is_restricted()) {
            broken.push("merge restriction");
        }
        if self.executed || self.queued.is_some() {
            broken.push("merge too late");
        }
        if !effects.contains(&Effect::AskEverySource(after.scope())) {
            broken.push("merge anew");
        }
        let earlier_is_twin = twin.received() < own.received();
        let mut seen = Self {
            narrowed,
            granted: None,
            located: false,
            restricted: after.is_restricted(),
            clarified: self.clarified || twin.clarification_wait().is_some(),
            ..*self
        };
        if earlier_is_twin {
            // The days are the twin's, which nobody has been reminded of.
            seen.extended = twin.extension().is_some();
            seen.reminded = [false; 4];
            seen.rung = 0;
        }
        (seen, broken)
    }

    /// What a merger shows of the case that ends.
    pub(in crate::case) fn joined(
        &self,
        pair: (&Case, &Case),
        twin_proved: bool,
        after: &Case,
        effects: &[Effect],
    ) -> (Self, Vec<&'static str>) {
        let (own, twin) = pair;
        let mut broken = Vec::new();
        if !self.proved || !twin_proved {
            broken.push("merge proved");
        }
        if self.executed || self.queued.is_some() {
            broken.push("merge too late");
        }
        let told = effects.iter().any(|e| {
            matches!(e, Effect::TellJoined { survivor, to } if *survivor == twin.id()
                && (*to == AnswerTo::Controller) == self.to_controller)
        });
        if !told || after.status() != Status::Open || after.id() != own.id() {
            broken.push("silent");
        }
        let seen = Self {
            granted: None,
            restricted: false,
            queued: Some(Message::Joined),
            ..*self
        };
        (seen, broken)
    }
}
