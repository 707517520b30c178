//! What is wrong is corrected wherever it stands, and only there.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::case::{Art19, Message as Sent, NotNeeded, Status};
use tactful::gdpr_rights::{ResidueReason, Right};
use tactful::pii_detect::Kind;
use tactful::retention_policy::CaseId;
use tactful::{
    Clock, Correction, Customer, Desk, Error, ManualClock, RightsRequest, Step, Suggested,
};

use super::place::{Fault, Place};
use super::{
    NOOR, ORLA, agent, all, as_controller, ask, desk, go, noor, noor_wrote_of_orla, officer, orla,
    orla_wrote, package, refused, unpack,
};
use crate::clock;

fn wrong_name() -> Correction {
    Correction::new(Kind::Person, "Orla Brennigan", "Orla Brannigan").unwrap()
}

async fn opened(desk: &Desk, clock: &ManualClock) -> CaseId {
    let request = RightsRequest::new(Right::Rectification, clock.now(), orla())
        .as_controller()
        .correcting(wrong_name());
    let case = ask(desk, &request).await.case;
    go(
        desk,
        case,
        Step::IdentityNotNeeded(NotNeeded::Authenticated),
    )
    .await;
    let full = tactful::gdpr_rights::request::case::Extent::Full;
    go(desk, case, Step::Approve(full)).await;
    case
}

#[test]
fn a_correction_says_what_is_wrong_and_what_is_right() {
    for (kind, wrong, right) in [
        (Kind::Person, "", "Orla"),
        (Kind::Person, "Orla", " "),
        (Kind::Person, "Orla", "Orla"),
        (Kind::Iban, "IE12", "IE13"),
    ] {
        let error = Correction::new(kind, wrong, right).unwrap_err();
        assert!(matches!(error, Error::BadCorrection), "{error}");
    }
    assert!(!format!("{:?}", wrong_name()).contains("Orla"));
}

#[tokio::test]
async fn p100_a_wrong_name_is_put_right_everywhere() {
    let (clock, crm, index) = (clock(), Place::new("crm"), Place::new("index"));
    crm.plant(ORLA, "Orla Brennigan prefers the morning");
    index.plant(ORLA, "lamp, Orla Brennigan, Dublin");
    crm.plant(NOOR, "Noor Castellane, knows Orla Brennigan");
    let desk = desk(&clock, &[&crm, &index]).await;
    let session = orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    assert!(by_name(&desk, &clock, "Orla Brennigan").await > 0);
    assert_eq!(by_name(&desk, &clock, "Orla Brannigan").await, 0);
    let case = opened(&desk, &clock).await;
    // Nothing is suggested while it is contested.
    let again = desk.session(&agent(), session.record()).await.unwrap();
    assert_eq!(refused(&desk, &again).await, Some("not_permitted"));
    let done = go(&desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(&desk, case, Step::Recipients(Art19::Notified)).await;
    go(&desk, case, Step::Deliver).await;
    clock.advance(TimeDelta::minutes(10));
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
    // P101: how long it took stands still from then on.
    let took = closed.case.took(clock.now());
    assert_eq!(took, TimeDelta::minutes(10));
    assert_eq!(closed.case.took(clock.now() + TimeDelta::days(9)), took);

    let texts = crm.texts();
    assert!(texts.contains(&"Orla Brannigan prefers the morning".to_owned()));
    assert!(texts.contains(&"Noor Castellane, knows Orla Brennigan".to_owned()));
    assert_eq!(index.texts(), ["lamp, Orla Brannigan, Dublin"]);
    assert_eq!(by_name(&desk, &clock, "Orla Brennigan").await, 0);
    assert!(by_name(&desk, &clock, "Orla Brannigan").await > 0);
    assert!(by_name(&desk, &clock, "Noor Castellane").await > 0);
    let found = desk.find_person(&officer(), &noor()).await.unwrap();
    assert_eq!(found, Some(noors.subject()));
    let thread = desk
        .thread_in(desk.store(), &agent(), session.record(), clock.now())
        .await;
    let thread = thread.unwrap();
    assert!(thread[0].expose().contains("Regards\nOrla Brannigan"));
    assert!(thread[0].expose().contains("FL-204417"));
    // Noor's ticket is as it was but for the name, if anything.
    let thread = desk
        .thread_in(desk.store(), &agent(), noors.record(), clock.now())
        .await;
    let thread = thread.unwrap();
    assert!(
        thread[0]
            .expose()
            .ends_with("and not to me.\nNoor Castellane")
    );
    // The copy that is asked for now has the right one.
    let who = Customer::new().with_email(ORLA);
    let case = as_controller(&desk, Right::Access, who, &clock).await;
    let handover = package(&desk, case).await;
    let data = all(&unpack(&desk, case, &handover).await);
    assert!(data.contains("Regards\\nOrla Brannigan") || data.contains("Orla Brannigan"));
}

/// How many records of the store somebody is found in who gives a name only.
async fn by_name(desk: &Desk, clock: &ManualClock, name: &str) -> u64 {
    let who = Customer::new().with_name(name);
    let request = RightsRequest::new(Right::Access, clock.now(), who).as_controller();
    let case = ask(desk, &request).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    let asked = go(desk, case, step).await;
    let store = asked.found.iter().find(|(s, _)| s.as_str() == "store");
    store.unwrap().1
}

async fn corrected(desk: &Desk, case: CaseId) {
    let done = go(desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(desk, case, Step::Recipients(Art19::Notified)).await;
    go(desk, case, Step::Deliver).await;
    go(desk, case, Step::Sent(Sent::Answer)).await;
}

#[tokio::test]
async fn p100_drafts_that_are_shown_afterwards_have_the_right_name() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let session = orla_wrote(&desk, &clock).await;
    let case = opened(&desk, &clock).await;
    corrected(&desk, case).await;
    // The use goes on once the person knows.
    go(&desk, case, Step::AnnounceLifting).await;
    go(&desk, case, Step::Sent(Sent::Lifting)).await;
    go(&desk, case, Step::Lift).await;
    let again = desk.session(&agent(), session.record()).await.unwrap();
    let Suggested::Draft(draft) = desk.suggest(&agent(), &again).await.unwrap() else {
        panic!("no draft")
    };
    let shown = desk.show(&agent(), &again, &draft).await.unwrap();
    assert!(shown.expose().contains("Brannigan"), "{}", shown.expose());
    assert!(!shown.expose().contains("Orla Brennigan"));
}

#[tokio::test]
async fn p100_a_draft_that_was_made_before_shows_the_right_name() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let session = orla_wrote(&desk, &clock).await;
    let Suggested::Draft(draft) = desk.suggest(&agent(), &session).await.unwrap() else {
        panic!("no draft")
    };
    let case = opened(&desk, &clock).await;
    corrected(&desk, case).await;
    let again = desk.session(&agent(), session.record()).await.unwrap();
    let shown = desk.show(&agent(), &again, &draft).await;
    // Shown with the right name, or not shown while the use is limited.
    if let Ok(shown) = shown {
        assert!(
            shown.expose().contains("Orla Brannigan"),
            "{}",
            shown.expose()
        );
        assert!(!shown.expose().contains("Orla Brennigan"));
    }
}

#[tokio::test]
async fn p100_who_has_another_address_is_found_by_it() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let session = orla_wrote(&desk, &clock).await;
    let new = "orla@brannigan.example";
    let correction = Correction::new(Kind::Email, ORLA, new).unwrap();
    let request = RightsRequest::new(Right::Rectification, clock.now(), orla())
        .as_controller()
        .correcting(correction);
    let case = ask(&desk, &request).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    go(&desk, case, step).await;
    let full = tactful::gdpr_rights::request::case::Extent::Full;
    go(&desk, case, Step::Approve(full)).await;
    corrected(&desk, case).await;
    let find = async |email: &str| {
        let who = Customer::new().with_email(email);
        desk.find_person(&officer(), &who).await.unwrap()
    };
    assert_eq!(find(ORLA).await, None);
    assert_eq!(find(new).await, Some(session.subject()));
}

#[tokio::test]
async fn p100_a_source_that_still_has_the_wrong_value_keeps_the_case_open() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla Brennigan prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let case = opened(&desk, &clock).await;
    crm.breaks("rectify", Fault::Fails);
    let stuck = go(&desk, case, Step::Execute).await;
    let residue = stuck.residue.unwrap();
    assert_eq!(residue.reasons().len(), 1);
    assert_eq!(residue.reasons()[0].0.as_str(), "crm");
    assert!(matches!(
        residue.reasons()[0].1,
        ResidueReason::Failed | ResidueReason::Found(1)
    ));
    let error = desk.advance(&officer(), case, Step::Deliver).await;
    assert!(matches!(error, Err(Error::Step(_))));
    crm.mend();
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_none() && resumed.case.is_clean());
    assert_eq!(crm.texts(), ["Orla Brannigan prefers the morning"]);
}

#[tokio::test]
async fn p101_an_open_case_counts_on() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let received = clock.now() - TimeDelta::minutes(30);
    let request =
        RightsRequest::new(Right::Rectification, received, orla()).correcting(wrong_name());
    let case = ask(&desk, &request).await.case;
    let took = async || {
        let view = desk.case(&officer(), case).await.unwrap();
        view.case.took(clock.now())
    };
    assert_eq!(took().await, TimeDelta::minutes(30));
    clock.advance(TimeDelta::days(3));
    assert_eq!(took().await, TimeDelta::days(3) + TimeDelta::minutes(30));
}
