//! Parcels: check digits of carriers. The shape of a number, letters and digits in their places, is asked before.

use super::iso7064::mod37_36;
use super::sums::{alnum, at, digit, gs1, part, weighted};

/// A shape that is told by its letters alone: the carrier prints no check digit, or does not publish it.
pub(super) fn shape(_: &[u8]) -> Option<bool> {
    Some(true)
}

/// UPU S10-12: service, eight digits, a check digit, the country.
pub(super) fn s10(text: &[u8]) -> Option<bool> {
    let digits = text.get(2..11)?;
    let sum = weighted(digits, &[8, 6, 4, 2, 3, 5, 9, 7])?;
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        d => d,
    };
    Some(at(digits, 8)? == check)
}

/// UPS `1Z`: fifteen letters and digits and a check digit; letters count as their place in the alphabet plus one,
/// modulo ten.
pub(super) fn ups(text: &[u8]) -> Option<bool> {
    let mut sum = 0;
    for (i, b) in text.iter().skip(2).take(15).enumerate() {
        // A is 10 in ISO order and 2 here: eight less, modulo ten two more.
        let value = alnum(*b)?;
        let value = if value < 10 { value } else { (value + 2) % 10 };
        sum += value * if i % 2 == 1 { 2 } else { 1 };
    }
    Some(at(text, 17)? == (10 - sum % 10) % 10)
}

/// SSCC-18 of GS1.
pub(super) fn sscc(text: &[u8]) -> Option<bool> {
    gs1(text.get(text.len().checked_sub(18)?..)?)
}

/// Every digit of the number under GS1's rule: USPS with its prefix (Publication 199), `FedEx` Ground with 15,
/// Hermes, Royal Mail 2D.
pub(super) fn mod10(text: &[u8]) -> Option<bool> {
    gs1(text)
}

/// USPS with its prefix (Publication 199): GS1's rule from the 9 on; the destination's ZIP code stands outside.
pub(super) fn usps(text: &[u8]) -> Option<bool> {
    if text.starts_with(b"420") {
        let rest = text.get(if text.len() == 30 { 8 } else { 12 }..)?;
        return Some(rest.starts_with(b"9") && gs1(rest)?);
    }
    gs1(text)
}

/// USPS without the prefix: Publication 91 reckons with a 91 before, which adds 9 * 3 + 1 or 9 + 3.
pub(super) fn usps_short(text: &[u8]) -> Option<bool> {
    let mut sum = 0;
    for (i, b) in text.iter().rev().enumerate() {
        sum += digit(*b)? * if i % 2 == 1 { 3 } else { 1 };
    }
    // With an even length the 1 stands at an even place from the right, the 9 at an odd one.
    Some(sum % 10 == 0 || (sum + 1 + 9 * 3) % 10 == 0)
}

/// `FedEx` `SmartPost` without its prefix 92.
pub(super) fn fedex_smartpost(text: &[u8]) -> Option<bool> {
    let mut sum = 2 + 9 * 3;
    for (i, b) in text.iter().rev().enumerate() {
        sum += digit(*b)? * if i % 2 == 1 { 3 } else { 1 };
    }
    Some(sum % 10 == 0)
}

/// `FedEx` Express: weights 3 1 7, modulo 11, and a rest of ten is 0.
pub(super) fn fedex(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1])?;
    Some(at(text, 11)? == sum % 11 % 10)
}

/// `FedEx` Express with 34 digits: the parcel's twelve at the end, weights 1 7 3 from the thirteenth.
pub(super) fn fedex_long(text: &[u8]) -> Option<bool> {
    let digits = text.get(20..34)?;
    let sum = weighted(digits, &[1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1])?;
    Some(at(digits, 13)? == sum % 11 % 10)
}

/// `FedEx` Ground 96: the last fifteen digits.
pub(super) fn fedex_96(text: &[u8]) -> Option<bool> {
    gs1(text.get(7..)?)
}

/// DHL Express waybills: the number before the last digit, modulo 7.
pub(super) fn dhl_express(text: &[u8]) -> Option<bool> {
    let last = text.len().checked_sub(1)?;
    Some(part(text, 0, last)? % 7 == part(text, last, last + 1)?)
}

/// DHL Paket identcode and leitcode: weights 4 and 9 (Deutsche Post, "Identcode und Leitcode").
pub(super) fn identcode(text: &[u8]) -> Option<bool> {
    let (last, body) = text.split_last()?;
    let mut sum = 0;
    for (i, b) in body.iter().enumerate() {
        sum += digit(*b)? * if i % 2 == 0 { 4 } else { 9 };
    }
    Some(digit(*last)? == (10 - sum % 10) % 10)
}

/// DPD parcel label: ISO 7064 MOD 37,36 over the digits (DPD "Parcel Label Specification").
pub(super) fn dpd(text: &[u8]) -> Option<bool> {
    mod37_36(text)
}
