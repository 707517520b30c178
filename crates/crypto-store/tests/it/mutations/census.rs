//! Every column of one row of each kind, altered by SQL: what can be done by somebody who knows the format and has no key.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::ENDLESS;
use super::original::{Judged, Original, folder};
use crate::dice::heavy;

/// Rows of every table by table and rowid, read without indexes; what cannot be read is said instead.
fn dump(path: &Path) -> BTreeMap<(String, i64), Vec<String>> {
    let mut all = BTreeMap::new();
    let Ok(c) = Connection::open(path) else {
        return all;
    };
    for table in [
        "records", "terms", "fresh", "once", "gone", "holds", "links", "intents", "meta", "audit",
        "ledger", "slots", "roots",
    ] {
        let Ok(mut statement) = c.prepare(&format!("SELECT rowid, * FROM {table} NOT INDEXED"))
        else {
            continue;
        };
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let cells = columns
                        .iter()
                        .enumerate()
                        .skip(1)
                        .map(|(i, column)| format!("{column}={:?}", row.get_ref(i).unwrap()));
                    all.insert((table.to_owned(), row.get(0).unwrap()), cells.collect());
                }
                Ok(None) => break,
                Err(e) => {
                    all.insert(
                        (table.to_owned(), i64::MIN),
                        vec![format!("unreadable {e}")],
                    );
                    break;
                }
            }
        }
    }
    all
}

/// Which cells of which tables differ.
pub(super) fn differing(before: &Path, after: &Path) -> Vec<String> {
    let (before, after) = (dump(before), dump(after));
    let mut out = Vec::new();
    for (key, cells) in &before {
        match after.get(key) {
            None => out.push(format!("{}: a row is missing", key.0)),
            Some(now) => {
                for (a, b) in cells.iter().zip(now).filter(|(a, b)| a != b) {
                    let column = a.split('=').next().unwrap_or_default();
                    let null = if b.ends_with("=Null") {
                        " is null"
                    } else {
                        " differs"
                    };
                    out.push(format!("{}.{column}{null}", key.0));
                }
            }
        }
    }
    out.extend(
        after
            .keys()
            .filter(|k| !before.contains_key(*k))
            .map(|k| format!("{}: a row more", k.0)),
    );
    out.dedup();
    if out.is_empty() {
        out.push("no row differs: an index, the schema or free space".to_owned());
    }
    out
}

/// What nothing notices. A change that makes the check notice one of them may strike it out; none may be added.
///
/// An edit of a cell is noticed by the tag of its row, a lost key by what it should open. A row that is deleted whole takes
/// its tag along, and nothing counts these rows.
const UNNOTICED: &[&str] = &[
    "record in a unit: deleted",
    "delivery: deleted",
    "decided unit: deleted",
    "duty: deleted",
    "earlier end: deleted",
    "index key: deleted",
];

/// One change by SQL, which keeps indexes in step.
struct Edit {
    file: &'static str,
    /// Kind of row and column.
    what: String,
    how: &'static str,
    sql: String,
}

/// Kinds of rows: name, file, table, condition.
const KINDS: [(&str, &str, &str, &str); 23] = [
    (
        "record",
        "records.db",
        "records",
        "r1 IS NULL AND at IS NOT NULL",
    ),
    (
        "record in a unit",
        "records.db",
        "records",
        "r1 IS NOT NULL",
    ),
    ("term", "records.db", "terms", "1"),
    ("run of terms", "records.db", "fresh", "1"),
    ("delivery", "records.db", "once", "1"),
    ("erased person", "records.db", "gone", "at IS NULL"),
    ("decided unit", "records.db", "gone", "at IS NOT NULL"),
    ("hold", "records.db", "holds", "substr(key, 1, 1) = X'00'"),
    ("duty", "records.db", "holds", "substr(key, 1, 1) = X'01'"),
    (
        "release",
        "records.db",
        "holds",
        "substr(key, 1, 1) = X'02'",
    ),
    (
        "earlier end",
        "records.db",
        "holds",
        "substr(key, 1, 1) = X'03'",
    ),
    ("link", "records.db", "links", "1"),
    (
        "name of the store",
        "records.db",
        "meta",
        "key = X'73746f7265'",
    ),
    (
        "stamp of holds",
        "records.db",
        "meta",
        "substr(key, 1, 5) = X'686f6c6473'",
    ),
    ("entry of the audit", "records.db", "audit", "seq = 5"),
    ("entry of the ledger", "records.db", "ledger", "seq = 1"),
    ("tenant key", "keys.db", "slots", "substr(id, 1, 1) = X'03'"),
    ("bucket key", "keys.db", "slots", "substr(id, 1, 1) = X'04'"),
    ("index key", "keys.db", "slots", "substr(id, 1, 1) = X'05'"),
    (
        "subject key",
        "keys.db",
        "slots",
        "substr(id, 1, 1) = X'06'",
    ),
    ("unit key", "keys.db", "slots", "substr(id, 1, 1) = X'07'"),
    ("audit key", "keys.db", "slots", "substr(id, 1, 1) = X'01'"),
    ("header", "keys.db", "roots", "substr(id, 1, 1) = X'00'"),
];

/// Deletes the first row of a kind, and alters each of its columns.
fn edits(dir: &Path, (kind, file, table, which): (&str, &'static str, &str, &str)) -> Vec<Edit> {
    let c = Connection::open(dir.join(file)).unwrap();
    let first = format!("SELECT rowid FROM {table} WHERE {which} ORDER BY rowid LIMIT 1");
    let row: i64 = c
        .query_row(&first, [], |r| r.get(0))
        .unwrap_or_else(|_| panic!("no {kind}"));
    let edit = |what: &str, how: &'static str, sql: String| Edit {
        file,
        what: format!("{kind}: {what}"),
        how,
        sql,
    };
    let mut all = vec![edit(
        "deleted",
        "",
        format!("DELETE FROM {table} WHERE rowid = {row}"),
    )];
    let statement = c.prepare(&format!("SELECT * FROM {table}")).unwrap();
    for column in statement.column_names() {
        let another = format!(
            "(SELECT {column} FROM {table} WHERE {column} <> (SELECT {column} FROM {table} WHERE rowid = {row}) ORDER BY rowid LIMIT 1)"
        );
        let ways: Vec<(&'static str, String)> = match column {
            "seq" | "slot" => Vec::new(),
            "at" => vec![
                ("earlier", "at - 864000".to_owned()),
                ("later", "at + 864000".to_owned()),
                ("null", "NULL".to_owned()),
            ],
            _ => vec![
                (
                    "first byte",
                    format!("CAST(X'5a' || substr({column}, 2) AS BLOB)"),
                ),
                (
                    "last byte",
                    format!("CAST(substr({column}, 1, length({column}) - 1) || X'5a' AS BLOB)"),
                ),
                ("longer", format!("CAST({column} || X'00' AS BLOB)")),
                ("null", "NULL".to_owned()),
                ("another row's", another),
            ],
        };
        for (how, value) in ways {
            let sql =
                format!("UPDATE OR IGNORE {table} SET {column} = {value} WHERE rowid = {row}");
            all.push(edit(column, how, sql));
        }
    }
    all
}

#[tokio::test]
async fn failure_05_no_cell_is_edited_in_silence_but_those_known() {
    let original = Original::new().await;
    let pristine = folder();
    original.write(pristine.path());
    let (mut silent, mut noticed) = (BTreeMap::new(), 0);
    for edit in KINDS.iter().flat_map(|kind| edits(pristine.path(), *kind)) {
        if !heavy() && !["", "first byte", "later"].contains(&edit.how) {
            continue;
        }
        let dir = folder();
        original.write(dir.path());
        let file = dir.path().join(edit.file);
        let c = Connection::open(&file).unwrap();
        // A column that must not be null, or a value that another row has, leaves the row as it is.
        let _ = c.execute(&edit.sql, []);
        c.close().unwrap();
        if dump(&pristine.path().join(edit.file)) == dump(&file) {
            continue;
        }
        let judged = tokio::time::timeout(ENDLESS, original.judge(dir.path())).await;
        let facts = match judged {
            Err(_) => Vec::from(["it never ends".to_owned()]),
            Ok(Judged::Facts(facts)) => original.differences(&facts),
            Ok(_) => {
                noticed += 1;
                continue;
            }
        };
        if let Some(first) = facts.first() {
            let known = UNNOTICED.contains(&edit.what.as_str());
            eprintln!("{} {} ({known}): {first}", edit.what, edit.how);
            silent.insert(edit.what, known);
        }
    }
    eprintln!("{noticed} edits noticed; not noticed: {}", silent.len());
    assert!(noticed > 40, "{noticed}");
    silent.retain(|_, known| !*known);
    assert!(silent.is_empty(), "edited in silence: {silent:?}");
}
