//! Two requests of one person become one.

use retention_policy::{CaseId, SubjectId, Timestamp};

use super::Case;
use super::effect::Effect;
use super::facts::{Scope, Status, Work};
use super::record::{Closing, Restriction};
use super::refusal::{StepError, Why};

/// The two cases after a merger, with what each asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "two cases and what each asks for"
)]
pub struct Merger {
    /// The case that goes on, with the earlier receipt and the wider scope.
    pub survivor: Case,
    /// What it asks for.
    pub survivor_effects: Vec<Effect>,
    /// The case that ends as merged once [`super::Event::Sent`] says that the person knows.
    pub duplicate: Case,
    /// What it asks for.
    pub duplicate_effects: Vec<Effect>,
}

/// Makes one case of two of the same person, tenant, right, ground and role.
///
/// The survivor keeps the earlier receipt with its days, whichever of the two had it, the wider scope and any restriction.
/// It is located and decided anew. Store both cases in one transaction.
///
/// # Errors
/// [`StepError`] for the case that stands in the way: another person or right, identity not proved, work ordered, a
/// message on its way, or days of the later receipt that would end sooner.
pub fn merge(survivor: &Case, duplicate: &Case, now: Timestamp) -> Result<Merger, StepError> {
    let refuse = |case: &Case, why| StepError::new(case.status, "merge", why);
    for case in [survivor, duplicate] {
        case.can_merge(now).map_err(|why| refuse(case, why))?;
    }
    if !survivor.is_the_same_request(duplicate) {
        return Err(refuse(duplicate, Why::NotTheSame));
    }
    let (earlier, later) = if duplicate.received < survivor.received {
        (duplicate, survivor)
    } else {
        (survivor, duplicate)
    };
    if later.alarm_day() < earlier.alarm_day() {
        return Err(refuse(later, Why::WouldDelay));
    }

    let scope = if earlier.scope == later.scope {
        earlier.scope
    } else {
        Scope::Everything
    };
    let one = Case {
        channel: earlier.channel,
        received: earlier.received,
        opened: earlier.opened,
        limits: earlier.limits,
        identity_wait: earlier.identity_wait,
        clarification_wait: earlier.clarification_wait.or(later.clarification_wait),
        scope,
        answered: false,
        decision: None,
        extension: earlier.extension,
        restriction: stricter(earlier.restriction, later.restriction),
        reminded: earlier.reminded,
        alarmed: earlier.alarmed,
        ..survivor.clone()
    };
    let gone = Case {
        closing: Some(Closing::Joined(survivor.id)),
        restriction: None,
        ..duplicate.clone()
    };
    Ok(Merger {
        survivor: one,
        survivor_effects: vec![Effect::AskEverySource(scope)],
        duplicate_effects: vec![tell(&gone, survivor.id)],
        duplicate: gone,
    })
}

/// As [`merge`], for cases that were opened before anybody was looked for, so under ids that mean nobody: the caller says whom
/// each turned out to be about.
///
/// # Errors
/// As [`merge`].
pub fn merge_found(
    survivor: (&Case, SubjectId),
    duplicate: (&Case, SubjectId),
    now: Timestamp,
) -> Result<Merger, StepError> {
    let about = |(case, subject): (&Case, SubjectId)| Case {
        subject,
        ..case.clone()
    };
    let mut merger = merge(&about(survivor), &about(duplicate), now)?;
    merger.survivor.subject = survivor.0.subject;
    merger.duplicate.subject = duplicate.0.subject;
    Ok(merger)
}

impl Case {
    fn can_merge(&self, now: Timestamp) -> Result<(), Why> {
        let checks = [
            (self.status == Status::Open, Why::WrongStatus),
            (self.identity.is_proved(), Why::NotProved),
            (!self.returned, Why::Returned),
            (self.work == Work::NotStarted, Why::WorkOrdered),
            (self.closing.is_none(), Why::OnItsWay),
            (self.queued_extension().is_err(), Why::OnItsWay),
            (!self.has_lapsed(now), Why::Lapsed),
        ];
        checks
            .into_iter()
            .find(|(holds, _)| !holds)
            .map_or(Ok(()), |(_, why)| Err(why))
    }

    fn is_the_same_request(&self, other: &Self) -> bool {
        self.id != other.id
            && self.tenant == other.tenant
            && self.subject == other.subject
            && self.right == other.right
            && self.acting == other.acting
            && self.ground == other.ground
            && self.answer_to == other.answer_to
    }
}

/// One that keeps the data before one that does not, then the older.
fn stricter(a: Option<Restriction>, b: Option<Restriction>) -> Option<Restriction> {
    [a, b]
        .into_iter()
        .flatten()
        .min_by_key(|r| (!r.ground.keeps_data(), r.since))
}

fn tell(gone: &Case, survivor: CaseId) -> Effect {
    Effect::TellJoined {
        survivor,
        to: gone.answer_to,
    }
}
