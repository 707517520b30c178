//! What a customer wants: common inquiries, the rights of the GDPR, and what a human must handle.
//!
//! A recogniser reads cues (words and word groups with gaps) and the likeness to example sentences; both are data
//! files, one a language. Its confidence is the lead over the next intent, so a text that could be two things is none.

mod cues;
mod recogniser;
mod rights;

use std::fmt;

pub(crate) use cues::Cue;
pub(crate) use recogniser::{Reading, for_human, is_common, read, supported, topics};
pub(crate) use rights::read as read_rights;
pub use rights::rights_asked;

macro_rules! intents {
    ($($(#[$doc:meta])* $name:ident $code:literal;)*) => {
        /// What a message is about.
        ///
        /// The list grows with what shops are asked, so matches need a wildcard arm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Intent {
            $($(#[$doc])* $name,)*
            /// A right of the data subject: always for a human.
            Right(RightAsked),
        }

        impl Intent {
            /// All intents, in the order of the enum.
            pub const ALL: &'static [Self] = &[
                $(Self::$name,)*
                Self::Right(RightAsked::Access),
                Self::Right(RightAsked::Erasure),
                Self::Right(RightAsked::Rectification),
                Self::Right(RightAsked::Restriction),
                Self::Right(RightAsked::Portability),
                Self::Right(RightAsked::Objection),
                Self::Right(RightAsked::WithdrawConsent),
                Self::Right(RightAsked::Automated),
            ];

            /// The stable code, `snake_case`; a right is `right_` and its own code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Right(RightAsked::Access) => "right_access",
                    Self::Right(RightAsked::Erasure) => "right_erasure",
                    Self::Right(RightAsked::Rectification) => "right_rectification",
                    Self::Right(RightAsked::Restriction) => "right_restriction",
                    Self::Right(RightAsked::Portability) => "right_portability",
                    Self::Right(RightAsked::Objection) => "right_objection",
                    Self::Right(RightAsked::WithdrawConsent) => "right_withdraw_consent",
                    Self::Right(RightAsked::Automated) => "right_automated",
                }
            }
        }
    };
}

intents! {
    /// Where is my order, when does it come.
    OrderStatus "order_status";
    /// It should have arrived.
    DeliveryLate "delivery_late";
    /// It is said to be delivered and is not there, or is lost.
    NotReceived "not_received";
    /// How to follow the parcel.
    Tracking "tracking";
    /// Sending something back.
    Return "return";
    /// The money for something that went back.
    Refund "refund";
    /// Another size, another colour.
    Exchange "exchange";
    /// Calling off an order.
    CancelOrder "cancel_order";
    /// Another delivery address.
    ChangeAddress "change_address";
    /// An invoice or a copy of it.
    Invoice "invoice";
    /// It arrived broken.
    DamagedItem "damaged_item";
    /// Something else arrived.
    WrongItem "wrong_item";
    /// Not everything arrived.
    MissingItem "missing_item";
    /// It broke later.
    Warranty "warranty";
    /// Paying did not work, or was done twice.
    PaymentProblem "payment_problem";
    /// A voucher, discount or gift card.
    Voucher "voucher";
    /// Getting into the account.
    AccountAccess "account_access";
    /// The password.
    Password "password";
    /// Costs, times and countries of delivery.
    Shipping "shipping";
    /// A question about a product.
    ProductQuestion "product_question";
    /// Displeasure without a matter that is one of the above.
    Complaint "complaint";
    /// Thanks, and nothing to answer.
    Thanks "thanks";
    /// A lawyer, a court, an authority: always for a human.
    LegalThreat "legal_threat";
    /// The customer wants to speak with a person.
    HumanWanted "human_wanted";
    /// Fraud, a stolen account, a purchase nobody made: always for a human.
    Security "security";
    /// Threats, insults, hate, and a writer who speaks of harming themselves: always for a human, now.
    Abuse "abuse";
}

/// Which right of the GDPR a text asks for. It is a hint for a human, never a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RightAsked {
    /// Article 15: what is kept, and a copy of it.
    Access,
    /// Article 17.
    Erasure,
    /// Article 16.
    Rectification,
    /// Article 18.
    Restriction,
    /// Article 20.
    Portability,
    /// Article 21.
    Objection,
    /// Article 7(3), a newsletter included.
    WithdrawConsent,
    /// Article 22: a human instead of a decision made by a machine alone.
    Automated,
}

impl RightAsked {
    /// All of them, sorted by article, a consent taken back (article 7) last.
    pub const ALL: &'static [Self] = &[
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Portability,
        Self::Objection,
        Self::Automated,
        Self::WithdrawConsent,
    ];

    /// The stable code of its article: `ART15` to `ART22`, and `WITHDRAW` for article 7(3).
    ///
    /// ```
    /// assert_eq!(suggest_core::RightAsked::Automated.article_code(), "ART22");
    /// ```
    #[must_use]
    pub const fn article_code(self) -> &'static str {
        match self {
            Self::Access => "ART15",
            Self::Rectification => "ART16",
            Self::Erasure => "ART17",
            Self::Restriction => "ART18",
            Self::Portability => "ART20",
            Self::Objection => "ART21",
            Self::Automated => "ART22",
            Self::WithdrawConsent => "WITHDRAW",
        }
    }

    /// The right of a code.
    pub(crate) fn from_article_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|right| right.article_code() == code)
    }
}

impl Intent {
    /// The intent of a code.
    ///
    /// ```
    /// use suggest_core::Intent;
    /// assert_eq!(Intent::from_code("refund"), Some(Intent::Refund));
    /// assert_eq!(Intent::Refund.to_string(), "refund");
    /// ```
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|intent| intent.code() == code)
    }

    /// Whether a human handles it, whatever the knowledge base says.
    #[must_use]
    pub const fn is_for_human(self) -> bool {
        matches!(
            self,
            Self::Right(_) | Self::LegalThreat | Self::HumanWanted | Self::Security | Self::Abuse
        )
    }

    /// Intents that ask for neighbouring things: the lead over a neighbour need not be large, because the answer to
    /// either helps.
    pub(crate) const fn family(self) -> u8 {
        match self {
            Self::OrderStatus | Self::DeliveryLate | Self::NotReceived | Self::Tracking => 1,
            Self::Return | Self::Refund | Self::Exchange => 2,
            Self::DamagedItem | Self::WrongItem | Self::MissingItem | Self::Warranty => 3,
            Self::AccountAccess | Self::Password => 4,
            Self::Right(_) => 5,
            _ => 0,
        }
    }
}

impl Intent {
    /// Whether this is the trouble behind what another intent asks for.
    pub(crate) const fn explains(self, wish: Self) -> bool {
        match wish {
            Self::OrderStatus | Self::Tracking => {
                matches!(self, Self::DeliveryLate | Self::NotReceived)
            }
            Self::DeliveryLate => matches!(self, Self::NotReceived),
            Self::Exchange | Self::Return => {
                matches!(self, Self::DamagedItem | Self::WrongItem | Self::Warranty)
            }
            _ => false,
        }
    }

    /// Whether another intent beside this one leaves it clear: a neighbour, or the trouble and its wish.
    pub(crate) const fn tolerates(self, other: Self) -> bool {
        (self.family() != 0 && self.family() == other.family())
            || self.explains(other)
            || (matches!(
                self,
                Self::DamagedItem | Self::WrongItem | Self::MissingItem | Self::Warranty
            ) && matches!(other, Self::Refund))
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
