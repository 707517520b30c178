//! Check digits and number plans, each from its public specification.
//!
//! Every function takes the compact form: ASCII digits and upper-case letters, no separators.

/// The digits as numbers; `None` when a byte is no digit.
fn digit(b: u8) -> Option<u32> {
    b.is_ascii_digit().then(|| u32::from(b - b'0'))
}

/// The weighted sum of leading digits; `None` when the text is shorter or holds something else.
fn weighted(text: &[u8], weights: &[u32]) -> Option<u32> {
    let mut sum = 0;
    for (at, weight) in weights.iter().enumerate() {
        sum += digit(*text.get(at)?)? * weight;
    }
    Some(sum)
}

fn all_digits(text: &[u8], len: usize) -> bool {
    text.len() == len && text.iter().all(u8::is_ascii_digit)
}

fn at(text: &[u8], index: usize) -> Option<u32> {
    digit(*text.get(index)?)
}

/// ISO/IEC 7812-1 annex B (Luhn, mod 10).
pub(crate) fn luhn(text: &[u8]) -> bool {
    let mut sum = 0;
    for (i, b) in text.iter().rev().enumerate() {
        let Some(d) = digit(*b) else {
            return false;
        };
        sum += match (i % 2, d) {
            (0, d) => d,
            (_, d) if d > 4 => 2 * d - 9,
            (_, d) => 2 * d,
        };
    }
    text.len() > 1 && sum % 10 == 0
}

/// Whether the first digits are those of a card network, and the length one it issues.
pub(crate) fn card_range(text: &[u8]) -> bool {
    let head = |n: usize| {
        text.get(..n).and_then(|part| {
            part.iter()
                .try_fold(0u32, |sum, b| Some(sum * 10 + digit(*b)?))
        })
    };
    let (Some(two), Some(three), Some(four)) = (head(2), head(3), head(4)) else {
        return false;
    };
    match text.len() {
        13 => two / 10 == 4,
        14 => matches!(two, 36 | 38 | 39) || matches!(three, 300..=305 | 309),
        15 => matches!(two, 34 | 37) || matches!(four, 2131 | 1800),
        16 => {
            two / 10 == 4
                || matches!(two, 51..=55 | 65 | 35 | 62 | 50 | 56..=58 | 60 | 63 | 67 | 81)
                || matches!(four, 2200..=2204 | 2221..=2720)
                || matches!(three, 644..=649)
        }
        17..=19 => two / 10 == 4 || matches!(two, 62 | 50 | 56..=58 | 60 | 63 | 65 | 67 | 64),
        _ => false,
    }
}

/// ISO 7064 MOD 97-10 over a number, the way an IBAN is checked.
pub(crate) fn iban(text: &str) -> bool {
    text.parse::<iban::Iban>().is_ok()
}

/// Length of an IBAN of the country, from the SWIFT registry; `None` for a country without.
pub(crate) fn iban_length(country: &[u8]) -> Option<usize> {
    Some(match country {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"FO" | b"GL" | b"NL" => 18,
        b"MK" | b"SI" => 19,
        b"AT" | b"BA" | b"EE" | b"LT" | b"LU" | b"XK" | b"KZ" => 20,
        b"CH" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" | b"VA" => 22,
        b"AE" | b"GI" | b"IL" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"RO" | b"SA" | b"SE" | b"SK" | b"TN" | b"VG" => 24,
        b"LY" | b"PT" | b"ST" => 25,
        b"IS" | b"TR" => 26,
        b"FR" | b"GR" | b"IT" | b"MC" | b"SM" => 27,
        b"AL" | b"AZ" | b"BY" | b"CY" | b"GT" | b"HU" | b"LB" | b"PL" | b"DO" => 28,
        b"BR" | b"EG" | b"PS" | b"QA" | b"UA" => 29,
        b"JO" | b"KW" => 30,
        b"MT" | b"MU" | b"SC" => 31,
        _ => return None,
    })
}

/// UPU S10: two letters, eight digits, a check digit, the country.
pub(crate) fn s10(text: &[u8]) -> bool {
    let letters = |part: Option<&[u8]>| part.is_some_and(|p| p.iter().all(u8::is_ascii_uppercase));
    if text.len() != 13 || !letters(text.get(..2)) || !letters(text.get(11..)) {
        return false;
    }
    let Some(digits) = text.get(2..11) else {
        return false;
    };
    let Some(sum) = weighted(digits, &[8, 6, 4, 2, 3, 5, 9, 7]) else {
        return false;
    };
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        d => d,
    };
    at(digits, 8) == Some(check)
}

/// UPS: `1Z`, fifteen letters and digits, a check digit (letters count as (position + 2) mod 10).
pub(crate) fn ups(text: &[u8]) -> bool {
    if text.len() != 18 || !text.starts_with(b"1Z") {
        return false;
    }
    let mut sum = 0;
    for (i, b) in text.iter().skip(2).take(15).enumerate() {
        let d = match b {
            b'0'..=b'9' => u32::from(b - b'0'),
            b'A'..=b'Z' => (u32::from(b - b'A') + 2) % 10,
            _ => return false,
        };
        sum += if i % 2 == 1 { 2 * d } else { d };
    }
    at(text, 17) == Some((10 - sum % 10) % 10)
}

/// GS1 mod 10 over 18 digits (SSCC), or 20 with the application identifier 00.
pub(crate) fn sscc(text: &[u8]) -> bool {
    let digits = match text.len() {
        20 if text.starts_with(b"00") => text.get(2..).unwrap_or(&[]),
        18 => text,
        _ => return false,
    };
    let mut sum = 0;
    for (i, b) in digits.iter().rev().enumerate() {
        let Some(d) = digit(*b) else {
            return false;
        };
        sum += if i % 2 == 1 { 3 * d } else { d };
    }
    sum % 10 == 0
}

/// French NIR: 13 digits (2A and 2B for Corsica) and a key, 97 minus the rest.
pub(crate) fn nir(text: &[u8]) -> bool {
    if text.len() != 15 || !matches!(text.first(), Some(b'1' | b'2' | b'7' | b'8')) {
        return false;
    }
    let mut number: u64 = 0;
    for (i, b) in text.iter().take(13).enumerate() {
        // 2A counts as 19, 2B as 18.
        let d = match (i, b) {
            (6, b'A') => 9,
            (6, b'B') => 8,
            (_, b'0'..=b'9') => u64::from(b - b'0'),
            _ => return false,
        };
        let d = if i == 5 && matches!(text.get(6), Some(b'A' | b'B')) {
            if *b == b'2' { 1 } else { return false }
        } else {
            d
        };
        number = number * 10 + d;
    }
    let (Some(a), Some(b)) = (at(text, 13), at(text, 14)) else {
        return false;
    };
    97 - number % 97 == u64::from(10 * a + b)
}

/// Spanish DNI and NIE: 8 digits, or X Y Z and 7, and a letter chosen by the rest of 23.
pub(crate) fn dni(text: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    if text.len() != 9 {
        return false;
    }
    let mut number = 0u32;
    for (i, b) in text.iter().take(8).enumerate() {
        let d = match (i, b) {
            (0, b'X') => 0,
            (0, b'Y') => 1,
            (0, b'Z') => 2,
            (_, b'0'..=b'9') => u32::from(b - b'0'),
            _ => return false,
        };
        number = number * 10 + d;
    }
    text.get(8) == LETTERS.get(number as usize % 23)
}

/// Italian codice fiscale: form and check letter (D.M. 23 December 1976).
pub(crate) fn codice_fiscale(text: &[u8]) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    if !codice_fiscale_form(text) {
        return false;
    }
    let mut sum = 0;
    for (i, b) in text.iter().take(15).enumerate() {
        let value = match b {
            b'0'..=b'9' => usize::from(b - b'0'),
            _ => usize::from(b - b'A'),
        };
        sum += if i % 2 == 0 {
            ODD.get(value).copied().unwrap_or(0)
        } else {
            u32::try_from(value).unwrap_or(0)
        };
    }
    text.get(15).copied().map(u32::from) == Some(u32::from(b'A') + sum % 26)
}

/// The form of a codice fiscale alone: six letters, two digits, a month letter, and so on.
pub(crate) fn codice_fiscale_form(text: &[u8]) -> bool {
    // Digits may be replaced by letters where two persons would share a code (omocodia).
    let digit_like = |b: &u8| b.is_ascii_digit() || b"LMNPQRSTUV".contains(b);
    text.len() == 16
        && text.iter().enumerate().all(|(i, b)| match i {
            6 | 7 | 9 | 10 | 12 | 13 | 14 => digit_like(b),
            8 => b"ABCDEHLMPRST".contains(b),
            _ => b.is_ascii_uppercase(),
        })
}

/// German tax id: 11 digits, ISO 7064 MOD 11,10, first digit not 0.
pub(crate) fn steuer_id(text: &[u8]) -> bool {
    if !all_digits(text, 11) || text.first() == Some(&b'0') {
        return false;
    }
    let mut product = 10;
    for b in text.iter().take(10) {
        let sum = (u32::from(b - b'0') + product) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    at(text, 10) == Some((11 - product) % 10)
}

/// Dutch BSN: the eleven test over 9 digits.
pub(crate) fn bsn(text: &[u8]) -> bool {
    let Some(sum) = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    all_digits(text, 9)
        && text.iter().any(|b| *b != b'0')
        && at(text, 8).is_some_and(|last| (sum + 11 - last) % 11 == 0)
}

/// Belgian national number: 9 digits and 97 minus the rest, with a 2 before for those born from 2000.
pub(crate) fn rijksregister(text: &[u8]) -> bool {
    if !all_digits(text, 11) {
        return false;
    }
    let number = text
        .iter()
        .take(9)
        .fold(0u64, |sum, b| sum * 10 + u64::from(b - b'0'));
    let (Some(a), Some(b)) = (at(text, 9), at(text, 10)) else {
        return false;
    };
    let key = u64::from(10 * a + b);
    97 - number % 97 == key || 97 - (2_000_000_000 + number) % 97 == key
}

/// Polish PESEL: weights 1 3 7 9 over 10 digits.
pub(crate) fn pesel(text: &[u8]) -> bool {
    let Some(sum) = weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) else {
        return false;
    };
    all_digits(text, 11) && at(text, 10) == Some((10 - sum % 10) % 10)
}

/// Portuguese NIF: weights 9 to 2, a rest below 2 gives 0.
pub(crate) fn nif_pt(text: &[u8]) -> bool {
    let Some(sum) = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    all_digits(text, 9) && at(text, 8) == Some(check)
}

/// UK NHS number: weights 10 to 2, check 11 minus the rest, 10 is never issued.
pub(crate) fn nhs(text: &[u8]) -> bool {
    let Some(sum) = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) else {
        return false;
    };
    let check = (11 - sum % 11) % 11;
    all_digits(text, 10) && check != 10 && at(text, 9) == Some(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number with a right check digit, and whether any other last byte would pass as well.
    fn check(name: &str, test: fn(&[u8]) -> bool, good: &[&str]) {
        for text in good {
            assert!(test(text.as_bytes()), "{name} {text}");
            let mut broken = text.as_bytes().to_vec();
            let last = broken.len() - 1;
            broken[last] = match broken[last] {
                b'9' => b'0',
                b'Z' => b'A',
                b => b + 1,
            };
            assert!(!test(&broken), "{name} {text} with another last byte");
            assert!(!test(&text.as_bytes()[1..]), "{name} shortened");
            assert!(!test(b""), "{name} empty");
        }
    }

    #[test]
    fn published_examples_pass_and_neighbours_fail() {
        check("luhn", luhn, &["4111111111111111"]);
        check("nir", nir, &["255081416802538", "180126955222380"]);
        check("dni", dni, &["12345678Z", "X1234567L"]);
        check("codice fiscale", codice_fiscale, &["RSSMRA85T10A562S"]);
        check("steuer-id", steuer_id, &["86095742719", "65929970489"]);
        check("bsn", bsn, &["111222333"]);
        check("pesel", pesel, &["44051401359"]);
        check("nif", nif_pt, &["123456789"]);
        check("nhs", nhs, &["9434765919"]);
        check("rijksregister", rijksregister, &["85073003328"]);
        check("ups", ups, &["1Z5R89390357567127", "1Z999AA10123456784"]);
        check("sscc", sscc, &["106141412345678908"]);
    }

    #[test]
    fn s10_checks_the_ninth_digit() {
        assert!(s10(b"RB123456785GB"));
        assert!(s10(b"RR473124829GB"));
        assert!(!s10(b"RB123456784GB"));
        assert!(!s10(b"RB12345678GB"));
    }

    #[test]
    fn card_networks() {
        for card in [
            "4111111111111111",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "6011111111111117",
            "3530111333300000",
            "6200000000000005",
            "4222222222222",
            "36227206271667",
            "6304000000000000000",
        ] {
            assert!(card_range(card.as_bytes()), "{card}");
        }
        for other in ["1234567890123456", "9999999999999995", "0000000000000000"] {
            assert!(!card_range(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn ibans_of_the_registry() {
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
