//! Canonical bytes for storage: big-endian numbers, lengths before what varies, nothing behind the end.

use crate::{Error, Timestamp};

pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(version: u8) -> Self {
        Self(vec![version])
    }

    pub(crate) fn u8(&mut self, n: u8) -> &mut Self {
        self.fixed(&[n])
    }

    pub(crate) fn u32(&mut self, n: u32) -> &mut Self {
        self.fixed(&n.to_be_bytes())
    }

    pub(crate) fn u64(&mut self, n: u64) -> &mut Self {
        self.fixed(&n.to_be_bytes())
    }

    /// Whole seconds; what is finer is not stored.
    pub(crate) fn time(&mut self, at: Timestamp) -> &mut Self {
        self.fixed(&at.timestamp().to_be_bytes())
    }

    pub(crate) fn maybe_time(&mut self, at: Option<Timestamp>) -> &mut Self {
        match at {
            Some(at) => self.u8(1).time(at),
            None => self.u8(0),
        }
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        // Every text here is shorter than 256 bytes by its constructor.
        self.u8(text.len().min(255) as u8).fixed(text.as_bytes())
    }

    pub(crate) fn fixed(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn done(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

pub(crate) struct Reader<'b> {
    rest: &'b [u8],
    what: &'static str,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8], what: &'static str, version: u8) -> Result<Self, Error> {
        let mut reader = Self { rest: bytes, what };
        if reader.u8()? == version {
            Ok(reader)
        } else {
            Err(reader.bad())
        }
    }

    pub(crate) fn bad(&self) -> Error {
        Error::BadStored { what: self.what }
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'b [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or_else(|| self.bad())?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| self.bad())
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        Ok(u8::from_be_bytes(self.fixed()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_be_bytes(self.fixed()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        Ok(u64::from_be_bytes(self.fixed()?))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Error> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.bad()),
        }
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Error> {
        let seconds = i64::from_be_bytes(self.fixed()?);
        Timestamp::from_timestamp(seconds, 0).ok_or_else(|| self.bad())
    }

    pub(crate) fn maybe_time(&mut self) -> Result<Option<Timestamp>, Error> {
        Ok(if self.flag()? {
            Some(self.time()?)
        } else {
            None
        })
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Error> {
        let len = usize::from(self.u8()?);
        std::str::from_utf8(self.take(len)?).map_err(|_| self.bad())
    }

    pub(crate) fn some<T>(&self, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.bad())
    }

    pub(crate) fn end(self) -> Result<(), Error> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.bad())
        }
    }
}

/// The first whole second at or after an instant.
pub(crate) fn whole(at: Timestamp) -> Option<Timestamp> {
    let more = i64::from(at.timestamp_subsec_nanos() > 0);
    Timestamp::from_timestamp(at.timestamp().checked_add(more)?, 0)
}

/// The whole second that an instant lies in.
pub(crate) fn floor(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}
