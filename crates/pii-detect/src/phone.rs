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
mod plans;

#[cfg(feature = "phones")]
mod asked {
    use super::plans::holds;
    use super::{LONGEST, Plan};
    use crate::locale::Locale;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

    /// Most digits of a number written at home.
    const HOME: usize = 16;
    /// Who shares Britain's code.
    const ISLANDS: [Region; 3] = [Region::GG, Region::IM, Region::JE];

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
        let home = Home::of(value);
        countries(locale).iter().find_map(|region| {
            if home.is_some_and(|home| home.never(*region)) {
                return None;
            }
            match home.and_then(|home| home.number(*region)) {
                Some(number) => home
                    .is_some_and(|home| home.valid(*region, &number))
                    .then_some(number),
                None => util.parse(value, Some(*region)).ok().filter(valid),
            }
        })
    }

    /// A number as it is written at home: without a code, one zero before it at most.
    #[derive(Clone, Copy)]
    struct Home {
        zeros: usize,
        number: u64,
        digits: [u8; HOME],
        len: usize,
    }

    impl Home {
        fn of(value: &str) -> Option<Self> {
            let mut digits = [0; HOME];
            let mut len = 0;
            let mut zeros = 0;
            let mut number = 0u64;
            for c in value.chars() {
                match c {
                    '0'..='9' => {
                        let digit = c as u8;
                        *digits.get_mut(len)? = digit;
                        len += 1;
                        number = number * 10 + u64::from(digit - b'0');
                        zeros += usize::from(number == 0);
                    }
                    ' ' | '-' | '.' | '/' | '(' | ')' => {}
                    // Spaces that do not break, and hyphens.
                    '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'..='\u{2015}' => {}
                    _ => return None,
                }
            }
            // Two zeros lead abroad.
            (len >= 4 && zeros != 2).then_some(Self {
                zeros,
                number,
                digits,
                len,
            })
        }

        /// Whether no number of the region is written so: none of North America has a zero before it, but 011, which leads
        /// abroad, and none of any has three.
        fn never(self, region: Region) -> bool {
            self.zeros > 2 || region == Region::US && self.zeros == 1 && !self.begins(11)
        }

        /// Whether the plan of the region, or of one that is reached like it, knows the number that it is there.
        fn valid(self, region: Region, number: &PhoneNumber) -> bool {
            let trunk = usize::from(self.zeros == 1 && number.italian_leading_zero.is_none());
            let digits = self.digits.get(trunk..self.len).unwrap_or(&[]);
            let Ok(digits) = std::str::from_utf8(digits) else {
                return false;
            };
            // The region comes first among those that share its code; the islands are asked behind Britain.
            holds(region, digits)
                || region == Region::GB
                    && ISLANDS.iter().any(|island| holds(*island, digits))
                    && PHONE_NUMBER_UTIL.is_valid_number(number)
        }

        /// Whether it begins with the code of a country, of two digits or three.
        fn begins(self, code: u16) -> bool {
            let above = if code < 100 { 100 } else { 1_000 };
            let mut head = self.number;
            while head >= above {
                head /= 10;
            }
            head == u64::from(code)
        }

        /// What parsing it would give, without its cost, where a country's plan is simple enough to say.
        fn number(self, region: Region) -> Option<PhoneNumber> {
            let (code, trunk) = match region {
                // The zero is no part of the number.
                Region::FR => (33, true),
                Region::BE => (32, true),
                Region::NL => (31, true),
                Region::CH => (41, true),
                Region::AT => (43, true),
                Region::GB => (44, true),
                Region::DE => (49, true),
                Region::IE => (353, true),
                // A zero, where there is one, is.
                Region::IT => (39, false),
                Region::ES => (34, false),
                Region::PT => (351, false),
                _ => return None,
            };
            let simple = self.zeros == 1 || !self.begins(code);
            simple.then(|| PhoneNumber {
                country_code: i32::from(code),
                national_number: self.number,
                italian_leading_zero: (self.zeros == 1 && !trunk).then_some(true),
                ..PhoneNumber::default()
            })
        }
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

    #[cfg(test)]
    mod tests {
        use super::{Home, ISLANDS, Locale, countries};
        use rlibphonenumber::interfaces::AsOriginal as _;
        use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

        #[test]
        fn the_islands_share_the_code_of_britain() {
            let util = PHONE_NUMBER_UTIL.as_original();
            let mut shared: Vec<_> = util
                .get_regions_for_country_calling_code(44)
                .expect("regions")
                .filter(|region| *region != Region::GB)
                .collect();
            shared.sort_by_key(|region| format!("{region:?}"));
            assert_eq!(shared, ISLANDS);
        }

        #[test]
        fn a_number_written_at_home_is_what_parsing_gives() {
            let util = &*PHONE_NUMBER_UTIL;
            let locales = Locale::ALL.map(Some);
            let regions = locales.iter().flat_map(|locale| countries(*locale));
            let regions: Vec<_> = regions.collect();
            let mut seed = 1u64;
            let mut valid = 0;
            for round in 0..4_000usize {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let digits = format!("{:015}", seed >> 16);
                let zero = ["0", ""][round % 2];
                let (first, rest) = (round / 2 % 9 + 1, 2 + round % 13);
                let mut value = format!("({zero}{first}{}) {}", &digits[..1], &digits[1..rest]);
                if round % 16 == 0 {
                    value.insert_str(1, &"000000"[..3 + round / 16 % 4]);
                }
                for region in &regions {
                    let parsed = util.parse(&value, Some(**region)).ok();
                    let parsed = parsed.filter(|n| util.is_valid_number(n));
                    let Some(home) = Home::of(&value) else {
                        continue;
                    };
                    if home.never(**region) {
                        assert_eq!(parsed, None, "{value} {region:?}");
                    }
                    let Some(read) = home.number(**region) else {
                        continue;
                    };
                    let known = home.valid(**region, &read);
                    assert_eq!(parsed, known.then_some(read), "{value} {region:?}");
                    valid += usize::from(known);
                }
            }
            assert!(valid > 500, "{valid}");
        }
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
