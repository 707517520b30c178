//! The values of an event or span, scrubbed and in the order of its fields.

use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::field::{Field, FieldSet, Value, ValueSet, Visit, display};

use super::scrub::{Scrubber, UNCHECKED};

/// Fewest digits of a number that is read: shorter ones are counts and codes, and nobody's.
const DIGITS: usize = 5;

/// Most causes of an error that are followed.
const CAUSES: usize = 16;

/// What a field will hold, by the index of the field.
pub(super) struct Values<'s> {
    scrubber: &'s Scrubber,
    list: Vec<Option<Box<dyn Value>>>,
}

impl<'s> Values<'s> {
    pub(super) fn new(scrubber: &'s Scrubber, fields: &FieldSet) -> Self {
        Self {
            scrubber,
            list: fields.iter().map(|_| None).collect(),
        }
    }

    /// Gives the values to something that takes a set of them.
    pub(super) fn with<T>(&self, fields: &FieldSet, take: impl FnOnce(&ValueSet<'_>) -> T) -> T {
        let all: Vec<Option<&dyn Value>> = self.list.iter().map(Option::as_deref).collect();
        take(&fields.value_set_all(&all))
    }

    fn put(&mut self, field: &Field, value: Box<dyn Value>) {
        if let Some(place) = self.list.get_mut(field.index()) {
            *place = Some(value);
        }
    }

    fn number(&mut self, field: &Field, number: impl fmt::Display + Value + 'static) {
        let text = number.to_string();
        if text.bytes().filter(u8::is_ascii_digit).count() < DIGITS {
            return self.put(field, Box::new(number));
        }
        let read = self.scrubber.value(field.name(), &text);
        if read == text {
            self.put(field, Box::new(number));
        } else {
            self.put(field, Box::new(read.into_owned()));
        }
    }

    fn text(&self, field: &Field, text: &str) -> String {
        self.scrubber.value(field.name(), text).into_owned()
    }
}

/// What something prints; `None` where printing it fails or panics.
fn printed(print: impl FnOnce() -> Result<String, fmt::Error>) -> Option<String> {
    catch_unwind(AssertUnwindSafe(print)).ok()?.ok()
}

impl Visit for Values<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.number(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.number(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Box::new(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let text = self.text(field, value);
        self.put(field, Box::new(text));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        let text = match std::str::from_utf8(value) {
            Ok(text) => self.text(field, text),
            Err(_) => format!("<{} bytes>", value.len()),
        };
        self.put(field, Box::new(text));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut said = Vec::new();
        let mut next = Some(value);
        while let Some(error) = next.filter(|_| said.len() < CAUSES) {
            said.push(match printed(|| Ok(error.to_string())) {
                Some(text) => self.text(field, &text),
                None => UNCHECKED.to_owned(),
            });
            next = error.source();
        }
        let chain = said
            .into_iter()
            .rev()
            .fold(None, |source, text| Some(Box::new(Said { text, source })));
        if let Some(chain) = chain {
            let error: Box<dyn Error + 'static> = chain;
            self.put(field, Box::new(error));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = match printed(|| {
            let mut text = String::new();
            fmt::write(&mut text, format_args!("{value:?}")).map(|()| text)
        }) {
            Some(text) => self.text(field, &text),
            None => UNCHECKED.to_owned(),
        };
        self.put(field, Box::new(display(text)));
    }
}

/// What is left of an error: its words, scrubbed, and those of its causes.
struct Said {
    text: String,
    source: Option<Box<Self>>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Said {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
