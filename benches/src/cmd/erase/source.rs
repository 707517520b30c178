//! What an integrator's systems have in common: they look, they erase, and somebody times them.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use tactful::gdpr_rights::request::case::Ground;
use tactful::gdpr_rights::request::certificate::Method;
use tactful::gdpr_rights::{Answer, ScanOrder, SourceId};
use tactful::{Correction, Customer, Export, Look, Person, PersonalDataSource, SourceFailed};

/// A system that holds personal data.
pub(super) trait System: Send {
    /// Items in which the person can still be found.
    fn held(&self, who: &Customer) -> io::Result<u64>;

    /// Destroys them, durably.
    fn erase(&mut self, who: &Customer) -> io::Result<()>;
}

/// A system as the desk asks it. Its own time is counted apart from the desk's.
pub(super) struct Source {
    id: SourceId,
    system: Mutex<Box<dyn System>>,
    /// Whether it says that it cannot erase.
    fails: bool,
    nanos: AtomicU64,
}

impl Source {
    pub(super) fn new(id: SourceId, system: Box<dyn System>, fails: bool) -> Arc<Self> {
        Arc::new(Source {
            id,
            system: Mutex::new(system),
            fails,
            nanos: AtomicU64::new(0),
        })
    }

    /// Time spent in it so far, in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.nanos.load(Ordering::Relaxed) as f64 / 1e9
    }

    fn ask<T>(&self, what: impl FnOnce(&mut dyn System) -> io::Result<T>) -> io::Result<T> {
        tokio::task::block_in_place(|| {
            let started = Instant::now();
            let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
            let done = what(&mut **system);
            let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.nanos.fetch_add(nanos, Ordering::Relaxed);
            done
        })
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.id.as_str())
    }
}

#[async_trait]
impl PersonalDataSource for Source {
    fn id(&self) -> SourceId {
        self.id.clone()
    }

    async fn scan(&self, order: &ScanOrder, person: &Person<'_>, _: Look<'_>) -> Answer {
        match self.ask(|system| system.held(person.identifiers)) {
            Ok(items) => Answer::found(&self.id, order.nonce(), items),
            Err(_) => Answer::failed(&self.id, order.nonce()),
        }
    }

    async fn erase(&self, person: &Person<'_>) -> Result<Method, SourceFailed> {
        if self.fails {
            return Err(SourceFailed);
        }
        self.ask(|system| system.erase(person.identifiers))
            .map(|()| Method::Deleted)
            .map_err(|_| SourceFailed)
    }

    // Nothing but erasure is measured here: a case that asks for more stays open.

    async fn export(&self, _: &Person<'_>) -> Result<Export, SourceFailed> {
        Err(SourceFailed)
    }

    async fn restrict(&self, _: &Person<'_>, _: Ground, _: bool) -> Result<(), SourceFailed> {
        Err(SourceFailed)
    }

    async fn rectify(&self, _: &Person<'_>, _: &Correction) -> Result<(), SourceFailed> {
        Err(SourceFailed)
    }
}

/// Every value a person is known by.
pub(super) fn identifiers(who: &Customer) -> impl Iterator<Item = &str> {
    [
        &who.names,
        &who.emails,
        &who.phones,
        &who.addresses,
        &who.orders,
        &who.customer_ids,
    ]
    .into_iter()
    .flatten()
    .map(String::as_str)
}

/// Puts a new file in the place of another, durably but for the folder's entry.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(&fresh, path)
}

/// Makes a folder's entries durable.
pub(super) fn sync_folder(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}
