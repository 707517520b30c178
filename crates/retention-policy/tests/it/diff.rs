use proptest::prelude::*;
use retention_policy::{Category, Effect, Policy, Trigger, What};

use crate::properties::policies;
use crate::{policy, rule};

const OWN: &str = "tenant = \"01010101010141018101010101010101\"\n";

fn law(lasts: &str, article: &str) -> String {
    format!(
        "[[obligation]]\nid = \"books\"\ncategory = \"billing\"\nlaw = \"HGB\"\narticle = \"{article}\"\ncountry = \"DE\"\n\
         trigger = \"created\"\nlasts = \"{lasts}\"\n"
    )
}

fn archived(lasts: &str, readers: &str) -> String {
    let rest =
        format!("action = \"archive\"\n[rule.archive]\nfor = \"{lasts}\"\nreaders = [{readers}]\n");
    rule("consent", "created", "1 year", &rest)
}

fn check(older: &str, newer: &str, expected: &[&str]) {
    let diff = policy(older).diff(&policy(newer));
    let said: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(said, expected);
    let lines: String = expected.iter().map(|line| format!("{line}\n")).collect();
    assert_eq!(
        diff.to_string(),
        if lines.is_empty() {
            "nothing changes\n".to_owned()
        } else {
            lines
        }
    );
}

#[test]
fn every_change_is_a_sentence() {
    let draft = |after: &str, rest: &str| rule("draft", "created", after, rest);
    check("", "", &[]);
    check(
        "",
        &draft("14d", "action = \"template\""),
        &["draft: ends 14 days after it was created, before: 28 days 23 hours (shorter)"],
    );
    check(
        &draft("14d", "action = \"template\""),
        "",
        &["draft: ends 28 days 23 hours after it was created, before: 14 days (longer)"],
    );
    check(
        "",
        &draft("28d 23h", ""),
        &["draft: erased at its end, before: made a template (stricter)"],
    );
    check(
        "",
        &rule("draft", "discarded", "28d 23h", ""),
        &["draft: erased after it was discarded, before: made a template (stricter)"],
    );
    check(
        "",
        &rule(
            "session",
            "last_activity",
            "2h",
            "purpose = \"draft_reply\"",
        ),
        &[
            "session: ends 2 hours after its last activity if kept for draft_reply, before: no such rule (shorter)",
        ],
    );
    check(
        &rule("session", "ticket_closed", "0s", ""),
        "",
        &["session: no longer ends at once after its ticket was closed (longer)"],
    );
    check(
        "",
        &rule("session", "used", "10m", ""),
        &["session: ends 10 minutes after it was used, before: at once (longer)"],
    );
    check(
        "",
        &draft("7d", &format!("{OWN}action = \"template\"")),
        &[
            "draft of tenant 01010101-0101-4101-8101-010101010101: ends 7 days after it was created, before: 28 days 23 hours \
           (shorter)",
        ],
    );
    check(
        "",
        &draft("28d 23h", &format!("{OWN}action = \"template\"")),
        &[
            "draft of tenant 01010101-0101-4101-8101-010101010101: has a rule of its own that says what the house's says",
        ],
    );
    check(
        &rule("consent", "created", "1 year", ""),
        &archived("2 years", "\"auditor\""),
        &["consent: then archived for 2 years and read by auditor, before: not archived (longer)"],
    );
    check(
        &archived("2 years", "\"auditor\""),
        &rule("consent", "created", "1 year", ""),
        &["consent: not archived, before: for 2 years (shorter)"],
    );
    check(
        &archived("2 years", "\"auditor\""),
        &archived("1 year", "\"auditor\", \"agent\""),
        &[
            "consent: then archived for 1 year, before: 2 years (shorter)",
            "consent: the archive is read by agent, auditor, before: auditor (looser)",
        ],
    );
    check(
        &archived("2 years", "\"auditor\", \"agent\""),
        &archived("2 years", "\"agent\""),
        &["consent: the archive is read by agent, before: agent, auditor (stricter)"],
    );
    check(
        "",
        &law("6 years", "257"),
        &["billing: kept 6 years after it was created by obligation books, before: not (longer)"],
    );
    check(
        &law("10 years", "257"),
        &law("8 years", "257 (4)"),
        &[
            "billing: kept 8 years after it was created by obligation books, before: 10 years (shorter)",
            "billing: obligation books rests on HGB, 257 (4), DE, before: HGB, 257, DE",
        ],
    );
    check(
        &law("8 years", "257"),
        "",
        &["billing: no longer: kept 8 years after it was created by obligation books (shorter)"],
    );
    check(
        &law("8 years", "257"),
        &law("1 year", "257").replace("created", "contract_end"),
        &[
            "billing: kept 1 year after the contract ended by obligation books, before: kept 8 years after it was created by \
           obligation books (longer)",
        ],
    );
    check(
        "",
        "warn_before_end = \"1h\"\nsweep_within = \"30s\"\n",
        &[
            "all records: unanswered tickets are warned of 1 hour before their end, before: 3 hours",
            "all records: keys go within 30 seconds of a bucket's end, before: 1 minute (stricter)",
        ],
    );
}

#[test]
fn between_days_and_months_every_beginning_counts() {
    for (older, newer, effect) in [
        ("30d", "1 month", Effect::Longer),
        ("31d", "1 month", Effect::Shorter),
        ("1 month", "31d", Effect::Longer),
        ("1 month", "24d", Effect::Shorter),
        ("400d", "1 year", Effect::Shorter),
        ("13 months", "1 year", Effect::Shorter),
    ] {
        let of = |after| policy(&rule("consent", "created", after, ""));
        let diff = of(older).diff(&of(newer));
        assert_eq!(diff.changes().len(), 1);
        let change = &diff.changes()[0];
        assert_eq!(change.effect(), effect, "{older} to {newer}");
        assert_eq!(change.what(), What::Rule(Trigger::Created));
        assert_eq!(
            (change.category(), change.tenant()),
            (Some(Category::Consent), None)
        );
        assert_eq!(diff.lengthens(), effect == Effect::Longer);
        assert!(!diff.loosens() && !diff.is_newer());
    }
}

#[test]
fn only_a_higher_version_is_newer() {
    let seventh = Policy::from_toml("schema = 1\nversion = 7").unwrap();
    let diff = Policy::default().diff(&seventh);
    assert!(diff.is_empty() && diff.is_newer());
    assert_eq!(diff.versions(), (1, 7));
    assert!(!seventh.diff(&Policy::default()).is_newer());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn equal_policies_do_not_differ(policy in policies()) {
        prop_assert!(policy.diff(&policy.clone()).is_empty());
    }

    /// Whatever gives some record a longer life says so.
    #[test]
    fn nothing_lengthens_unsaid(older in policies(), newer in policies(), made in 1_577_836_800i64..4_000_000_000) {
        let made = chrono::DateTime::from_timestamp(made, 0).unwrap();
        let diff = older.diff(&newer);
        if !diff.lengthens() {
            for category in Category::ALL {
                for tenant in [crate::tenant(1), crate::tenant(2)] {
                    let end = |policy: &Policy| policy.expiry_for(tenant, category, made).unwrap().at();
                    prop_assert!(end(&newer) <= end(&older), "{category}: {diff}");
                }
            }
        }
    }

    #[test]
    fn what_differs_is_said(older in policies(), newer in policies()) {
        let said_same = older.rules() == newer.rules()
            && older.obligations() == newer.obligations()
            && older.warn_before_end() == newer.warn_before_end();
        prop_assert_eq!(older.diff(&newer).is_empty(), said_same);
    }
}
