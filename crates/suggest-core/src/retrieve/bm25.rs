//! BM25 over stems (Robertson and Zaragoza 2009), divided by the best score the query could reach.

use std::collections::HashMap;
use std::fmt;

use redact::Locale;

use crate::text;

const K1: f32 = 1.2;
const B: f32 = 0.75;

#[derive(Clone)]
pub(super) struct Bm25 {
    locale: Option<Locale>,
    /// Document numbers with how often the stem stands there, over the length norm.
    postings: HashMap<String, Vec<(u32, f32)>>,
    docs: usize,
}

impl fmt::Debug for Bm25 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Bm25({} texts, {} stems)",
            self.docs,
            self.postings.len()
        )
    }
}

impl Bm25 {
    pub(super) fn new(locale: Option<Locale>, docs: &[(u32, &str)]) -> Self {
        let stemmer = text::stemmer(locale);
        let read: Vec<(u32, Vec<String>)> = docs
            .iter()
            .map(|(number, text)| (*number, text::stems(text, stemmer.as_ref())))
            .collect();
        let total: usize = read.iter().map(|(_, stems)| stems.len()).sum();
        let mean = (total as f32 / read.len().max(1) as f32).max(1.0);
        let mut postings: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (number, mut stems) in read {
            let norm = K1 * (1.0 - B + B * stems.len() as f32 / mean);
            stems.sort_unstable();
            for run in stems.chunk_by(|a, b| a == b) {
                let Some(stem) = run.first() else { continue };
                let n = run.len() as f32;
                let part = n * (K1 + 1.0) / (n + norm);
                match postings.get_mut(stem) {
                    Some(list) => list.push((number, part)),
                    None => {
                        postings.insert(stem.clone(), vec![(number, part)]);
                    }
                }
            }
        }
        Self {
            locale,
            postings,
            docs: docs.len(),
        }
    }

    /// Adds `share` times the score, 0 to 1, to each text.
    pub(super) fn add_scores(&self, query: &str, share: f32, scores: &mut [f32]) {
        let stemmer = text::stemmer(self.locale);
        let mut stems = text::stems(query, stemmer.as_ref());
        stems.sort_unstable();
        stems.dedup();
        let weighted: Vec<(&[(u32, f32)], f32)> = stems
            .iter()
            .map(|stem| {
                let list = self.postings.get(stem).map_or(&[][..], Vec::as_slice);
                let (n, docs) = (list.len() as f32, self.docs as f32);
                (list, (1.0 + (docs - n + 0.5) / (n + 0.5)).ln())
            })
            .collect();
        let best: f32 = weighted.iter().map(|(_, idf)| idf * (K1 + 1.0)).sum();
        if best <= 0.0 {
            return;
        }
        for (list, idf) in weighted {
            for (number, part) in list {
                if let Some(score) = scores.get_mut(*number as usize) {
                    *score += share * idf * part / best;
                }
            }
        }
    }
}
