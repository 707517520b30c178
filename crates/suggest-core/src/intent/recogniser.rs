//! Scores a text against the cues and examples of its language.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use redact::Locale;

use crate::intent::cues::{self, Cue, Entry, Index, Strength};
use crate::intent::{Intent, RightAsked};
use crate::text;

const STRONG: f32 = 2.0;
const WEAK: f32 = 0.7;
const AGAINST: f32 = -2.0;

/// Cues of one intent beyond these add nothing: a long mail repeats itself.
const CUE_CAP: f32 = 6.0;

/// What the likeness of a sentence to an example of the same words is worth.
const LIKENESS: f32 = 4.0;

/// Likeness below this is what any two sentences of a language share.
const LIKENESS_FLOOR: f32 = 0.25;

/// Below this an intent is not spoken of: one cue alone can be about anything.
const SPOKEN_OF: f32 = 2.6;

/// Where an order or a parcel is named, one cue is enough.
const SPOKEN_OF_ORDER: f32 = 1.9;

/// A word that stands in the examples of this many intents belongs to none of them.
const COMMON: usize = 4;

/// From here on a second intent is answered too.
const SECOND: f32 = 2.0;

/// Characters of a message that are read; a longer one is a quoted thread or a log.
const ENOUGH: usize = 6_000;

/// What was read from a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The intent in the lead.
    pub(crate) intent: Intent,
    /// Its lead, 0 to 1.
    pub(crate) confidence: f32,
    /// The intent behind it, when it is spoken of too.
    pub(crate) second: Option<Intent>,
}

/// The data of a language.
struct Language {
    entries: Vec<Entry>,
    index: Index,
    examples: Examples,
    vocabulary: BTreeSet<String>,
    /// Words that say nothing about a matter.
    common: BTreeSet<String>,
}

/// Example sentences as unit vectors of character n-grams.
struct Examples {
    idf: HashMap<u32, f32>,
    postings: HashMap<u32, Vec<(u32, f32)>>,
    /// The entry of each example.
    entry: Vec<usize>,
    unseen: f32,
}

static LANGUAGES: LazyLock<Vec<(Locale, Language)>> = LazyLock::new(|| {
    [
        (Locale::English, include_str!("../../data/intents/en.txt")),
        (Locale::French, include_str!("../../data/intents/fr.txt")),
        (Locale::German, include_str!("../../data/intents/de.txt")),
        (Locale::Spanish, include_str!("../../data/intents/es.txt")),
        (Locale::Italian, include_str!("../../data/intents/it.txt")),
        (Locale::Dutch, include_str!("../../data/intents/nl.txt")),
        (
            Locale::Portuguese,
            include_str!("../../data/intents/pt.txt"),
        ),
    ]
    .into_iter()
    .map(|(locale, data)| (locale, Language::new(cues::parse(data).unwrap_or_default())))
    .collect()
});

/// Whether the embedded engine speaks a language.
pub(crate) fn supported(locale: Locale) -> bool {
    LANGUAGES.iter().any(|(of, _)| *of == locale)
}

/// What a human must handle in a text whose language nobody knows.
pub(crate) fn for_human(text: &str) -> Option<Intent> {
    LANGUAGES
        .iter()
        .filter_map(|(locale, _)| read(text, *locale))
        .map(|reading| reading.intent)
        .find(|intent| intent.is_for_human() && !matches!(intent, Intent::Right(_)))
}

/// Whether a folded word says nothing about a matter: it stands in questions of every kind.
pub(crate) fn is_common(folded: &str, locale: Locale) -> bool {
    LANGUAGES
        .iter()
        .any(|(of, language)| *of == locale && language.common.contains(folded))
}

/// How much a text of the integrator speaks of each intent, 0 to 1, the most first.
pub(crate) fn topics(text: &str, locale: Locale) -> Vec<(Intent, f32)> {
    let Some((_, language)) = LANGUAGES.iter().find(|(of, _)| *of == locale) else {
        return Vec::new();
    };
    let mut topics: Vec<(Intent, f32)> = language
        .scores(text::head(text, ENOUGH))
        .into_iter()
        .map(|(intent, score)| (intent, (score / 4.0).min(1.0)))
        .filter(|(_, score)| *score >= 0.15)
        .collect();
    topics.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    topics
}

/// Reads a text of a language; `None` when nothing is spoken of that the lists know.
pub(crate) fn read(text: &str, locale: Locale) -> Option<Reading> {
    let (_, language) = LANGUAGES.iter().find(|(of, _)| *of == locale)?;
    let mut scores = language.scores(text::head(text, ENOUGH));
    // Displeasure is how a matter is told; it is the matter only when there is no other.
    let matter = scores
        .iter()
        .any(|(intent, score)| *intent != Intent::Complaint && *score >= STRONG);
    if matter {
        for (intent, score) in &mut scores {
            if *intent == Intent::Complaint {
                *score *= 0.25;
            }
        }
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let urgent = urgent(&scores);
    let order = ["[ORDER_", "[TRACKING_"]
        .iter()
        .any(|tag| text.contains(tag));
    let enough = if order { SPOKEN_OF_ORDER } else { SPOKEN_OF };
    let lead = scores
        .first()
        .copied()
        .filter(|(_, score)| *score >= enough);
    let (intent, score) = urgent.or_else(|| Some(told(&scores, lead?)))?;
    let second = scores
        .iter()
        .find(|(other, other_score)| *other != intent && *other_score >= SECOND.max(score * 0.5));
    let rival = scores
        .iter()
        .filter(|(other, _)| *other != intent)
        .map(|(other, score)| {
            if intent.tolerates(*other) {
                score * 0.3
            } else {
                *score
            }
        })
        .fold(0.0f32, f32::max);
    let strength = (score / 4.0).min(1.0);
    let lead = ((score - rival) / score).clamp(0.0, 1.0);
    let confidence = if urgent.is_some() {
        strength.max(0.5)
    } else {
        (strength * lead * 1.5).min(1.0)
    };
    Some(Reading {
        intent,
        confidence,
        second: second.map(|(intent, _)| *intent),
    })
}

/// What only a human may handle leads as soon as it is clearly spoken of, whatever else the mail holds. The scores are
/// sorted. Access is asked for in the words of every other right, so it stands behind them.
fn urgent(scores: &[(Intent, f32)]) -> Option<(Intent, f32)> {
    let mut clear = scores
        .iter()
        .filter(|(intent, score)| intent.is_for_human() && *score >= STRONG)
        .copied();
    let first = clear.next()?;
    // Whoever threatens, or was robbed, may ask for a person as well.
    if first.0 == Intent::HumanWanted {
        return clear
            .find(|(intent, _)| !matches!(intent, Intent::Right(_)))
            .or(Some(first));
    }
    if first.0 == Intent::Right(RightAsked::Access) {
        return clear
            .find(|(intent, score)| matches!(intent, Intent::Right(_)) && *score >= first.1 * 0.5)
            .or(Some(first));
    }
    Some(first)
}

/// Of intents that are told together the one that says what happened: trouble before what is wished for because of
/// it, a missing parcel before the question where it is. The scores are sorted and `lead` is the first.
fn told(scores: &[(Intent, f32)], lead: (Intent, f32)) -> (Intent, f32) {
    scores
        .iter()
        .filter(|(intent, score)| intent.explains(lead.0) && *score >= STRONG.max(lead.1 * 0.4))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(lead, |(intent, score)| (*intent, score.max(lead.1)))
}

impl Language {
    fn new(entries: Vec<Entry>) -> Self {
        let mut vocabulary = BTreeSet::new();
        for cue in entries.iter().flat_map(|entry| &entry.cues) {
            cue.vocabulary(&mut vocabulary);
        }
        let mut used: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (e, entry) in entries.iter().enumerate() {
            for word in entry.examples.iter().flat_map(|text| text::words(text)) {
                used.entry(word.folded).or_default().insert(e);
            }
        }
        Self {
            examples: Examples::new(&entries),
            index: Index::new(&entries),
            entries,
            vocabulary,
            common: used
                .into_iter()
                .filter(|(_, intents)| intents.len() >= COMMON)
                .map(|(word, _)| word)
                .collect(),
        }
    }

    fn scores(&self, text: &str) -> Vec<(Intent, f32)> {
        let mut likeness = vec![0f32; self.entries.len()];
        let mut hits = vec![[0f32; 2]; self.entries.len()];
        // Sums of floats depend on their order: the set is in order.
        let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut found = Vec::new();
        for range in text::sentences(text) {
            let sentence = text.get(range).unwrap_or_default();
            let words = self.words(sentence);
            for (at, word) in words.iter().enumerate() {
                for number in self.index.at(word).filter(|number| !seen.contains(number)) {
                    if self
                        .cue(number)
                        .is_some_and(|cue| cue.stands_at(&words, at))
                    {
                        found.push(number);
                    }
                }
                seen.extend(found.drain(..));
            }
            self.examples.raise(sentence, &mut likeness);
        }
        for number in seen {
            let hit = hits.get_mut(number.0);
            if let (Some(hit), Some(cue)) = (hit, self.cue(number)) {
                match cue.strength {
                    Strength::Strong => hit[0] += STRONG,
                    Strength::Weak => hit[0] += WEAK,
                    Strength::Against => hit[1] += AGAINST,
                }
            }
        }
        self.entries
            .iter()
            .zip(hits)
            .zip(likeness)
            .map(|((entry, [found, against]), alike)| {
                let alike = ((alike - LIKENESS_FLOOR) / (1.0 - LIKENESS_FLOOR)).max(0.0);
                let score = found.min(CUE_CAP) + against + LIKENESS * alike;
                (entry.intent, score.max(0.0))
            })
            .collect()
    }

    fn cue(&self, (entry, cue): (usize, usize)) -> Option<&Cue> {
        self.entries.get(entry)?.cues.get(cue)
    }

    /// The words of a sentence, a word that is one slip away from a word of the cues read as that.
    fn words(&self, sentence: &str) -> Vec<String> {
        let mut words: Vec<String> = text::words(sentence)
            .into_iter()
            .map(|word| {
                if word.folded.starts_with('#') || self.vocabulary.contains(&word.folded) {
                    word.folded
                } else {
                    self.respelled(&word.folded).unwrap_or(word.folded)
                }
            })
            .collect();
        if sentence.contains('?') {
            words.push("?".to_owned());
        }
        words
    }

    fn respelled(&self, word: &str) -> Option<String> {
        let length = word.chars().count();
        if length < 6 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        let first = word.get(..1)?;
        self.vocabulary
            .range(first.to_owned()..)
            .take_while(|known| known.starts_with(first))
            .filter(|known| known.len() >= 6 && known.len().abs_diff(length) <= 1)
            .find(|known| one_slip(word.as_bytes(), known.as_bytes()))
            .cloned()
    }
}

/// Whether two words differ by one letter too many or too few, or by two neighbours swapped. Another letter makes
/// another word too often (shopping, shipping).
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (Some(a), Some(b)) = (a.get(same..), b.get(same..)) else {
        return false;
    };
    match (a, b) {
        ([_, rest_a @ ..], _) if rest_a == b => true,
        (_, [_, rest_b @ ..]) if a == rest_b => true,
        ([x, y, rest_a @ ..], [v, w, rest_b @ ..]) => x == w && y == v && rest_a == rest_b,
        _ => false,
    }
}

impl Examples {
    fn new(entries: &[Entry]) -> Self {
        let mut rows: Vec<(usize, HashMap<u32, f32>)> = Vec::new();
        let mut df: HashMap<u32, f32> = HashMap::new();
        for (e, entry) in entries.iter().enumerate() {
            for example in &entry.examples {
                let mut row = HashMap::new();
                text::grams(example, |gram| {
                    row.insert(gram, 1.0);
                });
                for gram in row.keys() {
                    *df.entry(*gram).or_default() += 1.0;
                }
                rows.push((e, row));
            }
        }
        let all = rows.len() as f32;
        let idf: HashMap<u32, f32> = df
            .into_iter()
            .map(|(gram, n)| (gram, ((1.0 + all) / (1.0 + n)).ln() + 1.0))
            .collect();
        let mut postings: HashMap<u32, Vec<(u32, f32)>> = HashMap::new();
        let mut entry = Vec::new();
        for (number, (e, row)) in (0u32..).zip(rows) {
            entry.push(e);
            let weight = |gram: &u32| idf.get(gram).copied().unwrap_or(1.0);
            let mut grams: Vec<u32> = row.into_keys().collect();
            // Sums of floats depend on their order.
            grams.sort_unstable();
            let norm: f32 = grams.iter().map(|gram| weight(gram).powi(2)).sum();
            for gram in grams {
                let share = weight(&gram) / norm.sqrt();
                postings.entry(gram).or_default().push((number, share));
            }
        }
        Self {
            unseen: (1.0 + all).ln() + 1.0,
            idf,
            postings,
            entry,
        }
    }

    /// Raises the likeness of every entry to that of its example nearest to the sentence.
    fn raise(&self, sentence: &str, likeness: &mut [f32]) {
        let mut grams = BTreeSet::new();
        text::grams(sentence, |gram| {
            grams.insert(gram);
        });
        let mut cosine = vec![0f32; self.entry.len()];
        let mut norm = 0.0;
        for gram in grams {
            let weight = self.idf.get(&gram).copied().unwrap_or(self.unseen);
            norm += weight * weight;
            for (number, share) in self.postings.get(&gram).into_iter().flatten() {
                if let Some(sum) = cosine.get_mut(*number as usize) {
                    *sum += weight * share;
                }
            }
        }
        if norm == 0.0 {
            return;
        }
        for (e, sum) in self.entry.iter().zip(cosine) {
            if let Some(best) = likeness.get_mut(*e) {
                *best = best.max(sum / norm.sqrt());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_intent() {
        assert_eq!(LANGUAGES.len(), 7);
        for (locale, language) in LANGUAGES.iter() {
            let missing: Vec<_> = Intent::ALL
                .iter()
                .filter(|intent| !language.entries.iter().any(|e| e.intent == **intent))
                .collect();
            assert!(missing.is_empty(), "{locale:?}: {missing:?}");
            for entry in &language.entries {
                assert!(entry.examples.len() >= 2, "{locale:?} {}", entry.intent);
                assert!(!entry.cues.is_empty(), "{locale:?} {}", entry.intent);
            }
        }
    }

    #[test]
    fn data_files_parse() {
        for name in ["de", "en", "es", "fr", "it", "nl", "pt"] {
            let path = format!("{}/data/intents/{name}.txt", env!("CARGO_MANIFEST_DIR"));
            let data = std::fs::read_to_string(path).unwrap();
            assert_eq!(cues::parse(&data).err(), None, "{name}");
        }
    }

    #[test]
    fn slips() {
        for (a, b, slip) in [
            ("bestelung", "bestellung", true),
            ("bestellugn", "bestellung", true),
            ("refundd", "refund", true),
            ("shopping", "shipping", false),
            ("broken", "spoken", false),
            ("returns", "refunds", false),
        ] {
            assert_eq!(one_slip(a.as_bytes(), b.as_bytes()), slip, "{a} {b}");
        }
    }

    /// Leave-nothing-out reading of our own examples: the lists must at least agree with themselves.
    #[test]
    fn examples_are_read_as_what_they_are() {
        let mut wrong = Vec::new();
        let mut all = 0;
        for (locale, language) in LANGUAGES.iter() {
            for entry in &language.entries {
                for example in &entry.examples {
                    all += 1;
                    let got = read(example, *locale).map(|r| r.intent);
                    if got != Some(entry.intent) {
                        wrong.push(format!("{locale:?} {} -> {got:?}: {example}", entry.intent));
                    }
                }
            }
        }
        println!("{}", wrong.join("\n"));
        assert!(wrong.len() * 50 <= all, "{} of {all}", wrong.len());
    }
}
