use chrono::TimeDelta;
use retention_policy::{
    Category, Disposition, DueReason, Events, Expiry, HoldReason, Lifetime, Policy, Purpose,
    PurposeSet, Role, Scope, Trigger, Verdict,
};

use crate::{MADE, at, dossier, hold, made_under, meta, policy, rule};

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::days(1);

fn verdict(policy: &Policy, category: Category, events: Events, after: TimeDelta) -> Verdict {
    let meta = made_under(policy, category, at(MADE));
    policy.verdict(&dossier(&meta, &events, &[]), at(MADE) + after)
}

fn due(reason: DueReason, disposition: Disposition) -> Verdict {
    Verdict::Due {
        reason,
        disposition,
    }
}

#[test]
fn time_walks_keep_warn_due() {
    let policy = Policy::default();
    for (minutes, want) in [
        (0, 'k'),
        (20 * 60 - 1, 'k'),
        (20 * 60, 'w'),
        (23 * 60 - 1, 'w'),
        (23 * 60, 'd'),
        (9999, 'd'),
    ] {
        let after = TimeDelta::minutes(minutes);
        let got = match verdict(&policy, Category::Session, Events::default(), after) {
            Verdict::Keep { .. } => 'k',
            Verdict::Warn { .. } => 'w',
            Verdict::Due {
                reason: DueReason::Expired,
                ..
            } => 'd',
            other => panic!("{other:?}"),
        };
        assert_eq!(got, want, "{minutes}");
    }
}

#[test]
fn ends_are_half_open() {
    let policy = policy(&rule("draft", "created", "14d", "action = \"template\""));
    let end = TimeDelta::days(14);
    // The written end is the same instant, and the stronger reason.
    for (after, over) in [(end - TimeDelta::nanoseconds(1), false), (end, true)] {
        let got = verdict(&policy, Category::Draft, Events::default(), after);
        let template = due(DueReason::Expired, Disposition::Template);
        let keep = Verdict::Keep {
            until: at(MADE) + end,
        };
        assert_eq!(got, if over { template } else { keep });
    }
}

#[test]
fn a_shortened_policy_ends_what_was_written_longer() {
    let before = Policy::default();
    let after = policy(&rule("draft", "created", "7d", "action = \"template\""));
    let meta = made_under(&before, Category::Draft, at(MADE));
    let events = Events::default();
    let dossier = dossier(&meta, &events, &[]);
    let week = at(MADE) + TimeDelta::days(7);
    assert_eq!(
        after.verdict(&dossier, week),
        due(DueReason::Default, Disposition::Template)
    );
    assert_eq!(after.end(&dossier), week);
    assert!(matches!(
        before.verdict(&dossier, week),
        Verdict::Keep { .. }
    ));
}

#[test]
fn a_lengthened_policy_postpones_nothing_that_is_written() {
    let before = policy(&rule("draft", "created", "7d", ""));
    let meta = made_under(&before, Category::Draft, at(MADE));
    let week = at(MADE) + TimeDelta::days(7);
    let events = Events::default();
    let dossier = dossier(&meta, &events, &[]);
    assert_eq!(
        Policy::default().verdict(&dossier, week),
        due(DueReason::Expired, Disposition::Template)
    );
    assert_eq!(Policy::default().end(&dossier), week);
}

#[test]
fn what_was_used_ends_at_once() {
    let policy = Policy::default();
    for (trigger, category) in [
        (Trigger::Delivered, Category::Session),
        (Trigger::Used, Category::Session),
        (Trigger::Discarded, Category::Attachment),
    ] {
        let events = Events::default().with(trigger, at(MADE) + HOUR);
        let before = verdict(&policy, category, events, HOUR - TimeDelta::seconds(1));
        // Warned of as well, where the end is that near.
        assert!(
            matches!(before, Verdict::Keep { until } | Verdict::Warn { until } if until == at(MADE) + HOUR)
        );
        assert_eq!(
            verdict(&policy, category, events, HOUR),
            due(DueReason::PurposeOver(trigger), Disposition::Erase)
        );
    }
}

/// Not warned of: nobody waits for an answer any more.
#[test]
fn what_was_dealt_with_is_not_warned_of() {
    let slow = |trigger| rule("session", trigger, "2h", "");
    let policy = policy(
        &["delivered", "used", "discarded", "ticket_closed"]
            .map(slow)
            .concat(),
    );
    for trigger in [
        Trigger::Delivered,
        Trigger::Used,
        Trigger::Discarded,
        Trigger::TicketClosed,
    ] {
        let events = Events::default().with(trigger, at(MADE) + HOUR);
        let until = at(MADE) + HOUR * 3;
        for (after, warned) in [(HOUR - TimeDelta::seconds(1), true), (HOUR, false)] {
            let want = if warned {
                Verdict::Warn { until }
            } else {
                Verdict::Keep { until }
            };
            let got = verdict(&policy, Category::Session, events, after);
            assert_eq!(got, want, "{trigger}");
        }
    }
}

/// A person's request is no time limit that somebody could still keep.
#[test]
fn a_request_is_not_warned_of() {
    let policy = Policy::default();
    let events = Events::default().with(Trigger::Request, at(MADE) + HOUR);
    let until = at(MADE) + HOUR;
    assert_eq!(
        verdict(&policy, Category::Session, events, TimeDelta::zero()),
        Verdict::Keep { until }
    );
}

/// From then on the people who answer do not read it.
#[test]
fn an_archive_to_come_is_warned_of() {
    let archive = "action = \"archive\"\n[rule.archive]\nfor = \"11h\"\nreaders = [\"auditor\"]\n";
    let policy = policy(&rule("session", "created", "12h", archive));
    // Shortened as the use is shortened: three hours of 23.
    let warned = policy.warn_before_end().as_delta();
    assert!(warned < TimeDelta::minutes(94));
    let begins = HOUR * 12;
    assert_eq!(policy.warn_after().as_delta(), begins - warned);
    for (after, want) in [
        (
            begins - warned - TimeDelta::seconds(1),
            Verdict::Keep {
                until: at(MADE) + HOUR * 23,
            },
        ),
        (
            begins - warned,
            Verdict::Warn {
                until: at(MADE) + begins,
            },
        ),
    ] {
        let got = verdict(&policy, Category::Session, Events::default(), after);
        assert_eq!(got, want);
    }
}

#[test]
fn activity_postpones_within_the_default() {
    let policy = policy(&rule("session", "last_activity", "2h", ""));
    let last = |hours| Events::default().with(Trigger::LastActivity, at(MADE) + HOUR * hours);
    let events = last(1).with(Trigger::LastActivity, at(MADE) + HOUR * 4);
    assert_eq!(
        verdict(&policy, Category::Session, events, HOUR * 5),
        Verdict::Warn {
            until: at(MADE) + HOUR * 6
        }
    );
    assert_eq!(
        verdict(&policy, Category::Session, events, HOUR * 6),
        due(
            DueReason::PurposeOver(Trigger::LastActivity),
            Disposition::Erase
        )
    );
    assert_eq!(
        verdict(&policy, Category::Session, last(22), HOUR * 23),
        due(DueReason::Expired, Disposition::Erase)
    );
}

#[test]
fn rules_of_a_purpose_concern_records_with_it() {
    let policy = policy(&rule(
        "draft",
        "created",
        "3d",
        "purpose = \"prepare_reply\"",
    ));
    let expiry = policy.expiry(Category::Draft, at(MADE)).unwrap();
    let events = Events::default();
    let after = |purposes| {
        let meta = meta(Category::Draft, purposes, expiry);
        policy.end(&dossier(&meta, &events, &[])) - at(MADE)
    };
    let reply = PurposeSet::only(Purpose::DraftReply);
    assert_eq!(after(reply), DAY * 28 + HOUR * 23);
    assert_eq!(after(reply.with(Purpose::PrepareReply)), DAY * 3);
}

#[test]
fn a_tenants_rule_takes_the_place_of_the_houses() {
    let tenant = "tenant = \"01010101010141018101010101010101\"";
    let text = rule("draft", "created", "7d", "") + &rule("draft", "created", "14d", tenant);
    let policy = policy(&text);
    let meta = made_under(&policy, Category::Draft, at(MADE));
    assert_eq!(
        format!("{:032x}", u128::from_be_bytes(meta.tenant().to_bytes())),
        "01010101010141018101010101010101"
    );
    let events = Events::default();
    assert_eq!(
        policy.end(&dossier(&meta, &events, &[])) - at(MADE),
        DAY * 14
    );
    let other = policy.expiry_for(crate::tenant(3), Category::Draft, at(MADE));
    assert_eq!(other.unwrap().at() - at(MADE), DAY * 7);
}

#[test]
fn of_two_rules_that_end_together_the_stricter_decides() {
    let text = rule("draft", "used", "1h", "action = \"template\"")
        + &rule("draft", "ticket_closed", "1h", "");
    let policy = policy(&text);
    let events = Events::default()
        .with(Trigger::Used, at(MADE))
        .with(Trigger::TicketClosed, at(MADE));
    assert_eq!(
        verdict(&policy, Category::Draft, events, HOUR),
        due(
            DueReason::PurposeOver(Trigger::TicketClosed),
            Disposition::Erase
        )
    );
}

#[test]
fn requests_erase_whatever_the_rule_would_make_of_it() {
    let policy = Policy::default();
    let asked = Events::default().with(Trigger::Request, at(MADE) + HOUR);
    for after in [HOUR, DAY * 40] {
        assert_eq!(
            verdict(&policy, Category::Draft, asked, after),
            due(DueReason::Erasure, Disposition::Erase)
        );
    }
    assert!(matches!(
        verdict(
            &policy,
            Category::Draft,
            asked,
            HOUR - TimeDelta::seconds(1)
        ),
        Verdict::Keep { .. }
    ));
}

/// Withdrawn consent ends what rests on nothing else (article 17(1)(b)).
#[test]
fn withdrawal_ends_what_rests_on_consent_alone() {
    let policy = Policy::default();
    let expiry = policy.expiry(Category::Draft, at(MADE)).unwrap();
    let events = Events::default().with(Trigger::ConsentWithdrawn, at(MADE) + HOUR);
    for purpose in Purpose::ALL {
        let ends = |purposes| {
            let meta = meta(Category::Draft, purposes, expiry);
            let verdict = policy.verdict(&dossier(&meta, &events, &[]), at(MADE) + HOUR);
            verdict == due(DueReason::ConsentWithdrawn, Disposition::Erase)
        };
        let alone = PurposeSet::only(purpose);
        assert_eq!(ends(alone), purpose.can_rest_on_consent(), "{purpose}");
        assert!(!ends(alone.with(Purpose::LegalObligation)), "{purpose}");
    }
}

#[test]
fn an_archive_comes_between_use_and_end() {
    let archive =
        "action = \"archive\"\n[rule.archive]\nfor = \"2 years\"\nreaders = [\"auditor\"]";
    let policy = policy(&rule("rights_case", "created", "1 year", archive));
    let meta = made_under(&policy, Category::RightsCase, at(MADE));
    assert_eq!(meta.expires_at(), at("2029-03-02T09:00:00Z"));
    let events = Events::default();
    let dossier = dossier(&meta, &events, &[]);
    let until = meta.expires_at();
    let use_over = at("2027-03-02T09:00:00Z");
    let second = TimeDelta::seconds(1);
    assert_eq!(
        policy.verdict(&dossier, use_over - second),
        Verdict::Keep { until }
    );
    assert_eq!(policy.archived_for(&dossier, use_over - second), None);
    let Verdict::Archived {
        until: end,
        readers,
    } = policy.verdict(&dossier, use_over)
    else {
        panic!("not archived");
    };
    assert_eq!(end, until);
    assert!(readers.contains(Role::Auditor) && !readers.contains(Role::PrivacyOfficer));
    assert!(matches!(
        policy.verdict(&dossier, until),
        Verdict::Due {
            reason: DueReason::Expired,
            disposition: Disposition::Erase
        }
    ));
    // A request ends an archive too.
    let asked = Events::default().with(Trigger::Request, use_over + DAY);
    let asked = crate::dossier(&meta, &asked, &[]);
    assert!(matches!(
        policy.verdict(&asked, use_over),
        Verdict::Archived { .. }
    ));
    assert!(matches!(
        policy.verdict(&asked, use_over + DAY),
        Verdict::Due { .. }
    ));
}

/// A law keeps a record, and the archive says who may read it meanwhile.
#[test]
fn a_record_kept_by_law_is_archived_all_the_same() {
    let archive =
        "action = \"archive\"\n[rule.archive]\nfor = \"9 years\"\nreaders = [\"auditor\"]";
    let policy = policy(&rule("billing", "created", "300d", archive));
    let meta = made_under(&policy, Category::Billing, at(MADE));
    let events = Events::default();
    let dossier = dossier(&meta, &events, &[]);
    let now = at(MADE) + DAY * 301;
    assert!(matches!(
        policy.verdict(&dossier, now),
        Verdict::LegalObligation { .. }
    ));
    let readers = policy.archived_for(&dossier, now).unwrap();
    assert!(readers.contains(Role::Auditor) && !readers.contains(Role::Engineer));
}

#[test]
fn two_archives_are_read_by_those_whom_both_let() {
    let archive = |days: u32, readers: &str| {
        format!("action = \"archive\"\n[rule.archive]\nfor = \"{days}d\"\nreaders = [{readers}]")
    };
    let both = rule(
        "consent",
        "created",
        "10d",
        &archive(50, "\"auditor\", \"worker\""),
    ) + &rule(
        "consent",
        "ticket_closed",
        "20d",
        &archive(30, "\"auditor\", \"privacy_officer\""),
    );
    let apart = both.replace("\"auditor\", \"worker\"", "\"worker\"");
    let closed = Events::default().with(Trigger::TicketClosed, at(MADE));
    for (text, expected) in [(both, Role::Auditor), (apart, Role::Worker)] {
        let policy = policy(&text);
        let meta = made_under(&policy, Category::Consent, at(MADE));
        let readers = policy.archived_for(&dossier(&meta, &closed, &[]), at(MADE) + DAY * 20);
        assert_eq!(readers.unwrap().iter().collect::<Vec<_>>(), [expected]);
    }
}

const LAW: &str = "[[obligation]]\nid = \"longest\"\ncategory = \"billing\"\nlaw = \"L\"\narticle = \"1\"\ncountry = \"FR\"\n";

#[test]
fn a_law_keeps_against_requests_and_not_past_the_written_end() {
    let policy = Policy::default();
    let asked = Events::default().with(Trigger::Request, at(MADE));
    let got = verdict(&policy, Category::Billing, asked, DAY * 3000);
    assert!(
        matches!(got, Verdict::LegalObligation { until, obligation }
            if until == at("2036-03-02T09:00:00Z") && obligation.as_str() == "accounting"),
        "{got:?}"
    );
    // A record that was written to end sooner ends then.
    let short = Expiry::after(at(MADE), Lifetime::days(100).unwrap()).unwrap();
    let meta = meta(
        Category::Billing,
        PurposeSet::only(Purpose::LegalObligation),
        short,
    );
    let dossier = dossier(&meta, &asked, &[]);
    assert_eq!(policy.end(&dossier), at(MADE) + DAY * 100);
    assert!(matches!(
        policy.verdict(&dossier, at(MADE) + DAY * 100),
        Verdict::Due { .. }
    ));
}

#[test]
fn of_two_laws_the_longer_is_named() {
    let own = LAW.replace("longest", "accounting");
    let text = format!("{LAW}trigger = \"created\"\nlasts = \"10 years\"\n");
    let policy = policy(&format!(
        "{text}{own}trigger = \"created\"\nlasts = \"9 years\"\n"
    ));
    let got = verdict(&policy, Category::Billing, Events::default(), DAY);
    assert!(
        matches!(got, Verdict::LegalObligation { obligation, .. } if obligation.as_str() == "longest")
    );
}

/// A duty that counts from the end of a contract does not begin later than the contract.
#[test]
fn a_law_from_the_end_of_a_contract_keeps_while_the_contract_lasts() {
    let own = format!(
        "{}trigger = \"contract_end\"\nlasts = \"1 year\"\n",
        LAW.replace("longest", "accounting")
    );
    let policy = policy(&own);
    let running = Events::default().with(Trigger::Request, at(MADE));
    let got = verdict(&policy, Category::Billing, running, DAY * 1000);
    assert!(matches!(got, Verdict::LegalObligation { .. }), "{got:?}");
    let ended = running.with(Trigger::ContractEnd, at(MADE) + DAY * 10);
    assert!(matches!(
        verdict(&policy, Category::Billing, ended, DAY * 374),
        Verdict::LegalObligation { .. }
    ));
    assert_eq!(
        verdict(&policy, Category::Billing, ended, DAY * 375),
        due(DueReason::Erasure, Disposition::Erase)
    );
}

#[test]
fn a_claim_goes_before_a_restriction_and_both_keep_past_the_end() {
    let policy = Policy::default();
    let meta = made_under(&policy, Category::Session, at(MADE));
    let events = Events::default().with(Trigger::Request, at(MADE));
    let now = at(MADE) + DAY * 400;
    let review_by = at("2026-09-01T00:00:00Z");
    let restricted = hold(Scope::Tenant, HoldReason::Restriction);
    let ordered = hold(Scope::Tenant, HoldReason::Order);
    let both = [restricted, ordered];
    assert_eq!(
        policy.verdict(&dossier(&meta, &events, &both), now),
        Verdict::Held { review_by }
    );
    assert_eq!(
        policy.verdict(&dossier(&meta, &events, &both[..1]), now),
        Verdict::Restricted { review_by }
    );
    assert!(restricted.is_overdue(now));
}

#[test]
fn reasons_have_bytes_and_codes_of_their_own() {
    let mut all = vec![
        DueReason::Erasure,
        DueReason::ConsentWithdrawn,
        DueReason::Default,
        DueReason::Expired,
    ];
    all.extend(Trigger::ALL.map(DueReason::PurposeOver));
    let mut codes: Vec<&str> = all.iter().map(|r| r.code()).collect();
    for reason in &all {
        assert_eq!(DueReason::from_bytes(reason.to_bytes()), Some(*reason));
        if let DueReason::PurposeOver(trigger) = reason {
            assert_eq!(reason.code(), format!("purpose_over:{trigger}"));
        }
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    for bytes in [[0, 1], [2, 9], [5, 0], [255, 255]] {
        assert_eq!(DueReason::from_bytes(bytes), None);
    }
}
