//! The limits of the law and of the house, as data with a version.

use chrono::NaiveDate;

/// The limits one calculation uses.
///
/// [`LegalProfile::GDPR`] is the law in force. Whoever changes a limit of the law gets a profile that says it is none
/// ([`is_in_force`](Self::is_in_force)), so that what a proposal would give is never taken for what is owed. What the house
/// decides for itself can be changed freely.
///
/// ```
/// use gdpr_rights::request::profile::LegalProfile;
///
/// let gdpr = LegalProfile::GDPR;
/// assert_eq!((gdpr.months(), gdpr.extension_months(), gdpr.breach_hours()), (1, 2, 72));
///
/// // Commission proposal COM(2025) 837: 96 hours. Not adopted.
/// let proposal = gdpr.proposed("COM(2025) 837").with_breach_hours(96);
/// assert!(!proposal.is_in_force());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalProfile {
    version: &'static str,
    in_force_from: Option<NaiveDate>,
    months: u32,
    extension_months: u32,
    breach_hours: u32,
    question_days: u32,
    target_days: u32,
    reminders: [u32; 4],
}

impl LegalProfile {
    /// The GDPR as it applies since 25 May 2018, and the policy this crate recommends.
    pub const GDPR: Self = Self {
        version: "GDPR",
        in_force_from: NaiveDate::from_ymd_opt(2018, 5, 25),
        months: 1,
        extension_months: 2,
        breach_hours: 72,
        question_days: 7,
        target_days: 10,
        reminders: [14, 7, 3, 1],
    };

    /// A profile that is not the law in force, under a name of its own.
    #[must_use]
    pub const fn proposed(self, version: &'static str) -> Self {
        Self {
            version,
            in_force_from: None,
            ..self
        }
    }

    /// The hours of article 33(1). Another number than before is not the law in force.
    #[must_use]
    pub const fn with_breach_hours(self, hours: u32) -> Self {
        let law = if hours == self.breach_hours {
            self.in_force_from
        } else {
            None
        };
        Self {
            breach_hours: hours,
            in_force_from: law,
            ..self
        }
    }

    /// The months of article 12(3), first and further ones. Other numbers than before are not the law in force.
    #[must_use]
    pub const fn with_months(self, months: u32, extension_months: u32) -> Self {
        let law = if months == self.months && extension_months == self.extension_months {
            self.in_force_from
        } else {
            None
        };
        Self {
            months,
            extension_months,
            in_force_from: law,
            ..self
        }
    }

    /// The days after receipt within which a question must be put to pause the clock. Policy.
    #[must_use]
    pub const fn with_question_days(self, days: u32) -> Self {
        Self {
            question_days: days,
            ..self
        }
    }

    /// The days after receipt within which the house wants to answer. Policy.
    #[must_use]
    pub const fn with_target_days(self, days: u32) -> Self {
        Self {
            target_days: days,
            ..self
        }
    }

    /// How many days before the end people are reminded, the longest first. Policy.
    #[must_use]
    pub const fn with_reminders(self, days_before: [u32; 4]) -> Self {
        Self {
            reminders: days_before,
            ..self
        }
    }

    /// What the limits are called: shown beside every date.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// Since when they are law; nothing for a proposal.
    #[must_use]
    pub const fn in_force_from(&self) -> Option<NaiveDate> {
        self.in_force_from
    }

    /// Whether they are law.
    #[must_use]
    pub const fn is_in_force(&self) -> bool {
        self.in_force_from.is_some()
    }

    /// Months to answer, from receipt (article 12(3), first sentence).
    #[must_use]
    pub const fn months(&self) -> u32 {
        self.months
    }

    /// Further months where necessary (article 12(3), second sentence).
    #[must_use]
    pub const fn extension_months(&self) -> u32 {
        self.extension_months
    }

    /// Hours to notify a breach (article 33(1)).
    #[must_use]
    pub const fn breach_hours(&self) -> u32 {
        self.breach_hours
    }

    /// Days after receipt within which a question pauses the clock ("without undue delay", EDPB 01/2022, paragraph 159).
    #[must_use]
    pub const fn question_days(&self) -> u32 {
        self.question_days
    }

    /// Days after receipt within which the house wants to answer: a month is a ceiling (EDPB 01/2022, paragraph 158).
    #[must_use]
    pub const fn target_days(&self) -> u32 {
        self.target_days
    }

    /// Days before the end at which people are reminded.
    #[must_use]
    pub const fn reminders(&self) -> [u32; 4] {
        self.reminders
    }
}
