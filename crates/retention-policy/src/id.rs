//! Identifiers: 16 random bytes each, a type for every meaning. None is derived from a person, a time or an order.

use std::fmt;

use uuid::{Builder, Uuid};

use crate::Error;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a version 4 identifier from random bytes of the caller.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(Builder::from_random_bytes(bytes).into_uuid())
            }

            /// Takes bytes that [`Self::to_bytes`] gave.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// Reads the hyphenated form.
            ///
            /// # Errors
            /// [`Error::BadId`] for anything else.
            pub fn parse(text: &str) -> Result<Self, Error> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| Error::BadId { len: text.len() })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// A client company whose tickets are kept apart from all others.
    TenantId;
    /// A person in one tenant's records. Identifiers of the person lead here by blind index only.
    SubjectId;
    /// One sealed record.
    RecordId;
    /// What is decided and destroyed together: a session's thread and map, a draft, else a record.
    UnitId;
    /// A hold on records.
    HoldId;
    /// Somebody who acts: an agent, an engineer, a worker.
    ActorId;
    /// A case of a person's request.
    CaseId;
}
