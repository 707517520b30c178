//! Roots of keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::together::collect;
use super::trial::{Checked, Unmet, each, so};
use super::upkeep::prints;
use super::{BoxFuture, Roots};
use crate::{Error, Horizon, KEY_LEN, Key32, KeyProvider, OsEntropy};

const CONTEXT: &[u8] = b"zq-context-zq";

/// Bytes that are found again wherever they are printed.
const MARK: [u8; KEY_LEN] = *b"zq-0123456789-marked-key-bytes-z";

fn marked() -> Key32 {
    Key32::from_bytes(MARK)
}

fn random() -> Result<Key32, Unmet> {
    Ok(Key32::random(&OsEntropy::new())?)
}

/// Whether these bytes unwrap to this key.
async fn opens(
    root: &dyn KeyProvider,
    wrapped: &[u8],
    context: &[u8],
    key: &Key32,
) -> Result<bool, Unmet> {
    Ok(root.unwrap(wrapped, context).await? == *key)
}

/// Whether these bytes are refused as those of another root, another context, or altered.
async fn refuses(root: &dyn KeyProvider, wrapped: &[u8], context: &[u8]) -> Result<bool, Unmet> {
    match root.unwrap(wrapped, context).await {
        Err(Error::WrongKey) => Ok(true),
        Ok(_) => Ok(false),
        Err(other) => so(false, "WrongKey, not another error")
            .map(|()| drop(other))
            .map(|()| false),
    }
}

/// Enough of a wrapped key to know it again.
fn beginning(wrapped: &[u8]) -> &[u8] {
    wrapped.get(..16).unwrap_or(wrapped)
}

async fn round_trip(roots: &dyn Roots, key: &Key32, context: &[u8]) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(key, context).await?;
    so(opens(&*root, &wrapped, context, key).await?, "the same key")
}

pub(super) async fn random_keys_come_back(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    for n in 0..16u8 {
        let (key, context) = (random()?, [CONTEXT, &[n]].concat());
        let wrapped = root.wrap(&key, &context).await?;
        each(
            opens(&*root, &wrapped, &context, &key).await?,
            "the same key",
            n.into(),
        )?;
    }
    Ok(())
}

pub(super) async fn a_key_of_zeros_comes_back(roots: &dyn Roots) -> Checked {
    round_trip(roots, &Key32::from_bytes([0; KEY_LEN]), CONTEXT).await
}

pub(super) async fn a_key_of_ones_comes_back(roots: &dyn Roots) -> Checked {
    round_trip(roots, &Key32::from_bytes([0xff; KEY_LEN]), CONTEXT).await
}

pub(super) async fn a_key_comes_back_again_and_again(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let key = random()?;
    let wrapped = root.wrap(&key, CONTEXT).await?;
    for n in 0..5 {
        each(
            opens(&*root, &wrapped, CONTEXT, &key).await?,
            "the same key",
            n,
        )?;
    }
    Ok(())
}

pub(super) async fn many_keys_do_not_mix(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let mut made = Vec::new();
    for _ in 0..16 {
        let key = random()?;
        made.push((root.wrap(&key, CONTEXT).await?, key));
    }
    for (wrapped, key) in made.iter().rev() {
        so(opens(&*root, wrapped, CONTEXT, key).await?, "its own key")?;
    }
    Ok(())
}

pub(super) async fn an_empty_context_is_one(roots: &dyn Roots) -> Checked {
    round_trip(roots, &random()?, b"").await
}

pub(super) async fn a_context_may_be_64_kib(roots: &dyn Roots) -> Checked {
    let context = vec![0xc3; 65_536];
    round_trip(roots, &random()?, &context).await
}

pub(super) async fn a_context_may_hold_every_byte(roots: &dyn Roots) -> Checked {
    let context: Vec<u8> = (0..=255).collect();
    round_trip(roots, &random()?, &context).await
}

pub(super) async fn the_end_of_a_long_context_counts(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let mut context = vec![0xc3; 65_536];
    let wrapped = root.wrap(&random()?, &context).await?;
    if let Some(last) = context.last_mut() {
        *last ^= 1;
    }
    so(refuses(&*root, &wrapped, &context).await?, "WrongKey")
}

pub(super) async fn every_bit_of_the_context_counts(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for bit in 0..CONTEXT.len() * 8 {
        let mut context = CONTEXT.to_vec();
        if let Some(byte) = context.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
        each(refuses(&*root, &wrapped, &context).await?, "WrongKey", bit)?;
    }
    Ok(())
}

pub(super) async fn a_shorter_context_is_another(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for len in 0..CONTEXT.len() {
        let context = CONTEXT.get(..len).unwrap_or_default();
        each(refuses(&*root, &wrapped, context).await?, "WrongKey", len)?;
    }
    let end = CONTEXT.get(1..).unwrap_or_default();
    so(refuses(&*root, &wrapped, end).await?, "WrongKey")
}

pub(super) async fn a_longer_context_is_another(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for more in [&b"\0"[..], b" ", &[0; 64]] {
        let context = [CONTEXT, more].concat();
        each(
            refuses(&*root, &wrapped, &context).await?,
            "WrongKey",
            more.len(),
        )?;
        let context = [more, CONTEXT].concat();
        each(
            refuses(&*root, &wrapped, &context).await?,
            "WrongKey",
            more.len(),
        )?;
    }
    Ok(())
}

pub(super) async fn no_context_is_not_any_context(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, b"").await?;
    for context in [&b"\0"[..], b"a", CONTEXT] {
        each(
            refuses(&*root, &wrapped, context).await?,
            "WrongKey",
            context.len(),
        )?;
    }
    Ok(())
}

pub(super) async fn contexts_of_two_keys_cannot_be_swapped(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let one = root.wrap(&random()?, b"one").await?;
    let two = root.wrap(&random()?, b"two").await?;
    so(refuses(&*root, &one, b"two").await?, "WrongKey")?;
    so(refuses(&*root, &two, b"one").await?, "WrongKey")
}

pub(super) async fn every_byte_of_the_wrapped_key_counts(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for at in 0..wrapped.len() {
        for mask in [0x01, 0x80] {
            let mut altered = wrapped.clone();
            if let Some(byte) = altered.get_mut(at) {
                *byte ^= mask;
            }
            each(refuses(&*root, &altered, CONTEXT).await?, "WrongKey", at)?;
        }
    }
    Ok(())
}

pub(super) async fn a_truncated_wrapped_key_is_refused(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for len in 0..wrapped.len() {
        let short = wrapped.get(..len).unwrap_or_default();
        each(refuses(&*root, short, CONTEXT).await?, "WrongKey", len)?;
    }
    Ok(())
}

pub(super) async fn a_wrapped_key_without_its_beginning_is_refused(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for len in 1..wrapped.len() {
        let short = wrapped.get(len..).unwrap_or_default();
        each(refuses(&*root, short, CONTEXT).await?, "WrongKey", len)?;
    }
    Ok(())
}

pub(super) async fn an_extended_wrapped_key_is_refused(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    for more in [&b"\0"[..], b"\xff", &[0; 64]] {
        let long = [&wrapped, more].concat();
        each(
            refuses(&*root, &long, CONTEXT).await?,
            "WrongKey",
            more.len(),
        )?;
        let long = [more, &wrapped[..]].concat();
        each(
            refuses(&*root, &long, CONTEXT).await?,
            "WrongKey",
            more.len(),
        )?;
    }
    let twice = [&wrapped[..], &wrapped].concat();
    so(refuses(&*root, &twice, CONTEXT).await?, "WrongKey")
}

pub(super) async fn bytes_that_no_root_made_are_refused(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let len = root.wrap(&random()?, CONTEXT).await?.len();
    for byte in [0, 0x41, 0xff] {
        for len in [0, 1, 32, len, 65_536] {
            let bytes = vec![byte; len];
            each(refuses(&*root, &bytes, CONTEXT).await?, "WrongKey", len)?;
        }
    }
    Ok(())
}

pub(super) async fn halves_of_two_wraps_do_not_fit(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let key = random()?;
    let one = root.wrap(&key, CONTEXT).await?;
    let two = root.wrap(&key, CONTEXT).await?;
    for at in 1..one.len().min(two.len()) {
        let mixed = [
            one.get(..at).unwrap_or_default(),
            two.get(at..).unwrap_or_default(),
        ]
        .concat();
        // Where both begin or end alike the mixture is one of the two.
        if mixed != one && mixed != two {
            each(refuses(&*root, &mixed, CONTEXT).await?, "WrongKey", at)?;
        }
    }
    Ok(())
}

pub(super) async fn no_two_wraps_are_alike(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let key = random()?;
    let mut seen = BTreeSet::new();
    for _ in 0..32 {
        so(seen.insert(root.wrap(&key, CONTEXT).await?), "other bytes")?;
    }
    for wrapped in seen {
        so(
            opens(&*root, &wrapped, CONTEXT, &key).await?,
            "the same key",
        )?;
    }
    Ok(())
}

pub(super) async fn a_wrapped_key_does_not_hold_the_key(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&marked(), CONTEXT).await?;
    so(
        !MARK
            .chunks(4)
            .any(|part| wrapped.windows(4).any(|w| w == part)),
        "no four bytes of the key",
    )?;
    so(
        !prints(&String::from_utf8_lossy(&wrapped), &MARK[..8]),
        "no printed key",
    )
}

pub(super) async fn another_root_refuses(roots: &dyn Roots) -> Checked {
    let (one, two) = (roots.fresh().await?, roots.fresh().await?);
    let wrapped = one.wrap(&random()?, CONTEXT).await?;
    so(refuses(&*two, &wrapped, CONTEXT).await?, "WrongKey")?;
    let wrapped = two.wrap(&random()?, CONTEXT).await?;
    so(refuses(&*one, &wrapped, CONTEXT).await?, "WrongKey")
}

pub(super) async fn each_root_has_a_name_of_its_own(roots: &dyn Roots) -> Checked {
    let (one, two) = (roots.fresh().await?, roots.fresh().await?);
    so(one.id() != two.id(), "two names")?;
    so(*one.id().as_bytes() != [0; 16], "a name that was drawn")
}

pub(super) async fn the_name_stays_the_same(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let before = root.id();
    let wrapped = root.wrap(&random()?, CONTEXT).await?;
    let _ = root.unwrap(&wrapped, b"another").await;
    so(root.id() == before, "the same name")
}

pub(super) async fn the_horizon_is_the_documented_one(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    so(
        root.destroy_horizon() == roots.horizon(),
        "the horizon that is told",
    )?;
    match root.destroy_horizon() {
        Horizon::Within(time) => so(time > chrono::TimeDelta::zero(), "a time above zero"),
        Horizon::Copies => Ok(()),
    }
}

pub(super) async fn debug_tells_no_key(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&marked(), CONTEXT).await?;
    root.unwrap(&wrapped, CONTEXT).await?;
    for text in [format!("{root:?}"), format!("{root:#?}")] {
        so(!prints(&text, &MARK), "no key that passed")?;
        so(!prints(&text, CONTEXT), "no context")?;
        so(!prints(&text, beginning(&wrapped)), "no wrapped key")?;
        // Nothing as long as a key, in hexadecimal or as a list.
        let digits = text
            .split(|c: char| !c.is_ascii_hexdigit())
            .map(str::len)
            .max();
        so(
            digits.unwrap_or_default() < 2 * KEY_LEN,
            "no long hexadecimal number",
        )?;
        so(text.matches(", ").count() < KEY_LEN - 1, "no list of bytes")?;
    }
    Ok(())
}

pub(super) async fn errors_tell_no_input(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = root.wrap(&marked(), CONTEXT).await?;
    let long = [&MARK[..], &wrapped].concat();
    for (bytes, context) in [
        (&MARK[..], CONTEXT),
        (&long, CONTEXT),
        (&wrapped, &MARK),
        (b"", &MARK),
    ] {
        let Err(error) = root.unwrap(bytes, context).await else {
            return so(false, "an error");
        };
        for text in [
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ] {
            so(!prints(&text, &MARK), "no input")?;
            so(!prints(&text, CONTEXT), "no context")?;
            so(!prints(&text, beginning(&wrapped)), "no wrapped key")?;
        }
    }
    Ok(())
}

pub(super) async fn a_refusal_does_not_wear_the_root_out(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let key = random()?;
    let wrapped = root.wrap(&key, CONTEXT).await?;
    for n in 0..32 {
        each(refuses(&*root, &wrapped, b"another").await?, "WrongKey", n)?;
    }
    so(
        opens(&*root, &wrapped, CONTEXT, &key).await?,
        "the same key",
    )
}

/// Wraps and unwraps from many tasks.
async fn crowd(roots: &dyn Roots, root: &Arc<dyn KeyProvider>) -> Result<Vec<Vec<u8>>, Unmet> {
    let tasks = (0..32u8)
        .map(|n| {
            let root = Arc::clone(root);
            Box::pin(async move {
                let key = Key32::from_bytes([n; KEY_LEN]);
                let wrapped = root.wrap(&key, &[n]).await?;
                so(opens(&*root, &wrapped, &[n], &key).await?, "the same key")?;
                so(refuses(&*root, &wrapped, &[n, n]).await?, "WrongKey")?;
                Ok(wrapped)
            }) as BoxFuture<'static, _>
        })
        .collect();
    collect(tasks, |tasks| roots.together(tasks)).await
}

pub(super) async fn many_tasks_at_once_get_their_own_keys(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let wrapped = crowd(roots, &root).await?;
    for (n, wrapped) in (0u8..).zip(&wrapped) {
        let key = Key32::from_bytes([n; KEY_LEN]);
        each(
            opens(&*root, wrapped, &[n], &key).await?,
            "its own key",
            n.into(),
        )?;
    }
    let different: BTreeSet<&Vec<u8>> = wrapped.iter().collect();
    so(different.len() == 32, "32 wraps")
}

pub(super) async fn a_reopened_root_opens_what_it_wrapped(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let key = random()?;
    let wrapped = root.wrap(&key, CONTEXT).await?;
    let again = roots.reopen(root.id()).await?;
    so(
        opens(&*again, &wrapped, CONTEXT, &key).await?,
        "the same key",
    )?;
    so(refuses(&*again, &wrapped, b"another").await?, "WrongKey")
}

pub(super) async fn two_handles_of_a_root_understand_each_other(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let again = roots.reopen(root.id()).await?;
    let key = random()?;
    let wrapped = again.wrap(&key, CONTEXT).await?;
    so(
        opens(&*root, &wrapped, CONTEXT, &key).await?,
        "the same key",
    )?;
    let other = root.wrap(&key, CONTEXT).await?;
    so(other != wrapped, "other bytes")
}

pub(super) async fn a_reopened_root_has_the_same_name(roots: &dyn Roots) -> Checked {
    let root = roots.fresh().await?;
    let again = roots.reopen(root.id()).await?;
    so(again.id() == root.id(), "the same name")?;
    so(
        again.destroy_horizon() == root.destroy_horizon(),
        "the same horizon",
    )
}

pub(super) async fn a_reopened_root_is_not_its_neighbour(roots: &dyn Roots) -> Checked {
    let (one, two) = (roots.fresh().await?, roots.fresh().await?);
    let wrapped = one.wrap(&random()?, CONTEXT).await?;
    let again = roots.reopen(two.id()).await?;
    so(again.id() == two.id(), "the name of the second")?;
    so(refuses(&*again, &wrapped, CONTEXT).await?, "WrongKey")
}
