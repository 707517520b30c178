//! Searches by reference.

use super::trial::{Checked, Trial, delete, each, keys_of, row, row_of, so, some};
use crate::backend::{Op, Row, Table};

async fn fill(t: &Trial<'_>, rows: &[Row]) -> Checked {
    let puts = rows.iter().cloned().map(|row| Op::Put(Table::Records, row));
    t.done(puts.collect()).await.map(drop)
}

async fn finds(t: &Trial<'_>, which: usize, value: &[u8], expected: &[&[u8]]) -> Checked {
    let found = t.referring(Table::Records, which, value, 0, 100).await?;
    each(
        keys_of(&found) == expected,
        "so many rows by order of insertion",
        expected.len(),
    )
}

/// Five rows of two persons and two units.
fn some_rows() -> [Row; 5] {
    [
        row_of(b"e", Some(b"p"), Some(b"u")),
        row_of(b"d", Some(b"q"), Some(b"u")),
        row_of(b"c", Some(b"p"), None),
        row_of(b"b", Some(b"p"), Some(b"w")),
        row_of(b"a", None, Some(b"u")),
    ]
}

pub(super) async fn reference_finds_nothing_in_nothing(t: &mut Trial<'_>) -> Checked {
    finds(t, 0, b"p", &[]).await?;
    finds(t, 1, b"", &[]).await
}

pub(super) async fn the_first_reference_is_found(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    finds(t, 0, b"p", &[b"e", b"c", b"b"]).await?;
    finds(t, 0, b"q", &[b"d"]).await
}

pub(super) async fn the_second_reference_is_found(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    finds(t, 1, b"u", &[b"e", b"d", b"a"]).await?;
    finds(t, 1, b"w", &[b"b"]).await
}

pub(super) async fn the_two_references_do_not_mix(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    finds(t, 0, b"u", &[]).await?;
    finds(t, 1, b"p", &[]).await?;
    fill(t, &[row_of(b"x", Some(b"u"), Some(b"p"))]).await?;
    finds(t, 0, b"u", &[b"x"]).await?;
    finds(t, 1, b"p", &[b"x"]).await
}

pub(super) async fn a_reference_matches_as_a_whole(t: &mut Trial<'_>) -> Checked {
    fill(
        t,
        &[
            row_of(b"1", Some(b"ab"), None),
            row_of(b"2", Some(b"abc"), None),
            row_of(b"3", Some(b"a"), None),
            row_of(b"4", Some(b"ab\0"), None),
            row_of(b"5", Some(b"AB"), None),
        ],
    )
    .await?;
    finds(t, 0, b"ab", &[b"1"]).await
}

pub(super) async fn an_empty_reference_finds_no_absent_one(t: &mut Trial<'_>) -> Checked {
    fill(
        t,
        &[
            row_of(b"1", None, Some(b"")),
            row_of(b"2", Some(b""), None),
            row_of(b"3", None, None),
        ],
    )
    .await?;
    finds(t, 0, b"", &[b"2"]).await?;
    finds(t, 1, b"", &[b"1"]).await
}

pub(super) async fn references_of_high_and_zero_bytes_are_found(t: &mut Trial<'_>) -> Checked {
    fill(
        t,
        &[
            row_of(b"1", Some(b"\xff\xff"), Some(b"\0")),
            row_of(b"2", Some(b"\xff"), Some(b"\0\0")),
        ],
    )
    .await?;
    finds(t, 0, b"\xff", &[b"2"]).await?;
    finds(t, 1, b"\0", &[b"1"]).await
}

pub(super) async fn reference_goes_on_behind_an_order(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    let all = t.referring(Table::Records, 0, b"p", 0, 100).await?;
    for (n, seen) in all.iter().enumerate() {
        let rest = t.referring(Table::Records, 0, b"p", seen.seq, 100).await?;
        each(Some(&rest[..]) == all.get(n + 1..), "the rows behind", n)?;
    }
    Ok(())
}

pub(super) async fn reference_goes_on_behind_an_order_of_another_row(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    let between = t.must(Table::Records, b"d").await?.seq;
    let rest = t.referring(Table::Records, 0, b"p", between, 100).await?;
    so(keys_of(&rest) == [b"c", b"b"], "the two behind it")
}

pub(super) async fn reference_behind_the_last_is_empty(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    for after in [1 << 40, u64::MAX] {
        let rest = t.referring(Table::Records, 0, b"p", after, 100).await?;
        so(rest.is_empty(), "nothing")?;
    }
    Ok(())
}

pub(super) async fn reference_keeps_to_the_limit(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    let all = t.referring(Table::Records, 0, b"p", 0, usize::MAX).await?;
    so(all.len() == 3, "three rows")?;
    for limit in 0..=4 {
        let found = t.referring(Table::Records, 0, b"p", 0, limit).await?;
        each(
            all.get(..limit.min(3)) == Some(&found[..]),
            "the first rows",
            limit,
        )?;
    }
    Ok(())
}

pub(super) async fn reference_pages_have_no_gap_and_no_repeat(t: &mut Trial<'_>) -> Checked {
    let rows: Vec<Row> = (0..100u8)
        .rev()
        .map(|n| row_of(&[n], Some(&[n % 2]), None))
        .collect();
    fill(t, &rows).await?;
    for page in [1, 7, 50] {
        let (mut all, mut after) = (Vec::new(), 0);
        for _ in 0..51 {
            let found = t.referring(Table::Records, 0, &[1], after, page).await?;
            after = found.last().map_or(after, |row| row.seq);
            all.extend(found.into_iter().map(|row| row.key));
        }
        let expected: Vec<Vec<u8>> = (0..100)
            .rev()
            .filter(|n| n % 2 == 1)
            .map(|n| vec![n])
            .collect();
        each(all == expected, "every row once", page)?;
    }
    Ok(())
}

pub(super) async fn reference_leaves_out_deleted_rows(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    t.delete(Table::Records, b"c").await?;
    finds(t, 0, b"p", &[b"e", b"b"]).await?;
    t.delete(Table::Records, b"d").await?;
    finds(t, 0, b"q", &[]).await
}

pub(super) async fn reference_follows_replaced_rows(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    fill(t, &[row_of(b"c", Some(b"q"), Some(b"w"))]).await?;
    finds(t, 0, b"p", &[b"e", b"b"]).await?;
    finds(t, 0, b"q", &[b"d", b"c"]).await?;
    finds(t, 1, b"w", &[b"c", b"b"]).await
}

pub(super) async fn reference_forgets_what_a_replacement_took_away(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    fill(t, &[row(b"e", b"bare")]).await?;
    finds(t, 0, b"p", &[b"c", b"b"]).await?;
    finds(t, 1, b"u", &[b"d", b"a"]).await
}

pub(super) async fn a_replaced_row_keeps_its_place_among_references(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    fill(t, &[row_of(b"e", Some(b"p"), None)]).await?;
    finds(t, 0, b"p", &[b"e", b"c", b"b"]).await
}

pub(super) async fn a_row_put_again_comes_last_among_references(t: &mut Trial<'_>) -> Checked {
    fill(t, &some_rows()).await?;
    let again = Op::Put(Table::Records, row_of(b"e", Some(b"p"), None));
    t.done(vec![delete(Table::Records, b"e"), again]).await?;
    finds(t, 0, b"p", &[b"c", b"b", b"e"]).await
}

pub(super) async fn reference_keeps_to_its_table(t: &mut Trial<'_>) -> Checked {
    for (n, table) in (0u8..).zip(Table::ALL) {
        t.put(table, row_of(&[n], Some(b"p"), Some(b"u"))).await?;
    }
    for (n, table) in (0u8..).zip(Table::ALL) {
        for (which, value) in [(0, b"p"), (1, b"u")] {
            let found = t.referring(table, which, value, 0, 9).await?;
            each(keys_of(&found) == [[n]], "its own row", n.into())?;
        }
    }
    Ok(())
}

pub(super) async fn reference_tells_whole_rows(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        let given = Row {
            at: Some(-3),
            value: b"content".to_vec(),
            ..row_of(b"k", Some(b"p"), Some(b"u"))
        };
        t.put(table, given).await?;
        let found = t.referring(table, 1, b"u", 0, 9).await?;
        let only = some(found.first(), "a row")?;
        so(*only == t.must(table, b"k").await?, "the row as it is read")?;
    }
    Ok(())
}
