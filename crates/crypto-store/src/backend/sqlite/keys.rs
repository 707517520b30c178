//! The file of keys.
//!
//! A destroyed key must not survive in a corner of a page. Deleting rows does not guarantee that: when a B-tree is
//! rebalanced, rows move and copies of them stay behind in free space. So wrapped keys stand in slots of one size that are
//! appended, overwritten in place and used again, and never move; what moves is only the index of their names.

use rusqlite::{OptionalExtension, params};

use super::db::Db;
use super::worker::{Group, in_order};
use crate::backend::{KEY_ID_LEN, KeyId, KeyOp, StoredKey};
use crate::keywrap::WRAPPED_LEN;

pub(super) const SCHEMA: &str = "
CREATE TABLE slots (slot INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, wrapped BLOB NOT NULL);
CREATE TABLE roots (id BLOB PRIMARY KEY, wrapped BLOB NOT NULL);
";

/// First byte of the name of a free slot: greater than every kind of key.
const FREE: u8 = 0xff;

/// Positions of `roots` begin here, far behind every slot.
const ROOTS: i64 = 1 << 62;

pub(super) struct Keys;

pub(super) fn group() -> Keys {
    Keys
}

impl Group<Vec<KeyOp>, Vec<bool>> for Keys {
    fn apply(&mut self, connection: &Db<'_>, ops: &Vec<KeyOp>) -> rusqlite::Result<Vec<bool>> {
        apply(connection, ops)
    }

    fn rolled_back(&mut self, _: &Db<'_>) {}
}

pub(super) fn apply(c: &Db<'_>, ops: &[KeyOp]) -> rusqlite::Result<Vec<bool>> {
    ops.iter()
        .map(|op| match op {
            KeyOp::Add(id, wrapped) => Ok(match get(c, id)? {
                Some(_) => false,
                None => insert(c, id, wrapped).map(|()| true)?,
            }),
            KeyOp::Set(id, wrapped) => {
                if overwrite(c, id, wrapped)? {
                    return Ok(false);
                }
                let old = destroy(c, id)?;
                insert(c, id, wrapped)?;
                Ok(!old)
            }
            KeyOp::Replace(seen, wrapped) => replace(c, seen, wrapped),
            KeyOp::Destroy(id) => destroy(c, id),
        })
        .collect()
}

fn insert(c: &Db<'_>, id: &KeyId, wrapped: &[u8]) -> rusqlite::Result<()> {
    if wrapped.len() != WRAPPED_LEN {
        c.prepare_cached("INSERT INTO roots (id, wrapped) VALUES (?1, ?2)")?
            .execute(params![id.as_bytes(), wrapped])?;
        return Ok(());
    }
    let free: Option<i64> = c
        .prepare_cached("SELECT slot FROM slots WHERE id >= ?1 ORDER BY id LIMIT 1")?
        .query_row(params![[FREE]], |r| r.get(0))
        .optional()?;
    match free {
        Some(slot) => c
            .prepare_cached("UPDATE slots SET id = ?2, wrapped = ?3 WHERE slot = ?1")?
            .execute(params![slot, id.as_bytes(), wrapped])?,
        None => c
            .prepare_cached("INSERT INTO slots (id, wrapped) VALUES (?1, ?2)")?
            .execute(params![id.as_bytes(), wrapped])?,
    };
    Ok(())
}

fn destroy(c: &Db<'_>, id: &KeyId) -> rusqlite::Result<bool> {
    let slot: Option<i64> = c
        .prepare_cached("SELECT slot FROM slots WHERE id = ?1")?
        .query_row(params![id.as_bytes()], |r| r.get(0))
        .optional()?;
    if let Some(slot) = slot {
        let mut number = [0; 16];
        for (to, from) in number.iter_mut().zip(slot.to_be_bytes()) {
            *to = from;
        }
        let free = KeyId::new(FREE, &[0; 16], &number);
        c.prepare_cached("UPDATE slots SET id = ?2, wrapped = ?3 WHERE slot = ?1")?
            .execute(params![slot, free.as_bytes(), [0u8; WRAPPED_LEN]])?;
        return Ok(true);
    }
    let found = c
        .prepare_cached("UPDATE roots SET wrapped = zeroblob(length(wrapped)) WHERE id = ?1")?
        .execute(params![id.as_bytes()])?;
    c.prepare_cached("DELETE FROM roots WHERE id = ?1")?
        .execute(params![id.as_bytes()])?;
    Ok(found > 0)
}

/// The position makes this an update of one row without a search, for rotations of millions of keys.
fn replace(c: &Db<'_>, seen: &StoredKey, wrapped: &[u8]) -> rusqlite::Result<bool> {
    let at = signed(seen.at);
    if at < ROOTS && wrapped.len() == WRAPPED_LEN {
        let changed = c
            .prepare_cached(
                "UPDATE slots SET wrapped = ?4 WHERE slot = ?1 AND id = ?2 AND wrapped = ?3",
            )?
            .execute(params![at, seen.id.as_bytes(), seen.wrapped, wrapped])?;
        return Ok(changed == 1);
    }
    if get(c, &seen.id)?.as_ref() != Some(&seen.wrapped) {
        return Ok(false);
    }
    if !overwrite(c, &seen.id, wrapped)? {
        destroy(c, &seen.id)?;
        insert(c, &seen.id, wrapped)?;
    }
    Ok(true)
}

/// Changes a key where it lies, so that a scan under way neither meets it again nor misses it; false if there is none or
/// if it must move because one of the two values does not fit a slot.
fn overwrite(c: &Db<'_>, id: &KeyId, wrapped: &[u8]) -> rusqlite::Result<bool> {
    let text = if wrapped.len() == WRAPPED_LEN {
        "UPDATE slots SET wrapped = ?2 WHERE id = ?1"
    } else {
        c.prepare_cached("UPDATE roots SET wrapped = zeroblob(length(wrapped)) WHERE id = ?1")?
            .execute(params![id.as_bytes()])?;
        "UPDATE roots SET wrapped = ?2 WHERE id = ?1"
    };
    let changed = c
        .prepare_cached(text)?
        .execute(params![id.as_bytes(), wrapped])?;
    Ok(changed == 1)
}

pub(super) fn scan(c: &Db<'_>, after: u64, limit: usize) -> rusqlite::Result<Vec<StoredKey>> {
    let after = signed(after);
    let bound = i64::try_from(limit).unwrap_or(i64::MAX);
    let stored = |r: &rusqlite::Row<'_>| {
        let at: i64 = r.get(0)?;
        Ok(StoredKey {
            at: at.cast_unsigned(),
            id: KeyId::from_bytes(r.get(1)?),
            wrapped: r.get(2)?,
        })
    };
    let mut found: Vec<StoredKey> = Vec::new();
    if after < ROOTS {
        let mut statement = c.prepare_cached(
            "SELECT slot, id, wrapped FROM slots WHERE slot > ?1 AND id < ?2 ORDER BY slot LIMIT ?3",
        )?;
        let rows = statement.query_map(params![after, [FREE], bound], stored)?;
        found = rows.collect::<rusqlite::Result<_>>()?;
    }
    let left = bound.saturating_sub(i64::try_from(found.len()).unwrap_or(i64::MAX));
    if left > 0 {
        let mut statement = c.prepare_cached(
            "SELECT rowid + ?3, id, wrapped FROM roots WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
        )?;
        let rows = statement.query_map(params![(after - ROOTS).max(0), left, ROOTS], stored)?;
        for row in rows {
            found.push(row?);
        }
    }
    in_order(found, |key| signed(key.at) > after, |a, b| a.at < b.at)
}

fn signed(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

pub(super) fn get(c: &Db<'_>, id: &KeyId) -> rusqlite::Result<Option<Vec<u8>>> {
    let slot = c
        .prepare_cached("SELECT wrapped FROM slots WHERE id = ?1")?
        .query_row(params![id.as_bytes()], |r| r.get(0))
        .optional()?;
    if slot.is_some() {
        return Ok(slot);
    }
    c.prepare_cached("SELECT wrapped FROM roots WHERE id = ?1")?
        .query_row(params![id.as_bytes()], |r| r.get(0))
        .optional()
}

pub(super) fn list(c: &Db<'_>, after: Option<KeyId>, limit: usize) -> rusqlite::Result<Vec<KeyId>> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes());
    let mut statement = c.prepare_cached(
        "SELECT id FROM (SELECT id FROM slots WHERE id > ?1 AND id < ?2 UNION ALL SELECT id FROM roots WHERE id > ?1) ORDER BY id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after, [FREE], limit], |r| {
        r.get::<_, [u8; KEY_ID_LEN]>(0)
    })?;
    rows.map(|id| id.map(KeyId::from_bytes)).collect()
}
