//! The end of a contract: given back, destroyed, certified, and what laws and holds keep meanwhile.

use std::future::Future;
use std::sync::Arc;
use std::task::Poll;

use chrono::TimeDelta;
use tactful::crypto_store::{NewRecord, Reason};
use tactful::gdpr_rights::account::contract_end::ContractEnd;
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::retention_policy::{
    Category, Choice, Forget, Hold, HoldId, HoldReason, OffboardingStage, Purpose, PurposeSet,
    RecordMeta, Region, Role, Scope, State, SubjectId,
};
use tactful::{Desk, DeskBuilder, Error, ManualClock, Suggested, Waiting};

use crate::clients::for_the_shop;
use crate::sinks::Recorder;
use crate::{builder, by, clock, contract, in_dir, shop, ticket};

const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

async fn opened(builder: DeskBuilder) -> Desk {
    let desk = builder.signing_key(key()).open().await.unwrap();
    desk.onboard(contract(shop())).await.unwrap();
    desk
}

fn read(certificate: &[u8]) -> ContractEnd {
    ContractEnd::verify(certificate, &key().verifying_key()).unwrap()
}

fn stage(desk: &Desk) -> Option<OffboardingStage> {
    match desk.contract(shop()).unwrap().state() {
        State::Ending(off) | State::Ended(off) => Some(off.stage()),
        _ => None,
    }
}

/// What the shop is charged: kept by law.
async fn charge(desk: &Desk, clock: &Arc<ManualClock>) {
    use tactful::Clock;
    let expiry = desk
        .policy()
        .expiry_for(shop(), Category::Billing, clock.now());
    let meta = RecordMeta::new(
        shop(),
        SubjectId::from_random([4; 16]),
        Category::Billing,
        PurposeSet::only(Purpose::LegalObligation),
        Region::France,
        expiry.unwrap(),
    );
    let record = NewRecord::new(meta.unwrap(), b"invoice 1".to_vec());
    let officer = by(Role::PrivacyOfficer);
    desk.store()
        .put(record, &officer, &BY_LAW, clock.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn p042_a_client_that_ends_leaves_nothing_and_has_a_certificate() {
    let (clock, agent) = (clock(), by(Role::Agent));
    let desk = opened(builder(&clock).in_memory()).await;
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    assert!(
        desk.offboard(&by(Role::PrivacyOfficer), Choice::Delete)
            .await
            .is_err()
    );
    let off = desk
        .offboard(&for_the_shop(), Choice::Delete)
        .await
        .unwrap();
    let open = desk.offboardings().unwrap();
    assert_eq!((open.len(), open[0].due), (1, Some(off.due())));
    assert!(!open[0].overdue);
    assert!(desk.ingest(&agent, &ticket("T-2")).await.is_err());

    // The sweep goes on by itself.
    desk.sweep().await.unwrap();
    assert_eq!(stage(&desk), Some(OffboardingStage::Finished));
    assert!(desk.offboardings().unwrap().is_empty());
    assert!(!desk.store().has_tenant(shop()).await.unwrap());
    let gone = desk.session(&agent, session.record()).await;
    assert!(matches!(gone, Err(Error::Stopped { state: "ended" })));
    let certificates = desk.contract_certificates(shop());
    assert_eq!(certificates.len(), 1);
    let first = read(&certificates[0]);
    assert_eq!(first.field("destroyed records"), Some("1"));
    assert_eq!(first.field("tenant"), Some(&*shop().to_string()));
    assert_eq!(first.field("backups expire"), Some("there are none"));
    assert_eq!(desk.offboarding_step(shop()).await.unwrap(), Waiting::Over);
    // Its id is used up.
    assert!(desk.onboard(contract(shop())).await.is_err());
    assert!(desk.verify_audit().await.unwrap().intact);
}

/// Every place that holds copies hears that a client is gone, and whoever watches sees how many ends are open and late.
#[tokio::test]
async fn p043_ends_are_counted_and_every_place_hears_of_them() {
    let clock = clock();
    let index = Recorder::new("passages");
    let desk = opened(builder(&clock).in_memory().sink(index.clone())).await;
    let counts = async || {
        let health = desk.health().await.unwrap();
        (health.offboardings, health.offboardings_overdue)
    };
    assert_eq!(counts().await, (0, 0));
    desk.offboard(&for_the_shop(), Choice::Return)
        .await
        .unwrap();
    assert_eq!(counts().await, (1, 0));
    // Nobody fetches what is given back.
    clock.advance(TimeDelta::days(31));
    assert_eq!(counts().await, (1, 1));
    assert!(!index.whats().contains(&Forget::Tenant));
    desk.withdraw_offboarding(&for_the_shop()).await.unwrap();
    assert_eq!(counts().await, (0, 0));

    desk.offboard(&for_the_shop(), Choice::Delete)
        .await
        .unwrap();
    desk.sweep().await.unwrap();
    desk.sweep().await.unwrap();
    assert_eq!(stage(&desk), Some(OffboardingStage::Finished));
    let told = index.whats().into_iter().filter(|w| *w == Forget::Tenant);
    assert_eq!(told.count(), 1);
    assert_eq!(counts().await, (0, 0));
}

#[tokio::test]
async fn p042_what_is_given_back_holds_everything_and_comes_first() {
    let (clock, agent) = (clock(), by(Role::Agent));
    let desk = opened(builder(&clock).in_memory()).await;
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let Suggested::Draft(draft) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("a draft");
    };
    let operator = for_the_shop();
    assert!(
        desk.hand_back(&operator).await.is_err(),
        "nobody ended the contract"
    );
    desk.offboard(&operator, Choice::Return).await.unwrap();
    assert_eq!(
        desk.offboarding_step(shop()).await.unwrap(),
        Waiting::Return
    );

    assert!(
        desk.hand_back(&by(Role::PrivacyOfficer)).await.is_err(),
        "no operator"
    );
    let first = desk.hand_back(&operator).await.unwrap();
    let second = desk.hand_back(&operator).await.unwrap();
    assert!(
        first.token.open(&second.parcels[0]).is_err(),
        "a key of its own"
    );
    let opened = second.token.open(&second.parcels[0]).unwrap();
    let text = std::str::from_utf8(&opened).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((lines.len(), second.records), (3, 2));
    assert_eq!(lines[1]["ticket"], "T-1");
    assert!(
        lines[1]["messages"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Orla Brennigan")
    );
    assert_eq!(lines[2]["record"], draft.record().to_string());
    assert!(!format!("{second:?}").contains("Orla"));

    desk.sweep().await.unwrap();
    assert_eq!(stage(&desk), Some(OffboardingStage::Asked));
    let other = desk.received(&operator, [0; 32]).await;
    assert!(matches!(other, Err(Error::OtherArchive)));
    desk.received(&operator, second.sha256).await.unwrap();
    desk.sweep().await.unwrap();
    let certificates = desk.contract_certificates(shop());
    let hex: String = second.sha256.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(
        read(&certificates[0]).field("archive (sha256)"),
        Some(&*hex)
    );
}

#[tokio::test]
async fn p044_what_a_law_keeps_is_named_and_ends_with_a_second_certificate() {
    let clock = clock();
    let desk = opened(builder(&clock).in_memory()).await;
    charge(&desk, &clock).await;
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    desk.offboard(&for_the_shop(), Choice::Delete)
        .await
        .unwrap();
    let waits = desk.offboarding_step(shop()).await.unwrap();
    let until = crate::at("2036-03-02T09:07:00Z");
    assert_eq!(waits, Waiting::Laws { until });
    assert_eq!(desk.offboardings().unwrap()[0].due, Some(until));
    let first = read(&desk.contract_certificates(shop())[0]);
    assert_eq!(first.field("destroyed records"), Some("1"));
    assert_eq!(first.field("kept 1"), Some("billing"));
    assert_eq!(first.field("kept 1 records"), Some("1"));
    assert_eq!(first.field("kept 1 until"), Some("2036-03-02T09:07:00Z"));

    // The contract outlives the end of its own record: sweeps renew it.
    for _ in 0..11 {
        clock.advance(TimeDelta::days(365));
        desk.sweep().await.unwrap();
    }
    let certificates = desk.contract_certificates(shop());
    assert_eq!(certificates.len(), 2);
    assert!(read(&certificates[1]).field("nothing left since").is_some());
    assert!(!desk.store().has_tenant(shop()).await.unwrap());
}

#[tokio::test]
async fn p043_a_hold_keeps_what_it_covers_and_the_end_is_seen_to_be_late() {
    let (clock, agent, officer) = (clock(), by(Role::Agent), by(Role::PrivacyOfficer));
    let desk = opened(builder(&clock).in_memory()).await;
    let kept = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let Suggested::Draft(draft) = desk.suggest(&agent, &kept).await.unwrap() else {
        panic!("a draft");
    };
    let now = crate::at("2026-03-02T09:07:00Z");
    let hold = Hold::new(
        HoldId::from_random([5; 16]),
        shop(),
        Scope::Record(kept.record()),
        HoldReason::LegalClaim,
        officer.actor(),
        now,
        now + TimeDelta::days(30),
    )
    .unwrap();
    desk.store()
        .place_hold(&hold, &officer, &BY_LAW, now)
        .await
        .unwrap();
    desk.offboard(&for_the_shop(), Choice::Delete)
        .await
        .unwrap();
    let waits = desk.offboarding_step(shop()).await.unwrap();
    assert_eq!(waits, Waiting::Held { records: 1 });
    assert!(
        desk.store()
            .get(kept.record(), &officer, &BY_LAW, now)
            .await
            .is_ok()
    );
    assert!(
        desk.store()
            .get(draft.record(), &officer, &BY_LAW, now)
            .await
            .is_err()
    );
    assert!(desk.withdraw_offboarding(&for_the_shop()).await.is_err());
    clock.advance(TimeDelta::days(31));
    desk.sweep().await.unwrap();
    assert!(desk.offboardings().unwrap()[0].overdue);
}

#[tokio::test]
async fn an_end_can_be_taken_back_before_anything_is_destroyed() {
    let desk = opened(builder(&clock()).in_memory()).await;
    desk.offboard(&for_the_shop(), Choice::Return)
        .await
        .unwrap();
    desk.withdraw_offboarding(&for_the_shop()).await.unwrap();
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let none = builder(&clock()).in_memory().open().await.unwrap();
    none.onboard(contract(shop())).await.unwrap();
    let unsigned = none.offboard(&for_the_shop(), Choice::Delete).await;
    assert!(matches!(unsigned, Err(Error::Incomplete(_))));
}

#[tokio::test]
async fn an_end_goes_on_after_a_restart_in_every_state() {
    let (clock, dir, agent) = (clock(), tempfile::tempdir().unwrap(), by(Role::Agent));
    let again = || async {
        let desk = in_dir(&clock, dir.path()).signing_key(key());
        desk.open().await.unwrap()
    };
    let desk = opened(in_dir(&clock, dir.path())).await;
    charge(&desk, &clock).await;
    desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let operator = for_the_shop();
    desk.offboard(&operator, Choice::Return).await.unwrap();
    let lost = desk.hand_back(&operator).await.unwrap();
    drop(desk);

    let desk = again().await;
    // The archive of a process that ended may never have arrived.
    assert!(desk.received(&operator, lost.sha256).await.is_err());
    let handed = desk.hand_back(&operator).await.unwrap();
    desk.received(&operator, handed.sha256).await.unwrap();
    drop(desk);

    let desk = again().await;
    assert_eq!(stage(&desk), Some(OffboardingStage::Returned));
    desk.sweep().await.unwrap();
    drop(desk);

    let desk = again().await;
    assert_eq!(stage(&desk), Some(OffboardingStage::Certified));
    assert_eq!(desk.contract_certificates(shop()).len(), 1);
    drop(desk);
    for _ in 0..11 {
        clock.advance(TimeDelta::days(365));
        let desk = again().await;
        desk.confirm_clock();
        desk.sweep().await.unwrap();
    }
    let desk = again().await;
    assert_eq!(stage(&desk), Some(OffboardingStage::Finished));
    assert_eq!(desk.contract_certificates(shop()).len(), 2);
    assert!(desk.verify_audit().await.unwrap().intact);
}

#[tokio::test]
async fn an_end_that_is_killed_anywhere_goes_on_and_counts_once() {
    for choice in [Choice::Delete, Choice::Return] {
        let (clock, dir, agent) = (clock(), tempfile::tempdir().unwrap(), by(Role::Agent));
        let open = || async {
            let desk = in_dir(&clock, dir.path()).signing_key(key());
            desk.open().await.unwrap()
        };
        let desk = opened(in_dir(&clock, dir.path())).await;
        charge(&desk, &clock).await;
        for n in 0..3 {
            desk.ingest(&agent, &ticket(&format!("T-{n}")))
                .await
                .unwrap();
        }
        let operator = for_the_shop();
        desk.offboard(&operator, choice).await.unwrap();
        if choice == Choice::Return {
            let handed = desk.hand_back(&operator).await.unwrap();
            desk.received(&operator, handed.sha256).await.unwrap();
        }
        drop(desk);
        let mut kills = 0;
        // Each process gets a little further than the one before, and is cut off wherever it is.
        for polls in 1.. {
            let desk = open().await;
            let mut left = polls;
            let mut step = std::pin::pin!(desk.offboarding_step(shop()));
            let waits = std::future::poll_fn(|context| {
                left -= 1;
                match step.as_mut().poll(context) {
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    other => other.map(Some),
                }
            });
            match waits.await {
                None => kills += 1,
                Some(waits) => {
                    assert!(matches!(waits.unwrap(), Waiting::Laws { .. }));
                    break;
                }
            }
        }
        assert!(kills > 3, "{kills}");
        let desk = open().await;
        let certificates = desk.contract_certificates(shop());
        assert_eq!(certificates.len(), 1);
        assert_eq!(read(&certificates[0]).field("destroyed records"), Some("3"));
        assert_eq!(read(&certificates[0]).field("kept 1 records"), Some("1"));
        assert!(desk.verify_audit().await.unwrap().intact);
    }
}
