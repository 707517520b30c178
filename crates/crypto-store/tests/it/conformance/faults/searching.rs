//! Searches with one fault, over all rows of a table.

use std::cmp::Reverse;

use crypto_store::Error;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{Backend, Row, Scan, Table};
use tokio::task::yield_now;

use super::Fault;

pub(super) async fn search(
    fault: Fault,
    inner: &MemoryBackend,
    scan: Scan,
) -> Result<(Table, Vec<Row>), Error> {
    let (Scan::Prefix { table, limit, .. }
    | Scan::Ref { table, limit, .. }
    | Scan::Due { table, limit, .. }) = scan;
    let table = match table {
        Table::Links if fault == Fault::TablesMix => Table::Holds,
        other => other,
    };
    let all = |after| Scan::Prefix {
        table,
        prefix: Vec::new(),
        after,
        limit: if fault == Fault::ScanIsSplit {
            1
        } else {
            usize::MAX
        },
    };
    let mut rows = inner.scan(all(Vec::new())).await?;
    if fault == Fault::ScanIsSplit {
        // A row at a time.
        while let Some(last) = rows.last() {
            yield_now().await;
            let more = inner.scan(all(last.key.clone())).await?;
            if more.is_empty() {
                break;
            }
            rows.extend(more);
        }
    }
    match scan {
        Scan::Prefix { prefix, after, .. } => by_prefix(fault, &mut rows, &prefix, &after),
        Scan::Ref {
            which,
            value,
            after,
            ..
        } => by_ref(fault, &mut rows, which, &value, after),
        Scan::Due { after, until, .. } => by_time(fault, &mut rows, after, until),
    }
    match fault {
        Fault::ScanIsEmpty => rows.clear(),
        Fault::ScanIgnoresTheLimit => return Ok((table, rows)),
        Fault::ScanDropsFields => {
            for row in &mut rows {
                row.at = None;
                row.refs = [None, None];
            }
        }
        _ => {}
    }
    rows.truncate(limit);
    Ok((table, rows))
}

fn by_prefix(fault: Fault, rows: &mut Vec<Row>, prefix: &[u8], after: &[u8]) {
    let mut end = prefix.to_vec();
    if let Some(last) = end.last_mut() {
        *last = last.wrapping_add(1);
    }
    rows.retain(|row| {
        let begins = match fault {
            Fault::PrefixHasAnUpperByte => {
                &row.key[..] >= prefix && (end.is_empty() || row.key < end)
            }
            Fault::PrefixIsUnbounded => &row.key[..] >= prefix,
            Fault::PrefixIsTheKey => prefix.is_empty() || row.key == prefix,
            _ => row.key.starts_with(prefix),
        };
        let behind = match fault {
            Fault::PrefixIncludesTheBound => &row.key[..] >= after,
            Fault::PrefixNeedsABoundInside => {
                after.is_empty() || (after.starts_with(prefix) && &row.key[..] > after)
            }
            Fault::PrefixExcludesTheEmptyKey => &row.key[..] > after,
            _ => after.is_empty() || &row.key[..] > after,
        };
        begins && behind
    });
    if fault == Fault::PrefixIsReversed {
        rows.reverse();
    }
}

fn by_ref(fault: Fault, rows: &mut Vec<Row>, which: usize, value: &[u8], after: u64) {
    let matches = |reference: &Option<Vec<u8>>| match (fault, reference) {
        (Fault::RefMatchesTheBeginning, Some(bytes)) => bytes.starts_with(value),
        (Fault::RefMatchesAbsent, None) => value.is_empty(),
        (_, reference) => reference.as_deref() == Some(value),
    };
    rows.retain(|row| {
        let refers = match fault {
            Fault::RefIgnoresWhich => row.refs.iter().any(matches),
            _ => matches(&row.refs[which]),
        };
        refers
            && match fault {
                Fault::RefIgnoresTheBound => true,
                Fault::RefIncludesTheBound => row.seq >= after,
                _ => row.seq > after,
            }
    });
    if fault != Fault::RefIsByKey {
        rows.sort_by_key(|row| row.seq);
    }
}

fn by_time(fault: Fault, rows: &mut Vec<Row>, after: (i64, u64), until: i64) {
    let time = |row: &Row| match fault {
        Fault::DueKnowsNoTime => Some(row.at.unwrap_or(0)),
        _ => row.at,
    };
    rows.retain(|row| {
        time(row).is_some_and(|at| {
            let behind = match fault {
                Fault::DueSkipsTies => at > after.0 || after.1 == 0,
                Fault::DueComparesApart => at >= after.0 && row.seq > after.1,
                _ => (at, row.seq) > after,
            };
            behind && (at < until || (at == until && fault != Fault::DueIsExclusive))
        })
    });
    match fault {
        Fault::DueTiesAreByKey => rows.sort_by_key(time),
        Fault::DueIsUnsigned => rows.sort_by_key(|row| (time(row).map(|at| at as u64), row.seq)),
        Fault::DueIsReversed => rows.sort_by_key(|row| Reverse((time(row), row.seq))),
        _ => rows.sort_by_key(|row| (time(row), row.seq)),
    }
}
