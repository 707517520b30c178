//! The table in the making: what is known of every folded word, and its bytes.

use crate::fold::{Words, hash_word};
use crate::layout::{
    AMBIGUOUS, BUCKET, BUCKETS, COUNT_AT, COUNTRY, FLAGS_AT, FULL_AT, GIVEN, HIGH_AT, MAGIC,
    MOSTLY_NAME, MOSTLY_PLACE, MOSTLY_PLAIN, ROOM, SPILLED, SURNAME, TOWN_HEAD, TOWN_MASK,
    TOWN_SHIFT, WORD, key,
};
use std::collections::BTreeMap;

/// Capitalised occurrences by label, and lower-case ones outside names.
#[derive(Default)]
struct Seen {
    name: u32,
    place: u32,
    plain: u32,
    other: u32,
    lower: u32,
    lower_name: u32,
}

/// What is known of every word, by key.
#[derive(Default)]
pub(crate) struct Table {
    flags: BTreeMap<u64, u16>,
    seen: BTreeMap<u64, Seen>,
}

impl Table {
    /// Adds the words of a given name.
    pub(crate) fn given(&mut self, name: &str) {
        self.name(name, GIVEN);
    }

    /// Adds the words of a family name.
    pub(crate) fn surname(&mut self, name: &str) {
        self.name(name, SURNAME);
    }

    fn name(&mut self, name: &str, flag: u16) {
        for word in words(name) {
            let long = word.chars().count() >= 2;
            if long && word.starts_with(char::is_uppercase) {
                for spelling in spellings(word) {
                    *self.flags.entry(key(hash_word(&spelling))).or_default() |= flag;
                }
            }
        }
    }

    /// Adds a town under its whole name.
    pub(crate) fn town(&mut self, name: &str, class: u16) {
        for spelling in spellings(name) {
            let flags = self.phrase(&spelling);
            let now = (*flags >> TOWN_SHIFT) & TOWN_MASK;
            *flags = (*flags & !(TOWN_MASK << TOWN_SHIFT)) | (now.max(class) << TOWN_SHIFT);
        }
    }

    /// Adds a country under its whole name.
    pub(crate) fn country(&mut self, name: &str) {
        *self.phrase(name) |= COUNTRY;
    }

    fn phrase(&mut self, phrase: &str) -> &mut u16 {
        let all: Vec<&str> = words(phrase).collect();
        let hash = all
            .iter()
            .fold(Words::default(), |hash, word| hash.and(hash_word(word)));
        if let [first, _, ..] = all.as_slice() {
            *self.flags.entry(key(hash_word(first))).or_default() |= TOWN_HEAD;
        }
        self.flags.entry(key(hash.finish())).or_default()
    }

    /// Adds the code of a word; of two words that fold to one, the more frequent counts.
    pub(crate) fn word(&mut self, word: &str, code: u16) {
        let flags = self.flags.entry(key(hash_word(word))).or_default();
        *flags = (*flags & !WORD) | (*flags & WORD).max(code);
    }

    /// Counts one token of tagged text.
    pub(crate) fn seen(&mut self, token: &str, label: &str) {
        if token.chars().count() < 2 || !token.chars().all(char::is_alphabetic) {
            return;
        }
        let seen = self.seen.entry(key(hash_word(token))).or_default();
        let count = match (token.starts_with(char::is_uppercase), label.get(2..)) {
            (true, Some("PER")) => &mut seen.name,
            (true, Some("LOC" | "ADDR")) => &mut seen.place,
            // Clubs and firms: plain words, unless they borrow the name of a town.
            (true, Some(_)) => &mut seen.other,
            (true, _) => &mut seen.plain,
            (false, Some("PER")) => &mut seen.lower_name,
            (false, _) => &mut seen.lower,
        };
        *count += 1;
    }

    /// Draws the conclusions once everything is read.
    pub(crate) fn settle(&mut self) {
        for (key, seen) in &mut self.seen {
            let town = self
                .flags
                .get(key)
                .is_some_and(|flags| (flags >> TOWN_SHIFT) & TOWN_MASK >= 2);
            if !town {
                seen.plain += std::mem::take(&mut seen.other);
            }
            let capital = seen.name + seen.place + seen.plain + seen.other;
            let mut flag = 0;
            if capital >= 3 {
                let most = |n: u32| n * 10 >= capital * 8;
                if most(seen.name) && seen.lower <= seen.name {
                    flag |= MOSTLY_NAME;
                } else if seen.plain * 10 >= (capital - seen.other) * 8 && seen.plain > seen.other {
                    flag |= MOSTLY_PLAIN;
                } else if seen.place * 10 >= (capital - seen.other) * 7 && seen.place >= 3 {
                    flag |= MOSTLY_PLACE;
                }
            }
            // A word known only as plain is worth an entry when it is met often enough to mislead.
            if flag & MOSTLY_PLAIN != 0 && capital < 4 && !self.flags.contains_key(key) {
                continue;
            }
            if flag != 0 {
                *self.flags.entry(*key).or_default() |= flag;
            }
            let names = seen.name + seen.lower_name;
            // Streets and squares bear people's names; a place only speaks against one that is a town's as well.
            let places = if town { seen.place } else { 0 };
            let others = seen.plain + seen.lower + places;
            if let Some(flags) = self.flags.get_mut(key)
                && *flags & (GIVEN | SURNAME) != 0
                && others > names
                && others >= 3
            {
                *flags |= AMBIGUOUS;
            }
        }
        for (key, flags) in &mut self.flags {
            // Without tagged evidence the statistics decide: often lower-case, seldom capitalised.
            let code = (*flags & WORD).saturating_sub(1);
            let (bucket, capitals) = (code / 4, code % 4);
            let tagged = self
                .seen
                .get(key)
                .is_some_and(|s| s.name + s.plain + s.lower + s.place + s.lower_name >= 3);
            if *flags & (GIVEN | SURNAME) != 0 && !tagged && bucket >= 2 && capitals <= 1 {
                *flags |= AMBIGUOUS;
            }
        }
        self.flags.retain(|_, flags| *flags != 0);
    }

    /// The file, as `layout` describes it.
    #[expect(clippy::indexing_slicing, reason = "places below ROOM lie in a bucket")]
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let mut buckets = vec![[0u8; BUCKET]; BUCKETS];
        let mut spilled = Vec::new();
        for (key, flags) in &self.flags {
            let bucket = usize::try_from(key >> 24).map_err(|e| e.to_string())?;
            let bucket = buckets
                .get_mut(bucket)
                .ok_or("key beyond the last bucket")?;
            let at = usize::from(bucket[COUNT_AT]);
            let [low, next, high, ..] = key.to_le_bytes();
            if at == ROOM {
                bucket[FULL_AT] = 1;
                spilled.extend(key.to_le_bytes().iter().take(5));
                spilled.extend(flags.to_le_bytes());
                continue;
            }
            bucket[2 * at..2 * at + 2].copy_from_slice(&[low, next]);
            let flags_at = FLAGS_AT + 2 * at;
            bucket[flags_at..flags_at + 2].copy_from_slice(&flags.to_le_bytes());
            bucket[HIGH_AT + at] = high;
            bucket[COUNT_AT] += 1;
        }
        let number = |of: usize| u32::try_from(of).map(u32::to_le_bytes);
        let mut out = MAGIC.to_vec();
        out.extend(number(self.flags.len()).map_err(|e| e.to_string())?);
        out.extend(number(spilled.len() / SPILLED).map_err(|e| e.to_string())?);
        out.resize(BUCKET, 0);
        out.extend(buckets.as_flattened());
        out.extend(spilled);
        Ok(out)
    }

    /// Counts of entries by flag, for the person who runs the tool.
    pub(crate) fn summary(&self) -> String {
        let count = |f: &dyn Fn(u16) -> bool| self.flags.values().filter(|v| f(**v)).count();
        format!(
            "entries {}\ngiven {}\nsurname {}\nambiguous {}\ntown {}\ncountry {}\nword {}\nmostly name {}\nmostly plain {}\nmostly place {}",
            self.flags.len(),
            count(&|v| v & GIVEN != 0),
            count(&|v| v & SURNAME != 0),
            count(&|v| v & AMBIGUOUS != 0),
            count(&|v| (v >> TOWN_SHIFT) & TOWN_MASK != 0),
            count(&|v| v & COUNTRY != 0),
            count(&|v| v & WORD != 0),
            count(&|v| v & MOSTLY_NAME != 0),
            count(&|v| v & MOSTLY_PLAIN != 0),
            count(&|v| v & MOSTLY_PLACE != 0),
        )
    }
}

/// Runs of letters and digits.
fn words(phrase: &str) -> impl Iterator<Item = &str> {
    phrase
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// A name as written and, where it has German umlauts, with digraphs (`Mueller`).
fn spellings(name: &str) -> Vec<String> {
    let digraphs = [
        ("\u{e4}", "ae"),
        ("\u{f6}", "oe"),
        ("\u{fc}", "ue"),
        ("\u{c4}", "Ae"),
        ("\u{d6}", "Oe"),
        ("\u{dc}", "Ue"),
    ];
    let mut all = vec![name.to_owned()];
    if digraphs.iter().any(|(umlaut, _)| name.contains(umlaut)) {
        let other = digraphs
            .iter()
            .fold(name.to_owned(), |name, (umlaut, two)| {
                name.replace(umlaut, two)
            });
        all.push(other);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn sample() -> Table {
        let mut table = Table::default();
        table.given("Jean-Pierre");
        table.surname("M\u{fc}ller");
        table.town("Frankfurt am Main", 3);
        table.word("haus", 8);
        for _ in 0..4 {
            table.seen("Rose", "O");
        }
        table.given("Rose");
        table.settle();
        table
    }

    #[test]
    fn same_input_gives_the_same_bytes() {
        let bytes = sample().to_bytes().unwrap();
        assert_eq!(bytes, sample().to_bytes().unwrap());
        // jean, pierre, rose, muller, mueller, frankfurt, "frankfurt am main", haus
        assert_eq!(bytes.get(8..12), Some(&8u32.to_le_bytes()[..]));
    }

    #[test]
    fn a_name_that_is_mostly_a_word_is_ambiguous() {
        assert!(sample().summary().contains("ambiguous 1"));
    }
}
