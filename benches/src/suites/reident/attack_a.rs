//! Attacker A: has the register and what was published, and joins the two.

use super::data::{Data, LANGS};
use super::evidence::{CHANNELS, Clue, Index, NAME, Vocabulary, of_person};
use super::text::{Rng, mix, real};
use super::{Person, Published, Ranking};
use std::collections::{BTreeMap, HashMap};

/// Candidates kept for a text.
const KEPT: usize = 10;

/// Attacker A with the register learned, for several lots of published texts.
#[derive(Debug)]
pub struct AttackerA<'a> {
    register: &'a [Person],
    vocabulary: Vocabulary,
    index: Index,
    speakers: BTreeMap<&'static str, Vec<usize>>,
}

/// Ranks the persons of the register for every published text: [`AttackerA::rank`] for one lot.
#[must_use]
pub fn attacker_a(register: &[Person], published: &[Published], seed: u64) -> Ranking {
    AttackerA::new(register).rank(published, seed)
}

impl<'a> AttackerA<'a> {
    /// Learns the register.
    #[must_use]
    pub fn new(register: &'a [Person]) -> Self {
        let mut index = Index::new();
        let mut speakers: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (who, person) in register.iter().enumerate() {
            for clue in of_person(person).into_vec() {
                index.entry(clue.key).or_default().push(who);
            }
            speakers.entry(person.lang).or_default().push(who);
        }
        Self {
            register,
            vocabulary: Vocabulary::new(&Data::load()),
            index,
            speakers,
        }
    }

    /// Ranks the persons of the register for every published text.
    ///
    /// Sees the texts alone, never the tickets they stand for. Each clue weighs by how few persons have it and by how
    /// few texts do; equal scores are drawn with `seed`.
    #[must_use]
    pub fn rank(&self, published: &[Published], seed: u64) -> Ranking {
        let texts: Vec<&str> = published.iter().map(|p| p.text.as_str()).collect();
        self.join(&texts, seed)
    }

    fn join(&self, texts: &[&str], seed: u64) -> Ranking {
        let (register, vocabulary) = (self.register, &self.vocabulary);
        let (index, speakers) = (&self.index, &self.speakers);
        let clues: Vec<Vec<Clue>> = texts
            .iter()
            .map(|t| vocabulary.of_text(t, index).into_vec())
            .collect();
        let mut seen: HashMap<u64, usize> = HashMap::new();
        for clue in clues.iter().flatten() {
            *seen.entry(clue.key).or_default() += 1;
        }
        let all = real(register.len());
        let count = real(texts.len()) + 1.0;
        let mut rows = Vec::new();
        let mut scores = vec![[0.0_f64; CHANNELS]; register.len()];
        for (n, (text, clues)) in texts.iter().zip(&clues).enumerate() {
            let mut touched = Vec::new();
            for clue in clues {
                let persons = index.get(&clue.key).map_or(&[][..], Vec::as_slice);
                let texts = real(seen.get(&clue.key).copied().unwrap_or(1));
                let common = ((count / texts).ln() / count.ln()).max(0.01).sqrt();
                let weight = (all / real(persons.len())).ln() * clue.factor * common;
                for who in persons {
                    let Some(row) = scores.get_mut(*who) else {
                        continue;
                    };
                    if row.iter().all(|s| *s == 0.0) {
                        touched.push(*who);
                    }
                    if let Some(slot) = row.get_mut(clue.channel) {
                        *slot = if clue.channel == NAME {
                            *slot + weight
                        } else {
                            slot.max(weight)
                        };
                    }
                }
            }
            let spoken = vocabulary
                .language(text)
                .filter(|l| speakers.contains_key(l));
            let speaks = |who: usize| {
                let same = register.get(who).map(|p| p.lang) == spoken;
                let n = spoken.and_then(|l| speakers.get(l)).map_or(1, Vec::len);
                if same { (all / real(n)).ln() } else { 0.0 }
            };
            let mut found: Vec<(usize, f64)> = Vec::new();
            for who in touched {
                if let Some(row) = scores.get_mut(who) {
                    found.push((who, row.iter().sum::<f64>() + speaks(who)));
                    *row = [0.0; CHANNELS];
                }
            }
            // Persons without any clue tie with one another: a few of them stand for all.
            let salt = mix(seed ^ mix(u64::try_from(n).unwrap_or(0)));
            let mut rng = Rng(salt);
            let mut fill = |pool: &[usize]| {
                for _ in 0..KEPT * 2 {
                    let who = pool.get(rng.below(pool.len())).copied().unwrap_or(0);
                    if found.iter().all(|f| f.0 != who) {
                        found.push((who, speaks(who)));
                    }
                }
            };
            if let Some(pool) = spoken.and_then(|l| speakers.get(l)) {
                fill(pool);
            }
            for (lang, _) in LANGS {
                fill(speakers.get(lang).map_or(&[][..], Vec::as_slice));
            }
            let draw = |who: usize| mix(salt ^ u64::try_from(who).unwrap_or(0));
            found.sort_by(|a, b| b.1.total_cmp(&a.1).then(draw(a.0).cmp(&draw(b.0))));
            found.truncate(KEPT);
            rows.push(found);
        }
        Ranking { rows }
    }
}
