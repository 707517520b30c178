//! Stand-ins: values that look like the ones they stand for and, where that can be had, are nobody's.
//!
//! | kind | stand-in | nobody's, because |
//! |-|-|-|
//! | person | names of the language, word by word | not: the names are frequent ones, and somebody has them |
//! | e-mail, web address | under `example.com`, `.net`, `.org` | RFC 2606 keeps them |
//! | phone | the form of the value | ranges for fiction of Ofcom, ARCEP, Bundesnetzagentur, NANPA |
//! | card | length and groups of the value | it fails the Luhn check |
//! | IBAN | country, length and groups of the value | its check digits are wrong |
//! | id | form of the value | no number plan that `pii-detect` knows takes it |
//! | IP address | documentation networks | RFC 5737, RFC 3849 |
//! | address, town, organisation | invented words that say that they are examples | |
//! | date | moved by one number of weeks for all of a seed, written as it was | |
//! | age, amount | other digits; an age is a grown-up's | |
//! | order, tracking, customer number, postcode, username, own kinds | form of the value | not: some customer may have it |
//! | secret, special categories, child | none: dropped | an invented illness is a claim about somebody |
//!
//! Within one [`Surrogates`] a value has one stand-in, whatever its case and spacing, and no two values share one. That
//! is kept by a table of stand-ins under keyed hashes; the values are not held. Which stand-in a value gets comes from the
//! seed; on another machine the same seed and order of values give the same ones.
//!
//! The lists are the crate's own and only ever grow at their end, so that stand-ins do not change with the version of
//! somebody else's list (the crate `fake` was looked at, and does that).

use std::collections::{HashMap, HashSet};
use std::fmt;

use pii_detect::{Kind, Locale, canonical};
use zeroize::Zeroizing;

use super::date::{Date, cased};
use super::key::{Draw, Seed, keyed};
use crate::tag::TagKind;

mod form;
mod lists;

use lists::{is_particle, list};

/// How often a stand-in is drawn until one is free.
const DRAWS: u64 = 64;

/// The stand-ins of one seed.
///
/// ```
/// use redact::operator::{Seed, Surrogates};
/// let surrogates = Surrogates::new(Seed::new([1; 32]));
/// assert_eq!(format!("{surrogates:?}"), "Surrogates(0 values)");
/// ```
pub struct Surrogates {
    seed: Seed,
    days: i64,
    /// Keyed hash of kind and canonical form -> stand-in. The values themselves are not held.
    made: HashMap<[u8; 32], Zeroizing<String>>,
    /// Kind and compact form of stand-ins: no two are alike.
    taken: HashSet<(TagKind, String)>,
}

impl Surrogates {
    /// No stand-ins yet.
    #[must_use]
    pub fn new(seed: Seed) -> Self {
        let mut draw = Draw::new(seed.bytes(), "days", "", 0);
        // Five to fifty weeks: a weekday that stands beside a date stays right, and months move as well.
        let weeks = 5 + i64::try_from(draw.below(46)).unwrap_or_default();
        let sign = if draw.below(2) == 0 { 1 } else { -1 };
        Self {
            days: sign * weeks * 7,
            seed,
            made: HashMap::new(),
            taken: HashSet::new(),
        }
    }

    /// How many values have one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Whether none has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// The stand-in of a value, written like it. `None` where there is none: the kind has none, or all are taken.
    ///
    /// `bad` says which stand-ins are values of the text at hand.
    pub(super) fn stand_in(
        &mut self,
        kind: &TagKind,
        value: &str,
        locale: Option<Locale>,
        bad: &dyn Fn(&str) -> bool,
    ) -> Option<Zeroizing<String>> {
        match kind.kind() {
            Some(Kind::Person) => self.name(kind, value, locale, bad),
            Some(Kind::Date) => Date::read(value)?.moved(value, self.days),
            Some(Kind::Secret) => None,
            Some(_) if kind.is_special() => None,
            None if *kind == TagKind::TEXT => None,
            _ => {
                let key = Zeroizing::new(canonical_in(kind, value, locale));
                let made = self.drawn(kind, &key, bad, &mut |draw| {
                    one(kind, value, &key, locale, draw)
                })?;
                Some(written(kind, value, made))
            }
        }
    }

    /// A name word by word, so that "Dupont" and "Marie Dupont" stay one person.
    fn name(
        &mut self,
        kind: &TagKind,
        value: &str,
        locale: Option<Locale>,
        bad: &dyn Fn(&str) -> bool,
    ) -> Option<Zeroizing<String>> {
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
        let mut out = Zeroizing::new(String::with_capacity(value.len() * 3 + 32));
        let mut rest = value;
        let mut first = true;
        while let Some(start) = rest.find(in_word) {
            let (between, tail) = rest.split_at(start);
            let end = tail.find(|c| !in_word(c)).unwrap_or(tail.len());
            let (word, tail) = tail.split_at(end);
            out.push_str(between);
            let key = Zeroizing::new(canonical::name(word));
            if is_particle(&key) && !first {
                out.push_str(word);
            } else if key.is_empty() {
                return None;
            } else {
                let initial = key.chars().nth(1).is_none();
                let name = if first { "given" } else { "family" };
                let made = self.drawn(kind, &key, bad, &mut |draw| {
                    if initial {
                        return Some(Zeroizing::new(draw.letter().to_string()));
                    }
                    // Two of them together once the list alone is too short.
                    let names = list(name, locale);
                    let mut made = draw.of(names)?.clone();
                    if draw.below(4) == 0 {
                        made.push_str(&draw.of(names)?.to_lowercase());
                    }
                    Some(Zeroizing::new(made))
                })?;
                out.push_str(&cased(word, made));
            }
            first = false;
            rest = tail;
        }
        out.push_str(rest);
        (!first).then_some(out)
    }

    fn drawn(
        &mut self,
        kind: &TagKind,
        key: &Zeroizing<String>,
        bad: &dyn Fn(&str) -> bool,
        make: &mut dyn FnMut(&mut Draw<'_>) -> Option<Zeroizing<String>>,
    ) -> Option<&str> {
        let slot = *keyed(
            self.seed.bytes(),
            &[
                b"tactful-redact slot v1",
                kind.as_str().as_bytes(),
                key.as_bytes(),
            ],
        );
        if !self.made.contains_key(&slot) {
            let found = (0..DRAWS).find_map(|attempt| {
                let mut draw = Draw::new(self.seed.bytes(), kind.as_str(), key, attempt);
                let made = make(&mut draw)?;
                let mark = (kind.clone(), canonical::order(&made));
                let free =
                    !self.taken.contains(&mark) && mark.1 != canonical::order(key) && !bad(&made);
                free.then_some((made, mark))
            });
            let (made, mark) = found?;
            self.taken.insert(mark);
            self.made.insert(slot, made);
        }
        self.made.get(&slot).map(|made| made.as_str())
    }
}

/// One draw for a value.
fn one(
    kind: &TagKind,
    value: &str,
    form: &str,
    locale: Option<Locale>,
    draw: &mut Draw<'_>,
) -> Option<Zeroizing<String>> {
    let text = |text: String| Some(Zeroizing::new(text));
    match kind.kind() {
        Some(Kind::Email) => {
            let given = draw.of(list("given", locale))?.to_lowercase();
            let family = draw.of(list("family", locale))?.to_lowercase();
            let end = draw.of(&["com", "net", "org"])?;
            text(format!(
                "{given}.{family}{}@example.{end}",
                draw.below(1000)
            ))
        }
        Some(Kind::Phone) => form::phone(value, form, locale, draw),
        Some(Kind::Url) => {
            let end = draw.of(&["com", "net", "org"])?;
            text(format!(
                "https://www.example.{end}/{}",
                draw.below(100_000_000)
            ))
        }
        Some(Kind::Ip) => form::ip(value, draw),
        Some(Kind::Card) => form::card(value, draw),
        Some(Kind::Iban) => form::iban(value, draw),
        Some(Kind::Id) => form::id(value, draw),
        Some(Kind::Age) => form::age(value, draw),
        Some(Kind::Amount) => form::digits(value, draw),
        Some(Kind::Location) => {
            let towns = list("town", locale);
            let town = draw.of(towns)?.clone();
            // As for names: more towns than the list has words.
            if draw.below(4) == 0 {
                return text(format!("{town} {}", draw.of(list("family", locale))?));
            }
            text(town)
        }
        Some(Kind::Org) => text(
            draw.of(list("org", locale))?
                .replace("{}", &(1 + draw.below(9_999)).to_string()),
        ),
        Some(Kind::Address) => {
            let street = draw.of(list("street", locale))?;
            let number = 1 + draw.below(9_999);
            match locale.map(Locale::code) {
                Some("de" | "nl" | "it" | "es" | "pt") => text(format!("{street} {number}")),
                _ => text(format!("{number} {street}")),
            }
        }
        Some(Kind::Username) => text(format!("user{}", draw.below(1_000_000_000))),
        _ => Some(form::shape(value, draw)),
    }
}

/// A stand-in made for one spelling of a value, in the form of another.
fn written(kind: &TagKind, value: &str, made: &str) -> Zeroizing<String> {
    match kind.kind() {
        Some(
            Kind::Card
            | Kind::Iban
            | Kind::Id
            | Kind::Order
            | Kind::Tracking
            | Kind::CustomerId
            | Kind::Postcode,
        ) => {
            let bare: String = made.chars().filter(char::is_ascii_alphanumeric).collect();
            form::grouped(value, &Zeroizing::new(bare.to_uppercase()))
        }
        Some(Kind::Location | Kind::Org | Kind::Address | Kind::Email) => {
            let shouted =
                value.chars().any(char::is_uppercase) && !value.chars().any(char::is_lowercase);
            Zeroizing::new(if shouted {
                made.to_uppercase()
            } else {
                made.to_owned()
            })
        }
        _ => Zeroizing::new(made.to_owned()),
    }
}

/// The canonical form of a value: telephone numbers as numbers of the countries where the language is spoken.
pub(super) fn canonical_in(kind: &TagKind, value: &str, locale: Option<Locale>) -> String {
    match (kind.kind(), locale) {
        (Some(Kind::Phone), Some(locale)) => canonical::phone_in(value, locale),
        (of, _) => canonical::of(of.unwrap_or(Kind::Custom), value),
    }
}

impl fmt::Debug for Surrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Surrogates({} values)", self.len())
    }
}
