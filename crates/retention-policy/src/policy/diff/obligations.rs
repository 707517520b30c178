//! Changes of what laws keep.

use std::collections::BTreeSet;

use super::{Change, Effect, What, way};
use crate::name::ObligationId;
use crate::policy::Policy;
use crate::policy::rule::Obligation;

pub(super) fn changes(older: &Policy, newer: &Policy) -> Vec<Change> {
    let ids: BTreeSet<ObligationId> = [older, newer]
        .into_iter()
        .flat_map(|policy| policy.obligations().iter().map(Obligation::id))
        .collect();
    let mut changes = Vec::new();
    for id in ids {
        match (older.obligation(id), newer.obligation(id)) {
            (Some(before), Some(after)) => compare(before, after, &mut changes),
            (None, Some(after)) => {
                let sentence = format!("{}, before: not", keeps(after));
                changes.push(change(after, Effect::Longer, sentence));
            }
            (Some(before), None) => {
                let sentence = format!("no longer: {}", keeps(before));
                changes.push(change(before, Effect::Shorter, sentence));
            }
            (None, None) => {}
        }
    }
    changes
}

fn compare(before: &Obligation, after: &Obligation, changes: &mut Vec<Change>) {
    let scope = |o: &Obligation| (o.category(), o.tenant(), o.trigger());
    if scope(before) != scope(after) {
        // Records that it did not concern are kept by it now.
        let sentence = format!("{}, before: {}", keeps(after), keeps(before));
        changes.push(change(after, Effect::Longer, sentence));
        return;
    }
    if let Some(effect) = way(before.lasts(), after.lasts()) {
        let sentence = format!("{}, before: {}", keeps(after), before.lasts().words());
        changes.push(change(after, effect, sentence));
    }
    let cited = |o: &Obligation| format!("{}, {}, {}", o.law(), o.article(), o.country());
    if cited(before) != cited(after) {
        let sentence = format!(
            "obligation {} rests on {}, before: {}",
            after.id(),
            cited(after),
            cited(before)
        );
        changes.push(change(after, Effect::Other, sentence));
    }
}

/// `kept 10 years after it was created by obligation accounting`.
fn keeps(obligation: &Obligation) -> String {
    format!(
        "kept {} after {} by obligation {}",
        obligation.lasts().words(),
        obligation.trigger().words(),
        obligation.id()
    )
}

fn change(obligation: &Obligation, effect: Effect, sentence: String) -> Change {
    Change {
        category: Some(obligation.category()),
        tenant: obligation.tenant(),
        what: What::Obligation(obligation.id()),
        effect,
        sentence,
    }
}
