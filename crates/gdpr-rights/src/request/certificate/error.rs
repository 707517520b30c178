/// Why there is no certificate, or what came is none. No variant holds text that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The intent is not the one of this erasure.
    #[error("the recorded intent is of another erasure: give the one this scan concludes")]
    OtherErasure,
    /// The facts do not have each scanned source once.
    #[error("say for each source that was scanned, once, what was done there")]
    SourcesDiffer,
    /// A text that does not fit in one line.
    #[error("a law, article, criterion or name is one line of 1 to 500 bytes")]
    BadText,
    /// An exception without categories.
    #[error("an exception says which categories are kept")]
    NoCategories,
    /// More than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("the certificate is larger than 1 MiB")]
    TooLarge,
    /// The bytes are no certificate.
    #[error("the certificate is damaged: get it again")]
    Damaged,
    /// It was not signed by this key, or was changed.
    #[error("the signature does not fit: check the public key, then get the certificate again")]
    WrongSignature,
    /// A certificate of another version.
    #[error("this version cannot read the certificate: update")]
    UnknownVersion,
}
