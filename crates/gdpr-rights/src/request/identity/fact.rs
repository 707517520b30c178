//! Facts that the person and the record know, and nobody else: the step from an address to level L3.

use std::collections::BTreeSet;
use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Level;
use super::key::IdentityKey;
use super::proof::Proof;
use crate::Error;
use crate::request::right::Request;

const DOMAIN: &[u8] = b"tactful/gdpr-rights/fact/0";
const NEEDED: usize = 2;

/// What a fact is about. Names, addresses and birthdays are not among them: others know these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FactKind {
    /// The number of an order.
    OrderNumber,
    /// The day of an order.
    OrderDate,
    /// What was paid.
    Amount,
    /// The number of an invoice.
    InvoiceNumber,
    /// The number of a ticket.
    TicketNumber,
    /// The number of a contract.
    ContractNumber,
}

/// A fact as an HMAC under the key, good for one case: two can be compared and none can be read.
pub struct Fact {
    kind: FactKind,
    mac: [u8; 32],
}

impl Fact {
    /// Takes a fact from the record or from the person. Case and whatever is neither letter nor digit do not count.
    ///
    /// # Errors
    /// [`Error::EmptyFact`] when nothing is left.
    pub fn new(
        key: &IdentityKey,
        request: &Request,
        kind: FactKind,
        text: &str,
    ) -> Result<Self, Error> {
        let text: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect(),
        );
        if text.is_empty() {
            return Err(Error::EmptyFact);
        }
        let mac = key.mac(&[
            DOMAIN,
            &request.case.to_bytes(),
            &request.subject.to_bytes(),
            &[kind as u8],
            text.as_bytes(),
        ]);
        Ok(Self { kind, mac })
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fact({:?})", self.kind)
    }
}

impl Proof {
    /// Adds facts to a code that passed (L1 becomes L3). It consumes the proof: whoever was wrong needs a new code, so that
    /// facts cannot be guessed one after the other.
    ///
    /// # Errors
    /// [`Error::FactsDoNotFit`] unless facts of two kinds are on file as given, one value of each kind.
    pub fn with_facts(self, on_file: &[Fact], given: &[Fact]) -> Result<Self, Error> {
        let kinds: BTreeSet<_> = given.iter().map(|fact| fact.kind).collect();
        let fitting = given
            .iter()
            .filter(|fact| {
                // Every fact on file is compared, so that the time says nothing.
                on_file.iter().fold(false, |found, known| {
                    let same = bool::from(known.mac.ct_eq(&fact.mac));
                    found | (same & (known.kind == fact.kind))
                })
            })
            .count();
        if kinds.len() != given.len() || fitting < NEEDED {
            return Err(Error::FactsDoNotFit);
        }
        Ok(self.raised_to(Level::Facts))
    }
}
