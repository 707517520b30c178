//! Reading: never without a reason, never without its audit entry.

use std::fmt;

use retention_policy::{
    Action, Category, HoldReason, Purpose, PurposeSet, RecordId, RecordMeta, SubjectId, Timestamp,
    UnitId,
};
use zeroize::Zeroizing;

use super::early::{Early, RecordPhase, early_key};
use super::hold::holds_row;
use super::row::{Head, pair, term_key};
use super::{Store, allowed, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, Op, Outcome, Row, Scan, Table};
use crate::envelope::{self, RecordKeys};
use crate::keyring::{Tenant, index_key};
use crate::wire::Reader;
use crate::{Accessor, Error, IndexTerm, Reason};

/// Rows read at a time.
pub(super) const PAGE: usize = 512;
/// Attempts against holds that are placed at the same moment.
const LOOKS: usize = 8;

/// An opened record. Zeroed on drop; Debug shows its length only.
pub struct Opened {
    id: RecordId,
    meta: RecordMeta,
    unit: UnitId,
    body: Zeroizing<Vec<u8>>,
}

impl Opened {
    /// The record's id.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// What the record is.
    pub fn meta(&self) -> &RecordMeta {
        &self.meta
    }

    /// The unit it belongs to.
    pub fn unit(&self) -> UnitId {
        self.unit
    }

    /// Reads the content.
    pub fn expose(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opened({} bytes)", self.body.len())
    }
}

/// A record whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DueRecord {
    /// The record's id.
    pub id: RecordId,
    /// What it is.
    pub meta: RecordMeta,
    /// The unit to shred.
    pub unit: UnitId,
}

/// What could be opened of a whole store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Survey {
    /// Rows there are.
    pub records: u64,
    /// Rows whose three keys exist and open them.
    pub readable: u64,
    /// Rows that miss a key: noise for everybody.
    pub destroyed: u64,
    /// Rows that have their keys and do not open: damaged or altered.
    pub damaged: u64,
}

impl Store {
    /// Opens a record. The audit entry is durable before the content is returned.
    ///
    /// # Errors
    /// [`Error::NotFound`] (also for another tenant's record), [`Error::Denied`], also to who may not read what is
    /// [archived](Self::archive), [`Error::Expired`] from `expires_at` or an [earlier end](Self::shorten) on, but for who
    /// answers the person or a court while a hold keeps the record,
    /// [`Error::AlreadyErased`], [`Error::UnknownTenant`], [`Error::Corrupt`] for an altered record, [`Error::Database`].
    pub async fn get(
        &self,
        id: RecordId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        self.open_record(Action::Read, id, by, why, now).await
    }

    /// Opens a record to hand it to its person or to another controller (articles 15 and 20).
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn export(
        &self,
        id: RecordId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        self.open_record(Action::Export, id, by, why, now).await
    }

    async fn open_record(
        &self,
        action: Action,
        id: RecordId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let mut entry = AuditEntry {
            object: self.blind_record(id),
            ..self.entry(action, by, why, now)
        };
        // A hold that is placed meanwhile changes what was looked at: look again.
        for _ in 0..LOOKS {
            match self.try_open(action, id, &mut entry, by, why, now).await {
                Err(Error::Conflict) => self.forget_holds(by.tenant()),
                Err(refused) if is_refusal(&refused) => {
                    return Err(self.refuse(entry, refused).await);
                }
                other => return other,
            }
        }
        Err(Error::Conflict)
    }

    async fn try_open(
        &self,
        action: Action,
        id: RecordId,
        entry: &mut AuditEntry,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let tenant = self.ring.tenant(by.tenant(), now).await?;
        let holds = self.known_holds(by.tenant()).await?;
        let Some((row, beside)) = self.row_and_early(id, by.tenant()).await? else {
            return Err(Error::NotFound);
        };
        let (head, identity, envelope) = Head::from_row(&row)?;
        entry.subject = self.blind_subject(head.meta.subject());
        let phase = Early::from_row(&self.seal, beside.as_ref())?.phase(&head.meta, now);
        self.may_read(action, &head, phase, holds.count > 0, by, why)
            .await?;
        let body = self
            .unseal(&tenant, &head, &identity, envelope, now)
            .await?;
        // An erasure that was committed since we looked wins: the leaf is refused and the content is not returned. So does
        // a hold, and an earlier end.
        let mut ops = vec![
            Op::Require(
                Table::Meta,
                holds_row(by.tenant()),
                Expect::Value(holds.row),
            ),
            Op::Require(
                Table::Holds,
                early_key(by.tenant(), id),
                Expect::Value(beside.map(|row| row.value).unwrap_or_default()),
            ),
            Op::Require(Table::Records, row.key.clone(), Expect::Present),
        ];
        ops.extend(head.gone_keys().into_iter().map(not_gone));
        ops.push(leaf(entry));
        match self.commit(ops).await? {
            Outcome::Committed(_) => Ok(Opened {
                id,
                meta: head.meta,
                unit: head.unit,
                body,
            }),
            Outcome::Refused(0 | 1) => Err(Error::Conflict),
            Outcome::Refused(_) => Err(Error::AlreadyErased),
        }
    }

    /// The row, if it is the accessor's tenant's.
    pub(super) async fn own_row(&self, id: RecordId, by: &Accessor) -> Result<Option<Row>, Error> {
        let key = id.to_bytes().to_vec();
        let Some(row) = self.backend.get(Table::Records, key).await? else {
            return Ok(None);
        };
        let (head, ..) = Head::from_row(&row)?;
        Ok((head.tenant() == by.tenant()).then_some(row))
    }

    async fn may_read(
        &self,
        action: Action,
        head: &Head,
        phase: RecordPhase,
        holds: bool,
        by: &Accessor,
        why: &Reason,
    ) -> Result<(), Error> {
        let rights = is_right(why);
        // Answering a person's request and legal duties cover every record of the person; every other purpose must be
        // one the record was stored for.
        if !allowed(action, by, why, head.meta.category())
            || !(rights || head.meta.purposes().contains(why.purpose()))
        {
            return Err(Error::Denied);
        }
        match phase {
            // What a hold keeps beyond its end is there for who answers the person or a court. Looked up anew: what is known of
            // holds from before guards what is given out, not what is refused.
            RecordPhase::Over(_) if !rights || self.holds_on(head).await?.is_empty() => {
                return Err(Error::Expired);
            }
            RecordPhase::Archived(readers) if !readers.contains(by.role()) => {
                return Err(Error::Denied);
            }
            _ => {}
        }
        // Most tenants have no hold: most reads look no further.
        if holds && !rights {
            let on = self.holds_on(head).await?;
            if on.iter().any(|h| h.reason() == HoldReason::Restriction) {
                return Err(Error::Denied);
            }
        }
        Ok(())
    }

    /// Opens an envelope with the keys its head names.
    pub(super) async fn unseal(
        &self,
        tenant: &Tenant,
        head: &Head,
        identity: &[u8],
        envelope: &[u8],
        now: Timestamp,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let ids = [head.subject_key(), head.bucket_key(), head.unit_key()];
        let [Some(subject), Some(bucket), Some(unit)] = self.ring.get_all(tenant, ids, now).await?
        else {
            return Err(self.missing(head).await);
        };
        envelope::open(
            RecordKeys {
                subject: &subject,
                bucket: &bucket,
                unit: &unit,
            },
            identity,
            envelope,
        )
    }

    /// A record whose key does not exist: erased where something says so, else its keys were damaged or taken away. In a
    /// copy of the records the tombstones may be of another time than the keys.
    async fn missing(&self, head: &Head) -> Error {
        if self.copy {
            return Error::AlreadyErased;
        }
        match self.is_gone(&head.gone_keys()).await {
            Ok(true) => Error::AlreadyErased,
            Ok(false) => Error::Corrupt {
                what: "a key that nobody destroyed",
            },
            Err(e) => e,
        }
    }

    /// Looks records up by a term. Nothing is decrypted; records that are over, gone, of categories the role may not
    /// search or stored for other purposes are left out.
    ///
    /// # Errors
    /// [`Error::Denied`] if the role may search no category for this purpose, [`Error::UnknownTenant`],
    /// [`Error::Database`].
    pub async fn find(
        &self,
        term: &IndexTerm,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordId>, Error> {
        let entry = self.entry(Action::Find, by, why, now);
        let tenant = self.ring.tenant(by.tenant(), now).await?;
        if !Category::ALL
            .into_iter()
            .any(|c| allowed(Action::Find, by, why, c))
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let mut found = Vec::new();
        for epoch in tenant.state.index_epochs() {
            let id = index_key(by.tenant(), term.field(), epoch);
            if let Some(key) = self.ring.get(&tenant, id, now).await? {
                self.find_blind(term.blind(&key), by, why, now, &mut found)
                    .await?;
            }
        }
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        self.commit(vec![leaf(&AuditEntry { count, ..entry })])
            .await?;
        Ok(found)
    }

    /// Living records with a blind term.
    async fn find_blind(
        &self,
        blind: [u8; 16],
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
        found: &mut Vec<RecordId>,
    ) -> Result<(), Error> {
        const WHAT: &str = "an index row";
        let mut after = Vec::new();
        loop {
            let page = Scan::Prefix {
                table: Table::Terms,
                prefix: blind.to_vec(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(page).await?;
            for row in &rows {
                let (expires, category, purposes) = term_row(row)?;
                let (_, id) = row
                    .key
                    .split_at_checked(16)
                    .ok_or(Error::Corrupt { what: WHAT })?;
                let id: [u8; 16] = id.try_into().map_err(|_| Error::Corrupt { what: WHAT })?;
                let id = RecordId::from_bytes(id);
                if expires > now.timestamp()
                    && may_find(by, why, category, purposes)
                    && self.is_alive(id, by, now).await?
                {
                    found.push(id);
                }
            }
            match rows.last() {
                Some(last) if rows.len() == PAGE => after = last.key.clone(),
                _ => return Ok(()),
            }
        }
    }

    /// All living records of a person, links followed. Nothing is decrypted.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn of_subject(
        &self,
        subject: SubjectId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordId>, Error> {
        let entry = AuditEntry {
            subject: self.blind_subject(subject),
            ..self.entry(Action::Find, by, why, now)
        };
        self.ring.tenant(by.tenant(), now).await?;
        if !Category::ALL
            .into_iter()
            .any(|c| allowed(Action::Find, by, why, c))
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let mut found = Vec::new();
        for subject in self.linked(by.tenant(), subject).await? {
            let mut after = 0;
            loop {
                let rows = self.rows_of(by.tenant(), subject, after).await?;
                let heads = rows.iter().map(|row| Ok(Head::from_row(row)?.0));
                let heads: Vec<Head> = heads.collect::<Result<_, Error>>()?;
                let early = self.early_of(&heads).await?;
                for head in heads {
                    let early = early.get(&head.id).copied().unwrap_or_default();
                    if is_there(early.phase(&head.meta, now), by)
                        && may_find(by, why, head.meta.category(), head.meta.purposes())
                        && !self.is_gone(&head.gone_keys()).await?
                    {
                        found.push(head.id);
                    }
                }
                match rows.last() {
                    Some(last) if rows.len() == PAGE => after = last.seq,
                    _ => break,
                }
            }
        }
        let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
        self.commit(vec![leaf(&AuditEntry { count, ..entry })])
            .await?;
        Ok(found)
    }

    pub(super) async fn rows_of(
        &self,
        tenant: retention_policy::TenantId,
        subject: SubjectId,
        after: u64,
    ) -> Result<Vec<Row>, Error> {
        let value = pair(tenant, &subject.to_bytes());
        self.backend
            .scan(Scan::Ref {
                table: Table::Records,
                which: 0,
                value,
                after,
                limit: PAGE,
            })
            .await
    }

    async fn is_alive(&self, id: RecordId, by: &Accessor, now: Timestamp) -> Result<bool, Error> {
        let Some((row, beside)) = self.row_and_early(id, by.tenant()).await? else {
            return Ok(false);
        };
        let (head, ..) = Head::from_row(&row)?;
        let early = Early::from_row(&self.seal, beside.as_ref())?;
        Ok(is_there(early.phase(&head.meta, now), by) && !self.is_gone(&head.gone_keys()).await?)
    }

    /// Records whose time is over and that still have a row, earliest first, those with an earlier end behind them; ones
    /// that a hold kept beyond their bucket are not among them. For sweepers:
    /// nothing is decrypted and nobody's data is told, so there is no reason to give.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DueRecord>, Error> {
        let scan = Scan::Due {
            table: Table::Records,
            after: (i64::MIN, 0),
            until: now.timestamp(),
            limit,
        };
        let rows = self.backend.scan(scan).await?;
        let due = |head: Head| DueRecord {
            id: head.id,
            meta: head.meta,
            unit: head.unit,
        };
        let written = rows.iter().map(|row| Ok(due(Head::from_row(row)?.0)));
        let mut all: Vec<DueRecord> = written.collect::<Result<_, Error>>()?;
        let mut after = (i64::MIN, 0);
        while all.len() < limit
            && let Some(rows) = self.early_rows(now, &mut after).await?
        {
            for (one, _) in self.living(rows).await? {
                if all.len() < limit && one.head.at().is_some_and(|at| at > now.timestamp()) {
                    all.push(due(one.head));
                }
            }
        }
        Ok(all)
    }

    /// Tries every record of the store with the keys that exist and says what opened. Contents are dropped at once.
    ///
    /// The proof of an erasure: a copy of the files from before, surveyed with the keys that survive. One audit entry
    /// tells that it was done.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Provider`], [`Error::WrongKey`].
    pub async fn survey(&self, now: Timestamp) -> Result<Survey, Error> {
        let survey = self.look_at_records(now).await?;
        let count = u32::try_from(survey.records).unwrap_or(u32::MAX);
        self.commit(vec![leaf(&AuditEntry {
            count,
            ..super::own_entry(Action::Verify, now)
        })])
        .await?;
        Ok(survey)
    }

    pub(super) async fn look_at_records(&self, now: Timestamp) -> Result<Survey, Error> {
        let mut survey = Survey::default();
        let mut after = Vec::new();
        loop {
            let page = Scan::Prefix {
                table: Table::Records,
                prefix: Vec::new(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(page).await?;
            for row in &rows {
                survey.records += 1;
                let opened = match Head::from_row(row) {
                    Ok((head, identity, envelope)) => {
                        match self.ring.tenant(head.tenant(), now).await {
                            Ok(tenant) => self
                                .unseal(&tenant, &head, &identity, envelope, now)
                                .await
                                .map(drop),
                            Err(Error::UnknownTenant) => Err(self.missing(&head).await),
                            Err(e) => Err(e),
                        }
                    }
                    Err(e) => Err(e),
                };
                match opened {
                    Ok(()) => survey.readable += 1,
                    Err(Error::AlreadyErased) => survey.destroyed += 1,
                    Err(Error::Corrupt { .. }) => survey.damaged += 1,
                    Err(e) => return Err(e),
                }
            }
            match rows.last() {
                Some(last) if rows.len() == PAGE => after = last.key.clone(),
                _ => break,
            }
        }
        Ok(survey)
    }
}

/// What a reader is told after it was written down.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound | Error::Denied | Error::Expired | Error::AlreadyErased
    )
}

/// Whether who asks finds a record in this part of its life.
pub(super) fn is_there(phase: RecordPhase, by: &Accessor) -> bool {
    match phase {
        RecordPhase::Active => true,
        RecordPhase::Archived(readers) => readers.contains(by.role()),
        RecordPhase::Over(_) => false,
    }
}

/// Answering a person and legal duties.
fn is_right(why: &Reason) -> bool {
    matches!(
        why.purpose(),
        Purpose::AnswerRequest | Purpose::LegalObligation
    )
}

pub(super) fn may_find(
    by: &Accessor,
    why: &Reason,
    category: Category,
    purposes: PurposeSet,
) -> bool {
    let rights = is_right(why);
    allowed(Action::Find, by, why, category) && (rights || purposes.contains(why.purpose()))
}

fn term_row(row: &Row) -> Result<(i64, Category, PurposeSet), Error> {
    let mut r = Reader::new(&row.value, "an index row");
    let expires = r.i64()?;
    let category = Category::from_byte(r.u8()?).ok_or(r.corrupt())?;
    let purposes = PurposeSet::from_bits(r.u8()?).ok_or(r.corrupt())?;
    r.end()?;
    Ok((expires, category, purposes))
}

/// Keys of all index rows of a record.
pub(super) fn term_keys(head: &Head) -> impl Iterator<Item = Vec<u8>> {
    head.terms.iter().map(|term| term_key(term, head.id))
}
