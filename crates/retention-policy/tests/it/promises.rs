//! What the house promises about keeping, each by its number, where this crate holds the mechanism. P040 and P041 are
//! kept by suggest-core alone; of P036 and P038, which crypto-store and redact keep, what is decided here is tested
//! here.

use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, Choice, Contract, Disposition, DueReason, Error, Events, Forget, Lifetime, Notice,
    Party, Policy, PolicyFault, Purpose, PurposeSet, RecordMeta, Region, Remainder, SinkId,
    SinkKind, Sinks, State, Step, Trigger, Verdict,
};

use crate::{MADE, actor, at, dossier, made_under, meta, person, policy, rule, tenant};

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::days(1);

/// "only keeps personal data for as long as needed": no category and no policy is without an end.
#[test]
fn p033_every_record_has_an_end() {
    for category in Category::ALL {
        let record = made_under(&Policy::default(), category, at(MADE));
        assert!(record.expires_at() > record.expiry().made());
        let end = record.expires_at();
        let events = Events::default();
        let verdict = Policy::default().verdict(&dossier(&record, &events, &[]), end);
        assert!(matches!(verdict, Verdict::Due { .. }), "{category}");
        // There is always a rule, also where a policy says something about other things only.
        let other = policy(&rule("session", "used", "1m", ""));
        assert!(other.lifetime(category) <= category.ceiling());
    }
}

/// "kept only for the short time it takes to produce and deliver the suggestion".
#[test]
fn p034_delivery_ends_the_ticket() {
    let policy = Policy::default();
    for category in [Category::Session, Category::Attachment] {
        let record = made_under(&policy, category, at(MADE));
        for trigger in [Trigger::Delivered, Trigger::Used, Trigger::Discarded] {
            let events = Events::default().with(trigger, at(MADE) + HOUR);
            assert_eq!(
                policy.verdict(&dossier(&record, &events, &[]), at(MADE) + HOUR),
                Verdict::Due {
                    reason: DueReason::PurposeOver(trigger),
                    disposition: Disposition::Erase
                }
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// "stored for less than 24 hours": whenever a ticket comes in, its key is gone before a day has passed.
    #[test]
    fn p035_ticket_data_lives_less_than_a_day(made in 1_577_836_800i64..7_000_000_000) {
        let made = chrono::DateTime::from_timestamp(made, 0).unwrap();
        let policy = Policy::default();
        let record = made_under(&policy, Category::Session, made);
        let gone = record.bucket().end() + policy.sweep_within().as_delta();
        prop_assert!(gone - made < TimeDelta::hours(24));
        let events = Events::default();
        let dossier = dossier(&record, &events, &[]);
        let second = TimeDelta::seconds(1);
        let there = policy.verdict(&dossier, record.expires_at() - second);
        let still = matches!(there, Verdict::Warn { .. });
        prop_assert!(still);
        let over = matches!(policy.verdict(&dossier, record.expires_at()), Verdict::Due { .. });
        prop_assert!(over);
    }

    /// "after a maximum of 30 days".
    #[test]
    fn p037_a_draft_lives_at_most_thirty_days(made in 1_577_836_800i64..7_000_000_000, discarded in 0i64..5_000_000) {
        let made = chrono::DateTime::from_timestamp(made, 0).unwrap();
        let policy = Policy::default();
        let record = made_under(&policy, Category::Draft, made);
        let gone = record.bucket().end() + policy.sweep_within().as_delta();
        prop_assert!(gone - made < TimeDelta::days(30));
        let events = Events::default().with(Trigger::Discarded, made + TimeDelta::seconds(discarded));
        prop_assert!(policy.end(&dossier(&record, &events, &[])) <= record.expires_at());
    }
}

/// "alarm at 20 hours": an unanswered ticket is warned of, a late sweeper is told of.
#[test]
fn p035_somebody_is_told_in_time() {
    let policy = Policy::default();
    assert_eq!(policy.warn_after(), Lifetime::hours(20).unwrap());
    assert!(policy.alarm_after() < Lifetime::hours(24).unwrap());
    assert!(Policy::from_toml("schema = 1\nversion = 2\nsweep_within = \"61s\"").is_err());
}

/// "promptly deleted from our active systems": complete means that every place has answered.
#[test]
fn p036_every_place_forgets() {
    let names = ["records", "passages", "cache", "nightly"];
    let kinds = [
        SinkKind::Records,
        SinkKind::Index,
        SinkKind::Cache,
        SinkKind::Snapshot,
    ];
    let ids = names.map(|n| SinkId::new(n).unwrap());
    let mut sinks = Sinks::new(ids.into_iter().zip(kinds)).unwrap();
    let what = Forget::Subject(person());
    let notice = Notice {
        serial: 1,
        tenant: tenant(1),
        what,
        at: at(MADE),
    };
    sinks.open(notice).unwrap();
    for id in ids {
        assert!(!sinks.is_complete(1));
        sinks.ack(id, 1, at(MADE)).unwrap();
    }
    assert!(sinks.is_complete(1));
}

/// "automatically anonymize": a draft that nobody used becomes a template, and nothing else can.
#[test]
fn p037_an_unused_draft_is_anonymised() {
    let policy = Policy::default();
    let record = made_under(&policy, Category::Draft, at(MADE));
    let events = Events::default();
    assert_eq!(
        policy.verdict(&dossier(&record, &events, &[]), at(MADE) + DAY * 30),
        Verdict::Due {
            reason: DueReason::Expired,
            disposition: Disposition::Template
        }
    );
}

/// "irreversibly remove": what is anonymised loses its key like everything else, and a person's request never
/// anonymises only.
#[test]
fn p038_a_request_erases() {
    let policy = Policy::default();
    let record = made_under(&policy, Category::Draft, at(MADE));
    for trigger in [Trigger::Request, Trigger::ConsentWithdrawn] {
        let events = Events::default().with(trigger, at(MADE));
        let verdict = policy.verdict(&dossier(&record, &events, &[]), at(MADE) + DAY * 30);
        assert!(
            matches!(
                verdict,
                Verdict::Due {
                    disposition: Disposition::Erase,
                    ..
                }
            ),
            "{verdict:?}"
        );
    }
}

/// "only in anonymized or aggregated form": records of usage tell no time finer than a week.
#[test]
fn p039_usage_tells_no_day() {
    for category in [Category::Usage, Category::Template] {
        assert!(category.is_anonymous());
        let monday = made_under(&Policy::default(), category, at("2026-03-02T00:00:00Z"));
        let sunday = made_under(&Policy::default(), category, at("2026-03-08T23:59:59Z"));
        assert_eq!(monday, sunday);
    }
}

/// "End of Contract": the client company chooses, and the certificate lists what laws keep.
#[test]
fn p042_the_client_chooses_and_learns_what_is_kept() {
    for choice in [Choice::Return, Choice::Delete] {
        let mut contract = begun(choice);
        if choice == Choice::Return {
            let destroy = Step::Destroyed {
                records: 1,
                keys: 1,
            };
            let early = contract.step(&destroy, at(MADE));
            assert!(
                matches!(early, Err(Error::NotAllowed { .. })),
                "given back first"
            );
            contract = contract
                .step(&Step::Returned { archive: [1; 32] }, at(MADE))
                .unwrap();
        }
        let contract = certified(&contract);
        let State::Ending(off) = contract.state() else {
            panic!("{:?}", contract.state())
        };
        let kept = &off.remainders()[0];
        assert_eq!(kept.obligation().as_str(), "accounting");
        assert_eq!(
            kept.law(),
            "Directive 2013/34/EU and national accounting law"
        );
        assert_eq!((kept.category(), kept.records()), (Category::Billing, 3));
    }
}

/// The end of a contract has a deadline and a state.
#[test]
fn p043_an_ending_contract_has_a_due_date() {
    let contract = begun(Choice::Delete);
    assert_eq!(contract.state().code(), "asked");
    assert!(!contract.is_overdue(at(MADE) + DAY * 29));
    assert!(contract.is_overdue(at(MADE) + DAY * 30));
}

/// "after any required retention period ... securely erased": a second timer, a second certificate.
#[test]
fn p044_what_laws_keep_has_a_timer_of_its_own() {
    let contract = certified(&begun(Choice::Delete));
    let timer = at("2036-03-02T09:00:00Z");
    assert!(
        contract
            .step(&Step::Finish, timer - TimeDelta::seconds(1))
            .is_err()
    );
    let ended = contract.step(&Step::Finish, timer).unwrap();
    assert!(matches!(ended.state(), State::Ended(_)));
    assert!(Purpose::ALL.iter().all(|p| !ended.may_read(*p)));
    // The records themselves are due at the same instant.
    let record = made_under(&Policy::default(), Category::Billing, at(MADE));
    let asked = Events::default().with(Trigger::Request, at(MADE));
    let kept = Policy::default();
    assert_eq!(kept.end(&dossier(&record, &asked, &[])), timer);
}

/// "as soon as that purpose is fulfilled".
#[test]
fn p045_a_purpose_that_is_over_ends_the_record() {
    for trigger in Trigger::ALL
        .into_iter()
        .skip(1)
        .filter(|t| *t != Trigger::LastActivity)
    {
        let policy = policy(&rule("draft", trigger.code(), "0s", ""));
        let record = made_under(&policy, Category::Draft, at(MADE));
        let events = Events::default().with(trigger, at(MADE) + HOUR);
        let dossier = dossier(&record, &events, &[]);
        assert_eq!(policy.end(&dossier), at(MADE) + HOUR, "{trigger}");
    }
    let reply = PurposeSet::only(Purpose::PrepareReply);
    let own = policy(&rule(
        "draft",
        "created",
        "1d",
        "purpose = \"prepare_reply\"",
    ));
    let expiry = own.expiry(Category::Draft, at(MADE)).unwrap();
    let record: RecordMeta = meta(Category::Draft, reply, expiry);
    assert_eq!(
        own.end(&dossier(&record, &Events::default(), &[])),
        at(MADE) + DAY
    );
}

/// "no personal data is kept indefinitely": it cannot be said.
#[test]
fn p046_forever_cannot_be_said() {
    for (value, line) in [("\"forever\"", 6), ("inf", 6), ("\"unlimited\"", 6)] {
        let text = format!(
            "schema = 1\nversion = 2\n[[rule]]\ncategory = \"consent\"\ntrigger = \"created\"\nafter = {value}\n"
        );
        let error = Policy::from_toml(&text).unwrap_err();
        assert_eq!(
            error,
            Error::Policy {
                line,
                key: "rule.after",
                fault: PolicyFault::Endless {
                    at_most: Category::Consent.ceiling()
                }
            }
        );
    }
    assert!(Lifetime::seconds(0).is_err() && Lifetime::days(u32::MAX).is_err());
}

fn begun(choice: Choice) -> Contract {
    let contract = Contract::new(
        tenant(1),
        Party::Processor,
        Region::Ireland,
        1,
        [actor(1)],
        at(MADE),
    );
    let end = Step::End {
        by: actor(1),
        choice,
    };
    contract.unwrap().step(&end, at(MADE)).unwrap()
}

fn certified(begun: &Contract) -> Contract {
    let policy = Policy::default();
    let kept = Remainder::new(&policy.obligations()[0], at("2036-03-02T09:00:00Z"), 3).unwrap();
    let steps = [
        Step::Destroyed {
            records: 40,
            keys: 9,
        },
        Step::Remains(vec![kept]),
        Step::Certify,
    ];
    steps.iter().fold(begun.clone(), |contract, step| {
        contract.step(step, at(MADE) + DAY).unwrap()
    })
}
