//! What is left in files of bytes that should be nowhere: as such, in hexadecimal, in base64.
//!
//! Files are decoded rather than needles encoded: a run of characters is read at both hexadecimal and all four base64
//! alignments, so that a needle is found wherever it begins, in both alphabets and letter cases, across line ends.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Read at a time.
const CHUNK: u64 = 8 << 20;
/// Bytes by which needles are told apart first.
const HEAD: usize = 8;
/// Size of the filter before the table, in bits of its index.
const FILTER_BITS: u32 = 28;

/// Many byte strings to be found at once.
pub(in crate::cmd) struct Needles {
    bytes: Vec<u8>,
    table: Vec<Needle>,
    filter: Vec<u64>,
    longest: usize,
    shortest: usize,
}

/// By head.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Needle {
    head: u64,
    start: usize,
    len: usize,
    number: usize,
}

/// What a search saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::cmd) struct Found {
    pub(in crate::cmd) files: u64,
    pub(in crate::cmd) bytes: u64,
    pub(in crate::cmd) times: u64,
    /// Which needles, in the order in which they were given.
    pub(in crate::cmd) which: BTreeSet<usize>,
}

fn slot(head: u64) -> (usize, u64) {
    let bit = head.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - FILTER_BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

fn head_of(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<HEAD>().map(|h| u64::from_le_bytes(*h))
}

impl Needles {
    /// Takes what to look for. Needles shorter than eight bytes would be found everywhere and are left out.
    pub(in crate::cmd) fn new<'a>(needles: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut new = Needles {
            bytes: Vec::new(),
            table: Vec::new(),
            filter: vec![0; 1 << (FILTER_BITS - 6)],
            longest: HEAD,
            shortest: usize::MAX,
        };
        for (number, needle) in needles.into_iter().enumerate() {
            if let Some(head) = head_of(needle) {
                new.table.push(Needle {
                    head,
                    start: new.bytes.len(),
                    len: needle.len(),
                    number,
                });
                new.bytes.extend_from_slice(needle);
                new.longest = new.longest.max(needle.len());
                new.shortest = new.shortest.min(needle.len());
                let (word, bit) = slot(head);
                if let Some(word) = new.filter.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        new.table.sort_unstable();
        new
    }

    /// Searches every file under a folder.
    pub(in crate::cmd) fn search(&self, dir: &Path) -> io::Result<Found> {
        let mut found = Found::default();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let one = if entry.file_type()?.is_dir() {
                self.search(&entry.path())?
            } else {
                self.read(&mut File::open(entry.path())?)?
            };
            found.files += one.files;
            found.bytes += one.bytes;
            found.times += one.times;
            found.which.extend(one.which);
        }
        Ok(found)
    }

    fn read(&self, file: &mut impl Read) -> io::Result<Found> {
        let (mut buffer, mut run) = (Vec::new(), Vec::new());
        let mut found = Found {
            files: 1,
            ..Found::default()
        };
        loop {
            // What a needle across the border needs stays.
            let kept = buffer.len().min(self.longest - 1);
            buffer.drain(..buffer.len() - kept);
            let read = file.by_ref().take(CHUNK).read_to_end(&mut buffer)?;
            if read == 0 {
                self.in_text(&run, &mut found);
                return Ok(found);
            }
            found.bytes += read as u64;
            self.count(&buffer, kept, &mut found);
            for byte in buffer.iter().skip(kept) {
                if sextet(*byte).is_some() {
                    run.push(*byte);
                } else if !matches!(byte, b'\r' | b'\n') {
                    self.in_text(&run, &mut found);
                    run.clear();
                }
            }
        }
    }

    /// Needles in `hay` that end after its first `seen` bytes.
    fn count(&self, hay: &[u8], seen: usize, found: &mut Found) {
        for (at, window) in hay.windows(HEAD).enumerate() {
            let Some(head) = head_of(window) else { break };
            let (word, bit) = slot(head);
            if self.filter.get(word).is_some_and(|w| w & bit != 0) {
                self.count_at(hay, at, head, seen, found);
            }
        }
    }

    #[cold]
    fn count_at(&self, hay: &[u8], at: usize, head: u64, seen: usize, found: &mut Found) {
        let first = self.table.partition_point(|n| n.head < head);
        let same = self.table.iter().skip(first);
        for needle in same.take_while(|n| n.head == head) {
            let Needle { start, len, .. } = *needle;
            if at + len > seen && hay.get(at..at + len) == self.bytes.get(start..start + len) {
                found.times += 1;
                found.which.insert(needle.number);
            }
        }
    }

    /// Needles in a run of characters that base64 is made of.
    fn in_text(&self, run: &[u8], found: &mut Found) {
        // A needle in base64 without padding is no shorter.
        if run.len() < self.shortest.saturating_mul(4).div_ceil(3) {
            return;
        }
        for start in 0..4 {
            let text = run.get(start..).unwrap_or_default();
            let decoded: Vec<u8> = text
                .chunks_exact(4)
                .chain([text.chunks_exact(4).remainder()])
                .flat_map(group)
                .collect();
            self.count(&decoded, 0, found);
        }
        for digits in run.split(|b| !b.is_ascii_hexdigit()) {
            for start in 0..2 {
                let decoded: Vec<u8> = digits
                    .get(start..)
                    .unwrap_or_default()
                    .chunks_exact(2)
                    .map(|pair| {
                        pair.iter().fold(0, |byte, digit| {
                            byte << 4 | char::from(*digit).to_digit(16).unwrap_or(0) as u8
                        })
                    })
                    .collect();
                self.count(&decoded, 0, found);
            }
        }
    }
}

/// Six bits of either alphabet.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The whole bytes of up to four characters.
fn group(text: &[u8]) -> Vec<u8> {
    let bits = text.iter().fold(0u32, |bits, c| {
        bits << 6 | u32::from(sextet(*c).unwrap_or(0))
    });
    let whole = text.len() * 6 / 8;
    let spare = text.len() * 6 % 8;
    (bits >> spare)
        .to_be_bytes()
        .into_iter()
        .skip(4 - whole)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::shop;
    use super::*;

    fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> Vec<u8> {
        let mut out = Vec::new();
        for chunk in bytes.chunks(3) {
            let mut word = [0; 4];
            word[1..=chunk.len()].copy_from_slice(chunk);
            let word = u32::from_be_bytes(word);
            for n in 0..=chunk.len() {
                out.push(alphabet[(word >> (18 - 6 * n) & 63) as usize]);
            }
        }
        out
    }

    fn times(needles: &Needles, file: &[u8]) -> u64 {
        needles.read(&mut &*file).unwrap().times
    }

    const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    #[test]
    fn a_needle_is_found_in_every_form_and_alignment() {
        let all: Vec<Vec<u8>> = (0..100)
            .map(|n| shop::bytes(1, n, if n % 2 == 0 { 32 } else { 77 }))
            .collect();
        let needles = Needles::new(all.iter().map(Vec::as_slice));
        for (n, needle) in all.iter().enumerate() {
            let noise = shop::bytes(2, n as u64, 1000 + n);
            let mut forms = vec![needle.clone()];
            let hex: String = needle.iter().map(|b| format!("{b:02x}")).collect();
            forms.push(hex.to_uppercase().into_bytes());
            forms.push(format!("a{hex}").into_bytes());
            forms.push(hex.into_bytes());
            for alphabet in [STANDARD, URL] {
                for before in 0..3 {
                    let mut text = shop::bytes(3, 0, before);
                    text.extend(needle);
                    let mut text = base64(&text, alphabet);
                    forms.push(text.clone());
                    text.splice(20..20, *b"\r\n");
                    forms.push(text);
                }
            }
            for form in forms {
                let mut file = noise.clone();
                file.push(b' ');
                file.extend(&form);
                assert_eq!(times(&needles, &file), 1, "{n}");
                file.push(b' ');
                file.extend(&noise);
                assert_eq!(times(&needles, &file), 1, "{n}");
            }
            let mut cut = needle.clone();
            cut.pop();
            assert_eq!(times(&needles, &cut), 0);
        }
    }

    #[test]
    fn a_needle_across_the_border_of_two_reads_is_found_once() {
        let needle = shop::bytes(1, 0, 77);
        let short = shop::bytes(1, 1, 32);
        let needles = Needles::new([needle.as_slice(), short.as_slice()]);
        for back in [0, 1, 31, 32, 40, 76, 77, 100] {
            for what in [&needle, &short] {
                let mut file = vec![0; CHUNK as usize - back];
                file.extend(what);
                file.extend([0; 500]);
                assert_eq!(times(&needles, &file), 1, "{back}");
            }
        }
    }
}
