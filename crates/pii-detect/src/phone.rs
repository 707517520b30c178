//! Phone plans of the world, behind the feature `phones`; without it nothing is validated.

use crate::locale::Locale;

/// What a numbering plan says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It belongs to a plan.
    #[cfg_attr(
        not(feature = "phones"),
        expect(dead_code, reason = "no plan can be asked")
    )]
    Valid,
    /// No plan knows it, or it is too long for any.
    Unknown,
    /// There was nothing to ask.
    #[cfg_attr(
        feature = "phones",
        expect(dead_code, reason = "the plans can always be asked")
    )]
    NotAsked,
}

/// Longest number looked at; E.164 allows 15 digits, the rest is separators.
const LONGEST: usize = 40;

#[cfg(feature = "phones")]
mod asked {
    use super::{LONGEST, Plan};
    use crate::locale::Locale;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

    /// Countries whose national numbers a text of the language is likely to hold, the likeliest first.
    fn countries(locale: Option<Locale>) -> &'static [Region] {
        use Region as R;
        match locale {
            Some(Locale::French) => &[R::FR, R::BE, R::CH],
            Some(Locale::German) => &[R::DE, R::AT, R::CH],
            Some(Locale::Spanish) => &[R::ES],
            Some(Locale::Italian) => &[R::IT, R::CH],
            Some(Locale::Dutch) => &[R::NL, R::BE],
            Some(Locale::Portuguese) => &[R::PT, R::BR],
            Some(Locale::English) => &[R::GB, R::US, R::IE],
            Some(Locale::Polish) => &[R::PL],
            Some(Locale::Czech) => &[R::CZ],
            Some(Locale::Slovak) => &[R::SK],
            Some(Locale::Hungarian) => &[R::HU],
            Some(Locale::Romanian) => &[R::RO],
            Some(Locale::Bulgarian) => &[R::BG],
            Some(Locale::Greek) => &[R::GR],
            Some(Locale::Croatian) => &[R::HR],
            Some(Locale::Slovene) => &[R::SI],
            Some(Locale::Danish) => &[R::DK],
            Some(Locale::Swedish) => &[R::SE],
            Some(Locale::Finnish) => &[R::FI],
            Some(Locale::Estonian) => &[R::EE],
            Some(Locale::Latvian) => &[R::LV],
            Some(Locale::Lithuanian) => &[R::LT],
            Some(Locale::Irish) => &[R::IE],
            Some(Locale::Maltese) => &[R::MT],
            None => &[R::GB, R::FR, R::DE, R::ES, R::IT, R::NL, R::PT],
        }
    }

    fn read(value: &str, locale: Option<Locale>) -> Option<PhoneNumber> {
        if value.len() > LONGEST {
            return None;
        }
        let util = &*PHONE_NUMBER_UTIL;
        let valid = |number: &PhoneNumber| util.is_valid_number(number);
        if value.starts_with('+') || value.starts_with("(+") {
            return util.parse(value, None).ok().filter(valid);
        }
        countries(locale)
            .iter()
            .find_map(|region| util.parse(value, Some(*region)).ok().filter(valid))
    }

    pub(crate) fn plan(value: &str, locale: Option<Locale>) -> Plan {
        match read(value, locale) {
            Some(_) => Plan::Valid,
            None => Plan::Unknown,
        }
    }

    pub(crate) fn e164(value: &str, locale: Option<Locale>) -> Option<String> {
        let number = read(value, locale)?;
        let util = &*PHONE_NUMBER_UTIL;
        Some(util.format(&number, PhoneNumberFormat::E164).into_owned())
    }
}

#[cfg(not(feature = "phones"))]
mod asked {
    use super::Plan;
    use crate::locale::Locale;

    pub(crate) fn plan(_value: &str, _locale: Option<Locale>) -> Plan {
        Plan::NotAsked
    }

    pub(crate) fn e164(_value: &str, _locale: Option<Locale>) -> Option<String> {
        None
    }
}

/// Asks the plans of the countries where the language is spoken; a number with a country code that of its country.
pub(crate) fn plan(value: &str, locale: Option<Locale>) -> Plan {
    if value.len() > LONGEST {
        return Plan::Unknown;
    }
    asked::plan(value, locale)
}

/// The number in E.164 form, where a plan knows it.
pub(crate) fn e164(value: &str, locale: Option<Locale>) -> Option<String> {
    asked::e164(value, locale)
}
