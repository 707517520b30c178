//! A text that a person reads, and a last line with the signature over all bytes before that line.

use super::{CertificateError, MAX_BYTES};
use crate::request::sign::{KeyId, SigningKey, VerifyingKey, hex, sign, unhex, verifies};

/// The text and its signature, as one file.
pub(crate) fn signed(text: &str, key: &SigningKey) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let signature = sign(key, &bytes);
    bytes.extend_from_slice(line(&key.verifying_key(), &signature).as_bytes());
    bytes
}

/// The text of a file that this key has signed. One text has one file: no byte of it can be another.
pub(crate) fn opened<'b>(bytes: &'b [u8], key: &VerifyingKey) -> Result<&'b str, CertificateError> {
    if bytes.len() > MAX_BYTES {
        return Err(CertificateError::TooLarge);
    }
    let all = std::str::from_utf8(bytes).map_err(|_| CertificateError::Damaged)?;
    let (text, last) = all
        .rfind("\nsignature: ")
        .and_then(|at| all.split_at_checked(at + 1))
        .ok_or(CertificateError::Damaged)?;
    let signature: [u8; 64] = last
        .trim_end()
        .rsplit(' ')
        .next()
        .and_then(unhex)
        .ok_or(CertificateError::Damaged)?;
    if !verifies(key, text.as_bytes(), &signature) || last != line(key, &signature) {
        return Err(CertificateError::WrongSignature);
    }
    Ok(text)
}

fn line(key: &VerifyingKey, signature: &[u8]) -> String {
    format!("signature: ed25519 {} {}\n", KeyId::of(key), hex(signature))
}
