//! From an identifier to a person, and from the audit to the time.

use std::collections::BTreeSet;

use retention_policy::{SubjectId, Timestamp};

use super::Store;
use super::mark::Ends;
use super::row::Head;
use crate::audit::AuditEntry;
use crate::backend::Log;
use crate::{Accessor, Error, IndexTerm, Reason};

/// Audit entries read at a time.
const PAGE: usize = 4096;

impl Store {
    /// The person whose living records carry a term; the oldest record's where there are several. Nothing is decrypted.
    ///
    /// Use fields that only the person's own identifiers are stored under: a term of a mention leads to the person whose
    /// record mentions it.
    ///
    /// # Errors
    /// As [`find`](Self::find), whose one audit entry it writes.
    pub async fn find_subject(
        &self,
        term: &IndexTerm,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Option<SubjectId>, Error> {
        for id in self.find(term, by, why, now).await? {
            if let Some(row) = self.own_row(id, by).await? {
                return Ok(Some(Head::from_row(&row)?.0.meta.subject()));
            }
        }
        Ok(None)
    }

    /// All persons whose living records carry a term, each once: one identifier may have led to several before they were
    /// [linked](Self::link). Nothing is decrypted.
    ///
    /// # Errors
    /// As [`find`](Self::find), whose one audit entry it writes.
    pub async fn find_subjects(
        &self,
        term: &IndexTerm,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<BTreeSet<SubjectId>, Error> {
        let mut found = BTreeSet::new();
        for id in self.find(term, by, why, now).await? {
            if let Some(row) = self.own_row(id, by).await? {
                found.insert(Head::from_row(&row)?.0.meta.subject());
            }
        }
        Ok(found)
    }

    /// The time of the last audit entry, by which a clock that went back is noticed after a restart.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for an entry that cannot be read, [`Error::Database`], [`Error::Closed`].
    pub async fn last_seen(&self) -> Result<Option<Timestamp>, Error> {
        // The mark beside the keys is never far behind the end, so a long audit is not read from its beginning.
        let noted = Ends::read(&*self.backend, &self.seal).await?;
        let mut from = noted.audit.map_or(0, |(seq, _)| seq);
        let mut last = None;
        loop {
            let rows = self.backend.log(Log::Audit, from, PAGE).await?;
            let Some(row) = rows.last() else {
                return Ok(last);
            };
            last = Some(AuditEntry::from_bytes(&row.value)?.at());
            if rows.len() < PAGE {
                return Ok(last);
            }
            from = row.seq + 1;
        }
    }
}
