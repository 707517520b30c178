//! `decide`: what a human did with a draft, the text to send, and the end of the session.

use crypto_store::Accessor;
use retention_policy::RecordId;
use suggest_core::{AgentApproval, Decision, Latency, Outcome, Review, UsageEvent, Week, decide};

use super::Desk;
use crate::desk::show::Shown;
use crate::{Error, Session};

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

    /// The approval: what a sending function should take, so that nothing else can be sent.
    #[must_use]
    pub const fn approval(&self) -> Option<&AgentApproval> {
        self.inner.approval()
    }

    /// The same, to be handed on.
    #[must_use]
    pub fn into_approval(self) -> Option<AgentApproval> {
        self.inner.into_approval()
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
    /// Carries out a human's decision about a draft they were shown. A reply that is sent ends the session and makes every
    /// other draft of the ticket stale; so does the decision about the last open draft. The session's unit key is destroyed
    /// then: nobody reads thread or map any more.
    ///
    /// Of several agents who decide at once one is first; the others get [`Error::is_stale`], and no text.
    ///
    /// # Errors
    /// [`Error::is_stale`] when the ticket has moved on, or the draft was decided; [`Error::ForeignDraft`];
    /// [`Error::is_denied`]; the store failed: show the draft again and repeat the decision.
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
        let viewed = (self.clock.monotonic() - shown.at)
            .to_std()
            .unwrap_or_default();
        let review = Review::new(&proposal.draft, &shown.restored, &shown.map, &self.detector);
        let inner = decide(review, &session.thread()?, decision)?;
        let sends = inner.approval().is_some();
        let session_closed = self.live.decides(session, proposal.record, sends)?;
        let took = (now - proposal.made).to_std().unwrap_or_default();
        let outcome = inner.outcome();
        let week = Week::of(now);
        let event = UsageEvent::new(&proposal.draft, outcome, week, Latency::of(took))
            .drafted_in(proposal.took)
            .viewed_for(viewed);
        let written = async {
            let key = proposal.record.to_bytes();
            let usage = self.count(by, event, &key, now).await?;
            if session_closed {
                let over = (session.record, session.unit);
                self.end_session(by, over, now).await?;
            }
            Ok(usage)
        };
        let usage = match written.await {
            Ok(usage) => usage,
            Err(error) => {
                self.live.undo(session, proposal.record);
                return Err(error);
            }
        };
        self.note_team(by, week, outcome, viewed);
        tracing::info!(
            draft = %proposal.record,
            outcome = outcome.code(),
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
