//! A sealed stream: what leaves the store as a file.
//!
//! ```text
//! header       "TCSBACK1" | what u8 | store id 16 | made i64 | salt 32 | len u32 | extra | check 16
//! commitment   32
//! chunks       last u8 | len u32 | ciphertext | tag 16        65,536 bytes each but the last
//! ```
//!
//! Chunks are the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): the nonce counts them and says which is the
//! last, so that one which is missing, moved, repeated or added does not open.

use std::io::{ErrorKind, Read, Write};

use retention_policy::Timestamp;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::crypt::{self, NONCE_LEN, TAG_LEN};
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, Key32};

#[cfg(any(feature = "sqlite", test))]
mod copy;
mod file;

#[cfg(any(feature = "sqlite", test))]
pub(crate) use copy::{seal_file, unseal};
pub(crate) use file::Draft;

/// Bytes of content in every chunk but the last.
pub(crate) const CHUNK: usize = 64 << 10;

const MAGIC: &[u8; 7] = b"TCSBACK";
const VERSION: u8 = b'1';
const SALT_LEN: usize = 32;
const CHECK_LEN: usize = 16;
const COMMIT_LEN: usize = 32;
/// Bytes of a header before its extra.
const FIXED_LEN: usize = MAGIC.len() + 2 + 16 + 8 + SALT_LEN + 4;
/// Most extra bytes: a root key that is a service may return long wrapped keys.
const EXTRA_MAX: usize = 64 << 10;
const LABEL: &[u8] = b"tactful crypto-store backup v1";
const WHAT: &str = "a backup";
const FILE: &str = "the backup";

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// The side of the records, row by row.
    Records,
    /// The side of the keys, key by key.
    Keys,
    /// A file as it was before it was changed to a newer format.
    File,
}

const WHATS: [(What, u8); 3] = [(What::Records, 0), (What::Keys, 1), (What::File, 2)];

/// The clear beginning of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) what: What,
    pub(crate) store: [u8; 16],
    /// Seconds since 1970.
    pub(crate) made: i64,
    /// Means something for one `what` only; authenticated, not secret.
    pub(crate) extra: Vec<u8>,
}

impl Header {
    pub(crate) fn new(what: What, store: [u8; 16], now: Timestamp) -> Self {
        Header {
            what,
            store,
            made: now.timestamp(),
            extra: Vec::new(),
        }
    }

    fn to_bytes(&self, salt: &[u8; SALT_LEN]) -> Vec<u8> {
        let what = WHATS.iter().find(|(w, _)| *w == self.what);
        let bytes = Writer::with_capacity(FIXED_LEN + self.extra.len() + CHECK_LEN)
            .fixed(MAGIC)
            .u8(VERSION)
            .u8(what.map_or(u8::MAX, |(_, byte)| *byte))
            .fixed(&self.store)
            .i64(self.made)
            .fixed(salt)
            .bytes(&self.extra)
            .done();
        let check = crypt::half(&crypt::sha256(&[&bytes]));
        [&bytes[..], &check].concat()
    }
}

/// What HKDF gives for one stream.
struct Derived {
    /// Of its chunks.
    key: Key32,
    commitment: [u8; COMMIT_LEN],
}

impl Derived {
    fn new(key: &Key32, salt: &[u8; SALT_LEN], header: &[u8]) -> Result<Self, Error> {
        crypt::clean(|| {
            let [key, commitment] =
                crypt::derive(salt, &[key.expose()], LABEL, header).map_err(|_| corrupt())?;
            Ok(Derived {
                key: Key32::copy_of(&key),
                commitment,
            })
        })
    }
}

fn nonce(counter: u64, last: bool) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    let fields = [0; 3].into_iter().chain(counter.to_be_bytes());
    for (to, from) in nonce.iter_mut().zip(fields.chain([u8::from(last)])) {
        *to = from;
    }
    nonce
}

pub(crate) fn corrupt() -> Error {
    Error::Corrupt { what: WHAT }
}

/// Seals a stream. One that is not finished does not open.
pub(crate) struct Sealer<W> {
    writer: W,
    derived: Derived,
    header: Vec<u8>,
    /// Content that is not sealed yet; at most a chunk, full only while nobody knows whether it is the last.
    waiting: Zeroizing<Vec<u8>>,
    counter: u64,
    written: u64,
}

impl<W: Write> Sealer<W> {
    /// Writes the beginning.
    pub(crate) fn new(
        key: &Key32,
        header: &Header,
        entropy: &dyn Entropy,
        mut writer: W,
    ) -> Result<Self, Error> {
        if header.extra.len() > EXTRA_MAX {
            return Err(Error::TooLarge {
                len: header.extra.len(),
                limit: EXTRA_MAX,
            });
        }
        // The salt is what makes keys, and so nonces, of two streams different.
        let salt = draw(entropy)?;
        let header = header.to_bytes(&salt);
        let derived = Derived::new(key, &salt, &header)?;
        writer
            .write_all(&header)
            .and_then(|()| writer.write_all(&derived.commitment))
            .map_err(Error::io("writing a backup"))?;
        Ok(Sealer {
            writer,
            derived,
            written: (header.len() + COMMIT_LEN) as u64,
            header,
            waiting: Zeroizing::new(Vec::with_capacity(CHUNK)),
            counter: 0,
        })
    }

    /// Takes content.
    pub(crate) fn write(&mut self, mut content: &[u8]) -> Result<(), Error> {
        while !content.is_empty() {
            if self.waiting.len() == CHUNK {
                self.seal(false)?;
            }
            let room = CHUNK - self.waiting.len();
            let (now, later) = content.split_at(room.min(content.len()));
            self.waiting.extend_from_slice(now);
            content = later;
        }
        Ok(())
    }

    /// Seals the end; gives the writer back and how many bytes it got.
    pub(crate) fn finish(mut self) -> Result<(W, u64), Error> {
        self.seal(true)?;
        self.writer.flush().map_err(Error::io("writing a backup"))?;
        Ok((self.writer, self.written))
    }

    fn seal(&mut self, last: bool) -> Result<(), Error> {
        let len = u32::try_from(self.waiting.len()).map_err(|_| corrupt())?;
        let nonce = nonce(self.counter, last);
        let tag = crypt::clean(|| {
            let key = self.derived.key.expose();
            crypt::encrypt(key, &nonce, &self.header, &mut self.waiting)
        })
        .map_err(|_| corrupt())?;
        let head = Writer::with_capacity(5).u8(u8::from(last)).u32(len).done();
        self.writer
            .write_all(&head)
            .and_then(|()| self.writer.write_all(&self.waiting))
            .and_then(|()| self.writer.write_all(&tag))
            .map_err(Error::io("writing a backup"))?;
        self.written += (head.len() + self.waiting.len() + TAG_LEN) as u64;
        self.counter += 1;
        self.waiting.clear();
        Ok(())
    }
}

/// A stream whose clear beginning was read.
pub(crate) struct Sealed<R> {
    reader: R,
    header: Header,
    salt: [u8; SALT_LEN],
    bytes: Vec<u8>,
}

impl<R: Read> Sealed<R> {
    /// Reads the beginning. Nothing of it is authentic before [`open`](Self::open).
    pub(crate) fn read(mut reader: R) -> Result<Self, Error> {
        let mut bytes = vec![0; FIXED_LEN];
        exactly(&mut reader, &mut bytes)?;
        let mut r = Reader::new(&bytes, WHAT);
        if r.take(MAGIC.len())? != MAGIC {
            return Err(corrupt());
        }
        let version = r.u8()?;
        if version.is_ascii_digit() && version > VERSION {
            return Err(Error::NewerFormat {
                found: u32::from(version - b'0'),
                known: u32::from(VERSION - b'0'),
                by: None,
            });
        }
        let (what, store, made, salt) = (r.u8()?, r.array()?, r.i64()?, r.array()?);
        let len = r.u32()? as usize;
        if version != VERSION || len > EXTRA_MAX {
            return Err(corrupt());
        }
        bytes.resize(FIXED_LEN + len + CHECK_LEN, 0);
        exactly(&mut reader, bytes.get_mut(FIXED_LEN..).unwrap_or_default())?;
        let (content, check) = bytes.split_last_chunk().ok_or(corrupt())?;
        if crypt::half(&crypt::sha256(&[content])) != *check {
            return Err(corrupt());
        }
        let what = WHATS.iter().find(|(_, byte)| *byte == what);
        let header = Header {
            what: what.ok_or(corrupt())?.0,
            store,
            made,
            extra: content.get(FIXED_LEN..).unwrap_or_default().to_vec(),
        };
        Ok(Sealed {
            reader,
            header,
            salt,
            bytes,
        })
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Takes the key. [`Error::WrongKey`] if it is another one or somebody altered the beginning.
    pub(crate) fn open(mut self, key: &Key32) -> Result<Opener<R>, Error> {
        let derived = Derived::new(key, &self.salt, &self.bytes)?;
        let mut commitment = [0; COMMIT_LEN];
        exactly(&mut self.reader, &mut commitment)?;
        if !bool::from(derived.commitment.ct_eq(&commitment)) {
            return Err(Error::WrongKey);
        }
        Ok(Opener {
            reader: self.reader,
            bytes: self.bytes,
            derived,
            counter: 0,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
            used: 0,
            ended: false,
        })
    }
}

/// Opens a stream, a chunk at a time: what is handed out is authentic, and [`end`](Self::end) says that it was all.
pub(crate) struct Opener<R> {
    reader: R,
    bytes: Vec<u8>,
    derived: Derived,
    counter: u64,
    chunk: Zeroizing<Vec<u8>>,
    used: usize,
    ended: bool,
}

impl<R: Read> Opener<R> {
    /// Fills `out`. [`Error::Corrupt`] if the content ends before.
    pub(crate) fn fill(&mut self, mut out: &mut [u8]) -> Result<(), Error> {
        while !out.is_empty() {
            let part = self.some(out.len())?;
            let (now, later) = out.split_at_mut_checked(part.len()).ok_or(corrupt())?;
            if part.is_empty() {
                return Err(corrupt());
            }
            now.copy_from_slice(part);
            out = later;
        }
        Ok(())
    }

    /// At most `most` bytes of content; none at its end.
    pub(crate) fn some(&mut self, most: usize) -> Result<&[u8], Error> {
        while self.used == self.chunk.len() && !self.ended {
            self.next()?;
        }
        let from = self.used;
        self.used = self.chunk.len().min(from.saturating_add(most));
        self.chunk.get(from..self.used).ok_or(corrupt())
    }

    /// Refuses content that is left over and bytes behind the last chunk.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        if !self.some(1)?.is_empty() {
            return Err(corrupt());
        }
        let mut more = [0];
        match self.reader.read(&mut more) {
            Ok(0) => Ok(()),
            Ok(_) => Err(corrupt()),
            Err(e) => Err(Error::io("reading a backup")(e)),
        }
    }

    fn next(&mut self) -> Result<(), Error> {
        let mut head = [0; 5];
        exactly(&mut self.reader, &mut head)?;
        let mut r = Reader::new(&head, WHAT);
        let (last, len) = (r.u8()?, r.u32()? as usize);
        if last > 1 || len > CHUNK || (last == 0 && len != CHUNK) {
            return Err(corrupt());
        }
        self.used = 0;
        self.chunk.resize(len, 0);
        let mut tag = [0; TAG_LEN];
        let read = exactly(&mut self.reader, &mut self.chunk)
            .and_then(|()| exactly(&mut self.reader, &mut tag));
        let nonce = nonce(self.counter, last == 1);
        let opened = read.and_then(|()| {
            crypt::clean(|| {
                let key = self.derived.key.expose();
                crypt::decrypt(key, &nonce, &self.bytes, &mut self.chunk, &tag)
            })
            .map_err(|_| corrupt())
        });
        if opened.is_err() {
            self.chunk.clear();
        }
        self.counter += 1;
        self.ended = last == 1;
        opened
    }
}

fn exactly(reader: &mut impl Read, out: &mut [u8]) -> Result<(), Error> {
    reader.read_exact(out).map_err(|e| match e.kind() {
        ErrorKind::UnexpectedEof => Error::Truncated { file: FILE },
        _ => Error::io("reading a backup")(e),
    })
}

#[cfg(test)]
pub(crate) mod tests;
