//! What may be known of a kit by everybody, and whether there is one.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use chrono::DateTime;
use retention_policy::Timestamp;
use subtle::ConstantTimeEq;

use super::RootKey;
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, Key32, ProviderId, crypt};

/// Name of the description in a kit's folder.
pub const DESCRIPTION: &str = "recovery.kit";

const MAGIC: &[u8; 8] = b"TCSRKIT0";
const LABEL: &[u8] = b"tactful crypto-store recovery v0";
const WHAT: &str = "the description of the recovery kit";
const CHECK_LEN: usize = 16;
/// Magic, fields, check.
const FILE_LEN: usize = 8 + FIELDS_LEN + CHECK_LEN;
/// Everything but magic and check; also stands in every share.
pub(super) const FIELDS_LEN: usize = 16 + 16 + 1 + 1 + 8 + 32;

/// Describes a kit without telling anything about the root key.
///
/// The commitment is an HMAC under the root key over everything else, so a rebuilt root is checked before it is used,
/// and a description that was changed fits no root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    pub(super) kit: [u8; 16],
    root: ProviderId,
    k: u8,
    n: u8,
    made_at: Timestamp,
    commitment: [u8; 32],
}

impl Description {
    pub(super) fn new(
        root: RootKey<'_>,
        k: u8,
        n: u8,
        made_at: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<Self, Error> {
        let made_at = DateTime::from_timestamp(made_at.timestamp(), 0)
            .ok_or(Error::Corrupt { what: WHAT })?;
        let mut description = Description {
            kit: draw(entropy)?,
            root: root.id,
            k,
            n,
            made_at,
            commitment: [0; 32],
        };
        description.commitment = description.commit(root.key);
        Ok(description)
    }

    /// Which root key the kit rebuilds.
    pub fn root(&self) -> ProviderId {
        self.root
    }

    /// How many holders are needed.
    pub fn k(&self) -> u8 {
        self.k
    }

    /// How many holders there are.
    pub fn n(&self) -> u8 {
        self.n
    }

    /// When the kit was made, to the second.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// Whether the kit was made for this very root key, and nothing of the description was changed.
    pub fn fits<'a>(&self, root: impl Into<RootKey<'a>>) -> bool {
        let root = root.into();
        root.id == self.root && self.is_of(root.key)
    }

    pub(super) fn is_of(&self, key: &Key32) -> bool {
        self.commit(key).ct_eq(&self.commitment).into()
    }

    fn commit(&self, key: &Key32) -> [u8; 32] {
        crypt::hmac(key.expose(), &[LABEL, &self.head().done()])
    }

    fn head(&self) -> Writer {
        Writer::with_capacity(FILE_LEN)
            .fixed(&self.kit)
            .fixed(self.root.as_bytes())
            .u8(self.k)
            .u8(self.n)
            .i64(self.made_at.timestamp())
    }

    pub(super) fn fields(&self) -> Vec<u8> {
        self.head().fixed(&self.commitment).done()
    }

    pub(super) fn read_fields(r: &mut Reader<'_>) -> Result<Self, Error> {
        let description = Description {
            kit: r.array()?,
            root: ProviderId::from_bytes(r.array()?),
            k: r.u8()?,
            n: r.u8()?,
            made_at: DateTime::from_timestamp(r.i64()?, 0).ok_or(r.corrupt())?,
            commitment: r.array()?,
        };
        if description.k == 0 || description.k > description.n {
            return Err(r.corrupt());
        }
        Ok(description)
    }

    pub(super) fn to_file(self) -> Vec<u8> {
        let content = Writer::with_capacity(FILE_LEN)
            .fixed(MAGIC)
            .fixed(&self.fields())
            .done();
        let check = crypt::half(&crypt::sha256(&[&content]));
        Writer::with_capacity(FILE_LEN)
            .fixed(&content)
            .fixed(&check)
            .done()
    }

    /// Reads the description in a kit's folder. `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Corrupt`], [`Error::Io`].
    pub fn read(folder: impl AsRef<Path>) -> Result<Option<Self>, Error> {
        let mut bytes = Vec::with_capacity(FILE_LEN + 1);
        match File::open(folder.as_ref().join(DESCRIPTION)) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened
                .and_then(|file| file.take(FILE_LEN as u64 + 1).read_to_end(&mut bytes))
                .map_err(Error::io("reading the description of the recovery kit"))?,
        };
        let Some((content, check)) = bytes.split_last_chunk::<CHECK_LEN>() else {
            return Err(Error::Truncated { file: WHAT });
        };
        let mut r = Reader::new(content, WHAT);
        if crypt::half(&crypt::sha256(&[content])) != *check || r.take(MAGIC.len())? != MAGIC {
            return Err(r.corrupt());
        }
        let description = Self::read_fields(&mut r)?;
        r.end()?;
        Ok(Some(description))
    }
}

/// Whether a root key can come back: a line of a posture report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Posture {
    /// No kit was made for this root key: with its file every record is lost.
    Missing,
    /// A kit was made.
    Present {
        /// How many holders are needed.
        k: u8,
        /// How many holders there are.
        n: u8,
        /// When it was made.
        made_at: Timestamp,
    },
}

impl Posture {
    /// True if no kit was made: report it red.
    pub fn is_missing(&self) -> bool {
        matches!(self, Posture::Missing)
    }
}

impl fmt::Display for Posture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Posture::Present { k, n, made_at } = self else {
            return f.write_str("no recovery kit: if the root key is lost, so is every record");
        };
        let day = made_at.date_naive();
        write!(f, "recovery kit of {day}: {k} of {n} holders")?;
        if *k == 1 {
            f.write_str("; each holder alone has the root key")
        } else if k == n {
            f.write_str("; the loss of one share loses the kit")
        } else {
            Ok(())
        }
    }
}

/// Asks a kit's folder whether a kit was made for this root key. A kit of another root key is none.
///
/// It reads the description alone: the shares may long be with their holders, and whether those can still open them only
/// a drill tells.
///
/// # Errors
/// As [`Description::read`]: a damaged description is no kit either, make a new one.
pub fn posture(folder: impl AsRef<Path>, root: ProviderId) -> Result<Posture, Error> {
    Ok(match Description::read(folder)? {
        Some(found) if found.root == root => Posture::Present {
            k: found.k,
            n: found.n,
            made_at: found.made_at,
        },
        _ => Posture::Missing,
    })
}
