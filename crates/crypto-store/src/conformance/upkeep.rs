//! Scrubbing, checking, closing, and what is printed.

use super::trial::{Checked, Trial, append, batch, delete, each, id, numbered, put, row_of, so};
use crate::Error;
use crate::backend::{KeyOp, Log, Scan, Side, Table};

/// Bytes that must never be printed.
const MARK: &[u8] = b"zq-marked-zq";

async fn fill(t: &Trial<'_>) -> Checked {
    for n in 0..50 {
        t.add(numbered(n), &vec![1; 60 + n as usize]).await?;
    }
    for n in 0..25 {
        t.destroy(numbered(n * 2)).await?;
    }
    for table in Table::ALL {
        let puts =
            (0..50u8).map(|n| crate::backend::Op::Put(table, row_of(&[n], Some(&[n % 5]), None)));
        t.done(puts.collect()).await?;
        let deletes = (0..25u8).map(|n| delete(table, &[n * 2]));
        t.done(deletes.collect()).await?;
    }
    t.done(vec![append(Log::Audit, b"1"), append(Log::Ledger, b"2")])
        .await
        .map(drop)
}

pub(super) async fn a_new_back_end_is_scrubbed(t: &mut Trial<'_>) -> Checked {
    so(t.scrub(Side::Keys).await?, "true for the keys")?;
    so(t.scrub(Side::Records).await?, "true for the records")
}

pub(super) async fn quiet_keys_are_scrubbed_at_once(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    so(t.scrub(Side::Keys).await?, "true")
}

pub(super) async fn quiet_records_are_scrubbed_at_once(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    so(t.scrub(Side::Records).await?, "true")
}

pub(super) async fn scrubbing_twice_is_fine(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    for side in [Side::Keys, Side::Records] {
        for _ in 0..3 {
            so(t.scrub(side).await?, "true")?;
        }
    }
    Ok(())
}

pub(super) async fn scrubbing_changes_nothing(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let (rows, keys) = (t.everything().await?, t.lying().await?);
    for side in [Side::Keys, Side::Records] {
        t.scrub(side).await?;
    }
    so(t.everything().await? == rows, "the records")?;
    so(t.lying().await? == keys, "the keys")
}

pub(super) async fn work_goes_on_after_scrubbing(t: &mut Trial<'_>) -> Checked {
    for n in 0..5u8 {
        t.add(id(n), &[n; 81]).await?;
        t.done(vec![put(Table::Meta, &[n], b"v"), append(Log::Audit, &[n])])
            .await?;
        so(t.scrub(Side::Keys).await?, "true for the keys")?;
        so(t.scrub(Side::Records).await?, "true for the records")?;
    }
    so(t.names().await?.len() == 5, "five keys")?;
    so(t.rows(Table::Meta).await?.len() == 5, "five rows")?;
    so(t.entries(Log::Audit).await?.len() == 5, "five entries")
}

pub(super) async fn scrubbing_is_possible_after_a_snapshot(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let mut snapshot = t.snapshot().await?;
    snapshot.next().await?;
    t.delete(Table::Records, &[1]).await?;
    drop(snapshot);
    for _ in 0..100 {
        if t.scrub(Side::Records).await? {
            return Ok(());
        }
    }
    so(false, "true once the snapshot is gone")
}

pub(super) async fn scrubbing_beside_changes_loses_nothing(t: &mut Trial<'_>) -> Checked {
    t.together(30, |backend, n| async move {
        if n % 5 == 0 {
            backend.scrub(Side::Records).await?;
            backend.scrub(Side::Keys).await?;
            return Ok(());
        }
        backend
            .change_keys(vec![KeyOp::Add(numbered(n), vec![1; 81])])
            .await?;
        backend
            .commit(batch(vec![put(Table::Meta, &n.to_be_bytes(), b"v")]))
            .await?;
        Ok(())
    })
    .await?;
    so(t.names().await?.len() == 24, "every key")?;
    so(t.rows(Table::Meta).await?.len() == 24, "every row")
}

pub(super) async fn a_new_back_end_is_sound(t: &mut Trial<'_>) -> Checked {
    so(t.check(Side::Keys).await?, "sound keys")?;
    so(t.check(Side::Records).await?, "sound records")
}

pub(super) async fn a_used_back_end_is_sound(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    so(t.check(Side::Keys).await?, "sound keys")?;
    so(t.check(Side::Records).await?, "sound records")
}

pub(super) async fn checking_changes_nothing(t: &mut Trial<'_>) -> Checked {
    fill(t).await?;
    let (rows, keys) = (t.everything().await?, t.lying().await?);
    for side in [Side::Keys, Side::Records] {
        t.check(side).await?;
    }
    so(t.everything().await? == rows, "the records")?;
    so(t.lying().await? == keys, "the keys")
}

fn closed<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Closed))
}

pub(super) async fn closing_twice_is_fine(t: &mut Trial<'_>) -> Checked {
    for _ in 0..3 {
        t.close().await?;
    }
    Ok(())
}

pub(super) async fn change_keys_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(
        closed(t.change_keys(vec![KeyOp::Destroy(id(1))]).await),
        "Closed",
    )?;
    so(
        closed(t.change_keys(Vec::new()).await),
        "Closed for no change",
    )
}

pub(super) async fn key_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    t.close().await?;
    so(closed(t.key(id(1)).await), "Closed")
}

pub(super) async fn list_keys_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.list_keys(None, 9).await), "Closed")
}

pub(super) async fn scan_keys_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.scan_keys(0, 9).await), "Closed")
}

pub(super) async fn commit_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    let ops = vec![put(Table::Meta, b"k", b"v")];
    so(closed(t.commit(batch(ops)).await), "Closed")?;
    so(
        closed(t.commit(batch(Vec::new())).await),
        "Closed for no change",
    )
}

pub(super) async fn get_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.get(Table::Meta, b"k".to_vec()).await), "Closed")
}

pub(super) async fn get_many_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    let keys = vec![(Table::Meta, b"k".to_vec())];
    so(closed(t.get_many(keys).await), "Closed")?;
    so(closed(t.get_many(Vec::new()).await), "Closed for no key")
}

pub(super) async fn scan_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    let scans = [
        Scan::Prefix {
            table: Table::Meta,
            prefix: Vec::new(),
            after: Vec::new(),
            limit: 9,
        },
        Scan::Ref {
            table: Table::Meta,
            which: 0,
            value: Vec::new(),
            after: 0,
            limit: 9,
        },
        Scan::Due {
            table: Table::Meta,
            after: (i64::MIN, 0),
            until: 0,
            limit: 9,
        },
    ];
    for scan in scans {
        so(closed(t.scan(scan).await), "Closed")?;
    }
    Ok(())
}

pub(super) async fn log_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.log(Log::Audit, 0, 9).await), "Closed")
}

pub(super) async fn scrub_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.scrub(Side::Keys).await), "Closed for the keys")?;
    so(
        closed(t.scrub(Side::Records).await),
        "Closed for the records",
    )
}

pub(super) async fn snapshot_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.snapshot().await), "Closed")
}

pub(super) async fn check_is_closed_after_closing(t: &mut Trial<'_>) -> Checked {
    t.close().await?;
    so(closed(t.check(Side::Keys).await), "Closed for the keys")?;
    so(
        closed(t.check(Side::Records).await),
        "Closed for the records",
    )
}

pub(super) async fn closing_beside_changes_tells_each_what_became(t: &mut Trial<'_>) -> Checked {
    let found = t
        .together(40, |backend, n| async move {
            if n == 20 {
                backend.close().await?;
                return Ok(true);
            }
            let ops = vec![put(Table::Meta, &n.to_be_bytes(), b"v")];
            match backend.commit(batch(ops)).await {
                Ok(_) => Ok(true),
                Err(Error::Closed) => Ok(false),
                Err(other) => Err(other.into()),
            }
        })
        .await?;
    so(found.len() == 40, "an answer for everybody")?;
    so(
        closed(t.get(Table::Meta, Vec::new()).await),
        "Closed afterwards",
    )
}

/// Forms in which bytes are printed by accident.
pub(super) fn prints(text: &str, bytes: &[u8]) -> bool {
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let text = text.to_lowercase();
    text.contains(&String::from_utf8_lossy(bytes).to_lowercase())
        || text.contains(&hex)
        || text.contains(&list.join(", "))
}

pub(super) async fn debug_tells_no_content(t: &mut Trial<'_>) -> Checked {
    let mut reference = [0; 16];
    for (to, from) in reference.iter_mut().zip(MARK) {
        *to = *from;
    }
    let name = crate::backend::KeyId::new(6, &reference, &reference);
    t.add(name, MARK).await?;
    for (n, table) in Table::ALL.into_iter().enumerate() {
        let key = [MARK, &[0]].concat();
        t.put(table, row_of(&key, Some(MARK), Some(MARK))).await?;
        t.done(vec![put(table, MARK, MARK), append(Log::Audit, MARK)])
            .await?;
        let backend = &**t;
        for text in [format!("{backend:?}"), format!("{backend:#?}")] {
            each(!prints(&text, MARK), "no stored byte", n)?;
        }
    }
    Ok(())
}
