//! A back end that belongs to one owner at a time.

use super::trial::{Checked, Trial, append, id, put, row, so};
use crate::Error;
use crate::backend::{Log, Table};

pub(super) async fn a_second_owner_is_refused(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Meta, row(b"k", b"v")).await?;
    let second = t.open_beside().await;
    so(matches!(second, Err(Error::StoreBusy)), "StoreBusy")
}

pub(super) async fn a_refused_owner_disturbs_nothing(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    t.done(vec![put(Table::Meta, b"k", b"v"), append(Log::Audit, b"1")])
        .await?;
    let before = t.everything().await?;
    drop(t.open_beside().await);
    so(t.everything().await? == before, "what was there")?;
    so(t.holds(id(1), &[1; 81]).await?, "the key")?;
    t.put(Table::Meta, row(b"l", b"v")).await
}

pub(super) async fn an_owner_follows_a_closed_one(t: &mut Trial<'_>) -> Checked {
    t.put(Table::Meta, row(b"k", b"v")).await?;
    t.close().await?;
    let second = t.open_beside().await?;
    so(
        second.get(Table::Meta, b"k".to_vec()).await?.is_some(),
        "the row",
    )?;
    // The first still exists, but closed: it must not keep anybody out nor come back.
    so(
        matches!(t.get(Table::Meta, b"k".to_vec()).await, Err(Error::Closed)),
        "Closed",
    )?;
    second.close().await?;
    Ok(())
}
