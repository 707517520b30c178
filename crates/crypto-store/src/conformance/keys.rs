//! Keys by name: what changes answer and what is there afterwards.

use super::trial::{Checked, Trial, each, id, numbered, row, so};
use crate::backend::{KeyId, KeyOp, StoredKey, Table};

pub(super) async fn new_back_end_has_no_keys(t: &mut Trial<'_>) -> Checked {
    so(t.key(id(1)).await?.is_none(), "no key by a name")?;
    so(t.names().await?.is_empty(), "an empty list")?;
    so(t.lying().await?.is_empty(), "an empty scan")
}

pub(super) async fn add_of_a_new_key_answers_true(t: &mut Trial<'_>) -> Checked {
    so(t.add(id(1), &[7; 81]).await?, "true")?;
    so(t.holds(id(1), &[7; 81]).await?, "the bytes that were added")
}

pub(super) async fn add_of_a_taken_name_answers_false_and_changes_nothing(
    t: &mut Trial<'_>,
) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    so(!t.add(id(1), &[8; 81]).await?, "false")?;
    so(!t.add(id(1), &[7; 81]).await?, "false for the same bytes")?;
    so(t.holds(id(1), &[7; 81]).await?, "the bytes of the first")
}

pub(super) async fn set_of_a_new_key_answers_true(t: &mut Trial<'_>) -> Checked {
    so(t.set(id(1), &[7; 81]).await?, "true: it was added")?;
    so(t.holds(id(1), &[7; 81]).await?, "the bytes that were set")
}

pub(super) async fn set_of_a_taken_name_answers_false_and_replaces(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    so(!t.set(id(1), &[8; 81]).await?, "false: it was replaced")?;
    so(t.holds(id(1), &[8; 81]).await?, "the bytes that were set")?;
    so(t.names().await? == [id(1)], "one key")
}

pub(super) async fn set_of_the_same_bytes_keeps_the_key(t: &mut Trial<'_>) -> Checked {
    t.set(id(1), &[7; 81]).await?;
    so(!t.set(id(1), &[7; 81]).await?, "false")?;
    so(t.holds(id(1), &[7; 81]).await?, "the same bytes")
}

pub(super) async fn set_touches_no_other_key(t: &mut Trial<'_>) -> Checked {
    for n in [1, 2, 3] {
        t.add(id(n), &[n; 81]).await?;
    }
    t.set(id(2), &[9; 81]).await?;
    so(t.holds(id(1), &[1; 81]).await?, "the key before it")?;
    so(t.holds(id(3), &[3; 81]).await?, "the key behind it")
}

pub(super) async fn destroy_answers_true_and_forgets(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    so(t.destroy(id(1)).await?, "true")?;
    so(t.key(id(1)).await?.is_none(), "no key")?;
    so(t.names().await?.is_empty(), "no name")
}

pub(super) async fn destroy_of_nothing_answers_false(t: &mut Trial<'_>) -> Checked {
    so(!t.destroy(id(1)).await?, "false")?;
    so(t.names().await?.is_empty(), "no name")
}

pub(super) async fn destroy_twice_answers_false(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    t.destroy(id(1)).await?;
    so(!t.destroy(id(1)).await?, "false")
}

pub(super) async fn destroy_touches_no_other_key(t: &mut Trial<'_>) -> Checked {
    for n in 1..=9 {
        t.add(id(n), &[n; 81]).await?;
    }
    for n in [1, 5, 9] {
        t.destroy(id(n)).await?;
    }
    for n in [2, 3, 4, 6, 7, 8] {
        each(t.holds(id(n), &[n; 81]).await?, "the key", n.into())?;
    }
    so(t.names().await?.len() == 6, "six keys")
}

pub(super) async fn add_after_destroy_answers_true(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    t.destroy(id(1)).await?;
    so(t.add(id(1), &[8; 81]).await?, "true")?;
    so(t.holds(id(1), &[8; 81]).await?, "the new bytes")
}

pub(super) async fn set_after_destroy_answers_true(t: &mut Trial<'_>) -> Checked {
    t.set(id(1), &[7; 81]).await?;
    t.destroy(id(1)).await?;
    so(t.set(id(1), &[8; 81]).await?, "true")?;
    so(t.holds(id(1), &[8; 81]).await?, "the new bytes")
}

pub(super) async fn other_keys_take_the_room_of_destroyed_ones(t: &mut Trial<'_>) -> Checked {
    for n in 0..40 {
        t.add(numbered(n), &[1; 81]).await?;
    }
    for n in 0..40 {
        t.destroy(numbered(n)).await?;
    }
    for n in 40..100 {
        so(t.add(numbered(n), &[2; 81]).await?, "true")?;
    }
    so(t.names().await?.len() == 60, "sixty keys")?;
    for n in 0..40 {
        so(t.key(numbered(n)).await?.is_none(), "no destroyed key")?;
    }
    so(
        t.lying().await?.iter().all(|key| key.wrapped == [2; 81]),
        "no old bytes",
    )
}

pub(super) async fn replace_of_what_was_seen_answers_true(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    so(t.replace(&seen, &[8; 81]).await?, "true")?;
    so(t.holds(id(1), &[8; 81]).await?, "the new bytes")?;
    so(t.names().await? == [id(1)], "one key")
}

pub(super) async fn replace_loses_against_set(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    t.set(id(1), &[9; 81]).await?;
    so(!t.replace(&seen, &[8; 81]).await?, "false")?;
    so(t.holds(id(1), &[9; 81]).await?, "what was set meanwhile")
}

pub(super) async fn replace_loses_against_destroy(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    t.destroy(id(1)).await?;
    so(!t.replace(&seen, &[8; 81]).await?, "false")?;
    so(t.key(id(1)).await?.is_none(), "the key to stay destroyed")?;
    so(t.lying().await?.is_empty(), "nothing")
}

pub(super) async fn replace_loses_against_destroy_of_any_length(t: &mut Trial<'_>) -> Checked {
    for (n, from, to) in [(1, 81, 40), (2, 40, 81), (3, 77, 81), (4, 0, 1), (5, 1, 0)] {
        t.add(id(n), &vec![7; from]).await?;
        let seen = t.seen(id(n)).await?;
        t.destroy(id(n)).await?;
        each(!t.replace(&seen, &vec![8; to]).await?, "false", n.into())?;
        each(t.key(id(n)).await?.is_none(), "no key", n.into())?;
    }
    Ok(())
}

pub(super) async fn replace_loses_against_another_key_of_the_name(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    t.destroy(id(1)).await?;
    t.add(id(1), &[9; 81]).await?;
    so(!t.replace(&seen, &[8; 81]).await?, "false")?;
    so(t.holds(id(1), &[9; 81]).await?, "what was added meanwhile")
}

pub(super) async fn replace_never_hits_a_key_that_took_the_room(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    t.destroy(id(1)).await?;
    t.add(id(2), &[7; 81]).await?;
    so(!t.replace(&seen, &[8; 81]).await?, "false")?;
    so(t.holds(id(2), &[7; 81]).await?, "the other key as it was")?;
    so(t.key(id(1)).await?.is_none(), "no key of the old name")
}

pub(super) async fn replace_loses_against_replace(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    t.replace(&seen, &[8; 81]).await?;
    so(!t.replace(&seen, &[9; 81]).await?, "false")?;
    so(t.holds(id(1), &[8; 81]).await?, "the bytes of the first")
}

pub(super) async fn replace_goes_on_from_what_is_seen_next(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[0; 81]).await?;
    for n in 1..=5 {
        let seen = t.seen(id(1)).await?;
        each(t.replace(&seen, &[n; 81]).await?, "true", n.into())?;
    }
    so(t.holds(id(1), &[5; 81]).await?, "the last bytes")
}

pub(super) async fn replace_adds_nothing(t: &mut Trial<'_>) -> Checked {
    let invented = StoredKey {
        id: id(1),
        at: 1,
        wrapped: vec![7; 81],
    };
    so(!t.replace(&invented, &[8; 81]).await?, "false")?;
    so(t.names().await?.is_empty(), "no key")
}

pub(super) async fn replace_compares_every_byte(t: &mut Trial<'_>) -> Checked {
    for len in [40, 77, 81] {
        let name = id(u8::try_from(len).unwrap_or_default());
        t.add(name, &vec![7; len]).await?;
        let seen = t.seen(name).await?;
        for at in 0..len {
            let mut other = seen.clone();
            if let Some(byte) = other.wrapped.get_mut(at) {
                *byte ^= 1;
            }
            each(!t.replace(&other, &vec![8; len]).await?, "false", at)?;
        }
        so(
            t.holds(name, &vec![7; len]).await?,
            "the bytes as they were",
        )?;
    }
    Ok(())
}

pub(super) async fn replace_compares_the_length(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let seen = t.seen(id(1)).await?;
    for len in [0, 77, 80, 82] {
        let other = StoredKey {
            wrapped: vec![7; len],
            ..seen.clone()
        };
        each(!t.replace(&other, &[8; 81]).await?, "false", len)?;
    }
    so(t.holds(id(1), &[7; 81]).await?, "the bytes as they were")
}

pub(super) async fn replace_compares_the_name(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[7; 81]).await?;
    let other = StoredKey {
        id: id(2),
        ..t.seen(id(1)).await?
    };
    so(!t.replace(&other, &[8; 81]).await?, "false")?;
    so(t.holds(id(1), &[7; 81]).await?, "the bytes as they were")?;
    so(t.key(id(2)).await?.is_none(), "no second key")
}

pub(super) async fn replace_touches_no_other_key(t: &mut Trial<'_>) -> Checked {
    for n in [1, 2, 3] {
        t.add(id(n), &[7; 81]).await?;
    }
    let seen = t.seen(id(2)).await?;
    t.replace(&seen, &[8; 81]).await?;
    so(t.holds(id(1), &[7; 81]).await?, "the key before it")?;
    so(t.holds(id(3), &[7; 81]).await?, "the key behind it")
}

pub(super) async fn replace_may_change_the_length(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[0; 81]).await?;
    t.add(id(2), &[9; 81]).await?;
    for len in [40, 300, 81, 77, 0, 81, 4096] {
        let seen = t.seen(id(1)).await?;
        each(t.replace(&seen, &vec![1; len]).await?, "true", len)?;
        each(t.holds(id(1), &vec![1; len]).await?, "the new bytes", len)?;
        each(t.names().await? == [id(1), id(2)], "two keys", len)?;
    }
    Ok(())
}

pub(super) async fn empty_change_answers_nothing(t: &mut Trial<'_>) -> Checked {
    so(t.change_keys(Vec::new()).await?.is_empty(), "no answer")
}

pub(super) async fn answers_come_in_the_order_of_the_changes(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let answers = t
        .change(vec![
            KeyOp::Add(id(1), vec![2; 81]),
            KeyOp::Add(id(2), vec![2; 81]),
            KeyOp::Destroy(id(3)),
            KeyOp::Destroy(id(1)),
            KeyOp::Set(id(2), vec![3; 81]),
            KeyOp::Set(id(4), vec![3; 81]),
        ])
        .await?;
    so(
        answers == [false, true, false, true, false, true],
        "false, true, false, true, false, true",
    )
}

pub(super) async fn changes_of_one_call_see_each_other(t: &mut Trial<'_>) -> Checked {
    let answers = t
        .change(vec![
            KeyOp::Add(id(1), vec![1; 81]),
            KeyOp::Add(id(1), vec![2; 81]),
            KeyOp::Destroy(id(1)),
            KeyOp::Destroy(id(1)),
            KeyOp::Add(id(1), vec![3; 81]),
        ])
        .await?;
    so(
        answers == [true, false, true, false, true],
        "true, false, true, false, true",
    )?;
    so(t.holds(id(1), &[3; 81]).await?, "the last bytes")
}

pub(super) async fn add_and_destroy_in_one_call_leave_nothing(t: &mut Trial<'_>) -> Checked {
    for len in [40, 77, 81] {
        t.change(vec![KeyOp::Add(id(1), vec![1; len]), KeyOp::Destroy(id(1))])
            .await?;
        each(t.key(id(1)).await?.is_none(), "no key", len)?;
    }
    so(t.lying().await?.is_empty(), "nothing")
}

pub(super) async fn the_last_set_of_one_call_wins(t: &mut Trial<'_>) -> Checked {
    let sets = (0..10).map(|n| KeyOp::Set(id(1), vec![n; 81])).collect();
    t.change(sets).await?;
    so(t.holds(id(1), &[9; 81]).await?, "the last bytes")
}

pub(super) async fn replace_behind_a_set_of_one_call_loses(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let seen = t.seen(id(1)).await?;
    let answers = t
        .change(vec![
            KeyOp::Set(id(1), vec![2; 81]),
            KeyOp::Replace(seen, vec![3; 81]),
        ])
        .await?;
    so(answers == [false, false], "false, false")?;
    so(t.holds(id(1), &[2; 81]).await?, "what was set")
}

pub(super) async fn replace_behind_a_destroy_of_one_call_loses(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let seen = t.seen(id(1)).await?;
    let answers = t
        .change(vec![
            KeyOp::Destroy(id(1)),
            KeyOp::Replace(seen, vec![3; 81]),
        ])
        .await?;
    so(answers == [true, false], "true, false")?;
    so(t.key(id(1)).await?.is_none(), "no key")
}

pub(super) async fn the_first_replace_of_one_call_wins(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    let seen = t.seen(id(1)).await?;
    let answers = t
        .change(vec![
            KeyOp::Replace(seen.clone(), vec![2; 81]),
            KeyOp::Replace(seen, vec![3; 81]),
        ])
        .await?;
    so(answers == [true, false], "true, false")?;
    so(t.holds(id(1), &[2; 81]).await?, "the bytes of the first")
}

pub(super) async fn a_false_answer_stops_no_other_change(t: &mut Trial<'_>) -> Checked {
    t.add(id(2), &[2; 81]).await?;
    t.change(vec![
        KeyOp::Add(id(1), vec![1; 81]),
        KeyOp::Add(id(2), vec![9; 81]),
        KeyOp::Destroy(id(9)),
        KeyOp::Add(id(3), vec![3; 81]),
    ])
    .await?;
    for n in [1, 2, 3] {
        each(t.holds(id(n), &[n; 81]).await?, "the key", n.into())?;
    }
    Ok(())
}

pub(super) async fn a_thousand_changes_fit_one_call(t: &mut Trial<'_>) -> Checked {
    let adds = (0..1000).map(|n| KeyOp::Add(numbered(n), n.to_be_bytes().repeat(20)));
    let answers = t.change(adds.collect()).await?;
    so(answers.iter().all(|new| *new), "true throughout")?;
    let destroys = (0..1000).map(|n| KeyOp::Destroy(numbered(n * 2)));
    let answers = t.change(destroys.collect()).await?;
    so(
        answers.iter().filter(|was| **was).count() == 500,
        "five hundred true",
    )?;
    so(t.names().await?.len() == 500, "five hundred keys")
}

/// A value of this length goes through all changes.
async fn lives(t: &Trial<'_>, len: usize) -> Checked {
    so(t.add(id(1), &vec![1; len]).await?, "true for the addition")?;
    so(t.holds(id(1), &vec![1; len]).await?, "the added bytes")?;
    so(!t.set(id(1), &vec![2; len]).await?, "false for the setting")?;
    so(t.holds(id(1), &vec![2; len]).await?, "the set bytes")?;
    let seen = t.seen(id(1)).await?;
    so(seen.wrapped == vec![2; len], "a scan to tell the bytes")?;
    so(t.replace(&seen, &vec![3; len]).await?, "true to replace")?;
    so(t.holds(id(1), &vec![3; len]).await?, "the replaced bytes")?;
    so(t.destroy(id(1)).await?, "true to destroy")?;
    so(t.key(id(1)).await?.is_none(), "no key")?;
    so(t.add(id(1), &vec![4; len]).await?, "true to add again")?;
    so(t.holds(id(1), &vec![4; len]).await?, "the last bytes")
}

pub(super) async fn a_value_may_be_empty(t: &mut Trial<'_>) -> Checked {
    lives(t, 0).await
}

pub(super) async fn a_value_may_be_one_byte(t: &mut Trial<'_>) -> Checked {
    lives(t, 1).await
}

pub(super) async fn a_value_may_be_77_bytes(t: &mut Trial<'_>) -> Checked {
    lives(t, 77).await
}

pub(super) async fn a_value_may_be_81_bytes(t: &mut Trial<'_>) -> Checked {
    lives(t, 81).await
}

pub(super) async fn a_value_may_be_a_page(t: &mut Trial<'_>) -> Checked {
    lives(t, 4096).await
}

pub(super) async fn a_value_may_be_64_kib(t: &mut Trial<'_>) -> Checked {
    lives(t, 65_536).await
}

pub(super) async fn a_set_may_change_the_length(t: &mut Trial<'_>) -> Checked {
    t.add(id(2), &[9; 81]).await?;
    for len in [81, 40, 81, 0, 77, 4096, 1] {
        t.set(id(1), &vec![1; len]).await?;
        each(t.holds(id(1), &vec![1; len]).await?, "the new bytes", len)?;
        each(t.names().await? == [id(1), id(2)], "two keys", len)?;
    }
    Ok(())
}

/// Bytes with which a back end might mark a row as free.
pub(super) async fn a_value_may_be_all_zeros_or_all_ones(t: &mut Trial<'_>) -> Checked {
    for len in [1, 40, 77, 81] {
        for byte in [0, 0xff] {
            t.add(id(1), &vec![byte; len]).await?;
            t.add(id(2), &vec![byte; len]).await?;
            each(t.holds(id(1), &vec![byte; len]).await?, "the key", len)?;
            each(t.names().await?.len() == 2, "both keys", len)?;
            each(t.destroy(id(1)).await?, "true", len)?;
            each(t.destroy(id(2)).await?, "true", len)?;
        }
    }
    Ok(())
}

pub(super) async fn a_value_may_hold_every_byte(t: &mut Trial<'_>) -> Checked {
    let bytes: Vec<u8> = (0..=255).collect();
    t.add(id(1), &bytes).await?;
    so(t.holds(id(1), &bytes).await?, "the same bytes")
}

pub(super) async fn names_may_be_all_zeros_or_high(t: &mut Trial<'_>) -> Checked {
    let names = [
        KeyId::from_bytes([0; 33]),
        KeyId::new(0, &[0xff; 16], &[0xff; 16]),
        KeyId::new(0xfe, &[0; 16], &[0; 16]),
        KeyId::new(0xfe, &[0xff; 16], &[0xff; 16]),
    ];
    for name in names {
        so(t.add(name, &[1; 81]).await?, "true")?;
    }
    so(t.names().await? == names, "four names in order")?;
    for name in names {
        so(t.holds(name, &[1; 81]).await?, "the key")?;
        so(t.destroy(name).await?, "true")?;
    }
    so(t.names().await?.is_empty(), "no name")
}

pub(super) async fn names_differ_by_any_byte(t: &mut Trial<'_>) -> Checked {
    // The last one differs from the others by one byte each.
    let names: Vec<KeyId> = (0..34u8)
        .map(|at| {
            let mut bytes = [0x20; 33];
            if let Some(byte) = bytes.get_mut(usize::from(at)) {
                *byte = 0x21;
            }
            KeyId::from_bytes(bytes)
        })
        .collect();
    for (n, name) in (0..).zip(&names) {
        each(t.add(*name, &[n; 81]).await?, "true", n.into())?;
    }
    for (n, name) in (0..).zip(&names) {
        each(t.holds(*name, &[n; 81]).await?, "its own bytes", n.into())?;
    }
    Ok(())
}

pub(super) async fn list_is_in_order_of_names(t: &mut Trial<'_>) -> Checked {
    for n in [5, 1, 9, 0, 7, 3, 8, 2, 6, 4] {
        t.add(id(n), &vec![n; 75 + usize::from(n)]).await?;
    }
    let expected: Vec<KeyId> = (0..10).map(id).collect();
    so(t.names().await? == expected, "ten names in order")
}

pub(super) async fn list_order_is_that_of_bytes(t: &mut Trial<'_>) -> Checked {
    let names: Vec<KeyId> = [0, 1, 0x7f, 0x80, 0xfe]
        .map(|k| KeyId::new(k, &[0; 16], &[0; 16]))
        .into();
    for name in names.iter().rev() {
        t.add(*name, &[1; 81]).await?;
    }
    so(t.names().await? == names, "unsigned order")
}

pub(super) async fn list_pages_have_no_gap_and_no_repeat(t: &mut Trial<'_>) -> Checked {
    for n in 0..50 {
        t.add(numbered(n), &vec![1; if n % 3 == 0 { 40 } else { 81 }])
            .await?;
    }
    for page in [1, 7, 50, 51] {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..60 {
            let names = t.list_keys(after, page).await?;
            each(names.len() <= page, "at most a page", page)?;
            after = names.last().copied().or(after);
            all.extend(names);
        }
        let expected: Vec<KeyId> = (0..50).map(numbered).collect();
        each(all == expected, "every name once", page)?;
    }
    Ok(())
}

pub(super) async fn list_begins_behind_the_name(t: &mut Trial<'_>) -> Checked {
    for n in [1, 3, 5] {
        t.add(id(n), &[n; 81]).await?;
    }
    so(t.list_keys(Some(id(3)), 9).await? == [id(5)], "one behind")
}

pub(super) async fn list_begins_behind_a_name_that_is_not_there(t: &mut Trial<'_>) -> Checked {
    for n in [1, 3, 5] {
        t.add(id(n), &[n; 81]).await?;
    }
    so(t.list_keys(Some(id(2)), 9).await? == [id(3), id(5)], "two")?;
    so(t.list_keys(Some(id(0)), 9).await?.len() == 3, "all three")
}

pub(super) async fn list_behind_the_last_is_empty(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    so(t.list_keys(Some(id(1)), 9).await?.is_empty(), "nothing")?;
    so(t.list_keys(Some(id(9)), 9).await?.is_empty(), "nothing")
}

pub(super) async fn list_of_none_is_empty(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    so(t.list_keys(None, 0).await?.is_empty(), "nothing")
}

pub(super) async fn list_leaves_out_what_was_destroyed(t: &mut Trial<'_>) -> Checked {
    for n in 0..9 {
        t.add(id(n), &[n; 81]).await?;
    }
    for n in [0, 4, 8] {
        t.destroy(id(n)).await?;
    }
    let expected: Vec<KeyId> = [1, 2, 3, 5, 6, 7].into_iter().map(id).collect();
    so(t.names().await? == expected, "six names")
}

pub(super) async fn keys_and_rows_do_not_mix(t: &mut Trial<'_>) -> Checked {
    t.add(id(1), &[1; 81]).await?;
    for table in Table::ALL {
        t.put(table, row(id(1).as_bytes(), b"row")).await?;
        t.delete(table, id(1).as_bytes()).await?;
        t.put(table, row(id(2).as_bytes(), b"row")).await?;
    }
    so(t.names().await? == [id(1)], "one key")?;
    t.destroy(id(2)).await?;
    for table in Table::ALL {
        so(t.row(table, id(2).as_bytes()).await?.is_some(), "the row")?;
    }
    Ok(())
}

pub(super) async fn keys_together_come_in_the_order_asked(t: &mut Trial<'_>) -> Checked {
    for n in 1..=5 {
        t.add(id(n), &[n; 81]).await?;
    }
    let found = t.keys([3, 1, 5, 3, 2].map(id).to_vec()).await?;
    let expected = [3, 1, 5, 3, 2].map(|n| Some(vec![n; 81]));
    so(found == expected, "the order of the question, twins too")
}

pub(super) async fn keys_together_say_what_is_absent(t: &mut Trial<'_>) -> Checked {
    t.add(id(2), &[2; 81]).await?;
    let found = t.keys([1, 2, 3].map(id).to_vec()).await?;
    so(found == [None, Some(vec![2; 81]), None], "none, one, none")?;
    t.destroy(id(2)).await?;
    let found = t.keys([1, 2, 3].map(id).to_vec()).await?;
    so(found == [None, None, None], "none")?;
    so(
        t.keys(Vec::new()).await?.is_empty(),
        "no answer to no question",
    )
}
