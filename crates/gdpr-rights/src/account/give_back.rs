//! What a client company gets back at the end of a contract (article 28(3)(g)): all its records, as text that any program reads.
//!
//! JSON Lines in UTF-8, in parts. Each part begins with a line that says whose data it is; every other line is a record. The
//! parts together have one SHA-256, which the certificate of the end names.
//!
//! ```
//! use gdpr_rights::account::give_back::{Archive, Content, Line};
//! use retention_policy::{Category, RecordId, SubjectId, TenantId};
//! # fn main() -> Result<(), gdpr_rights::Error> {
//! let made = "2026-03-02T09:00:00Z".parse().expect("an instant");
//! let mut archive = Archive::new(TenantId::from_random([1; 16]), made);
//! archive.add(&Line {
//!     record: RecordId::from_random([2; 16]),
//!     person: SubjectId::from_random([3; 16]),
//!     category: Category::Session,
//!     made,
//!     ends: made,
//!     content: Content::Thread { ticket: "T-1", messages: &[("customer", Some(made), "Where is my lamp?")] },
//! })?;
//! let finished = archive.finish();
//! assert_eq!((finished.records, finished.parts.len()), (1, 1));
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::io::Write;

use retention_policy::{Category, RecordId, SubjectId, TenantId, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Error;
use crate::request::package::wipe::Wiped;
use crate::request::sign::hex;

/// From this size on a part is full.
const PART: usize = 16 << 20;

/// A record as it is given back.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a line of the archive")]
pub struct Line<'l> {
    /// Its id.
    pub record: RecordId,
    /// Whose it is: the same id for all records of a person.
    pub person: SubjectId,
    /// Which kind.
    pub category: Category,
    /// When it was made.
    pub made: Timestamp,
    /// When it would have ended.
    pub ends: Timestamp,
    /// What is in it.
    pub content: Content<'l>,
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({}, {})", self.record, self.category)
    }
}

/// What is in a record.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Content<'l> {
    /// A ticket: the client's own name of it, and each message with who wrote it and when.
    Thread {
        /// The client's name of the ticket.
        ticket: &'l str,
        /// Who wrote, when, and what.
        messages: &'l [(&'l str, Option<Timestamp>, &'l str)],
    },
    /// A text, with tags for values whose map has ended.
    Text(&'l str),
    /// Bytes as they were stored, in hexadecimal digits.
    Bytes(&'l [u8]),
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread { messages, .. } => write!(f, "Thread({} messages)", messages.len()),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

/// An archive that is being written.
pub struct Archive {
    first: Vec<u8>,
    full: Vec<Zeroizing<Vec<u8>>>,
    part: Wiped,
    len: usize,
    records: u64,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Archive({} records)", self.records)
    }
}

/// A whole archive. Debug tells sizes.
#[expect(
    clippy::exhaustive_structs,
    reason = "the parts and what is told of them"
)]
pub struct Finished {
    /// The parts in their order: personal data.
    pub parts: Vec<Zeroizing<Vec<u8>>>,
    /// SHA-256 of all parts, one after the other.
    pub sha256: [u8; 32],
    /// How many records are in them.
    pub records: u64,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Finished({} records, {} parts)",
            self.records,
            self.parts.len()
        )
    }
}

impl Archive {
    /// Begins the archive of a client company.
    #[must_use]
    pub fn new(tenant: TenantId, made: Timestamp) -> Self {
        let first = json!({
            "schema": "tactful records of a client 1",
            "tenant": tenant.to_string(),
            "made": instant(made),
        });
        let mut archive = Self {
            first: format!("{first}\n").into_bytes(),
            full: Vec::new(),
            part: Wiped::default(),
            len: 0,
            records: 0,
        };
        archive.begin();
        archive
    }

    /// Adds a record.
    ///
    /// # Errors
    /// [`Error::Archive`] when it cannot be written.
    pub fn add(&mut self, line: &Line<'_>) -> Result<(), Error> {
        if self.len >= PART {
            self.next();
        }
        let head = json!({
            "record": line.record.to_string(),
            "person": line.person.to_string(),
            "category": line.category.code(),
            "made": instant(line.made),
            "ends": instant(line.ends),
        });
        let head = head.to_string();
        // Text goes from where it lies into the part, and nowhere else.
        self.put(head.trim_end_matches('}').as_bytes())?;
        match line.content {
            Content::Thread { ticket, messages } => {
                self.put(b",\"ticket\":")?;
                self.text(ticket)?;
                self.put(b",\"messages\":[")?;
                for (n, (author, at, text)) in messages.iter().enumerate() {
                    self.put(if n == 0 { b"{" } else { b",{" })?;
                    self.put(b"\"author\":")?;
                    self.text(author)?;
                    if let Some(at) = at {
                        self.put(b",\"at\":")?;
                        self.text(&instant(*at))?;
                    }
                    self.put(b",\"text\":")?;
                    self.text(text)?;
                    self.put(b"}")?;
                }
                self.put(b"]")?;
            }
            Content::Text(text) => {
                self.put(b",\"text\":")?;
                self.text(text)?;
            }
            Content::Bytes(bytes) => {
                self.put(b",\"bytes\":\"")?;
                self.put(Zeroizing::new(hex(bytes)).as_bytes())?;
                self.put(b"\"")?;
            }
        }
        self.put(b"}\n")?;
        self.records += 1;
        Ok(())
    }

    /// Ends the archive.
    #[must_use]
    pub fn finish(mut self) -> Finished {
        self.full.push(self.part.into_bytes());
        let mut digest = Sha256::new();
        for part in &self.full {
            digest.update(part.as_slice());
        }
        Finished {
            parts: self.full,
            sha256: digest.finalize().into(),
            records: self.records,
        }
    }

    fn next(&mut self) {
        self.full.push(std::mem::take(&mut self.part).into_bytes());
        self.begin();
    }

    fn begin(&mut self) {
        self.len = self.first.len();
        // Writing to memory does not fail.
        let _ = self.part.write_all(&self.first);
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.len += bytes.len();
        self.part.write_all(bytes).map_err(|_| Error::Archive)
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        self.len += text.len();
        serde_json::to_writer(&mut self.part, text).map_err(|_| Error::Archive)
    }
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
