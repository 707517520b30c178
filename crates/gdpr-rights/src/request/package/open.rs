use std::collections::BTreeMap;
use std::fmt;

use retention_policy::{CaseId, Timestamp};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::archive::{Archive, Entry};
use super::manifest::{self, Manifest};
use super::{FileEntry, MANIFEST_FILE, PackageError, PackageRight, SIGNATURE_FILE};
use crate::request::order::SourceId;
use crate::request::sign::{SIGNATURE, VerifyingKey, verifies};

/// The most bytes of a manifest, which is read before its signature is known.
const MAX_MANIFEST: u64 = 16 * 1024 * 1024;
/// The most bytes of a manifest for one packed byte. Text with hashes in it stays far below.
const MAX_RATIO: u64 = 200;

/// A package whose signature and every file was checked. Debug prints sizes only.
pub struct Opened {
    manifest: Manifest,
    contents: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

/// Opens a package.
pub(super) fn open(bytes: &[u8], key: &VerifyingKey) -> Result<Opened, PackageError> {
    let mut archive = Archive::open(bytes)?;
    let mut entries: BTreeMap<String, Entry> = archive
        .entries()
        .iter()
        .map(|entry| (entry.name.clone(), entry.clone()))
        .collect();
    let mut take = |name: &str| entries.remove(name).ok_or(PackageError::MissingFile);
    let (listing, signature) = (take(MANIFEST_FILE)?, take(SIGNATURE_FILE)?);
    if listing.size > MAX_MANIFEST || listing.size > listing.packed.saturating_mul(MAX_RATIO) {
        return Err(PackageError::TooLarge);
    }
    if signature.size != SIGNATURE as u64 {
        return Err(PackageError::WrongSignature);
    }
    let signature = archive.read(&signature)?;
    let signed = archive.read(&listing)?;
    if !verifies(key, &signed, &signature) {
        return Err(PackageError::WrongSignature);
    }
    // From here on sizes are the signer's.
    let manifest = manifest::read(&signed)?;
    let mut contents = BTreeMap::new();
    for file in &manifest.files {
        let entry = take(&file.name)?;
        if entry.size != file.size {
            return Err(PackageError::Damaged);
        }
        let content = archive.read(&entry)?;
        if *Sha256::digest(&*content) != file.sha256 {
            return Err(PackageError::Damaged);
        }
        contents.insert(entry.name, content);
    }
    if !entries.is_empty() {
        return Err(PackageError::ExtraFile);
    }
    contents.insert(listing.name, signed);
    Ok(Opened { manifest, contents })
}

impl Opened {
    /// The case it answers.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.manifest.case
    }

    /// The right it answers.
    #[must_use]
    pub fn right(&self) -> PackageRight {
        self.manifest.right
    }

    /// When the request was received.
    #[must_use]
    pub fn received(&self) -> Timestamp {
        self.manifest.received
    }

    /// When the package was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        self.manifest.made
    }

    /// How many items of data are in it.
    #[must_use]
    pub fn items(&self) -> u64 {
        self.manifest.items
    }

    /// Every source that was asked, with the number of items it gave; inferred ones are counted here also where a portability
    /// package leaves them out.
    #[must_use]
    pub fn sources(&self) -> &[(SourceId, u64)] {
        &self.manifest.sources
    }

    /// The files that the manifest lists.
    #[must_use]
    pub fn files(&self) -> &[FileEntry] {
        &self.manifest.files
    }

    /// The content of a file, the manifest's too. Names are harmless: `name.ext` or `data/name.ext` of `a-z 0-9 - .`
    #[must_use]
    pub fn expose(&self, name: &str) -> Option<&[u8]> {
        self.contents.get(name).map(|bytes| bytes.as_slice())
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Opened({}, {}, {} files, {} items)",
            self.manifest.case,
            self.manifest.right.code(),
            self.manifest.files.len(),
            self.manifest.items
        )
    }
}
