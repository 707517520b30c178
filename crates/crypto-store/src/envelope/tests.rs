//! A ciphertext that opens under two keys, made on purpose.
//!
//! AES-GCM does not commit to its key (Dodis et al. 2018, "Fast message franking"; Albertini et al. 2022, "How to abuse and
//! fix authenticated encryption without key commitment"): whoever knows two keys can solve for one block that makes one tag
//! right under both.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::BlockCipherEncrypt;

use super::{
    COMMIT_LEN, Derived, FORMAT, MAGIC, NONCE_LEN, RecordKeys, SALT_LEN, SUITE, TAG_LEN, crypt,
    open,
};
use crate::{Entropy, Error, Key32};

/// Shows what is derived for one envelope, the pseudorandom key of HKDF and the cipher key, and leaves no copy of it.
pub(crate) fn with_derived(
    keys: RecordKeys<'_>,
    aad: &[u8],
    sealed: &[u8],
    show: impl Fn(&str, &[u8]),
) {
    let salt: &[u8; SALT_LEN] = sealed[MAGIC.len() + 2..].first_chunk().unwrap();
    let all = [keys.subject, keys.bucket, keys.unit].map(|key| &key.expose()[..]);
    crypt::clean(|| {
        show("pseudorandom key", &crypt::hmac(salt, &all));
        let derived = Derived::new(keys, salt, aad).unwrap();
        show("cipher key", &derived.key);
    });
}

/// Product in GF(2^128) with the bit order of GCM (NIST SP 800-38D, 6.3).
fn times(x: u128, y: u128) -> u128 {
    let (mut z, mut v) = (0, y);
    for bit in (0..128).rev() {
        if x >> bit & 1 == 1 {
            z ^= v;
        }
        v = (v >> 1) ^ if v & 1 == 1 { 0xe1 << 120 } else { 0 };
    }
    z
}

/// The inverse: x to the power 2^128 - 2.
fn inverse(x: u128) -> u128 {
    let (mut square, mut product) = (x, 1 << 127);
    for _ in 1..128 {
        square = times(square, square);
        product = times(product, square);
    }
    product
}

fn blocks(bytes: &[u8]) -> Vec<u128> {
    let block = |chunk: &[u8]| {
        let mut block = [0; 16];
        block[..chunk.len()].copy_from_slice(chunk);
        u128::from_be_bytes(block)
    };
    bytes.chunks(16).map(block).collect()
}

/// One of the two who shall be able to open it.
struct Side<'a> {
    aes: Aes256,
    nonce: [u8; NONCE_LEN],
    aad: &'a [u8],
}

impl Side<'_> {
    fn block(&self, block: u128) -> u128 {
        let mut block = block.to_be_bytes().into();
        self.aes.encrypt_block(&mut block);
        u128::from_be_bytes(block.into())
    }

    fn hash_key(&self) -> u128 {
        self.block(0)
    }

    /// The tag of a ciphertext (SP 800-38D, 7.1).
    fn tag(&self, ciphertext: &[u8]) -> u128 {
        let lengths = (self.aad.len() as u128 * 8) << 64 | (ciphertext.len() as u128 * 8);
        let mut all = blocks(self.aad);
        all.extend(blocks(ciphertext));
        all.push(lengths);
        let hash = all.iter().fold(0, |y, x| times(y ^ x, self.hash_key()));
        let mut counter = [0; 16];
        counter[..NONCE_LEN].copy_from_slice(&self.nonce);
        counter[15] = 1;
        hash ^ self.block(u128::from_be_bytes(counter))
    }
}

fn envelope(
    salt: &[u8],
    nonce: &[u8],
    commitment: &[u8; COMMIT_LEN],
    body: &[u8],
    tag: &[u8],
) -> Vec<u8> {
    [
        MAGIC,
        &[FORMAT, SUITE][..],
        salt,
        nonce,
        commitment,
        body,
        tag,
    ]
    .concat()
}

#[test]
fn failure_07_a_ciphertext_under_two_keys_is_refused_by_the_commitment() {
    let keys = [1, 2, 3, 4].map(|n| Key32::from_bytes([n; 32]));
    let [mine, yours, bucket, unit] = &keys;
    let of = |subject| RecordKeys {
        subject,
        bucket,
        unit,
    };
    let (salt, nonce) = ([5; SALT_LEN], [6; NONCE_LEN]);
    let aads: [&[u8]; 2] = [
        b"identity of the first person's record",
        b"of another's, and longer than a block",
    ];
    let first = Derived::new(of(mine), &salt, aads[0]).unwrap();
    let other = Derived::new(of(yours), &salt, aads[1]).unwrap();
    let sides = [(&first, aads[0]), (&other, aads[1])].map(|(derived, aad)| Side {
        aes: aes_gcm::KeyInit::new((&derived.key).into()),
        nonce,
        aad,
    });

    // The first block carries what one likes, the last is solved for: it enters a tag as block * H^2.
    let mut body = *b"a harmless order, 16 bytes spare";
    body[16..].fill(0);
    let [h, g] = [&sides[0], &sides[1]].map(|side| times(side.hash_key(), side.hash_key()));
    let solved = times(sides[0].tag(&body) ^ sides[1].tag(&body), inverse(h ^ g));
    body[16..].copy_from_slice(&solved.to_be_bytes());
    let tag: [u8; TAG_LEN] = sides[0].tag(&body).to_be_bytes();
    assert_eq!(sides[1].tag(&body).to_be_bytes(), tag);

    // The bare cipher takes it under both keys and shows two texts.
    let texts = [(&first, aads[0]), (&other, aads[1])].map(|(derived, aad)| {
        let mut text = body;
        crypt::decrypt(&derived.key, &nonce, aad, &mut text, &tag).unwrap();
        text
    });
    assert_ne!(texts[0], texts[1]);

    // The envelope can carry one commitment, and opens for that one alone.
    let for_first = envelope(&salt, &nonce, &first.commitment, &body, &tag);
    assert_eq!(*open(of(mine), aads[0], &for_first).unwrap(), texts[0]);
    let refused = open(of(yours), aads[1], &for_first);
    assert!(matches!(refused, Err(Error::Corrupt { .. })));
    let for_other = envelope(&salt, &nonce, &other.commitment, &body, &tag);
    assert_eq!(*open(of(yours), aads[1], &for_other).unwrap(), texts[1]);
    let refused = open(of(mine), aads[0], &for_other);
    assert!(matches!(refused, Err(Error::Corrupt { .. })));
}

/// Welch's t of two classes of times, of which the slowest tenth (interrupts) is left out.
fn welch(mut classes: [Vec<f64>; 2]) -> f64 {
    let [(m0, v0), (m1, v1)] = classes.each_mut().map(|times| {
        times.sort_by(f64::total_cmp);
        times.truncate(times.len() * 9 / 10);
        let n = times.len() as f64;
        let mean = times.iter().sum::<f64>() / n;
        let variance = times.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n)
    });
    (m0 - m1) / (v0 + v1).sqrt()
}

/// After Reparaz, Balasch and Verbauwhede 2017, "Dude, is my code constant time?": prints how far apart the times of two
/// kinds of wrong envelopes are. |t| above 4.5 on a quiet machine wants a look; no time is asserted.
#[test]
fn failure_17_times_of_wrong_commitments_and_tags() {
    let rounds = match std::env::var_os("TACTFUL_HEAVY") {
        Some(heavy) if heavy == "1" => 200_000,
        _ => 2_000,
    };
    let keys = [1, 2, 3].map(|n| Key32::from_bytes([n; 32]));
    let [subject, bucket, unit] = &keys;
    let keys = RecordKeys {
        subject,
        bucket,
        unit,
    };
    let sealed = super::seal(keys, b"identity", &[7; 64], &[9; super::RANDOM_LEN]).unwrap();
    let commitment = MAGIC.len() + 2 + SALT_LEN + NONCE_LEN;
    let chance = crate::SeededEntropy::insecure(17);
    let mut classes = vec![0; rounds];
    chance.fill(&mut classes).unwrap();
    // The last pair is a control: there is nothing to tell apart.
    for (what, first, last) in [
        ("commitment", commitment, commitment + COMMIT_LEN - 1),
        ("tag", sealed.len() - TAG_LEN, sealed.len() - 1),
        ("nothing", commitment, commitment),
    ] {
        let mut times = [Vec::new(), Vec::new()];
        // One place in memory for both classes, whose turns nothing can foresee.
        let mut wrong = sealed.clone();
        for class in &classes {
            let class = usize::from(class & 1);
            wrong.copy_from_slice(&sealed);
            let at = std::hint::black_box([first, last])[class];
            wrong[at] ^= 1;
            let begin = std::time::Instant::now();
            let refused = open(keys, b"identity", std::hint::black_box(&wrong));
            times[class].push(begin.elapsed().as_nanos() as f64);
            assert!(matches!(refused, Err(Error::Corrupt { .. })));
        }
        let t = welch(times);
        eprintln!("{what}: first or last byte wrong, {rounds} times, t = {t:.2}");
    }
}
