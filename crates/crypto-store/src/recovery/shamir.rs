//! Shamir's secret sharing (A. Shamir, "How to share a secret", Communications of the ACM 22(11), 1979), byte by byte.
//!
//! Every byte of the secret is the value at 0 of a polynomial of degree k - 1 over GF(256) whose other coefficients are
//! random; a share is the values at one x that is not 0. Any k values fix the polynomial; with fewer, every secret is
//! left equally possible.
//!
//! Own code because no crate does only this: blahaj looks secrets up in tables (a cache shows them to a neighbour),
//! shamirsecretsharing is passively maintained and shares a secret box, vsss-rs brings big integers and curves for a
//! field of one byte. Here nothing branches on, or is indexed by, a byte of a secret.

use crate::{Entropy, Error, Key32};

/// Shares of `secret` at x = 1 to `n`, any `k` of which give it back. Needs 1 <= k <= n.
pub(super) fn split(
    secret: &Key32,
    k: u8,
    n: u8,
    entropy: &dyn Entropy,
) -> Result<Vec<(u8, Key32)>, Error> {
    // Reserved, so that no copy of a coefficient is left behind by a vector that grew.
    let mut higher = Vec::with_capacity(usize::from(k));
    for _ in 1..k {
        higher.push(Key32::random(entropy)?);
    }
    let mut shares = Vec::with_capacity(usize::from(n));
    for x in 1..=n {
        let mut y = Key32::zeroed();
        for coefficient in higher.iter().rev().chain([secret]) {
            for (to, from) in y.bytes_mut().iter_mut().zip(coefficient.expose()) {
                *to = mul(*to, x) ^ from;
            }
        }
        shares.push((x, y));
    }
    Ok(shares)
}

/// The value at 0 of the polynomial through `points`. No x may occur twice.
pub(super) fn join(points: &[(u8, &Key32)]) -> Key32 {
    let mut secret = Key32::zeroed();
    for (x, y) in points {
        let weight = points
            .iter()
            .filter(|(other, _)| other != x)
            .fold(1, |w, (other, _)| mul(w, mul(*other, inverse(other ^ x))));
        for (to, from) in secret.bytes_mut().iter_mut().zip(y.expose()) {
            *to ^= mul(*from, weight);
        }
    }
    secret
}

/// Multiplies in the field of AES (FIPS 197, section 4.2): modulo x^8 + x^4 + x^3 + x + 1.
fn mul(mut a: u8, mut b: u8) -> u8 {
    let mut out = 0;
    for _ in 0..8 {
        out ^= a & (b & 1).wrapping_neg();
        a = (a << 1) ^ (0x1b & (a >> 7).wrapping_neg());
        b >>= 1;
    }
    out
}

/// a^254, which is 1/a (and 0 for 0): the field's other 255 elements are a group.
fn inverse(a: u8) -> u8 {
    let mut power = a;
    let mut out = 1;
    for _ in 0..7 {
        power = mul(power, power);
        out = mul(out, power);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{inverse, join, mul, split};
    use crate::{Error, Key32, SeededEntropy};

    #[test]
    fn the_field_is_the_one_of_aes() {
        // FIPS 197, sections 4.2 and 4.2.1.
        for (a, b, product) in [
            (0x57, 0x83, 0xc1),
            (0x57, 0x13, 0xfe),
            (0x57, 0x02, 0xae),
            (0x57, 0x04, 0x47),
            (0x57, 0x08, 0x8e),
            (0x57, 0x10, 0x07),
        ] {
            assert_eq!((mul(a, b), mul(b, a)), (product, product));
        }
        // The generator 3 reaches every element but 0: the log tables others use, made here the slow way.
        let mut powers = vec![1u8];
        for n in 0..254 {
            powers.push(powers[n] ^ (powers[n] << 1) ^ (0x1b * (powers[n] >> 7)));
        }
        assert_eq!(powers.iter().collect::<BTreeSet<_>>().len(), 255);
        for (i, a) in powers.iter().enumerate() {
            assert_eq!((mul(*a, 0), mul(0, *a)), (0, 0));
            assert_eq!(mul(*a, inverse(*a)), 1);
            for (j, b) in powers.iter().enumerate() {
                assert_eq!(mul(*a, *b), powers[(i + j) % 255]);
            }
        }
        assert_eq!(inverse(0), 0);
    }

    #[test]
    fn one_share_less_leaves_every_secret_equally_possible() {
        // Two shares of a scheme of three, and any byte as the third: each secret once.
        let key = |byte| Key32::from_bytes([byte; 32]);
        for (one, two) in [(0u8, 0u8), (7, 200), (255, 1)] {
            let secrets: BTreeSet<u8> = (0..=255)
                .map(|three| {
                    let (one, two, three) = (key(one), key(two), key(three));
                    join(&[(1, &one), (9, &two), (255, &three)]).expose()[0]
                })
                .collect();
            assert_eq!(secrets.len(), 256);
        }
    }

    #[test]
    fn shares_of_a_threshold_of_one_are_the_secret_and_others_are_not() {
        let entropy = SeededEntropy::insecure(1);
        let secret = Key32::random(&entropy).unwrap();
        for (_, y) in split(&secret, 1, 3, &entropy).unwrap() {
            assert_eq!(y, secret);
        }
        let shares = split(&secret, 2, 255, &entropy).unwrap();
        assert!(shares.iter().all(|(_, y)| *y != secret));
        assert_eq!(shares.len(), 255);
    }

    #[test]
    fn the_largest_scheme_works() {
        let entropy = SeededEntropy::insecure(2);
        let secret = Key32::random(&entropy).unwrap();
        let shares = split(&secret, 255, 255, &entropy).unwrap();
        let all: Vec<_> = shares.iter().map(|(x, y)| (*x, y)).collect();
        assert_eq!(join(&all), secret);
        assert_ne!(join(&all[1..]), secret);
    }

    #[test]
    fn a_source_that_fails_gives_no_shares() {
        #[derive(Debug)]
        struct Dry;
        impl crate::Entropy for Dry {
            fn fill(&self, _: &mut [u8]) -> Result<(), Error> {
                Err(Error::Entropy)
            }
        }
        let secret = Key32::zeroed();
        assert!(matches!(split(&secret, 2, 3, &Dry), Err(Error::Entropy)));
    }

    proptest! {
        #[test]
        fn any_k_of_n_give_the_secret_back_and_fewer_do_not(
            secret: [u8; 32],
            (n, k, order) in (1u8..=40).prop_flat_map(|n| {
                let order = Just((0..usize::from(n)).collect::<Vec<_>>()).prop_shuffle();
                (Just(n), 1..=n, order)
            }),
            seed: u64,
        ) {
            let secret = Key32::from_bytes(secret);
            let shares = split(&secret, k, n, &SeededEntropy::insecure(seed)).unwrap();
            let chosen: Vec<_> = order.iter().map(|at| (shares[*at].0, &shares[*at].1)).collect();
            let k = usize::from(k);
            prop_assert_eq!(&join(&chosen[..k]), &secret);
            prop_assert_eq!(&join(&chosen), &secret);
            if k > 1 {
                prop_assert_ne!(&join(&chosen[..k - 1]), &secret);
            }
        }
    }
}
