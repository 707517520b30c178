//! Tags on small rows, so that nobody without the keys can alter one unnoticed.

use subtle::ConstantTimeEq;

use crate::backend::{KeyId, Row, Table};
use crate::{Error, Key32, crypt};

const TAG_LEN: usize = 16;
const LABEL: &[u8] = b"tactful crypto-store row v1";

/// The key of the tags: HMAC-SHA256(audit key, label).
pub(crate) struct RowSeal(Key32);

impl RowSeal {
    pub(crate) fn new(audit: &Key32) -> Self {
        RowSeal(crypt::hmac_key(audit.expose(), &[LABEL]))
    }

    /// Puts a tag behind the value of a row.
    pub(crate) fn row(&self, table: Table, mut row: Row) -> Row {
        let tag = self.row_tag(table, &row, &row.value);
        row.value.extend_from_slice(&tag);
        row
    }

    /// The value of a row without its tag.
    pub(crate) fn open_row<'a>(
        &self,
        table: Table,
        row: &'a Row,
        what: &'static str,
    ) -> Result<&'a [u8], Error> {
        let (value, tag) = split(&row.value, what)?;
        same(&self.row_tag(table, row, value), tag, what)?;
        Ok(value)
    }

    /// Puts a tag behind a row beside the keys.
    pub(crate) fn beside(&self, id: KeyId, mut value: Vec<u8>) -> Vec<u8> {
        let tag = self.beside_tag(id, &value);
        value.extend_from_slice(&tag);
        value
    }

    /// A row beside the keys without its tag.
    pub(crate) fn open_beside<'a>(
        &self,
        id: KeyId,
        row: &'a [u8],
        what: &'static str,
    ) -> Result<&'a [u8], Error> {
        let (value, tag) = split(row, what)?;
        same(&self.beside_tag(id, value), tag, what)?;
        Ok(value)
    }

    fn row_tag(&self, table: Table, row: &Row, value: &[u8]) -> [u8; TAG_LEN] {
        let [r0, r1] = &row.refs;
        let at = row.at.map(i64::to_be_bytes);
        let parts = [
            Some(&row.key[..]),
            r0.as_deref(),
            r1.as_deref(),
            at.as_ref().map(|at| &at[..]),
            Some(value),
        ];
        // Each part behind its presence and length: no two rows have the same bytes.
        let mut bytes = vec![table_byte(table)];
        for part in parts {
            let len = part.map_or(u32::MAX, |p| u32::try_from(p.len()).unwrap_or(u32::MAX - 1));
            bytes.extend_from_slice(&len.to_be_bytes());
            bytes.extend_from_slice(part.unwrap_or_default());
        }
        crypt::half(&crypt::hmac(self.0.expose(), &[&bytes]))
    }

    fn beside_tag(&self, id: KeyId, value: &[u8]) -> [u8; TAG_LEN] {
        crypt::half(&crypt::hmac(
            self.0.expose(),
            &[&[u8::MAX], id.as_bytes(), value],
        ))
    }
}

/// The byte a table has in a tag; never changed.
fn table_byte(table: Table) -> u8 {
    match table {
        Table::Records => 0,
        Table::Terms => 1,
        Table::Once => 2,
        Table::Gone => 3,
        Table::Holds => 4,
        Table::Links => 5,
        Table::Intents => 6,
        Table::Meta => 7,
    }
}

fn split<'a>(value: &'a [u8], what: &'static str) -> Result<(&'a [u8], &'a [u8; TAG_LEN]), Error> {
    value
        .split_last_chunk::<TAG_LEN>()
        .ok_or(Error::Corrupt { what })
}

fn same(a: &[u8; TAG_LEN], b: &[u8; TAG_LEN], what: &'static str) -> Result<(), Error> {
    if bool::from(a.ct_eq(b)) {
        Ok(())
    } else {
        Err(Error::Corrupt { what })
    }
}
