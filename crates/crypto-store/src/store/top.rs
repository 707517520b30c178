//! What every opening reads first: whose store this is, and the one key that is not a tenant's.

use crate::backend::{Backend, KeyOp, Row, Table};
use crate::keyring::{self, RowSeal, kind, store_key};
use crate::wire::{Reader, Writer};
use crate::{Error, Key32, KeyProvider, ProviderId};

/// The format is part of the name, so that no later row can be taken for this one.
const MAGIC: &[u8; 8] = b"TCSHEAD1";
pub(super) const STORE_ROW: &[u8] = b"store";
const WHAT: &str = "the header of keys.db";

/// The top of a store.
pub(super) struct Top {
    pub(super) store: [u8; 16],
    pub(super) audit: Key32,
}

impl Top {
    /// Reads both sides and lets the root prove that it is the store's.
    pub(super) async fn read(
        backend: &dyn Backend,
        provider: &dyn KeyProvider,
    ) -> Result<Self, Error> {
        let header = backend.key(store_key(kind::HEADER)).await?;
        let own = backend.get(Table::Meta, STORE_ROW.to_vec()).await?;
        let (header, own) = match (header, own) {
            (Some(header), Some(own)) => (header, own),
            (None, None) => return Err(Error::NoStore),
            (None, Some(_)) => return Err(Error::KeysLost { what: WHAT }),
            (Some(_), None) => return Err(Error::RecordsLost),
        };
        let (root, store) = read_header(&header)?;
        if !own.value.starts_with(&store) {
            return Err(Error::Corrupt {
                what: "the pair of files (records.db and keys.db are of two stores), one of them",
            });
        }
        if provider.id() != root {
            return Err(Error::WrongKey);
        }
        let id = store_key(kind::AUDIT);
        let wrapped = backend.key(id).await?.ok_or(Error::KeysLost {
            what: "the audit key",
        })?;
        let audit = provider
            .unwrap(&wrapped, &keyring::context(&store, id))
            .await?;
        RowSeal::new(&audit).open_row(Table::Meta, &own, "the name of records.db")?;
        Ok(Top { store, audit })
    }
}

/// First rows on the side of the keys.
pub(super) async fn first_keys(
    provider: &dyn KeyProvider,
    store: &[u8; 16],
    audit: &Key32,
) -> Result<Vec<KeyOp>, Error> {
    let id = store_key(kind::AUDIT);
    let wrapped = provider.wrap(audit, &keyring::context(store, id)).await?;
    Ok(vec![
        KeyOp::Set(store_key(kind::HEADER), header(provider.id(), store)),
        KeyOp::Set(id, wrapped),
    ])
}

/// The row that says which root and which store.
pub(super) fn header(root: ProviderId, store: &[u8; 16]) -> Vec<u8> {
    Writer::with_capacity(48)
        .fixed(MAGIC)
        .fixed(root.as_bytes())
        .fixed(store)
        .done()
}

/// The root's name and the store's.
pub(super) fn read_header(header: &[u8]) -> Result<(ProviderId, [u8; 16]), Error> {
    let mut r = Reader::new(header, WHAT);
    if r.take(MAGIC.len())? != MAGIC {
        return Err(r.corrupt());
    }
    let names = (ProviderId::from_bytes(r.array()?), r.array()?);
    r.end()?;
    Ok(names)
}

/// The row by which the records know their store.
pub(super) fn store_row(store: &[u8; 16], seal: &RowSeal) -> Row {
    let row = Row {
        key: STORE_ROW.to_vec(),
        value: store.to_vec(),
        ..Row::default()
    };
    seal.row(Table::Meta, row)
}
