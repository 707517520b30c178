//! How many of what, and who writes about whom.

use super::people::ERASED;

/// How many of what.
pub(super) struct Plan {
    pub(super) people: u64,
    pub(super) records: u64,
    /// Persons who are erased: so many of [`ERASED`].
    pub(super) erased: usize,
}

impl Plan {
    /// Own tickets and mentions of a person who will be erased.
    pub(super) fn size(&self, person: usize) -> (u64, u64) {
        let most = (self.records / 100).max(1);
        let (own, mentions) = ERASED.get(person).copied().unwrap_or((1, 1));
        (own.min(most), mentions.min(most))
    }

    /// Who writes about whom, and the number of that ticket among those that speak of the person.
    pub(super) fn mentions(&self) -> impl Iterator<Item = (u64, usize, usize)> + '_ {
        let all = (0..self.erased)
            .flat_map(|person| (0..self.size(person).1).map(move |at| (person, at as usize)));
        (ERASED.len() as u64..)
            .zip(all)
            .map(|(writer, (person, at))| (writer, person, at))
    }

    /// The first of those who have nothing to do with it.
    pub(super) fn first_other(&self) -> u64 {
        (ERASED.len() + self.mentions().count()) as u64
    }
}
