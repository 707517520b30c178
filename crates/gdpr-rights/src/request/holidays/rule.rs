//! What a public holiday is: a day of the year by rule, the years it holds for, and where it goes on a weekend.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::easter;

/// A day of any year.
#[derive(Clone, Copy)]
enum Day {
    Fixed(u32, u32),
    /// Days after Easter Sunday of the western churches.
    Western(i64),
    /// Days after Easter Sunday of the eastern churches.
    Orthodox(i64),
    /// The first such weekday on or after a date.
    From(u32, u32, Weekday),
}

/// What the law does when the day falls on a weekend.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Stays,
    /// On a Sunday there is none.
    Lapses,
    /// From Sunday to Saturday.
    ToSaturday,
    /// From Sunday to Monday.
    ToMonday,
    /// It stays on Saturday or Sunday, and the next working day that is still free is off as well.
    Adds,
}

/// One line of a country's table.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    day: Day,
    name: &'static str,
    from: i32,
    until: i32,
    /// Not empty: these years alone.
    only: &'static [i32],
    except: &'static [i32],
    moves: Move,
}

const fn rule(day: Day, name: &'static str) -> Rule {
    Rule {
        day,
        name,
        from: i32::MIN,
        until: i32::MAX,
        only: &[],
        except: &[],
        moves: Move::Stays,
    }
}

pub(super) const fn fixed(month: u32, day: u32, name: &'static str) -> Rule {
    rule(Day::Fixed(month, day), name)
}

pub(super) const fn western(days: i64, name: &'static str) -> Rule {
    rule(Day::Western(days), name)
}

pub(super) const fn orthodox(days: i64, name: &'static str) -> Rule {
    rule(Day::Orthodox(days), name)
}

pub(super) const fn first(weekday: Weekday, month: u32, day: u32, name: &'static str) -> Rule {
    rule(Day::From(month, day, weekday), name)
}

pub(super) const fn once(year: i32, month: u32, day: u32, name: &'static str) -> Rule {
    fixed(month, day, name).from(year).until(year)
}

impl Rule {
    pub(super) const fn from(self, year: i32) -> Self {
        Self { from: year, ..self }
    }

    pub(super) const fn until(self, year: i32) -> Self {
        Self {
            until: year,
            ..self
        }
    }

    pub(super) const fn only(self, years: &'static [i32]) -> Self {
        Self {
            only: years,
            ..self
        }
    }

    pub(super) const fn except(self, years: &'static [i32]) -> Self {
        Self {
            except: years,
            ..self
        }
    }

    pub(super) const fn lapses(self) -> Self {
        Self {
            moves: Move::Lapses,
            ..self
        }
    }

    pub(super) const fn to_saturday(self) -> Self {
        Self {
            moves: Move::ToSaturday,
            ..self
        }
    }

    pub(super) const fn to_monday(self) -> Self {
        Self {
            moves: Move::ToMonday,
            ..self
        }
    }

    pub(super) const fn adds(self) -> Self {
        Self {
            moves: Move::Adds,
            ..self
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// The day of that year, an added one not counted.
    pub(super) fn on(&self, year: i32) -> Option<NaiveDate> {
        let named = self.only.is_empty() || self.only.contains(&year);
        if year < self.from || year > self.until || !named || self.except.contains(&year) {
            return None;
        }
        let day = match self.day {
            Day::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Day::Western(days) => shifted(easter::western(year)?, days),
            Day::Orthodox(days) => shifted(easter::orthodox(year)?, days),
            Day::From(month, day, weekday) => {
                let start = NaiveDate::from_ymd_opt(year, month, day)?;
                let wait = weekday.days_since(start.weekday());
                start.checked_add_days(Days::new(u64::from(wait)))
            }
        }?;
        match self.moves {
            Move::Stays | Move::Adds => Some(day),
            _ if day.weekday() != Weekday::Sun => Some(day),
            Move::Lapses => None,
            Move::ToSaturday => day.pred_opt(),
            Move::ToMonday => day.succ_opt(),
        }
    }

    pub(super) fn adds_any(&self) -> bool {
        self.moves == Move::Adds
    }

    /// Whether it gives a working day for the weekend day it fell on.
    pub(super) fn adds_for(&self, day: NaiveDate) -> bool {
        self.adds_any() && weekend(day)
    }
}

pub(super) fn weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn shifted(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(chrono::TimeDelta::try_days(days)?)
}
