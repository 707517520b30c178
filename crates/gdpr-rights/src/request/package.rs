//! The answer to a request for access or portability: one ZIP that a person can read, a machine can read and anybody can check.
//!
//! | file | what it is |
//! |-|-|
//! | `letter.html` | the answer in plain words: article 15(1)(a) to (h), or what article 20 gives; prints well, runs nothing |
//! | `data.json` | every item with source, category, instant, provenance and fields, by the schema beside it |
//! | `data.schema.json` | JSON Schema, also in `docs/schemas/` |
//! | `data/*.csv` | the same items as tables, one a category; formulas in them are made harmless |
//! | `manifest.json` | who was asked and gave how much, size and SHA-256 of every file |
//! | `manifest.sig` | 64 bytes: the Ed25519 signature over the manifest's bytes |
//!
//! [`Package::build`] makes it of values, in memory. A source that did not answer makes that impossible: there is no
//! incomplete package. The same values and key give the same bytes, in whatever order sources answered. The bytes are
//! personal data in clear: seal them before they are kept or sent.
//!
//! [`Package::open`] reads nothing that is not exactly what was signed, and never unpacks more than [`MAX_BYTES`]. Without this crate:
//! `openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in manifest.json -sigfile manifest.sig`, then the sums.
//!
//! ```
//! use gdpr_rights::request::package::{
//!     Automation, Item, LetterLanguage, Origin, Package, PackageInput, PackageRight, Provenance, Reason, SourceReport,
//! };
//! use gdpr_rights::request::sign::SigningKey;
//! use gdpr_rights::{Country, SourceId};
//! use retention_policy::{CaseId, Category, LegalBasis, Policy, Purpose, PurposeSet};
//!
//! let (store, index) = (SourceId::new("store")?, SourceId::new("index")?);
//! let message = Item::new(&store, Category::Session, "2026-03-01T10:00:00Z".parse()?, Provenance::Provided)?
//!     .with("text", "Where is my parcel?")?;
//! let mut input = PackageInput {
//!     case: CaseId::from_random([1; 16]),
//!     right: PackageRight::Access,
//!     language: LetterLanguage::English,
//!     controller: "Lantern & Oak Ltd".into(),
//!     country: Country::from_code("IE")?,
//!     contact: "privacy@lantern-oak.example".into(),
//!     authority: "Data Protection Commission, Ireland".into(),
//!     received: "2026-03-02T09:00:00Z".parse()?,
//!     due: "2026-04-02".parse()?,
//!     made: "2026-03-09T15:30:00Z".parse()?,
//!     asked: vec![store.clone(), index.clone()],
//!     reports: vec![SourceReport::answered(&store, 1)],
//!     items: vec![message],
//!     reasons: vec![Reason::by_policy(
//!         &Policy::default(),
//!         Category::Session,
//!         PurposeSet::only(Purpose::DraftReply),
//!         LegalBasis::Contract,
//!         Origin::Person,
//!     )],
//!     recipients: Vec::new(),
//!     automation: Automation::HumanDecides,
//!     redacted_values: 0,
//! };
//! let key = SigningKey::from_bytes(&[7; 32]);
//!
//! // The index has not answered.
//! assert!(Package::build(&input, &key).is_err());
//! input.reports.push(SourceReport::answered(&index, 0));
//!
//! let package = Package::build(&input, &key)?;
//! let opened = Package::open(package.expose_bytes(), &key.verifying_key())?;
//! assert_eq!(opened.items(), 1);
//! assert!(opened.expose("data/session.csv").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Memory: the package and all files it is made of are zeroised when dropped. What the CSV writer, the compressor and the
//! template engine buffer inside of them (some kilobytes, and the letter's words) is not.
//!
//! What this module does not do: it decides neither who may have the data nor whether a right applies, redacts nothing and
//! sends nothing. Software, not legal advice.

mod answer;
mod archive;
mod error;
mod item;
mod json;
mod letter;
mod manifest;
mod open;
mod reason;
mod sheet;
pub(crate) mod wipe;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use chrono::{Datelike, NaiveDate};
use retention_policy::{CaseId, Timestamp};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use answer::SourceReport;
pub use error::{Gap, PackageError};
pub use item::{DataCategory, FieldValue, Item, Provenance};
pub use open::Opened;
pub use reason::{Automation, Disclosure, Keeps, Origin, Reason};
pub use words::LetterLanguage;

use crate::account::recipients::Country;
use crate::request::order::SourceId;
use crate::request::sign::{KeyId, SigningKey, VerifyingKey, sign};

/// The most bytes of a package, and of what is in it when unpacked: 512 MiB.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Days for which a link to a package opens.
pub const LINK_DAYS: u32 = 7;
/// How often a link to a package opens.
pub const LINK_OPENS: u8 = 3;
/// The most files of a package.
const MAX_FILES: usize = 10_000;

const LETTER_FILE: &str = "letter.html";
const DATA_FILE: &str = "data.json";
const SCHEMA_FILE: &str = "data.schema.json";
const MANIFEST_FILE: &str = "manifest.json";
const SIGNATURE_FILE: &str = "manifest.sig";

/// The JSON Schema of `data.json`, as it lies in every package.
pub const DATA_SCHEMA: &str = include_str!("../../data/package/data.schema.json");
/// The JSON Schema of `manifest.json`.
pub const MANIFEST_SCHEMA: &str = include_str!("../../data/package/manifest.schema.json");

/// The right a package answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the two rights whose answer is data"
)]
pub enum PackageRight {
    /// To know and to have a copy (article 15).
    Access,
    /// To take along what one provided (article 20).
    Portability,
}

impl PackageRight {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Access, Self::Portability];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
        }
    }

    /// The article of the GDPR.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Access => "15",
            Self::Portability => "20",
        }
    }
}

/// What a package is made from. Debug prints counts.
#[derive(Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a form that is filled in once; Package::build checks it"
)]
pub struct PackageInput {
    /// The case. Its own record is data of the person too: have the source that keeps it asked like the others.
    pub case: CaseId,
    /// What was asked.
    pub right: PackageRight,
    /// The language of the letter.
    pub language: LetterLanguage,
    /// The name of the client company whose customer asks, 1 to 200 bytes.
    pub controller: String,
    /// Where it is established.
    pub country: Country,
    /// How to reach it and its data protection officer, 1 to 2,000 bytes. Never a condition of a complaint.
    pub contact: String,
    /// The supervisory authority to complain to (article 15(1)(f)), 1 to 500 bytes.
    pub authority: String,
    /// When the request was received.
    pub received: Timestamp,
    /// The last day to answer, as counted by [`clock`](crate::request::clock).
    pub due: NaiveDate,
    /// Now; it dates the files.
    pub made: Timestamp,
    /// Every source that was asked: all that are registered.
    pub asked: Vec<SourceId>,
    /// What they answered.
    pub reports: Vec<SourceReport>,
    /// All they gave. For portability inferred items are left out and counted.
    pub items: Vec<Item>,
    /// One reason for each category of the items.
    pub reasons: Vec<Reason>,
    /// Who received data, each by name.
    pub recipients: Vec<Disclosure>,
    /// What machines decide.
    pub automation: Automation,
    /// How many values about other people the caller took out of the items (article 15(4)).
    pub redacted_values: u64,
}

impl fmt::Debug for PackageInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PackageInput({}, {}, {} items of {} sources)",
            self.case,
            self.right.code(),
            self.items.len(),
            self.asked.len()
        )
    }
}

/// A file of a package, as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A complete, signed package. Debug prints sizes only.
pub struct Package {
    bytes: Zeroizing<Vec<u8>>,
    files: Vec<FileEntry>,
}

impl Package {
    /// Makes a package.
    ///
    /// # Errors
    /// [`PackageError::Incomplete`] with each source that did not answer once and gave what it said; the other errors of
    /// [`PackageError`] for what the letter would lack. Nothing is made then.
    pub fn build(input: &PackageInput, key: &SigningKey) -> Result<Self, PackageError> {
        let answers = answer::complete(&input.asked, &input.reports, &input.items)?;
        let items = kept(input);
        check(input, &items)?;
        let sheets = sheet::sheets(&items).map_err(writing)?;
        let mut contents = vec![
            (
                LETTER_FILE.to_owned(),
                letter::write(input, &items, &sheets)?.into_bytes(),
            ),
            (
                DATA_FILE.to_owned(),
                json::data(input, &items).map_err(writing)?.into_bytes(),
            ),
            (
                SCHEMA_FILE.to_owned(),
                Zeroizing::new(DATA_SCHEMA.as_bytes().to_vec()),
            ),
        ];
        let mut sheets = sheets;
        contents.extend(sheets.iter_mut().map(|sheet| {
            (
                sheet.file.clone(),
                std::mem::take(&mut sheet.bytes).into_bytes(),
            )
        }));
        let files: Vec<FileEntry> = contents
            .iter()
            .map(|(name, bytes)| FileEntry {
                name: name.clone(),
                size: bytes.len() as u64,
                sha256: Sha256::digest(bytes.as_slice()).into(),
            })
            .collect();
        let manifest = manifest::write(&manifest::Facts {
            input,
            answers: &answers,
            items: items.len() as u64,
            sheets: &sheets,
            files: &files,
            key: KeyId::of(&key.verifying_key()),
        })
        .map_err(writing)?
        .into_bytes();
        let signature = sign(key, &manifest);
        let total: u64 = files.iter().map(|file| file.size).sum();
        // Room for the archive around the files, so that what is made can be opened.
        if total > MAX_BYTES / 8 * 7 || contents.len() + 2 > MAX_FILES {
            return Err(PackageError::TooLarge);
        }
        let mut parts: Vec<(&str, &[u8])> = contents
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        parts.push((MANIFEST_FILE, &manifest));
        parts.push((SIGNATURE_FILE, &signature));
        let bytes = archive::pack(&parts, input.made)?.into_bytes();
        Ok(Self { bytes, files })
    }

    /// Opens a package: checks the signature, that every listed file is there as it was, and that there is no other.
    ///
    /// # Errors
    /// [`PackageError::Damaged`], [`PackageError::WrongSignature`], [`PackageError::MissingFile`],
    /// [`PackageError::ExtraFile`], [`PackageError::UnknownVersion`]; [`PackageError::TooLarge`] for more than
    /// [`MAX_BYTES`], found before it is unpacked.
    pub fn open(bytes: &[u8], key: &VerifyingKey) -> Result<Opened, PackageError> {
        open::open(bytes, key)
    }

    /// The ZIP: personal data in clear.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The ZIP, to be sealed.
    #[must_use]
    pub fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// The files that the manifest lists.
    #[must_use]
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Package({} bytes, {} files)",
            self.bytes.len(),
            self.files.len()
        )
    }
}

/// The items that are handed over, by category, age and source.
fn kept(input: &PackageInput) -> Vec<&Item> {
    let mut items: Vec<&Item> = input
        .items
        .iter()
        .filter(|item| input.right == PackageRight::Access || item.provenance().is_portable())
        .collect();
    items.sort_by(|a, b| {
        (a.category(), a.at(), a.source()).cmp(&(b.category(), b.at(), b.source()))
    });
    items
}

/// What the letter needs is there, and fits.
fn check(input: &PackageInput, items: &[&Item]) -> Result<(), PackageError> {
    const DOS_YEARS: std::ops::RangeInclusive<i32> = 1980..=2107;
    for (part, text, max) in texts(input) {
        if text.len() > max || text.trim().is_empty() {
            return Err(PackageError::BadText { part, max });
        }
    }
    if input.received > input.made
        || ![input.received.year(), input.made.year(), input.due.year()]
            .iter()
            .all(|year| DOS_YEARS.contains(year))
    {
        return Err(PackageError::BadInstant);
    }
    let mut reasons = BTreeMap::new();
    for reason in &input.reasons {
        if reasons.insert(&reason.category, reason).is_some() {
            return Err(PackageError::DuplicateReason);
        }
    }
    let categories: BTreeSet<_> = items.iter().map(|item| item.category()).collect();
    let unexplained = categories
        .iter()
        .filter(|c| !reasons.contains_key(*c))
        .count();
    if unexplained > 0 {
        return Err(PackageError::NoReason {
            categories: unexplained,
        });
    }
    let fixed = categories
        .iter()
        .filter(|c| reasons.get(*c).is_some_and(|reason| !reason.is_portable()))
        .count();
    if input.right == PackageRight::Portability && fixed > 0 {
        return Err(PackageError::NotPortable { categories: fixed });
    }
    let bare = input
        .recipients
        .iter()
        .filter(|r| r.is_third_country() && r.safeguard.is_none())
        .count();
    if bare > 0 {
        return Err(PackageError::NoSafeguard { recipients: bare });
    }
    Ok(())
}

/// Every text of the caller that the letter prints, with the most bytes it may have.
fn texts(input: &PackageInput) -> Vec<(&'static str, &str, usize)> {
    let mut texts = vec![
        ("controller", input.controller.as_str(), 200),
        ("contact", &input.contact, 2_000),
        ("authority", &input.authority, 500),
    ];
    for reason in &input.reasons {
        if let Keeps::Until(criterion) = &reason.keeps {
            texts.push(("criterion", criterion, 500));
        }
        if let Origin::Other(origin) = &reason.origin {
            texts.push(("origin", origin, 500));
        }
    }
    for disclosure in &input.recipients {
        texts.push(("recipient", &disclosure.recipient.name, 200));
        if let Some(safeguard) = &disclosure.safeguard {
            texts.push(("safeguard", safeguard, 500));
        }
    }
    if let Automation::Decides {
        logic,
        significance,
        consequences,
    } = &input.automation
    {
        texts.push(("logic", logic, 2_000));
        texts.push(("significance", significance, 2_000));
        texts.push(("consequences", consequences, 2_000));
    }
    texts
}

/// Memory has room for everything, so a failed write is a fault of ours.
fn writing(_: io::Error) -> PackageError {
    PackageError::Writing
}
