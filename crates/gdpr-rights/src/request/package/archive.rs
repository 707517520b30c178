//! The ZIP around the files: written in one way, and read only in that way.
//!
//! The signature covers the files, not the archive around them. So reading refuses whatever programs could see differently:
//! gaps, a second file of one name, a local header that differs from the directory, comments, links, other compressions.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use chrono::{Datelike, Timelike};
use retention_policy::Timestamp;
use zeroize::Zeroizing;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::wipe::Wiped;
use super::{MAX_BYTES, MAX_FILES, PackageError};

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const LOCAL_LEN: usize = 30;
const CENTRAL_LEN: usize = 46;
const END_LEN: usize = 22;
const UNIX: u8 = 3;
/// A plain file, readable by its owner alone.
const MODE: u32 = 0o600;
const REGULAR: u32 = 0o100_000;

/// Packs files in this order, all as old as the package.
pub(super) fn pack(files: &[(&str, &[u8])], made: Timestamp) -> Result<Wiped, PackageError> {
    let clock = u16::try_from(made.year())
        .ok()
        .zip(Some(made))
        .and_then(|(year, at)| {
            let part = |n: u32| u8::try_from(n).unwrap_or_default();
            let (month, day) = (part(at.month()), part(at.day()));
            let (hour, minute, second) = (part(at.hour()), part(at.minute()), part(at.second()));
            DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
        });
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(clock.ok_or(PackageError::BadInstant)?)
        .unix_permissions(MODE);
    let room: usize = files
        .iter()
        .map(|(name, bytes)| name.len() * 2 + bytes.len() + 200)
        .sum();
    let mut zip = ZipWriter::new(Wiped::with_capacity(room));
    for (name, bytes) in files {
        zip.start_file(*name, options)
            .map_err(|_| PackageError::Writing)?;
        zip.write_all(bytes).map_err(|_| PackageError::Writing)?;
    }
    zip.finish().map_err(|_| PackageError::Writing)
}

/// A file as the directory of the archive describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) packed: u64,
}

/// An archive whose every byte is accounted for.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    entries: Vec<Entry>,
}

impl<'a> Archive<'a> {
    /// Looks at everything but the contents.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, PackageError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(PackageError::TooLarge);
        }
        let entries = walk(bytes).ok_or(PackageError::Damaged)?;
        let total = entries
            .iter()
            .try_fold(0, |sum: u64, entry| sum.checked_add(entry.size));
        if total.is_none_or(|total| total > MAX_BYTES) {
            return Err(PackageError::TooLarge);
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| PackageError::Damaged)?;
        if zip.len() != entries.len() {
            return Err(PackageError::Damaged);
        }
        Ok(Self { zip, entries })
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Unpacks one file, never more than the directory says.
    pub(super) fn read(&mut self, entry: &Entry) -> Result<Zeroizing<Vec<u8>>, PackageError> {
        let file = self
            .zip
            .by_name(&entry.name)
            .map_err(|_| PackageError::Damaged)?;
        let size = usize::try_from(entry.size).map_err(|_| PackageError::TooLarge)?;
        // One more, so that the buffer does not grow for what is too much.
        let mut bytes = Zeroizing::new(Vec::with_capacity(size.saturating_add(64)));
        file.take(entry.size + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| PackageError::Damaged)?;
        (bytes.len() == size)
            .then_some(bytes)
            .ok_or(PackageError::Damaged)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?).into())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

/// The files, if the archive consists of them, their directory and its end, and of nothing else (APPNOTE.TXT 4.3).
fn walk(bytes: &[u8]) -> Option<Vec<Entry>> {
    let end = bytes.get(bytes.len().checked_sub(END_LEN)?..)?;
    let count = u16_at(end, 10)?;
    let (directory_len, directory) = (u32_at(end, 12)?, u32_at(end, 16)?);
    let plain = end.starts_with(&END)
        && end.get(4..8)? == [0; 4]
        && u16_at(end, 8)? == count
        && u16_at(end, 20)? == 0
        && directory.checked_add(directory_len)? == bytes.len() - END_LEN
        && count <= MAX_FILES;
    if !plain {
        return None;
    }
    let (mut local_at, mut central_at) = (0, directory);
    let mut names = BTreeSet::new();
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let central = bytes.get(central_at..directory + directory_len)?;
        let local = bytes.get(local_at..directory)?;
        let name_len = u16_at(central, 28)?;
        let name = central.get(CENTRAL_LEN..CENTRAL_LEN + name_len)?;
        let (packed, size) = (u32_at(central, 20)?, u32_at(central, 24)?);
        let method = u16_at(central, 10)?;
        let plain = central.starts_with(&CENTRAL)
            && local.starts_with(&LOCAL)
            && *central.get(5)? == UNIX
            // Needed version, flags, method, time, sum, sizes, lengths of name and extra field: the same in both.
            && central.get(6..32)? == local.get(4..LOCAL_LEN)?
            && u16_at(central, 6)? <= 20
            && u16_at(central, 8)? == 0
            && method == 8
            && central.get(30..38)? == [0; 8]
            && u32_at(central, 38)? == usize::try_from((REGULAR | MODE) << 16).ok()?
            && u32_at(central, 42)? == local_at
            && name == local.get(LOCAL_LEN..LOCAL_LEN + name_len)?;
        if !plain || !is_name(name) || !names.insert(name) {
            return None;
        }
        entries.push(Entry {
            name: std::str::from_utf8(name).ok()?.to_owned(),
            size: size as u64,
            packed: packed as u64,
        });
        local_at = (local_at + LOCAL_LEN + name_len).checked_add(packed)?;
        central_at += CENTRAL_LEN + name_len;
    }
    (local_at == directory && central_at == directory + directory_len).then_some(entries)
}

/// A name that leads nowhere but into the package: `name.ext` or `data/name.ext`.
fn is_name(name: &[u8]) -> bool {
    let file = name.strip_prefix(b"data/").unwrap_or(name);
    let fits = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    (1..=80).contains(&file.len()) && file.first() != Some(&b'.') && file.iter().all(fits)
}
