//! What holds for every policy, record and instant.

use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, Events, Expiry, Hold, HoldReason, Lifetime, Obligation, Policy, PurposeSet,
    RecordMeta, Scope, Timestamp, Trigger, Verdict,
};

use crate::{at, dossier, hold, meta};

const START: &str = "2027-12-01T00:00:00Z";

fn category() -> impl Strategy<Value = Category> {
    (0usize..8).prop_map(|n| Category::ALL[n])
}

/// A period as text, fixed or of the calendar, within so many seconds.
fn period(most: u32) -> BoxedStrategy<String> {
    let fixed = (1..=most).prop_map(|s| format!("{s}s"));
    let months = most / (31 * 86_400);
    if months == 0 {
        return fixed.boxed();
    }
    prop_oneof![fixed, (1..=months).prop_map(|m| format!("{m} months"))].boxed()
}

fn rule_text() -> impl Strategy<Value = ((Category, usize, usize, bool), String)> {
    (category(), 0usize..8, 0usize..8, any::<bool>(), 0u8..3).prop_flat_map(
        |(category, trigger, purpose, own, action)| {
            let half = category.ceiling().as_seconds() / 2;
            (period(half), period(half), 1u8..31).prop_map(move |(after, lasts, readers)| {
                let mut text =
                    crate::rule(category.code(), Trigger::ALL[trigger].code(), &after, "");
                if let Some(purpose) = retention_policy::Purpose::ALL.get(purpose) {
                    text += &format!("purpose = \"{purpose}\"\n");
                }
                if own {
                    text += "tenant = \"01010101010141018101010101010101\"\n";
                }
                let redacted = matches!(category, Category::Draft | Category::Session);
                if action == 1 && redacted {
                    text += "action = \"template\"\n";
                }
                if action == 2 {
                    let roles: Vec<String> = retention_policy::Role::ALL
                        .iter()
                        .enumerate()
                        .filter(|(n, _)| readers & (1 << n) != 0)
                        .map(|(_, r)| format!("\"{r}\""))
                        .collect();
                    text += &format!(
                        "action = \"archive\"\n[rule.archive]\nfor = \"{lasts}\"\nreaders = [{}]\n",
                        roles.join(", ")
                    );
                }
                ((category, trigger, purpose, own), text)
            })
        },
    )
}

fn obligation_text() -> impl Strategy<Value = String> {
    (0usize..3, any::<bool>(), any::<bool>()).prop_flat_map(|(n, from_contract, own)| {
        let category = Obligation::CATEGORIES[n];
        period(category.ceiling().as_seconds()).prop_map(move |lasts| {
            let trigger = if from_contract { "contract_end" } else { "created" };
            let tenant = if own { "tenant = \"01010101010141018101010101010101\"\n" } else { "" };
            format!(
                "[[obligation]]\nid = \"law-{n}-{from_contract}\"\ncategory = \"{category}\"\nlaw = \"A \\\"B\\\" \\\\ C\"\n\
                 article = \"1\"\ncountry = \"IT\"\ntrigger = \"{trigger}\"\nlasts = \"{lasts}\"\n{tenant}"
            )
        })
    })
}

pub(crate) fn policies() -> impl Strategy<Value = Policy> {
    (
        1u32..,
        proptest::collection::vec(rule_text(), 0..12),
        proptest::collection::vec(obligation_text(), 0..4),
    )
        .prop_map(|(version, rules, laws)| {
            let mut text = format!("schema = 1\nversion = {version}\n");
            let mut seen = std::collections::HashSet::new();
            for (key, rule) in rules {
                if seen.insert(key) {
                    text += &rule;
                }
            }
            let mut seen = std::collections::HashSet::new();
            for law in laws {
                if seen.insert(law.lines().nth(1).unwrap().to_owned()) {
                    text += &law;
                }
            }
            Policy::from_toml(&text).unwrap_or_else(|e| panic!("{e}\n{text}"))
        })
}

fn records() -> impl Strategy<Value = (RecordMeta, Events)> {
    let events = proptest::collection::vec((1usize..9, 0.0f64..1.3), 0..4);
    (category(), 1u8..127, 0.01f64..1.0, 0i64..70_000_000, events).prop_map(
        |(category, purposes, share, later, events)| {
            let made = at(START) + TimeDelta::seconds(later);
            let life = f64::from(category.ceiling().as_seconds());
            let lifetime = Lifetime::seconds((life * share) as u32).unwrap();
            let expiry = Expiry::after(made, lifetime).unwrap();
            let meta = meta(category, PurposeSet::from_bits(purposes).unwrap(), expiry);
            let events = events.iter().fold(Events::default(), |all, (n, share)| {
                let at = made + TimeDelta::seconds((life * share) as i64);
                all.with(Trigger::ALL[*n], at)
            });
            (meta, events)
        },
    )
}

/// Instants before, around and after the end.
fn instants(meta: &RecordMeta, end: Timestamp) -> Vec<Timestamp> {
    let second = TimeDelta::seconds(1);
    let life = meta.expires_at() - meta.expiry().made();
    let mut all: Vec<Timestamp> = (0..=12)
        .map(|n| meta.expiry().made() + life / 10 * n)
        .collect();
    all.extend([
        end - second,
        end,
        end + second,
        meta.expires_at() - second,
        meta.expires_at(),
    ]);
    all.sort_unstable();
    all
}

fn is_due(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Due { .. })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn due_if_and_only_if_the_end_is_reached(policy in policies(), (meta, events) in records()) {
        let dossier = dossier(&meta, &events, &[]);
        let end = policy.end(&dossier);
        prop_assert!(end <= meta.expires_at());
        for now in instants(&meta, end) {
            let verdict = policy.verdict(&dossier, now);
            prop_assert_eq!(is_due(&verdict), now >= end, "{:?} at {} of {}", verdict, now, end);
        }
    }

    #[test]
    fn due_stays_due(policy in policies(), (meta, events) in records(), held in any::<bool>()) {
        let holds: Vec<Hold> = held.then(|| hold(Scope::Tenant, HoldReason::Order)).into_iter().collect();
        let dossier = dossier(&meta, &events, &holds);
        let mut due = false;
        for now in instants(&meta, policy.end(&dossier)) {
            let now_due = is_due(&policy.verdict(&dossier, now));
            prop_assert!(now_due || !due);
            prop_assert!(!(now_due && held));
            due = now_due;
        }
    }

    #[test]
    fn what_keeps_says_until_when(policy in policies(), (meta, events) in records()) {
        let dossier = dossier(&meta, &events, &[]);
        let end = policy.end(&dossier);
        for now in instants(&meta, end) {
            match policy.verdict(&dossier, now) {
                Verdict::Keep { until } | Verdict::Archived { until, .. } => {
                    prop_assert_eq!(until, end);
                }
                // An archive may begin before.
                Verdict::Warn { until } => {
                    prop_assert!(now < until);
                    prop_assert!(until <= meta.expires_at());
                }
                Verdict::LegalObligation { until, .. } => {
                    prop_assert!(now < until && until <= meta.expires_at() && until <= end);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn an_event_more_postpones_nothing_but_activity(
        policy in policies(),
        (meta, events) in records(),
        which in 2usize..9,
        share in 0.0f64..1.3,
    ) {
        let trigger = Trigger::ALL[which];
        // The end of a contract begins a duty's last period: until then it has no end of its own.
        let life = meta.expires_at() - meta.expiry().made();
        let at = meta.expiry().made() + TimeDelta::seconds((life.num_seconds() as f64 * share) as i64);
        let more = events.with(trigger, at);
        let before = policy.end(&dossier(&meta, &events, &[]));
        prop_assert!(policy.end(&dossier(&meta, &more, &[])) <= before);
    }

    #[test]
    fn a_policy_only_shortens(policy in policies(), made in 1_577_836_800i64..4_000_000_000) {
        let made = chrono::DateTime::from_timestamp(made, 0).unwrap();
        for category in Category::ALL {
            for tenant in [crate::tenant(1), crate::tenant(2)] {
                let lifetime = policy.lifetime_for(tenant, category);
                prop_assert!(lifetime <= category.ceiling());
                let expiry = policy.expiry_for(tenant, category, made).unwrap();
                prop_assert!(expiry.at() > made && expiry.at() <= made + lifetime.as_delta());
            }
        }
    }

    #[test]
    fn a_policy_comes_back_from_its_text(policy in policies()) {
        let text = policy.to_toml();
        let again = Policy::from_toml(&text).unwrap();
        prop_assert_eq!(again.to_toml(), text);
        prop_assert_eq!(again, policy);
    }

    #[test]
    fn any_text_is_a_policy_or_a_fault_with_a_line(text in "(schema = 1\nversion = 1\n)?[\\[\\]a-z_=\" 0-9\n]{0,120}") {
        if let Err(error) = Policy::from_toml(&text) {
            let said = error.to_string();
            let line: usize = said["policy line ".len()..]
                .split(|c: char| !c.is_ascii_digit())
                .next()
                .unwrap()
                .parse()
                .unwrap();
            prop_assert!(line >= 1 && line <= text.lines().count() + 1, "{said}");
        }
    }
}
