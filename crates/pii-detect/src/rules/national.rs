//! Numbers whose form alone says what they are: national ids with check letters, parcels with check digits.

use crate::checksum;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::rules::number::Compact;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::Gap;

/// Most tokens of one number: a French NIR is written in up to seven groups.
const PARTS: usize = 8;

/// Finds a number that its form and check digits prove; returns the token behind it.
pub(crate) fn by_form(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    // "AB 123..." and "X-1234567-L" begin with letters of their own.
    let with_letters = at > 0
        && tokens.before(at).is_some_and(|t| t.word() && t.chars <= 6)
        && matches!(tokens.between(at), " " | "-" | ".");
    let starts = [Some(at), with_letters.then(|| at - 1)];
    for from in starts.into_iter().flatten() {
        let mut compact = Compact::new();
        for here in from..from + PARTS {
            let near = here == from
                || matches!(
                    tokens.between(here),
                    " " | "-" | "." | "/" | "\u{a0}" | "\u{202f}"
                );
            let Some(token) = tokens.get(here).filter(|_| near) else {
                break;
            };
            if !compact.push(tokens.word(here)) {
                break;
            }
            let next = here + 1;
            // Nothing is proved by the beginning of something longer.
            let joined = tokens.get(next).is_some()
                && matches!(tokens.between(next), "-" | "." | "/")
                && tokens.gap(next) != Gap::Line
                && tokens.get(next).is_some_and(|t| t.digits() || t.chars == 1);
            if joined {
                continue;
            }
            if let Some((kind, score, why)) = prove(compact.bytes(), here == from)
                && let Some(span) = Span::new(tokens.get(from)?.start, token.end)
            {
                out.push(Finding::new(span, kind, score, Why::new(why)));
                return Some(next);
            }
        }
    }
    None
}

/// What a compact number is, where a check proves it.
fn prove(text: &[u8], single: bool) -> Option<(Kind, f32, &'static str)> {
    let digits = text.iter().all(u8::is_ascii_digit);
    match text.len() {
        9 if !digits && checksum::dni(text) => Some((Kind::Id, 0.95, "id:shape:dni")),
        13 if checksum::s10(text) => Some((Kind::Tracking, 0.97, "tracking:shape:check-digit")),
        15 if checksum::nir(text) => Some((Kind::Id, 0.9, "id:shape:nir")),
        16 if checksum::codice_fiscale(text) => Some((Kind::Id, 0.97, "id:shape:codice-fiscale")),
        16 if single && checksum::codice_fiscale_form(text) => {
            Some((Kind::Id, 0.8, "id:shape:codice-fiscale"))
        }
        18 if checksum::ups(text) => Some((Kind::Tracking, 0.98, "tracking:shape:check-digit")),
        20 if text.starts_with(b"00") && checksum::sscc(text) => {
            Some((Kind::Tracking, 0.9, "tracking:shape:sscc"))
        }
        // "JJD" and digits: a licence plate of a parcel by the carrier's own rule.
        17..=24 if text.starts_with(b"JJD") || text.starts_with(b"JVGL") => {
            Some((Kind::Tracking, 0.9, "tracking:prefix:length"))
        }
        _ => None,
    }
}

/// What check digits say of a number that a cue calls an identity number: the validator's name.
pub(crate) fn checked(text: &[u8]) -> Option<&'static str> {
    type Check = fn(&[u8]) -> bool;
    let checks: [(Check, &'static str); 8] = [
        (checksum::nir, "id:cue:nir"),
        (checksum::dni, "id:cue:dni"),
        (checksum::codice_fiscale, "id:cue:codice-fiscale"),
        (checksum::steuer_id, "id:cue:steuer-id"),
        (checksum::pesel, "id:cue:pesel"),
        (checksum::rijksregister, "id:cue:rijksregister"),
        (checksum::bsn, "id:cue:bsn"),
        (checksum::nif_pt, "id:cue:nif"),
    ];
    checks
        .iter()
        .find(|(check, _)| check(text))
        .map(|(_, why)| *why)
        .or_else(|| checksum::nhs(text).then_some("id:cue:nhs"))
}
