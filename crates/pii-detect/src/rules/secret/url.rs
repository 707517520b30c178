//! Passwords in web and database addresses: `scheme://user:password@host` (RFC 3986 3.2.1).

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::look::{Look, placeholder};
use super::{Hit, Hits};
use crate::scan::Scan;

static SIGNS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"://"));
/// Longest authority looked at.
const AUTHORITY: usize = 300;

/// Adds the passwords, and user parts that are keys. Linear: each address is read to the first slash, no further.
pub(super) fn find(scan: &Scan<'_>, hits: &mut Hits<'_>) {
    let bytes = scan.text.as_bytes();
    for colon in SIGNS.find_iter(bytes) {
        let from = colon + 3;
        if !scan.byte_before(colon).is_ascii_alphanumeric() {
            continue;
        }
        let rest = bytes
            .get(from..bytes.len().min(from + AUTHORITY))
            .unwrap_or(&[]);
        let len = rest
            .iter()
            .position(|b| {
                b.is_ascii_whitespace()
                    || matches!(
                        b,
                        b'/' | b'?' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'|'
                    )
            })
            .unwrap_or(rest.len());
        let authority = rest.get(..len).unwrap_or(&[]);
        let Some(at) = memchr::memrchr(b'@', authority) else {
            continue;
        };
        let user = memchr::memchr(b':', authority.get(..at).unwrap_or(&[]));
        let start = user.map_or(from, |colon| from + colon + 1);
        let secret = scan.slice(start, from + at);
        let worth = match user {
            Some(_) => !secret.is_empty() && !placeholder(secret),
            None => Look::of(secret).random(),
        };
        if worth {
            hits.add(Hit {
                start,
                end: from + at,
                score: 0.98,
                why: "secret:url:password",
            });
        }
    }
}
