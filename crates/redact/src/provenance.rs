//! Whose words a tag was made from.

/// Whose words a value stood in when its tag was given out.
///
/// The map keeps it with every tag. What the system's own instructions and sealed articles hold is never restored: a customer
/// who talks the model into repeating them gets tags, and nobody's name. The same value said by a customer too has a tag of its
/// own, which is restored; the one of the system never is.
///
/// ```
/// use redact::{Detector, Gate, MapId, Provenance, PseudonymMap, restore};
/// let detector = Detector::new();
/// let mut map = PseudonymMap::new(MapId([1; 16]));
/// let gate = Gate::new(&detector);
/// let rule = gate.clone().provenance(Provenance::System).seal("Escalate to boss@shop.example", &mut map)?;
/// let said = gate.seal("I am zoe@mail.example", &mut map)?;
/// assert_eq!(restore(&said, &map)?.expose(), "I am zoe@mail.example");
/// let repeated = restore(&rule, &map)?;
/// assert_eq!(repeated.expose(), "Escalate to [EMAIL_1]");
/// assert_eq!(repeated.report().withheld().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Provenance {
    /// What the customer wrote, or who writes for them.
    #[default]
    Customer,
    /// What an agent of the shop wrote, and what its systems say of the order: replies, facts.
    Agent,
    /// Articles and macros, where they hold names of staff or customers: never restored. What a reply may quote is no secret and
    /// is not sealed, see [`crate::Public`].
    Knowledge,
    /// Instructions to the model, and whatever else is not meant for the customer: never restored.
    System,
}

impl Provenance {
    /// All, in the order of their codes.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Agent, Self::Knowledge, Self::System];

    /// Whether a tag of such words may become its value again.
    #[must_use]
    pub const fn restores(self) -> bool {
        matches!(self, Self::Customer | Self::Agent)
    }

    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
