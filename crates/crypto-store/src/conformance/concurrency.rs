//! Many callers at once: all or nothing, and one order.

use std::collections::BTreeSet;

use super::trial::{
    Checked, Trial, append, batch, delete, id, is_chained, numbered, put, row, so, some,
};
use crate::backend::{Expect, KeyOp, Log, Op, Outcome, Table};

pub(super) async fn commits_at_once_are_all_there(t: &mut Trial<'_>) -> Checked {
    t.together(64, |backend, n| async move {
        let key = n.to_be_bytes();
        let ops = vec![
            put(Table::Records, &key, &key),
            put(Table::Terms, &key, &key),
        ];
        backend.commit(batch(ops)).await?;
        so(
            backend.get(Table::Records, key.to_vec()).await?.is_some(),
            "each to read its own row",
        )
    })
    .await?;
    for table in [Table::Records, Table::Terms] {
        let rows = t.rows(table).await?;
        so(rows.len() == 64, "64 rows")?;
        so(
            rows.iter().all(|row| row.key == row.value),
            "its own value in each",
        )?;
        let orders: BTreeSet<u64> = rows.iter().map(|row| row.seq).collect();
        so(orders.len() == 64, "an order of its own for each")?;
    }
    Ok(())
}

pub(super) async fn entries_at_once_make_one_chain(t: &mut Trial<'_>) -> Checked {
    let heads = t
        .together(64, |backend, n| async move {
            let value = n.to_be_bytes();
            let ops = vec![append(Log::Audit, &value), append(Log::Ledger, &value)];
            match backend.commit(batch(ops)).await? {
                Outcome::Committed(heads) => Ok((n, heads)),
                Outcome::Refused(_) => so(false, "no refusal").map(|()| (n, Vec::new())),
            }
        })
        .await?;
    for (which, log) in Log::ALL.into_iter().enumerate() {
        let entries = t.entries(log).await?;
        so(entries.len() == 64, "64 entries")?;
        so(is_chained(log, &entries), "one chain")?;
        for (n, heads) in &heads {
            let head = some(heads.get(which), "a head an entry")?;
            let entry = entries.iter().find(|entry| entry.seq == head.seq);
            let entry = some(entry, "the entry of the head")?;
            so(entry.value == n.to_be_bytes(), "the caller's own entry")?;
            so(entry.link == head.link, "its link")?;
        }
    }
    Ok(())
}

pub(super) async fn both_logs_see_batches_in_one_order(t: &mut Trial<'_>) -> Checked {
    t.together(48, |backend, n| async move {
        let value = n.to_be_bytes();
        let ops = vec![append(Log::Audit, &value), append(Log::Ledger, &value)];
        backend.commit(batch(ops)).await?;
        Ok(())
    })
    .await?;
    let values = |entries: Vec<crate::backend::LogRow>| -> Vec<Vec<u8>> {
        entries.into_iter().map(|entry| entry.value).collect()
    };
    let audit = values(t.entries(Log::Audit).await?);
    so(
        audit == values(t.entries(Log::Ledger).await?),
        "the same order",
    )
}

pub(super) async fn counters_lose_no_step(t: &mut Trial<'_>) -> Checked {
    let counter = || b"counter".to_vec();
    t.together(16, move |backend, _| async move {
        for _ in 0..10_000 {
            let row = backend.get(Table::Meta, counter()).await?;
            let seen = row.map(|row| row.value).unwrap_or_default();
            let number = seen.first().copied().unwrap_or_default();
            let ops = vec![
                Op::Require(Table::Meta, counter(), Expect::Value(seen)),
                put(Table::Meta, b"counter", &[number + 1]),
            ];
            if let Outcome::Committed(_) = backend.commit(batch(ops)).await? {
                return Ok(());
            }
        }
        so(false, "a commit at last")
    })
    .await?;
    so(
        t.must(Table::Meta, b"counter").await?.value == [16],
        "sixteen",
    )
}

pub(super) async fn one_of_many_makes_a_row(t: &mut Trial<'_>) -> Checked {
    let outcomes = t
        .together(32, |backend, n| async move {
            let ops = vec![
                Op::Require(Table::Once, b"k".to_vec(), Expect::Absent),
                put(Table::Once, b"k", &n.to_be_bytes()),
                append(Log::Audit, &n.to_be_bytes()),
            ];
            Ok(backend.commit(batch(ops)).await?)
        })
        .await?;
    let won: Vec<u32> = (0..)
        .zip(&outcomes)
        .filter(|(_, o)| matches!(o, Outcome::Committed(_)))
        .map(|(n, _)| n)
        .collect();
    let winner = some(won.first(), "a winner")?;
    so(won.len() == 1, "one winner")?;
    so(
        t.must(Table::Once, b"k").await?.value == winner.to_be_bytes(),
        "the row of the winner",
    )?;
    so(t.entries(Log::Audit).await?.len() == 1, "one entry")
}

pub(super) async fn one_of_many_adds_a_key(t: &mut Trial<'_>) -> Checked {
    let answers = t
        .together(32, |backend, n| async move {
            let wrapped = vec![u8::try_from(n).unwrap_or_default(); 81];
            let answers = backend
                .change_keys(vec![KeyOp::Add(id(1), wrapped)])
                .await?;
            some(answers.first().copied(), "an answer")
        })
        .await?;
    let won: Vec<u8> = (0..)
        .zip(&answers)
        .filter(|(_, new)| **new)
        .map(|(n, _)| n)
        .collect();
    let winner = some(won.first(), "a winner")?;
    so(won.len() == 1, "one winner")?;
    so(
        t.holds(id(1), &[*winner; 81]).await?,
        "the bytes of the winner",
    )
}

pub(super) async fn one_of_many_destroys_a_key(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let answers = t
        .together(32, |backend, _| async move {
            let answers = backend.change_keys(vec![KeyOp::Destroy(id(1))]).await?;
            some(answers.first().copied(), "an answer")
        })
        .await?;
    so(answers.iter().filter(|was| **was).count() == 1, "one true")?;
    so(t.key(id(1)).await?.is_none(), "no key")
}

pub(super) async fn one_of_many_replaces_a_key(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[0xff; 81]).await?;
    let seen = &t.seen(id(1)).await?;
    let answers = t
        .together(32, move |backend, n| {
            let seen = seen.clone();
            async move {
                let wrapped = vec![u8::try_from(n).unwrap_or_default(); 81];
                let answers = backend
                    .change_keys(vec![KeyOp::Replace(seen, wrapped)])
                    .await?;
                some(answers.first().copied(), "an answer")
            }
        })
        .await?;
    let won: Vec<u8> = (0..)
        .zip(&answers)
        .filter(|(_, did)| **did)
        .map(|(n, _)| n)
        .collect();
    let winner = some(won.first(), "a winner")?;
    so(won.len() == 1, "one winner")?;
    so(
        t.holds(id(1), &[*winner; 81]).await?,
        "the bytes of the winner",
    )
}

pub(super) async fn a_destroyed_key_stays_so_beside_a_rotation(t: &mut Trial<'_>) -> Checked {
    let adds = (0..32).map(|n| KeyOp::Add(numbered(n), vec![1; 81]));
    t.change(adds.collect()).await?;
    t.together(64, |backend, n| async move {
        let name = numbered(n / 2);
        if n % 2 == 0 {
            backend.change_keys(vec![KeyOp::Destroy(name)]).await?;
            return Ok(());
        }
        for seen in backend.scan_keys(0, usize::MAX).await? {
            backend
                .change_keys(vec![KeyOp::Replace(seen, vec![2; 81])])
                .await?;
        }
        Ok(())
    })
    .await?;
    so(t.names().await?.is_empty(), "no key")
}

pub(super) async fn changes_of_several_keys_are_not_seen_by_halves(t: &mut Trial<'_>) -> Checked {
    t.change(vec![
        KeyOp::Set(id(1), vec![0; 81]),
        KeyOp::Set(id(2), vec![0; 81]),
    ])
    .await?;
    t.together(32, |backend, n| async move {
        if n % 2 == 0 {
            let wrapped = vec![u8::try_from(n).unwrap_or_default(); 81];
            let both = [1, 2].map(|key| KeyOp::Set(id(key), wrapped.clone()));
            backend.change_keys(both.into()).await?;
            return Ok(());
        }
        let both = backend.scan_keys(0, 9).await?;
        so(both.len() == 2, "two keys")?;
        so(
            both.iter()
                .all(|key| both.first().is_some_and(|f| f.wrapped == key.wrapped)),
            "both of one change",
        )
    })
    .await
    .map(drop)
}

pub(super) async fn rows_of_one_batch_are_not_seen_by_halves(t: &mut Trial<'_>) -> Checked {
    let keys = || {
        vec![
            (Table::Records, b"k".to_vec()),
            (Table::Meta, b"k".to_vec()),
        ]
    };
    t.together(48, move |backend, n| async move {
        if n % 2 == 0 {
            let value = n.to_be_bytes();
            let ops = vec![
                put(Table::Records, b"k", &value),
                put(Table::Meta, b"k", &value),
            ];
            backend.commit(batch(ops)).await?;
            return Ok(());
        }
        let found = backend.get_many(keys()).await?;
        let values: Vec<_> = found
            .iter()
            .map(|row| row.as_ref().map(|r| &r.value))
            .collect();
        so(values.first() == values.last(), "both of one batch")
    })
    .await
    .map(drop)
}

pub(super) async fn puts_and_deletes_at_once_are_seen_together(t: &mut Trial<'_>) -> Checked {
    t.together(64, |backend, n| async move {
        // Two rows that come and go together.
        let op = |table| match n % 2 {
            0 => Op::Put(table, row(b"k", &n.to_be_bytes())),
            _ => delete(table, b"k"),
        };
        backend
            .commit(batch(vec![op(Table::Holds), op(Table::Links)]))
            .await?;
        let keys = vec![(Table::Holds, b"k".to_vec()), (Table::Links, b"k".to_vec())];
        let found = backend.get_many(keys).await?;
        let values: Vec<_> = found
            .iter()
            .map(|row| row.as_ref().map(|r| &r.value))
            .collect();
        so(values.first() == values.last(), "both or neither")
    })
    .await
    .map(drop)
}

pub(super) async fn a_scan_beside_changes_tells_whole_rows(t: &mut Trial<'_>) -> Checked {
    t.together(48, |backend, n| async move {
        let value = vec![u8::try_from(n).unwrap_or_default(); 3000];
        let ops = (0..4u8)
            .map(|key| put(Table::Records, &[key], &value))
            .collect();
        backend.commit(batch(ops)).await?;
        let scan = crate::backend::Scan::Prefix {
            table: Table::Records,
            prefix: Vec::new(),
            after: Vec::new(),
            limit: 9,
        };
        let rows = backend.scan(scan).await?;
        so(rows.len() == 4, "four rows")?;
        so(
            rows.iter()
                .all(|row| rows.first().is_some_and(|f| f.value == row.value)),
            "rows of one batch",
        )
    })
    .await
    .map(drop)
}
