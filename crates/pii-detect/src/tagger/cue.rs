//! What the words before a token announce: a greeting, a title, a field's label.

use crate::cues::{Class, beginning, phrase_at};
use crate::token::{Gap, Tokens};

/// What a token stands behind, one bit for each sort of announcement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Announced(u16);

/// The lists that announce something, in the order of their bits.
const LISTS: [Class; 12] = [
    Class::SELF,
    Class::INTRO,
    Class::IAM,
    Class::TITLE,
    Class::RELATION,
    Class::GREETING,
    Class::SIGNOFF,
    Class::LABEL,
    Class::ADDRESS_CUE,
    Class::STRONG_PLACE_CUE,
    Class::PLACE_CUE,
    Class::WROTE,
];
const ANY: Class = Class::SELF
    .or(Class::INTRO)
    .or(Class::IAM)
    .or(Class::TITLE)
    .or(Class::RELATION)
    .or(Class::GREETING)
    .or(Class::SIGNOFF)
    .or(Class::LABEL)
    .or(Class::ADDRESS_CUE)
    .or(Class::STRONG_PLACE_CUE)
    .or(Class::PLACE_CUE)
    .or(Class::WROTE);
/// The place in [`LISTS`] of the class of every bit.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static BIT_OF: [u8; 32] = {
    let mut of = [u8::MAX; 32];
    let mut at = 0;
    while at < LISTS.len() {
        of[LISTS[at].bits().trailing_zeros() as usize] = at as u8;
        at += 1;
    }
    of
};
/// "Anna wrote:", before the verb.
const WRITES: u16 = 1 << 12;
/// A relation that belongs to somebody: "my wife".
const OWNED: u16 = 1 << 13;
/// A label or a formula and a line break.
const BROKEN: u16 = 1 << 14;

impl Announced {
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }

    /// Something that hardly ever stands before anything but a name or an address.
    pub(crate) const fn strong(self) -> bool {
        // SELF, INTRO, TITLE, GREETING, SIGNOFF, LABEL, ADDRESS_CUE, STRONG_PLACE_CUE.
        self.0 & 0b0011_1110_1011 != 0
    }
}

/// What is announced at every token.
pub(crate) fn announced(tokens: &Tokens<'_>) -> Vec<Announced> {
    let all = tokens.all();
    let mut said = vec![Announced::default(); all.len()];
    for (at, here) in beginning(tokens, ANY) {
        let mut rest = here.bits() & ANY.bits();
        while rest != 0 {
            let class = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let bit = usize::from(BIT_OF.get(class).copied().unwrap_or(0));
            let Some(list) = LISTS.get(bit) else { continue };
            let Some(len) = phrase_at(tokens, at, *list) else {
                continue;
            };
            let next = at + len;
            let Some(slot) = said.get_mut(next) else {
                continue;
            };
            let gap = tokens.gap(next);
            let mut bits = 1 << bit;
            match *list {
                Class::LABEL => {
                    if !tokens.between(next).contains([':', '=', '|', '\t']) {
                        continue;
                    }
                    if gap == Gap::Line {
                        bits |= BROKEN;
                    }
                }
                Class::SIGNOFF => {
                    if !(tokens.sentence_start(at) || tokens.gap(at) == Gap::Comma) {
                        continue;
                    }
                    if gap == Gap::Line {
                        bits |= BROKEN;
                    }
                }
                Class::GREETING => {
                    if gap == Gap::Line {
                        continue;
                    }
                }
                Class::RELATION => {
                    let owned = (1..=2).any(|back| {
                        at.checked_sub(back)
                            .and_then(|i| all.get(i))
                            .is_some_and(|t| t.class.has(Class::MY))
                    });
                    if owned {
                        bits |= OWNED;
                    }
                    if !matches!(gap, Gap::Space | Gap::Comma | Gap::Colon) {
                        continue;
                    }
                }
                Class::WROTE => {}
                _ => {
                    if !matches!(gap, Gap::Space | Gap::Colon | Gap::Comma | Gap::Dot) {
                        continue;
                    }
                }
            }
            slot.0 |= bits;
            if *list == Class::WROTE
                && at > 0
                && let Some(before) = said.get_mut(at - 1)
            {
                before.0 |= WRITES;
            }
        }
    }
    said
}
