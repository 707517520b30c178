//! Where data may lie: the 27 member states. Everything else is a named relaxation that shows in reports.

use std::fmt;

use crate::Error;

/// A member state of the European Union.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the member states; a change of the Union must break every match"
)]
pub enum Region {
    /// AT
    Austria,
    /// BE
    Belgium,
    /// BG
    Bulgaria,
    /// HR
    Croatia,
    /// CY
    Cyprus,
    /// CZ
    Czechia,
    /// DK
    Denmark,
    /// EE
    Estonia,
    /// FI
    Finland,
    /// FR
    France,
    /// DE
    Germany,
    /// GR
    Greece,
    /// HU
    Hungary,
    /// IE
    Ireland,
    /// IT
    Italy,
    /// LV
    Latvia,
    /// LT
    Lithuania,
    /// LU
    Luxembourg,
    /// MT
    Malta,
    /// NL
    Netherlands,
    /// PL
    Poland,
    /// PT
    Portugal,
    /// RO
    Romania,
    /// SK
    Slovakia,
    /// SI
    Slovenia,
    /// ES
    Spain,
    /// SE
    Sweden,
}

impl Region {
    /// All regions.
    pub const ALL: [Self; 27] = [
        Self::Austria,
        Self::Belgium,
        Self::Bulgaria,
        Self::Croatia,
        Self::Cyprus,
        Self::Czechia,
        Self::Denmark,
        Self::Estonia,
        Self::Finland,
        Self::France,
        Self::Germany,
        Self::Greece,
        Self::Hungary,
        Self::Ireland,
        Self::Italy,
        Self::Latvia,
        Self::Lithuania,
        Self::Luxembourg,
        Self::Malta,
        Self::Netherlands,
        Self::Poland,
        Self::Portugal,
        Self::Romania,
        Self::Slovakia,
        Self::Slovenia,
        Self::Spain,
        Self::Sweden,
    ];

    /// The ISO 3166-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Austria => "AT",
            Self::Belgium => "BE",
            Self::Bulgaria => "BG",
            Self::Croatia => "HR",
            Self::Cyprus => "CY",
            Self::Czechia => "CZ",
            Self::Denmark => "DK",
            Self::Estonia => "EE",
            Self::Finland => "FI",
            Self::France => "FR",
            Self::Germany => "DE",
            Self::Greece => "GR",
            Self::Hungary => "HU",
            Self::Ireland => "IE",
            Self::Italy => "IT",
            Self::Latvia => "LV",
            Self::Lithuania => "LT",
            Self::Luxembourg => "LU",
            Self::Malta => "MT",
            Self::Netherlands => "NL",
            Self::Poland => "PL",
            Self::Portugal => "PT",
            Self::Romania => "RO",
            Self::Slovakia => "SK",
            Self::Slovenia => "SI",
            Self::Spain => "ES",
            Self::Sweden => "SE",
        }
    }

    /// Reads an ISO 3166-1 code, any case.
    ///
    /// # Errors
    /// [`Error::OutsideUnion`] for every code that is no member state's, `EU` included: data lies in a country.
    pub fn from_code(code: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|r| r.code().eq_ignore_ascii_case(code))
            .ok_or(Error::OutsideUnion { len: code.len() })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A country outside the Union that a sub-processor may be in, by a decision somebody has to name.
///
/// It never becomes a [`Region`]: records cannot lie there. It is what a posture report lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relaxation {
    /// Iceland, Liechtenstein or Norway (the Agreement on the European Economic Area).
    Eea([u8; 2]),
    /// A country with an adequacy decision (article 45 GDPR).
    Adequate([u8; 2]),
}

impl Relaxation {
    /// Names an EEA country outside the Union.
    ///
    /// # Errors
    /// [`Error::OutsideUnion`] when the code is neither IS, LI nor NO.
    pub fn eea(code: &str) -> Result<Self, Error> {
        named(code, &["IS", "LI", "NO"]).map(Self::Eea)
    }

    /// Names a country with an adequacy decision in force at the beginning of 2026.
    ///
    /// # Errors
    /// [`Error::OutsideUnion`] for other codes. The United States are left out: that decision covers
    /// certified companies only.
    pub fn adequate(code: &str) -> Result<Self, Error> {
        named(
            code,
            &[
                "AD", "AR", "BR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ",
                "UY",
            ],
        )
        .map(Self::Adequate)
    }

    /// The ISO 3166-1 code.
    #[must_use]
    pub fn code(&self) -> &str {
        let (Self::Eea(code) | Self::Adequate(code)) = self;
        std::str::from_utf8(code).unwrap_or_default()
    }
}

fn named(code: &str, list: &[&str]) -> Result<[u8; 2], Error> {
    list.iter()
        .find(|c| c.eq_ignore_ascii_case(code))
        .and_then(|c| c.as_bytes().try_into().ok())
        .ok_or(Error::OutsideUnion { len: code.len() })
}
