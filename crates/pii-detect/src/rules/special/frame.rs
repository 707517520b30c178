//! What stands around a word: somebody it speaks of, or a shop.

use super::table::{AS, BE, HE, Hit, KID, Language, POSS, PRODUCT, SELF, SELFBE, SHOP, YEARS};
use crate::locale::Locale;
use crate::rules::few::Few;
use crate::scan::Scan;
use crate::token::{Gap, Signs};

/// A place in a text, read with the words of a language (and those of the text, where that is another).
#[derive(Clone, Copy)]
pub(super) struct Around<'t> {
    pub(super) scan: &'t Scan<'t>,
    pub(super) language: Language,
    pub(super) own: Option<Language>,
}

/// Somebody.
pub(super) const SOMEBODY: u32 = SELF | POSS | KID | HE;

/// Articles, possessives of the one who is asked, conjunctions and places: what is sold behind them is not of the word before.
static OTHERS: Few = Few::new(&[
    "the", "your", "this", "that", "these", "so", "but", "which", "if", "when", "then", "le", "la",
    "les", "votre", "vos", "cette", "donc", "mais", "der", "die", "das", "den", "ihr", "ihre",
    "aber", "deshalb", "el", "los", "las", "vuestra", "vuestro", "pero", "il", "gli", "vostro",
    "vostra", "ma", "quindi", "het", "uw", "jullie", "dus", "maar", "mas", "wenn", "als", "and",
    "und", "et", "y", "e", "en", "in", "at", "ins", "im", "am", "zum", "dans", "chez", "nel", "na",
    "em", "o", "os",
]);

impl Around<'_> {
    /// Sections of a word.
    pub(super) fn of(&self, at: usize) -> u32 {
        let tokens = &self.scan.tokens;
        let own = self
            .own
            .filter(|own| own.locale != self.language.locale)
            .map_or(0, |own| own.of(tokens, at) & (PRODUCT | SHOP));
        let bits = self.language.of(tokens, at) | own;
        // "porte", "sitze": a verb of somebody before it is a thing.
        if bits & (BE | SELFBE) != 0 {
            bits & !PRODUCT
        } else {
            bits
        }
    }

    /// Whether a word is listed in one of the sections `bits`.
    pub(super) fn says(&self, at: usize, bits: u32) -> bool {
        self.language.listed(&self.scan.tokens, at) & bits != 0
    }

    /// Whether a sentence ends before the token.
    pub(super) fn breaks(&self, at: usize) -> bool {
        let tokens = &self.scan.tokens;
        match tokens.gap(at) {
            Gap::Start | Gap::Line => true,
            Gap::Dot => tokens.before(at).is_none_or(|t| t.chars > 2 || t.digits()),
            Gap::Other => tokens
                .between(at)
                .contains(['!', '?', ';', '.', '\u{2022}', '|']),
            _ => false,
        }
    }

    /// Whether a clause ends before the token.
    fn ends_clause(&self, at: usize) -> bool {
        self.breaks(at)
            || !matches!(
                self.scan.tokens.gap(at),
                Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Dot
            )
    }

    /// Somebody's frame around a hit: "I am", "my husband has had", "as a", "due to my"; the verb behind it in
    /// German and Dutch clauses. `reach` is how many words may stand between.
    pub(super) fn framed(&self, at: usize, len: usize, reach: usize) -> bool {
        let mut verb: Option<usize> = None;
        let mut here = at;
        let mut somebody = false;
        for distance in 1..=reach + 6 {
            if self.breaks(here) {
                break;
            }
            let Some(before) = here.checked_sub(1) else {
                break;
            };
            let clause = self.ends_clause(here);
            here = before;
            let bits = self.of(here);
            if distance <= reach && bits & SELFBE != 0 {
                return true;
            }
            if distance <= 3 && !clause && bits & (POSS | AS) != 0 {
                return true;
            }
            // "mein Hund ist", "il motore \u{e8}": the subject is no person.
            if bits & PRODUCT != 0 && verb.is_some_and(|verb| distance == verb + 1) {
                return false;
            }
            if verb.is_some_and(|verb| distance <= verb + 5) && bits & SOMEBODY != 0 {
                return true;
            }
            somebody |= bits & SOMEBODY != 0;
            if distance <= reach && bits & BE != 0 {
                verb = Some(distance);
            }
            if bits & PRODUCT != 0 && verb.is_none() && distance <= 3 {
                return false;
            }
        }
        // "weil ich schwanger bin", "Diabetiker bin ich".
        for next in at + len..at + len + 3 {
            if self.ends_clause(next) {
                break;
            }
            let bits = self.of(next);
            if bits & SELFBE != 0 || somebody && bits & BE != 0 {
                return true;
            }
        }
        false
    }

    /// Something sold stands with the hit: "diabetic socks", "chaussettes pour diab\u{e9}tiques".
    pub(super) fn sold(&self, at: usize, hit: Hit) -> bool {
        let tokens = &self.scan.tokens;
        // Words are joined in these two: the end of "amputa\u{e7}\u{e3}o" is no dog.
        let compounds = matches!(self.language.locale, Locale::German | Locale::Dutch);
        if compounds && hit.stem != 0 && self.language.ends_in_product(tokens.word(at)) {
            return true;
        }
        for next in at + hit.len..at + hit.len + 3 {
            if self.ends_clause(next) {
                break;
            }
            // "my stoma so the shop", "on warfarin and your app": another thing begins.
            if self.begins_another(next) {
                break;
            }
            let bits = self.of(next);
            if bits & PRODUCT != 0 {
                return true;
            }
            if bits & (SOMEBODY | BE | SELFBE | YEARS) != 0 {
                break;
            }
        }
        let mut here = at;
        // "le forfait de mon fils": what belongs to somebody is not of his kind.
        // "your app scanned my face": nor is what somebody sells of the kind of what it does.
        let owned = (at..at + hit.len).any(|i| self.says(i, POSS));
        for _ in 0..if owned { 0 } else { 4 } {
            if self.ends_clause(here) {
                break;
            }
            let Some(before) = here.checked_sub(1) else {
                break;
            };
            here = before;
            let bits = self.of(here);
            if bits & PRODUCT != 0 {
                return true;
            }
            if bits & (SOMEBODY | BE | SELFBE) != 0 {
                break;
            }
        }
        false
    }

    /// Whether an article or a conjunction begins another thing than the one before it.
    fn begins_another(&self, at: usize) -> bool {
        let tokens = &self.scan.tokens;
        OTHERS.hold(tokens, at)
            || self.language.locale == Locale::Dutch && tokens.word(at).eq_ignore_ascii_case("de")
    }

    fn talks_shop(&self, at: usize) -> bool {
        let tokens = &self.scan.tokens;
        self.says(at, SHOP)
            || self
                .own
                .is_some_and(|own| own.listed(tokens, at) & SHOP != 0)
            || self.language.phrase_of(tokens, at, SHOP) != 0
    }

    /// The clause speaks of stock, sizes and colours.
    pub(super) fn shop(&self, at: usize, len: usize) -> bool {
        let mut here = at;
        for _ in 0..8 {
            if self.breaks(here) {
                break;
            }
            let Some(before) = here.checked_sub(1) else {
                break;
            };
            here = before;
            if self.talks_shop(here) {
                return true;
            }
        }
        for next in at + len..at + len + 6 {
            if self.breaks(next) {
                break;
            }
            if self.talks_shop(next) {
                return true;
            }
        }
        false
    }

    /// In quotes, like a title.
    pub(super) fn quoted(&self, at: usize, len: usize) -> bool {
        let tokens = &self.scan.tokens;
        if !tokens.signs().has(Signs::QUOTE) {
            return false;
        }
        let marks = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'];
        let opens = (at.saturating_sub(3)..=at).any(|i| tokens.between(i).contains(marks));
        let end = (at + len + 4).min(tokens.all().len() + 1);
        let closes = (at + len..end).any(|i| tokens.between(i).contains(marks));
        opens && closes
    }

    /// Somebody stands in the sentence, or it is so short that it can only be a note about somebody.
    pub(super) fn peopled(&self, at: usize, len: usize) -> bool {
        if (at..at + len).any(|i| self.says(i, SOMEBODY | SELFBE)) {
            return true;
        }
        let mut first = at;
        while at - first < 20 && !self.breaks(first) {
            let Some(before) = first.checked_sub(1) else {
                break;
            };
            first = before;
            if self.says(first, SOMEBODY | SELFBE) {
                return true;
            }
        }
        let mut end = at + len;
        while end - at < 14 && !self.breaks(end) {
            if self.says(end, SOMEBODY | SELFBE) {
                return true;
            }
            end += 1;
        }
        end - first <= len + 2
    }

    /// A hyphen makes the hit a part of another word: `HIV-Schleifen`, `UGT-20`, `cd-rom`.
    pub(super) fn joined(&self, at: usize, len: usize) -> bool {
        let tokens = &self.scan.tokens;
        tokens.gap(at + len) == Gap::Hyphen || tokens.gap(at) == Gap::Hyphen
    }

    /// A hyphen joins a number or a name: a mark or a model.
    pub(super) fn model(&self, at: usize, len: usize) -> bool {
        let tokens = &self.scan.tokens;
        tokens.gap(at + len) == Gap::Hyphen
            && tokens.get(at + len).is_some_and(|t| {
                t.digits() || t.capital() && self.language.locale != Locale::German
            })
    }
}
