//! What somebody learns who has all terms and knows how often each value occurs among people.
#![allow(
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use std::collections::{BTreeMap, HashMap, HashSet};

use super::IndexTerm;
use crate::{Entropy, Key32, SeededEntropy};

/// Invented postcodes, so skewed that the first is the home of every tenth person (Zipf's law).
const POSTCODES: usize = 1_000;
const PEOPLE: usize = 20_000;

fn postcode(n: usize) -> String {
    format!("{:05}", 10_007 + 83 * n)
}

/// The postcode of each person.
fn people() -> Vec<usize> {
    let weights: Vec<f64> = (1..=POSTCODES).map(|n| 1.0 / n as f64).collect();
    let total: f64 = weights.iter().sum();
    let entropy = SeededEntropy::insecure(16);
    let draw = |_| {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes).unwrap();
        let mut at = u64::from_be_bytes(bytes) as f64 / u64::MAX as f64 * total;
        let found = weights.iter().position(|w| {
            at -= w;
            at <= 0.0
        });
        found.unwrap_or(POSTCODES - 1)
    };
    (0..PEOPLE).map(draw).collect()
}

fn term(n: usize, bits: u8) -> IndexTerm {
    match bits {
        128 => IndexTerm::new("postcode", &postcode(n)),
        bits => IndexTerm::truncated("postcode", &postcode(n), bits),
    }
    .unwrap()
}

/// Postcodes that stand out by themselves.
const FREQUENT: usize = 16;

/// How many people's postcodes are guessed right by rank: the most frequent term is the most frequent postcode, and so on.
/// This is the best guess for somebody who knows how often postcodes occur and has no key. All people, and those whose
/// postcode is none of the most frequent.
fn guessed(people: &[usize], key: &Key32, bits: u8) -> (usize, usize) {
    let blinds: Vec<_> = (0..POSTCODES).map(|n| term(n, bits).blind(key)).collect();
    // In the order of the terms, so that ties are broken the same way each time.
    let mut of_term: BTreeMap<[u8; 16], HashMap<usize, usize>> = BTreeMap::new();
    for postcode in people {
        let here = of_term.entry(blinds[*postcode]).or_default();
        *here.entry(*postcode).or_default() += 1;
    }
    let mut ranks: Vec<_> = of_term.into_values().collect();
    ranks.sort_by_key(|all| std::cmp::Reverse(all.values().sum::<usize>()));
    let right = |rank: usize| ranks[rank].get(&rank).copied().unwrap_or(0);
    let (all, rare) = (0..ranks.len(), FREQUENT..ranks.len());
    (all.map(right).sum(), rare.map(right).sum())
}

#[test]
fn failure_16_truncation_hides_what_frequency_tells() {
    let people = people();
    let rare = people.iter().filter(|n| **n >= FREQUENT).count();
    let mut right = HashMap::new();
    for bits in [128, 12, 10, 8, 6, 4, 2] {
        // Which values share a term depends on the key: some tenants are luckier than others.
        let tenants: Vec<_> = (1..=24)
            .map(|n| guessed(&people, &Key32::from_bytes([n; 32]), bits))
            .collect();
        let all: usize = tenants.iter().map(|(all, _)| all).sum::<usize>() / tenants.len();
        let hard: usize = tenants.iter().map(|(_, rare)| rare).sum::<usize>() / tenants.len();
        eprintln!(
            "{bits} bits: {all} of {PEOPLE} guessed right, {hard} of {rare} with a rare value"
        );
        right.insert(bits, (all, hard));
    }
    // Whole terms give a large part away: that is why such fields want truncated ones.
    assert!(right[&128].0 > PEOPLE / 3, "{right:?}");
    assert!(right[&128].1 > rare / 30, "{right:?}");
    // Rare values are hidden among others; what every tenth person has stands out at most lengths.
    assert!(right[&8].1 * 3 < right[&128].1, "{right:?}");
    assert!(right[&4].1 == 0, "{right:?}");
    assert!(right[&2].0 * 2 < right[&128].0, "{right:?}");
}

#[test]
fn failure_16_terms_of_two_fields_tenants_and_lengths_are_unrelated() {
    // A key is one tenant's for one field; the lengths share it.
    let keys = [4, 5, 6].map(|n| Key32::from_bytes([n; 32]));
    let mut all = HashSet::new();
    for key in &keys {
        for bits in [128, 32, 31, 24] {
            for n in 0..50 {
                assert!(all.insert(term(n, bits).blind(key)), "{bits} bits, {n}");
            }
        }
    }
    // No length is the beginning of another, nor of the whole.
    let beginning = |bits, n| term(n, bits).blind(&keys[0])[..2].to_vec();
    let same = (0..200).filter(|n| {
        beginning(16, *n) == beginning(128, *n) || beginning(16, *n) == beginning(24, *n)
    });
    assert!(same.count() < 3);
}

#[test]
fn a_truncated_term_keeps_its_bits_and_no_more() {
    let key = Key32::from_bytes([7; 32]);
    for bits in 1..=32u8 {
        let (mut ones, mut seen) = (0u128, HashSet::new());
        for n in 0..400 {
            let blind = term(n, bits).blind(&key);
            assert_eq!(blind[15], bits);
            let value = u128::from_be_bytes(blind) >> 8;
            ones |= value;
            seen.insert(value);
        }
        // Every bit that is kept occurs, and none behind them.
        assert_eq!(ones, ((1 << bits) - 1) << (120 - bits), "{bits} bits");
        assert!(seen.len() <= 1 << bits.min(20));
    }
}
