//! Four words of the table of all lists, looked through at once.

use crate::bits::alike;

/// Four words: upper bits of their hashes, one of them always set, and their places; sixteen bits each, 0 where none is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    tags: u64,
    places: u64,
}

impl Bucket {
    /// What stands for a hash in its bucket.
    pub(super) const fn tag(hash: u64) -> u64 {
        hash >> 48 | 1
    }

    /// The place of the first word with a tag, 0 where none has it. Without a branch: whether a word is in a list cannot be
    /// foretold.
    #[inline]
    pub(super) const fn first(&self, tag: u64) -> usize {
        let same = alike(self.tags, tag);
        let place = self.places >> (same.trailing_zeros() & 48) & 0xffff;
        place as usize * (same != 0) as usize
    }

    /// Whether four words are in it.
    pub(super) const fn full(&self) -> bool {
        self.tags >> 48 != 0
    }

    /// All four tags and places.
    pub(super) fn all(self) -> impl Iterator<Item = (u64, usize)> {
        let four = [0, 16, 32, 48];
        let sixteen = |of: u64, at: u32| of >> at & 0xffff;
        four.into_iter().map(move |at| {
            #[expect(clippy::cast_possible_truncation, reason = "sixteen bits")]
            let place = sixteen(self.places, at) as usize;
            (sixteen(self.tags, at), place)
        })
    }

    /// Adds a word; `false` where there is no room. A second word with the same tag finds none either, and closes the bucket: in one that is
    /// not full a tag stands for one word.
    pub(super) fn add(&mut self, tag: u64, place: u16) -> bool {
        let twice = self.all().any(|(other, _)| other == tag);
        while let Some(room) = self.all().position(|(tag, _)| tag == 0) {
            self.tags |= tag << (16 * room);
            if !twice {
                self.places |= u64::from(place) << (16 * room);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn a_bucket_gives_the_place_of_a_tag() {
        let mut bucket = Bucket::default();
        let hashes = [0x1234 << 48, 0x5670 << 48, 0xffff << 48, 1 << 48];
        for (place, hash) in (7..).zip(hashes) {
            assert!(!bucket.full() && bucket.first(Bucket::tag(hash)) == 0);
            assert!(bucket.add(Bucket::tag(hash), place));
        }
        for (place, hash) in (7..).zip(hashes) {
            assert_eq!(bucket.first(Bucket::tag(hash)), place);
        }
        assert!(bucket.full() && !bucket.add(3, 11));
        assert_eq!(bucket.first(Bucket::tag(0x4321 << 48)), 0);
        assert_eq!(
            bucket.all().map(|(_, place)| place).sum::<usize>(),
            7 + 8 + 9 + 10
        );
    }

    #[test]
    fn a_second_word_with_a_tag_closes_the_bucket() {
        let mut bucket = Bucket::default();
        assert!(bucket.add(5, 7) && bucket.add(9, 8) && !bucket.add(5, 9));
        assert!(bucket.full());
        assert_eq!((bucket.first(5), bucket.first(9)), (7, 8));
        assert_eq!(bucket.all().filter(|(_, place)| *place != 0).count(), 2);
    }

    #[test]
    fn no_tag_is_zero() {
        assert_eq!(Bucket::default().first(Bucket::tag(0)), 0);
        assert_ne!(Bucket::tag(0), 0);
    }
}
