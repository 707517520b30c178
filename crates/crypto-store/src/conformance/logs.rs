//! The two logs.

use std::sync::Arc;

use super::trial::{Chain, Checked, Trial, append, each, is_chained, put, row, so, some};
use crate::backend::{Batch, Head, Link, Log, Outcome, Table};

pub(super) async fn new_logs_are_empty(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        so(t.entries(log).await?.is_empty(), "no entry")?;
    }
    Ok(())
}

pub(super) async fn an_entry_is_read_back(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        t.done(vec![append(log, b"\0entry\xff")]).await?;
        let entries = t.entries(log).await?;
        so(entries.len() == 1, "one entry")?;
        let first = some(entries.first(), "an entry")?;
        so(first.value == b"\0entry\xff", "its bytes")?;
    }
    Ok(())
}

pub(super) async fn positions_begin_at_zero_without_gaps(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        for n in 0..20u8 {
            t.done(vec![append(log, &[n])]).await?;
        }
        let entries = t.entries(log).await?;
        so(entries.len() == 20, "twenty entries")?;
        so((0..20).zip(&entries).all(|(n, e)| e.seq == n), "0 to 19")?;
        so(
            (0..20).zip(&entries).all(|(n, e)| e.value == [n]),
            "the order of the calls",
        )?;
    }
    Ok(())
}

pub(super) async fn the_first_link_follows_zeros(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        t.done(vec![append(log, b"first")]).await?;
        let entries = t.entries(log).await?;
        let first = some(entries.first(), "an entry")?;
        so(
            first.link == Chain(0).link(log, &[0; 32], 0, b"first"),
            "the link after 32 zeros",
        )?;
    }
    Ok(())
}

pub(super) async fn each_link_follows_the_one_before(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        for n in 0..20u8 {
            t.done(vec![append(log, &[n; 3])]).await?;
        }
        so(is_chained(log, &t.entries(log).await?), "one chain")?;
    }
    Ok(())
}

pub(super) async fn links_follow_each_other_within_a_batch(t: &mut Trial<'_>) -> Checked {
    let ops = (0..20u8).map(|n| append(Log::Audit, &[n])).collect();
    t.done(ops).await?;
    let entries = t.entries(Log::Audit).await?;
    so(entries.len() == 20, "twenty entries")?;
    so(is_chained(Log::Audit, &entries), "one chain")
}

pub(super) async fn the_two_logs_are_independent(t: &mut Trial<'_>) -> Checked {
    for n in 0..10u8 {
        let mut ops = vec![append(Log::Audit, &[n])];
        if n % 3 == 0 {
            ops.push(append(Log::Ledger, &[n, n]));
        }
        t.done(ops).await?;
    }
    let (audit, ledger) = (t.entries(Log::Audit).await?, t.entries(Log::Ledger).await?);
    so(
        audit.len() == 10 && ledger.len() == 4,
        "ten and four entries",
    )?;
    so(is_chained(Log::Audit, &audit), "one chain")?;
    so(is_chained(Log::Ledger, &ledger), "another chain")
}

pub(super) async fn the_link_of_the_batch_is_used(t: &mut Trial<'_>) -> Checked {
    let mut previous = [0; 32];
    for n in [3, 1, 2] {
        let batch = Batch {
            ops: vec![append(Log::Ledger, b"entry")],
            link: Arc::new(Chain(n)),
        };
        t.commit(batch).await?;
        let entries = t.entries(Log::Ledger).await?;
        let last = some(entries.last(), "an entry")?;
        let expected = Chain(n).link(Log::Ledger, &previous, last.seq, b"entry");
        each(last.link == expected, "a link by this batch's", n.into())?;
        previous = last.link;
    }
    Ok(())
}

pub(super) async fn heads_tell_position_and_link(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        for _ in 0..5 {
            let heads = t.done(vec![append(log, b"entry")]).await?;
            let entries = t.entries(log).await?;
            let last = some(entries.last(), "an entry")?;
            let expected = Head {
                log,
                seq: last.seq,
                link: last.link,
            };
            so(heads == [expected], "where the log stands")?;
        }
    }
    Ok(())
}

pub(super) async fn heads_come_in_the_order_of_the_entries(t: &mut Trial<'_>) -> Checked {
    t.done(vec![append(Log::Ledger, b"before")]).await?;
    let heads = t
        .done(vec![
            append(Log::Audit, b"1"),
            put(Table::Meta, b"k", b"v"),
            append(Log::Ledger, b"2"),
            append(Log::Audit, b"3"),
            append(Log::Audit, b"4"),
        ])
        .await?;
    let told: Vec<(Log, u64)> = heads.iter().map(|head| (head.log, head.seq)).collect();
    so(
        told == [
            (Log::Audit, 0),
            (Log::Ledger, 1),
            (Log::Audit, 1),
            (Log::Audit, 2),
        ],
        "a head an entry",
    )?;
    for head in heads {
        let entries = t.log(head.log, head.seq, 1).await?;
        let entry = some(entries.first(), "its entry")?;
        so(entry.link == head.link, "the link of the entry")?;
    }
    Ok(())
}

pub(super) async fn rows_have_no_heads(t: &mut Trial<'_>) -> Checked {
    let outcome = t.submit(vec![put(Table::Meta, b"k", b"v")]).await?;
    so(outcome == Outcome::Committed(Vec::new()), "no heads")
}

pub(super) async fn an_entry_may_be_empty(t: &mut Trial<'_>) -> Checked {
    for log in Log::ALL {
        t.done(vec![append(log, b""), append(log, b"")]).await?;
        let entries = t.entries(log).await?;
        so(entries.len() == 2, "two entries")?;
        so(
            entries.iter().all(|entry| entry.value.is_empty()),
            "empty ones",
        )?;
        so(is_chained(log, &entries), "one chain")?;
    }
    Ok(())
}

pub(super) async fn an_entry_may_be_a_mebibyte(t: &mut Trial<'_>) -> Checked {
    let value = vec![0xa5; 1 << 20];
    t.done(vec![append(Log::Audit, &value)]).await?;
    let entries = t.entries(Log::Audit).await?;
    so(
        entries.first().is_some_and(|entry| entry.value == value),
        "its bytes",
    )?;
    so(is_chained(Log::Audit, &entries), "its link")
}

pub(super) async fn entries_may_be_alike(t: &mut Trial<'_>) -> Checked {
    for _ in 0..3 {
        t.done(vec![append(Log::Audit, b"same")]).await?;
    }
    let entries = t.entries(Log::Audit).await?;
    so(entries.len() == 3, "three entries")?;
    let links: Vec<_> = entries.iter().map(|entry| entry.link).collect();
    so(
        links.windows(2).all(|w| w.first() != w.last()),
        "other links",
    )
}

pub(super) async fn a_log_is_read_from_a_position_on(t: &mut Trial<'_>) -> Checked {
    let ops = (0..10u8).map(|n| append(Log::Audit, &[n])).collect();
    t.done(ops).await?;
    let all = t.entries(Log::Audit).await?;
    for (n, from) in (0..10u64).enumerate() {
        let rest = t.log(Log::Audit, from, 100).await?;
        each(
            Some(&rest[..]) == all.get(n..),
            "the entries from there on",
            n,
        )?;
    }
    Ok(())
}

pub(super) async fn a_log_keeps_to_the_limit(t: &mut Trial<'_>) -> Checked {
    let ops = (0..10u8).map(|n| append(Log::Ledger, &[n])).collect();
    t.done(ops).await?;
    let all = t.entries(Log::Ledger).await?;
    for limit in [0, 1, 4] {
        let found = t.log(Log::Ledger, 3, limit).await?;
        each(Some(&found[..]) == all.get(3..3 + limit), "so many", limit)?;
    }
    Ok(())
}

pub(super) async fn a_log_behind_its_end_is_empty(t: &mut Trial<'_>) -> Checked {
    t.done(vec![append(Log::Audit, b"entry")]).await?;
    for from in [1, 2, 1 << 40, u64::MAX] {
        so(t.log(Log::Audit, from, 9).await?.is_empty(), "nothing")?;
    }
    Ok(())
}

pub(super) async fn a_thousand_entries_are_paged(t: &mut Trial<'_>) -> Checked {
    let ops = (0..1000u32).map(|n| append(Log::Audit, &n.to_be_bytes()));
    t.done(ops.collect()).await?;
    let (mut all, mut from) = (Vec::new(), 0);
    for _ in 0..20 {
        let found = t.log(Log::Audit, from, 77).await?;
        from = found.last().map_or(from, |entry| entry.seq + 1);
        all.extend(found);
    }
    so(all.len() == 1000, "a thousand entries")?;
    so(is_chained(Log::Audit, &all), "one chain")
}

pub(super) async fn logs_and_tables_do_not_mix(t: &mut Trial<'_>) -> Checked {
    for table in Table::ALL {
        t.put(table, row(b"k", b"v")).await?;
    }
    so(t.entries(Log::Audit).await?.is_empty(), "no entry")?;
    t.done(vec![append(Log::Audit, b"k"), append(Log::Ledger, b"k")])
        .await?;
    for table in Table::ALL {
        so(t.rows(table).await?.len() == 1, "one row")?;
        t.delete(table, b"k").await?;
    }
    so(t.entries(Log::Ledger).await?.len() == 1, "one entry")
}
