//! The vectors of the RFCs, and the same answers as the crates `hmac` and `hkdf` give.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use ::hmac::{Hmac, KeyInit, Mac};
use hkdf::Hkdf;
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::HmacKey;
use crate::crypt;

/// Lengths to beyond the third block: empty, shorter and longer than a key, a digest and each block's edge.
const EDGES: usize = 200;

fn unhex(hex: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(byte).collect()
}

/// Bytes of which no two neighbours are alike, so that none can be lost, doubled or moved unnoticed.
fn some(len: usize, seed: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 167 + seed * 59 + 1) as u8).collect()
}

fn theirs(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// What the crate fills, or nothing where it refuses.
fn their_hkdf(salt: &[u8], ikm: &[u8], info: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; len];
    let hkdf = Hkdf::<Sha256>::new(Some(salt), ikm);
    hkdf.expand(info, &mut out).ok()?;
    Some(out)
}

fn our_hkdf(salt: &[u8], ikm: &[&[u8]], info: &[&[u8]], len: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; len];
    crypt::hkdf(salt, ikm, info, &mut out).ok()?;
    Some(out)
}

#[test]
fn failure_06_rfc_4231() {
    let long = "Test Using Larger Than Block-Size Key - Hash Key First";
    let longer = "This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.";
    let cases: [(Vec<u8>, Vec<u8>, &str); 7] = [
        (
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 20],
            vec![0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            (1..=25).collect(),
            vec![0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            vec![0x0c; 20],
            b"Test With Truncation".to_vec(),
            "a3b6167473100ee06e0c796c2955552b",
        ),
        (
            vec![0xaa; 131],
            long.into(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            vec![0xaa; 131],
            longer.into(),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ];
    for (n, (key, message, mac)) in cases.iter().enumerate() {
        let made = HmacKey::new(key).mac(&[message]);
        assert!(made.starts_with(&unhex(mac)), "case {}", n + 1);
    }
}

#[test]
fn failure_06_rfc_5869() {
    let range = |bytes: std::ops::RangeInclusive<u8>| bytes.collect::<Vec<_>>();
    let cases = [
        (
            range(0x00..=0x0c),
            vec![0x0b; 22],
            range(0xf0..=0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            range(0x60..=0xaf),
            range(0x00..=0x4f),
            range(0xb0..=0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09\
             da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            Vec::new(),
            vec![0x0b; 22],
            Vec::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (n, (salt, ikm, info, okm)) in cases.iter().enumerate() {
        let okm = unhex(okm);
        let made = our_hkdf(salt, &[ikm], &[info], okm.len());
        assert_eq!(made, Some(okm), "case {}", n + 1);
    }
}

#[test]
fn failure_06_every_length_of_key_and_message_around_the_blocks() {
    for key in (0..=EDGES).map(|len| some(len, 1)) {
        let ours = HmacKey::new(&key);
        for message in (0..=EDGES).map(|len| some(len, 2)) {
            let (front, back) = message.split_at(message.len() * key.len() / EDGES);
            let made = ours.mac(&[front, back]);
            let lens = (key.len(), message.len());
            assert_eq!(made, theirs(&key, &message), "key and message: {lens:?}");
        }
    }
}

#[test]
fn failure_06_every_length_of_what_hkdf_takes_and_gives() {
    for len in 0..=EDGES {
        for which in 0..4 {
            // One has the length, the others have one that the store uses.
            let [salt, ikm, info, out] = std::array::from_fn(|n| match n == which {
                true => len,
                false => [32, 96, 62, 64][n],
            });
            let [salt, ikm, info] = [some(salt, 3), some(ikm, 4), some(info, 5)];
            let (front, back) = ikm.split_at(ikm.len() / 3);
            let (label, rest) = info.split_at(info.len() / 2);
            let made = our_hkdf(&salt, &[front, back], &[label, rest], out);
            let expected = their_hkdf(&salt, &ikm, &info, out);
            assert_eq!(made, expected, "{which} of {len} bytes");
        }
    }
    for out in [8_128, 8_129, 8_160, 8_161, 10_000] {
        let made = our_hkdf(b"salt", &[b"key"], &[b"info"], out);
        assert_eq!(made.is_some(), out <= 8_160);
        assert_eq!(made, their_hkdf(b"salt", b"key", b"info", out), "{out}");
    }
}

#[test]
fn failure_06_a_key_and_its_commitment_are_hkdf_over_a_digest() {
    let (salt, ikm) = ([9; 32], some(96, 6));
    let keys: Vec<&[u8]> = ikm.chunks(32).collect();
    for context in (0..=2 * EDGES).map(|len| some(len, 7)) {
        let made = crypt::derive(&salt, &keys, b"a label", &context).unwrap();
        let info = [&b"a label"[..], &Sha256::digest(&context)].concat();
        let expected = their_hkdf(&salt, &ikm, &info, 64).unwrap();
        assert_eq!(made.as_flattened(), expected, "{} bytes", context.len());
    }
}

/// Parts of any number and length, and all that they are together.
fn parts(most: usize) -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<u8>)> {
    vec(vec(any::<u8>(), 0..most), 0..7).prop_map(|parts| (parts.clone(), parts.concat()))
}

proptest! {
    #[test]
    fn failure_06_any_parts_make_the_same_mac(key in vec(any::<u8>(), 0..300), (parts, message) in parts(700)) {
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(HmacKey::new(&key).mac(&parts), theirs(&key, &message));
    }

    #[test]
    fn failure_06_any_parts_make_the_same_keys(
        salt in vec(any::<u8>(), 0..150),
        (keys, ikm) in parts(150),
        (infos, info) in parts(150),
        len in 0..400_usize,
    ) {
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        let infos: Vec<&[u8]> = infos.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(our_hkdf(&salt, &keys, &infos, len), their_hkdf(&salt, &ikm, &info, len));
    }
}
