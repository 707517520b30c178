//! What sort of personal data a span is.

/// The kinds a finding can have.
///
/// The set grows with the law and with the shops it serves, so matches need a wildcard arm.
///
/// ```
/// use pii_detect::Kind;
/// assert_eq!(Kind::from_label("CUSTOMER_ID"), Some(Kind::CustomerId));
/// assert_eq!(Kind::Art9Health.label(), "ART9_HEALTH");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A person's name, without title.
    Person,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address: street with number, with postcode and town when they stand beside it.
    Address,
    /// A town, region or country that stands alone.
    Location,
    /// A postcode that stands alone.
    Postcode,
    /// An organisation.
    Org,
    /// A day of the calendar, a month with its year, or a year beside a word for birth, in figures or words.
    ///
    /// Of somebody, such a date helps to single them out (GDPR Article 4(1), recital 26); relative words, months alone
    /// and times of day do not. `docs/dates-ages-amounts.md` draws the line.
    Date,
    /// A person's age in years or months, in figures or words.
    ///
    /// Durations, ages of things and decades ("in my thirties") are none; below eighteen it is [`Kind::Child`]. See
    /// `docs/dates-ages-amounts.md` (GDPR Article 4(1), recital 26).
    Age,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// A national, tax, passport, licence or account number.
    Id,
    /// A number the shop gave for a purchase, booking, invoice, ticket or return.
    Order,
    /// A number given for a parcel.
    Tracking,
    /// A number given for a person or contract.
    CustomerId,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A web address.
    Url,
    /// A name of a user account.
    Username,
    /// An amount of money: a number, in figures or words, with its currency.
    ///
    /// Prices are found as well, since words do not tell whose money it is (GDPR Article 4(1)); percentages and numbers
    /// without a currency are not. See `docs/dates-ages-amounts.md`.
    Amount,
    /// A password, key or token.
    Secret,
    /// Health data (GDPR Article 9).
    Art9Health,
    /// Religious or philosophical belief (GDPR Article 9).
    Art9Religion,
    /// Political opinion (GDPR Article 9).
    Art9Politics,
    /// Trade union membership (GDPR Article 9).
    Art9Union,
    /// Racial or ethnic origin (GDPR Article 9).
    Art9Ethnicity,
    /// Sex life or sexual orientation (GDPR Article 9).
    Art9Sex,
    /// Genetic or biometric data (GDPR Article 9).
    Art9Biometric,
    /// Criminal convictions and offences (GDPR Article 10).
    Art10Criminal,
    /// A child is spoken of (GDPR Article 8, recital 38).
    Child,
    /// What a recogniser of the caller found.
    Custom,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 30] = [
        Self::Person,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Location,
        Self::Postcode,
        Self::Org,
        Self::Date,
        Self::Age,
        Self::Card,
        Self::Iban,
        Self::Id,
        Self::Order,
        Self::Tracking,
        Self::CustomerId,
        Self::Ip,
        Self::Url,
        Self::Username,
        Self::Amount,
        Self::Secret,
        Self::Art9Health,
        Self::Art9Religion,
        Self::Art9Politics,
        Self::Art9Union,
        Self::Art9Ethnicity,
        Self::Art9Sex,
        Self::Art9Biometric,
        Self::Art10Criminal,
        Self::Child,
        Self::Custom,
    ];

    /// The label as it stands in rows and tags.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Address => "ADDRESS",
            Self::Location => "LOCATION",
            Self::Postcode => "POSTCODE",
            Self::Org => "ORG",
            Self::Date => "DATE",
            Self::Age => "AGE",
            Self::Card => "CARD",
            Self::Iban => "IBAN",
            Self::Id => "ID",
            Self::Order => "ORDER",
            Self::Tracking => "TRACKING",
            Self::CustomerId => "CUSTOMER_ID",
            Self::Ip => "IP",
            Self::Url => "URL",
            Self::Username => "USERNAME",
            Self::Amount => "AMOUNT",
            Self::Secret => "SECRET",
            Self::Art9Health => "ART9_HEALTH",
            Self::Art9Religion => "ART9_RELIGION",
            Self::Art9Politics => "ART9_POLITICS",
            Self::Art9Union => "ART9_UNION",
            Self::Art9Ethnicity => "ART9_ETHNICITY",
            Self::Art9Sex => "ART9_SEX",
            Self::Art9Biometric => "ART9_BIOMETRIC",
            Self::Art10Criminal => "ART10_CRIMINAL",
            Self::Child => "CHILD",
            Self::Custom => "CUSTOM",
        }
    }

    /// Whether it is of what GDPR Articles 9 and 10 protect, or of a child (recital 38).
    ///
    /// ```
    /// use pii_detect::Kind;
    /// assert!(Kind::Art9Health.is_special() && Kind::Child.is_special() && !Kind::Person.is_special());
    /// ```
    #[must_use]
    pub const fn is_special(self) -> bool {
        matches!(
            self,
            Self::Art9Health
                | Self::Art9Religion
                | Self::Art9Politics
                | Self::Art9Union
                | Self::Art9Ethnicity
                | Self::Art9Sex
                | Self::Art9Biometric
                | Self::Art10Criminal
                | Self::Child
        )
    }

    /// The kind of a label; `None` for a label of the caller's own.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        // Read for every tag: a match on the label is a match on its length first.
        Some(match label {
            "PERSON" => Self::Person,
            "EMAIL" => Self::Email,
            "PHONE" => Self::Phone,
            "ADDRESS" => Self::Address,
            "LOCATION" => Self::Location,
            "POSTCODE" => Self::Postcode,
            "ORG" => Self::Org,
            "DATE" => Self::Date,
            "AGE" => Self::Age,
            "CARD" => Self::Card,
            "IBAN" => Self::Iban,
            "ID" => Self::Id,
            "ORDER" => Self::Order,
            "TRACKING" => Self::Tracking,
            "CUSTOMER_ID" => Self::CustomerId,
            "IP" => Self::Ip,
            "URL" => Self::Url,
            "USERNAME" => Self::Username,
            "AMOUNT" => Self::Amount,
            "SECRET" => Self::Secret,
            "ART9_HEALTH" => Self::Art9Health,
            "ART9_RELIGION" => Self::Art9Religion,
            "ART9_POLITICS" => Self::Art9Politics,
            "ART9_UNION" => Self::Art9Union,
            "ART9_ETHNICITY" => Self::Art9Ethnicity,
            "ART9_SEX" => Self::Art9Sex,
            "ART9_BIOMETRIC" => Self::Art9Biometric,
            "ART10_CRIMINAL" => Self::Art10Criminal,
            "CHILD" => Self::Child,
            "CUSTOM" => Self::Custom,
            _ => return None,
        })
    }
}
