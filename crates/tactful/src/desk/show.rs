//! `show`: real values for the agent, from the sealed map.

use std::fmt;

use chrono::TimeDelta;
use crypto_store::{Accessor, Store};
use redact::{PseudonymMap, Restored, restore, verify};
use retention_policy::{RecordId, Timestamp};

use super::{Desk, REPLY};
use crate::desk::suggest::Proposal;
use crate::session::{Body, decode};
use crate::{Error, Session};

/// A draft an agent has seen. Only [`Desk::show`] makes one, and [`Desk::decide`] takes one: nothing is accepted that
/// nobody was shown.
pub struct Shown {
    pub(crate) proposal: Proposal,
    pub(crate) restored: Restored,
    pub(crate) map: PseudonymMap,
    /// When it was shown, on the clock that only goes forward.
    pub(crate) at: TimeDelta,
}

impl Shown {
    /// The text with real values: personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.restored.expose()
    }

    /// The same with the report of what was restored.
    #[must_use]
    pub fn restored(&self) -> &Restored {
        &self.restored
    }

    /// The draft it shows.
    #[must_use]
    pub fn proposal(&self) -> &Proposal {
        &self.proposal
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("proposal", &self.proposal)
            .field("bytes", &self.restored.expose().len())
            .finish()
    }
}

impl Desk {
    /// Restores the real values of a draft. Writes nothing but one audit leaf.
    ///
    /// # Errors
    /// [`Error::is_stale`] when the ticket has moved on or the draft was decided; [`Error::is_expired`] when the session is
    /// over; [`Error::WrongMap`] or [`Error::ForeignDraft`] for a
    /// draft of another session; [`Error::Stopped`]; [`Error::is_denied`].
    pub async fn show(
        &self,
        by: &Accessor,
        session: &Session,
        proposal: &Proposal,
    ) -> Result<Shown, Error> {
        if proposal.session != session.record {
            return Err(Error::ForeignDraft);
        }
        let now = self.now()?;
        self.may_read(by.tenant(), REPLY.purpose())?;
        self.live.may_show(session, proposal.record)?;
        let map = self.map_of(by, session, now).await?;
        let restored = restore(proposal.draft.text(), &map)?;
        // While the map was fetched the thread may have moved on.
        self.live.may_show(session, proposal.record)?;
        tracing::info!(record = %session.record, draft = %proposal.record, "draft shown");
        Ok(Shown {
            proposal: proposal.clone(),
            restored,
            map,
            at: self.clock.monotonic(),
        })
    }
}

impl Desk {
    /// Restores a whole session thread from a store, this desk's own or a copy of its files, as of `at`.
    ///
    /// It is the way to prove what can be read and what cannot any more: open the copy with [`Store::open_copy`] and
    /// the keys there are, and ask for a time at which the session was still alive. The read is audited in that store.
    ///
    /// # Errors
    /// [`Error::is_expired`] when a key of the session is gone or `at` is after its end; otherwise as [`Desk::session`].
    pub async fn thread_in(
        &self,
        store: &Store,
        by: &Accessor,
        record: RecordId,
        at: Timestamp,
    ) -> Result<Vec<Restored>, Error> {
        let opened = store.get(record, by, &REPLY, at).await?;
        let Body { messages, map, .. } = decode(opened.expose())?;
        messages
            .into_iter()
            .map(|m| Ok(restore(&verify(m.text, &map, &self.detector)?, &map)?))
            .collect()
    }
}
