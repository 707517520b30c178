//! IBAN: the lengths of the SWIFT registry and the check of ISO 13616-1.

/// Countries of the registry whose structure `iban_validate` 5.0 does not know; their check digits are asked alone.
const NEWER: [&[u8; 2]; 2] = [b"HN", b"PK"];

/// Whether length, structure and check digits are right.
pub(crate) fn iban(text: &str) -> bool {
    if text.parse::<iban::Iban>().is_ok() {
        return true;
    }
    let country = text.as_bytes().get(..2).unwrap_or(&[]);
    NEWER.iter().any(|c| c.as_slice() == country)
        && iban_length(country) == Some(text.len())
        && text.parse::<iban::BaseIban>().is_ok()
}

/// Length of an IBAN of the country (SWIFT IBAN Registry, release 99); `None` for a country without. Territories that
/// write the code of their state (AX as FI, GF as FR) are no entries of their own.
pub(crate) fn iban_length(country: &[u8]) -> Option<usize> {
    Some(match country {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"FK" | b"FO" | b"GL" | b"NL" | b"SD" => 18,
        b"MK" | b"SI" => 19,
        b"AT" | b"BA" | b"EE" | b"KZ" | b"LT" | b"LU" | b"MN" | b"XK" => 20,
        b"CH" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"BH" | b"CR" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" | b"VA" => 22,
        b"AE" | b"GI" | b"IL" | b"IQ" | b"OM" | b"SO" | b"TL" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"PK" | b"RO" | b"SA" | b"SE" | b"SK" | b"TN" | b"VG" => 24,
        b"LY" | b"PT" | b"ST" => 25,
        b"IS" | b"TR" => 26,
        b"BI" | b"DJ" | b"FR" | b"GR" | b"IT" | b"MC" | b"MR" | b"SM" => 27,
        b"AL" | b"AZ" | b"BY" | b"CY" | b"DO" | b"GT" | b"HN" | b"HU" | b"LB" | b"NI" | b"PL"
        | b"SV" => 28,
        b"BR" | b"EG" | b"PS" | b"QA" | b"UA" => 29,
        b"JO" | b"KW" | b"MU" | b"YE" => 30,
        b"MT" | b"SC" => 31,
        b"LC" => 32,
        b"RU" => 33,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{iban, iban_length};

    /// Every two letters there are.
    fn countries() -> impl Iterator<Item = [u8; 2]> {
        (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| [a, b]))
    }

    #[test]
    fn the_table_holds_the_registry() {
        assert_eq!(countries().filter(|c| iban_length(c).is_some()).count(), 89);
    }

    #[test]
    fn every_country_has_an_iban_of_its_length_and_no_other() {
        for country in countries() {
            let name = std::str::from_utf8(&country).unwrap();
            for length in 15..=34 {
                let wanted = iban_length(&country) == Some(length);
                assert_eq!(accepted(name, length), wanted, "{name} {length}");
            }
        }
    }

    /// Whether some account of zeros, with letters at the front or the end, makes an IBAN of that length.
    fn accepted(country: &str, length: usize) -> bool {
        let zeros = length - 4;
        let ends = ["", "AAA", "A0", "AA"];
        (0..=6).any(|letters| {
            ends.iter().any(|end| {
                let Some(middle) = zeros.checked_sub(letters + end.len()) else {
                    return false;
                };
                let account = format!("{}{}{end}", "A".repeat(letters), "0".repeat(middle));
                let digits: String = format!("{account}{country}00")
                    .chars()
                    .map(|c| c.to_digit(36).unwrap().to_string())
                    .collect();
                let rest = digits
                    .bytes()
                    .fold(0, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
                iban(&format!("{country}{:02}{account}", 98 - rest))
            })
        })
    }

    #[test]
    fn examples_of_the_registry() {
        for text in [
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "IT60X0542811101000000123456",
            "NL91ABNA0417164300",
            "ES9121000418450200051332",
            "PT50000201231234567890154",
            "BE68539007547034",
            "GB29NWBK60161331926819",
            "PL61109010140000071219812874",
            "MT84MALT011000012345MTLCAST001S",
            "MU17BOMM0101101030300200000MUR",
            "LC55HEMM000100010012001200023015",
            "RU0304452522540817810538091310419",
            "BR1800360305000010009795493C1",
            "NO9386011117947",
        ] {
            assert!(iban(text), "{text}");
            assert_eq!(
                iban_length(&text.as_bytes()[..2]),
                Some(text.len()),
                "{text}"
            );
        }
        assert!(!iban("DE89370400440532013001"));
    }
}
