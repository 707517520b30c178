//! What stands around a word: somebody it speaks of, or a shop.

use super::table::{AS, BE, HE, Hit, KID, Language, POSS, PRODUCT, SELF, SELFBE, SHOP, YEARS};
use crate::scan::Scan;
use crate::token::Gap;

/// A place in a text, read with the words of a language (and those of the text, where that is another).
#[derive(Clone, Copy)]
pub(super) struct Around<'a, 't> {
    pub(super) scan: &'a Scan<'t>,
    pub(super) language: &'a Language,
    pub(super) own: Option<&'a Language>,
}

/// Somebody.
pub(super) const SOMEBODY: u32 = SELF | POSS | KID | HE;

impl Around<'_, '_> {
    /// Sections of a word.
    pub(super) fn of(&self, at: usize) -> u32 {
        let tokens = &self.scan.tokens;
        let own = self
            .own
            .map_or(0, |own| own.of(tokens, at) & (PRODUCT | SHOP));
        self.language.of(tokens, at) | own
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
        if hit.stem != 0 && self.language.ends_in_product(tokens.word(at)) {
            return true;
        }
        for next in at + hit.len..at + hit.len + 3 {
            if self.ends_clause(next) {
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
        for _ in 0..4 {
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

    /// The clause speaks of stock, sizes and colours.
    pub(super) fn shop(&self, at: usize, len: usize) -> bool {
        let tokens = &self.scan.tokens;
        let mut here = at;
        for _ in 0..8 {
            if self.breaks(here) {
                break;
            }
            let Some(before) = here.checked_sub(1) else {
                break;
            };
            here = before;
            if self.of(here) & SHOP != 0 || self.language.phrase_of(tokens, here, SHOP) != 0 {
                return true;
            }
        }
        for next in at + len..at + len + 6 {
            if self.breaks(next) {
                break;
            }
            if self.of(next) & SHOP != 0 || self.language.phrase_of(tokens, next, SHOP) != 0 {
                return true;
            }
        }
        false
    }

    /// In quotes, like a title.
    pub(super) fn quoted(&self, at: usize, len: usize) -> bool {
        let tokens = &self.scan.tokens;
        let marks = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}'];
        let opens = (at.saturating_sub(3)..=at).any(|i| tokens.between(i).contains(marks));
        let closes = (at + len..at + len + 4).any(|i| tokens.between(i).contains(marks));
        opens && closes
    }
}
