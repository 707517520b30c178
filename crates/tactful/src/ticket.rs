//! What an integrator hands in: a ticket, its thread, and what the helpdesk already knows of the customer.

use std::fmt;

use pii_detect::Known;
use retention_policy::Timestamp;
use suggest_core::Author;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Error;

/// One message of a thread. Debug prints the length, never the text.
#[derive(Clone)]
pub struct Message {
    author: Author,
    at: Option<Timestamp>,
    text: String,
}

impl Message {
    /// Makes a message. `at` is when it was written, where the helpdesk knows.
    #[must_use]
    pub fn new(author: Author, at: Option<Timestamp>, text: impl Into<String>) -> Self {
        Self {
            author,
            at,
            text: text.into(),
        }
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> Author {
        self.author
    }

    /// When it was written.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// The text as it came: personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl ZeroizeOnDrop for Message {}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({:?}, {} bytes)", self.author, self.text.len())
    }
}

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

/// A ticket as the helpdesk has it now, the whole thread.
///
/// The id serves as idempotency key: the same ticket delivered twice, with the same number of messages, is one
/// record. A later message makes a new session from the whole thread; the helpdesk is the record, tactful is not.
#[derive(Clone, Debug)]
pub struct Ticket {
    id: TicketId,
    customer: Option<Customer>,
    thread: Vec<Message>,
}

/// The helpdesk's id of a ticket. Debug hides it: some helpdesks put names there.
#[derive(Clone)]
pub(crate) struct TicketId(pub(crate) String);

impl fmt::Debug for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketId({} bytes)", self.0.len())
    }
}

impl Ticket {
    /// Makes a ticket. A missing customer is no error: the ticket gets a subject of its own.
    ///
    /// # Errors
    /// [`Error::EmptyTicket`] without an id, or when no message of the customer holds a visible character.
    pub fn new(
        id: impl Into<String>,
        customer: Option<Customer>,
        thread: Vec<Message>,
    ) -> Result<Self, Error> {
        let id = id.into();
        let asked = thread
            .iter()
            .any(|m| m.author == Author::Customer && m.text.chars().any(char::is_alphanumeric));
        if id.trim().is_empty() || !asked {
            return Err(Error::EmptyTicket {
                messages: thread.len(),
            });
        }
        Ok(Self {
            id: TicketId(id),
            customer,
            thread,
        })
    }

    /// The helpdesk's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id.0
    }

    /// What the helpdesk knows of the customer.
    #[must_use]
    pub fn customer(&self) -> Option<&Customer> {
        self.customer.as_ref()
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn thread(&self) -> &[Message] {
        &self.thread
    }
}
