//! A stored session opened again, and which state of a ticket is the latest.

use std::sync::Arc;

use crypto_store::Accessor;
use redact::verify;
use retention_policy::{DueReason, Forget, RecordId, Timestamp, Trigger};
use suggest_core::{Fact, Stale};

use super::events::{Concerned, why_ends};
use super::live::Arrival;
use super::{Desk, REPLY};
use crate::session::{Body, SealedMessage, decode};
use crate::{Error, Session};

impl Desk {
    /// Opens a stored session again, for example after a restart.
    ///
    /// # Errors
    /// [`Error::is_expired`] when it is over or decided, [`Error::is_denied`], or a stored text that no longer passes
    /// the checks of today; [`Error::Stopped`].
    pub async fn session(&self, by: &Accessor, record: RecordId) -> Result<Session, Error> {
        let now = self.now()?;
        self.may_read(by.tenant(), REPLY.purpose())?;
        let opened = self.store.get(record, by, &REPLY, now).await?;
        let Body {
            place,
            facts: stated,
            messages: stored,
            map,
        } = decode(opened.expose())?;
        let mut facts = Vec::with_capacity(stated.len());
        for one in stated {
            let mut fact = Fact::new(one.kind, verify(one.value, &map, &self.detector)?);
            if let Some(about) = one.about {
                fact = fact.about(verify(about, &map, &self.detector)?);
            }
            if let Some(until) = one.until {
                fact = fact.valid_until(until);
            }
            facts.push(fact);
        }
        let mut messages = Vec::with_capacity(stored.len());
        for message in stored {
            messages.push(SealedMessage {
                author: message.author,
                at: message.at,
                text: verify(message.text, &map, &self.detector)?,
            });
        }
        let session = Session {
            tenant: by.tenant(),
            subject: opened.meta().subject(),
            record,
            unit: opened.unit(),
            meta: *opened.meta(),
            map: Arc::new(map),
            expires_at: opened.meta().expires_at(),
            messages,
            findings: Vec::new(),
            facts,
            place: Arc::new(place),
            already_stored: true,
        };
        self.latest(by, &session, now).await?;
        Ok(session)
    }

    /// Makes a session the latest of its ticket; the one before is shredded, and its drafts are stale.
    pub(super) async fn latest(
        &self,
        by: &Accessor,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), Error> {
        let over = match self.live.arrives(session, now) {
            Arrival::Latest(before) => before,
            Arrival::Late => Some(Concerned {
                id: session.record,
                unit: session.unit,
                meta: session.meta,
            }),
        };
        let late = over.is_some_and(|over| over.id == session.record);
        if let Some(over) = over {
            self.end_session(by, &over, now).await?;
            tracing::info!(record = %session.record, late, "an earlier state of the ticket is over");
        }
        if late {
            return Err(Stale.into());
        }
        Ok(())
    }

    /// Says that a ticket needs no draft any more, because it was answered elsewhere; one that was closed is told by
    /// [`Desk::ticket_closed`]. Its session is shredded, and its
    /// drafts are stale. Whether there was one is the answer.
    ///
    /// # Errors
    /// [`Error::is_denied`]; the store failed: the drafts are stale all the same.
    pub async fn answered_elsewhere(&self, by: &Accessor, ticket: &str) -> Result<bool, Error> {
        let now = self.now()?;
        match self.live.closes(by.tenant(), ticket) {
            None => Ok(false),
            Some(closed) => {
                let ended = self.end_session(by, &closed.session, now);
                ended.await.map(|()| true)
            }
        }
    }

    /// Shreds a session that may be gone already. Sinks are told once it is.
    pub(super) async fn end_session(
        &self,
        by: &Accessor,
        session: &Concerned,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.forget([(by.tenant(), Forget::Record(session.id))], now)
            .await?;
        let why = why_ends(by);
        match self.store.shred_unit(session.unit, by, &why, now).await {
            Ok(erased) => {
                // Nobody will answer this state of the ticket: that is what it was for.
                let over = DueReason::PurposeOver(Trigger::Discarded);
                self.will_prove(session, over, erased.receipt(), now);
                Ok(())
            }
            Err(error) if error.is_erased() || error.is_not_found() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
