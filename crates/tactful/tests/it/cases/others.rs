//! What somebody writes into a request proves nothing about other people.

use chrono::TimeDelta;
use tactful::crypto_store::Reason as For;
use tactful::gdpr_rights::Right;
use tactful::retention_policy::Purpose;
use tactful::{Clock, Customer, Desk, ManualClock, Session, Step};

use super::{
    ORLA, agent, all, as_controller, desk, erased, noor, officer, orla, orla_wrote, package,
    unpack, words,
};
use crate::clock;

const PADRAIG: &str = "padraig.quill@mailbox.example";

/// Noor writes of Padraig, who has no ticket of his own.
async fn noor_wrote_of_padraig(desk: &Desk, clock: &ManualClock) -> Session {
    let text = "Hello, please send the lamp to my neighbour Padraig Quill \
        (padraig.quill@mailbox.example) instead.\nNoor Castellane";
    let session = desk.ingest(&agent(), &words("T-3", noor(), text)).await;
    clock.advance(TimeDelta::hours(1));
    session.unwrap()
}

/// What Orla may add to her own address.
fn curious() -> [Customer; 3] {
    [
        orla().with_email(PADRAIG),
        orla().with_name("Padraig Quill"),
        Customer::new().with_email(ORLA).with_name("Padraig Quill"),
    ]
}

#[tokio::test]
async fn nobody_gets_what_is_said_of_another_by_naming_them() {
    for who in curious() {
        let clock = clock();
        let desk = desk(&clock, &[]).await;
        orla_wrote(&desk, &clock).await;
        noor_wrote_of_padraig(&desk, &clock).await;
        let case = as_controller(&desk, Right::Access, who, &clock).await;
        let handover = package(&desk, case).await;
        let data = all(&unpack(&desk, case, &handover).await);
        assert!(!data.contains("Padraig") && !data.contains("padraig"));
        assert!(!data.contains("neighbour"));
    }
}

#[tokio::test]
async fn nobody_erases_another_by_naming_them() {
    for who in curious() {
        let clock = clock();
        let desk = desk(&clock, &[]).await;
        orla_wrote(&desk, &clock).await;
        let noors = noor_wrote_of_padraig(&desk, &clock).await;
        erased(&desk, who, &clock).await;
        let why = For::new(Purpose::AnswerRequest);
        let by = officer();
        let opened = desk.store().get(noors.record(), &by, &why, clock.now());
        let bytes = opened.await.unwrap().expose().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("Padraig Quill"));
    }
}

#[tokio::test]
async fn an_access_case_goes_on_when_its_person_was_erased_meanwhile() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    super::go(&desk, case, Step::Execute).await;
    erased(&desk, orla(), &clock).await;
    let made = super::go(&desk, case, Step::Deliver).await;
    let data = all(&unpack(&desk, case, &made.package.unwrap()).await);
    assert!(!data.contains("return the lamp") && !data.contains("Brennigan"));
}

#[tokio::test]
async fn who_wrote_of_somebody_learns_nothing_that_others_wrote_of_them() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    // Orla speaks of Padraig herself, so he stands in a ticket of hers.
    let text = "Hello, is the lamp of my neighbour Padraig Quill \
        (padraig.quill@mailbox.example) ready too?\nOrla Brennigan";
    let own = desk.ingest(&agent(), &words("T-1", orla(), text)).await;
    own.unwrap();
    clock.advance(TimeDelta::hours(1));
    noor_wrote_of_padraig(&desk, &clock).await;
    for who in curious() {
        let case = as_controller(&desk, Right::Access, who, &clock).await;
        let handover = package(&desk, case).await;
        let data = all(&unpack(&desk, case, &handover).await);
        // What she wrote she has again; Noor's words she has not.
        assert!(data.contains("is the lamp of my neighbour"));
        assert!(!data.contains("please send the lamp"));
    }
}

#[tokio::test]
async fn a_number_that_leads_to_two_people_stops_until_they_are_linked() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let mut numbered = Customer::new();
    numbered.customer_ids.push("K-4711".to_owned());
    let mut both = orla();
    both.customer_ids.push("K-4711".to_owned());
    let mut people = Vec::new();
    // By the number alone, and then by the address, with the number beside it.
    for (id, who) in [("T-1", &numbered), ("T-2", &both)] {
        let ticket = words(id, who.clone(), "Where is my parcel, please?");
        people.push(desk.ingest(&agent(), &ticket).await.unwrap().subject());
        clock.advance(TimeDelta::hours(1));
    }
    assert_ne!(people[0], people[1]);
    let request = tactful::RightsRequest::new(Right::Access, clock.now(), numbered);
    let case = super::ask(&desk, &request).await.case;
    super::go(&desk, case, Step::Refer).await;
    let to = tactful::gdpr_rights::request::case::AnswerTo::Person;
    let error = desk.instruct(&officer(), case, to).await.unwrap_err();
    assert!(matches!(error, tactful::Error::TwoPeople), "{error}");
    let why = For::new(Purpose::AnswerRequest);
    desk.store()
        .link(people[0], people[1], &officer(), &why, clock.now())
        .await
        .unwrap();
    let asked = desk.instruct(&officer(), case, to).await.unwrap();
    assert_eq!(asked.found.iter().map(|(_, n)| n).sum::<u64>(), 2);
}
