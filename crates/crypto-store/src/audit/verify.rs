//! Recomputes the logs.

use subtle::ConstantTimeEq;

use super::AuditEntry;
use super::tree::{Frontier, Hash, leaf_hash};
use crate::backend::{Backend, Link, Log};
use crate::ledger::LedgerEntry;
use crate::{Error, Key32, crypt};

/// Entries read at a time.
const PAGE: usize = 4096;

/// What a recomputation of audit and ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditReport {
    /// Entries of the audit.
    pub entries: u64,
    /// Root of the tree over them (RFC 6962).
    pub root: Hash,
    /// The first entry of the audit that was altered, moved or removed.
    pub broken: Option<u64>,
    /// Entries of the erasure ledger.
    pub ledger_entries: u64,
    /// The first entry of the ledger that was altered, moved or removed.
    pub ledger_broken: Option<u64>,
    /// The log ends before an entry that `keys.db` remembers: its end was cut off or an older file was put back.
    pub cut_off: bool,
}

impl AuditReport {
    /// True if every entry is what and where it was written.
    pub fn is_intact(&self) -> bool {
        self.broken.is_none() && self.ledger_broken.is_none() && !self.cut_off
    }
}

/// Links entries by HMAC-SHA256 under the store's audit key: without the key nobody can alter an entry and mend the chain.
#[derive(Debug)]
pub(crate) struct Chain(pub(crate) Key32);

impl Link for Chain {
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32] {
        let label: &[u8] = match log {
            Log::Audit => b"tactful crypto-store audit v0",
            Log::Ledger => b"tactful crypto-store ledger v0",
        };
        crypt::hmac(
            self.0.expose(),
            &[label, previous, &seq.to_be_bytes(), &leaf_hash(value)],
        )
    }
}

/// Recomputes one log: entries, root, first broken entry.
pub(crate) async fn recompute(
    backend: &dyn Backend,
    chain: &Chain,
    log: Log,
    mut each: impl FnMut(u64, &[u8]) + Send,
) -> Result<(u64, Hash, Option<u64>), Error> {
    let (mut tree, mut previous, mut broken, mut from) = (Frontier::default(), [0; 32], None, 0);
    loop {
        let page = backend.log(log, from, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok((tree.size(), tree.root(), broken));
        };
        from = last.seq.saturating_add(1);
        for row in page {
            let expected = tree.size();
            let link = chain.link(log, &previous, expected, &row.value);
            let readable = match log {
                Log::Audit => AuditEntry::from_bytes(&row.value).is_ok(),
                Log::Ledger => LedgerEntry::from_bytes(&row.value).is_ok(),
            };
            if broken.is_none()
                && (row.seq != expected || !readable || !bool::from(link.ct_eq(&row.link)))
            {
                broken = Some(expected);
            }
            each(row.seq, &row.value);
            tree.push(leaf_hash(&row.value));
            previous = row.link;
        }
    }
}
