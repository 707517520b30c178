//! `suggest`: a checked draft, or the reason why there is none.

use std::time::Duration;

use crypto_store::{Accessor, NewRecord};
use gdpr_rights::{Permission, Refusal};
use retention_policy::{Category, Purpose, PurposeSet, RecordId, RecordMeta, Timestamp, Trigger};
use suggest_core::{Draft, Fact, NoSuggestion, Request, Suggestion, UsageEvent, Week};

use super::events::{listens, of_ticket};
use super::{Desk, REPLY};
use crate::{Error, Session};

mod stored;

pub(super) use stored::{Stored, decode};

use stored::encode;

/// A draft that lies sealed in the store and waits for a human.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub(crate) draft: Draft,
    pub(crate) record: RecordId,
    pub(crate) meta: RecordMeta,
    pub(crate) session: RecordId,
    pub(crate) made: Timestamp,
    /// How long the engine took.
    pub(crate) took: Duration,
}

impl Proposal {
    /// The draft: tags, no values.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Its sealed record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }
}

/// What `suggest` comes back with.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is a draft or there is none")]
pub enum Suggested {
    /// A draft.
    Draft(Box<Proposal>),
    /// None, and why. A normal result.
    None(Silence),
}

/// Why there is no draft.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Silence {
    /// The person objected, withdrew consent or has a restriction: nothing was drafted.
    NotPermitted(Refusal),
    /// The engine has none.
    Engine(NoSuggestion),
}

impl Silence {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPermitted(_) => "not_permitted",
            Self::Engine(none) => none.reason.code(),
        }
    }
}

impl Desk {
    /// Drafts a reply to the session's last message, checks it, and stores it sealed: redacted, for 28 days and 23 hours.
    ///
    /// # Errors
    /// [`Error::is_expired`] when the session is over or its person was erased; [`Error::is_stale`] when the ticket has moved
    /// on; [`Error::Stopped`]; [`Error::is_denied`]; the store failed. Everything that is wrong with a draft is no error but [`Suggested::None`].
    pub async fn suggest(&self, by: &Accessor, session: &Session) -> Result<Suggested, Error> {
        self.suggest_with(by, session, &[]).await
    }

    /// As [`Desk::suggest`], with facts the draft may state, such as the state of an order.
    ///
    /// # Errors
    /// As [`Desk::suggest`].
    pub async fn suggest_with(
        &self,
        by: &Accessor,
        session: &Session,
        facts: &[Fact],
    ) -> Result<Suggested, Error> {
        let now = self.now()?;
        self.may_write(by.tenant())?;
        if now >= session.expires_at {
            return Err(crypto_store::Error::Expired.into());
        }
        self.recall(by, &REPLY, session.subject, now).await?;
        let permission = self
            .consents()
            .may_run(session.subject, Purpose::DraftReply, self.basis);
        if let Permission::Refused(refusal) = permission {
            tracing::info!(record = %session.record, article = refusal.article(), "no draft: not permitted");
            return Ok(Suggested::None(Silence::NotPermitted(refusal)));
        }
        let thread = session.thread()?;
        let facts: Vec<Fact> = session.facts.iter().chain(facts).cloned().collect();
        let labels: Vec<&str> = session.place.labels.iter().map(String::as_str).collect();
        let (engine, switches) = (self.engine(), self.switches());
        let mut request = Request::new(&thread, &session.map, &self.detector, now)
            .with_facts(&facts)
            .with_labels(&labels)
            .with_switches(&switches);
        if let Some(channel) = &session.place.channel {
            request = request.with_channel(channel);
        }
        if let Some(style) = self.styles.get(&session.tenant) {
            request = request.with_style(style);
        }
        let before = self.clock.monotonic();
        let suggestion = engine.suggest(&request, self.model.as_deref()).await;
        let took = (self.clock.monotonic() - before)
            .to_std()
            .unwrap_or_default();
        let draft = match suggestion {
            Suggestion::Draft(draft) => *draft,
            Suggestion::None(none) => {
                tracing::info!(record = %session.record, reason = none.reason.code(), "no draft");
                let event = UsageEvent::silent(&none, Week::of(now)).drafted_in(took);
                self.count(by, event, &[], now).await?;
                return Ok(Suggested::None(Silence::Engine(none)));
            }
        };
        let reply = PurposeSet::only(Purpose::DraftReply);
        // What it has in common with those of others may be kept beyond its end, unless the person said no.
        let purposes = match self.may_improve(session.subject) {
            true => reply.with(Purpose::ImproveService),
            false => reply,
        };
        let (tenant, subject) = (session.tenant, session.subject);
        let meta = self.meta(tenant, subject, Category::Draft, purposes, now)?;
        let mut record = NewRecord::new(meta, encode(&draft)?.to_vec());
        let ticket = &session.place.ticket.0;
        if !ticket.is_empty() && listens(&self.policy(), Trigger::TicketClosed) {
            record = record.terms(vec![of_ticket(ticket)?]);
        }
        let record = self.store.put(record, by, &REPLY, now).await?.id();
        self.shelve(record, &meta, now).await?;
        // The thread may have moved on while a model was thinking: the draft is nobody's then, and expires.
        self.live.drafted(session, record, meta, now)?;
        tracing::info!(
            record = %session.record,
            draft = %record,
            source = draft.source().code(),
            citations = draft.citations().len(),
            "draft sealed"
        );
        Ok(Suggested::Draft(Box::new(Proposal {
            draft,
            record,
            meta,
            session: session.record,
            made: now,
            took,
        })))
    }
}
