//! What is there after closing and opening again.

use super::trial::{
    Checked, Trial, append, delete, each, id, is_chained, keys_of, numbered, put, row, row_at,
    row_of, so,
};
use crate::backend::{Expect, KeyOp, Log, Op, Side, Table};

pub(super) async fn an_empty_back_end_stays_empty(t: &mut Trial<'_>) -> Checked {
    t.reopen().await?;
    so(t.names().await?.is_empty(), "no keys")?;
    so(t.everything().await?.is_empty(), "no records")
}

pub(super) async fn keys_survive(t: &mut Trial<'_>) -> Checked {
    for len in [0, 1, 40, 77, 81, 4096] {
        let name = numbered(u32::try_from(len).unwrap_or_default());
        t.add(name, &vec![5; len]).await?;
    }
    let before = t.names().await?;
    t.reopen().await?;
    so(t.names().await? == before, "the same names")?;
    for len in [0, 1, 40, 77, 81, 4096] {
        let name = numbered(u32::try_from(len).unwrap_or_default());
        each(t.holds(name, &vec![5; len]).await?, "the bytes", len)?;
    }
    Ok(())
}

pub(super) async fn key_positions_survive(t: &mut Trial<'_>) -> Checked {
    for n in 0..20 {
        t.add(numbered(n), &vec![1; if n % 3 == 0 { 40 } else { 81 }])
            .await?;
    }
    t.destroy(numbered(7)).await?;
    let before = t.lying().await?;
    t.reopen().await?;
    so(t.lying().await? == before, "the same scan")?;
    let seen = t.seen(numbered(8)).await?;
    so(t.replace(&seen, &[2; 81]).await?, "true to replace")
}

pub(super) async fn destroyed_keys_stay_destroyed(t: &mut Trial<'_>) -> Checked {
    for n in 0..10 {
        t.add(numbered(n), &[1; 81]).await?;
    }
    for n in 0..5 {
        t.destroy(numbered(n * 2)).await?;
    }
    t.reopen().await?;
    for n in 0..5 {
        so(t.key(numbered(n * 2)).await?.is_none(), "no key")?;
    }
    so(t.names().await?.len() == 5, "five keys")?;
    so(!t.destroy(numbered(0)).await?, "false: it is gone")
}

pub(super) async fn changed_keys_stay_changed(t: &mut Trial<'_>) -> Checked {
    t.change(vec![
        KeyOp::Add(id(1), vec![1; 81]),
        KeyOp::Add(id(2), vec![1; 81]),
    ])
    .await?;
    t.set(id(1), &[2; 81]).await?;
    let seen = t.seen(id(2)).await?;
    t.replace(&seen, &[3; 81]).await?;
    t.reopen().await?;
    so(t.holds(id(1), &[2; 81]).await?, "what was set")?;
    so(t.holds(id(2), &[3; 81]).await?, "what was replaced")?;
    so(!t.add(id(1), &[4; 81]).await?, "false: it is there")?;
    so(!t.replace(&seen, &[5; 81]).await?, "false: it has changed")
}

pub(super) async fn rows_survive(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row_of(b"both", Some(b"1"), Some(b""))).await?;
        t.put(table, row_at(b"time", Some(i64::MIN))).await?;
        t.put(table, row(b"", b"")).await?;
        t.put(table, row(b"gone", b"v")).await?;
        t.delete(table, b"gone").await?;
    }
    let before = t.everything().await?;
    t.reopen().await?;
    so(t.everything().await? == before, "the same rows")
}

pub(super) async fn large_rows_survive(t: &mut Trial<'_>) -> Checked {
    let value = vec![0x5a; 1 << 20];
    t.put(Table::Records, row(b"k", &value)).await?;
    t.reopen().await?;
    so(
        t.must(Table::Records, b"k").await?.value == value,
        "the bytes",
    )
}

pub(super) async fn the_order_of_insertion_goes_on(t: &mut Trial<'_>) -> Checked {
    for key in [b"c", b"a"] {
        t.put(Table::Records, row_of(key, Some(b"p"), None)).await?;
    }
    t.reopen().await?;
    t.put(Table::Records, row_of(b"b", Some(b"p"), None))
        .await?;
    t.put(Table::Records, row_of(b"c", Some(b"p"), None))
        .await?;
    let found = t.referring(Table::Records, 0, b"p", 0, 9).await?;
    so(
        keys_of(&found) == [b"c", b"a", b"b"],
        "old rows, then the new one",
    )
}

pub(super) async fn logs_survive(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        t.done(vec![
            append(log, b"one"),
            append(log, b""),
            append(log, b"three"),
        ])
        .await?;
    }
    let before = t.everything().await?;
    t.reopen().await?;
    so(t.everything().await? == before, "the same entries")
}

pub(super) async fn links_go_on(t: &mut Trial<'_>) -> Checked {
    for n in 0..4u8 {
        t.done(vec![append(Log::Audit, &[n]), append(Log::Ledger, &[n, n])])
            .await?;
        t.reopen().await?;
    }
    for log in Log::ALL {
        let entries = t.entries(log).await?;
        so(entries.len() == 4, "four entries")?;
        so(is_chained(log, &entries), "one chain over all openings")?;
    }
    Ok(())
}

pub(super) async fn a_refused_batch_left_nothing_behind(t: &mut Trial<'_>) -> Checked {
    t.done(vec![put(Table::Meta, b"k", b"v"), append(Log::Audit, b"1")])
        .await?;
    let before = t.everything().await?;
    t.refused(vec![
        delete(Table::Meta, b"k"),
        append(Log::Audit, b"2"),
        Op::Require(Table::Meta, b"k".to_vec(), Expect::Absent),
    ])
    .await?;
    t.reopen().await?;
    so(t.everything().await? == before, "what was committed")?;
    t.done(vec![append(Log::Audit, b"2")]).await?;
    so(
        is_chained(Log::Audit, &t.entries(Log::Audit).await?),
        "one chain",
    )
}

pub(super) async fn what_was_done_survives_without_closing(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    t.add(id(2), &[1; 81]).await?;
    t.destroy(id(2)).await?;
    t.done(vec![
        put(Table::Records, b"k", b"v"),
        append(Log::Ledger, b"1"),
    ])
    .await?;
    let (rows, keys) = (t.everything().await?, t.lying().await?);
    t.open_again().await?;
    so(t.everything().await? == rows, "the records")?;
    so(t.lying().await? == keys, "the keys")
}

pub(super) async fn what_was_scrubbed_survives(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    t.done(vec![
        put(Table::Records, b"k", b"v"),
        append(Log::Ledger, b"1"),
    ])
    .await?;
    so(t.scrub(Side::Keys).await?, "true for the keys")?;
    so(t.scrub(Side::Records).await?, "true for the records")?;
    let (rows, keys) = (t.everything().await?, t.lying().await?);
    t.reopen().await?;
    so(t.everything().await? == rows, "the records")?;
    so(t.lying().await? == keys, "the keys")
}

pub(super) async fn what_many_did_survives(t: &mut Trial<'_>) -> Checked {
    t.together(64, |backend, n| async move {
        let key = n.to_be_bytes();
        let ops = vec![put(Table::Records, &key, b"v"), append(Log::Audit, &key)];
        backend.commit(super::trial::batch(ops)).await?;
        backend
            .change_keys(vec![KeyOp::Add(numbered(n), vec![1; 81])])
            .await?;
        Ok(())
    })
    .await?;
    t.reopen().await?;
    so(t.names().await?.len() == 64, "64 keys")?;
    so(t.rows(Table::Records).await?.len() == 64, "64 rows")?;
    let entries = t.entries(Log::Audit).await?;
    so(
        entries.len() == 64 && is_chained(Log::Audit, &entries),
        "one chain of 64",
    )
}

pub(super) async fn searches_find_what_was_before(t: &mut Trial<'_>) -> Checked {
    for n in 0..9u8 {
        let row = crate::backend::Row {
            at: Some(i64::from(n % 3)),
            ..row_of(&[n], Some(&[n % 2]), None)
        };
        t.put(Table::Records, row).await?;
    }
    let due = t.due(Table::Records, (i64::MIN, 0), 1, 99).await?;
    let referring = t.referring(Table::Records, 0, &[1], 0, 99).await?;
    t.reopen().await?;
    so(due.len() == 6 && referring.len() == 4, "six and four rows")?;
    so(
        t.due(Table::Records, (i64::MIN, 0), 1, 99).await? == due,
        "the due rows",
    )?;
    so(
        t.referring(Table::Records, 0, &[1], 0, 99).await? == referring,
        "the same references",
    )
}

pub(super) async fn a_reopened_back_end_is_sound(t: &mut Trial<'_>) -> Checked {
    for n in 0..20u8 {
        t.add(id(n), &[n; 81]).await?;
        t.done(vec![
            put(Table::Terms, &[n], b"v"),
            append(Log::Audit, &[n]),
        ])
        .await?;
    }
    t.reopen().await?;
    for side in [Side::Keys, Side::Records] {
        so(t.check(side).await?, "sound")?;
        so(t.scrub(side).await?, "scrubbed")?;
    }
    so(t.names().await?.len() == 20, "twenty keys")?;
    so(t.rows(Table::Terms).await?.len() == 20, "twenty rows")
}

pub(super) async fn a_closed_handle_stays_closed(t: &mut Trial<'_>) -> Checked {
    let old = std::sync::Arc::clone(t);
    t.reopen().await?;
    t.put(Table::Meta, row(b"k", b"v")).await?;
    for result in [
        old.get(Table::Meta, b"k".to_vec()).await.map(drop),
        old.commit(super::trial::batch(vec![put(Table::Meta, b"k", b"w")]))
            .await
            .map(drop),
        old.change_keys(vec![KeyOp::Add(id(1), vec![1])])
            .await
            .map(drop),
        old.snapshot().await.map(drop),
    ] {
        so(matches!(result, Err(crate::Error::Closed)), "Closed")?;
    }
    so(
        t.must(Table::Meta, b"k").await?.value == b"v",
        "the row as it was",
    )
}
