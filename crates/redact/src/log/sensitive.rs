//! A value that is not printed.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// How many bytes a value has: all that is said of it.
pub trait Length {
    /// Its length in bytes.
    fn bytes(&self) -> usize;
}

impl Length for String {
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl Length for Box<str> {
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl Length for Vec<u8> {
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl<const N: usize> Length for [u8; N] {
    fn bytes(&self) -> usize {
        N
    }
}

impl<T: Length> Length for Option<T> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, Length::bytes)
    }
}

impl<T: Length + Zeroize> Length for Zeroizing<T> {
    fn bytes(&self) -> usize {
        (**self).bytes()
    }
}

/// A value whose Debug and Display print its length alone, zeroised on drop.
///
/// Both can be fields of `tracing` (`%value`, `?value`); a value that cannot be zeroised is not taken. It does not
/// dereference, so nothing prints it by accident, and it does not serialise:
///
/// ```
/// use redact::log::Sensitive;
/// let mail = Sensitive::from("z@quirk.org".to_owned());
/// assert_eq!(format!("{mail} {mail:?}"), "Sensitive(11 bytes) Sensitive(11 bytes)");
/// assert_eq!(mail.expose(), "z@quirk.org");
/// ```
/// ```compile_fail,E0614
/// let mail = redact::log::Sensitive::from("z@quirk.org".to_owned());
/// println!("{}", *mail);
/// ```
/// ```compile_fail,E0599
/// let mail = redact::log::Sensitive::from("z@quirk.org".to_owned());
/// let shown: &str = mail.as_str();
/// ```
/// ```compile_fail,E0277
/// let mail = redact::log::Sensitive::from("z@quirk.org".to_owned());
/// let json = serde_json::to_string(&mail);
/// ```
/// ```compile_fail,E0277
/// // Borrowed text cannot be zeroised: own it.
/// let mail = redact::log::Sensitive::from("z@quirk.org");
/// ```
#[derive(Clone, Default)]
pub struct Sensitive<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Sensitive<T> {
    /// Takes a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value in clear.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Zeroize + Length> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.0.bytes())
    }
}

impl<T: Zeroize + Length> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
