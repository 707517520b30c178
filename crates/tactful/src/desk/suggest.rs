//! `suggest`: a checked draft, or the reason why there is none.

use std::time::Duration;

use crypto_store::{Accessor, NewRecord};
use gdpr_rights::{Permission, Refusal};
use redact::MapId;
use retention_policy::{Category, Purpose, RecordId, RecordMeta, Timestamp, Trigger};
use suggest_core::{Draft, Fact, NoSuggestion, Request, Suggestion, UsageEvent, Week};
use zeroize::Zeroizing;

use super::events::{listens, of_ticket};
use super::{Desk, REPLY};
use crate::{Error, Session};

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

/// Version byte of a stored draft.
const VERSION: u8 = 0;
/// Bytes that say which message it answers.
const ANSWERS: usize = size_of::<u64>();
/// Locale, source, intent, citations, text.
const FIELDS: usize = 5;

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
        let meta = self.meta(
            session.tenant,
            session.subject,
            Category::Draft,
            Purpose::DraftReply,
            now,
        )?;
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

/// The map and the text of a stored draft.
pub(super) fn decode(bytes: &[u8]) -> Result<(MapId, &str), Error> {
    let damaged = Error::DamagedSession;
    let Some(([VERSION], rest)) = bytes.split_first_chunk::<1>() else {
        return Err(damaged);
    };
    let Some((map, rest)) = rest.split_first_chunk::<16>() else {
        return Err(damaged);
    };
    let Some((_, mut rest)) = rest.split_first_chunk::<ANSWERS>() else {
        return Err(damaged);
    };
    let mut text: &[u8] = &[];
    for _ in 0..FIELDS {
        let Some((len, after)) = rest.split_first_chunk::<4>() else {
            return Err(damaged);
        };
        let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| Error::DamagedSession)?;
        let Some((field, after)) = after.split_at_checked(len) else {
            return Err(damaged);
        };
        (text, rest) = (field, after);
    }
    match std::str::from_utf8(text) {
        Ok(text) if rest.is_empty() => Ok((MapId(*map), text)),
        _ => Err(damaged),
    }
}

/// The body of a draft record: the map its tags belong to, the thread it answers, how it was made, sources, text.
fn encode(draft: &Draft) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut out = Zeroizing::new(vec![VERSION]);
    out.extend_from_slice(&draft.map_id().0);
    out.extend_from_slice(&draft.answers().to_be_bytes());
    let mut field = |text: &str| -> Result<(), Error> {
        let len = u32::try_from(text.len()).map_err(|_| Error::TooLarge { bytes: text.len() })?;
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(text.as_bytes());
        Ok(())
    };
    field(draft.locale().code())?;
    field(draft.source().code())?;
    field(draft.intent().map_or("", |i| i.code()))?;
    field(&draft.citations().join("\n"))?;
    field(draft.text().as_str())?;
    Ok(out)
}
