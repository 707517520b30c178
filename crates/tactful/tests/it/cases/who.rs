//! Who asks: what a right needs, and who may ask for another.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::case::{Identity, NotNeeded, Status, Why};
use tactful::gdpr_rights::request::identity::{
    Level, MandateError, Proof, RepresentativeId, Sensitivity, Session as SignedIn,
};
use tactful::gdpr_rights::{Error as Rights, Mandate, Right, Verified};
use tactful::{Clock, Error, Step};

use super::codes::{code, typed, wants};
use super::{company, desk, go, key, officer, orla, orla_wrote};
use crate::{builder, clock, shop};

#[tokio::test]
async fn p117_special_categories_need_facts_for_erasure_too() {
    let clock = clock();
    let desk = builder(&clock)
        .in_memory()
        .controller(shop(), company().with_special_categories())
        .signing_key(key())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Erasure, orla()).await;
    let digits = code(&desk, case).await;
    assert_eq!(
        typed(&desk, case, &digits).await,
        Err(Rights::NotEnough(Level::Facts))
    );
}

#[tokio::test]
async fn p117_only_what_does_little_harm_needs_no_proof() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    for right in [Right::Access, Right::Erasure, Right::Portability] {
        let case = wants(&desk, &clock, right, orla()).await;
        let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
        let error = desk.advance(&officer(), case, step).await.unwrap_err();
        let Error::Step(step) = error else {
            panic!("{error}")
        };
        assert_eq!(step.why(), Why::IdentityNeeded);
    }
    let case = wants(&desk, &clock, Right::Objection, orla()).await;
    let done = go(&desk, case, Step::IdentityNotNeeded(NotNeeded::LowHarm)).await;
    assert_eq!(done.case.identity(), Identity::NotNeeded);
}

#[tokio::test]
async fn p117_who_is_signed_in_is_asked_nothing_more() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Access, orla()).await;
    let verified = super::session_proof(&desk, &clock, case).await;
    let passed = go(&desk, case, Step::Verified(&verified)).await;
    assert_eq!(passed.case.identity(), Identity::Authenticated);
    assert_eq!(passed.case.status(), Status::Open);
}

#[tokio::test]
async fn p114_a_representative_needs_a_mandate_that_fits() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Access, orla()).await;
    go(&desk, case, Step::AskIdentity).await;
    let request = desk.case(&officer(), case).await.unwrap().request;
    let now = clock.now();
    let lawyer = RepresentativeId::from_bytes([9; 16]);
    let mandate =
        |right, until| Mandate::new(lawyer, request.subject, [right], [0xab; 32], until).unwrap();
    let check = |mandate: Option<&Mandate>| Mandate::check(mandate, lawyer, &request, now);
    assert_eq!(check(None), Err(MandateError::Missing));
    let narrow = mandate(Right::Erasure, now + TimeDelta::days(9));
    assert_eq!(check(Some(&narrow)), Err(MandateError::OutOfScope));
    let old = mandate(Right::Access, now);
    assert_eq!(check(Some(&old)), Err(MandateError::Expired));
    let represented = check(Some(&mandate(Right::Access, now + TimeDelta::days(9)))).unwrap();
    // The mandate replaces no proof of who is represented.
    let bare = Verified::represented(&request, Sensitivity::Ordinary, None, represented, now);
    assert_eq!(bare, Err(Rights::NotEnough(Level::Session)));
    let session = SignedIn {
        subject: request.subject,
        second_factor: now,
    };
    let proof = Proof::by_session(&request, session, now).unwrap();
    let verified = Verified::represented(
        &request,
        Sensitivity::Ordinary,
        Some(proof),
        represented,
        now,
    );
    let verified = verified.unwrap();
    // It is good for this case and for no other.
    let other = wants(&desk, &clock, Right::Access, orla()).await;
    let error = desk
        .advance(&officer(), other, Step::Verified(&verified))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::OtherPerson)),
        "{error}"
    );
    let passed = go(&desk, case, Step::Verified(&verified)).await;
    assert_eq!(passed.case.status(), Status::Open);
}
