use std::fmt;

use chrono::Datelike;
use retention_policy::{Category, Timestamp};
use zeroize::Zeroizing;

use super::PackageError;
use crate::request::order::SourceId;

/// The most bytes in the name of a category or field.
pub(super) const MAX_NAME: usize = 200;

/// How a piece of data came to be. Only the first two can be taken along (article 20(1), WP 242 rev.01, section III).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a fourth one would have to be decided in every place"
)]
pub enum Provenance {
    /// The person gave it.
    Provided,
    /// It was recorded while the person used the service.
    Observed,
    /// Somebody or something concluded it.
    Inferred,
}

impl Provenance {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Provided => "provided",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
    }

    /// Whether a person can take it along.
    #[must_use]
    pub const fn is_portable(self) -> bool {
        matches!(self, Self::Provided | Self::Observed)
    }
}

/// A category of data as the person is told of it: one of the house, or one of an integrator's own.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataCategory(Named);

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Named {
    House(Category),
    Own(String),
}

impl DataCategory {
    /// Names a category, in the language of the letter. A code of [`Category`] means that one.
    ///
    /// # Errors
    /// [`PackageError::BadText`] unless it has 1 to 200 bytes.
    pub fn named(name: &str) -> Result<Self, PackageError> {
        let name = name.trim();
        if let Some(house) = Category::ALL.into_iter().find(|c| c.code() == name) {
            return Ok(house.into());
        }
        (1..=MAX_NAME)
            .contains(&name.len())
            .then(|| Self(Named::Own(name.to_owned())))
            .ok_or(PackageError::BadText {
                part: "category",
                max: MAX_NAME,
            })
    }

    /// The name in data, the same in every language.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Named::House(category) => category.code(),
            Named::Own(name) => name,
        }
    }

    /// The category, if it is one of the house.
    #[must_use]
    pub fn house(&self) -> Option<Category> {
        match self.0 {
            Named::House(category) => Some(category),
            Named::Own(_) => None,
        }
    }
}

impl From<Category> for DataCategory {
    fn from(category: Category) -> Self {
        Self(Named::House(category))
    }
}

impl fmt::Debug for DataCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Named::House(category) => write!(f, "DataCategory({category})"),
            Named::Own(name) => write!(f, "DataCategory({} bytes)", name.len()),
        }
    }
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "what JSON, its schema and CSV can hold alike"
)]
pub enum FieldValue {
    /// Text, as it is kept.
    Text(Zeroizing<String>),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(Zeroizing::new(text.to_owned()))
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(Zeroizing::new(text))
    }
}

impl From<i64> for FieldValue {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for FieldValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Integer(_) => f.write_str("Integer"),
            Self::Flag(_) => f.write_str("Flag"),
        }
    }
}

/// One piece of data of the person: a message, an order, a consent.
///
/// What it says about other people was taken out by the caller before (article 15(4)); this crate reads no text and cannot
/// tell. Say how many values were taken out in [`PackageInput::redacted_values`](super::PackageInput::redacted_values).
///
/// Debug prints no content, memory is zeroised.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    source: SourceId,
    category: DataCategory,
    at: Timestamp,
    provenance: Provenance,
    fields: Vec<(String, FieldValue)>,
}

impl Item {
    /// Begins an item: where it lies, what it is, since when, and how it came to be.
    ///
    /// # Errors
    /// [`PackageError::BadInstant`] outside of the years 1 to 9999.
    pub fn new(
        source: &SourceId,
        category: impl Into<DataCategory>,
        at: Timestamp,
        provenance: Provenance,
    ) -> Result<Self, PackageError> {
        if !(1..=9999).contains(&at.year()) {
            return Err(PackageError::BadInstant);
        }
        Ok(Self {
            source: source.clone(),
            category: category.into(),
            at,
            provenance,
            fields: Vec::new(),
        })
    }

    /// The item with one more field.
    ///
    /// # Errors
    /// [`PackageError::BadField`] for a name that is empty or longer than 200 bytes, [`PackageError::DuplicateField`].
    pub fn with(mut self, name: &str, value: impl Into<FieldValue>) -> Result<Self, PackageError> {
        if !(1..=MAX_NAME).contains(&name.len()) {
            return Err(PackageError::BadField);
        }
        if self.fields.iter().any(|(known, _)| known == name) {
            return Err(PackageError::DuplicateField);
        }
        self.fields.push((name.to_owned(), value.into()));
        Ok(self)
    }

    /// Where it lies.
    #[must_use]
    pub fn source(&self) -> &SourceId {
        &self.source
    }

    /// What it is.
    #[must_use]
    pub fn category(&self) -> &DataCategory {
        &self.category
    }

    /// Since when it is kept.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// How it came to be.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// What it holds.
    #[must_use]
    pub fn expose(&self) -> &[(String, FieldValue)] {
        &self.fields
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Item({:?}, {}, {} fields)",
            self.category,
            self.provenance.code(),
            self.fields.len()
        )
    }
}
