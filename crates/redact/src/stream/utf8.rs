//! Characters cut anywhere.

use crate::error::NotUtf8;

/// The beginning of a character whose other bytes have not arrived, and its place in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Partial {
    bytes: [u8; 4],
    len: usize,
    /// Bytes of the text before it.
    at: usize,
}

/// What a chunk of bytes holds: a character that began before it, text, and the beginning of a character.
pub(super) struct Split<'b> {
    pub(super) first: Option<char>,
    pub(super) text: &'b str,
    pub(super) next: Partial,
}

impl Partial {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Text follows that is whole; whether the character is lost by it.
    pub(super) const fn pass(&mut self, text: usize) -> bool {
        let lost = self.len > 0;
        self.at += self.len + text;
        self.len = 0;
        lost
    }

    pub(super) fn split<'b>(&self, chunk: &'b [u8]) -> Result<Split<'b>, NotUtf8> {
        let mut begun = *self;
        let mut rest = chunk;
        let mut first = None;
        while begun.len > 0 {
            let Some((byte, behind)) = rest.split_first() else {
                return Ok(Split {
                    first,
                    text: "",
                    next: begun,
                });
            };
            rest = behind;
            if let Some(slot) = begun.bytes.get_mut(begun.len) {
                *slot = *byte;
                begun.len += 1;
            }
            match std::str::from_utf8(begun.bytes.get(..begun.len).unwrap_or_default()) {
                Ok(text) => {
                    first = text.chars().next();
                    begun.pass(0);
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(NotUtf8 { at: self.at }),
            }
        }
        let (text, cut) = match std::str::from_utf8(rest) {
            Ok(text) => (text, &[][..]),
            Err(error) => {
                let (text, cut) = rest.split_at(error.valid_up_to());
                if error.error_len().is_some() {
                    return Err(NotUtf8 {
                        at: begun.at + text.len(),
                    });
                }
                // Valid up to there.
                (std::str::from_utf8(text).unwrap_or_default(), cut)
            }
        };
        let mut next = Self {
            at: begun.at + text.len(),
            ..Self::default()
        };
        for (slot, byte) in next.bytes.iter_mut().zip(cut) {
            *slot = *byte;
            next.len += 1;
        }
        Ok(Split { first, text, next })
    }
}
