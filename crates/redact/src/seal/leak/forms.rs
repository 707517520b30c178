//! Forms of values, one behind the other in one buffer: making and wiping one costs less than a few thousand small ones.

use zeroize::Zeroizing;

use crate::restore::push;

/// Room for the forms of a ticket.
const ROOM: usize = 512;

/// Forms by their numbers, in the order they came.
#[derive(Default)]
pub(super) struct Forms {
    text: Zeroizing<String>,
    ends: Vec<usize>,
}

impl Forms {
    pub(super) fn add(&mut self, form: &str) {
        if self.ends.is_empty() {
            self.text.reserve_exact(ROOM);
        }
        push(&mut self.text, form);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|number| self.get(number))
    }

    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
