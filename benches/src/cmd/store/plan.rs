//! What the records of a run are: record `n` has the same owner, end, terms and body whenever it is asked for.

use std::collections::HashSet;
use std::ops::Range;

use tactful::crypto_store::{IndexTerm, NewRecord};
use tactful::retention_policy::{Bucket, Category, Lifetime, RecordMeta, SubjectId};

use super::super::{Stop, shop};
use super::CALLERS;

/// Bytes of a record's body.
pub(super) const BODY: usize = 1024;
/// Persons whose erasure is measured.
pub(super) const LARGE: u64 = 5;
/// Most records of each of them.
const LARGE_MOST: u64 = 10_000;
/// Where the planted plaintext stands in a body, and how long it is.
const PLANT: Range<usize> = 512..544;

const FIELDS: [&str; 5] = ["email", "phone", "name", "order", "customer_id"];

#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) records: u64,
    pub(super) per_subject: u64,
    pub(super) terms: usize,
    pub(super) buckets: u64,
    /// Tells the bodies of one run from those of another.
    pub(super) seed: u64,
}

impl Plan {
    /// How many records each large person has.
    pub(super) fn large(&self) -> u64 {
        LARGE_MOST.min(self.records / 10)
    }

    /// The number of a record's person. 64 other persons are served at a time, one by each caller.
    pub(super) fn person(&self, n: u64) -> u64 {
        let of_large = LARGE * self.large();
        if n < of_large {
            return n % LARGE;
        }
        let (callers, at) = (CALLERS as u64, n - of_large);
        let block = callers * self.per_subject;
        LARGE + at / block * callers + at % block % callers
    }

    /// How many persons the first `records` records are of.
    pub(super) fn persons(&self, records: u64) -> u64 {
        let persons: HashSet<u64> = (0..records).map(|n| self.person(n)).collect();
        persons.len() as u64
    }

    pub(super) fn subject(person: u64) -> SubjectId {
        SubjectId::from_random(shop::id(0x5b, person))
    }

    pub(super) fn bucket_of(&self, n: u64) -> u64 {
        shop::mix(n) % self.buckets
    }

    /// A quarter of an hour a bucket, the first after an hour.
    pub(super) fn meta(&self, n: u64) -> Result<RecordMeta, Stop> {
        let minutes = u32::try_from(60 + 15 * self.bucket_of(n)).unwrap_or(u32::MAX);
        let lifetime = Lifetime::seconds(minutes.saturating_mul(60))?;
        shop::session(Self::subject(self.person(n)), shop::opening(), lifetime)
    }

    /// The bucket with this number, by a record that would be in it.
    pub(super) fn bucket(&self, number: u64) -> Result<Bucket, Stop> {
        let minutes = u32::try_from(60 + 15 * number).unwrap_or(u32::MAX);
        let lifetime = Lifetime::seconds(minutes.saturating_mul(60))?;
        let meta = shop::session(Self::subject(0), shop::opening(), lifetime)?;
        debug_assert_eq!(meta.category(), Category::Session);
        Ok(meta.bucket())
    }

    pub(super) fn body(&self, n: u64) -> Vec<u8> {
        shop::bytes(self.seed, n, BODY)
    }

    /// The plaintext that is searched for afterwards.
    pub(super) fn planted(&self, n: u64) -> Vec<u8> {
        self.body(n).get(PLANT).unwrap_or_default().to_vec()
    }

    /// Every other field is the person's, the others the record's own.
    fn terms(&self, n: u64) -> Result<Vec<IndexTerm>, Stop> {
        (0..self.terms)
            .map(|t| {
                let field = match FIELDS.get(t) {
                    Some(field) => (*field).to_owned(),
                    None => format!("field_{t}"),
                };
                let value = if t % 2 == 0 { self.person(n) } else { n };
                Ok(IndexTerm::new(&field, &format!("{field}-{value}"))?)
            })
            .collect()
    }

    pub(super) fn record(&self, n: u64) -> Result<NewRecord, Stop> {
        Ok(NewRecord::new(self.meta(n)?, self.body(n)).terms(self.terms(n)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_has_the_records_that_were_asked_for() {
        let plan = Plan {
            records: 10_000,
            per_subject: 10,
            terms: 3,
            buckets: 5,
            seed: 1,
        };
        let mut of_person = std::collections::BTreeMap::new();
        for n in 0..plan.records {
            *of_person.entry(plan.person(n)).or_insert(0u64) += 1;
        }
        for large in 0..LARGE {
            assert_eq!(of_person[&large], 1000);
        }
        // The last block of 64 persons may be cut off by the end.
        assert!(of_person.values().skip(5).all(|records| *records <= 10));
        assert!(of_person.values().filter(|records| **records == 10).count() >= 448);
        let buckets: std::collections::BTreeSet<_> =
            (0..100).map(|n| plan.meta(n).unwrap().bucket()).collect();
        assert_eq!(buckets.len(), 5);
        for number in 0..5 {
            assert!(buckets.contains(&plan.bucket(number).unwrap()));
        }
    }
}
