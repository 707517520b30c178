//! Labelled texts, wherever they come from.

/// Label of a span: index into PER LOC ADDR OTH.
pub(crate) type Label = u8;

/// Names of the labels in tagged files, in the order of the tagger's states.
pub(crate) const LABELS: [&str; 4] = ["PER", "LOC", "ADDR", "OTH"];

/// A labelled part of a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) label: Label,
}

/// A text with its labels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// Where it comes from: the part's or the template file's name.
    pub(crate) source: String,
    pub(crate) text: String,
    pub(crate) marks: Vec<Mark>,
    /// Labels are a teacher's: only persons, and that nothing else is one, can be relied on.
    pub(crate) silver: bool,
    /// Marks whose words are to be treated as never heard of.
    pub(crate) unheard: Vec<(usize, usize)>,
}

/// Small generator with a fixed sequence for each seed (SplitMix64, Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, 0 for 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n64 = n as u64;
        if n64 == 0 {
            0
        } else {
            (self.next() % n64) as usize
        }
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.below(list.len());
        list.get(at)
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.below(i + 1);
            list.swap(i, j);
        }
    }
}

/// FNV-1a, for splits by content.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}
