//! The letters of a stored case: fields with their length in four bytes, big-endian, and options.

use pii_detect::Kind;
use retention_policy::Timestamp;
use zeroize::Zeroizing;

use crate::{Customer, Error};

/// Kinds in the order of their stored bytes: new ones go to the end.
const KINDS: [Kind; 6] = [
    Kind::Person,
    Kind::Email,
    Kind::Phone,
    Kind::Address,
    Kind::Order,
    Kind::CustomerId,
];
pub(super) struct Out(pub(super) Zeroizing<Vec<u8>>);

impl Out {
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// Length in four bytes, then the bytes.
    pub(super) fn field(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let len = u32::try_from(bytes.len()).map_err(|_| Error::TooLarge { bytes: bytes.len() })?;
        self.bytes(&len.to_be_bytes())?;
        self.bytes(bytes)
    }

    /// A field of zero bytes, or one that begins with 1.
    pub(super) fn option<T>(
        &mut self,
        value: Option<&T>,
        write: impl FnOnce(&mut Self, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut inner = Out(Zeroizing::new(Vec::new()));
        if let Some(value) = value {
            inner.bytes(&[1])?;
            write(&mut inner, value)?;
        }
        self.field(&inner.0)
    }

    pub(super) fn kind(&mut self, kind: Kind) -> Result<(), Error> {
        let at = KINDS.iter().position(|k| *k == kind);
        self.bytes(&[at.map_or(u8::MAX, |n| n as u8)])
    }

    pub(super) fn customer(&mut self, person: &Customer) -> Result<(), Error> {
        for (kind, value) in person.known().expose() {
            self.kind(kind)?;
            self.field(value.as_bytes())?;
        }
        Ok(())
    }

    pub(super) fn instant(&mut self, at: Timestamp) -> Result<(), Error> {
        self.bytes(&at.timestamp().to_be_bytes())
    }
}

pub(super) struct In<'b>(pub(super) &'b [u8]);

impl<'b> In<'b> {
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(Error::DamagedCase)?;
        self.0 = tail;
        Ok(*head)
    }

    pub(super) fn field(&mut self) -> Result<&'b [u8], Error> {
        let len = u32::from_be_bytes(self.array()?);
        let len = usize::try_from(len).map_err(|_| Error::DamagedCase)?;
        let (head, tail) = self.0.split_at_checked(len).ok_or(Error::DamagedCase)?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn rest(&mut self) -> &'b [u8] {
        std::mem::take(&mut self.0)
    }

    pub(super) fn text(&mut self) -> Result<&'b str, Error> {
        std::str::from_utf8(self.field()?).map_err(|_| Error::DamagedCase)
    }

    pub(super) fn kind(&mut self) -> Result<Kind, Error> {
        let [n] = self.array()?;
        KINDS.get(usize::from(n)).copied().ok_or(Error::DamagedCase)
    }

    pub(super) fn customer(&mut self) -> Result<Customer, Error> {
        let mut person = Customer::new();
        while !self.0.is_empty() {
            let kind = self.kind()?;
            person.add(kind, self.text()?);
        }
        Ok(person)
    }

    pub(super) fn instant(&mut self) -> Result<Timestamp, Error> {
        chrono::DateTime::from_timestamp(i64::from_be_bytes(self.array()?), 0)
            .ok_or(Error::DamagedCase)
    }

    /// A field that is one array.
    pub(super) fn all<const N: usize>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<&'b [u8], Error>,
    ) -> Result<[u8; N], Error> {
        read(self)?.try_into().map_err(|_| Error::DamagedCase)
    }

    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut In<'b>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let Some((one, rest)) = self.field()?.split_first() else {
            return Ok(None);
        };
        if *one != 1 {
            return Err(Error::DamagedCase);
        }
        let mut inner = In(rest);
        let value = read(&mut inner)?;
        if inner.0.is_empty() {
            Ok(Some(value))
        } else {
            Err(Error::DamagedCase)
        }
    }
}
