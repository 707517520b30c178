//! Bulgaria, Croatia, Czechia, Hungary, Poland, Romania, Slovakia, Slovenia.

use super::common::{
    ALL_SAINTS, ASSUMPTION, CHRISTMAS, CHRISTMAS_EVE, CORPUS_CHRISTI, EASTER, EASTER_MONDAY,
    EASTERN_EASTER, EASTERN_GOOD_FRIDAY, EASTERN_MONDAY, EASTERN_PENTECOST,
    EASTERN_PENTECOST_MONDAY, EASTERN_SATURDAY, EPIPHANY, GOOD_FRIDAY, LABOUR, NEW_YEAR, PENTECOST,
    PENTECOST_MONDAY, REFORMATION, SECOND_CHRISTMAS, VICTORY,
};
use super::rule::{Rule, fixed, once};

/// A day other than those of Easter that falls on a weekend frees the next working day (Labour Code, article 154(2)).
pub(super) const BG: &[Rule] = &[
    NEW_YEAR.adds(),
    fixed(3, 3, "Liberation Day").adds(),
    EASTERN_GOOD_FRIDAY,
    EASTERN_SATURDAY,
    EASTERN_EASTER,
    EASTERN_MONDAY,
    LABOUR.adds(),
    fixed(5, 6, "Saint George's Day").adds(),
    fixed(5, 24, "Education and Culture Day").adds(),
    fixed(9, 6, "Unification Day").adds(),
    fixed(9, 22, "Independence Day").adds(),
    CHRISTMAS_EVE.adds(),
    CHRISTMAS.adds(),
    SECOND_CHRISTMAS.adds(),
    // Around the change to the euro.
    once(2025, 12, 31, "Day Off by Decree"),
    once(2026, 1, 2, "Day Off by Decree"),
];

pub(super) const HR: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 30, "Statehood Day"),
    CORPUS_CHRISTI,
    fixed(6, 22, "Anti-Fascist Struggle Day"),
    fixed(8, 5, "Victory and Thanksgiving Day"),
    ASSUMPTION,
    ALL_SAINTS,
    fixed(11, 18, "Remembrance Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const CZ: &[Rule] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    LABOUR,
    VICTORY,
    fixed(7, 5, "Saints Cyril and Methodius Day"),
    fixed(7, 6, "Jan Hus Day"),
    fixed(9, 28, "Statehood Day"),
    fixed(10, 28, "Independence Day"),
    fixed(11, 17, "Freedom and Democracy Day"),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// The minister also moves single working days to a Saturday each year: see `BRIDGE`.
pub(super) const HU: &[Rule] = &[
    NEW_YEAR,
    fixed(3, 15, "Revolution Day"),
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    PENTECOST,
    PENTECOST_MONDAY,
    fixed(8, 20, "State Foundation Day"),
    fixed(10, 23, "Republic Day"),
    ALL_SAINTS,
    CHRISTMAS_EVE.from(2026),
    CHRISTMAS,
    SECOND_CHRISTMAS,
    once(2020, 8, 21, BRIDGE),
    once(2020, 12, 24, BRIDGE),
    once(2021, 12, 24, BRIDGE),
    once(2022, 3, 14, BRIDGE),
    once(2022, 10, 31, BRIDGE),
    once(2024, 8, 19, BRIDGE),
    once(2024, 12, 24, BRIDGE),
    once(2024, 12, 27, BRIDGE),
    once(2025, 5, 2, BRIDGE),
    once(2025, 10, 24, BRIDGE),
    once(2025, 12, 24, BRIDGE),
    once(2026, 1, 2, BRIDGE),
    once(2026, 8, 21, BRIDGE),
];
const BRIDGE: &str = "Working Day Moved to a Saturday";

pub(super) const PL: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 3, "Constitution Day"),
    PENTECOST,
    CORPUS_CHRISTI,
    ASSUMPTION,
    ALL_SAINTS,
    fixed(11, 11, "Independence Day"),
    CHRISTMAS_EVE.from(2025),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const RO: &[Rule] = &[
    NEW_YEAR,
    fixed(1, 2, "Second Day of New Year"),
    EPIPHANY.from(2024),
    fixed(1, 7, "Saint John the Baptist's Day").from(2024),
    fixed(1, 24, "Unification Day"),
    EASTERN_GOOD_FRIDAY,
    EASTERN_EASTER,
    EASTERN_MONDAY,
    LABOUR,
    fixed(6, 1, "Children's Day"),
    EASTERN_PENTECOST,
    EASTERN_PENTECOST_MONDAY,
    ASSUMPTION,
    fixed(11, 30, "Saint Andrew's Day"),
    fixed(12, 1, "National Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// Budget laws took Constitution Day (2024) and 17 November (2025) from the free days, and two more in 2026 alone.
pub(super) const SK: &[Rule] = &[
    fixed(1, 1, "Republic Day"),
    EPIPHANY,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    LABOUR,
    VICTORY.except(&[2026]),
    fixed(7, 5, "Saints Cyril and Methodius Day"),
    fixed(8, 29, "National Uprising Day"),
    fixed(9, 1, "Constitution Day").until(2023),
    fixed(9, 15, "Our Lady of Sorrows").except(&[2026]),
    ALL_SAINTS,
    fixed(11, 17, "Freedom and Democracy Day").until(2024),
    CHRISTMAS_EVE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const SI: &[Rule] = &[
    NEW_YEAR,
    fixed(1, 2, "Second Day of New Year"),
    fixed(2, 8, "Culture Day"),
    EASTER,
    EASTER_MONDAY,
    fixed(4, 27, "Uprising Day"),
    LABOUR,
    fixed(5, 2, "Second Labour Day"),
    PENTECOST,
    fixed(6, 25, "Statehood Day"),
    ASSUMPTION,
    once(2023, 8, 14, "Solidarity Day"),
    REFORMATION,
    fixed(11, 1, "Remembrance Day"),
    CHRISTMAS,
    fixed(12, 26, "Independence and Unity Day"),
];
