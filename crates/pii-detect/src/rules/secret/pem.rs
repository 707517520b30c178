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
/// Most header lines, and the longest.
const HEADERS: usize = 8;
const LINE: usize = 200;
/// Letters of Base64 that make a line.
const RUN: usize = 40;
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
    while let Some(start) = begins.next() {
        if start < behind {
            continue;
        }
        let Some(head) = label(bytes, start + BEGIN.len()) else {
            continue;
        };
        while closing.next_if(|end| *end < head).is_some() {}
        let end = match closing.peek() {
            // Whatever stands between the lines, markup and comments among it, unless another block begins there.
            Some(end) if end - head <= BLOCK && begins.peek().is_none_or(|next| next > end) => {
                label_end(bytes, end + END.len())
            }
            // Cut off by a limit of the form it was pasted into.
            _ => body(bytes, headers(bytes, head)),
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

/// The byte behind the header lines of a body: `Proc-Type: 4,ENCRYPTED`, and the empty line under them.
fn headers(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    for _ in 0..HEADERS {
        let rest = bytes.get(at..bytes.len().min(at + LINE)).unwrap_or(&[]);
        let Some(len) = memchr::memchr(b'\n', rest) else {
            break;
        };
        let line = rest.get(..len).unwrap_or(&[]).trim_ascii();
        let name = line.first().is_some_and(u8::is_ascii_uppercase)
            && memchr::memmem::find(line, b": ").is_some();
        if !name && !line.is_empty() {
            break;
        }
        at += len + 1;
    }
    at
}

/// The byte behind what can be the body of a block without end: whole lines of Base64, line breaks however they are written.
fn body(bytes: &[u8], from: usize) -> usize {
    let rest = bytes
        .get(from..bytes.len().min(from + BLOCK))
        .unwrap_or(&[]);
    let mut len = 0;
    for (at, b) in rest.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'/' | b'=' => {}
            b'\n' | b'\r' | b'\\' | b'"' | b'\'' => len = at,
            // Lines joined by spaces: what follows is Base64, too, while it is long.
            b' ' | b'\t' if long(rest, at + 1) => len = at,
            _ => return from + len,
        }
    }
    from + rest.len()
}

/// Whether a run of Base64 of the length of a line begins here.
fn long(rest: &[u8], at: usize) -> bool {
    rest.get(at..at + RUN).is_some_and(|run| {
        run.iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    })
}
