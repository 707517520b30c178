//! What the records of a person say, as items of a copy.

use std::collections::{BTreeMap, BTreeSet};

use crypto_store::Opened;
use gdpr_rights::request::package::{Item, Origin, Provenance, Reason};
use gdpr_rights::{SourceId, Statement};
use pii_detect::Known;
use redact::{MapId, PseudonymMap, Redacted, Tag, restore_for, verify};
use retention_policy::{Category, LegalBasis, Purpose, PurposeSet, Timestamp};
use suggest_core::Author;

use super::super::STORE;
use super::super::file::CaseFile;
use super::Copy;
use crate::Error;
use crate::desk::{Desk, suggest};
use crate::session::{Body, decode};

pub(super) struct Copier<'d> {
    desk: &'d Desk,
    source: SourceId,
    /// What leads to the person.
    known: Known,
    /// The same, and what may be shown in their own tickets.
    shown: Known,
    maps: BTreeMap<MapId, (PseudonymMap, BTreeSet<Tag>)>,
    /// Whether drafts may be looked at for what they have in common with others'.
    improves: bool,
    copy: Copy,
}

impl<'d> Copier<'d> {
    pub(super) fn new(desk: &'d Desk, file: &CaseFile) -> Result<Self, Error> {
        let known = file.identifiers.clone().unwrap_or_default().known();
        let mut shown = file.identifiers.clone().unwrap_or_default().known();
        for (kind, value) in file.shown.clone().unwrap_or_default().known().expose() {
            shown.add(kind, value);
        }
        Ok(Self {
            desk,
            source: SourceId::new(STORE)?,
            known,
            shown,
            maps: BTreeMap::new(),
            improves: false,
            copy: Copy {
                items: Vec::new(),
                reasons: Vec::new(),
                withheld: 0,
            },
        })
    }

    fn add(&mut self, item: Item) {
        self.copy.items.push(item);
    }

    /// The messages of a ticket; of somebody else's only those that speak of the person.
    pub(super) fn session(&mut self, opened: &Opened, of_another: bool) -> Result<(), Error> {
        let made = opened.meta().expiry().made();
        let Body {
            facts,
            messages,
            map,
            ..
        } = decode(opened.expose())?;
        let own = map.of_person(if of_another { &self.known } else { &self.shown });
        for message in messages {
            let text = verify(message.text, &map, &self.desk.detector)?;
            if of_another
                && !own
                    .iter()
                    .any(|tag| text.as_str().contains(&tag.to_string()))
            {
                continue;
            }
            let author = match (of_another, message.author) {
                (true, _) => "somebody else",
                (false, Author::Customer) => "you",
                (false, Author::Agent) => "the support team",
            };
            let provenance = if !of_another && message.author == Author::Customer {
                Provenance::Provided
            } else {
                Provenance::Observed
            };
            let shown = self.restored(&text, &map, &own)?;
            let at = message.at.unwrap_or(made);
            let item = Item::new(&self.source, Category::Session, at, provenance)?
                .with("written by", author)?
                .with("text", shown)?
                .with("kept until", opened.meta().expires_at().to_rfc3339())?;
            self.add(item);
        }
        // Of somebody else's ticket nothing that a shop says about that person's orders.
        for fact in facts.into_iter().filter(|_| !of_another) {
            let value = verify(fact.value, &map, &self.desk.detector)?;
            let item = Item::new(&self.source, Category::Session, made, Provenance::Observed)?
                .with("written by", "the shop's systems")?
                .with(fact.kind.code(), self.restored(&value, &map, &own)?)?
                .with("kept until", opened.meta().expires_at().to_rfc3339())?;
            self.add(item);
        }
        self.maps.insert(map.id(), (map, own));
        Ok(())
    }

    fn restored(
        &mut self,
        text: &Redacted,
        map: &PseudonymMap,
        own: &BTreeSet<Tag>,
    ) -> Result<String, Error> {
        let restored = restore_for(text, map, own)?;
        self.copy.withheld += restored.report().unknown().len() as u64;
        Ok(restored.expose().to_owned())
    }

    /// A draft: with the person's values while its ticket is there, with tags afterwards.
    pub(super) fn draft(&mut self, opened: &Opened) -> Result<(), Error> {
        let suggest::Stored { map, text, .. } = suggest::decode(opened.expose())?;
        let shown = match self.maps.remove(&map) {
            None => text.to_owned(),
            Some((map, own)) => {
                let text = verify(text, &map, &self.desk.detector)?;
                let shown = self.restored(&text, &map, &own)?;
                self.maps.insert(map.id(), (map, own));
                shown
            }
        };
        let purposes = opened.meta().purposes();
        self.improves |= purposes.contains(Purpose::ImproveService);
        let made = opened.meta().expiry().made();
        let item = Item::new(&self.source, Category::Draft, made, Provenance::Inferred)?
            .with("written by", "software, for a human to decide")?
            .with("text", shown)?
            .with("kept until", opened.meta().expires_at().to_rfc3339())?;
        self.add(item);
        Ok(())
    }

    /// A record that the integrator stored under the person.
    pub(super) fn other(&mut self, opened: &Opened) -> Result<(), Error> {
        let meta = opened.meta();
        let text = String::from_utf8_lossy(opened.expose()).into_owned();
        let item = Item::new(
            &self.source,
            meta.category(),
            meta.expiry().made(),
            Provenance::Observed,
        )?
        .with("content", text)?
        .with("kept until", meta.expires_at().to_rfc3339())?;
        self.add(item);
        Ok(())
    }

    pub(super) fn said(&mut self, statement: Statement, at: Timestamp) -> Result<(), Error> {
        let (what, purpose) = match statement {
            Statement::Consent(p) => ("consent", Some(p)),
            Statement::Withdrawal(p) => ("consent taken back", Some(p)),
            Statement::Objection(p) => ("objection", Some(p)),
            Statement::ObjectionOverruled(p) => ("objection examined", Some(p)),
            Statement::Restriction => ("restriction", None),
            Statement::RestrictionLifted => ("restriction ended", None),
        };
        let mut item = Item::new(&self.source, Category::Consent, at, Provenance::Provided)?
            .with("statement", what)?;
        if let Some(purpose) = purpose {
            item = item.with("purpose", purpose.code())?;
        }
        self.add(item);
        Ok(())
    }

    /// The case itself is data of the person too.
    pub(super) fn case(&mut self, file: &CaseFile) -> Result<(), Error> {
        let case = &file.case;
        let item = Item::new(
            &self.source,
            Category::RightsCase,
            case.received(),
            Provenance::Observed,
        )?
        .with("reference", case.id().to_string())?
        .with("right", case.right().code())?
        .with("received through", case.channel().name())?;
        self.add(item);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Copy {
        let categories: BTreeSet<Category> = self
            .copy
            .items
            .iter()
            .filter_map(|item| item.category().house())
            .collect();
        for category in categories {
            let reply = PurposeSet::only(Purpose::DraftReply);
            let (purposes, basis) = match category {
                Category::Draft if self.improves => {
                    (reply.with(Purpose::ImproveService), self.desk.basis)
                }
                Category::Session | Category::Draft | Category::Attachment => {
                    (reply, self.desk.basis)
                }
                Category::Usage | Category::Template => (
                    PurposeSet::only(Purpose::ImproveService),
                    LegalBasis::LegitimateInterests,
                ),
                Category::RightsCase => (
                    PurposeSet::only(Purpose::AnswerRequest),
                    LegalBasis::LegalObligation,
                ),
                _ => (
                    PurposeSet::only(Purpose::LegalObligation),
                    LegalBasis::LegalObligation,
                ),
            };
            self.copy.reasons.push(Reason::by_policy(
                &self.desk.policy(),
                category,
                purposes,
                basis,
                Origin::Person,
            ));
        }
        self.copy
    }
}
