//! Reads tickets from JSON Lines or CSV, with bounded memory and errors that say what to do.
//!
//! JSON Lines: one object a line, `{"id", "customer"?, "thread": [{"from", "at"?, "text"}]}`; `customer` holds `name`,
//! `email`, `phone`, `address`, `orders`, `customer_id` (a string or an array of strings). CSV: a header with `id` and
//! `text`, and any of `name email phone address order customer_id`; every row is a ticket of one message.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use serde_json::Value;
use tactful::suggest_core::Author;
use tactful::{Customer, Message, Ticket};

/// A line or CSV record may hold this many bytes: a thread of long mails, far from memory's end.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// What is wrong with a file of tickets. No variant holds a byte of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TicketsError {
    /// The file could not be read.
    #[error("reading the tickets failed ({0:?}): check that the file exists and may be read")]
    Read(io::ErrorKind),
    /// A record is longer than [`MAX_RECORD_BYTES`].
    #[error(
        "record {record} is longer than {limit} bytes: split it, or look for a quote that is never closed"
    )]
    TooLong {
        /// Number of the record, from 1.
        record: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A record is not UTF-8.
    #[error("record {record} is not UTF-8: convert the file, for example with iconv")]
    NotUtf8 {
        /// Number of the record, from 1.
        record: usize,
    },
    /// A line is no JSON object.
    #[error("line {record} is no JSON object (column {column})")]
    NotJson {
        /// Number of the line, from 1.
        record: usize,
        /// Where the parser stopped.
        column: usize,
    },
    /// The CSV cannot be taken apart.
    #[error("CSV record {record} does not fit the header: check quotes and commas")]
    BadCsv {
        /// Number of the record, from 1, the header left out.
        record: usize,
    },
    /// The CSV has no such column.
    #[error("the CSV header has no column `{0}`")]
    NoColumn(&'static str),
    /// A field is missing or of another type.
    #[error("record {record}: `{field}` is missing or of another type")]
    BadField {
        /// Number of the record, from 1.
        record: usize,
        /// The field.
        field: &'static str,
    },
    /// The ticket has no id or no text of the customer.
    #[error("record {record}: no text of the customer in it")]
    Empty {
        /// Number of the record, from 1.
        record: usize,
    },
}

/// How a file of tickets is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Comma separated with a header.
    Csv,
}

impl Format {
    /// CSV for names that end in `.csv`, JSON Lines for all others.
    #[must_use]
    pub fn of_file_name(name: &str) -> Self {
        if name.to_ascii_lowercase().ends_with(".csv") {
            Self::Csv
        } else {
            Self::JsonLines
        }
    }
}

/// Reads all tickets.
///
/// # Errors
/// The first record that cannot be read, with its number: nothing is skipped silently.
pub fn read_tickets(source: impl Read, format: Format) -> Result<Vec<Ticket>, TicketsError> {
    match format {
        Format::JsonLines => json_lines(source),
        Format::Csv => csv(source),
    }
}

fn json_lines(source: impl Read) -> Result<Vec<Ticket>, TicketsError> {
    let mut reader = BufReader::new(source);
    let mut tickets = Vec::new();
    let mut line = Vec::new();
    for record in 1.. {
        line.clear();
        let read = reader
            .by_ref()
            .take(MAX_RECORD_BYTES as u64 + 1)
            .read_until(b'\n', &mut line)
            .map_err(|e| TicketsError::Read(e.kind()))?;
        if read == 0 {
            break;
        }
        if line.len() > MAX_RECORD_BYTES {
            return Err(TicketsError::TooLong {
                record,
                limit: MAX_RECORD_BYTES,
            });
        }
        let text = std::str::from_utf8(&line).map_err(|_| TicketsError::NotUtf8 { record })?;
        // Editors on some systems write a byte order mark.
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(text).map_err(|e| TicketsError::NotJson {
            record,
            column: e.column(),
        })?;
        tickets.push(ticket_of(&value, record)?);
    }
    Ok(tickets)
}

fn ticket_of(value: &Value, record: usize) -> Result<Ticket, TicketsError> {
    let bad = |field| TicketsError::BadField { record, field };
    let object = value
        .as_object()
        .ok_or(TicketsError::NotJson { record, column: 1 })?;
    let id = object
        .get("id")
        .and_then(Value::as_str)
        .ok_or_else(|| bad("id"))?;
    let customer = match object.get("customer") {
        None | Some(Value::Null) => None,
        Some(Value::Object(fields)) => Some(customer_of(fields).ok_or_else(|| bad("customer"))?),
        Some(_) => return Err(bad("customer")),
    };
    let mut thread = Vec::new();
    let messages = object
        .get("thread")
        .and_then(Value::as_array)
        .ok_or_else(|| bad("thread"))?;
    for message in messages {
        let author = match message.get("from").and_then(Value::as_str) {
            Some("customer") => Author::Customer,
            Some("agent") => Author::Agent,
            _ => return Err(bad("from")),
        };
        let at = match message.get("at") {
            None | Some(Value::Null) => None,
            Some(Value::String(s)) => Some(
                chrono::DateTime::parse_from_rfc3339(s)
                    .map_err(|_| bad("at"))?
                    .to_utc(),
            ),
            Some(_) => return Err(bad("at")),
        };
        let text = message
            .get("text")
            .and_then(Value::as_str)
            .ok_or_else(|| bad("text"))?;
        thread.push(Message::new(author, at, text));
    }
    Ticket::new(id, customer, thread).map_err(|_| TicketsError::Empty { record })
}

fn customer_of(fields: &serde_json::Map<String, Value>) -> Option<Customer> {
    let list = |name: &str| -> Option<Vec<String>> {
        match fields.get(name) {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(Value::String(s)) => Some(vec![s.clone()]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|v| v.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        }
    };
    let mut customer = Customer::new();
    customer.names = list("name")?;
    customer.emails = list("email")?;
    customer.phones = list("phone")?;
    customer.addresses = list("address")?;
    customer.orders = list("orders")?;
    customer.customer_ids = list("customer_id")?;
    Some(customer)
}

/// Fails the read once a record has grown past its limit: a quote that is never closed must not fill the memory.
struct Bounded<R> {
    inner: R,
    since_record: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > MAX_RECORD_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.since_record.set(self.since_record.get() + read);
        Ok(read)
    }
}

fn csv(source: impl Read) -> Result<Vec<Ticket>, TicketsError> {
    let since_record = Rc::new(Cell::new(0));
    let mut reader = csv::ReaderBuilder::new().from_reader(Bounded {
        inner: source,
        since_record: Rc::clone(&since_record),
    });
    let header = reader.byte_headers().map_err(|e| csv_error(&e, 0))?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|h| h.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
    };
    let id_column = column("id").ok_or(TicketsError::NoColumn("id"))?;
    let text_column = column("text").ok_or(TicketsError::NoColumn("text"))?;
    let known = ["name", "email", "phone", "address", "order", "customer_id"].map(column);
    let mut tickets = Vec::new();
    let mut row = csv::ByteRecord::new();
    for record in 1.. {
        since_record.set(0);
        if !reader
            .read_byte_record(&mut row)
            .map_err(|e| csv_error(&e, record))?
        {
            break;
        }
        let field = |at: usize| {
            std::str::from_utf8(row.get(at).unwrap_or_default())
                .map_err(|_| TicketsError::NotUtf8 { record })
        };
        let mut values = Vec::new();
        for at in known {
            let value = at.map_or(Ok(""), field)?.trim();
            values.push((!value.is_empty()).then(|| value.to_owned()));
        }
        let customer = values.iter().any(Option::is_some).then(|| {
            let mut values = values.into_iter();
            let mut next = || values.next().flatten().into_iter().collect();
            let mut customer = Customer::new();
            customer.names = next();
            customer.emails = next();
            customer.phones = next();
            customer.addresses = next();
            customer.orders = next();
            customer.customer_ids = next();
            customer
        });
        let message = Message::new(Author::Customer, None, field(text_column)?);
        tickets.push(
            Ticket::new(field(id_column)?, customer, vec![message])
                .map_err(|_| TicketsError::Empty { record })?,
        );
    }
    Ok(tickets)
}

fn csv_error(error: &csv::Error, record: usize) -> TicketsError {
    match error.kind() {
        csv::ErrorKind::Io(e) if e.kind() == io::ErrorKind::FileTooLarge => TicketsError::TooLong {
            record,
            limit: MAX_RECORD_BYTES,
        },
        csv::ErrorKind::Io(e) => TicketsError::Read(e.kind()),
        _ => TicketsError::BadCsv { record },
    }
}
