//! Bad input: a typed error, nothing queued, nothing disclosed, nothing changed.

use chrono::TimeDelta;
use tactful::crypto_store::Reason as Why;
use tactful::gdpr_rights::request::case::{AnswerTo, Extent, Ground, Status};
use tactful::gdpr_rights::request::certificate::SignedCertificate;
use tactful::gdpr_rights::request::refusal::{Mention, Reason, RefusalGround};
use tactful::gdpr_rights::{Error as Rights, Right};
use tactful::retention_policy::{CaseId, Purpose, Role};
use tactful::{Clock, Controller, Customer, Error, RightsRequest, Step};

use super::place::Place;
use super::{
    as_controller, ask, desk, erased, go, key, noor_wrote_of_orla, officer, orla, orla_wrote,
    package, unpack,
};
use crate::{builder, by, clock, shop};

#[tokio::test]
async fn what_cannot_be_a_request_opens_no_case() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let now = clock.now();
    let refused = async |request: RightsRequest| {
        desk.request(&officer(), &request, |_| panic!("queued"))
            .await
            .unwrap_err()
    };
    let future = now + TimeDelta::seconds(1);
    let error = refused(RightsRequest::new(Right::Access, future, orla())).await;
    assert!(
        matches!(error, Error::Rights(Rights::ReceivedInFuture)),
        "{error}"
    );
    let foreign = RightsRequest::new(Right::Access, now, orla()).on(Ground::LegalClaim);
    let error = refused(foreign).await;
    assert!(matches!(error, Error::Rights(Rights::BadGround)), "{error}");
    let error = refused(RightsRequest::new(Right::Access, now, Customer::new())).await;
    assert!(matches!(error, Error::Incomplete(_)), "{error}");
    let blank = Customer::new().with_email(" ").with_name("");
    let error = refused(RightsRequest::new(Right::Access, now, blank)).await;
    assert!(matches!(error, Error::Incomplete(_)), "{error}");
    let error = refused(RightsRequest::new(Right::Rectification, now, orla())).await;
    assert!(matches!(error, Error::Incomplete(_)), "{error}");
}

#[tokio::test]
async fn a_client_without_a_controller_takes_no_requests() {
    let clock = clock();
    let desk = builder(&clock).in_memory().open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let error = desk
        .request(&officer(), &request, |_| panic!("queued"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Incomplete(_)), "{error}");
}

#[test]
fn places_and_zones_that_do_not_exist_make_no_controller() {
    let made = |place, zone| Controller::new("Lantern & Oak Ltd", "privacy@x.example", place, zone);
    for zone in ["Europe/Atlantis", "", "europe dublin", "\u{0}", "GMT+25"] {
        let error = made("IE", zone).unwrap_err();
        assert!(
            matches!(error, Error::Rights(Rights::UnknownZone)),
            "{zone:?}: {error}"
        );
    }
    for place in [
        "US",
        "ZZ",
        "",
        "I",
        "IE-",
        "IE-XX",
        "DE_BY",
        "\u{dc}\u{dc}",
        "\u{20ac}",
    ] {
        let error = made(place, "Europe/Dublin").unwrap_err();
        assert!(matches!(error, Error::Rights(_)), "{place:?}: {error}");
    }
}

#[tokio::test]
async fn a_request_for_two_people_discloses_neither() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(super::ORLA, "Orla prefers the morning.");
    crm.plant(super::NOOR, "Noor prefers the evening.");
    let desk = desk(&clock, &[&crm]).await;
    let orlas = orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    let both = Customer::new()
        .with_email(super::ORLA)
        .with_email(super::NOOR);
    let request = RightsRequest::new(Right::Access, clock.now(), both);
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    let error = desk
        .instruct(&officer(), case, AnswerTo::Person)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TwoPeople), "{error}");
    // Nobody was asked for what they hold.
    assert!(!crm.calls().iter().any(|c| c.contains("export")));
    assert!(
        desk.advance(&officer(), case, Step::Deliver).await.is_err(),
        "something was delivered"
    );
    // They are one: the two accounts are linked.
    let why = Why::new(Purpose::AnswerRequest);
    desk.store()
        .link(
            orlas.subject(),
            noors.subject(),
            &officer(),
            &why,
            clock.now(),
        )
        .await
        .unwrap();
    let resumed = go(&desk, case, Step::Resume).await;
    if resumed.case.status() == Status::Referred {
        desk.instruct(&officer(), case, AnswerTo::Person)
            .await
            .unwrap();
    }
    go(&desk, case, Step::Approve(Extent::Full)).await;
    let handover = package(&desk, case).await;
    let data = super::all(&unpack(&desk, case, &handover).await);
    for text in ["return the lamp", "send the invoice", "morning", "evening"] {
        assert!(data.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_the_case_as_it_was() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    noor_wrote_of_orla(&desk, &clock).await;
    let both = Customer::new()
        .with_email(super::ORLA)
        .with_email(super::NOOR);
    let request = RightsRequest::new(Right::Access, clock.now(), both);
    let case = ask(&desk, &request).await.case;
    let before = go(&desk, case, Step::Refer).await.case;
    let error = desk
        .instruct(&officer(), case, AnswerTo::Person)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TwoPeople), "{error}");
    let after = desk.case(&officer(), case).await.unwrap().case;
    assert_eq!(before.status(), after.status());
    assert!(before == after);
}

#[tokio::test]
async fn who_may_not_answer_requests_gets_nowhere() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    for role in [Role::Agent, Role::Worker, Role::Engineer, Role::Auditor] {
        let error = desk
            .request(&by(role), &request, |_| panic!("queued"))
            .await
            .unwrap_err();
        assert!(error.is_denied(), "{role:?}: {error}");
    }
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let open = ask(&desk, &request).await.case;
    for role in [Role::Agent, Role::Worker, Role::Engineer, Role::Auditor] {
        let by = by(role);
        let error = desk.case(&by, open).await.unwrap_err();
        assert!(error.is_denied(), "{role:?}: {error}");
        for step in [Step::Refer, Step::Day, Step::Resume, Step::Withdraw] {
            let error = desk.advance(&by, open, step).await.unwrap_err();
            assert!(error.is_denied(), "{role:?}: {error}");
        }
        let error = desk
            .instruct(&by, open, AnswerTo::Person)
            .await
            .unwrap_err();
        assert!(error.is_denied(), "{role:?}: {error}");
        let error = desk.collect(&by, case, &handover.token).await.unwrap_err();
        assert!(error.is_denied(), "{role:?}: {error}");
    }
    let view = desk.case(&officer(), open).await.unwrap();
    assert_eq!(view.case.status(), Status::Received);
    // None of them used the link up.
    let fetched = desk.collect(&officer(), case, &handover.token).await;
    assert_eq!(fetched.unwrap().left, handover.downloads - 1);
}

#[tokio::test]
async fn an_unknown_case_is_no_case() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let case = CaseId::from_random([77; 16]);
    let error = desk.case(&officer(), case).await.unwrap_err();
    assert!(matches!(error, Error::UnknownCase), "{error}");
    let error = desk
        .advance(&officer(), case, Step::Resume)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::UnknownCase), "{error}");
    let error = desk
        .instruct(&officer(), case, AnswerTo::Controller)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::UnknownCase), "{error}");
}

#[tokio::test]
async fn a_refusal_without_a_fitting_reason_is_none() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let verified = super::signed_in(&desk, &clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let error = desk
        .advance(&officer(), case, Step::Refuse(&[]))
        .await
        .unwrap_err();
    let Error::Rights(Rights::Article12Point4Incomplete(mention)) = error else {
        panic!("{error}")
    };
    assert_eq!(mention, Mention::Reasons);
    let foreign = [Reason::new(RefusalGround::OthersRights, "Others are in it.").unwrap()];
    let error = desk
        .advance(&officer(), case, Step::Refuse(&foreign))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::ReasonDoesNotFit)),
        "{error}"
    );
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.status(), Status::Open);
    assert!(view.case.decision().is_none() && view.case.closing().is_none());
}

#[tokio::test]
async fn a_certificate_with_one_bit_changed_is_none() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(super::ORLA, "Orla prefers the morning.");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let signed = erased(&desk, orla(), &clock).await.to_bytes();
    let key = key().verifying_key();
    assert!(SignedCertificate::verify(&signed, &key).is_ok());
    for at in 0..signed.len() {
        for bit in 0..8 {
            let mut forged = signed.clone();
            forged[at] ^= 1 << bit;
            assert!(
                SignedCertificate::verify(&forged, &key).is_err(),
                "byte {at}, bit {bit}"
            );
        }
    }
    for cut in 0..signed.len() {
        assert!(SignedCertificate::verify(&signed[..cut], &key).is_err());
    }
}
