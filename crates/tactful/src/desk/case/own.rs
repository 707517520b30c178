//! What the desk's own store holds of a person: whom identifiers lead to, how much there is, and what it says.

use std::collections::{BTreeMap, BTreeSet};

use crypto_store::Accessor;
use gdpr_rights::ConsentLedger;
use gdpr_rights::request::package::{Item, Reason};
use pii_detect::{Kind, Known};
use retention_policy::{Category, RecordId, SubjectId, Timestamp};

use super::file::CaseFile;
use crate::desk::Desk;
use crate::desk::erase::ANSWER;
use crate::desk::ingest::{Whose, term};
use crate::session::decode;
use crate::{Customer, Error};

mod copier;

use copier::Copier;

/// What goes into a person's copy.
pub(super) struct Copy {
    pub(super) items: Vec<Item>,
    pub(super) reasons: Vec<Reason>,
    /// Values about other people that were left out.
    pub(super) withheld: u64,
}

impl Desk {
    /// The one person that identifiers lead to.
    ///
    /// # Errors
    /// [`Error::TwoPeople`] unless the store knows that they are one.
    pub(super) async fn one_person(
        &self,
        by: &Accessor,
        identifiers: &Customer,
        now: Timestamp,
    ) -> Result<Option<SubjectId>, Error> {
        let mut people: BTreeMap<SubjectId, Option<BTreeSet<RecordId>>> = BTreeMap::new();
        for (kind, value) in identifiers.known().expose() {
            // A name or an order number may be somebody else's too; an address or number is one person's.
            if !matches!(kind, Kind::Email | Kind::Phone | Kind::CustomerId) {
                continue;
            }
            if let Some(term) = term(Whose::Customer, kind, value)? {
                let found = self.store.find_subjects(&term, by, &ANSWER, now).await?;
                people.extend(found.into_iter().map(|subject| (subject, None)));
            }
        }
        if people.len() > 1 {
            // Two ids that are linked have the same records.
            for (subject, records) in &mut people {
                let all = self.store.of_subject(*subject, by, &ANSWER, now).await?;
                *records = Some(all.into_iter().collect());
            }
            let distinct: BTreeSet<_> = people.values().collect();
            if distinct.len() > 1 {
                return Err(Error::TwoPeople);
            }
        }
        Ok(people.into_keys().next())
    }

    /// Of what a request gives, what leads to the person; and what only stands in their own tickets, where they may be shown
    /// it again. Whoever asks may write down anything, and what is said of others is not theirs to see or to end.
    pub(super) async fn theirs(
        &self,
        by: &Accessor,
        person: SubjectId,
        identifiers: &Customer,
        now: Timestamp,
    ) -> Result<[Customer; 2], Error> {
        let own = self.store.of_subject(person, by, &ANSWER, now).await?;
        let own: BTreeSet<RecordId> = own.into_iter().collect();
        let (mut theirs, mut shown, mut passed) = (Customer::new(), Customer::new(), 0_usize);
        for (kind, value) in identifiers.known().expose() {
            let mut leads = false;
            if let Some(term) = term(Whose::Customer, kind, value)? {
                let found = self.store.find(&term, by, &ANSWER, now).await?;
                leads = found.iter().any(|id| own.contains(id));
            }
            if leads {
                theirs.add(kind, value);
            } else if self.stands_in(by, &own, kind, value, now).await? {
                shown.add(kind, value);
            } else {
                passed += 1;
            }
        }
        if passed > 0 {
            tracing::info!(
                passed,
                "identifiers that lead elsewhere or nowhere were left aside"
            );
        }
        Ok([theirs, shown])
    }

    /// Whether a value stands in one of these tickets.
    async fn stands_in(
        &self,
        by: &Accessor,
        records: &BTreeSet<RecordId>,
        kind: Kind,
        value: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut known = Known::new();
        known.add(kind, value);
        for id in records {
            let opened = self.store.get(*id, by, &ANSWER, now).await?;
            if opened.meta().category() == Category::Session
                && !decode(opened.expose())?.map.of_person(&known).is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many records hold something of the person, others' tickets included.
    pub(super) async fn own_count(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut count = 0;
        if let Some(subject) = file.person {
            count += self
                .store
                .of_subject(subject, by, &ANSWER, now)
                .await?
                .len();
        }
        if let Some(identifiers) = &file.identifiers {
            let whose = file.request().subject;
            let mentioned = self.mentioned_in(by, whose, identifiers, now).await?;
            // What a hold keeps is named in the answer where a part was granted, and in the way where all was.
            let kept = |id: &RecordId| file.is_in_part() && file.held.contains(id);
            count += mentioned.iter().filter(|id| !kept(id)).count();
        }
        Ok(count as u64)
    }

    /// All that the store holds of the person, as items: their tickets, drafts, what they said, the case, and what other
    /// people's tickets say of them. Names and addresses of others stay tags.
    pub(super) async fn own_copy(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<Copy, Error> {
        let mut copy = Copier::new(self, file)?;
        let mut drafts = Vec::new();
        if let Some(subject) = file.person {
            self.recall(by, &ANSWER, subject, now).await?;
            for id in self.store.of_subject(subject, by, &ANSWER, now).await? {
                let opened = self.store.export(id, by, &ANSWER, now).await?;
                match opened.meta().category() {
                    Category::Session => copy.session(&opened, false)?,
                    Category::Draft => drafts.push(opened),
                    // Packages that wait to be fetched: sealed for the person alone, and copies of what is here.
                    Category::RightsCase => {}
                    // Told below, from the ledger.
                    Category::Consent if ConsentLedger::from_bytes(opened.expose()).is_ok() => {}
                    _ => copy.other(&opened)?,
                }
            }
            for event in self.consents().events() {
                if event.subject == subject {
                    copy.said(event.statement, event.at)?;
                }
            }
        }
        if let Some(identifiers) = &file.identifiers {
            let whose = file.request().subject;
            for id in self.mentioned_in(by, whose, identifiers, now).await? {
                let opened = self.store.export(id, by, &ANSWER, now).await?;
                copy.session(&opened, true)?;
            }
        }
        for draft in &drafts {
            copy.draft(draft)?;
        }
        copy.case(file)?;
        Ok(copy.finish())
    }
}
