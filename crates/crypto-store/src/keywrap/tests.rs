//! A view into a wrapped key.

use super::{LABEL, SALT_LEN, WRAPPED_LEN, crypt};
use crate::Key32;

/// Shows the key that was used for one wrap, and leaves no copy of it.
pub(crate) fn with_once(parent: &Key32, wrapped: &[u8; WRAPPED_LEN], show: impl Fn(&[u8])) {
    // Behind version and epoch.
    let salt = &wrapped[5..][..SALT_LEN];
    crypt::clean(|| show(&crypt::hmac(parent.expose(), &[LABEL, salt])));
}
