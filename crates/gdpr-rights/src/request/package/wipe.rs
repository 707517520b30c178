//! A buffer that leaves nothing behind.

use std::io::{self, Seek, SeekFrom, Write};

use zeroize::Zeroizing;

/// Bytes that are zeroised when dropped, and when they move because they grew.
#[derive(Default)]
pub(crate) struct Wiped {
    bytes: Zeroizing<Vec<u8>>,
    at: usize,
}

impl Wiped {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(capacity)),
            at: 0,
        }
    }

    pub(crate) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// Makes room. A `Vec` that grows by itself frees its old memory as it is.
    fn reserve(&mut self, end: usize) {
        if end > self.bytes.capacity() {
            let room = end.max(self.bytes.capacity().saturating_mul(2)).max(1024);
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
    }
}

impl Write for Wiped {
    fn write(&mut self, new: &[u8]) -> io::Result<usize> {
        let end = self.at.checked_add(new.len()).ok_or_else(too_large)?;
        self.reserve(end);
        if self.at > self.bytes.len() {
            self.bytes.resize(self.at, 0);
        }
        let over = new.len().min(self.bytes.len() - self.at);
        let (first, rest) = new.split_at(over);
        if let Some(there) = self.bytes.get_mut(self.at..self.at + over) {
            there.copy_from_slice(first);
        }
        self.bytes.extend_from_slice(rest);
        self.at = end;
        Ok(new.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Wiped {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.bytes.len() as u64, by),
            SeekFrom::Current(by) => (self.at as u64, by),
        };
        let at = base.checked_add_signed(by).ok_or_else(too_large)?;
        self.at = usize::try_from(at).map_err(|_| too_large())?;
        Ok(at)
    }
}

fn too_large() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidInput)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Seek, SeekFrom, Write};

    use super::Wiped;

    #[test]
    fn it_writes_as_a_cursor_does() {
        let (mut ours, mut theirs) = (Wiped::default(), Cursor::new(Vec::new()));
        let steps: [(SeekFrom, &[u8]); 6] = [
            (SeekFrom::Start(0), &[1; 700]),
            (SeekFrom::Start(3), b"abc"),
            (SeekFrom::End(-2), b"beyond the end"),
            (SeekFrom::Current(5), b"after a gap"),
            (SeekFrom::Start(0), b""),
            (SeekFrom::End(0), &[7; 5000]),
        ];
        for (to, bytes) in steps {
            assert_eq!(
                ours.seek(to).expect("a place"),
                theirs.seek(to).expect("a place")
            );
            ours.write_all(bytes).expect("room");
            theirs.write_all(bytes).expect("room");
        }
        assert_eq!(*ours.into_bytes(), theirs.into_inner());
    }
}
