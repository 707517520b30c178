//! Whom a person can complain to: the supervisory authorities of the Union and the European Economic Area.

use crate::Error;
use crate::account::recipients::Country;

const LIST: &str = include_str!("../../data/authorities.tsv");

/// Who else may be competent in the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Regional {
    /// Nobody.
    None,
    /// The authority of the Land: in Germany it is the one for nearly all companies.
    Land,
    /// The authority of the autonomous community: in Spain, where there is one, for public bodies.
    Community,
}

/// A supervisory authority (article 51). Every letter names one (articles 12(4), 13(2)(d), 15(1)(f), 77).
///
/// Which one is the person's choice: that of the country where they live, where they work, or where they think the law was
/// broken (article 77(1)).
///
/// ```
/// use gdpr_rights::request::authority::{Authority, Regional};
/// let authority = Authority::of_code("de")?;
/// assert_eq!(authority.regional(), Regional::Land);
/// assert!(Authority::of_code("US").is_err());
/// # Ok::<(), gdpr_rights::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    country: &'static str,
    name: &'static str,
    english: &'static str,
    regional: Regional,
}

impl Authority {
    /// All authorities, by country code.
    pub fn all() -> impl Iterator<Item = Self> {
        LIST.lines().filter_map(row)
    }

    /// The authority of a country.
    ///
    /// # Errors
    /// [`Error::NoAuthority`] outside the 27 member states, Iceland, Liechtenstein and Norway.
    pub fn of(country: Country) -> Result<Self, Error> {
        match &country {
            Country::Union(region) => Self::of_code(region.code()),
            Country::Third(code) => Self::of_code(std::str::from_utf8(code).unwrap_or_default()),
        }
    }

    /// The authority of a country by its ISO 3166-1 code, any case.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_code(code: &str) -> Result<Self, Error> {
        Self::all()
            .find(|a| a.country.eq_ignore_ascii_case(code))
            .ok_or(Error::NoAuthority)
    }

    /// The ISO 3166-1 code of the country.
    #[must_use]
    pub fn country(&self) -> &'static str {
        self.country
    }

    /// Its name in a language of the country.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its name in English.
    #[must_use]
    pub fn english(&self) -> &'static str {
        self.english
    }

    /// Whether another authority of the country may be competent; a letter has to say so.
    #[must_use]
    pub fn regional(&self) -> Regional {
        self.regional
    }
}

fn row(line: &'static str) -> Option<Authority> {
    let mut fields = line.split('\t');
    let country = fields.next().filter(|code| code.len() == 2)?;
    Some(Authority {
        country,
        name: fields.next()?,
        english: fields.next()?,
        regional: match fields.next()? {
            "land" => Regional::Land,
            "community" => Regional::Community,
            _ => Regional::None,
        },
    })
}
