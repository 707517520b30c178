//! Searches by time.

use super::trial::{Checked, Trial, each, keys_of, row_at, row_of, so, some};
use crate::backend::{Op, Row, Table};

const NONE: (i64, u64) = (i64::MIN, 0);

/// Puts rows with these times into a table; keys are the positions.
async fn fill(t: &Trial<'_>, times: &[Option<i64>]) -> Checked {
    let puts = (0u8..)
        .zip(times)
        .map(|(n, at)| Op::Put(Table::Records, row_at(&[n], *at)));
    t.done(puts.collect()).await.map(drop)
}

async fn finds(t: &Trial<'_>, after: (i64, u64), until: i64, expected: &[u8]) -> Checked {
    let found = t.due(Table::Records, after, until, 100).await?;
    let keys: Vec<u8> = found.iter().flat_map(|row| row.key.clone()).collect();
    each(
        keys == expected,
        "so many rows, earliest first",
        expected.len(),
    )
}

pub(super) async fn due_finds_nothing_in_nothing(t: &mut Trial<'_>) -> Checked {
    finds(t, NONE, i64::MAX, &[]).await
}

pub(super) async fn due_rows_come_earliest_first(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(30), Some(10), Some(20), Some(0)]).await?;
    finds(t, NONE, i64::MAX, &[3, 1, 2, 0]).await
}

pub(super) async fn due_is_inclusive(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(9), Some(10), Some(11)]).await?;
    finds(t, NONE, 10, &[0, 1]).await?;
    finds(t, NONE, 9, &[0]).await?;
    finds(t, NONE, 8, &[]).await
}

pub(super) async fn rows_without_a_time_are_never_due(t: &mut Trial<'_>) -> Checked {
    fill(t, &[None, Some(1), None]).await?;
    finds(t, NONE, i64::MAX, &[1]).await?;
    t.put(Table::Records, row_at(&[1], None)).await?;
    finds(t, NONE, i64::MAX, &[]).await
}

pub(super) async fn rows_of_one_time_come_by_order_of_insertion(t: &mut Trial<'_>) -> Checked {
    for n in [7, 3, 9, 1] {
        t.put(Table::Records, row_at(&[n], Some(5))).await?;
    }
    t.put(Table::Records, row_at(&[0], Some(4))).await?;
    finds(t, NONE, 5, &[0, 7, 3, 9, 1]).await
}

pub(super) async fn times_before_1970_come_first(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(1), Some(-1), Some(0), Some(-100)]).await?;
    finds(t, NONE, i64::MAX, &[3, 1, 2, 0]).await?;
    finds(t, NONE, -1, &[3, 1]).await
}

pub(super) async fn the_extreme_times_are_found(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(i64::MAX), Some(i64::MIN), Some(0)]).await?;
    finds(t, NONE, i64::MAX, &[1, 2, 0]).await?;
    finds(t, NONE, i64::MIN, &[1]).await?;
    finds(t, NONE, i64::MAX - 1, &[1, 2]).await
}

pub(super) async fn due_goes_on_behind_time_and_order(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(10), Some(20), Some(20), Some(20), Some(30)]).await?;
    let all = t.due(Table::Records, NONE, 30, 100).await?;
    so(all.len() == 5, "five rows")?;
    for (n, seen) in all.iter().enumerate() {
        let after = (seen.at.unwrap_or_default(), seen.seq);
        let rest = t.due(Table::Records, after, 30, 100).await?;
        each(Some(&rest[..]) == all.get(n + 1..), "the rows behind", n)?;
    }
    Ok(())
}

pub(super) async fn the_order_counts_only_at_the_same_time(t: &mut Trial<'_>) -> Checked {
    // The later a row is due the earlier it was inserted.
    fill(t, &[Some(30), Some(20), Some(10)]).await?;
    let first = t.must(Table::Records, &[2]).await?.seq;
    finds(t, (10, first), 30, &[1, 0]).await?;
    finds(t, (10, u64::MAX), 30, &[1, 0]).await?;
    finds(t, (9, u64::MAX), 30, &[2, 1, 0]).await?;
    finds(t, (20, 0), 30, &[1, 0]).await
}

pub(super) async fn a_cursor_at_the_bound_finds_nothing_more(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(10), Some(20)]).await?;
    finds(t, (20, u64::MAX), 20, &[]).await?;
    finds(t, (21, 0), 20, &[]).await?;
    finds(t, (i64::MAX, u64::MAX), i64::MAX, &[]).await
}

pub(super) async fn due_keeps_to_the_limit(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(3), Some(1), Some(2)]).await?;
    for (limit, expected) in [&[][..], &[1], &[1, 2], &[1, 2, 0], &[1, 2, 0]]
        .into_iter()
        .enumerate()
    {
        let found = t.due(Table::Records, NONE, 9, limit).await?;
        let keys: Vec<u8> = found.iter().flat_map(|row| row.key.clone()).collect();
        each(keys == expected, "the earliest rows", limit)?;
    }
    so(
        t.due(Table::Records, NONE, 9, usize::MAX).await?.len() == 3,
        "all",
    )
}

pub(super) async fn due_pages_have_no_gap_and_no_repeat(t: &mut Trial<'_>) -> Checked {
    let times: Vec<Option<i64>> = (0..100).map(|n| Some((n * 37 % 7) - 3)).collect();
    fill(t, &times).await?;
    let whole = t.due(Table::Records, NONE, 9, 1000).await?;
    so(whole.len() == 100, "a hundred rows")?;
    for page in [1, 7, 100] {
        let (mut all, mut after) = (Vec::<Row>::new(), NONE);
        for _ in 0..101 {
            let found = t.due(Table::Records, after, 9, page).await?;
            if let Some(last) = found.last() {
                after = (last.at.unwrap_or_default(), last.seq);
            }
            all.extend(found);
        }
        each(all == whole, "every row once", page)?;
    }
    Ok(())
}

pub(super) async fn due_follows_replaced_times(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(10), Some(20), Some(30)]).await?;
    t.put(Table::Records, row_at(&[0], Some(40))).await?;
    t.put(Table::Records, row_at(&[2], Some(5))).await?;
    finds(t, NONE, 100, &[2, 1, 0]).await?;
    finds(t, NONE, 20, &[2, 1]).await
}

pub(super) async fn a_replaced_row_keeps_its_place_at_its_time(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(10), Some(10), Some(10)]).await?;
    t.put(Table::Records, row_at(&[0], Some(10))).await?;
    finds(t, NONE, 10, &[0, 1, 2]).await
}

pub(super) async fn due_leaves_out_deleted_rows(t: &mut Trial<'_>) -> Checked {
    fill(t, &[Some(10), Some(20), Some(30)]).await?;
    t.delete(Table::Records, &[1]).await?;
    finds(t, NONE, 100, &[0, 2]).await
}

pub(super) async fn due_keeps_to_its_table(t: &mut Trial<'_>) -> Checked {
    for (n, table) in (0u8..).zip(Table::ALL) {
        t.put(table, row_at(&[n], Some(i64::from(n)))).await?;
    }
    for (n, table) in (0u8..).zip(Table::ALL) {
        let found = t.due(table, NONE, i64::MAX, 9).await?;
        each(keys_of(&found) == [[n]], "its own row", n.into())?;
    }
    Ok(())
}

pub(super) async fn due_tells_whole_rows(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        let given = Row {
            at: Some(-3),
            value: b"content".to_vec(),
            ..row_of(b"k", Some(b"p"), None)
        };
        t.put(table, given).await?;
        let found = t.due(table, NONE, 0, 9).await?;
        let only = some(found.first(), "a row")?;
        so(*only == t.must(table, b"k").await?, "the row as it is read")?;
    }
    Ok(())
}
