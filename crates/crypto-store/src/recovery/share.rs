//! One share, sealed to one holder.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::description::FIELDS_LEN;
use super::{Description, Identity, Recipient};
use crate::wire::Reader;
use crate::{Error, Key32};

const MAGIC: &[u8; 8] = b"TCSRSHR0";
const PLAIN_LEN: usize = MAGIC.len() + FIELDS_LEN + 1 + 32;
const LIMIT: usize = 64 << 10;

/// Why a share cannot be used, as the end of a sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShareFault {
    /// Its bytes are not what was written, or never were a share.
    Damaged,
    /// No identity opens it. Damage to its first lines looks the same.
    NoIdentity,
    /// It belongs to another root key than the first share.
    OtherRoot,
    /// It belongs to another kit of the same root key than the first share.
    OtherKit,
    /// A share before it is the same one.
    Twice,
}

impl fmt::Display for ShareFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ShareFault::Damaged => "is damaged or no share: ask its holder for another copy",
            ShareFault::NoIdentity => {
                "is opened by none of the identities: give its holder's, or another copy of the share"
            }
            ShareFault::OtherRoot => "belongs to another root key than the first: leave one out",
            ShareFault::OtherKit => "belongs to another kit than the first: leave one out",
            ShareFault::Twice => "is the same as one before it: leave it out and ask another holder",
        })
    }
}

/// A share as its holder keeps it: an age file in ASCII armour. Binary age files are taken too.
///
/// Any age tool opens it, so a holder can seal it again to whoever rebuilds (`age -d ... | age -r ...`) and need not hand
/// out an identity.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedShare(Vec<u8>);

impl SealedShare {
    /// Takes the bytes of a share's file.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above 64 KiB.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > LIMIT {
            return Err(Error::TooLarge {
                len: bytes.len(),
                limit: LIMIT,
            });
        }
        Ok(SealedShare(bytes))
    }

    /// Reads a share's file.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::TooLarge`] above 64 KiB.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(LIMIT as u64 + 1).read_to_end(&mut bytes))
            .map_err(Error::io("reading a share of the recovery kit"))?;
        Self::from_bytes(bytes)
    }

    /// Returns the bytes of the file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn seal(
        of: &Description,
        x: u8,
        y: &Key32,
        holder: &Recipient,
    ) -> Result<Self, Error> {
        let mut plain = Zeroizing::new([0; PLAIN_LEN]);
        let fields = of.fields();
        let parts = [&MAGIC[..], &fields, &[x], y.expose()];
        for (to, from) in plain.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        encrypt(&plain, holder).map(SealedShare)
    }

    pub(super) fn open(&self, identities: &[Identity]) -> Result<Share, ShareFault> {
        let plain = decrypt(&self.0, identities)?;
        Share::read(&*plain).map_err(|_| ShareFault::Damaged)
    }
}

impl fmt::Debug for SealedShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedShare({} bytes)", self.0.len())
    }
}

/// An opened share.
pub(super) struct Share {
    pub(super) of: Description,
    pub(super) x: u8,
    pub(super) y: Key32,
}

impl Share {
    fn read(plain: &[u8]) -> Result<Self, Error> {
        let mut r = Reader::new(plain, "a share");
        if r.take(MAGIC.len())? != MAGIC {
            return Err(r.corrupt());
        }
        let of = Description::read_fields(&mut r)?;
        let x = r.u8()?;
        if x == 0 || x > of.n() {
            return Err(r.corrupt());
        }
        let y = Key32::from_bytes(r.array()?);
        r.end()?;
        Ok(Share { of, x, y })
    }

    /// Whether another share is of the same kit.
    pub(super) fn goes_with(&self, other: &Share) -> Result<(), ShareFault> {
        if other.of.root() != self.of.root() {
            Err(ShareFault::OtherRoot)
        } else if other.of.kit != self.of.kit {
            Err(ShareFault::OtherKit)
        } else if other.of != self.of {
            Err(ShareFault::Damaged)
        } else {
            Ok(())
        }
    }
}

/// Overwrites what sealing left in memory, as far as that can be done from here: age keeps the plaintext in a buffer that
/// it frees as it is, and the next sealing gets the same block.
pub(super) fn wipe(to: &Recipient) -> Result<(), Error> {
    encrypt(&[0; PLAIN_LEN], to).map(drop)
}

fn encrypt(plain: &[u8; PLAIN_LEN], to: &Recipient) -> Result<Vec<u8>, Error> {
    let failed = "sealing a share of the recovery kit";
    let recipients = [&to.0 as &dyn age::Recipient];
    let encryptor = Encryptor::with_recipients(recipients.into_iter())
        .map_err(|e| Error::io(failed)(io::Error::other(e)))?;
    ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)
        .and_then(|armour| encryptor.wrap_output(armour))
        .and_then(|mut writer| {
            writer.write_all(plain)?;
            writer.finish()?.finish()
        })
        .map_err(Error::io(failed))
}

fn decrypt(
    sealed: &[u8],
    identities: &[Identity],
) -> Result<Zeroizing<[u8; PLAIN_LEN]>, ShareFault> {
    let identities = identities.iter().map(|i| &i.0 as &dyn age::Identity);
    let mut reader = Decryptor::new_buffered(ArmoredReader::new(sealed))
        .and_then(|age| age.decrypt(identities))
        .map_err(|e| match e {
            DecryptError::NoMatchingKeys => ShareFault::NoIdentity,
            _ => ShareFault::Damaged,
        })?;
    let mut plain = Zeroizing::new([0; PLAIN_LEN]);
    reader
        .read_exact(&mut *plain)
        .map_err(|_| ShareFault::Damaged)?;
    // The end says whether the file was cut off.
    match reader.read(&mut [0]) {
        Ok(0) => Ok(plain),
        _ => Err(ShareFault::Damaged),
    }
}
