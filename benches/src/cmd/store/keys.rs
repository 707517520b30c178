//! Which wrapped keys `keys.db` holds, read by docs/format.md alone.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::super::Stop;

/// Kinds that are no keys: header, mark, epochs, keys made ahead, persons who are gone.
const NO_KEYS: [u8; 5] = [0, 2, 9, 10, 11];
/// First byte of a slot that is free.
const FREE: u8 = 0xff;

/// Every wrapped key of a store, read in a copy beside it.
pub(super) fn wrapped(store: &Path, beside: &Path) -> Result<HashSet<Vec<u8>>, Stop> {
    let dir = beside.join("keys");
    fs::create_dir_all(&dir)?;
    for name in ["keys.db", "keys.db-wal"] {
        if store.join(name).exists() {
            fs::copy(store.join(name), dir.join(name))?;
        }
    }
    let connection = rusqlite::Connection::open(dir.join("keys.db"))?;
    let mut statement = connection
        .prepare("SELECT id, wrapped FROM slots UNION ALL SELECT id, wrapped FROM roots")?;
    let mut rows = statement.query([])?;
    let mut keys = HashSet::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        match id.first() {
            Some(kind) if *kind != FREE && !NO_KEYS.contains(kind) => {
                keys.insert(row.get(1)?);
            }
            _ => {}
        }
    }
    drop(rows);
    drop(statement);
    drop(connection);
    fs::remove_dir_all(&dir)?;
    Ok(keys)
}
