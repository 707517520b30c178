//! Requests of people, from the mail to the last letter: what the documentation promises, played from outside.

mod access;
mod asked;
mod bad_input;
mod codes;
mod correct;
mod crash;
mod dates;
mod erase;
mod held;
mod intake;
mod leaks;
mod letters;
mod limit;
mod links;
mod objection;
mod others;
mod place;
mod portable;
mod refer;
mod tenants;
mod who;

use std::sync::Arc;

use chrono::TimeDelta;
use tactful::crypto_store::Accessor;
use tactful::gdpr_rights::request::case::{AnswerTo, Art19, Extent, Message as Sent, NotNeeded};
use tactful::gdpr_rights::request::certificate::SignedCertificate;
use tactful::gdpr_rights::request::identity::{Proof, Sensitivity, Session as SignedIn};
use tactful::gdpr_rights::request::package::{Opened, Package};
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::gdpr_rights::{Right, Verified};
use tactful::retention_policy::{CaseId, Role};
use tactful::suggest_core::Author;
use tactful::{
    Clock, Controller, Customer, Desk, DeskBuilder, Handover, Intake, ManualClock, Message,
    PersonalDataSource, Progress, RightsRequest, Session, Silence, Step, Suggested, Ticket,
};

use crate::{builder, by, shop, ticket};
use place::Place;

const ORLA: &str = "orla.brennigan@mailbox.example";
const NOOR: &str = "noor.castellane@mailbox.example";

fn orla() -> Customer {
    Customer::new()
        .with_name("Orla Brennigan")
        .with_email(ORLA)
        .with_order("FL-204417")
}

fn noor() -> Customer {
    Customer::new()
        .with_name("Noor Castellane")
        .with_email(NOOR)
}

fn nobody() -> Customer {
    Customer::new().with_email("nobody.known@mailbox.example")
}

fn officer() -> Accessor {
    by(Role::PrivacyOfficer)
}

fn agent() -> Accessor {
    by(Role::Agent)
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn company() -> Controller {
    Controller::new(
        "Lantern & Oak Ltd",
        "privacy@lantern-oak.example",
        "IE",
        "Europe/Dublin",
    )
    .unwrap()
}

fn with_places(mut builder: DeskBuilder, places: &[&Arc<Place>]) -> DeskBuilder {
    for place in places {
        let source: Arc<dyn PersonalDataSource> = Arc::<Place>::clone(place);
        builder = builder.source(source);
    }
    builder.controller(shop(), company()).signing_key(key())
}

async fn desk(clock: &Arc<ManualClock>, places: &[&Arc<Place>]) -> Desk {
    let desk = with_places(builder(clock).in_memory(), places);
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk
}

fn words(id: &str, who: Customer, text: &str) -> Ticket {
    let message = Message::new(Author::Customer, None, text);
    Ticket::new(id, Some(who), vec![message]).unwrap()
}

/// Orla's ticket, and an hour later.
async fn orla_wrote(desk: &Desk, clock: &ManualClock) -> Session {
    let session = desk.ingest(&agent(), &ticket("T-1")).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    session
}

/// A ticket of Noor's in which Orla stands, and an hour later.
async fn noor_wrote_of_orla(desk: &Desk, clock: &ManualClock) -> Session {
    let text = "Hello, please send the invoice to my colleague Orla Brennigan \
        (orla.brennigan@mailbox.example) and not to me.\nNoor Castellane";
    let ticket = words("T-2", noor(), text);
    let session = desk.ingest(&agent(), &ticket).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    session
}

async fn ask(desk: &Desk, request: &RightsRequest) -> Intake {
    desk.request(&officer(), request, |_| ()).await.unwrap()
}

async fn go(desk: &Desk, case: CaseId, step: Step<'_>) -> Progress {
    desk.advance(&officer(), case, step).await.unwrap()
}

/// The person was asked who they are, and signs in.
async fn signed_in(desk: &Desk, clock: &ManualClock, case: CaseId) -> Verified {
    go(desk, case, Step::AskIdentity).await;
    session_proof(desk, clock, case).await
}

/// The person is signed in.
async fn session_proof(desk: &Desk, clock: &ManualClock, case: CaseId) -> Verified {
    let request = desk.case(&officer(), case).await.unwrap().request;
    let now = clock.now();
    let session = SignedIn {
        subject: request.subject,
        second_factor: now,
    };
    let proof = Proof::by_session(&request, session, now).unwrap();
    Verified::new(&request, Sensitivity::Ordinary, Some(proof), now).unwrap()
}

/// The client is told, instructs, and a human approves.
async fn as_processor(desk: &Desk, right: Right, who: Customer, clock: &ManualClock) -> CaseId {
    let case = ask(desk, &RightsRequest::new(right, clock.now(), who))
        .await
        .case;
    go(desk, case, Step::Refer).await;
    desk.instruct(&officer(), case, AnswerTo::Person)
        .await
        .unwrap();
    go(desk, case, Step::Approve(Extent::Full)).await;
    case
}

/// A direct user who is signed in asks, and a human approves.
async fn as_controller(desk: &Desk, right: Right, who: Customer, clock: &ManualClock) -> CaseId {
    let request = RightsRequest::new(right, clock.now(), who).as_controller();
    let case = ask(desk, &request).await.case;
    go(
        desk,
        case,
        Step::IdentityNotNeeded(NotNeeded::Authenticated),
    )
    .await;
    go(desk, case, Step::Approve(Extent::Full)).await;
    case
}

/// Executes and delivers; the link.
async fn package(desk: &Desk, case: CaseId) -> Handover {
    go(desk, case, Step::Execute).await;
    let handover = go(desk, case, Step::Deliver).await.package.unwrap();
    go(desk, case, Step::Sent(Sent::Answer)).await;
    handover
}

async fn unpack(desk: &Desk, case: CaseId, handover: &Handover) -> Opened {
    let fetched = desk
        .collect(&officer(), case, &handover.token)
        .await
        .unwrap();
    Package::open(&fetched.bytes, &key().verifying_key()).unwrap()
}

fn file(opened: &Opened, name: &str) -> String {
    String::from_utf8(opened.expose(name).unwrap().to_vec()).unwrap()
}

/// Everything in clear that a package holds.
fn all(opened: &Opened) -> String {
    opened
        .files()
        .iter()
        .map(|f| file(opened, &f.name))
        .collect()
}

/// Erases to the last letter; the certificate.
async fn erased(desk: &Desk, who: Customer, clock: &ManualClock) -> SignedCertificate {
    let case = as_processor(desk, Right::Erasure, who, clock).await;
    let done = go(desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(desk, case, Step::Recipients(Art19::NoRecipients)).await;
    let made = go(desk, case, Step::Deliver).await;
    go(desk, case, Step::Sent(Sent::Answer)).await;
    made.certificate.unwrap()
}

/// Why nothing is drafted; `None` when something may be.
async fn refused(desk: &Desk, session: &Session) -> Option<&'static str> {
    match desk.suggest(&agent(), session).await.unwrap() {
        Suggested::None(silence @ Silence::NotPermitted(_)) => Some(silence.code()),
        _ => None,
    }
}
