//! What an agent may want to read beside a ticket, from every pool, marked where it is for the team alone.

use crate::knowledge::{Audience, Passage, Pool};
use crate::suggest::{Engine, Request};
use crate::text;

/// Below this likeness a passage has nothing to do with a message.
const WORTH: f32 = 0.04;

/// So many words in a row that are an internal passage's are no coincidence.
const RUN: usize = 8;

/// A passage that an agent may want to read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Hint<'a> {
    /// The passage. It may be a past reply or for the team alone: look at [`Passage::pool`] and [`Hint::is_internal`].
    pub passage: &'a Passage,
    /// Likeness to the message, 0 to 1.
    pub likeness: f32,
}

impl Hint<'_> {
    /// Whether it must be marked: no customer may read it as it stands.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.passage.audience() == Audience::Internal
    }
}

impl Engine {
    /// The passages nearest to the last message, `k` at most from each of articles, macros and past replies, that hold at
    /// the request's instant; each pool's best first. What is for the team alone is among them: show it with a mark.
    ///
    /// There are hints where there is no draft; none where the last message is the team's or in no known language.
    #[must_use]
    pub fn hints(&self, request: &Request<'_>, k: usize) -> Vec<Hint<'_>> {
        let Some(last) = request.thread.open_question() else {
            return Vec::new();
        };
        let words = text::own_words(last.as_str());
        let locale = request.thread.locale();
        let locale = locale.or_else(|| redact::detect_locale(&text::without_tags(words)));
        let Some(locale) = locale else {
            return Vec::new();
        };
        Pool::ALL
            .into_iter()
            .flat_map(|pool| {
                // Those that hold no more are not counted, and seldom many.
                let among = k.saturating_mul(2).saturating_add(10);
                let found = self.knowledge.search(pool, words, locale, among);
                let hints = found
                    .into_iter()
                    .filter(|(passage, likeness)| {
                        *likeness >= WORTH
                            && passage.is_valid(request.now)
                            && !passage.is_suspicious()
                    })
                    .map(|(passage, likeness)| Hint { passage, likeness });
                hints.take(k).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The ids of passages for the team alone from which a text holds eight words in a row: to be asked about before an
    /// agent's text is sent. Past replies count, macros and articles for customers do not.
    #[must_use]
    pub fn quotes_internal(&self, text: &str) -> Vec<&str> {
        let runs = |text: &str| -> Vec<u64> {
            let words: Vec<String> = text::words(text).into_iter().map(|w| w.folded).collect();
            words.windows(RUN).map(run).collect()
        };
        let mut said = runs(text);
        said.sort_unstable();
        if said.is_empty() {
            return Vec::new();
        }
        self.knowledge
            .passages()
            .filter(|passage| passage.audience() == Audience::Internal)
            .filter(|passage| {
                let held = runs(passage.text());
                held.iter().any(|run| said.binary_search(run).is_ok())
            })
            .map(Passage::id)
            .collect()
    }
}

/// A number for words in a row.
fn run(words: &[String]) -> u64 {
    words.iter().fold(0xcbf2_9ce4_8422_2325, |state, word| {
        word.bytes().chain([b' ']).fold(state, |s: u64, b| {
            (s ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    })
}
