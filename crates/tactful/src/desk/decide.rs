//! `decide`: what a human did with a draft, the text to send, and the end of the session.

use std::sync::atomic::Ordering;

use crypto_store::{Accessor, NewRecord, Reason};
use retention_policy::{Category, Purpose, RecordId, SubjectId};
use suggest_core::{Decision, Latency, Outcome, UsageEvent, Week, decide};

use super::{Desk, REPLY};
use crate::desk::show::Shown;
use crate::{Error, Session};

/// Usage is counted to improve the service; nobody is in it.
const IMPROVE: Reason = Reason::new(Purpose::ImproveService);

/// A decision that is durable. Debug hides the text.
#[derive(Debug)]
pub struct Decided {
    inner: suggest_core::Decided,
    usage: RecordId,
    session_closed: bool,
}

impl Decided {
    /// The text to send, with real values; none when the draft was discarded. A human sends it.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        self.inner.expose()
    }

    /// What may be counted.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.inner.outcome()
    }

    /// The usage record, which holds no person.
    #[must_use]
    pub fn usage(&self) -> RecordId {
        self.usage
    }

    /// Whether this was the last open draft: thread and map are shredded then.
    #[must_use]
    pub fn session_closed(&self) -> bool {
        self.session_closed
    }
}

impl Desk {
    /// Carries out a human's decision about a draft they were shown. When no other draft of the session is open, the
    /// session's unit key is destroyed: nobody reads thread or map any more.
    ///
    /// The decision counts once, however often it is repeated.
    ///
    /// # Errors
    /// [`Error::ForeignDraft`], [`Error::is_denied`]; the store failed: the decision may be repeated.
    pub async fn decide(
        &self,
        by: &Accessor,
        session: &Session,
        shown: Shown,
        decision: Decision,
    ) -> Result<Decided, Error> {
        let proposal = &shown.proposal;
        if proposal.session != session.record {
            return Err(Error::ForeignDraft);
        }
        let now = self.now()?;
        let inner = decide(&shown.restored, decision);
        let took = (now - proposal.made).to_std().unwrap_or_default();
        let event = UsageEvent::new(
            &proposal.draft,
            inner.outcome(),
            Week::of(now),
            Latency::of(took),
        );
        // A subject of its own: the record means nobody.
        let nobody = SubjectId::from_random(self.random()?);
        let meta = self.meta(
            session.tenant,
            nobody,
            Category::Usage,
            Purpose::ImproveService,
            now,
        )?;
        let record = NewRecord::new(meta, event.to_line().into_bytes())
            .idempotency_key(&proposal.record.to_bytes());
        let usage = self.store.put(record, by, &IMPROVE, now).await?.id();
        let open = session
            .open
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| {
                Some(n.saturating_sub(1))
            })
            .unwrap_or_default();
        let session_closed = open <= 1;
        if session_closed {
            match self.store.shred_unit(session.unit, by, &REPLY, now).await {
                Ok(_) => {}
                // A repeated decision finds it gone.
                Err(error) if error.is_erased() || error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        tracing::info!(
            draft = %proposal.record,
            outcome = inner.outcome().code(),
            session_closed,
            "draft decided"
        );
        Ok(Decided {
            inner,
            usage,
            session_closed,
        })
    }
}
