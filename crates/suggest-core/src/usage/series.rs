//! How good drafts were, week by week.

use std::collections::BTreeMap;
use std::fmt;

use super::{Drafting, MIN_CELL, UsageEvent, Week, plot};
use crate::decision::{EditClass, Outcome};

/// The figures of a week, shares between 0 and 1. A figure that rests on fewer than [`MIN_CELL`] events is absent.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct QualityWeek {
    /// The week.
    pub week: Week,
    /// Messages that came in, with or without a draft.
    pub asked: Option<usize>,
    /// Drafts sent as shown, of those decided.
    pub acceptance: Option<f32>,
    /// Words changed in a draft that was sent, of all its words: estimated from classes, each at its middle.
    pub edit_distance: Option<f32>,
    /// Messages without a draft, of all.
    pub abstention: Option<f32>,
    /// Drafts that were sent, changed or not, of all messages: work that was taken off somebody.
    pub coverage: Option<f32>,
    /// Drafts made within a second, of those measured.
    pub prompt: Option<f32>,
}

/// Figures for each week from the first event to the last.
///
/// ```
/// use suggest_core::QualitySeries;
/// let series = QualitySeries::of(&[]);
/// assert!(series.weeks().is_empty());
/// assert!(series.to_svg("An invented shop").starts_with("<svg"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QualitySeries {
    weeks: Vec<QualityWeek>,
}

#[derive(Default)]
struct Counts {
    silent: usize,
    accepted: usize,
    edited: BTreeMap<EditClass, usize>,
    discarded: usize,
    timed: usize,
    prompt: usize,
}

impl QualitySeries {
    /// Counts events.
    #[must_use]
    pub fn of<'e>(events: impl IntoIterator<Item = &'e UsageEvent>) -> Self {
        let mut weeks: BTreeMap<Week, Counts> = BTreeMap::new();
        for event in events {
            let counts = weeks.entry(event.week()).or_default();
            match event.outcome() {
                None => counts.silent += 1,
                Some(Outcome::Accepted) => counts.accepted += 1,
                Some(Outcome::Edited(class)) => *counts.edited.entry(class).or_default() += 1,
                Some(Outcome::Discarded(_)) => counts.discarded += 1,
            }
            if let (Some(_), Some(drafting)) = (event.outcome(), event.drafting()) {
                counts.timed += 1;
                counts.prompt += usize::from(drafting <= Drafting::UnderSecond);
            }
        }
        let mut out = Vec::new();
        let last = weeks.keys().next_back().copied();
        let mut week = weeks.keys().next().copied();
        // A week without events is a week of the series too.
        while let Some(this) = week {
            out.push(weeks.remove(&this).unwrap_or_default().told(this));
            week = this.next().filter(|next| Some(*next) <= last);
        }
        Self { weeks: out }
    }

    /// The weeks in order, none left out.
    #[must_use]
    pub fn weeks(&self) -> &[QualityWeek] {
        &self.weeks
    }

    /// A picture of the series: one self-contained SVG, no script, no font, no link.
    #[must_use]
    pub fn to_svg(&self, title: &str) -> String {
        plot::svg(&self.weeks, title)
    }
}

impl Counts {
    fn told(&self, week: Week) -> QualityWeek {
        let edited: usize = self.edited.values().sum();
        let sent = self.accepted + edited;
        let decided = sent + self.discarded;
        let asked = decided + self.silent;
        let changed: f32 = self
            .edited
            .iter()
            .map(|(class, n)| class.middle() * *n as f32)
            .sum();
        QualityWeek {
            week,
            asked: (asked >= MIN_CELL).then_some(asked),
            acceptance: share(self.accepted as f32, decided),
            edit_distance: share(changed, sent),
            abstention: share(self.silent as f32, asked),
            coverage: share(sent as f32, asked),
            prompt: share(self.prompt as f32, self.timed),
        }
    }
}

fn share(part: f32, of: usize) -> Option<f32> {
    (of >= MIN_CELL).then(|| part / of as f32)
}

impl fmt::Display for QualitySeries {
    /// A table in per cent; `-` stands for a figure that is not told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<9} {:>7} {:>10} {:>10} {:>10} {:>10} {:>10}",
            "week", "asked", "accepted", "changed", "silent", "covered", "within 1s"
        )?;
        let percent =
            |share: Option<f32>| share.map_or("-".to_owned(), |s| format!("{:.1}", 100.0 * s));
        for week in &self.weeks {
            write!(
                f,
                "\n{:<9} {:>7} {:>10} {:>10} {:>10} {:>10} {:>10}",
                week.week.to_string(),
                week.asked.map_or("-".to_owned(), |n| n.to_string()),
                percent(week.acceptance),
                percent(week.edit_distance),
                percent(week.abstention),
                percent(week.coverage),
                percent(week.prompt),
            )?;
        }
        Ok(())
    }
}
