//! Who receives data: named, not only categorised (article 15(1)(c) as read in C-154/21).

use retention_policy::Region;

use crate::Error;

/// Where a recipient processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "inside the Union or not")]
pub enum Country {
    /// In a member state.
    Union(Region),
    /// Elsewhere, by ISO 3166-1 code; shows in every report.
    Third([u8; 2]),
}

impl Country {
    /// Reads an ISO 3166-1 code.
    ///
    /// # Errors
    /// [`Error::BadCountry`] unless it is two letters.
    pub fn from_code(code: &str) -> Result<Self, Error> {
        if let Ok(region) = Region::from_code(code) {
            return Ok(Self::Union(region));
        }
        let upper = code.to_ascii_uppercase();
        match upper.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self::Third([*a, *b])),
            _ => Err(Error::BadCountry),
        }
    }

    /// Whether data stays in the Union.
    #[must_use]
    pub const fn is_union(self) -> bool {
        matches!(self, Self::Union(_))
    }
}

/// What a recipient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecipientRole {
    /// Processes on our behalf (article 28).
    SubProcessor,
    /// The client company.
    Controller,
    /// A court or authority.
    Authority,
}

/// One recipient, a company or authority and never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "four facts of a register")]
pub struct Recipient {
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: RecipientRole,
    /// Where it processes.
    pub country: Country,
    /// How long it keeps what it gets, in hours; `None` when it says nothing, which a report shows.
    pub keeps_hours: Option<u32>,
}
