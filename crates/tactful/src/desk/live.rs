//! Which session is the latest of its ticket, and which of its drafts wait: what is stale is decided here, in one place and one
//! step, so that of two things that happen at once one comes first.
//!
//! A draft that can be shown was made in this process, so nothing of this needs to be stored: a session that is opened again
//! brings its ticket with it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use retention_policy::{RecordId, RecordMeta, TenantId, Timestamp, UnitId};
use suggest_core::Stale;

use super::events::Concerned;
use crate::Session;

/// A ticket of a client.
type Ticket = (TenantId, String);

struct Current {
    session: RecordId,
    unit: UnitId,
    meta: RecordMeta,
    /// When somebody worked on it for the last time.
    active: Timestamp,
    /// Of two states of one ticket the longer thread is the later one.
    messages: usize,
    expires_at: Timestamp,
    /// Somebody has sent a reply, or the helpdesk says that the ticket is over.
    closed: bool,
    /// Drafts that nobody has decided.
    open: BTreeMap<RecordId, RecordMeta>,
}

impl Current {
    fn drafts(&self) -> Vec<Concerned> {
        let open = self.open.iter();
        open.map(|(id, meta)| Concerned::alone(*id, *meta))
            .collect()
    }
}

/// What a decision makes of a session.
pub(crate) struct Decides {
    /// It is over.
    pub(crate) closed: bool,
    /// Other drafts that nobody can show any more.
    pub(crate) stale: Vec<Concerned>,
}

/// A session that needs no draft any more, and those that waited.
pub(crate) struct Closed {
    pub(crate) session: Concerned,
    pub(crate) drafts: Vec<Concerned>,
}

/// The latest session of every ticket that is at work.
#[derive(Default)]
pub(crate) struct Live(Mutex<BTreeMap<Ticket, Current>>);

/// What a session that came in makes of the one before.
pub(crate) enum Arrival {
    /// It is the latest; the one before, if there was one, is over.
    Latest(Option<Concerned>),
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
            Some(current) => Some(Concerned {
                id: current.session,
                unit: current.unit,
                meta: current.meta,
            }),
            None => None,
        };
        let current = Current {
            session: session.record,
            unit: session.unit,
            meta: session.meta,
            active: now,
            messages,
            expires_at: session.expires_at,
            closed: false,
            open: BTreeMap::new(),
        };
        all.insert(key, current);
        Arrival::Latest(before)
    }

    /// A draft was made.
    pub(crate) fn drafted(
        &self,
        session: &Session,
        draft: RecordId,
        meta: RecordMeta,
        now: Timestamp,
    ) -> Result<(), Stale> {
        self.with(session, |current| {
            current.active = now;
            current.open.insert(draft, meta);
            Ok(())
        })
    }

    /// Whether a draft may be shown.
    pub(crate) fn may_show(&self, session: &Session, draft: RecordId) -> Result<(), Stale> {
        self.with(session, |current| {
            current.open.contains_key(&draft).then_some(()).ok_or(Stale)
        })
    }

    /// Takes a draft as decided; a reply that is sent makes all others of the ticket stale. Says whether the session is over
    /// with it.
    pub(crate) fn decides(
        &self,
        session: &Session,
        draft: RecordId,
        sends: bool,
    ) -> Result<Decides, Stale> {
        self.with(session, |current| {
            current.open.remove(&draft).ok_or(Stale)?;
            current.closed = sends || current.open.is_empty();
            Ok(Decides {
                closed: current.closed,
                stale: match sends {
                    true => current.drafts(),
                    false => Vec::new(),
                },
            })
        })
    }

    /// Takes a decision back that could not be written down, so that it can be repeated. The other drafts of a reply that was
    /// not sent wait again.
    pub(crate) fn undo(&self, session: &Session, draft: RecordId, meta: RecordMeta) {
        if let Some(current) = self.lock().get_mut(&key(session))
            && current.session == session.record
        {
            current.open.insert(draft, meta);
            current.closed = false;
        }
    }

    /// The helpdesk says that a ticket needs no draft any more: its session, where it has a living one.
    pub(crate) fn closes(&self, tenant: TenantId, ticket: &str) -> Option<Closed> {
        let mut all = self.lock();
        let current = all.get_mut(&(tenant, format!("ticket {ticket}")))?;
        let living = !std::mem::replace(&mut current.closed, true);
        living.then(|| Closed {
            session: Concerned {
                id: current.session,
                unit: current.unit,
                meta: current.meta,
            },
            drafts: current.drafts(),
        })
    }

    /// When somebody worked on the sessions and open drafts of a client for the last time.
    pub(crate) fn activity(&self, tenant: TenantId) -> BTreeMap<RecordId, Timestamp> {
        let all = self.lock();
        let own = all.iter().filter(|((of, _), _)| *of == tenant);
        own.flat_map(|(_, current)| {
            let records = current.open.keys().copied().chain([current.session]);
            records.map(|id| (id, current.active))
        })
        .collect()
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
