//! Short names that a house gives to its own things: no person's, `[a-z0-9-]`, 1 to 40 bytes.

use std::fmt;

use crate::Error;

const MOST: usize = 40;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            // Bytes behind the end are zero, so that names sort as their text does.
            bytes: [u8; MOST],
        }

        impl $name {
            /// Takes a name.
            ///
            /// # Errors
            /// [`Error::BadName`] unless it is 1 to 40 bytes of `a-z`, `0-9` and `-`.
            pub fn new(name: &str) -> Result<Self, Error> {
                let fine = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
                let mut bytes = [0; MOST];
                match bytes.get_mut(..name.len()) {
                    Some(place) if !name.is_empty() && name.as_bytes().iter().all(fine) => {
                        place.copy_from_slice(name.as_bytes());
                        Ok(Self { bytes })
                    }
                    _ => Err(Error::BadName { len: name.len() }),
                }
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                let len = self.bytes.iter().position(|b| *b == 0).unwrap_or(MOST);
                let name = self.bytes.get(..len).unwrap_or_default();
                std::str::from_utf8(name).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    )*};
}

names! {
    /// The name of a legal obligation to keep records.
    ObligationId;
    /// The name of a place where copies lie.
    SinkId;
}
