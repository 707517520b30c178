//! Check digits and number plans, each from its public specification.
//!
//! Every function takes the compact form: ASCII digits and upper-case letters, no separators. A number is tested
//! against the schemes alone that have its length, and letters and digits in its places.

mod card;
mod carrier;
mod device;
mod iban;
mod iso7064;
mod national;
mod sums;
mod table;
mod vat;

use std::sync::LazyLock;

pub(crate) use card::{card_named, card_range};
pub(crate) use device::bic;
pub(crate) use iban::{iban, iban_length};
pub(crate) use sums::luhn;

use crate::kind::Kind;

/// Shortest and longest number of any scheme.
pub(crate) const SHORTEST: usize = 4;
/// Shortest of digits alone.
pub(crate) const FEWEST_DIGITS: usize = 5;
const LONGEST: usize = 40;

/// How a number is written: the lengths of its groups, four bits each, and the separators that may stand between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// `0x0a_02` is ten characters and two.
    pub(crate) groups: u64,
    /// Bits of [`separator`].
    pub(crate) separators: u8,
}

/// The bit of what stands between two groups of a number; `None` for what ends it.
pub(crate) fn separator(between: &str) -> Option<u8> {
    match between.as_bytes() {
        b" " => Some(SPACE),
        b"-" => Some(HYPHEN),
        b"." => Some(DOT),
        b"/" => Some(SLASH),
        [_] => None,
        _ => match between {
            "\u{a0}" | "\u{202f}" => Some(SPACE),
            "\u{2010}" | "\u{2011}" | "\u{2013}" => Some(HYPHEN),
            _ => None,
        },
    }
}

pub(crate) const SPACE: u8 = 1;
pub(crate) const HYPHEN: u8 = 2;
pub(crate) const DOT: u8 = 4;
pub(crate) const SLASH: u8 = 8;

/// What must stand with a number for the scheme to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Nothing: check digits and form are enough. Digits alone must be written together or in the usual groups.
    Form,
    /// The usual groups, or a word that says what it is.
    Groups,
    /// A word that says what it is.
    Cue,
}

/// A number plan: shape, check, and what it takes to believe it.
///
/// ```
/// use pii_detect::Scheme;
/// let pesel = Scheme::all().iter().find(|s| s.name() == "pl-pesel").ok_or("no such plan")?;
/// assert!(pesel.valid("44051401359") && !pesel.valid("44051401358"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug)]
pub struct Scheme {
    name: &'static str,
    kind: Kind,
    need: Need,
    /// `d` a digit, `a` a letter, `x` either, anything else itself.
    shapes: &'static [&'static str],
    written: &'static [Written],
    check: fn(&[u8]) -> Option<bool>,
    by_form: &'static str,
    by_cue: &'static str,
}

impl Scheme {
    /// Every scheme the detector knows; `docs/identifiers.md` tells where each comes from.
    #[must_use]
    pub fn all() -> &'static [Self] {
        table::SCHEMES
    }

    /// Country (or `x` for none) and name, such as `fr-nir`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The kind of what it finds.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether a number that stands alone, written without separators, is not enough.
    #[must_use]
    pub const fn needs_cue(&self) -> bool {
        !matches!(self.need, Need::Form)
    }

    /// Whether the text, digits and upper-case letters without separators, is a number of the scheme.
    #[must_use]
    pub fn valid(&self, compact: &str) -> bool {
        let text = compact.as_bytes();
        self.shapes.iter().any(|shape| fits(shape, text)) && self.checks(text)
    }

    /// Whether the check digits of a text of the right shape are right.
    pub(crate) fn checks(&self, text: &[u8]) -> bool {
        (self.check)(text) == Some(true)
    }

    /// Whether the way it is written, with letters or without, makes a cue unnecessary.
    pub(crate) fn stands_alone(&self, letters: bool, how: Written) -> bool {
        let usual = || {
            self.written
                .iter()
                .any(|w| w.groups == how.groups && how.separators & !w.separators == 0)
        };
        match self.need {
            Need::Form => letters || how.groups < 0x10 || usual(),
            Need::Groups => usual(),
            Need::Cue => false,
        }
    }

    /// Why a finding was made by form alone, or with a cue.
    pub(crate) const fn why(&self, cue: bool) -> &'static str {
        if cue { self.by_cue } else { self.by_form }
    }
}

fn fits(shape: &str, text: &[u8]) -> bool {
    shape.len() == text.len()
        && shape.bytes().zip(text).all(|(wanted, b)| match wanted {
            b'd' => b.is_ascii_digit(),
            b'a' => b.is_ascii_uppercase(),
            b'x' => b.is_ascii_digit() || b.is_ascii_uppercase(),
            _ => wanted == *b,
        })
}

/// One shape of one scheme: where letters and digits must stand.
struct Row {
    letters: u64,
    digits: u64,
    /// The sign that must stand first, 0 for more than one.
    first: u8,
    /// The shape, where some place takes one sign alone.
    shape: Option<&'static str>,
    scheme: &'static Scheme,
}

impl Row {
    #[inline]
    fn fits(&self, text: &[u8], letters: u64) -> bool {
        letters & self.letters == self.letters
            && letters & self.digits == 0
            && (self.first == 0 || text.first() == Some(&self.first))
            && self.shape.is_none_or(|shape| fits(shape, text))
    }
}

/// The rows of one length: those that digits alone can pass, and those that letters and digits can.
#[derive(Default)]
struct Rows {
    digits: Vec<Row>,
    /// Those of digits that need no cue.
    proved: Vec<Row>,
    letters: Vec<Row>,
}

/// The rows by the length of the number.
static ROWS: LazyLock<Vec<Rows>> = LazyLock::new(|| {
    let mut rows: Vec<Rows> = (0..=LONGEST).map(|_| Rows::default()).collect();
    for scheme in table::SCHEMES {
        for shape in scheme.shapes {
            let mask = |test: fn(u8) -> bool| {
                shape
                    .bytes()
                    .enumerate()
                    .filter(|(_, b)| test(*b))
                    .fold(0, |mask, (i, _)| mask | 1 << i)
            };
            let Some(rows) = rows.get_mut(shape.len()) else {
                continue;
            };
            let one = |b: &u8| !b"dax".contains(b);
            let row = || Row {
                letters: mask(|b| b == b'a' || b.is_ascii_uppercase()),
                digits: mask(|b| b == b'd' || b.is_ascii_digit()),
                first: shape.bytes().next().filter(one).unwrap_or(0),
                shape: Some(*shape).filter(|s| s.bytes().any(|b| one(&b))),
                scheme,
            };
            if row().letters == 0 {
                rows.digits.push(row());
                if !matches!(scheme.need, Need::Cue) {
                    rows.proved.push(row());
                }
            }
            if shape.bytes().any(|b| b != b'd' && !b.is_ascii_digit()) {
                rows.letters.push(row());
            }
        }
    }
    rows
});

/// What a compact number looks like: the schemes whose shape it has, in the order of the table, their checks not asked
/// yet. `letters` are the places of its letters; without `cue` those of digits that no word is needed for.
pub(crate) fn schemes(
    text: &[u8],
    letters: u64,
    cue: bool,
) -> impl Iterator<Item = &'static Scheme> {
    rows(text.len(), letters, cue)
        .iter()
        .filter(move |row| row.fits(text, letters))
        .map(|row| row.scheme)
}

fn rows(len: usize, letters: u64, cue: bool) -> &'static [Row] {
    match ROWS.get(len) {
        Some(rows) if letters == 0 && cue => &rows.digits,
        Some(rows) if letters == 0 => &rows.proved,
        Some(rows) => &rows.letters,
        None => &[],
    }
}

/// The first scheme of the kind that a number passes.
pub(crate) fn checked(text: &[u8], letters: u64, kind: Kind) -> Option<&'static Scheme> {
    rows(text.len(), letters, true)
        .iter()
        .filter(|row| row.scheme.kind == kind)
        .find(|row| row.fits(text, letters) && row.scheme.checks(text))
        .map(|row| row.scheme)
}

#[cfg(test)]
mod tests {
    use super::{FEWEST_DIGITS, ROWS, SHORTEST};

    #[test]
    fn no_scheme_is_shorter() {
        let fewest = |any: fn(&super::Rows) -> bool| ROWS.iter().position(any);
        assert_eq!(fewest(|rows| !rows.letters.is_empty()), Some(SHORTEST));
        assert_eq!(fewest(|rows| !rows.digits.is_empty()), Some(FEWEST_DIGITS));
    }
}
