//! Denmark, Estonia, Finland, Iceland, Latvia, Lithuania, Norway, Sweden.

use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu};

use super::common::{
    ALL_SAINTS, ASCENSION, ASSUMPTION, CHRISTMAS, CHRISTMAS_EVE, EASTER, EASTER_MONDAY, EPIPHANY,
    GOOD_FRIDAY, LABOUR, MAUNDY_THURSDAY, NEW_YEAR, PENTECOST, PENTECOST_MONDAY, SAINT_JOHN,
    SECOND_CHRISTMAS,
};
use super::rule::{Rule, first, fixed, once, western};

pub(super) const DK: &[Rule] = &[
    NEW_YEAR,
    MAUNDY_THURSDAY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    western(26, "Great Prayer Day").until(2023),
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const EE: &[Rule] = &[
    NEW_YEAR,
    fixed(2, 24, "Independence Day"),
    GOOD_FRIDAY,
    EASTER,
    LABOUR,
    PENTECOST,
    fixed(6, 23, "Victory Day"),
    SAINT_JOHN,
    fixed(8, 20, "Independence Restoration Day"),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const MIDSUMMER: Rule = first(Sat, 6, 20, "Midsummer Day");
const SATURDAY_OF_SAINTS: Rule = first(Sat, 10, 31, "All Saints' Day");

pub(super) const FI: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST,
    first(Fri, 6, 19, "Midsummer Eve"),
    MIDSUMMER,
    SATURDAY_OF_SAINTS,
    fixed(12, 6, "Independence Day"),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
pub(super) const FI_ALAND: &[Rule] = &[fixed(6, 9, "Autonomy Day")];

/// Christmas Eve and New Year's Eve are holidays from 13:00 only and are left out.
pub(super) const IS: &[Rule] = &[
    NEW_YEAR,
    MAUNDY_THURSDAY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    first(Thu, 4, 19, "First Day of Summer"),
    LABOUR,
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    fixed(6, 17, "National Day"),
    first(Mon, 8, 1, "Commerce Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// The government also moves single working days to a Saturday each year: see `BRIDGE`.
pub(super) const LV: &[Rule] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 4, "Restoration of Independence Day").adds(),
    first(Sun, 5, 8, "Mother's Day"),
    PENTECOST,
    fixed(6, 23, "Midsummer Eve"),
    fixed(6, 24, "Midsummer Day"),
    fixed(11, 18, "Proclamation Day").adds(),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
    fixed(12, 31, "New Year's Eve"),
    once(2020, 6, 22, BRIDGE),
    once(2021, 5, 3, BRIDGE),
    once(2021, 6, 25, BRIDGE),
    once(2021, 11, 19, BRIDGE),
    once(2023, 5, 5, BRIDGE),
    once(2023, 5, 29, "Ice Hockey Medal Day"),
    once(2023, 7, 10, "Song and Dance Celebration"),
    once(2024, 12, 23, BRIDGE),
    once(2024, 12, 30, BRIDGE),
    once(2025, 5, 2, BRIDGE),
    once(2025, 11, 17, BRIDGE),
    once(2026, 1, 2, BRIDGE),
    once(2026, 6, 22, BRIDGE),
];
const BRIDGE: &str = "Working Day Moved to a Saturday";

pub(super) const LT: &[Rule] = &[
    NEW_YEAR,
    fixed(2, 16, "Restoration of the State Day"),
    fixed(3, 11, "Restoration of Independence Day"),
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    first(Sun, 5, 1, "Mother's Day"),
    first(Sun, 6, 1, "Father's Day"),
    SAINT_JOHN,
    fixed(7, 6, "Statehood Day"),
    ASSUMPTION,
    ALL_SAINTS,
    fixed(11, 2, "All Souls' Day"),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const NO: &[Rule] = &[
    NEW_YEAR,
    MAUNDY_THURSDAY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 17, "Constitution Day"),
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// The eves are free by custom and equal to Sundays in the holiday act; public holidays by law they are not.
pub(super) const SE: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST,
    fixed(6, 6, "National Day"),
    MIDSUMMER,
    SATURDAY_OF_SAINTS,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
