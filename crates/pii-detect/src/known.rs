//! What the caller already knows about the customer.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::kind::Kind;

/// Values of the customer that are to be found wherever they stand.
///
/// Values are found whole, whatever their case and accents; names by each of their words as well, phone and
/// order numbers by their digits and letters alone. Memory is wiped on drop; Debug prints counts.
///
/// ```
/// use pii_detect::{Detector, Kind, Known};
/// let mut known = Known::new();
/// known.add_name("Zo\u{eb} Quirk");
/// let found = Detector::new().detect("ask quirk about it", &known)?;
/// assert_eq!(found.iter().next().map(|f| f.kind()), Some(Kind::Person));
/// # Ok::<(), pii_detect::Error>(())
/// ```
#[derive(Default)]
pub struct Known {
    values: Vec<(Kind, Zeroizing<String>)>,
}

impl Known {
    /// Nothing known.
    #[must_use]
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Adds a name: `Given Family`, one word, or more.
    pub fn add_name(&mut self, value: &str) -> &mut Self {
        self.add(Kind::Person, value)
    }

    /// Adds an e-mail address.
    pub fn add_email(&mut self, value: &str) -> &mut Self {
        self.add(Kind::Email, value)
    }

    /// Adds a phone number in any notation.
    pub fn add_phone(&mut self, value: &str) -> &mut Self {
        self.add(Kind::Phone, value)
    }

    /// Adds a postal address; its lines and parts between commas are found alone, too.
    pub fn add_address(&mut self, value: &str) -> &mut Self {
        self.add(Kind::Address, value)
    }

    /// Adds an order number.
    pub fn add_order(&mut self, value: &str) -> &mut Self {
        self.add(Kind::Order, value)
    }

    /// Adds a customer number.
    pub fn add_customer_id(&mut self, value: &str) -> &mut Self {
        self.add(Kind::CustomerId, value)
    }

    /// Adds a value of any kind.
    pub fn add(&mut self, kind: Kind, value: &str) -> &mut Self {
        let trimmed = value.trim();
        if !trimmed.is_empty() {
            self.values.push((kind, Zeroizing::new(trimmed.to_owned())));
        }
        self
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values, for whoever must compare with them.
    pub fn expose(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.values
            .iter()
            .map(|(kind, value)| (*kind, value.as_str()))
    }
}

impl Zeroize for Known {
    fn zeroize(&mut self) {
        for (_, value) in &mut self.values {
            value.zeroize();
        }
        self.values.clear();
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}
