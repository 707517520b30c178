//! Private keys in their armour (RFC 7468, OpenSSH, OpenPGP): from `-----BEGIN` to `-----END`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::scan::Scan;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
static BEGINS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(BEGIN));
static ENDS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(END));
/// Longest label.
const LABEL: usize = 64;
/// Longest block: an RSA key of 16,384 bits takes some 13,000.
const BLOCK: usize = 1 << 16;

/// The blocks of private keys, in order. Linear: a block that does not end costs no search of its own.
pub(super) fn find(scan: &Scan<'_>) -> Vec<(usize, usize)> {
    let bytes = scan.text.as_bytes();
    let mut blocks = Vec::new();
    let mut begins = BEGINS.find_iter(bytes).peekable();
    if begins.peek().is_none() {
        return blocks;
    }
    let mut closing = ENDS.find_iter(bytes).peekable();
    let mut behind = 0;
    for start in begins {
        if start < behind {
            continue;
        }
        let Some(head) = label(bytes, start + BEGIN.len()) else {
            continue;
        };
        while closing.next_if(|end| *end < head).is_some() {}
        let end = match closing.peek() {
            Some(end) if end - head <= BLOCK && body(bytes, head, true) >= *end => {
                label_end(bytes, end + END.len())
            }
            // Cut off by a limit of the form it was pasted into.
            _ => body(bytes, head, false),
        };
        blocks.push((start, end));
        behind = end;
    }
    blocks
}

/// The byte behind the line that begins a private key; `None` for certificates and public keys.
fn label(bytes: &[u8], from: usize) -> Option<usize> {
    let part = bytes.get(from..bytes.len().min(from + LABEL))?;
    let len = memchr::memmem::find(part, b"-----")?;
    let label = part.get(..len)?;
    memchr::memmem::find(label, b"PRIVATE KEY")?;
    Some(from + len + 5)
}

/// The byte behind the closing line.
fn label_end(bytes: &[u8], from: usize) -> usize {
    let part = bytes
        .get(from..bytes.len().min(from + LABEL))
        .unwrap_or(&[]);
    from + memchr::memmem::find(part, b"-----").map_or(0, |at| at + 5)
}

/// The byte behind what can be the body: Base64, line breaks however they are written, and, where `headed`, header lines.
fn body(bytes: &[u8], from: usize, headed: bool) -> usize {
    let rest = bytes
        .get(from..bytes.len().min(from + BLOCK))
        .unwrap_or(&[]);
    let mut len = 0;
    for (at, b) in rest.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'/' | b'=' => {
                if headed {
                    len = at + 1;
                }
            }
            // Only whole lines of Base64 belong to a block without end.
            b'\n' | b'\r' | b'\\' | b'"' | b'\'' if !headed => len = at,
            b' ' | b':' | b',' | b'(' | b')' | b'.' if !headed => return from + len,
            b'\n' | b'\r' | b' ' | b'\t' | b'\\' | b':' | b',' | b'>' | b'(' | b')' | b'.' => {}
            b'-' if rest.get(at..at + 5) != Some(b"-----") => {}
            b'-' => return from + at,
            _ => return from + len,
        }
    }
    if headed {
        from + len
    } else {
        from + rest.len()
    }
}
