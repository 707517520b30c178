//! Rows of the tables.

use super::trial::{
    Checked, Trial, delete, each, keys_of, put, row, row_at, row_of, same, so, some,
};
use crate::backend::{Op, Row, Table};

/// A row that uses every field.
fn full(key: &[u8]) -> Row {
    Row {
        key: key.to_vec(),
        refs: [Some(b"one".to_vec()), Some(b"two".to_vec())],
        at: Some(77),
        value: b"content".to_vec(),
        seq: 0,
    }
}

/// Writes a row into every table and reads it back.
async fn keeps(t: &Trial<'_>, given: &Row) -> Checked {
    for (n, table) in Table::ALL.into_iter().enumerate() {
        t.put(table, given.clone()).await?;
        let found = t.must(table, &given.key).await?;
        each(same(&found, given), "the row as it was put", n)?;
        let listed = t.rows(table).await?;
        each(
            listed.contains(&found),
            "the row in a scan as it was read",
            n,
        )?;
    }
    Ok(())
}

pub(super) async fn new_back_end_has_no_rows(t: &mut Trial<'_>) -> Checked {
    for (n, table) in Table::ALL.into_iter().enumerate() {
        each(t.row(table, b"k").await?.is_none(), "no row", n)?;
        each(t.row(table, b"").await?.is_none(), "no row", n)?;
        each(t.rows(table).await?.is_empty(), "no rows", n)?;
    }
    Ok(())
}

pub(super) async fn put_is_read_back(t: &mut Trial<'_>) -> Checked {
    keeps(t, &full(b"k")).await
}

pub(super) async fn put_replaces_the_row(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, full(b"k")).await?;
        let other = Row {
            refs: [Some(b"three".to_vec()), Some(b"four".to_vec())],
            at: Some(-5),
            value: b"other".to_vec(),
            ..row(b"k", b"")
        };
        t.put(table, other.clone()).await?;
        so(same(&t.must(table, b"k").await?, &other), "the new row")?;
        so(t.rows(table).await?.len() == 1, "one row")?;
    }
    Ok(())
}

pub(super) async fn put_again_may_take_references_and_time_away(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, full(b"k")).await?;
        t.put(table, row(b"k", b"bare")).await?;
        let found = t.must(table, b"k").await?;
        so(found.refs == [None, None], "no references")?;
        so(found.at.is_none(), "no time")?;
    }
    Ok(())
}

pub(super) async fn put_again_keeps_the_order_of_insertion(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        for key in [b"a", b"b", b"c"] {
            t.put(table, full(key)).await?;
        }
        let before = t.must(table, b"a").await?.seq;
        t.put(table, row(b"a", b"other")).await?;
        so(t.must(table, b"a").await?.seq == before, "the same order")?;
    }
    Ok(())
}

pub(super) async fn put_again_of_the_same_row_keeps_it(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, full(b"k")).await?;
        let before = t.must(table, b"k").await?;
        t.put(table, full(b"k")).await?;
        so(t.must(table, b"k").await? == before, "the same row")?;
    }
    Ok(())
}

pub(super) async fn a_given_order_is_ignored(t: &mut Trial<'_>) -> Checked {
    for given in [u64::MAX, 1, 0, 5] {
        let key = given.to_be_bytes();
        let seq = given;
        t.put(Table::Records, Row { seq, ..full(&key) }).await?;
    }
    let mut rows = t.rows(Table::Records).await?;
    rows.sort_by_key(|row| row.seq);
    let expected: Vec<[u8; 8]> = [u64::MAX, 1, 0, 5].map(u64::to_be_bytes).into();
    so(keys_of(&rows) == expected, "the order of the calls")
}

pub(super) async fn a_given_order_is_ignored_when_replacing(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Meta, row(b"k", b"1")).await?;
    let before = t.must(Table::Meta, b"k").await?.seq;
    let seq = before + 100;
    t.put(
        Table::Meta,
        Row {
            seq,
            ..row(b"k", b"2")
        },
    )
    .await?;
    so(
        t.must(Table::Meta, b"k").await?.seq == before,
        "the same order",
    )
}

pub(super) async fn the_order_of_insertion_begins_above_zero(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row(b"k", b"v")).await?;
        so(t.must(table, b"k").await?.seq > 0, "above zero")?;
    }
    Ok(())
}

pub(super) async fn the_order_of_insertion_grows(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        let mut before = 0;
        for key in [b"z", b"a", b"m", b"b"] {
            t.put(table, row(key, b"v")).await?;
            let seq = t.must(table, key).await?.seq;
            so(seq > before, "an order above the one before")?;
            before = seq;
        }
    }
    Ok(())
}

pub(super) async fn the_order_of_insertion_grows_within_a_batch(t: &mut Trial<'_>) -> Checked {
    let keys = [b"z", b"a", b"m", b"b"];
    t.done(
        keys.iter()
            .map(|key| put(Table::Terms, *key, b"v"))
            .collect(),
    )
    .await?;
    let mut rows = t.rows(Table::Terms).await?;
    rows.sort_by_key(|row| row.seq);
    so(keys_of(&rows) == keys, "the order of the batch")
}

pub(super) async fn a_row_put_after_a_deletion_comes_last(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        for key in [b"a", b"b", b"c"] {
            t.put(table, full(key)).await?;
        }
        t.delete(table, b"a").await?;
        t.put(table, full(b"a")).await?;
        let last = t.must(table, b"c").await?.seq;
        so(t.must(table, b"a").await?.seq > last, "behind the others")?;
    }
    Ok(())
}

pub(super) async fn delete_takes_the_row_away(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, full(b"k")).await?;
        t.delete(table, b"k").await?;
        so(t.row(table, b"k").await?.is_none(), "no row")?;
        so(t.rows(table).await?.is_empty(), "no rows")?;
    }
    Ok(())
}

pub(super) async fn delete_of_nothing_is_committed(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, full(b"k")).await?;
        t.delete(table, b"other").await?;
        t.delete(table, b"").await?;
        so(t.rows(table).await?.len() == 1, "the other row")?;
    }
    Ok(())
}

pub(super) async fn delete_twice_is_committed(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Gone, full(b"k")).await?;
    t.delete(Table::Gone, b"k").await?;
    t.delete(Table::Gone, b"k").await?;
    so(t.row(Table::Gone, b"k").await?.is_none(), "no row")
}

pub(super) async fn delete_takes_no_other_row(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 5] = [b"a", b"ab", b"abc", b"abd", b"b"];
    for key in keys {
        t.put(Table::Terms, row(key, b"v")).await?;
    }
    t.delete(Table::Terms, b"ab").await?;
    let rows = t.rows(Table::Terms).await?;
    so(
        keys_of(&rows) == [&b"a"[..], b"abc", b"abd", b"b"],
        "four rows",
    )
}

pub(super) async fn tables_do_not_mix(t: &mut Trial<'_>) -> Checked {
    for (n, table) in (0u8..).zip(Table::ALL) {
        t.put(table, row(b"k", &[n])).await?;
    }
    for (n, table) in (0u8..).zip(Table::ALL) {
        each(
            t.must(table, b"k").await?.value == [n],
            "its own row",
            n.into(),
        )?;
    }
    for (n, table) in Table::ALL.into_iter().enumerate() {
        t.delete(table, b"k").await?;
        for (m, other) in Table::ALL.into_iter().enumerate() {
            let there = t.row(other, b"k").await?.is_some();
            each(there == (m > n), "a deletion in one table", n)?;
        }
    }
    Ok(())
}

pub(super) async fn a_key_may_be_empty(t: &mut Trial<'_>) -> Checked {
    keeps(t, &full(b"")).await?;
    t.put(Table::Records, row(b"", b"2")).await?;
    so(t.rows(Table::Records).await?.len() == 1, "one row")?;
    t.delete(Table::Records, b"").await?;
    so(t.row(Table::Records, b"").await?.is_none(), "no row")
}

pub(super) async fn a_key_may_hold_every_byte(t: &mut Trial<'_>) -> Checked {
    let key: Vec<u8> = (0..=255).collect();
    keeps(t, &full(&key)).await
}

pub(super) async fn a_key_may_be_long(t: &mut Trial<'_>) -> Checked {
    keeps(t, &full(&[b'k'; 1024])).await
}

pub(super) async fn keys_may_be_zeros_or_high(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 6] = [
        b"\0",
        b"\0\0",
        b"\0\0\0",
        b"\xff",
        b"\xff\xff",
        b"\xff\xff\xff",
    ];
    for (n, key) in (0u8..).zip(keys) {
        t.put(Table::Meta, row(key, &[n])).await?;
    }
    for (n, key) in (0u8..).zip(keys) {
        each(
            t.must(Table::Meta, key).await?.value == [n],
            "its own row",
            n.into(),
        )?;
    }
    Ok(())
}

pub(super) async fn keys_that_begin_alike_are_others(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 5] = [b"k", b"k\0", b"k ", b"K", b"k\0\0"];
    for (n, key) in (0u8..).zip(keys) {
        t.put(Table::Holds, row(key, &[n])).await?;
    }
    for (n, key) in (0u8..).zip(keys) {
        each(
            t.must(Table::Holds, key).await?.value == [n],
            "its own row",
            n.into(),
        )?;
    }
    Ok(())
}

pub(super) async fn a_value_may_be_empty_or_zeros(t: &mut Trial<'_>) -> Checked {
    keeps(t, &row(b"none", b"")).await?;
    keeps(t, &row(b"zero", b"\0")).await?;
    keeps(t, &row(b"zeros", &[0; 40])).await
}

pub(super) async fn a_value_may_be_a_mebibyte(t: &mut Trial<'_>) -> Checked {
    let value: Vec<u8> = (0..1 << 20).map(|n: u32| n.to_be_bytes()[2]).collect();
    t.put(Table::Records, row(b"k", &value)).await?;
    so(
        t.must(Table::Records, b"k").await?.value == value,
        "the bytes",
    )?;
    t.put(Table::Records, row(b"k", b"small")).await?;
    so(
        t.must(Table::Records, b"k").await?.value == b"small",
        "the small one",
    )
}

pub(super) async fn a_row_may_hold_every_byte(t: &mut Trial<'_>) -> Checked {
    let value: Vec<u8> = (0..=255).collect();
    keeps(t, &row(b"k", &value)).await
}

pub(super) async fn references_may_be_absent_one_by_one(t: &mut Trial<'_>) -> Checked {
    keeps(t, &row_of(b"neither", None, None)).await?;
    keeps(t, &row_of(b"first", Some(b"1"), None)).await?;
    keeps(t, &row_of(b"second", None, Some(b"2"))).await?;
    keeps(t, &row_of(b"both", Some(b"1"), Some(b"2"))).await
}

pub(super) async fn an_empty_reference_is_not_an_absent_one(t: &mut Trial<'_>) -> Checked {
    keeps(t, &row_of(b"k", Some(b""), None)).await?;
    keeps(t, &row_of(b"l", None, Some(b""))).await
}

pub(super) async fn references_may_hold_any_bytes(t: &mut Trial<'_>) -> Checked {
    let all: Vec<u8> = (0..=255).collect();
    keeps(t, &row_of(b"k", Some(&all), Some(&[0xff; 300]))).await?;
    keeps(t, &row_of(b"l", Some(b"\0"), Some(b"\0\0"))).await
}

pub(super) async fn a_time_may_be_absent_or_any(t: &mut Trial<'_>) -> Checked {
    for (n, at) in (0u8..).zip([
        None,
        Some(i64::MIN),
        Some(-1),
        Some(0),
        Some(1),
        Some(i64::MAX),
    ]) {
        keeps(t, &row_at(&[n], at)).await?;
    }
    Ok(())
}

pub(super) async fn the_last_put_of_a_batch_wins(t: &mut Trial<'_>) -> Checked {
    let puts = (0u8..10).map(|n| put(Table::Once, b"k", &[n])).collect();
    t.done(puts).await?;
    so(
        t.must(Table::Once, b"k").await?.value == [9],
        "the last value",
    )?;
    so(t.rows(Table::Once).await?.len() == 1, "one row")
}

pub(super) async fn put_and_delete_of_one_batch_leave_nothing(t: &mut Trial<'_>) -> Checked {
    t.done(vec![
        put(Table::Links, b"k", b"v"),
        delete(Table::Links, b"k"),
    ])
    .await?;
    so(t.row(Table::Links, b"k").await?.is_none(), "no row")
}

pub(super) async fn delete_and_put_of_one_batch_make_a_new_row(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Links, full(b"k")).await?;
    t.put(Table::Links, full(b"other")).await?;
    t.done(vec![
        delete(Table::Links, b"k"),
        put(Table::Links, b"k", b"new"),
    ])
    .await?;
    let found = t.must(Table::Links, b"k").await?;
    so(same(&found, &row(b"k", b"new")), "only the new row")?;
    let other = t.must(Table::Links, b"other").await?;
    so(found.seq > other.seq, "behind what was there")
}

pub(super) async fn a_batch_may_change_every_table(t: &mut Trial<'_>) -> Checked {
    let mut ops = Vec::new();
    for table in Table::ALL {
        ops.push(put(table, b"gone", b"v"));
        ops.push(Op::Put(table, full(b"k")));
        ops.push(delete(table, b"gone"));
    }
    t.done(ops).await?;
    for (n, table) in Table::ALL.into_iter().enumerate() {
        let rows = t.rows(table).await?;
        let only = some(rows.first(), "a row")?;
        each(rows.len() == 1 && same(only, &full(b"k")), "its row", n)?;
    }
    Ok(())
}

pub(super) async fn a_batch_may_hold_two_thousand_changes(t: &mut Trial<'_>) -> Checked {
    let puts = (0u32..2000).map(|n| put(Table::Terms, &n.to_be_bytes(), b"v"));
    t.done(puts.collect()).await?;
    so(t.rows(Table::Terms).await?.len() == 2000, "2,000 rows")?;
    let deletes = (0u32..2000).map(|n| delete(Table::Terms, &n.to_be_bytes()));
    t.done(deletes.collect()).await?;
    so(t.rows(Table::Terms).await?.is_empty(), "no rows")
}

pub(super) async fn an_empty_batch_is_committed(t: &mut Trial<'_>) -> Checked {
    so(t.done(Vec::new()).await?.is_empty(), "no heads")?;
    so(t.everything().await?.is_empty(), "nothing")
}
