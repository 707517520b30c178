//! Where the crate reads the requirements otherwise than the reference, and why.

use super::adapter::Both;
use crate::reference::{
    self, Action, Answer, Case, Category, Obligation, Period, Policy, Purpose, Reason, Record,
    Rule, Trigger,
};

/// Readings of the policy. They are said to the reference as another policy, so that its answers stay comparable; what
/// comes back names those that changed its answer.
pub(super) fn read_policy(case: &mut Case) -> Vec<&'static str> {
    let answer = |case: &Case| {
        let Case {
            policy,
            record,
            events,
            holds,
            now,
        } = case;
        reference::verdict(policy, record, events, holds, *now)
    };
    let mut apart = Vec::new();
    let readings: [(_, fn(&mut Case)); 3] = [
        ("R12 house's rules", |case| lay_over_house(&mut case.policy)),
        ("R5 tenant's own rules", |case| {
            tenants_own(&mut case.policy, &case.record);
        }),
        ("contract still runs", contracts_run),
    ];
    for (name, read) in readings {
        let before = answer(case);
        read(case);
        if answer(case) != before {
            apart.push(name);
        }
    }
    // R9, R11: of what ends in the same second the first in the order of the keys is named, whatever the text's order.
    case.policy
        .rules
        .sort_by_key(|r| (r.category, r.tenant, r.trigger, r.purpose));
    case.policy.obligations.sort_by(|a, b| a.id.cmp(&b.id));
    apart
}

/// R12: a written policy lies over the house's, and what it does not say again stays: a policy that shortens drafts must
/// not silently keep tickets that were delivered. An attachment ends with its ticket.
pub(super) fn lay_over_house(policy: &mut Policy) {
    let mut house = reference::default_policy().rules;
    for trigger in [Trigger::Delivered, Trigger::Used, Trigger::Discarded] {
        house.push(Rule {
            trigger,
            after: Period::Seconds(0),
            ..reference::house_rule(Category::Attachment)
        });
    }
    // A default is looked up by the reference itself.
    house.retain(|rule| rule.trigger != Trigger::Created);
    for rule in house {
        let said = policy.rules.iter().any(|r| same_key(r, &rule));
        if !said {
            policy.rules.push(rule);
        }
    }
}

/// R5: a tenant's rule takes the place of the house's with the same key, of whatever trigger, as it does for defaults: one
/// way to replace a rule and not two. It cannot lengthen beyond the ceiling.
pub(super) fn tenants_own(policy: &mut Policy, record: &Record) {
    let own: Vec<Rule> = policy
        .rules
        .iter()
        .filter(|r| r.tenant == Some(record.tenant))
        .map(|r| Rule {
            tenant: None,
            ..r.clone()
        })
        .collect();
    policy
        .rules
        .retain(|r| r.tenant.is_some() || !own.iter().any(|o| same_key(o, r)));
}

fn same_key(a: &Rule, b: &Rule) -> bool {
    (a.category, a.tenant, a.trigger, a.purpose) == (b.category, b.tenant, b.trigger, b.purpose)
}

/// A duty that counts from the end of a contract protects while the contract runs: else a request in the last year of a
/// contract would destroy what must be kept from its end on.
fn contracts_run(case: &mut Case) {
    if reference::happened(&case.record, &case.events, Trigger::ContractEnd).is_some() {
        return;
    }
    let until_written = |o: &Obligation| Obligation {
        trigger: Trigger::Created,
        lasts: Period::Months(1200),
        ..o.clone()
    };
    for law in &mut case.policy.obligations {
        if law.trigger == Trigger::ContractEnd {
            *law = until_written(law);
        }
    }
}

impl Both {
    /// What the crate should answer, and the readings that this hangs on. No answer: they are not comparable.
    pub(super) fn expected(&self) -> (Option<Answer>, Vec<&'static str>) {
        let case = &self.case;
        let Case {
            policy,
            record,
            events,
            holds,
            now,
        } = case;
        let answer = reference::verdict(policy, record, events, holds, *now);
        let mut apart = self.apart.clone();
        let happened = |what| reference::happened(record, events, what);
        let past = |what| happened(what).is_some_and(|at| at <= *now);
        let end = || reference::end(policy, record, events);
        let read = match &answer {
            // R1: a person's request keeps its name past the written end: what answers it must erase and say why, and
            // the breaker lets it through.
            Answer::Due {
                reason: Reason::Expired,
                ..
            } => match unheard(record, &past) {
                Some(reason) => Answer::Due {
                    reason,
                    action: Action::Erase,
                },
                None => answer.clone(),
            },
            // R14: `until` is when the record goes, not when its archive begins. R3: so that it agrees with `end`, what is
            // known to come counts, a request too.
            Answer::Keep { .. } => Answer::Keep { until: end() },
            Answer::Archived { .. } => Answer::Archived { until: end() },
            // R8: nobody waits for an answer to a ticket that is closed, or whose suggestion was used or thrown away.
            Answer::Warn { .. }
                if [Trigger::Used, Trigger::Discarded, Trigger::TicketClosed]
                    .into_iter()
                    .any(past) =>
            {
                Answer::Keep { until: end() }
            }
            _ => answer.clone(),
        };
        if read != answer {
            apart.push(match &answer {
                Answer::Due { .. } => "R1 request past the end",
                Answer::Warn { .. } => "R8 dealt with",
                _ => "R14 until the end",
            });
        }
        if tied_archive(case, &answer) {
            apart.push("R11 archives in a tie");
            return (None, apart);
        }
        (Some(read), apart)
    }
}

/// The person's own reason for which the record is due, if there is one.
pub(super) fn unheard(record: &Record, past: &dyn Fn(Trigger) -> bool) -> Option<Reason> {
    let on_consent = record.purposes.iter().all(|p| *p == Purpose::ConsentA);
    if past(Trigger::Request) {
        Some(Reason::Erasure)
    } else {
        (past(Trigger::ConsentWithdrawn) && on_consent).then_some(Reason::ConsentWithdrawn)
    }
}

/// R11: what follows an archive is its erasure, so that in a tie an archive stands with what erases, before a template.
fn tied_archive(case: &Case, answer: &Answer) -> bool {
    let ends = reference::purpose_ends(&case.policy, &case.record, &case.events);
    let first = ends.iter().map(|(_, _, due)| *due).min();
    let tie = || ends.iter().filter(|(_, _, due)| Some(*due) == first);
    matches!(answer, Answer::Due { .. })
        && tie().count() > 1
        && tie().any(|(rule, ..)| rule.action == Action::Archive)
}
