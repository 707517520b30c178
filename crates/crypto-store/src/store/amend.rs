//! Taking something out of a record that stays: it is sealed again without it, and the key of what it was goes.

use std::collections::BTreeSet;
use std::fmt;

use retention_policy::{Action, RecordId, Timestamp};
use zeroize::Zeroizing;

use super::early::RecordPhase;
use super::put::term_value;
use super::read::{PAGE, term_keys};
use super::row::{Head, pair};
use super::{Erased, StopAt, Store, allowed, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, KeyId, KeyOp, Op, Row, Scan, Table};
use crate::entropy::draw;
use crate::envelope::{self, MAX_BODY, RecordKeys};
use crate::index::MAX_TERMS;
use crate::keyring::{index_key, kind, unit_key};
use crate::{Accessor, Error, IndexTerm, Reason};

/// Attempts against others who change the same record.
const ROUNDS: usize = 4;

/// What a record is to be: another body, and terms that it loses or gains.
pub struct Amendment {
    body: Zeroizing<Vec<u8>>,
    without: Vec<IndexTerm>,
    with: Vec<IndexTerm>,
}

impl Amendment {
    /// Another body; it is found by what it was found by.
    pub fn new(body: Vec<u8>) -> Self {
        Amendment {
            body: Zeroizing::new(body),
            without: Vec::new(),
            with: Vec::new(),
        }
    }

    /// What the record is not to be found by any more.
    #[must_use]
    pub fn without(mut self, terms: Vec<IndexTerm>) -> Self {
        self.without = terms;
        self
    }

    /// What it is to be found by as well.
    #[must_use]
    pub fn with(mut self, terms: Vec<IndexTerm>) -> Self {
        self.with = terms;
        self
    }
}

impl fmt::Debug for Amendment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Amendment({} bytes, {} terms less, {} more)",
            self.body.len(),
            self.without.len(),
            self.with.len()
        )
    }
}

/// A record, with what it is sealed again as.
struct Again {
    row: Row,
    head: Head,
    body: Zeroizing<Vec<u8>>,
}

impl Store {
    /// Seals a record again as something else: for who is only mentioned in it and is to be erased (article 17), or for what
    /// is to be corrected (article 16). Id, person, purposes and expiry stay.
    ///
    /// The new body has a key of its own and the earlier key is destroyed, so that a copy of the files from before opens
    /// with no key that survives. Records that share its unit get the new key too, with the content they had.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`] unless the role may erase for this purpose, [`Error::Expired`],
    /// [`Error::AlreadyErased`], [`Error::Held`], [`Error::TooLarge`], [`Error::Conflict`], [`Error::ReadOnly`],
    /// [`Error::Database`], [`Error::Entropy`].
    pub async fn amend(
        &self,
        id: RecordId,
        change: Amendment,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        self.writable()?;
        for (len, limit) in [
            (change.body.len(), MAX_BODY),
            (change.with.len(), MAX_TERMS),
        ] {
            if len > limit {
                return Err(Error::TooLarge { len, limit });
            }
        }
        for _ in 0..ROUNDS {
            match self.try_amend(id, &change, by, why, now).await {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        Err(Error::Conflict)
    }

    async fn try_amend(
        &self,
        id: RecordId,
        change: &Amendment,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        let entry = AuditEntry {
            object: self.blind(kind::RECORD, &id.to_bytes()),
            ..self.entry(Action::Erase, by, why, now)
        };
        // A record that came into the unit meanwhile would lose its key.
        let _alone = self.units.write().await;
        let Some(row) = self.own_row(id, by).await? else {
            return Err(self.refuse(entry, Error::NotFound).await);
        };
        let (head, ..) = Head::from_row(&row)?;
        let entry = AuditEntry {
            subject: self.blind_subject(head.meta.subject()),
            ..entry
        };
        // Read before the holds: a hold that is placed in between changes it and the commit is refused.
        let unheld = self.holds_unchanged(by.tenant()).await?;
        if let Some(error) = self.refusal(&head, by, why, now).await? {
            return Err(self.refuse(entry, error).await);
        }
        let tenant = self.ring.tenant(by.tenant(), now).await?;
        let mut dropped = BTreeSet::new();
        for term in &change.without {
            for epoch in tenant.state.index_epochs() {
                let index = index_key(by.tenant(), term.field(), epoch);
                if let Some(key) = self.ring.get(&tenant, index, now).await? {
                    dropped.insert(term.blind(&key));
                }
            }
        }
        let index = |term: &IndexTerm| index_key(by.tenant(), term.field(), tenant.state.index);
        let ids: Vec<KeyId> = change.with.iter().map(index).collect();
        let keys = self
            .ring
            .get_or_make(&tenant, &ids, None, self.mark(), now)
            .await?;
        let added = change.with.iter().zip(&keys);
        let added: Vec<[u8; 16]> = added.map(|(term, key)| term.blind(key)).collect();

        let unit_ref = draw(&*self.entropy)?;
        let fresh = unit_key(by.tenant(), &unit_ref);
        let mut ops = vec![unheld];
        for again in self.together(row, &change.body, by, now).await? {
            let Again { row, head, body } = again;
            ops.extend(head.gone_keys().into_iter().map(not_gone));
            ops.push(Op::Require(
                Table::Records,
                row.key,
                Expect::Value(row.value),
            ));
            let mut next = Head {
                unit_ref,
                version: head.version.saturating_add(1),
                ..head.clone()
            };
            if head.id == id {
                next.terms.retain(|term| !dropped.contains(term));
                next.terms.extend(&added);
                next.terms.sort_unstable();
                next.terms.dedup();
                if next.terms.len() > MAX_TERMS {
                    return Err(Error::TooLarge {
                        len: next.terms.len(),
                        limit: MAX_TERMS,
                    });
                }
            }
            let ids = [next.subject_key(), next.bucket_key(), fresh];
            let keys = self
                .ring
                .get_or_make(&tenant, &ids, None, self.mark(), now)
                .await?;
            let [subject, bucket, unit] = keys.as_slice() else {
                return Err(Error::Conflict);
            };
            let keys = RecordKeys {
                subject,
                bucket,
                unit,
            };
            let random = draw(&*self.entropy)?;
            let sealed = envelope::seal(keys, &next.identity(), &body, &random)?;
            let before: BTreeSet<Vec<u8>> = term_keys(&head).collect();
            let after: BTreeSet<Vec<u8>> = term_keys(&next).collect();
            let gone = before.difference(&after).cloned();
            ops.extend(gone.map(|key| Op::Delete(Table::Terms, key)));
            let value = term_value(&next);
            ops.extend(after.difference(&before).map(|key| {
                let row = Row {
                    key: key.clone(),
                    value: value.clone(),
                    ..Row::default()
                };
                Op::Put(Table::Terms, row)
            }));
            ops.push(Op::Put(Table::Records, next.into_row(&sealed)));
        }
        self.stop_at(StopAt::KeysWritten)?;
        let amended = self
            .erase(Vec::new(), vec![head.unit_key()], ops, entry, now)
            .await;
        if let Err(Error::Conflict) = amended {
            // Nothing was written under the key that was made for it.
            self.backend
                .change_keys(vec![KeyOp::Destroy(fresh)])
                .await?;
            self.ring.forget(&[fresh]);
        }
        amended
    }

    async fn refusal(
        &self,
        head: &Head,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Option<Error>, Error> {
        if !allowed(Action::Erase, by, why, head.meta.category()) {
            return Ok(Some(Error::Denied));
        }
        let early = self.early_of(std::slice::from_ref(head)).await?;
        let early = early.get(&head.id).copied().unwrap_or_default();
        match early.phase(&head.meta, now) {
            RecordPhase::Over(_) => return Ok(Some(Error::Expired)),
            RecordPhase::Archived(readers) if !readers.contains(by.role()) => {
                return Ok(Some(Error::Denied));
            }
            _ => {}
        }
        if self.is_gone(&head.gone_keys()).await? {
            return Ok(Some(Error::AlreadyErased));
        }
        let holds = self.holds_on(head).await?;
        Ok((!holds.is_empty()).then_some(Error::Held))
    }

    /// The record with its new body, and with theirs those that depend on the same unit key.
    async fn together(
        &self,
        row: Row,
        body: &Zeroizing<Vec<u8>>,
        by: &Accessor,
        now: Timestamp,
    ) -> Result<Vec<Again>, Error> {
        let (head, ..) = Head::from_row(&row)?;
        let (id, unit, key) = (head.id, head.unit, head.unit_key());
        let alone = head.is_own_unit();
        let mut all = vec![Again {
            row,
            head,
            body: body.clone(),
        }];
        if alone {
            return Ok(all);
        }
        let tenant = self.ring.tenant(by.tenant(), now).await?;
        let value = pair(by.tenant(), &unit.to_bytes());
        let mut after = 0;
        loop {
            let scan = Scan::Ref {
                table: Table::Records,
                which: 1,
                value: value.clone(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let full = rows.len() == PAGE;
            after = rows.last().map_or(after, |row| row.seq);
            for row in rows {
                let (head, identity, sealed) = Head::from_row(&row)?;
                if head.id == id || head.unit_key() != key {
                    continue;
                }
                let body = match self.unseal(&tenant, &head, &identity, sealed, now).await {
                    // Over or erased for another reason: nothing is left to be sealed again.
                    Err(Error::AlreadyErased) => continue,
                    other => other?,
                };
                all.push(Again { row, head, body });
            }
            if !full {
                return Ok(all);
            }
        }
    }
}
