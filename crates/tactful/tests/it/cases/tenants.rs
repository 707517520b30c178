//! Two clients in one house: nothing of one is reachable by the other.

use std::sync::Arc;

use chrono::TimeDelta;
use tactful::crypto_store::Accessor;
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{AnswerTo, Art19, Extent, Message as Sent, NotNeeded};
use tactful::gdpr_rights::request::package::Provenance;
use tactful::retention_policy::{ActorId, Role, TenantId};
use tactful::{Clock, Controller, Desk, Error, ManualClock, RightsRequest, Session, Step};

use super::place::Place;
use super::{
    ORLA, all, as_controller, ask, erased, go, officer, orla, package, unpack, with_places,
};
use crate::{builder, clock, shop, ticket};

fn other() -> TenantId {
    TenantId::from_random([9; 16])
}

fn their(role: Role) -> Accessor {
    Accessor::new(ActorId::from_random([8; 16]), role, other())
}

/// Orla is a customer of both.
async fn house(clock: &Arc<ManualClock>, crm: &Arc<Place>) -> (Desk, Session, Session) {
    let company = Controller::new(
        "Fernlicht GmbH",
        "dsb@fernlicht.example",
        "DE-BE",
        "Europe/Berlin",
    );
    let builder = builder(clock)
        .in_memory()
        .controller(other(), company.unwrap());
    let desk = with_places(builder, &[crm]).open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk.onboard(crate::contract(other())).await.unwrap();
    crm.plant_as(shop(), ORLA, "a row at the shop", Provenance::Provided);
    crm.plant_as(other(), ORLA, "a row at the other", Provenance::Provided);
    let ours = desk.ingest(&super::agent(), &ticket("T-1")).await.unwrap();
    let text = "My lantern flickers. Orla Brennigan";
    let theirs = super::words("T-1", orla(), text);
    let theirs = desk.ingest(&their(Role::Agent), &theirs).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    (desk, ours, theirs)
}

#[tokio::test]
async fn a_case_and_its_package_belong_to_one_client() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let (desk, ..) = house(&clock, &crm).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let them = their(Role::PrivacyOfficer);
    let unknown = |error: Error| assert!(matches!(error, Error::UnknownCase), "{error}");
    unknown(desk.case(&them, case).await.unwrap_err());
    for step in [
        Step::Resume,
        Step::Day,
        Step::Withdraw,
        Step::Deliver,
        Step::TakeBack,
        Step::ControllerClosed,
        Step::Code("12345678"),
    ] {
        unknown(desk.advance(&them, case, step).await.unwrap_err());
    }
    unknown(
        desk.instruct(&them, case, AnswerTo::Person)
            .await
            .unwrap_err(),
    );
    let error = desk
        .collect(&them, case, &handover.token)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::PackageGone | Error::UnknownCase),
        "{error}"
    );
    // It cost the person nothing, and what they get is of one client.
    let fetched = desk.collect(&officer(), case, &handover.token).await;
    assert_eq!(fetched.unwrap().left, handover.downloads - 1);
    let data = all(&unpack(&desk, case, &handover).await);
    assert!(data.contains("a row at the shop") && data.contains("return the lamp"));
    assert!(!data.contains("a row at the other") && !data.contains("flickers"));
    assert!(data.contains("Lantern") && !data.contains("Fernlicht"));
}

#[tokio::test]
async fn an_erasure_at_one_client_leaves_the_other_alone() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let (desk, ours, theirs) = house(&clock, &crm).await;
    let signed = erased(&desk, orla(), &clock).await;
    assert_eq!(crm.texts(), ["a row at the other"]);
    assert!(desk.session(&super::agent(), ours.record()).await.is_err());
    let agent = their(Role::Agent);
    let again = desk.session(&agent, theirs.record()).await.unwrap();
    desk.suggest(&agent, &again).await.unwrap();
    let found = desk
        .find_person(&their(Role::PrivacyOfficer), &orla())
        .await
        .unwrap();
    assert_eq!(found, Some(theirs.subject()));
    // Who is erased at both looks like two people.
    let them = their(Role::PrivacyOfficer);
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let intake = desk.request(&them, &request, |_| ()).await.unwrap();
    assert_eq!(intake.deadline.base().due().to_string(), "2026-04-02");
    let case = intake.case;
    for step in [
        Step::IdentityNotNeeded(NotNeeded::Authenticated),
        Step::Approve(Extent::Full),
        Step::Execute,
        Step::Recipients(Art19::NoRecipients),
    ] {
        desk.advance(&them, case, step).await.unwrap();
    }
    let made = desk.advance(&them, case, Step::Deliver).await.unwrap();
    let second = made.certificate.unwrap();
    let blind = |c: &tactful::gdpr_rights::request::certificate::SignedCertificate| {
        *c.certificate().account().unwrap().subject.as_bytes()
    };
    assert_ne!(blind(&signed), blind(&second));
    let sent = Step::Sent(Sent::Answer);
    desk.advance(&them, case, sent).await.unwrap();
    assert!(crm.texts().is_empty());
}

#[tokio::test]
async fn a_restriction_at_one_client_leaves_the_other_alone() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let (desk, ours, theirs) = house(&clock, &crm).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    ask(&desk, &request).await;
    assert_eq!(super::refused(&desk, &ours).await, Some("not_permitted"));
    let drafted = desk.suggest(&their(Role::Agent), &theirs).await.unwrap();
    let silent = matches!(
        drafted,
        tactful::Suggested::None(tactful::Silence::NotPermitted(_))
    );
    assert!(!silent);
}

#[tokio::test]
async fn a_message_of_one_client_does_not_shadow_a_later_one_of_the_other() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let (desk, ..) = house(&clock, &crm).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).with_message_id("<1@x>");
    let first = ask(&desk, &request).await.case;
    go(&desk, first, Step::Withdraw).await;
    let them = their(Role::PrivacyOfficer);
    let second = desk.request(&them, &request, |_| ()).await.unwrap();
    assert!(!second.repeated);
    let view = desk.case(&them, second.case).await.unwrap();
    assert!(!view.case.status().is_terminal());
}
