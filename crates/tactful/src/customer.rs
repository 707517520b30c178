//! What the helpdesk knows of a customer.

use std::fmt;

use pii_detect::{Kind, Known};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the helpdesk knows of the customer: found in the text exactly, and the way to the same person's records.
///
/// Every field may hold several values or none. Debug prints counts.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Customer {
    /// Names as the helpdesk writes them.
    pub names: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Phone numbers, any notation.
    pub phones: Vec<String>,
    /// Postal addresses, one string each.
    pub addresses: Vec<String>,
    /// Order numbers.
    pub orders: Vec<String>,
    /// Customer or contract numbers.
    pub customer_ids: Vec<String>,
}

impl Customer {
    /// Makes a customer of whom nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.emails.push(email.into());
        self
    }

    /// Adds a name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Adds an order number.
    #[must_use]
    pub fn with_order(mut self, order: impl Into<String>) -> Self {
        self.orders.push(order.into());
        self
    }

    /// Adds a value; kinds that [`Self::known`] has not are passed over.
    pub(crate) fn add(&mut self, kind: Kind, value: &str) {
        let field = match kind {
            Kind::Person => &mut self.names,
            Kind::Email => &mut self.emails,
            Kind::Phone => &mut self.phones,
            Kind::Address => &mut self.addresses,
            Kind::Order => &mut self.orders,
            Kind::CustomerId => &mut self.customer_ids,
            _ => return,
        };
        field.push(value.to_owned());
    }

    /// The same as the detector takes it.
    pub(crate) fn known(&self) -> Known {
        let mut known = Known::new();
        for v in &self.names {
            known.add_name(v);
        }
        for v in &self.emails {
            known.add_email(v);
        }
        for v in &self.phones {
            known.add_phone(v);
        }
        for v in &self.addresses {
            known.add_address(v);
        }
        for v in &self.orders {
            known.add_order(v);
        }
        for v in &self.customer_ids {
            known.add_customer_id(v);
        }
        known
    }

    fn fields_mut(&mut self) -> [&mut Vec<String>; 6] {
        [
            &mut self.names,
            &mut self.emails,
            &mut self.phones,
            &mut self.addresses,
            &mut self.orders,
            &mut self.customer_ids,
        ]
    }
}

impl Drop for Customer {
    fn drop(&mut self) {
        for field in self.fields_mut() {
            field.iter_mut().for_each(Zeroize::zeroize);
        }
    }
}

impl ZeroizeOnDrop for Customer {}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Customer({} names, {} emails, {} phones, {} addresses, {} orders, {} ids)",
            self.names.len(),
            self.emails.len(),
            self.phones.len(),
            self.addresses.len(),
            self.orders.len(),
            self.customer_ids.len()
        )
    }
}
