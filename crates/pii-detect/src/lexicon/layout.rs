//! Layout of `data/lexicon.bin`, shared by the lexicon and the tool that builds it.
//!
//! Header of [`BUCKET`] bytes: the eight bytes of [`MAGIC`], the number of entries and the number of those that found no room
//! in their bucket, as little-endian `u32`, zeros. Then [`BUCKETS`] buckets of [`BUCKET`] bytes, a line of the processor's
//! cache each, chosen by the upper bits of a key: of each of [`ROOM`] entries the lower sixteen bits of its key, then of each
//! its flags (little-endian `u16`), then of each the next eight bits of its key, then how many there are, and whether some
//! found no room. Those follow behind the buckets, sorted: key in five bytes, flags in two, little-endian.

/// First bytes of the file; the digit is the version of the layout.
pub(crate) const MAGIC: &[u8; 8] = b"PIILEX3\n";
/// Number of buckets.
pub(crate) const BUCKETS: usize = 1 << 15;
/// Bytes of a bucket.
pub(crate) const BUCKET: usize = 64;
/// Entries of a bucket.
pub(crate) const ROOM: usize = 12;
/// Where in a bucket the flags begin.
pub(crate) const FLAGS_AT: usize = 2 * ROOM;
/// Where the higher bits of the keys begin.
pub(crate) const HIGH_AT: usize = 4 * ROOM;
/// Where the number of entries stands.
pub(crate) const COUNT_AT: usize = 5 * ROOM;
/// Where it stands whether some found no room.
pub(crate) const FULL_AT: usize = COUNT_AT + 1;
/// Bytes of an entry behind the buckets.
pub(crate) const SPILLED: usize = 7;
/// Bits of the hash kept: 15 choose the bucket, 24 are stored.
pub(crate) const KEY_BITS: u32 = 39;

/// Key of a finished hash.
pub(crate) const fn key(hash: u64) -> u64 {
    hash >> (64 - KEY_BITS)
}

/// Mask of the word code: 0 = never seen, else 1 + 4 * lower-case count bucket + share of capitals.
pub(crate) const WORD: u16 = 0b1_1111;
/// A given name.
pub(crate) const GIVEN: u16 = 1 << 5;
/// A family name.
pub(crate) const SURNAME: u16 = 1 << 6;
/// A name that is an ordinary word as well (Rose, Mark, Will).
pub(crate) const AMBIGUOUS: u16 = 1 << 7;
/// Shift and mask of the town class: 0 none, 1 small, 2 from 15,000, 3 from 100,000 inhabitants.
pub(crate) const TOWN_SHIFT: u32 = 8;
/// Mask of the town class, after shifting.
pub(crate) const TOWN_MASK: u16 = 0b11;
/// A longer town name begins with this word.
pub(crate) const TOWN_HEAD: u16 = 1 << 10;
/// A country or a large region.
pub(crate) const COUNTRY: u16 = 1 << 11;
/// In tagged text, when capitalised, nearly always part of a person's name.
pub(crate) const MOSTLY_NAME: u16 = 1 << 12;
/// In tagged text, when capitalised, nearly always no name of a person or a place.
pub(crate) const MOSTLY_PLAIN: u16 = 1 << 13;
/// In tagged text, when capitalised, nearly always a place.
pub(crate) const MOSTLY_PLACE: u16 = 1 << 14;
