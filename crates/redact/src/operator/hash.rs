//! Codes: a keyed hash of the canonical form.

use pii_detect::Locale;
use zeroize::Zeroizing;

use super::key::{HashKey, keyed};
use super::surrogate::canonical_in;
use crate::map::Label;
use crate::tag::TagKind;

/// Characters of a code: 20 of base32 are 100 bits, so that two of a billion values share one with a chance below 10^-12.
const LENGTH: usize = 20;

/// The alphabet of RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `<EMAIL:code>`.
pub(super) fn code(
    key: &HashKey,
    tenant: Label,
    kind: &TagKind,
    value: &str,
    locale: Option<Locale>,
) -> String {
    let form = Zeroizing::new(canonical_in(kind, value, locale));
    let hash = keyed(
        key.bytes(),
        &[
            b"tactful-redact code v1",
            kind.as_str().as_bytes(),
            &tenant.0,
            form.as_bytes(),
        ],
    );
    let mut out = format!("<{}:", kind.as_str());
    out.extend(base32(hash.as_slice()).take(LENGTH));
    out.push('>');
    out
}

fn base32(bytes: &[u8]) -> impl Iterator<Item = char> {
    (0..bytes.len() * 8 / 5).map(|index| {
        let value = (index * 5..index * 5 + 5).fold(0_usize, |value, bit| {
            let byte = bytes.get(bit / 8).copied().unwrap_or_default();
            value << 1 | usize::from(byte >> (7 - bit % 8) & 1)
        });
        BASE32.get(value).copied().map_or('A', char::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_of_rfc_4648() {
        assert_eq!(base32(b"fooba").collect::<String>(), "MZXW6YTB");
        assert_eq!(
            keyed(&[0; 32], &[b"a", b"bc"])[..],
            keyed(&[0; 32], &[b"a", b"bc"])[..]
        );
        assert_ne!(
            keyed(&[0; 32], &[b"ab", b"c"])[..],
            keyed(&[0; 32], &[b"a", b"bc"])[..]
        );
    }

    #[test]
    fn rfc_4231_case_2_shape() {
        // The primitive itself, without our framing: RFC 4231 pads its key as we do.
        use hmac::{Hmac, KeyInit, Mac};
        let mut block = [0_u8; 64];
        block[..4].copy_from_slice(b"Jefe");
        let mut mac = Hmac::<sha2::Sha256>::new(&block.into());
        mac.update(b"what do ya want for nothing?");
        let out = mac.finalize().into_bytes();
        assert_eq!(out[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }
}
