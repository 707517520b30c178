//! What a person can take along, and who else may not have it.

use tactful::gdpr_rights::request::case::{Extent, Message as Sent, Status};
use tactful::gdpr_rights::request::matrix::{Applies, Role as Part, Why, applies};
use tactful::gdpr_rights::request::package::{PackageRight, Provenance};
use tactful::gdpr_rights::request::refusal::{Reason, RefusalGround};
use tactful::gdpr_rights::{Error as Rights, Right};
use tactful::retention_policy::LegalBasis;
use tactful::{Clock, Error, RightsRequest, Step};

use super::place::Place;
use super::{
    ORLA, all, as_controller, ask, desk, file, go, officer, orla, orla_wrote, package, signed_in,
    unpack, with_places,
};
use crate::{builder, clock, shop};

#[tokio::test]
async fn p109_what_was_concluded_is_not_taken_along() {
    let (clock, crm) = (clock(), Place::new("crm"));
    for (how, text) in [
        (Provenance::Provided, "chose the brass lamp"),
        (Provenance::Observed, "opened the page twice"),
        (Provenance::Inferred, "likely to move house"),
    ] {
        crm.plant_as(shop(), ORLA, text, how);
    }
    let contract = builder(&clock)
        .in_memory()
        .legal_basis(LegalBasis::Contract);
    let desk = with_places(contract, &[&crm]).open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Portability, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let opened = unpack(&desk, case, &handover).await;
    assert_eq!(opened.right(), PackageRight::Portability);
    let data = all(&opened);
    assert!(data.contains("chose the brass lamp") && data.contains("opened the page twice"));
    assert!(data.contains("return the lamp"));
    assert!(!data.contains("move house"));
    let json: serde_json::Value = serde_json::from_str(&file(&opened, "data.json")).unwrap();
    for item in json["items"].as_array().unwrap() {
        assert!(["provided", "observed"].contains(&item["provenance"].as_str().unwrap()));
    }
    // Structured and common: JSON with its schema, CSV, no PDF.
    let names: Vec<_> = opened.files().iter().map(|f| f.name.clone()).collect();
    assert!(names.iter().any(|n| n == "data.schema.json"));
    assert!(names.iter().any(|n| n.ends_with(".csv")));
    assert!(!names.iter().any(|n| n.ends_with(".pdf")));
    // The right of access does cover it.
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    assert!(all(&unpack(&desk, case, &handover).await).contains("move house"));
}

#[tokio::test]
async fn p111_another_basis_than_consent_or_contract_is_not_portable() {
    let clock = clock();
    let theirs = Place::of("risk", "risk notes", LegalBasis::LegitimateInterests);
    let ours = Place::new("crm");
    theirs.plant(ORLA, "pays late");
    ours.plant(ORLA, "chose the brass lamp");
    let contract = builder(&clock)
        .in_memory()
        .legal_basis(LegalBasis::Contract);
    let desk = with_places(contract, &[&theirs, &ours])
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Portability, orla(), &clock).await;
    go(&desk, case, Step::Execute).await;
    // Either the rest comes without it, or it is said that it cannot.
    match desk.advance(&officer(), case, Step::Deliver).await {
        Ok(made) => {
            let data = all(&unpack(&desk, case, &made.package.unwrap()).await);
            assert!(data.contains("brass lamp") && !data.contains("pays late"));
        }
        Err(error) => assert!(matches!(error, Error::Package(_)), "{error}"),
    }
}

#[tokio::test]
async fn p111_portability_is_refused_with_the_reason_of_the_matrix() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Portability, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let verified = signed_in(&desk, &clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let interest = LegalBasis::LegitimateInterests;
    let Applies::No(why) = applies(interest, Right::Portability, Part::Controller) else {
        panic!("it applies")
    };
    let words = "We use this data in our own interest.";
    let wrong = RefusalGround::NotApplicable(Why::NoConsent);
    let wrong = [Reason::new(wrong, words).unwrap()];
    let error = desk
        .advance(&officer(), case, Step::Refuse(&wrong))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::ReasonDoesNotFit)),
        "{error}"
    );
    let right = [Reason::new(RefusalGround::NotApplicable(why), words).unwrap()];
    let refused = go(&desk, case, Step::Refuse(&right)).await;
    let letter = refused.letter.unwrap();
    assert!(letter.expose().contains(words) && letter.expose().contains("20(1)(a)"));
    // The letter has not left: nothing is closed.
    assert_eq!(refused.case.status(), Status::Open);
    assert!(refused.package.is_none());
    let error = desk
        .advance(&officer(), case, Step::Approve(Extent::Full))
        .await;
    assert!(matches!(error, Err(Error::Step(_))));
    let done = go(&desk, case, Step::Sent(Sent::Refusal)).await;
    assert_eq!(done.case.status(), Status::Refused);
}
