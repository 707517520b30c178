//! How far the logs went, noted beside the keys: each of the two files tells when the other is older.

use crate::Error;
use crate::backend::{Backend, Head, KeyOp, Log};
use crate::keyring::{RowSeal, kind, store_key};
use crate::wire::{Reader, Writer};

const VERSION: u8 = 1;
const WHAT: &str = "the mark in keys.db";

/// Ends of the two logs, as far as this process knows or the note says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ends {
    /// Position and link of the last audit entry.
    pub(super) audit: Option<(u64, [u8; 32])>,
    /// Number of ledger entries.
    pub(super) ledger: u64,
}

impl Ends {
    /// What the note says; nothing where there is none.
    pub(super) async fn read(backend: &dyn Backend, seal: &RowSeal) -> Result<Self, Error> {
        let id = store_key(kind::MARK);
        let Some(note) = backend.key(id).await? else {
            return Ok(Ends::default());
        };
        let mut r = Reader::new(seal.open_beside(id, &note, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let audit = Some((r.u64()?, r.array()?));
        let ledger = r.u64()?;
        r.end()?;
        Ok(Ends { audit, ledger })
    }

    /// Moves on with what a commit appended.
    pub(super) fn advance(&mut self, heads: &[Head]) {
        for head in heads {
            match head.log {
                Log::Audit if self.audit.is_none_or(|(seq, _)| seq < head.seq) => {
                    self.audit = Some((head.seq, head.link));
                }
                Log::Ledger => self.ledger = self.ledger.max(head.seq + 1),
                Log::Audit => {}
            }
        }
    }

    /// The note to write; none before the first audit entry.
    pub(super) fn note(&self, seal: &RowSeal) -> Option<KeyOp> {
        let (seq, link) = self.audit?;
        let note = Writer::with_capacity(80)
            .u8(VERSION)
            .u64(seq)
            .fixed(&link)
            .u64(self.ledger)
            .done();
        let id = store_key(kind::MARK);
        Some(KeyOp::Set(id, seal.beside(id, note)))
    }

    /// Whether the audit lacks the entry that was noted: the records are older than the keys.
    pub(super) async fn is_cut_off(&self, backend: &dyn Backend) -> Result<bool, Error> {
        let Some((seq, link)) = self.audit else {
            return Ok(false);
        };
        let found = backend.log(Log::Audit, seq, 1).await?;
        Ok(found
            .first()
            .is_none_or(|row| row.seq != seq || row.link != link))
    }
}
