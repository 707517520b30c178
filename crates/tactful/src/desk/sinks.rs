//! Every ending is told to every sink until it says that it forgot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crypto_store::IndexTerm;
use retention_policy::{
    Forget, Notice, Pending, RecordId, SinkId, SinkKind, Sinks, TenantId, Timestamp,
};

use super::Desk;
use super::house::{desk_itself, house, join, split};
use crate::{Error, Sink};

mod tell;

/// The sinks of a desk and what they owe.
#[derive(Default)]
pub(crate) struct Told {
    sinks: Vec<Arc<dyn Sink>>,
    /// One after the other is told.
    turn: tokio::sync::Mutex<()>,
    /// Numbers are given out in the order in which notices are opened.
    opening: tokio::sync::Mutex<()>,
    owed: Mutex<Owed>,
}

#[derive(Default)]
struct Owed {
    /// None where nobody was ever registered.
    ledger: Option<Sinks>,
    /// Where each open notice is written down.
    kept: BTreeMap<u64, RecordId>,
    last: u64,
    /// Notices about records that were looked for and are gone.
    gone: BTreeSet<u64>,
}

impl Told {
    fn owed(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn pending(&self, now: Timestamp) -> Vec<Pending> {
        let owed = self.owed();
        let ledger = owed.ledger.as_ref();
        ledger.map(|ledger| ledger.pending(now)).unwrap_or_default()
    }

    /// One that is not can never answer.
    pub(crate) fn is_registered(&self, sink: SinkId) -> bool {
        self.sinks.iter().any(|one| one.id() == sink)
    }

    /// The very same is open.
    fn is_open(&self, tenant: TenantId, what: Forget) -> bool {
        let owed = self.owed();
        let mut open = owed.ledger.iter().flat_map(Sinks::open_notices);
        open.any(|notice| notice.tenant == tenant && notice.what == what)
    }
}

impl Desk {
    /// Takes up what was open when the desk was closed, or killed.
    pub(crate) async fn resume_sinks(
        &mut self,
        sinks: Vec<Arc<dyn Sink>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut known: BTreeMap<SinkId, SinkKind> = BTreeMap::new();
        for sink in &sinks {
            if known.insert(sink.id(), sink.kind()).is_some() {
                let sink = sink.id();
                return Err(retention_policy::Error::SinkTwice { sink }.into());
            }
        }
        let mut open = BTreeMap::new();
        for (record, body) in self.kept(&desk_itself(), &open_term()?, now).await? {
            let mut pieces = split(&body)?.into_iter();
            let notice = Notice::from_bytes(&pieces.next().ok_or(Error::DamagedProof)?)?;
            for name in pieces {
                let name = std::str::from_utf8(&name).map_err(|_| Error::DamagedProof)?;
                // One that is not registered any more still owes its answer, and stays visible.
                known
                    .entry(SinkId::new(name)?)
                    .or_insert(SinkKind::External);
            }
            open.insert(notice.serial, (notice, record));
        }
        let mut owed = Owed::default();
        if !known.is_empty() {
            let mut ledger = Sinks::new(known)?;
            for (serial, (notice, record)) in open {
                ledger.open(notice)?;
                owed.kept.insert(serial, record);
                owed.last = serial;
            }
            owed.ledger = Some(ledger);
        }
        self.upkeep.told = Told {
            sinks,
            turn: tokio::sync::Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            owed: Mutex::new(owed),
        };
        Ok(())
    }

    /// Whether somebody is to be told at all.
    pub(crate) fn has_sinks(&self) -> bool {
        !self.upkeep.told.sinks.is_empty()
    }

    /// Opens notices, durable when this returns. Nobody is told yet.
    pub(crate) async fn forget(
        &self,
        what: impl IntoIterator<Item = (TenantId, Forget)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let told = &self.upkeep.told;
        if !self.has_sinks() {
            return Ok(());
        }
        let _one = told.opening.lock().await;
        let wanted: BTreeMap<_, _> = what
            .into_iter()
            .map(|(tenant, what)| (format!("{tenant} {what:?}"), (tenant, what)))
            .collect();
        for (tenant, what) in wanted.into_values() {
            // No sink holds a copy of what is the desk's own.
            if tenant == house() || told.is_open(tenant, what) {
                continue;
            }
            let serial = {
                let mut owed = told.owed();
                let by_clock = u64::try_from(now.timestamp_micros()).unwrap_or_default();
                owed.last = by_clock.max(owed.last.saturating_add(1));
                owed.last
            };
            let at = Timestamp::from_timestamp(now.timestamp(), 0).unwrap_or(now);
            let notice = Notice {
                serial,
                tenant,
                what,
                at,
            };
            let mut pieces = vec![notice.to_bytes()];
            pieces.extend(
                told.sinks
                    .iter()
                    .map(|sink| sink.id().as_str().as_bytes().to_vec()),
            );
            let once = [&b"notice"[..], &serial.to_be_bytes()].concat();
            let record = self
                .keep_own(join(&pieces)?, vec![open_term()?], &once, now)
                .await?;
            let mut owed = told.owed();
            if let Some(ledger) = &mut owed.ledger {
                ledger.open(notice)?;
                owed.kept.insert(serial, record);
            }
        }
        Ok(())
    }
}

/// What open notices are found by.
fn open_term() -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("sink_notice", "open")?)
}
