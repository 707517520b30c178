//! Requests of people under the GDPR: which right, by when, proved how.
#![forbid(unsafe_code)]
