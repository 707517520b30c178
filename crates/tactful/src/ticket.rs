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
    channel: Option<String>,
    labels: Vec<String>,
}

/// Which ticket a session is of, and where it came in. Debug hides it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) ticket: TicketId,
    pub(crate) channel: Option<String>,
    pub(crate) labels: Vec<String>,
}

impl Place {
    pub(crate) fn new<'l>(
        ticket: &str,
        channel: Option<&str>,
        labels: impl IntoIterator<Item = &'l str>,
    ) -> Self {
        // A label of two lines would come back as two.
        let labels = labels.into_iter().map(|label| label.replace('\n', " "));
        Self {
            ticket: TicketId(ticket.to_owned()),
            channel: channel.map(str::to_owned),
            labels: labels.collect(),
        }
    }
}

/// The helpdesk's id of a ticket. Debug hides it: some helpdesks put names there.
#[derive(Clone, Default)]
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
            channel: None,
            labels: Vec::new(),
        })
    }

    /// Says where it came in: a name of the integrator's, such as `email` or `chat`, that can be switched off.
    #[must_use]
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Names the labels the helpdesk has put on it; some leave a ticket to humans
    /// ([`Switches`](suggest_core::Switches)).
    #[must_use]
    pub fn labels<T: Into<String>>(mut self, labels: impl IntoIterator<Item = T>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    pub(crate) fn place(&self) -> Place {
        let labels = self.labels.iter().map(String::as_str);
        Place::new(&self.id.0, self.channel.as_deref(), labels)
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
