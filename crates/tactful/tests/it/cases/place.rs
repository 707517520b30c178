//! A place of an integrator's that holds rows of people, and fails when it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tactful::gdpr_rights::request::case::Ground;
use tactful::gdpr_rights::request::certificate::Method;
use tactful::gdpr_rights::request::package::{
    DataCategory, Item, Keeps, Origin, Provenance, Reason,
};
use tactful::gdpr_rights::{Answer, ScanOrder, SourceId};
use tactful::retention_policy::{LegalBasis, Purpose, PurposeSet, TenantId};
use tactful::{Correction, Export, Look, Person, PersonalDataSource, SourceFailed};
use tokio::sync::Notify;

use crate::{at, shop};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Fails,
    Panics,
    /// Until [`Place::release`].
    Hangs,
}

#[derive(Clone, Debug)]
struct Row {
    tenant: TenantId,
    owner: String,
    text: String,
    provenance: Provenance,
}

/// What happened, in the order in which it did.
pub(super) type Log = Arc<Mutex<Vec<String>>>;

#[derive(Debug)]
pub(super) struct Place {
    name: &'static str,
    category: &'static str,
    basis: LegalBasis,
    rows: Mutex<Vec<Row>>,
    limited: Mutex<BTreeSet<(TenantId, String)>>,
    faults: Mutex<BTreeMap<&'static str, Fault>>,
    pub(super) log: Log,
    pub(super) entered: Notify,
    pub(super) release: Notify,
}

impl Place {
    pub(super) fn new(name: &'static str) -> Arc<Self> {
        Self::of(name, name, LegalBasis::Contract)
    }

    pub(super) fn of(name: &'static str, category: &'static str, basis: LegalBasis) -> Arc<Self> {
        Arc::new(Self {
            name,
            category,
            basis,
            rows: Mutex::default(),
            limited: Mutex::default(),
            faults: Mutex::default(),
            log: Log::default(),
            entered: Notify::new(),
            release: Notify::new(),
        })
    }

    pub(super) fn plant(&self, owner: &str, text: &str) {
        self.plant_as(shop(), owner, text, Provenance::Provided);
    }

    pub(super) fn plant_as(&self, tenant: TenantId, owner: &str, text: &str, how: Provenance) {
        self.rows.lock().unwrap().push(Row {
            tenant,
            owner: owner.to_owned(),
            text: text.to_owned(),
            provenance: how,
        });
    }

    pub(super) fn texts(&self) -> Vec<String> {
        let rows = self.rows.lock().unwrap();
        rows.iter().map(|r| r.text.clone()).collect()
    }

    pub(super) fn breaks(&self, call: &'static str, fault: Fault) {
        self.faults.lock().unwrap().insert(call, fault);
    }

    pub(super) fn mend(&self) {
        self.faults.lock().unwrap().clear();
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn limits(&self, owner: &str) -> bool {
        let limited = self.limited.lock().unwrap();
        limited.iter().any(|(_, email)| email == owner)
    }

    async fn begin(&self, call: &'static str) -> Result<(), SourceFailed> {
        self.log
            .lock()
            .unwrap()
            .push(format!("{}.{call}", self.name));
        let fault = self.faults.lock().unwrap().get(call).copied();
        match fault {
            None => Ok(()),
            Some(Fault::Fails) => Err(SourceFailed),
            Some(Fault::Panics) => panic!("a source panics"),
            Some(Fault::Hangs) => {
                self.entered.notify_one();
                self.release.notified().await;
                Ok(())
            }
        }
    }

    fn is_of(row: &Row, person: &Person<'_>) -> bool {
        row.tenant == person.tenant
            && person
                .identifiers
                .emails
                .iter()
                .any(|e| e.eq_ignore_ascii_case(&row.owner))
    }
}

#[async_trait]
impl PersonalDataSource for Place {
    fn id(&self) -> SourceId {
        SourceId::new(self.name).unwrap()
    }

    async fn scan(&self, order: &ScanOrder, person: &Person<'_>, look: Look<'_>) -> Answer {
        if self.begin("scan").await.is_err() {
            return Answer::failed(&self.id(), order.nonce());
        }
        let rows = self.rows.lock().unwrap();
        let limited = self.limited.lock().unwrap();
        let own = rows.iter().filter(|r| Self::is_of(r, person));
        let left = own
            .filter(|r| match look {
                Look::Wrong(correction) => r.text.contains(correction.expose_wrong()),
                Look::InUse(_) => !limited.contains(&(r.tenant, r.owner.clone())),
                _ => true,
            })
            .count();
        Answer::found(&self.id(), order.nonce(), left as u64)
    }

    async fn export(&self, person: &Person<'_>) -> Result<Export, SourceFailed> {
        self.begin("export").await?;
        let category = DataCategory::named(self.category).unwrap();
        let rows = self.rows.lock().unwrap();
        let items: Vec<_> = rows
            .iter()
            .filter(|r| Self::is_of(r, person))
            .map(|r| {
                Item::new(
                    &self.id(),
                    category.clone(),
                    at("2026-01-05T10:00:00Z"),
                    r.provenance,
                )
                .unwrap()
                .with("text", r.text.as_str())
                .unwrap()
            })
            .collect();
        let reason = Reason {
            category,
            purposes: PurposeSet::only(Purpose::Operate),
            basis: self.basis,
            keeps: Keeps::Until("the contract ends".to_owned()),
            origin: Origin::Person,
        };
        let reasons = if items.is_empty() {
            Vec::new()
        } else {
            vec![reason]
        };
        Ok(Export { items, reasons })
    }

    async fn erase(&self, person: &Person<'_>) -> Result<Method, SourceFailed> {
        self.begin("erase").await?;
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|r| !Self::is_of(r, person));
        Ok(Method::Deleted)
    }

    async fn restrict(
        &self,
        person: &Person<'_>,
        ground: Ground,
        on: bool,
    ) -> Result<(), SourceFailed> {
        self.begin("restrict").await?;
        let word = if on { "on" } else { "off" };
        self.log
            .lock()
            .unwrap()
            .push(format!("{}: {} {word}", self.name, ground.name()));
        let mut limited = self.limited.lock().unwrap();
        for email in &person.identifiers.emails {
            let who = (person.tenant, email.clone());
            if on {
                limited.insert(who);
            } else {
                limited.remove(&who);
            }
        }
        Ok(())
    }

    async fn rectify(
        &self,
        person: &Person<'_>,
        correction: &Correction,
    ) -> Result<(), SourceFailed> {
        self.begin("rectify").await?;
        let mut rows = self.rows.lock().unwrap();
        for row in rows.iter_mut().filter(|r| Self::is_of(r, person)) {
            row.text = row
                .text
                .replace(correction.expose_wrong(), correction.expose_right());
        }
        Ok(())
    }
}
