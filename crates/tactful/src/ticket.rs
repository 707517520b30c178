//! What an integrator hands in: a ticket, its thread, and what the helpdesk already knows of the customer.

use std::fmt;

use retention_policy::Timestamp;
use suggest_core::Author;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Customer, Error};

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
