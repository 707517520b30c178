//! Hashed character n-gram TF-IDF with cosine similarity, as posting lists.
#![expect(
    clippy::indexing_slicing,
    reason = "buckets are masked to MASK and `starts` has MASK + 2 entries; document numbers come from the build"
)]

use std::fmt;

use super::counts;

/// Buckets are a power of two; at a million, ten thousand texts collide in under one gram of a hundred.
pub(super) const MASK: u32 = (1 << 20) - 1;

/// Grams of a query beyond this many, the lightest first, change no ranking and cost time.
const QUERY_GRAMS: usize = 512;

/// A gram in more than this share of the texts says little and has the longest list.
const COMMON_SHARE: f32 = 0.5;

#[derive(Clone)]
pub(super) struct Grams {
    /// Where the postings of a bucket begin; the last entry is the end.
    starts: Vec<u32>,
    postings: Vec<(u32, f32)>,
    docs: usize,
}

impl fmt::Debug for Grams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Grams({} texts, {} postings)",
            self.docs,
            self.postings.len()
        )
    }
}

impl Grams {
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut all: Vec<Vec<(u32, f32)>> = texts.map(counts).collect();
        let mut starts = vec![0u32; MASK as usize + 2];
        for (gram, _) in all.iter().flatten() {
            starts[*gram as usize + 1] += 1;
        }
        let docs = all.len();
        for grams in &mut all {
            let mut norm = 0.0;
            for (gram, n) in grams.iter_mut() {
                *n = weight(*n, starts[*gram as usize + 1], docs);
                norm += *n * *n;
            }
            let scale = if norm > 0.0 { norm.sqrt().recip() } else { 0.0 };
            for (_, w) in grams.iter_mut() {
                *w *= scale;
            }
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![(0u32, 0f32); all.iter().map(Vec::len).sum()];
        for (doc, grams) in (0u32..).zip(&all) {
            for (gram, w) in grams {
                let slot = &mut next[*gram as usize];
                postings[*slot as usize] = (doc, *w);
                *slot += 1;
            }
        }
        Self {
            starts,
            postings,
            docs,
        }
    }

    /// The cosine of a query with every text.
    pub(super) fn scores(&self, query: &str) -> Vec<f32> {
        let mut scores = vec![0f32; self.docs];
        let mut grams = counts(query);
        let mut norm = 0.0;
        for (gram, n) in &mut grams {
            *n = weight(*n, self.list(*gram).len() as u32, self.docs);
            norm += *n * *n;
        }
        if norm == 0.0 {
            return scores;
        }
        let common = ((self.docs as f32 * COMMON_SHARE) as usize).max(50);
        grams.retain(|(gram, _)| (1..=common).contains(&self.list(*gram).len()));
        if grams.len() > QUERY_GRAMS {
            grams.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            grams.truncate(QUERY_GRAMS);
            // Sums of floats depend on their order: the order of the buckets is the same every time.
            grams.sort_unstable_by_key(|(gram, _)| *gram);
        }
        let scale = norm.sqrt().recip();
        for (gram, w) in grams {
            for (doc, of_doc) in self.list(gram) {
                scores[*doc as usize] += w * scale * of_doc;
            }
        }
        scores
    }

    fn list(&self, gram: u32) -> &[(u32, f32)] {
        let gram = gram as usize;
        &self.postings[self.starts[gram] as usize..self.starts[gram + 1] as usize]
    }
}

/// Sublinear term frequency times smoothed inverse document frequency.
fn weight(n: f32, in_docs: u32, docs: usize) -> f32 {
    let idf = ((1.0 + docs as f32) / (1.0 + in_docs as f32)).ln() + 1.0;
    (1.0 + n.ln()) * idf
}
