//! Numbers of devices, vehicles and banks.

use super::sums::{alnum, at, luhn, weighted};

/// IMEI: Luhn over 15 digits (3GPP TS 23.003, annex B); the first digit is not 0 to 0 twice.
pub(super) fn imei(text: &[u8]) -> Option<bool> {
    Some(luhn(text) && at(text, 0)? + at(text, 1)? > 0)
}

/// IMEISV: 16 digits, no check digit (3GPP TS 23.003, 6.2.2).
pub(super) fn imeisv(text: &[u8]) -> Option<bool> {
    Some(at(text, 0)? + at(text, 1)? > 0)
}

/// Vehicle identification number with the check digit of North America (49 CFR 565.15).
pub(super) fn vin(text: &[u8]) -> Option<bool> {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let mut sum = 0;
    for (b, weight) in text.iter().zip(WEIGHTS) {
        let value = match *b {
            b'0'..=b'9' => u32::from(b - b'0'),
            // Letters count from 1 again after I and R; I, O and Q are not used.
            b'I' | b'O' | b'Q' => return Some(false),
            b'A'..=b'H' => u32::from(b - b'A') + 1,
            b'J'..=b'R' => u32::from(b - b'J') + 1,
            b'S'..=b'Z' => u32::from(b - b'S') + 2,
            _ => return None,
        };
        sum += value * weight;
    }
    let check = match *text.get(8)? {
        b'X' => 10,
        b => alnum(b)?,
    };
    Some(sum % 11 == check)
}

/// Routing number of a bank of the United States (ABA Routing Number Policy): weights 3 7 1.
pub(super) fn routing(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 7, 1, 3, 7, 1, 3, 7, 1])?;
    let district = 10 * at(text, 0)? + at(text, 1)?;
    Some(sum > 0 && sum % 10 == 0 && matches!(district, 0..=12 | 21..=32 | 61..=72 | 80))
}

/// ISO 9362: bank, country, place, branch. No check digit, but the country must be one.
pub(crate) fn bic(text: &[u8]) -> bool {
    // ISO 3166-1 with XK as SWIFT uses it, two letters each.
    const COUNTRIES: &[u8] = b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCG\
CHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEIL\
IMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNG\
NINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR\
TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZWXK";
    matches!(text.len(), 8 | 11)
        && text
            .get(..6)
            .is_some_and(|head| head.iter().all(u8::is_ascii_uppercase))
        && text
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text
            .get(4..6)
            .is_some_and(|country| COUNTRIES.chunks(2).any(|c| c == country))
}
