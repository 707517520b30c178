//! Keys in the order they lie in, while others change them.

use std::collections::BTreeMap;

use super::trial::{Checked, Trial, Unmet, each, id, numbered, so, some};
use crate::backend::{KeyId, KeyOp, StoredKey};

/// Adds so many keys of one length.
async fn fill(t: &Trial<'_>, number: u32, len: usize) -> Checked {
    let adds = (0..number).map(|n| KeyOp::Add(numbered(n), vec![1; len]));
    t.change(adds.collect()).await.map(drop)
}

/// Reads everything by pages; `between` runs after each.
async fn pages<F>(
    t: &Trial<'_>,
    page: usize,
    mut between: impl FnMut(u32, Vec<StoredKey>) -> F,
) -> Result<Vec<StoredKey>, Unmet>
where
    F: Future<Output = Checked>,
{
    let (mut all, mut after) = (Vec::new(), 0);
    for round in 0..1000 {
        let found = t.scan_keys(after, page).await?;
        so(found.len() <= page, "at most a page")?;
        let Some(last) = found.last() else {
            return Ok(all);
        };
        so(last.at > after, "positions behind the one asked for")?;
        after = last.at;
        all.extend(found.iter().cloned());
        between(round, found).await?;
    }
    so(false, "an end of the scan").map(|()| all)
}

fn times(all: &[StoredKey]) -> BTreeMap<KeyId, usize> {
    let mut times = BTreeMap::new();
    for key in all {
        *times.entry(key.id).or_default() += 1;
    }
    times
}

/// Whether these names were each seen once.
fn once(all: &[StoredKey], mut numbers: impl Iterator<Item = u32>) -> bool {
    let times = times(all);
    numbers.all(|n| times.get(&numbered(n)) == Some(&1))
}

pub(super) async fn scan_sees_each_key_once(t: &mut Trial<'_>) -> Checked {
    for n in 0..30 {
        let len = [0, 1, 40, 77, 81, 300].into_iter().cycle().nth(n as usize);
        t.add(numbered(n), &vec![1; len.unwrap_or_default()])
            .await?;
    }
    let all = t.lying().await?;
    so(all.len() == 30, "thirty keys")?;
    so(once(&all, 0..30), "each once")
}

pub(super) async fn scan_tells_names_and_bytes(t: &mut Trial<'_>) -> Checked {
    for n in 1..=20 {
        t.add(id(n), &vec![n; 70 + usize::from(n)]).await?;
    }
    for key in t.lying().await? {
        so(t.holds(key.id, &key.wrapped).await?, "the bytes of the key")?;
    }
    Ok(())
}

pub(super) async fn scan_positions_grow_from_above_zero(t: &mut Trial<'_>) -> Checked {
    for n in 0..20 {
        t.add(numbered(n), &vec![1; if n % 2 == 0 { 81 } else { 40 }])
            .await?;
    }
    let mut before = 0;
    for key in t.lying().await? {
        so(key.at > before, "a position above the one before")?;
        before = key.at;
    }
    Ok(())
}

pub(super) async fn scan_pages_have_no_gap_and_no_repeat(t: &mut Trial<'_>) -> Checked {
    for n in 0..40 {
        t.add(numbered(n), &vec![1; if n % 4 == 0 { 40 } else { 81 }])
            .await?;
    }
    for n in [3, 8, 20, 39] {
        t.destroy(numbered(n)).await?;
    }
    let whole = t.lying().await?;
    for page in [1, 2, 5, 36, 37] {
        let all = pages(t, page, |_, _| async { Ok(()) }).await?;
        each(all == whole, "what one page tells", page)?;
    }
    Ok(())
}

pub(super) async fn scan_of_none_is_empty(t: &mut Trial<'_>) -> Checked {
    fill(t, 3, 81).await?;
    so(t.scan_keys(0, 0).await?.is_empty(), "nothing")
}

pub(super) async fn scan_behind_the_last_is_empty(t: &mut Trial<'_>) -> Checked {
    fill(t, 3, 81).await?;
    t.add(id(9), &[1; 40]).await?;
    let all = t.lying().await?;
    let last = some(all.last(), "a last key")?;
    so(t.scan_keys(last.at, 9).await?.is_empty(), "nothing")?;
    so(t.scan_keys(u64::MAX, 9).await?.is_empty(), "nothing")
}

pub(super) async fn scan_leaves_out_what_was_destroyed(t: &mut Trial<'_>) -> Checked {
    fill(t, 10, 81).await?;
    for n in [0, 5, 9] {
        t.destroy(numbered(n)).await?;
    }
    let all = t.lying().await?;
    so(all.len() == 7, "seven keys")?;
    so(
        once(&all, [1, 2, 3, 4, 6, 7, 8].into_iter()),
        "each that is left",
    )
}

pub(super) async fn scan_again_tells_the_same(t: &mut Trial<'_>) -> Checked {
    fill(t, 10, 81).await?;
    so(t.lying().await? == t.lying().await?, "the same twice")
}

pub(super) async fn replace_keeps_the_position(t: &mut Trial<'_>) -> Checked {
    fill(t, 5, 81).await?;
    t.destroy(numbered(0)).await?;
    let seen = t.seen(numbered(3)).await?;
    t.replace(&seen, &[2; 81]).await?;
    so(t.seen(numbered(3)).await?.at == seen.at, "the position")
}

pub(super) async fn set_keeps_the_position(t: &mut Trial<'_>) -> Checked {
    for len in [40, 77, 81] {
        fill(t, 5, len).await?;
        t.destroy(numbered(0)).await?;
        let seen = t.seen(numbered(3)).await?;
        t.set(numbered(3), &vec![2; len]).await?;
        let now = t.seen(numbered(3)).await?;
        each(now.at == seen.at, "the position", len)?;
        for n in 1..5 {
            t.destroy(numbered(n)).await?;
        }
    }
    Ok(())
}

pub(super) async fn scan_goes_on_over_replacements(t: &mut Trial<'_>) -> Checked {
    fill(t, 30, 81).await?;
    let all = pages(t, 4, |_, found| async {
        for key in found {
            so(t.replace(&key, &[2; 81]).await?, "true")?;
        }
        Ok(())
    })
    .await?;
    so(all.len() == 30 && once(&all, 0..30), "each key once")?;
    so(
        t.lying().await?.iter().all(|key| key.wrapped == [2; 81]),
        "all replaced",
    )
}

pub(super) async fn scan_ends_over_replacements_of_another_length(t: &mut Trial<'_>) -> Checked {
    fill(t, 30, 81).await?;
    let all = pages(t, 4, |_, found| async {
        // Every other one; those may be seen again.
        for key in found.into_iter().step_by(2) {
            so(t.replace(&key, &[2; 120]).await?, "true")?;
        }
        Ok(())
    })
    .await?;
    let moved: Vec<KeyId> = t
        .lying()
        .await?
        .iter()
        .filter(|key| key.wrapped.len() == 120)
        .map(|key| key.id)
        .collect();
    let times = times(&all);
    so(moved.len() >= 15 && times.len() == 30, "every key")?;
    so(
        times.iter().all(|(id, n)| *n == 1 || moved.contains(id)),
        "each that kept its length once",
    )
}

pub(super) async fn scan_goes_on_over_sets(t: &mut Trial<'_>) -> Checked {
    let t = &*t;
    fill(t, 30, 81).await?;
    t.destroy(numbered(2)).await?;
    t.destroy(numbered(20)).await?;
    let all = pages(t, 4, |round, _| async move {
        // One that was seen and one that was not.
        t.set(numbered(4), &[2; 81]).await?;
        t.set(numbered(29 - round % 4), &[2; 81]).await.map(drop)
    })
    .await?;
    so(all.len() == 28, "each key once")?;
    so(
        once(&all, (0..30).filter(|n| *n != 2 && *n != 20)),
        "each key once",
    )
}

pub(super) async fn scan_goes_on_over_additions(t: &mut Trial<'_>) -> Checked {
    let t = &*t;
    fill(t, 30, 81).await?;
    for n in [1, 7, 28] {
        t.destroy(numbered(n)).await?;
    }
    let all = pages(t, 4, |round, _| async move {
        let len = if round % 2 == 0 { 81 } else { 40 };
        so(
            round > 200 || t.add(numbered(1000 + round), &vec![3; len]).await?,
            "true",
        )
    })
    .await;
    // Additions may keep a scan going; they must not disturb what was there.
    let all = all?;
    so(
        once(&all, (0..30).filter(|n| ![1, 7, 28].contains(n))),
        "each old key once",
    )?;
    so(times(&all).values().all(|n| *n == 1), "no key twice")
}

pub(super) async fn scan_goes_on_over_destructions(t: &mut Trial<'_>) -> Checked {
    let t = &*t;
    fill(t, 40, 81).await?;
    let all = pages(t, 4, |round, _| async move {
        // Every fifth, from both ends.
        t.destroy(numbered(round * 5 % 40)).await?;
        t.destroy(numbered((35 - round % 8 * 5) % 40))
            .await
            .map(drop)
    })
    .await?;
    so(
        once(&all, (0..40).filter(|n| n % 5 != 0)),
        "each other key once",
    )
}

pub(super) async fn a_rotation_brings_nothing_back(t: &mut Trial<'_>) -> Checked {
    let t = &*t;
    fill(t, 30, 81).await?;
    pages(t, 5, |round, found| async move {
        // Destroyed between the reading and the writing.
        for key in found.iter().skip(round as usize % 5).take(1) {
            t.destroy(key.id).await?;
        }
        let gone = found.get(round as usize % 5).map(|key| key.id);
        for key in found {
            let replaced = t.replace(&key, &[2; 81]).await?;
            so(replaced != (Some(key.id) == gone), "true unless destroyed")?;
        }
        Ok(())
    })
    .await?;
    so(t.names().await?.len() == 24, "six keys to stay destroyed")
}
