//! A copy of everything: from the store and from every source, or none.

use tactful::gdpr_rights::request::case::{
    AnswerTo, Extent, Identity, Message as Sent, Status, Why,
};
use tactful::gdpr_rights::{ResidueReason, Right, Statement};
use tactful::retention_policy::{LegalBasis, Purpose};
use tactful::{Clock, Error, RightsRequest, Step, Suggested};

use super::place::{Fault, Place};
use super::{
    NOOR, ORLA, all, as_controller, as_processor, ask, desk, erased, file, go, nobody, noor,
    noor_wrote_of_orla, officer, orla, orla_wrote, package, unpack,
};
use crate::clock;

const PLANTED: [(&str, &str); 4] = [
    ("crm", "prefers the morning"),
    ("index", "lamp with a brass foot"),
    ("cache", "two open baskets"),
    ("warehouse", "parcel 7715 to Harbour Lane"),
];

fn four() -> Vec<std::sync::Arc<Place>> {
    PLANTED
        .iter()
        .map(|(name, text)| {
            let place = Place::new(name);
            place.plant(ORLA, text);
            place.plant(NOOR, "a secret of Noor's");
            place
        })
        .collect()
}

#[tokio::test]
async fn p096_an_end_customer_of_a_client_asks_and_is_answered() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    let case = as_processor(&desk, Right::Access, orla(), &clock).await;
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.identity(), Identity::ByController);
    let handover = package(&desk, case).await;
    assert!(all(&unpack(&desk, case, &handover).await).contains("return the lamp"));
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.status(), Status::Fulfilled);
}

#[tokio::test]
async fn p096_a_direct_user_shows_control_of_the_address_and_is_erased() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let asked = go(&desk, case, Step::AskIdentity).await;
    assert_eq!(asked.case.status(), Status::AwaitingIdentity);
    let error = desk.advance(&officer(), case, Step::Execute).await;
    assert!(matches!(error, Err(Error::Step(_))), "without identity");
    let digits = asked.digits.unwrap();
    go(&desk, case, Step::Code(digits.expose())).await;
    go(&desk, case, Step::Approve(Extent::Full)).await;
    go(&desk, case, Step::Execute).await;
    let art19 = tactful::gdpr_rights::request::case::Art19::Notified;
    go(&desk, case, Step::Recipients(art19)).await;
    let made = go(&desk, case, Step::Deliver).await;
    assert!(made.certificate.is_some() && made.package.is_none());
    let done = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(done.case.status(), Status::Fulfilled);
    assert!(crm.texts().is_empty());
    let found = desk.find_person(&officer(), &orla()).await.unwrap();
    assert_eq!(found, None);
    assert!(
        desk.session(&super::agent(), session.record())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn p097_of_an_unknown_person_no_data_is_a_full_answer() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    let case = as_processor(&desk, Right::Access, nobody(), &clock).await;
    let handover = package(&desk, case).await;
    let opened = unpack(&desk, case, &handover).await;
    // Every place was asked, and none gave anything of anybody.
    for (name, _) in PLANTED {
        let given = opened.sources().iter().find(|(s, _)| s.as_str() == name);
        assert_eq!(given.unwrap().1, 0, "{name}");
    }
    let data = all(&opened);
    for text in ["Orla", "Noor", "secret", "lamp", "morning"] {
        assert!(!data.contains(text), "{text}");
    }
}

#[tokio::test]
async fn p097_the_letter_to_an_unknown_person_says_no() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    let case = as_processor(&desk, Right::Access, nobody(), &clock).await;
    let handover = package(&desk, case).await;
    let letter = file(&unpack(&desk, case, &handover).await, "letter.html");
    assert!(letter.contains("No, we have no data about you"));
    assert!(!letter.contains("Yes, we have data about you"));
}

/// The letter names improving among the purposes of drafts, unless the person objected before.
#[tokio::test]
async fn p099_the_letter_says_what_drafts_are_used_for() {
    for objects in [false, true] {
        let clock = clock();
        let desk = desk(&clock, &[]).await;
        let session = orla_wrote(&desk, &clock).await;
        if objects {
            let objection = Statement::Objection(Purpose::ImproveService);
            let said = desk.state(&officer(), session.subject(), objection).await;
            said.unwrap();
        }
        let draft = desk.suggest(&super::agent(), &session).await.unwrap();
        assert!(matches!(draft, Suggested::Draft(_)));
        let case = as_processor(&desk, Right::Access, orla(), &clock).await;
        let handover = package(&desk, case).await;
        let letter = file(&unpack(&desk, case, &handover).await, "letter.html");
        let says = letter.contains("to improve the suggestions, on data that names nobody");
        assert_eq!(says, !objects);
    }
}

#[tokio::test]
async fn p098_what_is_planted_anywhere_is_in_the_copy() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    noor_wrote_of_orla(&desk, &clock).await;
    let case = ask(
        &desk,
        &RightsRequest::new(Right::Access, clock.now(), orla()),
    )
    .await
    .case;
    go(&desk, case, Step::Refer).await;
    let asked = desk.instruct(&officer(), case, AnswerTo::Person).await;
    let asked = asked.unwrap();
    for (name, _) in PLANTED {
        let found = asked.found.iter().find(|(s, _)| s.as_str() == name);
        assert_eq!(found.unwrap().1, 1, "{name}");
    }
    let store = asked.found.iter().find(|(s, _)| s.as_str() == "store");
    assert!(store.unwrap().1 >= 1);
    go(&desk, case, Step::Approve(Extent::Full)).await;
    let handover = package(&desk, case).await;
    let opened = unpack(&desk, case, &handover).await;
    let data = file(&opened, "data.json");
    for (_, text) in PLANTED {
        assert!(data.contains(text), "{text}");
    }
    assert!(data.contains("return the lamp from order FL-204417"));
    assert!(data.contains("Orla Brennigan"));
    // What others wrote of her is hers, what they are is not (article 15(4)).
    for text in ["secret of Noor", "Castellane", NOOR] {
        assert!(!all(&opened).contains(text), "{text}");
    }
}

#[tokio::test]
async fn p098_a_source_that_cannot_look_keeps_the_case_from_going_on() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    places[2].breaks("scan", Fault::Fails);
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    let asked = desk.instruct(&officer(), case, AnswerTo::Person).await;
    let residue = asked.unwrap().residue.unwrap();
    let mut reasons = residue.reasons().iter();
    assert!(reasons.any(|(s, r)| s.as_str() == "cache" && *r == ResidueReason::Failed));
    let error = desk
        .advance(&officer(), case, Step::Approve(Extent::Full))
        .await
        .unwrap_err();
    let Error::Step(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.why(), Why::NotAnswered);
    places[2].mend();
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_none() && resumed.case.is_answered());
    go(&desk, case, Step::Approve(Extent::Full)).await;
    package(&desk, case).await;
}

#[tokio::test]
async fn p098_only_what_keeps_the_case_from_going_on_is_in_the_way() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    places[2].breaks("scan", Fault::Fails);
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    let asked = desk.instruct(&officer(), case, AnswerTo::Person).await;
    let residue = asked.unwrap().residue.unwrap();
    let named: Vec<_> = residue.reasons().iter().map(|(s, _)| s.as_str()).collect();
    assert_eq!(named, ["cache"]);
}

#[tokio::test]
async fn p098_a_source_that_gives_nothing_out_means_no_package() {
    let (clock, places) = (clock(), four());
    let desk = desk(&clock, &places.iter().collect::<Vec<_>>()).await;
    orla_wrote(&desk, &clock).await;
    let case = as_processor(&desk, Right::Access, orla(), &clock).await;
    places[3].breaks("export", Fault::Fails);
    go(&desk, case, Step::Execute).await;
    match desk.advance(&officer(), case, Step::Deliver).await {
        Ok(progress) => assert!(progress.package.is_none() && progress.residue.is_some()),
        Err(error) => assert!(matches!(error, Error::Package(_)), "{error}"),
    }
    assert!(
        desk.advance(&officer(), case, Step::Sent(Sent::Answer))
            .await
            .is_err(),
        "closed without an answer"
    );
    let view = desk.case(&officer(), case).await.unwrap();
    assert!(!view.case.status().is_terminal());
    places[3].mend();
    let mut made = go(&desk, case, Step::Resume).await.package;
    if made.is_none() {
        made = go(&desk, case, Step::Deliver).await.package;
    }
    let opened = unpack(&desk, case, &made.unwrap()).await;
    for (_, text) in PLANTED {
        assert!(all(&opened).contains(text), "{text}");
    }
    let done = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(done.case.status(), Status::Fulfilled);
}

#[tokio::test]
async fn p098_two_sources_may_hold_the_same_category() {
    let clock = clock();
    let one = Place::of("billing", "invoices", LegalBasis::Contract);
    let two = Place::of("archive", "invoices", LegalBasis::Contract);
    one.plant(ORLA, "invoice 1 of 2");
    two.plant(ORLA, "invoice 2 of 2");
    let desk = desk(&clock, &[&one, &two]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let data = all(&unpack(&desk, case, &handover).await);
    assert!(data.contains("invoice 1 of 2") && data.contains("invoice 2 of 2"));
}

#[tokio::test]
async fn p098_who_is_only_mentioned_gets_the_mention() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    noor_wrote_of_orla(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let data = all(&unpack(&desk, case, &handover).await);
    assert!(data.contains("Orla Brennigan"), "{data}");
    assert!(!data.contains("Castellane"));
    // And the one whose ticket it is gets it without her.
    let case = as_controller(&desk, Right::Access, noor(), &clock).await;
    let handover = package(&desk, case).await;
    let data = all(&unpack(&desk, case, &handover).await);
    assert!(data.contains("send the invoice") && data.contains("Castellane"));
    assert!(
        !data.contains("Orla") && !data.contains("brennigan"),
        "{data}"
    );
    // After erasure there is nothing more to copy.
    erased(&desk, orla(), &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    let opened = unpack(&desk, case, &handover).await;
    assert!(!file(&opened, "data.json").contains("Brennigan"));
}
