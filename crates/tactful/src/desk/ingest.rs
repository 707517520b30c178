//! `ingest`: found, sealed, stored.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crypto_store::{Accessor, IndexTerm, NewRecord, Put};
use pii_detect::{Kind, canonical};
use redact::{Gate, MapId, Provenance, PseudonymMap};
use retention_policy::{Category, Purpose, PurposeSet, SubjectId, Timestamp, Trigger, UnitId};
use suggest_core::Author;

use super::events::{listens, of_ticket};
use super::{Desk, REPLY};
use crate::facts::asked;
use crate::session::{SealedMessage, encode};
use crate::{Error, Session, Ticket};

impl Desk {
    /// Finds personal data in every message, seals it under a new map, and stores both: gone in 23 hours.
    ///
    /// The same ticket delivered again with as many messages is not stored twice: the first session comes back. A ticket with
    /// more messages takes the place of its earlier state: that session is shredded, and its drafts are stale.
    ///
    /// # Errors
    /// [`Error::is_stale`] when a later state of the ticket has come in already.
    /// [`Error::is_withheld`]: detection or sealing failed, and nothing was stored; the helpdesk still has the ticket.
    /// [`Error::NotOnboarded`] and [`Error::Stopped`] without a contract in force. Otherwise the store's: denied, disk.
    pub async fn ingest(&self, by: &Accessor, ticket: &Ticket) -> Result<Session, Error> {
        let now = self.now()?;
        self.may_write(by.tenant())?;
        let known = ticket
            .customer()
            .map(crate::Customer::known)
            .unwrap_or_default();
        let mut map = PseudonymMap::new(MapId(self.random()?));
        let gate = Gate::new(&self.detector).known(&known);
        let mut messages = Vec::with_capacity(ticket.thread().len());
        let mut findings = Vec::with_capacity(ticket.thread().len());
        for message in ticket.thread() {
            let text = message.expose();
            findings.push(self.detector.detect(text, &known)?);
            messages.push(SealedMessage {
                author: message.author(),
                at: message.at(),
                text: gate
                    .clone()
                    .provenance(whose(message.author()))
                    .seal(text, &mut map)?,
            });
        }
        let facts = match &self.facts {
            None => Vec::new(),
            Some(source) => {
                let customer = ticket.customer();
                asked(
                    source.as_ref(),
                    customer,
                    &messages,
                    &self.detector,
                    &mut map,
                )
                .await
            }
        };
        let place = ticket.place();
        let mut terms = terms(ticket, &map)?;
        if listens(&self.policy(), Trigger::TicketClosed) {
            terms.truncate(crypto_store::MAX_TERMS.saturating_sub(1));
            terms.push(of_ticket(ticket.id())?);
        }
        let strongest = strongest(ticket)?;
        let turn = strongest
            .as_ref()
            .map(|(of, _)| self.customers.of((by.tenant(), *of)));
        // Two first tickets of one customer at once would find nobody and make two of them.
        let _turn = match &turn {
            Some(lock) => Some(lock.lock().await),
            None => None,
        };
        let subject = self
            .subject_of(by, strongest.map(|(_, term)| term), now)
            .await?;
        let unit = UnitId::from_random(self.random()?);
        let meta = self.meta(
            by.tenant(),
            subject,
            Category::Session,
            PurposeSet::only(Purpose::DraftReply),
            now,
        )?;
        let record = NewRecord::new(meta, encode(&place, &facts, &messages, &map)?.to_vec())
            .unit(unit)
            .terms(terms)
            .idempotency_key(format!("{}\u{0}{}", messages.len(), ticket.id()).as_bytes());
        let session = match self.store.put(record, by, &REPLY, now).await? {
            Put::AlreadyStored(id) => return self.session(by, id).await,
            Put::Stored(id) => Session {
                tenant: by.tenant(),
                subject,
                record: id,
                unit,
                meta,
                map: Arc::new(map),
                expires_at: meta.expires_at(),
                messages,
                findings,
                facts,
                place: Arc::new(place),
                already_stored: false,
            },
        };
        self.shelve(session.record, &meta, now).await?;
        self.latest(by, &session, now).await?;
        tracing::info!(
            record = %session.record,
            messages = session.messages.len(),
            values = session.map.len(),
            "ticket sealed"
        );
        Ok(session)
    }

    /// The subject an identifier of the customer leads to; a new one where none does.
    async fn subject_of(
        &self,
        by: &Accessor,
        term: Option<IndexTerm>,
        now: Timestamp,
    ) -> Result<SubjectId, Error> {
        if let Some(term) = term
            && let Some(subject) = self.store.find_subject(&term, by, &REPLY, now).await?
        {
            return Ok(subject);
        }
        let nobody_yet = SubjectId::from_random(self.random()?);
        self.nothing_said(by.tenant(), nobody_yet);
        Ok(nobody_yet)
    }
}

/// Whose words a message is made of, as the map keeps it.
const fn whose(author: Author) -> Provenance {
    match author {
        Author::Customer => Provenance::Customer,
        _ => Provenance::Agent,
    }
}

/// The one identifier that a customer is looked up by, which costs an audit leaf, with a hash of it.
fn strongest(ticket: &Ticket) -> Result<Option<(u64, IndexTerm)>, Error> {
    let customer = ticket.customer();
    let email = customer.and_then(|c| c.emails.first());
    let number = customer.and_then(|c| c.customer_ids.first());
    let (kind, value) = match (email, number) {
        (Some(email), _) => (Kind::Email, email),
        (None, Some(number)) => (Kind::CustomerId, number),
        (None, None) => return Ok(None),
    };
    let mut hasher = DefaultHasher::new();
    canonical::of(kind, value).hash(&mut hasher);
    Ok(term(Whose::Customer, kind, value)?.map(|term| (hasher.finish(), term)))
}

/// What the record can be found by: identifiers of the customer, and everybody who is mentioned.
fn terms(ticket: &Ticket, map: &PseudonymMap) -> Result<Vec<IndexTerm>, Error> {
    let mut terms: Vec<IndexTerm> = Vec::new();
    let mut add = |term: Option<IndexTerm>| {
        if let Some(term) = term
            && terms.len() < crypto_store::MAX_TERMS
            && !terms.contains(&term)
        {
            terms.push(term);
        }
    };
    if let Some(customer) = ticket.customer() {
        for (kind, value) in customer.known().expose() {
            add(term(Whose::Customer, kind, value)?);
        }
    }
    for tag in map.tags() {
        if let (Some(kind), Some(value)) = (tag.kind().kind(), map.expose(tag)) {
            add(term(Whose::Mention, kind, value)?);
        }
    }
    Ok(terms)
}

/// Whose identifier a term is. Who is only mentioned must never lead to the person who wrote.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Customer,
    Mention,
}

/// The index term of an identifier; kinds that identify nobody by themselves have none.
pub(super) fn term(whose: Whose, kind: Kind, value: &str) -> Result<Option<IndexTerm>, Error> {
    let (own, mention, value) = match kind {
        Kind::Email => ("email", "mentioned_email", canonical::email(value)),
        Kind::Phone => ("phone", "mentioned_phone", canonical::phone(value)),
        Kind::Person => ("name", "mentioned_name", canonical::name(value)),
        Kind::Order => ("order", "mentioned_order", canonical::order(value)),
        Kind::CustomerId => (
            "customer_id",
            "mentioned_customer_id",
            canonical::order(value),
        ),
        _ => return Ok(None),
    };
    if value.is_empty() || value.len() > crypto_store::MAX_TERM {
        return Ok(None);
    }
    let field = match whose {
        Whose::Customer => own,
        Whose::Mention => mention,
    };
    Ok(Some(IndexTerm::new(field, &value)?))
}
