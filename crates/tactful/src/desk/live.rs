//! Which session is the latest of its ticket, and which of its drafts wait: what is stale is decided here, in one place and one
//! step, so that of two things that happen at once one comes first.
//!
//! A draft that can be shown was made in this process, so nothing of this needs to be stored: a session that is opened again
//! brings its ticket with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use retention_policy::{RecordId, TenantId, Timestamp, UnitId};
use suggest_core::Stale;

use crate::Session;

/// A ticket of a client.
type Ticket = (TenantId, String);

struct Current {
    session: RecordId,
    unit: UnitId,
    /// Of two states of one ticket the longer thread is the later one.
    messages: usize,
    expires_at: Timestamp,
    /// Somebody has sent a reply, or the helpdesk says that the ticket is over.
    closed: bool,
    /// Drafts that nobody has decided.
    open: BTreeSet<RecordId>,
}

/// The latest session of every ticket that is at work.
#[derive(Default)]
pub(crate) struct Live(Mutex<BTreeMap<Ticket, Current>>);

/// What a session that came in makes of the one before.
pub(crate) enum Arrival {
    /// It is the latest; the one before, if there was one, is over.
    Latest(Option<(RecordId, UnitId)>),
    /// A later state of the ticket has come in already.
    Late,
}

impl Live {
    /// A session has come in, or was opened again.
    pub(crate) fn arrives(&self, session: &Session, now: Timestamp) -> Arrival {
        let mut all = self.lock();
        all.retain(|_, current| now < current.expires_at);
        let key = key(session);
        let messages = session.messages.len();
        let before = match all.get(&key) {
            Some(current) if current.session == session.record => return Arrival::Latest(None),
            Some(current) if current.messages > messages => return Arrival::Late,
            Some(current) if current.closed => None,
            Some(current) => Some((current.session, current.unit)),
            None => None,
        };
        let current = Current {
            session: session.record,
            unit: session.unit,
            messages,
            expires_at: session.expires_at,
            closed: false,
            open: BTreeSet::new(),
        };
        all.insert(key, current);
        Arrival::Latest(before)
    }

    /// A draft was made.
    pub(crate) fn drafted(&self, session: &Session, draft: RecordId) -> Result<(), Stale> {
        self.with(session, |current| {
            current.open.insert(draft);
            Ok(())
        })
    }

    /// Whether a draft may be shown.
    pub(crate) fn may_show(&self, session: &Session, draft: RecordId) -> Result<(), Stale> {
        self.with(session, |current| {
            current.open.contains(&draft).then_some(()).ok_or(Stale)
        })
    }

    /// Takes a draft as decided; a reply that is sent makes all others of the ticket stale. Says whether the session is over
    /// with it.
    pub(crate) fn decides(
        &self,
        session: &Session,
        draft: RecordId,
        sends: bool,
    ) -> Result<bool, Stale> {
        self.with(session, |current| {
            if !current.open.remove(&draft) {
                return Err(Stale);
            }
            current.closed = sends || current.open.is_empty();
            Ok(current.closed)
        })
    }

    /// Takes a decision back that could not be written down, so that it can be repeated. The other drafts of a reply that was
    /// not sent wait again.
    pub(crate) fn undo(&self, session: &Session, draft: RecordId) {
        if let Some(current) = self.lock().get_mut(&key(session))
            && current.session == session.record
        {
            current.open.insert(draft);
            current.closed = false;
        }
    }

    /// The helpdesk says that a ticket needs no draft any more: its session, where it has a living one.
    pub(crate) fn closes(&self, tenant: TenantId, ticket: &str) -> Option<(RecordId, UnitId)> {
        let mut all = self.lock();
        let current = all.get_mut(&(tenant, format!("ticket {ticket}")))?;
        let living = !std::mem::replace(&mut current.closed, true);
        living.then_some((current.session, current.unit))
    }

    fn with<T>(
        &self,
        session: &Session,
        then: impl FnOnce(&mut Current) -> Result<T, Stale>,
    ) -> Result<T, Stale> {
        let mut all = self.lock();
        let current = all.get_mut(&key(session)).ok_or(Stale)?;
        if current.session != session.record || current.closed {
            return Err(Stale);
        }
        then(current)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Ticket, Current>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sessions stored before tickets were, each a ticket of its own.
fn key(session: &Session) -> Ticket {
    let ticket = match session.place.ticket.0.as_str() {
        "" => format!("session {}", session.record),
        ticket => format!("ticket {ticket}"),
    };
    (session.tenant, ticket)
}
