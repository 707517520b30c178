//! Erasing a person: a certificate only after every place looked again and found nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tactful::crypto_store::Reason;
use tactful::gdpr_rights::request::case::Ground;
use tactful::gdpr_rights::request::certificate::Method;
use tactful::gdpr_rights::{Answer, ResidueReason, ScanOrder, SourceId};
use tactful::retention_policy::{CaseId, Purpose, Role};
use tactful::suggest_core::Author;
use tactful::{
    Clock, Correction, Customer, Desk, Error, Export, Look, Message, Person, PersonalDataSource,
    Session, SourceFailed, Ticket,
};

use crate::{builder, by, clock, in_dir, shop, ticket};

/// A search index that forgets to delete until it is mended.
#[derive(Debug, Default)]
struct Index {
    mended: AtomicBool,
    deleted: AtomicBool,
}

#[async_trait]
impl PersonalDataSource for Index {
    fn id(&self) -> SourceId {
        SourceId::new("index").unwrap()
    }

    async fn scan(&self, order: &ScanOrder, _: &Person<'_>, _: Look<'_>) -> Answer {
        let left = u64::from(!self.deleted.load(Ordering::SeqCst));
        Answer::found(&self.id(), order.nonce(), left)
    }

    async fn export(&self, _: &Person<'_>) -> Result<Export, SourceFailed> {
        Ok(Export::default())
    }

    async fn erase(&self, person: &Person<'_>) -> Result<Method, SourceFailed> {
        assert_eq!(person.identifiers.emails.len(), 1);
        if self.mended.load(Ordering::SeqCst) {
            self.deleted.store(true, Ordering::SeqCst);
            return Ok(Method::Deleted);
        }
        Err(SourceFailed)
    }

    async fn restrict(&self, _: &Person<'_>, _: Ground, _: bool) -> Result<(), SourceFailed> {
        Ok(())
    }

    async fn rectify(&self, _: &Person<'_>, _: &Correction) -> Result<(), SourceFailed> {
        Ok(())
    }
}

#[tokio::test]
async fn no_certificate_while_a_source_still_holds_something() {
    let index = Arc::new(Index::default());
    let desk = builder(&clock())
        .in_memory()
        .source(Arc::<Index>::clone(&index))
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let customer = Customer::new().with_email("Orla.Brennigan@mailbox.example");
    let officer = by(Role::PrivacyOfficer);
    let case = CaseId::from_random([5; 16]);

    let subject = desk
        .find_person(&officer, &customer)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(subject, session.subject());
    let error = desk
        .erase_person(&by(Role::Agent), case, subject, &customer)
        .await
        .unwrap_err();
    assert!(error.is_denied(), "{error}");

    let error = desk
        .erase_person(&officer, case, subject, &customer)
        .await
        .unwrap_err();
    let Error::Residue(residue) = error else {
        panic!("{error}")
    };
    assert_eq!(residue.reasons(), [(index.id(), ResidueReason::Found(1))]);
    // The desk's own part is done all the same: nobody reads the session any more.
    assert!(
        desk.session(&by(Role::Agent), session.record())
            .await
            .is_err()
    );

    index.mended.store(true, Ordering::SeqCst);
    let certificate = desk
        .erase_person(&officer, case, subject, &customer)
        .await
        .unwrap();
    assert!(certificate.text().contains("store") && certificate.text().contains("index"));
    assert!(!certificate.text().to_lowercase().contains("orla"));
    assert_eq!(desk.find_person(&officer, &customer).await.unwrap(), None);
}

const MENTION: &str = "Hello, please send the invoice of order FL-204417 to my colleague as well: Noor Castellane, \
    noor.castellane@mailbox.example. Thank you\nOrla Brennigan";

/// Orla's ticket, in which Noor stands, and one of Noor's own.
async fn two_tickets(desk: &Desk) -> [Session; 2] {
    let orla = Customer::new()
        .with_name("Orla Brennigan")
        .with_email("orla.brennigan@mailbox.example");
    let message = Message::new(Author::Customer, None, MENTION);
    let first = Ticket::new("T-1", Some(orla), vec![message]).unwrap();
    let message = Message::new(
        Author::Customer,
        None,
        "Where is my parcel? Noor Castellane",
    );
    let second = Ticket::new("T-2", Some(noor()), vec![message]).unwrap();
    let agent = by(Role::Agent);
    [
        desk.ingest(&agent, &first).await.unwrap(),
        desk.ingest(&agent, &second).await.unwrap(),
    ]
}

fn noor() -> Customer {
    Customer::new()
        .with_name("Noor Castellane")
        .with_email("noor.castellane@mailbox.example")
}

#[tokio::test]
async fn who_is_only_mentioned_is_taken_out_of_other_peoples_tickets() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let [orlas, noors] = two_tickets(&desk).await;
    let text = orlas.messages()[0].text().as_str().to_owned();
    assert!(!text.contains("Noor"), "{text}");
    let case = CaseId::from_random([5; 16]);
    let officer = by(Role::PrivacyOfficer);
    let certificate = desk
        .erase_person(&officer, case, noors.subject(), &noor())
        .await
        .unwrap();
    assert!(certificate.text().contains("store"));
    // Orla's ticket goes on as it was, and knows Orla.
    let again = desk
        .session(&by(Role::Agent), orlas.record())
        .await
        .unwrap();
    assert_eq!(again.messages()[0].text().as_str(), text);
    let why = Reason::new(Purpose::AnswerRequest);
    let copy = desk
        .store()
        .get(orlas.record(), &officer, &why, clock.now());
    let copy = copy.await.unwrap().expose().to_vec();
    let holds = |needle: &str| copy.windows(needle.len()).any(|w| w == needle.as_bytes());
    assert!(holds("Orla Brennigan") && holds("FL-204417"));
    assert!(!holds("Noor") && !holds("Castellane") && !holds("castellane"));
    // Noor's own ticket is gone.
    assert!(
        desk.session(&by(Role::Agent), noors.record())
            .await
            .is_err()
    );
    assert_eq!(desk.find_person(&officer, &noor()).await.unwrap(), None);
    assert!(desk.verify_audit().await.unwrap().intact);
}
