//! Requirements: what must be so for a batch to be committed.

use super::trial::{Checked, Trial, append, batch, delete, each, is_chained, put, row, row_of, so};
use crate::backend::{Expect, Log, Op, Outcome, Table};

fn require(table: Table, key: &[u8], expect: Expect) -> Op {
    Op::Require(table, key.to_vec(), expect)
}

fn value(bytes: &[u8]) -> Expect {
    Expect::Value(bytes.to_vec())
}

/// Whether a requirement of row `k` holds in every table when it has this value, and does not in a batch of its own alone.
async fn verdict(t: &Trial<'_>, stored: Option<&[u8]>, expect: Expect, holds: bool) -> Checked {
    for (n, table) in Table::ALL.into_iter().enumerate() {
        // Rows around it, which must not count.
        t.done(vec![put(table, b"j", b"v"), put(table, b"k\0", b"v")])
            .await?;
        if let Some(bytes) = stored {
            t.put(table, row(b"k", bytes)).await?;
        }
        let ops = vec![
            require(table, b"k", expect.clone()),
            put(table, b"new", b"v"),
        ];
        let expected = if holds {
            Outcome::Committed(Vec::new())
        } else {
            Outcome::Refused(0)
        };
        let what = if holds {
            "it to hold"
        } else {
            "it not to hold"
        };
        each(t.submit(ops).await? == expected, what, n)?;
        each(t.row(table, b"new").await?.is_some() == holds, what, n)?;
    }
    Ok(())
}

pub(super) async fn absent_holds_without_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, None, Expect::Absent, true).await
}

pub(super) async fn absent_fails_with_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"v"), Expect::Absent, false).await
}

pub(super) async fn absent_fails_with_an_empty_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b""), Expect::Absent, false).await
}

pub(super) async fn present_holds_with_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"v"), Expect::Present, true).await
}

pub(super) async fn present_holds_with_an_empty_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b""), Expect::Present, true).await
}

pub(super) async fn present_fails_without_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, None, Expect::Present, false).await
}

pub(super) async fn a_value_holds_when_it_is_the_rows(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"\0\xffvalue"), value(b"\0\xffvalue"), true).await
}

pub(super) async fn a_value_fails_when_it_is_another(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"value"), value(b"valuf"), false).await
}

pub(super) async fn a_value_fails_when_it_only_begins_alike(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"value"), value(b"valu"), false).await?;
    verdict(t, Some(b"value"), value(b"value\0"), false).await
}

pub(super) async fn a_value_fails_without_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, None, value(b"v"), false).await
}

pub(super) async fn an_empty_value_holds_without_a_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, None, value(b""), true).await
}

pub(super) async fn an_empty_value_holds_with_an_empty_row(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b""), value(b""), true).await
}

pub(super) async fn an_empty_value_fails_with_content(t: &mut Trial<'_>) -> Checked {
    verdict(t, Some(b"\0"), value(b""), false).await
}

pub(super) async fn a_requirement_looks_into_its_own_table(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row(b"k", b"v")).await?;
        for other in Table::ALL {
            let there = t.row(other, b"k").await?.is_some();
            let outcome = t
                .submit(vec![require(other, b"k", Expect::Present)])
                .await?;
            so(
                there == matches!(outcome, Outcome::Committed(_)),
                "each table to speak for itself",
            )?;
        }
    }
    Ok(())
}

pub(super) async fn a_refusal_tells_the_position(t: &mut Trial<'_>) -> Checked {
    for wrong in 0..6 {
        let ops = (0..6)
            .map(|n| {
                let expect = if n == wrong {
                    Expect::Present
                } else {
                    Expect::Absent
                };
                require(Table::Meta, &[n], expect)
            })
            .collect();
        each(
            t.refused(ops).await? == usize::from(wrong),
            "the position of what did not hold",
            wrong.into(),
        )?;
    }
    Ok(())
}

pub(super) async fn a_position_counts_all_changes(t: &mut Trial<'_>) -> Checked {
    let ops = vec![
        put(Table::Meta, b"a", b"v"),
        append(Log::Audit, b"entry"),
        delete(Table::Meta, b"b"),
        require(Table::Meta, b"c", Expect::Absent),
        require(Table::Meta, b"d", Expect::Present),
        put(Table::Meta, b"e", b"v"),
    ];
    so(t.refused(ops).await? == 4, "position 4")
}

pub(super) async fn the_first_that_does_not_hold_is_told(t: &mut Trial<'_>) -> Checked {
    let ops = vec![
        require(Table::Meta, b"a", Expect::Absent),
        require(Table::Terms, b"b", Expect::Present),
        require(Table::Meta, b"c", Expect::Present),
        require(Table::Records, b"d", value(b"v")),
    ];
    so(t.refused(ops).await? == 1, "position 1")
}

pub(super) async fn requirements_are_checked_before_a_put_in_front(t: &mut Trial<'_>) -> Checked {
    t.done(vec![
        put(Table::Once, b"k", b"v"),
        require(Table::Once, b"k", Expect::Absent),
    ])
    .await?;
    let ops = vec![
        put(Table::Once, b"l", b"v"),
        require(Table::Once, b"l", Expect::Present),
    ];
    so(t.refused(ops).await? == 1, "position 1")?;
    so(t.row(Table::Once, b"l").await?.is_none(), "no row")
}

pub(super) async fn requirements_are_checked_before_a_delete_in_front(
    t: &mut Trial<'_>,
) -> Checked {
    t.put(Table::Once, row(b"k", b"v")).await?;
    t.done(vec![
        delete(Table::Once, b"k"),
        require(Table::Once, b"k", value(b"v")),
    ])
    .await?;
    so(t.row(Table::Once, b"k").await?.is_none(), "no row")?;
    let ops = vec![
        delete(Table::Once, b"k"),
        put(Table::Once, b"k", b"w"),
        require(Table::Once, b"k", Expect::Present),
    ];
    so(t.refused(ops).await? == 2, "position 2")
}

/// What a refused batch must leave as it was.
async fn refuses_without_a_trace(t: &Trial<'_>, mut ops: Vec<Op>) -> Checked {
    for table in Table::ALL {
        t.put(table, row_of(b"k", Some(b"1"), Some(b"2"))).await?;
    }
    for log in Log::ALL {
        t.done(vec![append(log, b"entry")]).await?;
    }
    let before = t.everything().await?;
    ops.push(require(Table::Meta, b"nowhere", Expect::Present));
    t.refused(ops).await?;
    so(t.everything().await? == before, "everything as it was")
}

pub(super) async fn a_refused_batch_puts_nothing(t: &mut Trial<'_>) -> Checked {
    let puts = Table::ALL.map(|table| put(table, b"new", b"v"));
    refuses_without_a_trace(t, puts.into()).await
}

pub(super) async fn a_refused_batch_replaces_nothing(t: &mut Trial<'_>) -> Checked {
    let puts = Table::ALL.map(|table| put(table, b"k", b"other"));
    refuses_without_a_trace(t, puts.into()).await
}

pub(super) async fn a_refused_batch_deletes_nothing(t: &mut Trial<'_>) -> Checked {
    let deletes = Table::ALL.map(|table| delete(table, b"k"));
    refuses_without_a_trace(t, deletes.into()).await
}

pub(super) async fn a_refused_batch_appends_nothing(t: &mut Trial<'_>) -> Checked {
    let appends = Log::ALL.map(|log| append(log, b"new"));
    refuses_without_a_trace(t, appends.into()).await
}

pub(super) async fn a_refused_batch_leaves_no_gap_in_a_log(t: &mut Trial<'_>) -> Checked {
    for n in 0..10u8 {
        t.done(vec![append(Log::Audit, &[n])]).await?;
        t.refused(vec![
            append(Log::Audit, b"refused"),
            append(Log::Ledger, b"refused"),
            require(Table::Meta, b"nowhere", Expect::Present),
        ])
        .await?;
    }
    let entries = t.entries(Log::Audit).await?;
    so(entries.len() == 10, "ten entries")?;
    so(is_chained(Log::Audit, &entries), "one chain without a gap")?;
    so(t.entries(Log::Ledger).await?.is_empty(), "no entry")
}

pub(super) async fn a_refused_batch_can_be_given_again(t: &mut Trial<'_>) -> Checked {
    let ops = vec![
        require(Table::Holds, b"k", Expect::Present),
        put(Table::Holds, b"l", b"v"),
    ];
    t.refused(ops.clone()).await?;
    t.put(Table::Holds, row(b"k", b"v")).await?;
    t.done(ops).await?;
    so(t.row(Table::Holds, b"l").await?.is_some(), "the row")
}

pub(super) async fn requirements_alone_change_nothing(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Records, row(b"k", b"v")).await?;
    let before = t.everything().await?;
    let heads = t
        .done(vec![
            require(Table::Records, b"k", value(b"v")),
            require(Table::Terms, b"k", Expect::Absent),
        ])
        .await?;
    so(heads.is_empty(), "no heads")?;
    so(t.everything().await? == before, "everything as it was")
}

pub(super) async fn requirements_may_be_many(t: &mut Trial<'_>) -> Checked {
    let mut ops: Vec<Op> = (0..1000u32)
        .map(|n| require(Table::Terms, &n.to_be_bytes(), Expect::Absent))
        .collect();
    t.done(ops.clone()).await?;
    t.put(Table::Terms, row(&999u32.to_be_bytes(), b"v"))
        .await?;
    ops.push(put(Table::Terms, b"new", b"v"));
    so(t.refused(ops).await? == 999, "position 999")
}

pub(super) async fn requirements_that_contradict_refuse(t: &mut Trial<'_>) -> Checked {
    for there in [false, true] {
        if there {
            t.put(Table::Meta, row(b"k", b"v")).await?;
        }
        let ops = vec![
            require(Table::Meta, b"k", Expect::Absent),
            require(Table::Meta, b"k", Expect::Present),
        ];
        so(
            t.refused(ops).await? == usize::from(!there),
            "the one that fails",
        )?;
    }
    Ok(())
}

pub(super) async fn a_value_swaps_once(t: &mut Trial<'_>) -> Checked {
    let swap = |from: &[u8], to: &[u8]| {
        batch(vec![
            require(Table::Meta, b"k", value(from)),
            put(Table::Meta, b"k", to),
        ])
    };
    for (from, to) in [(&b""[..], &b"1"[..]), (b"1", b"2"), (b"2", b"3")] {
        so(
            t.commit(swap(from, to)).await? == Outcome::Committed(Vec::new()),
            "the first to be committed",
        )?;
        so(
            t.commit(swap(from, to)).await? == Outcome::Refused(0),
            "the second to be refused",
        )?;
    }
    so(
        t.must(Table::Meta, b"k").await?.value == b"3",
        "the last value",
    )
}
