//! A search: what each part says of every text, added up, and the best of them ordered by meaning.

use std::cmp::Ordering;

use redact::{Locale, Redacted};

use super::bm25::Field;
use super::read::Reader;
use super::sense::{LOOKED_AT, sense, weighed};
use super::typos::{self, Fixes};
use super::{Retriever, embed};
use crate::text;

/// How much each part counts beside the n-grams, whose share is 1. Each lies between 0 and 1 before.
const WORDS: f32 = 0.8;
const CONCEPTS: f32 = 2.5;
const VECTORS: f32 = 1.0;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// The id the text was put in with.
    pub id: String,
    /// 0 (nothing in common) to 1 (alike in everything that is looked at).
    pub score: f32,
}

impl Retriever {
    /// The best `k` texts for a redacted query, best first; its tags do not count.
    ///
    /// With a language, texts of other languages are left out; texts without a language are always in.
    #[must_use]
    pub fn search(&self, query: &Redacted, locale: Option<Locale>, k: usize) -> Vec<Hit> {
        if k == 0 {
            return Vec::new();
        }
        let means = self.embedder.is_none() && !self.by_words;
        let mut seen = self.seen(locale);
        let fixes = self.fixes(query.as_str(), &seen, locale);
        let fixed = typos::fixed(query.as_str(), &fixes);
        let asked = means.then(|| sense(&fixed, locale)).flatten();
        let among = if asked.is_some() { k.max(LOOKED_AT) } else { k };
        let mut hits: Vec<Hit> = Vec::with_capacity(among.min(self.len()));
        let found = self.found(query.as_str(), &fixes, &mut seen, locale, among);
        for (place, (slot, score)) in found.into_iter().enumerate() {
            let Some(doc) = self.docs.get(slot as usize).and_then(Option::as_ref) else {
                continue;
            };
            // The first ones are the same whatever `k` is: those that are not looked at stay behind them.
            let of = if place < LOOKED_AT { &doc.sense } else { &None };
            let score = asked
                .as_deref()
                .map_or(score, |asked| weighed(score, asked, of));
            hits.push(Hit {
                id: doc.id.clone(),
                score,
            });
        }
        // Those behind stay in their order: two scores that differ by little may become one.
        let looked_at = hits.len().min(LOOKED_AT);
        if let Some(first) = hits.get_mut(..looked_at) {
            first.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        }
        hits.truncate(k);
        hits
    }

    /// The best `k` texts by their words, and by the integrator's vectors, as slots for [`id`](Self::id), with their scores.
    pub(crate) fn search_text(
        &self,
        query: &str,
        locale: Option<Locale>,
        k: usize,
    ) -> Vec<(u32, f32)> {
        if k == 0 {
            return Vec::new();
        }
        let mut seen = self.seen(locale);
        let fixes = self.fixes(query, &seen, locale);
        self.found(query, &fixes, &mut seen, locale, k)
    }

    /// The fields that texts of a language are looked for in. Each reads words and concepts of a query as its own texts.
    fn seen(&self, locale: Option<Locale>) -> Vec<(&Field, Reader)> {
        let fields = self.fields.iter();
        fields
            .filter(|(of, _)| locale.is_none() || of.is_none() || **of == locale)
            .map(|(of, field)| (field, Reader::new(*of)))
            .collect()
    }

    fn fixes(&self, query: &str, seen: &[(&Field, Reader)], locale: Option<Locale>) -> Fixes {
        if self.by_words {
            return Fixes::new();
        }
        typos::fixes(query, seen, locale)
    }

    fn found(
        &self,
        query: &str,
        fixes: &Fixes,
        seen: &mut [(&Field, Reader)],
        locale: Option<Locale>,
        k: usize,
    ) -> Vec<(u32, f32)> {
        let mut scores = vec![0f32; self.docs.len()];
        let reading = Reader::new(locale).query(query, fixes);
        self.grams.add_scores(&reading, self.len(), &mut scores);
        let mut total = 1.0 + WORDS;
        let mut by_concept = false;
        for (field, reader) in seen {
            let reading = reader.query(query, fixes);
            field.words.add_scores(&reading.words, WORDS, &mut scores);
            by_concept |= field
                .concepts
                .add_scores(&reading.concepts, CONCEPTS, &mut scores);
        }
        if by_concept {
            total += CONCEPTS;
        }
        if let Some(vector) = self.query_vector(query) {
            total += VECTORS;
            for (doc, score) in self.docs.iter().zip(&mut scores) {
                if let Some(of) = doc.as_ref().and_then(|doc| doc.vector.as_deref()) {
                    *score += VECTORS * embed::likeness(&vector, of);
                }
            }
        }
        let mut ranked: Vec<(u32, f32, &str)> = (0u32..)
            .zip(&self.docs)
            .zip(scores)
            .filter_map(|((slot, doc), score)| {
                let doc = doc.as_ref()?;
                let seen = locale.is_none() || doc.locale.is_none() || doc.locale == locale;
                (seen && score > 0.0).then_some((slot, score / total, doc.id.as_str()))
            })
            .collect();
        let order = |a: &(u32, f32, &str), b: &(u32, f32, &str)| match b.1.total_cmp(&a.1) {
            Ordering::Equal => a.2.cmp(b.2),
            other => other,
        };
        if ranked.len() > k {
            ranked.select_nth_unstable_by(k - 1, order);
            ranked.truncate(k);
        }
        ranked.sort_by(order);
        ranked
            .into_iter()
            .map(|(slot, score, _)| (slot, score))
            .collect()
    }

    fn query_vector(&self, query: &str) -> Option<Vec<f32>> {
        embed::unit(self.embedder.as_deref()?, &text::without_tags(query))
    }
}
