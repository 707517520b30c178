//! The records as they were at one moment.

use super::trial::{Checked, Trial, Unmet, append, delete, id, put, row, row_of, so};
use crate::Error;
use crate::backend::{Item, Log, Side, Snapshot, Table};

/// Most portions, so that a snapshot without an end fails.
const MOST: usize = 8_000;

/// Everything a snapshot still has to tell.
async fn rest(snapshot: &mut dyn Snapshot) -> Result<Vec<Item>, Unmet> {
    let mut all = Vec::new();
    for _ in 0..MOST {
        let items = snapshot.next().await?;
        if items.is_empty() {
            return Ok(all);
        }
        all.extend(items);
    }
    so(false, "an end of the snapshot").map(|()| all)
}

/// Some rows in every table, some entries in every log.
async fn fill(t: &Trial<'_>) -> Checked {
    for table in Table::ALL {
        for key in [b"c", b"a", b"b"] {
            t.put(table, row_of(key, Some(b"p"), Some(key))).await?;
        }
    }
    for log in Log::ALL {
        t.done(vec![append(log, b"one"), append(log, b"two")])
            .await?;
    }
    Ok(())
}

/// Changes something of everything.
async fn stir(t: &Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.done(vec![
            put(table, b"a", b"changed"),
            delete(table, b"b"),
            put(table, b"d", b"new"),
            append(Log::Audit, b"more"),
            append(Log::Ledger, b"more"),
        ])
        .await?;
    }
    Ok(())
}

pub(super) async fn a_snapshot_of_nothing_is_empty(t: &mut Trial<'_>) -> Checked {
    let mut snapshot = t.snapshot().await?;
    so(snapshot.next().await?.is_empty(), "nothing")
}

pub(super) async fn a_snapshot_is_complete_and_in_order(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let expected = t.everything().await?;
    so(expected.len() == 28, "24 rows and 4 entries")?;
    let mut snapshot = t.snapshot().await?;
    so(
        rest(&mut *snapshot).await? == expected,
        "tables by insertion, then logs",
    )
}

pub(super) async fn a_snapshot_tells_rows_by_insertion(t: &mut Trial<'_>) -> Checked {
    let keys = [b"z", b"a", b"m", b"b", b"y"];
    for key in keys {
        t.put(Table::Intents, row(key, b"v")).await?;
    }
    t.put(Table::Intents, row(b"m", b"replaced")).await?;
    let mut snapshot = t.snapshot().await?;
    let told: Vec<Vec<u8>> = rest(&mut *snapshot)
        .await?
        .into_iter()
        .filter_map(|item| match item {
            Item::Row(Table::Intents, row) => Some(row.key),
            _ => None,
        })
        .collect();
    so(told == keys, "the order of insertion")
}

pub(super) async fn a_snapshot_may_hold_one_table_alone(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row(b"k", b"v")).await?;
        let found = t.must(table, b"k").await?;
        let mut snapshot = t.snapshot().await?;
        so(
            rest(&mut *snapshot).await? == [Item::Row(table, found)],
            "the one row",
        )?;
        t.delete(table, b"k").await?;
    }
    Ok(())
}

pub(super) async fn a_snapshot_tells_logs_without_rows(t: &mut Trial<'_>) -> Checked {
    t.done(vec![append(Log::Ledger, b"1"), append(Log::Audit, b"2")])
        .await?;
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    so(
        rest(&mut *snapshot).await? == expected,
        "audit, then ledger",
    )
}

pub(super) async fn a_snapshot_is_empty_after_its_end(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let mut snapshot = t.snapshot().await?;
    rest(&mut *snapshot).await?;
    stir(t).await?;
    for _ in 0..3 {
        so(snapshot.next().await?.is_empty(), "nothing more")?;
    }
    Ok(())
}

pub(super) async fn a_snapshot_is_taken_when_it_returns(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    stir(t).await?;
    so(
        rest(&mut *snapshot).await? == expected,
        "what was there at the moment",
    )
}

pub(super) async fn a_snapshot_stays_frozen_while_it_is_read(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        let puts = (0..700u32).map(|n| put(table, &n.to_be_bytes(), b"v"));
        t.done(puts.collect()).await?;
    }
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    let mut told = Vec::new();
    for round in 0..MOST {
        let items = snapshot.next().await?;
        if items.is_empty() {
            break;
        }
        told.extend(items);
        if round > 20 {
            continue;
        }
        let n = u32::try_from(told.len()).unwrap_or_default() % 700;
        for table in Table::ALL {
            t.done(vec![
                delete(table, &n.to_be_bytes()),
                put(table, &(699 - n).to_be_bytes(), b"changed"),
                put(table, &(1000 + n).to_be_bytes(), b"new"),
                append(Log::Audit, b"entry"),
            ])
            .await?;
        }
    }
    so(told == expected, "what was there at the moment")
}

pub(super) async fn changes_beside_a_snapshot_are_seen_by_others(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let mut snapshot = t.snapshot().await?;
    snapshot.next().await?;
    stir(t).await?;
    for table in Table::ALL {
        so(t.must(table, b"a").await?.value == b"changed", "the change")?;
        so(t.row(table, b"b").await?.is_none(), "the deletion")?;
    }
    drop(snapshot);
    so(
        t.must(Table::Meta, b"d").await?.value == b"new",
        "the new row",
    )
}

pub(super) async fn two_snapshots_tell_two_moments(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let before = t.everything().await?;
    let mut one = t.snapshot().await?;
    stir(t).await?;
    let after = t.everything().await?;
    let mut two = t.snapshot().await?;
    t.delete(Table::Records, b"a").await?;
    // Page by page in turns.
    let (mut told_one, mut told_two) = (Vec::new(), Vec::new());
    for _ in 0..MOST {
        let (first, second) = (one.next().await?, two.next().await?);
        if first.is_empty() && second.is_empty() {
            break;
        }
        told_one.extend(first);
        told_two.extend(second);
    }
    so(told_one == before, "the first moment")?;
    so(told_two == after, "the second moment")
}

pub(super) async fn a_snapshot_may_be_dropped_half_way(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    for _ in 0..5 {
        let mut snapshot = t.snapshot().await?;
        snapshot.next().await?;
        drop(snapshot);
        drop(t.snapshot().await?);
    }
    stir(t).await?;
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    so(rest(&mut *snapshot).await? == expected, "what is there now")
}

pub(super) async fn a_snapshot_never_tells_half_a_batch(t: &mut Trial<'_>) -> Checked {
    let found = t
        .together(24, |backend, n| async move {
            if n % 3 == 0 {
                let mut snapshot = backend.snapshot().await?;
                let items = rest(&mut *snapshot).await?;
                let rows = |of| {
                    items
                        .iter()
                        .filter(|item| matches!(item, Item::Row(table, _) if *table == of))
                        .count()
                };
                return Ok(rows(Table::Records) == rows(Table::Terms));
            }
            let key = n.to_be_bytes();
            let ops = vec![
                put(Table::Records, &key, b"v"),
                put(Table::Terms, &key, b"v"),
            ];
            backend.commit(super::trial::batch(ops)).await?;
            Ok(true)
        })
        .await?;
    so(found.iter().all(|whole| *whole), "both rows or none")
}

pub(super) async fn a_snapshot_outlives_a_scrub(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    stir(t).await?;
    // It may say that it could not finish; it must not take the ground from under the snapshot.
    t.scrub(Side::Records).await?;
    so(rest(&mut *snapshot).await? == expected, "what was there")
}

pub(super) async fn a_snapshot_holds_no_keys(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let mut snapshot = t.snapshot().await?;
    so(snapshot.next().await?.is_empty(), "nothing")
}

pub(super) async fn a_snapshot_tells_large_rows(t: &mut Trial<'_>) -> Checked {
    for n in 0..4u8 {
        t.put(Table::Records, row(&[n], &vec![n; 1 << 18])).await?;
    }
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    so(rest(&mut *snapshot).await? == expected, "four large rows")
}

pub(super) async fn a_snapshot_ends_with_its_back_end(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let expected = t.everything().await?;
    let mut snapshot = t.snapshot().await?;
    t.close().await?;
    let mut told = Vec::new();
    for _ in 0..MOST {
        match snapshot.next().await {
            Ok(items) if items.is_empty() => {
                return so(told == expected, "all of it, if it goes on");
            }
            Ok(items) => told.extend(items),
            Err(Error::Closed) => return so(expected.starts_with(&told), "what was there"),
            Err(other) => return Err(other.into()),
        }
    }
    so(false, "an end of the snapshot")
}
