//! Which earlier ends are due, and of whose records too many would end.

use std::collections::{BTreeMap, BTreeSet};

use retention_policy::{
    Breaker, Category, Disposition, DueReason, PlanLine, RecordId, SweepPlan, TenantId, Timestamp,
    Tripped,
};

use super::{EARLY, Early, of_key};
use crate::Error;
use crate::backend::{Log, Row, Scan, Table};
use crate::keyring::kind;
use crate::ledger::{ErasureKind, LedgerEntry, Phase};
use crate::store::Store;
use crate::store::read::PAGE;
use crate::store::row::Head;

/// How long back the usual number is counted, in hours.
const USUAL_HOURS: u64 = 7 * 24;

/// A record whose earlier end is reached.
pub(in crate::store) struct DueEarly {
    pub(in crate::store) head: Head,
    pub(super) record: Row,
    pub(super) row: Row,
    pub(in crate::store) reason: DueReason,
}

impl Store {
    /// Rows of earlier ends that are due, a page behind a place.
    pub(in crate::store) async fn early_rows(
        &self,
        now: Timestamp,
        after: &mut (i64, u64),
    ) -> Result<Option<Vec<Row>>, Error> {
        let scan = Scan::Due {
            table: Table::Holds,
            after: *after,
            until: now.timestamp(),
            limit: PAGE,
        };
        let mut rows = self.backend.scan(scan).await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        *after = (last.at.unwrap_or(i64::MAX), last.seq);
        rows.retain(|row| row.key.first() == Some(&EARLY));
        Ok(Some(rows))
    }

    /// Those of some rows whose record is there and not gone, and whether it is held.
    pub(in crate::store) async fn living(
        &self,
        rows: Vec<Row>,
    ) -> Result<Vec<(DueEarly, bool)>, Error> {
        let mut asked = Vec::with_capacity(rows.len());
        for row in &rows {
            let (_, id) = of_key(&row.key)?;
            asked.push((Table::Records, id.to_bytes().to_vec()));
        }
        let records = self.backend.get_many(asked).await?;
        let (mut found, mut heads) = (BTreeMap::new(), Vec::with_capacity(rows.len()));
        for (row, record) in rows.into_iter().zip(records) {
            // A row that somebody without the keys altered ends nothing and must not hold up the rest: its record is
            // refused to readers, and a check finds it.
            let early = Early::from_row(&self.seal, Some(&row)).unwrap_or_default();
            let (Some((_, reason)), Some(record)) = (early.end, record) else {
                continue;
            };
            let (head, ..) = Head::from_row(&record)?;
            if (head.tenant(), head.id) == of_key(&row.key)? {
                found.insert(head.id, (record, row, reason));
                heads.push(head);
            }
        }
        let mut living = Vec::with_capacity(heads.len());
        for (head, held) in self.held(self.not_gone_of(heads).await?).await? {
            if let Some((record, row, reason)) = found.remove(&head.id) {
                let due = DueEarly {
                    head,
                    record,
                    row,
                    reason,
                };
                living.push((due, held));
            }
        }
        Ok(living)
    }

    /// Lines of a plan for the earlier ends that are due, of all tenants or of one, and which records these are.
    pub(in crate::store) async fn early_lines(
        &self,
        of: Option<TenantId>,
        now: Timestamp,
    ) -> Result<(Vec<PlanLine>, BTreeSet<RecordId>), Error> {
        let mut sums: BTreeMap<(TenantId, Category, DueReason), (u64, u64)> = BTreeMap::new();
        let (mut ids, mut after) = (BTreeSet::new(), (i64::MIN, 0));
        while let Some(mut rows) = self.early_rows(now, &mut after).await? {
            if let Some(tenant) = of {
                rows.retain(|row| of_key(&row.key).is_ok_and(|(t, _)| t == tenant));
            }
            for (due, held) in self.living(rows).await? {
                let head = &due.head;
                // What ends with its bucket at this instant is counted there.
                if head.bucket.end() <= now.timestamp() {
                    continue;
                }
                let key = (head.tenant(), head.meta.category(), due.reason);
                let sum = sums.entry(key).or_default();
                if held {
                    sum.1 += 1;
                } else {
                    sum.0 += 1;
                    ids.insert(head.id);
                }
            }
        }
        let line = |((tenant, category, reason), (records, held))| PlanLine {
            tenant,
            category,
            bucket_end: None,
            reason,
            disposition: Disposition::Erase,
            records,
            held,
        };
        Ok((sums.into_iter().map(line).collect(), ids))
    }

    /// Tenants of whose records too many would end before their time. Most sweeps end few: then nothing is counted.
    pub(in crate::store) async fn tripped(
        &self,
        breaker: &Breaker,
        now: Timestamp,
    ) -> Result<Vec<Tripped>, Error> {
        let mut many: BTreeMap<TenantId, u64> = BTreeMap::new();
        let mut after = (i64::MIN, 0);
        while let Some(rows) = self.early_rows(now, &mut after).await? {
            for row in rows {
                let (tenant, _) = of_key(&row.key)?;
                *many.entry(tenant).or_default() += 1;
            }
        }
        let mut tripped = Vec::new();
        for (tenant, _) in many.into_iter().filter(|(_, n)| *n > breaker.floor) {
            let (lines, _) = self.early_lines(Some(tenant), now).await?;
            let plan = SweepPlan::new(0, now, lines);
            tripped.extend(self.look_with(breaker, &plan, now).await?);
        }
        Ok(tripped)
    }

    /// Asks a breaker about a plan, with what is there and what usually ends. Both are counted only where it can trip.
    pub(in crate::store) async fn look_with(
        &self,
        breaker: &Breaker,
        plan: &SweepPlan,
        now: Timestamp,
    ) -> Result<Vec<Tripped>, Error> {
        // Without anything to compare with, it trips for every tenant above its floor.
        let above = breaker.look(plan, &[], &[]);
        if above.is_empty() {
            return Ok(above);
        }
        let live = self.live_records().await?;
        let usual = self.usual_per_hour(&live, now).await?;
        Ok(breaker.look(plan, &live, &usual))
    }

    /// How many records each tenant has.
    async fn live_records(&self) -> Result<Vec<(TenantId, u64)>, Error> {
        let mut live: BTreeMap<TenantId, u64> = BTreeMap::new();
        let mut after = Vec::new();
        loop {
            let scan = Scan::Prefix {
                table: Table::Records,
                prefix: Vec::new(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else { break };
            after = last.key.clone();
            for row in &rows {
                *live.entry(Head::from_row(row)?.0.tenant()).or_default() += 1;
            }
        }
        Ok(live.into_iter().collect())
    }

    /// How many records and units a tenant's erasures ended in a usual hour of the last seven days, by the ledger.
    async fn usual_per_hour(
        &self,
        of: &[(TenantId, u64)],
        now: Timestamp,
    ) -> Result<Vec<(TenantId, u64)>, Error> {
        let hours = i64::try_from(USUAL_HOURS).unwrap_or(i64::MAX);
        let since = now
            .timestamp_millis()
            .saturating_sub(hours.saturating_mul(3_600_000));
        let mut ended = BTreeMap::new();
        let mut from = self.ledger_since(since).await?;
        loop {
            let page = self.backend.log(Log::Ledger, from, PAGE).await?;
            let Some(last) = page.last() else { break };
            from = last.seq + 1;
            for row in &page {
                let entry = LedgerEntry::from_bytes(&row.value)?;
                let one = matches!(entry.kind, ErasureKind::Record | ErasureKind::Unit);
                if one && entry.phase == Phase::Begun && entry.at_ms >= since {
                    *ended.entry(entry.tenant).or_insert(0u64) += 1;
                }
            }
        }
        let usual = |(tenant, _): &(TenantId, u64)| {
            let blind = self.blind(kind::TENANT, &tenant.to_bytes());
            let ended = ended.get(&blind).copied().unwrap_or_default();
            (*tenant, ended.div_ceil(USUAL_HOURS))
        };
        Ok(of.iter().map(usual).collect())
    }

    /// The first position of the ledger from an instant on, found by halving.
    async fn ledger_since(&self, since_ms: i64) -> Result<u64, Error> {
        let (mut low, mut high) = (0, self.ends().ledger);
        while low < high {
            let middle = low + (high - low) / 2;
            let page = self.backend.log(Log::Ledger, middle, 1).await?;
            let Some(row) = page.first() else { break };
            if LedgerEntry::from_bytes(&row.value)?.at_ms < since_ms {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}
