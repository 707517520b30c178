//! Deletions of a tenant, day by day.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{DeletionEvent, SweepNote};
use crate::Timestamp;
use crate::category::Category;
use crate::id::TenantId;
use crate::policy::rule::Disposition;
use crate::verdict::DueReason;

/// What was destroyed on a day (UTC), or on all days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeletionDay {
    sums: BTreeMap<(Category, DueReason), u64>,
    templates: u64,
    oldest_end: Option<Timestamp>,
    backup_horizon: Option<Timestamp>,
    /// Records by how late they went, in seconds.
    late: BTreeMap<u64, u64>,
}

impl DeletionDay {
    /// How many records.
    #[must_use]
    pub fn records(&self) -> u64 {
        total(self.sums.values())
    }

    /// How many records of each kind, for each reason.
    pub fn sums(&self) -> impl Iterator<Item = (Category, DueReason, u64)> + '_ {
        self.sums.iter().map(|((c, r), n)| (*c, *r, *n))
    }

    /// Of how many of them something lives on in templates, which hold nothing of one person. The others are gone without.
    #[must_use]
    pub fn templates(&self) -> u64 {
        self.templates
    }

    /// The earliest end that was written in any of them.
    #[must_use]
    pub fn oldest_end(&self) -> Option<Timestamp> {
        self.oldest_end
    }

    /// From when on a copy of the keys holds none of them any more.
    #[must_use]
    pub fn backup_horizon(&self) -> Option<Timestamp> {
        self.backup_horizon
    }

    /// The most seconds between a written end and the destruction; none if all went before their end.
    #[must_use]
    pub fn late_max(&self) -> Option<u64> {
        self.late.keys().next_back().copied()
    }

    /// The same for 99 of 100 records that reached their written end (nearest rank).
    #[must_use]
    pub fn late_p99(&self) -> Option<u64> {
        let all: u128 = self.late.values().map(|n| u128::from(*n)).sum();
        let rank = (all * 99).div_ceil(100);
        let mut seen = 0;
        for (late, records) in &self.late {
            seen += u128::from(*records);
            if seen >= rank {
                return Some(*late);
            }
        }
        None
    }

    fn add(&mut self, event: &DeletionEvent) {
        let sum = self.sums.entry((event.category, event.reason)).or_default();
        *sum = sum.saturating_add(event.records);
        if event.disposition == Disposition::Template {
            self.templates = self.templates.saturating_add(event.records);
        }
        let ends = [self.oldest_end, event.written_end];
        self.oldest_end = ends.into_iter().flatten().min();
        self.backup_horizon = self.backup_horizon.max(Some(event.backup_horizon));
        if let Some(late) = event.late_by() {
            let sum = self.late.entry(late).or_default();
            *sum = sum.saturating_add(event.records);
        }
    }
}

/// A tenant's deletions by day, as JSON and as a page. Holds counts only.
///
/// ```
/// use retention_policy::*;
/// # let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
/// let tenant = TenantId::from_random([1; 16]);
/// let event = DeletionEvent {
///     tenant,
///     category: Category::Session,
///     at,
///     reason: DueReason::Expired,
///     disposition: Disposition::Erase,
///     records: 12,
///     written_end: Some(at - chrono::TimeDelta::minutes(9)),
///     policy_version: 7,
///     plan: PlanHash::from_bytes([3; 32]),
///     key_fingerprint: [4; 32],
///     audit_leaf: 55,
///     backup_horizon: at + chrono::TimeDelta::days(7),
/// };
/// let report = DeletionReport::new(tenant, [&event]);
/// assert_eq!(report.total().records(), 12);
/// assert_eq!(report.total().late_max(), Some(540));
/// assert!(report.to_html().contains("not legal advice"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionReport {
    tenant: TenantId,
    days: BTreeMap<NaiveDate, DeletionDay>,
    total: DeletionDay,
    notes: Vec<SweepNote>,
}

impl DeletionReport {
    /// Sums the events of a tenant; those of others are left out.
    #[must_use]
    pub fn new<'a>(tenant: TenantId, events: impl IntoIterator<Item = &'a DeletionEvent>) -> Self {
        let mut report = Self {
            tenant,
            days: BTreeMap::new(),
            total: DeletionDay::default(),
            notes: Vec::new(),
        };
        for event in events.into_iter().filter(|e| e.tenant == tenant) {
            let day = event.at.date_naive();
            report.days.entry(day).or_default().add(event);
            report.total.add(event);
        }
        report
    }

    /// Adds what the sweeps did not destroy and why; notes of other tenants are left out.
    #[must_use]
    pub fn with_notes(mut self, notes: impl IntoIterator<Item = SweepNote>) -> Self {
        let own = |note: &SweepNote| note.tenant.is_none_or(|tenant| tenant == self.tenant);
        self.notes.extend(notes.into_iter().filter(own));
        self.notes.sort_by_key(|note| note.at);
        self
    }

    /// What the sweeps did not destroy and why, the oldest first.
    #[must_use]
    pub fn notes(&self) -> &[SweepNote] {
        &self.notes
    }

    /// Whose.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The days on which something was destroyed.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, &DeletionDay)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }

    /// All days together.
    #[must_use]
    pub fn total(&self) -> &DeletionDay {
        &self.total
    }

    /// The report as JSON: `schema`, `tenant`, `total`, `days` with the same keys and their `day`, and `notes`. Of `records`,
    /// `templates` live on in templates; `sums` counts both.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\"schema\":1,\"tenant\":\"{}\",\"total\":{{", self.tenant);
        write_day(&mut out, &self.total);
        out.push_str("},\"days\":[");
        for (n, (date, day)) in self.days.iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            // Writing to a String does not fail.
            let _ = write!(out, "{comma}{{\"day\":\"{date}\",");
            write_day(&mut out, day);
            out.push('}');
        }
        out.push_str("],\"notes\":[");
        for (n, note) in self.notes.iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            let _ = write!(
                out,
                "{comma}{{\"at\":\"{}\",\"what\":\"{}\",\"records\":{}}}",
                note.at.format("%Y-%m-%dT%H:%M:%SZ"),
                note.what.code(),
                note.what
                    .records()
                    .map_or("null".to_owned(), |n| n.to_string())
            );
        }
        out.push_str("]}");
        out
    }
}

/// Numbers, codes and instants: nothing that would need an escape.
fn write_day(out: &mut String, day: &DeletionDay) {
    let instant = |at: Option<Timestamp>| match at {
        Some(at) => format!("\"{}\"", at.format("%Y-%m-%dT%H:%M:%SZ")),
        None => "null".to_owned(),
    };
    let number = |n: Option<u64>| n.map_or("null".to_owned(), |n| n.to_string());
    let sums: Vec<String> = day
        .sums()
        .map(|(category, reason, records)| {
            format!("{{\"category\":\"{category}\",\"reason\":\"{reason}\",\"records\":{records}}}")
        })
        .collect();
    let _ = write!(
        out,
        "\"records\":{},\"templates\":{},\"oldest_end\":{},\"backup_horizon\":{},\"late_max_s\":{},\"late_p99_s\":{},\"sums\":[{}]",
        day.records(),
        day.templates(),
        instant(day.oldest_end),
        instant(day.backup_horizon),
        number(day.late_max()),
        number(day.late_p99()),
        sums.join(",")
    );
}

pub(super) fn total<'n>(numbers: impl Iterator<Item = &'n u64>) -> u64 {
    numbers.fold(0, |sum, n| sum.saturating_add(*n))
}
