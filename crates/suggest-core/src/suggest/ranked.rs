//! Which passages answer a question: likeness to its words and to what it is about.

use std::collections::{BTreeMap, BTreeSet};

use crate::intent::{self, Intent};
use crate::knowledge::{Audience, Passage, Pool};
use crate::suggest::{Engine, Question, Request};
use crate::text;

/// How many passages are looked at for their likeness alone.
const NEAREST: usize = 30;

/// How many passages are ranked: nobody reads further.
const MOST: usize = 256;

/// What it counts that a passage is about the intent, that it is about nothing else as much, and that it opens its
/// article: the first section of an article is what most people need.
const TOPIC: f32 = 0.4;
const SPECIFIC: f32 = 0.3;
const FIRST: f32 = 0.06;

#[derive(Clone, Copy)]
pub(super) struct Ranked<'a> {
    pub(super) passage: &'a Passage,
    /// Likeness to the words of the question, 0 to 1.
    pub(super) alike: f32,
    /// How much it is about the intent, 0 to 1.
    pub(super) topic: f32,
    pub(super) score: f32,
}

/// Passages that may be quoted to a customer now, best first, and whether one was left out that no longer holds.
pub(super) struct Found<'a> {
    pub(super) passages: Vec<Ranked<'a>>,
    pub(super) stale: bool,
}

impl Engine {
    pub(super) fn passages(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        intent: Option<Intent>,
    ) -> Found<'_> {
        let nearest: Vec<(&Passage, f32)> =
            self.knowledge
                .search(Pool::Article, question.words, question.locale, NEAREST);
        let alike: BTreeMap<&str, f32> = nearest.iter().map(|(p, a)| (p.id(), *a)).collect();
        let about = intent.map(|intent| self.knowledge.about(intent, question.locale));
        // Those about the intent, with their likeness to what is asked if they have any; then those that are only alike.
        let about = about
            .into_iter()
            .flatten()
            .map(|passage| (passage, alike.get(passage.id()).copied().unwrap_or(0.0)));
        let only_alike = nearest
            .iter()
            .filter(|(passage, _)| !intent.is_some_and(|intent| passage.speaks_of(intent)));
        let mut passages = Vec::new();
        let mut stale = false;
        for (passage, likeness) in about.chain(only_alike.copied()) {
            if passage.locale() != question.locale
                || passage.audience() != Audience::Customer
                || passage.pool() != Pool::Article
                || passage.is_suspicious()
            {
                continue;
            }
            let topic = intent.map_or(0.0, |intent| passage.topic(intent));
            if likeness == 0.0 && topic == 0.0 {
                continue;
            }
            if !passage.is_valid(request.now) {
                stale |= topic >= 0.5 || likeness >= 0.3;
                continue;
            }
            passages.push(Ranked {
                passage,
                alike: likeness,
                topic,
                score: likeness
                    + TOPIC * topic
                    + intent.map_or(0.0, |intent| SPECIFIC * passage.specific(intent))
                    + if passage.place == 0 { FIRST } else { 0.0 },
            });
        }
        let order = |a: &Ranked<'_>, b: &Ranked<'_>| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| a.passage.id().cmp(b.passage.id()))
        };
        if passages.len() > MOST {
            passages.select_nth_unstable_by(MOST, order);
            passages.truncate(MOST);
        }
        passages.sort_by(order);
        Found { passages, stale }
    }

    /// How much of what a question asks stands in a passage, 0 to 1: longer stems count more, words of every question
    /// not at all.
    pub(super) fn coverage(&self, question: &str, passage: &Passage) -> f32 {
        let stemmer = text::stemmer(Some(passage.locale()));
        let of = |text: &str| -> BTreeSet<String> {
            text::words(text)
                .into_iter()
                .filter(|word| word.folded.chars().count() > 3)
                .filter(|word| !word.folded.starts_with('#'))
                .filter(|word| !intent::is_common(&word.folded, passage.locale()))
                .filter_map(|word| text.get(word.at))
                .flat_map(|word| text::stems(word, stemmer.as_ref()))
                .collect()
        };
        let asked = of(question);
        let held = of(&format!("{} {}", passage.title(), passage.text()));
        let (mut all, mut found, mut shared) = (0.0, 0.0, 0);
        for stem in &asked {
            let weight = (stem.chars().count() as f32).sqrt();
            all += weight;
            if held.contains(stem) {
                found += weight;
                shared += 1;
            }
        }
        // One word in common is a coincidence.
        if shared < 2 { 0.0 } else { found / all }
    }
}
