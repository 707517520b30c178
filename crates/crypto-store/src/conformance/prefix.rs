//! Searches by the beginning of the key.

use super::trial::{Checked, Trial, delete, each, keys_of, put, row, row_of, same, so, some};
use crate::backend::Table;

const KEYS: [&[u8]; 9] = [
    b"a",
    b"ab",
    b"ab\0",
    b"ab\x7f",
    b"ab\x80",
    b"ab\xff",
    b"ab\xff\xff",
    b"ac",
    b"b",
];

/// Puts all keys, the last first.
async fn fill(t: &Trial<'_>, keys: &[&[u8]]) -> Checked {
    let puts = keys.iter().rev().map(|key| put(Table::Terms, key, key));
    t.done(puts.collect()).await.map(drop)
}

/// Whether a search finds these keys in this order.
async fn finds(t: &Trial<'_>, prefix: &[u8], after: &[u8], expected: &[&[u8]]) -> Checked {
    let found = t.prefix(Table::Terms, prefix, after, 100).await?;
    each(
        keys_of(&found) == expected,
        "so many rows by order of key",
        expected.len(),
    )
}

pub(super) async fn prefix_finds_nothing_in_nothing(t: &mut Trial<'_>) -> Checked {
    finds(t, b"", b"", &[]).await?;
    finds(t, b"a", b"b", &[]).await
}

pub(super) async fn an_empty_prefix_finds_all(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"", b"", &KEYS).await
}

pub(super) async fn a_prefix_finds_what_begins_with_it(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(
        t,
        b"ab",
        b"",
        &[
            b"ab",
            b"ab\0",
            b"ab\x7f",
            b"ab\x80",
            b"ab\xff",
            b"ab\xff\xff",
        ],
    )
    .await
}

pub(super) async fn a_prefix_may_be_a_whole_key(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"b", b"", &[b"b"]).await
}

pub(super) async fn a_prefix_longer_than_any_key_finds_nothing(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, &[b'a'; 500], b"", &[]).await
}

pub(super) async fn a_prefix_between_keys_finds_nothing(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"abc", b"", &[]).await?;
    finds(t, b"zz", b"", &[]).await
}

pub(super) async fn a_prefix_of_high_bytes_has_no_upper_bound(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 5] = [b"\xfe", b"\xff", b"\xff\0", b"\xff\xff", b"\xff\xff\xff"];
    fill(t, &keys).await?;
    finds(
        t,
        b"\xff",
        b"",
        &[b"\xff", b"\xff\0", b"\xff\xff", b"\xff\xff\xff"],
    )
    .await?;
    finds(t, b"\xff\xff", b"", &[b"\xff\xff", b"\xff\xff\xff"]).await?;
    finds(t, b"\xff\xff", b"\xff\xff", &[b"\xff\xff\xff"]).await
}

pub(super) async fn a_prefix_that_ends_in_a_high_byte_is_bounded(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 4] = [b"a\xff", b"a\xff\xff", b"b", b"b\xff"];
    fill(t, &keys).await?;
    finds(t, b"a\xff", b"", &[b"a\xff", b"a\xff\xff"]).await
}

pub(super) async fn a_prefix_of_zeros_is_no_empty_one(t: &mut Trial<'_>) -> Checked {
    let keys: [&[u8]; 4] = [b"\0", b"\0\0", b"\0\x01", b"\x01"];
    fill(t, &keys).await?;
    finds(t, b"\0", b"", &[b"\0", b"\0\0", b"\0\x01"]).await?;
    finds(t, b"\0\0", b"", &[b"\0\0"]).await
}

pub(super) async fn an_empty_key_is_found_by_an_empty_prefix(t: &mut Trial<'_>) -> Checked {
    fill(t, &[b"", b"a"]).await?;
    finds(t, b"", b"", &[b"", b"a"]).await
}

pub(super) async fn prefix_goes_on_behind_a_key(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"ab", b"ab\x80", &[b"ab\xff", b"ab\xff\xff"]).await?;
    finds(t, b"", b"ab\xff\xff", &[b"ac", b"b"]).await
}

pub(super) async fn prefix_goes_on_behind_a_key_that_is_not_there(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"ab", b"ab\x80\x01", &[b"ab\xff", b"ab\xff\xff"]).await
}

pub(super) async fn a_bound_in_front_of_the_prefix_is_none(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"ac", b"ab", &[b"ac"]).await?;
    finds(t, b"ac", b"a", &[b"ac"]).await
}

pub(super) async fn a_bound_that_is_the_prefix_excludes_its_row(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"ac", b"ac", &[]).await?;
    finds(t, b"ab", b"ab", &KEYS[2..7]).await
}

pub(super) async fn a_bound_behind_the_prefix_finds_nothing(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    finds(t, b"ab", b"ac", &[]).await?;
    finds(t, b"ab", b"ab\xff\xff", &[]).await
}

pub(super) async fn prefix_keeps_to_the_limit(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    for limit in 0..=10 {
        let found = t.prefix(Table::Terms, b"", b"", limit).await?;
        each(
            KEYS.get(..limit.min(9)) == Some(&keys_of(&found)[..]),
            "the first rows",
            limit,
        )?;
    }
    Ok(())
}

pub(super) async fn prefix_pages_have_no_gap_and_no_repeat(t: &mut Trial<'_>) -> Checked {
    let puts = (0..100u8).map(|n| put(Table::Terms, &[1, n], b"v"));
    t.done(puts.collect()).await?;
    for page in [1, 7, 100] {
        let (mut all, mut after) = (Vec::new(), Vec::new());
        for _ in 0..101 {
            let found = t.prefix(Table::Terms, &[1], &after, page).await?;
            if let Some(last) = found.last() {
                after.clone_from(&last.key);
            }
            all.extend(found.into_iter().map(|row| row.key));
        }
        let expected: Vec<Vec<u8>> = (0..100).map(|n| vec![1, n]).collect();
        each(all == expected, "every row once", page)?;
    }
    Ok(())
}

pub(super) async fn prefix_tells_whole_rows(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row_of(b"k", Some(b"1"), Some(b"2"))).await?;
        let found = t.prefix(table, b"k", b"", 9).await?;
        let only = some(found.first(), "a row")?;
        so(*only == t.must(table, b"k").await?, "the row as it is read")?;
    }
    Ok(())
}

pub(super) async fn prefix_keeps_to_its_table(t: &mut Trial<'_>) -> Checked {
    for (n, table) in (0u8..).zip(Table::ALL) {
        t.put(table, row(&[b'k', n], b"v")).await?;
    }
    for (n, table) in (0u8..).zip(Table::ALL) {
        let found = t.prefix(table, b"k", b"", 9).await?;
        each(keys_of(&found) == [[b'k', n]], "its own row", n.into())?;
    }
    Ok(())
}

pub(super) async fn prefix_follows_changes(t: &mut Trial<'_>) -> Checked {
    fill(t, &KEYS).await?;
    t.done(vec![
        delete(Table::Terms, b"ab"),
        put(Table::Terms, b"ab\x01", b"v"),
        put(Table::Terms, b"ab\xff", b"new"),
    ])
    .await?;
    let found = t.prefix(Table::Terms, b"ab", b"", 3).await?;
    so(
        keys_of(&found) == [b"ab\0", b"ab\x01", b"ab\x7f"],
        "three rows",
    )?;
    let changed = t.prefix(Table::Terms, b"ab\xff", b"", 1).await?;
    let first = some(changed.first(), "a row")?;
    so(same(first, &row(b"ab\xff", b"new")), "the new value")
}
