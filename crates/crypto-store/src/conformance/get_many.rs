//! Reading several rows at once.

use super::trial::{Checked, Trial, each, put, row, row_of, so, some};
use crate::backend::{Row, Table};

async fn many(
    t: &Trial<'_>,
    keys: &[(Table, &[u8])],
) -> Result<Vec<Option<Row>>, super::trial::Unmet> {
    let keys: Vec<_> = keys
        .iter()
        .map(|(table, key)| (*table, key.to_vec()))
        .collect();
    let number = keys.len();
    let found = t.get_many(keys).await?;
    so(found.len() == number, "an answer a key")?;
    Ok(found)
}

fn values(rows: &[Option<Row>]) -> Vec<Option<&[u8]>> {
    rows.iter()
        .map(|row| row.as_ref().map(|r| &r.value[..]))
        .collect()
}

pub(super) async fn get_many_of_none_is_empty(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Meta, row(b"k", b"v")).await?;
    so(many(t, &[]).await?.is_empty(), "no answer")
}

pub(super) async fn get_many_answers_in_the_order_asked(t: &mut Trial<'_>) -> Checked {
    for n in 0..5u8 {
        t.put(Table::Terms, row(&[n], &[n])).await?;
    }
    let asked = [3u8, 0, 4, 1, 2].map(|n| vec![n]);
    let keys: Vec<(Table, &[u8])> = asked.iter().map(|k| (Table::Terms, &k[..])).collect();
    let found = many(t, &keys).await?;
    let expected: Vec<Option<&[u8]>> = asked.iter().map(|k| Some(&k[..])).collect();
    so(values(&found) == expected, "the order of the question")
}

pub(super) async fn get_many_says_what_is_absent(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Terms, row(b"b", b"v")).await?;
    let keys: [(Table, &[u8]); 3] = [
        (Table::Terms, b"a"),
        (Table::Terms, b"b"),
        (Table::Terms, b"c"),
    ];
    let found = many(t, &keys).await?;
    so(
        values(&found) == [None, Some(&b"v"[..]), None],
        "none, one, none",
    )?;
    t.delete(Table::Terms, b"b").await?;
    so(many(t, &keys).await?.iter().all(Option::is_none), "none")
}

pub(super) async fn get_many_answers_the_same_key_twice(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Terms, row(b"a", b"v")).await?;
    let keys: [(Table, &[u8]); 3] = [
        (Table::Terms, b"a"),
        (Table::Terms, b"a"),
        (Table::Terms, b"a"),
    ];
    let found = many(t, &keys).await?;
    so(values(&found) == [Some(&b"v"[..]); 3], "the row thrice")
}

pub(super) async fn get_many_asks_several_tables(t: &mut Trial<'_>) -> Checked {
    for (n, table) in (0u8..).zip(Table::ALL) {
        t.put(table, row(b"k", &[n])).await?;
    }
    let mut keys: Vec<(Table, &[u8])> =
        Table::ALL.iter().map(|table| (*table, &b"k"[..])).collect();
    keys.reverse();
    let found = many(t, &keys).await?;
    for (n, row) in (0u8..8).rev().zip(&found) {
        let row = some(row.as_ref(), "a row of each table")?;
        each(row.value == [n], "the row of its table", n.into())?;
    }
    Ok(())
}

pub(super) async fn get_many_tells_whole_rows(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        let given = Row {
            at: Some(7),
            ..row_of(b"k", Some(b"p"), Some(b""))
        };
        t.put(table, given).await?;
        let found = many(t, &[(table, b"k")]).await?;
        so(
            found == [t.row(table, b"k").await?],
            "the row as it is read",
        )?;
    }
    Ok(())
}

pub(super) async fn get_many_takes_an_empty_key(t: &mut Trial<'_>) -> Checked {
    let keys: [(Table, &[u8]); 2] = [(Table::Once, b""), (Table::Gone, b"")];
    so(many(t, &keys).await?.iter().all(Option::is_none), "none")?;
    t.put(Table::Gone, row(b"", b"v")).await?;
    let found = many(t, &keys).await?;
    so(values(&found) == [None, Some(&b"v"[..])], "none, one")
}

pub(super) async fn get_many_takes_a_thousand_keys(t: &mut Trial<'_>) -> Checked {
    let puts = (0..500u32).map(|n| put(Table::Terms, &(2 * n).to_be_bytes(), b"v"));
    t.done(puts.collect()).await?;
    let keys = (0..1000u32).map(|n| (Table::Terms, n.to_be_bytes().to_vec()));
    let found = t.get_many(keys.collect()).await?;
    so(found.len() == 1000, "a thousand answers")?;
    so(
        found
            .iter()
            .enumerate()
            .all(|(n, row)| row.is_some() == (n % 2 == 0)),
        "every other one there",
    )
}
