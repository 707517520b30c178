//! The words that data is told in.

use chrono::{Datelike, NaiveDate};
use retention_policy::{LegalBasis, Lifetime, Purpose, Timestamp};

use super::item::DataCategory;
use crate::account::recipients::{Country, RecipientRole};
use crate::request::language::Language;

const WORDS: &str = include_str!("../../../data/package/words.tsv");

/// A language that packages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LetterLanguage {
    /// en
    English,
    /// fr
    French,
}

impl LetterLanguage {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language of a package for whoever is written to in that language: French, or else English.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        match language {
            Language::French => Self::French,
            _ => Self::English,
        }
    }

    /// The words under a key; none where there are none, which a test looks for.
    fn words(self, key: &str) -> Option<&'static str> {
        let column = match self {
            Self::English => 1,
            Self::French => 2,
        };
        WORDS
            .lines()
            .find(|line| line.split('\t').next() == Some(key))?
            .split('\t')
            .nth(column)
    }

    fn say(self, key: &str) -> &'static str {
        self.words(key).unwrap_or_default()
    }

    pub(super) fn category(self, category: &DataCategory) -> &str {
        category.house().map_or(category.name(), |house| {
            self.say(&format!("category.{}", house.code()))
        })
    }

    /// What a category of the house holds; an integrator's says it by its name.
    pub(super) fn about(self, category: &DataCategory) -> &'static str {
        category
            .house()
            .map_or("", |house| self.say(&format!("about.{}", house.code())))
    }

    pub(super) fn purpose(self, purpose: Purpose) -> &'static str {
        self.say(&format!("purpose.{}", purpose.code()))
    }

    pub(super) fn basis(self, basis: LegalBasis) -> &'static str {
        self.say(match basis {
            LegalBasis::Consent => "basis.consent",
            LegalBasis::Contract => "basis.contract",
            LegalBasis::LegalObligation => "basis.legal_obligation",
            LegalBasis::VitalInterests => "basis.vital_interests",
            LegalBasis::PublicTask => "basis.public_task",
            LegalBasis::LegitimateInterests => "basis.legitimate_interests",
        })
    }

    pub(super) fn role(self, role: RecipientRole) -> &'static str {
        self.say(match role {
            RecipientRole::SubProcessor => "role.sub_processor",
            RecipientRole::Controller => "role.controller",
            RecipientRole::Authority => "role.authority",
        })
    }

    /// The country's name, else its code.
    pub(super) fn country(self, country: Country) -> String {
        let code = code(country);
        self.words(&format!("country.{code}"))
            .map_or(code, str::to_owned)
    }

    /// A day as people write it.
    pub(super) fn day(self, day: NaiveDate) -> String {
        let number = match (self, day.day()) {
            (Self::French, 1) => "1er".to_owned(),
            (_, number) => number.to_string(),
        };
        let month = self.say(&format!("month.{}", day.month()));
        format!("{number} {month} {}", day.year())
    }

    /// An instant to the minute.
    pub(super) fn instant(self, at: Timestamp) -> String {
        let day = self.day(at.date_naive());
        format!("{day}, {} UTC", at.format("%H:%M"))
    }

    /// A period in its two largest units. Leap days that round a period up to whole years are not told.
    pub(super) fn period(self, lifetime: Lifetime) -> String {
        let mut left = lifetime.as_seconds();
        let years = left / (365 * 86_400);
        if left % (365 * 86_400) <= years.div_ceil(4) * 86_400 {
            left = years * 365 * 86_400;
        }
        let mut parts = Vec::new();
        for (unit, seconds) in [
            ("year", 365 * 86_400),
            ("day", 86_400),
            ("hour", 3600),
            ("minute", 60),
            ("second", 1),
        ] {
            let count = left / seconds;
            left %= seconds;
            if count > 0 && parts.len() < 2 {
                let plural = if count == 1 { "" } else { "s" };
                parts.push(format!(
                    "{count} {}",
                    self.say(&format!("unit.{unit}{plural}"))
                ));
            }
        }
        parts.join(&format!(" {} ", self.say("and")))
    }
}

/// The ISO 3166-1 code.
pub(super) fn code(country: Country) -> String {
    match country {
        Country::Union(region) => region.code().to_owned(),
        Country::Third(code) => code.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use retention_policy::{Category, LegalBasis, Lifetime, Purpose, Region};

    use super::{LetterLanguage, WORDS};
    use crate::account::recipients::{Country, RecipientRole};

    #[test]
    fn every_word_is_there_in_every_language() {
        let mut keys: Vec<_> = WORDS.lines().map(|l| l.split('\t').next()).collect();
        assert!(WORDS.lines().all(|line| line.split('\t').count() == 3));
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count, "a key twice");
        for language in LetterLanguage::ALL {
            let mut words = Vec::new();
            words.extend(Category::ALL.map(|c| language.category(&c.into()).to_owned()));
            words.extend(Category::ALL.map(|c| language.about(&c.into()).to_owned()));
            words.extend(Purpose::ALL.map(|p| language.purpose(p).to_owned()));
            words.extend(
                [
                    LegalBasis::Consent,
                    LegalBasis::Contract,
                    LegalBasis::LegalObligation,
                    LegalBasis::VitalInterests,
                    LegalBasis::PublicTask,
                    LegalBasis::LegitimateInterests,
                ]
                .map(|b| language.basis(b).to_owned()),
            );
            words.extend(
                [
                    RecipientRole::SubProcessor,
                    RecipientRole::Controller,
                    RecipientRole::Authority,
                ]
                .map(|r| language.role(r).to_owned()),
            );
            let countries = Region::ALL
                .map(Country::Union)
                .into_iter()
                .chain([*b"IS", *b"LI", *b"NO"].map(Country::Third));
            words.extend(countries.map(|c| language.country(c)));
            for month in 1..=12 {
                words.push(language.say(&format!("month.{month}")).to_owned());
            }
            assert!(words.iter().all(|w| w.len() > 2), "{language:?} {words:?}");
            assert_eq!(language.country(Country::Third(*b"ZZ")), "ZZ");
        }
    }

    #[test]
    fn periods_and_days_as_people_say_them() {
        let period = |lifetime| LetterLanguage::ALL.map(|language| language.period(lifetime));
        assert_eq!(period(Lifetime::TICKET_CEILING), ["23 hours", "23 heures"]);
        assert_eq!(
            period(Lifetime::DRAFT_CEILING),
            ["28 days and 23 hours", "28 jours et 23 heures"]
        );
        assert_eq!(period(Lifetime::LAW_CEILING), ["10 years", "10 ans"]);
        let of = |seconds| Lifetime::seconds(seconds).expect("a lifetime");
        assert_eq!(period(of(3600)), ["1 hour", "1 heure"]);
        assert_eq!(
            period(of(61)),
            ["1 minute and 1 second", "1 minute et 1 seconde"]
        );
        assert_eq!(
            period(of(367 * 86_400)),
            ["1 year and 2 days", "1 an et 2 jours"]
        );
        let first = "2026-04-01".parse().expect("a day");
        assert_eq!(
            LetterLanguage::ALL.map(|language| language.day(first)),
            ["1 April 2026", "1er avril 2026"]
        );
    }
}
