//! Changes of rules: those in force for each tenant, so that a rule that only repeats the house's is none.

use std::collections::BTreeSet;

use super::{Change, Effect, What, way};
use crate::policy::Policy;
use crate::policy::rule::{Archive, Disposition, Rule, RuleKey};
use crate::trigger::Trigger;

pub(super) fn changes(older: &Policy, newer: &Policy) -> Vec<Change> {
    let keys: BTreeSet<RuleKey> = [older, newer]
        .into_iter()
        .flat_map(|policy| policy.rules().iter().map(Rule::key))
        .collect();
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (in_force(older, key), in_force(newer, key));
        match (before, after) {
            (Some(before), Some(after)) => compare(key, &before, &after, &mut changes),
            (None, Some(after)) => changes.push(change(
                key,
                What::Rule(key.trigger),
                Effect::Shorter,
                format!("{}, before: no such rule", ends(key, &after)),
            )),
            (Some(before), None) => changes.push(change(
                key,
                What::Rule(key.trigger),
                Effect::Longer,
                format!("no longer {}", ends(key, &before)),
            )),
            (None, None) => {}
        }
        // A rule of its own makes a tenant independent of the house: that is said even if it says the same.
        let own = |policy: &Policy| key.tenant.is_some() && policy.rule(key).is_some();
        if own(older) != own(newer) && before.map(fields) == after.map(fields) {
            let sentence = if own(newer) {
                "has a rule of its own that says what the house's says"
            } else {
                "has the house's rule, which says what its own said"
            };
            let what = What::Rule(key.trigger);
            changes.push(change(key, what, Effect::Other, sentence.to_owned()));
        }
    }
    changes
}

type Fields = (super::Period, Disposition, Option<Archive>);

fn fields(rule: Rule) -> Fields {
    (rule.after(), rule.disposition(), rule.archive())
}

/// The rule of this key, or the house's in its place.
fn in_force(policy: &Policy, key: RuleKey) -> Option<Rule> {
    let house = RuleKey {
        tenant: None,
        ..key
    };
    policy.rule(key).or_else(|| policy.rule(house)).copied()
}

fn compare(key: RuleKey, before: &Rule, after: &Rule, changes: &mut Vec<Change>) {
    let trigger = key.trigger;
    if let Some(effect) = way(before.after(), after.after()) {
        let sentence = format!("{}, before: {}", ends(key, after), before.after().words());
        changes.push(change(key, What::Rule(trigger), effect, sentence));
    }
    if before.disposition() != after.disposition() {
        let (effect, now, then) = match after.disposition() {
            Disposition::Erase => (Effect::Stricter, "erased", "made a template"),
            Disposition::Template => (Effect::Looser, "made a template", "erased"),
        };
        let when = match trigger {
            Trigger::Created => "at its end".to_owned(),
            event => format!("after {}", event.words()),
        };
        let sentence = format!("{now} {when}, before: {then}");
        changes.push(change(key, What::Disposition(trigger), effect, sentence));
    }
    let what = What::Archive(trigger);
    match (before.archive(), after.archive()) {
        (None, Some(now)) => {
            let sentence = format!(
                "then archived for {} and read by {}, before: not archived",
                now.lasts.words(),
                names(now)
            );
            changes.push(change(key, what, Effect::Longer, sentence));
        }
        (Some(then), None) => {
            let sentence = format!("not archived, before: for {}", then.lasts.words());
            changes.push(change(key, what, Effect::Shorter, sentence));
        }
        (Some(then), Some(now)) => {
            if let Some(effect) = way(then.lasts, now.lasts) {
                let (now, then) = (now.lasts.words(), then.lasts.words());
                let sentence = format!("then archived for {now}, before: {then}");
                changes.push(change(key, what, effect, sentence));
            }
            if then.readers != now.readers {
                let fewer = now.readers.iter().all(|role| then.readers.contains(role));
                let effect = if fewer {
                    Effect::Stricter
                } else {
                    Effect::Looser
                };
                let (now, then) = (names(now), names(then));
                let sentence = format!("the archive is read by {now}, before: {then}");
                changes.push(change(key, What::Readers(trigger), effect, sentence));
            }
        }
        (None, None) => {}
    }
}

/// `ends 14 days after it was created`, with the purpose if the rule has one.
fn ends(key: RuleKey, rule: &Rule) -> String {
    let trigger = key.trigger.words();
    let when = if rule.after().is_zero() {
        format!("ends at once after {trigger}")
    } else {
        format!("ends {} after {trigger}", rule.after().words())
    };
    match key.purpose {
        Some(purpose) => format!("{when} if kept for {purpose}"),
        None => when,
    }
}

fn names(archive: Archive) -> String {
    let names: Vec<&str> = archive.readers.iter().map(|role| role.code()).collect();
    names.join(", ")
}

fn change(key: RuleKey, what: What, effect: Effect, sentence: String) -> Change {
    Change {
        category: Some(key.category),
        tenant: key.tenant,
        what,
        effect,
        sentence,
    }
}
