//! Erasing a person: a certificate only after every place looked again and found nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tactful::gdpr_rights::{Answer, ResidueReason, ScanOrder, SourceId};
use tactful::retention_policy::{CaseId, Role};
use tactful::{Customer, Error, Person, PersonalDataSource, SourceFailed};

use crate::{builder, by, clock, shop, ticket};

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

    async fn erase(&self, person: &Person<'_>) -> Result<(), SourceFailed> {
        assert_eq!(person.identifiers.emails.len(), 1);
        if self.mended.load(Ordering::SeqCst) {
            self.deleted.store(true, Ordering::SeqCst);
            return Ok(());
        }
        Err(SourceFailed)
    }

    async fn scan(&self, order: &ScanOrder, _: &Person<'_>) -> Answer {
        let left = u64::from(!self.deleted.load(Ordering::SeqCst));
        Answer::found(&self.id(), order.nonce(), left)
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
    desk.create_tenant(shop()).await.unwrap();
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
