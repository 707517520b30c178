//! Where nothing is drafted, whatever a message says: channels that are switched off, and labels a human works on.

use std::collections::BTreeSet;

/// What the team has switched off. A desk keeps one and may change it between two requests; nothing is remembered here.
///
/// ```
/// use suggest_core::Switches;
/// let mut switches = Switches::new();
/// switches.off("chat");
/// assert!(switches.is_off(Some("chat")) && !switches.is_off(Some("email")));
/// assert!(switches.bypassed(["VIP", "Legal"]));
/// switches.all_off();
/// assert!(switches.is_off(None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switches {
    all: bool,
    channels: BTreeSet<String>,
    labels: BTreeSet<String>,
}

/// Labels of a helpdesk that no machine drafts for, unless the team says otherwise.
const BYPASSED: [&str; 9] = [
    "abuse",
    "bug",
    "fraud",
    "gdpr",
    "legal",
    "pii",
    "privacy",
    "security",
    "special_category",
];

impl Default for Switches {
    fn default() -> Self {
        Self::new()
    }
}

impl Switches {
    /// Everything is on; tickets with one of the labels abuse, bug, fraud, gdpr, legal, pii, privacy, security and
    /// `special_category` are left to humans.
    #[must_use]
    pub fn new() -> Self {
        Self {
            all: false,
            channels: BTreeSet::new(),
            labels: BYPASSED.map(str::to_owned).into(),
        }
    }

    /// Switches a channel off. Case does not count.
    pub fn off(&mut self, channel: &str) {
        self.channels.insert(folded(channel));
    }

    /// Switches a channel on again.
    pub fn on(&mut self, channel: &str) {
        self.channels.remove(&folded(channel));
    }

    /// Switches everything off: the kill switch.
    pub const fn all_off(&mut self) {
        self.all = true;
    }

    /// Takes the kill switch back; channels stay as they were.
    pub const fn all_on(&mut self) {
        self.all = false;
    }

    /// Leaves tickets with a label to humans.
    pub fn bypass(&mut self, label: &str) {
        self.labels.insert(folded(label));
    }

    /// Drafts for tickets with a label again.
    pub fn pass(&mut self, label: &str) {
        self.labels.remove(&folded(label));
    }

    /// Whether nothing is drafted on a channel. What names no channel is off with everything only.
    #[must_use]
    pub fn is_off(&self, channel: Option<&str>) -> bool {
        self.all || channel.is_some_and(|channel| self.channels.contains(&folded(channel)))
    }

    /// Whether one of these labels leaves the ticket to humans.
    #[must_use]
    pub fn bypassed<'l>(&self, labels: impl IntoIterator<Item = &'l str>) -> bool {
        labels
            .into_iter()
            .any(|label| self.labels.contains(&folded(label)))
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}
