//! Cyprus, Greece, Italy, Malta, Portugal. Spain has its own file.

use chrono::Weekday::Sun;

use super::common::{
    ALL_SAINTS, ASSUMPTION, CHRISTMAS, CORPUS_CHRISTI, EASTER, EASTER_MONDAY, EASTERN_EASTER,
    EASTERN_GOOD_FRIDAY, EASTERN_MONDAY, EASTERN_PENTECOST_MONDAY, EPIPHANY, GOOD_FRIDAY,
    GREEN_MONDAY, IMMACULATE, LABOUR, NEW_YEAR, PENTECOST_MONDAY, SAINT_JOSEPH, SECOND_CHRISTMAS,
};
use super::rule::{Rule, first, fixed, once};

pub(super) const CY: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    GREEN_MONDAY,
    fixed(3, 25, "Greek Independence Day"),
    fixed(4, 1, "Cyprus National Day"),
    EASTERN_GOOD_FRIDAY,
    EASTERN_EASTER,
    EASTERN_MONDAY,
    LABOUR,
    EASTERN_PENTECOST_MONDAY,
    ASSUMPTION,
    fixed(10, 1, "Independence Day"),
    fixed(10, 28, "Ohi Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// Labour Day on a Sunday or in Holy Week is moved behind Easter by the minister; in 2024 it was a Wednesday.
pub(super) const GR: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    GREEN_MONDAY,
    fixed(3, 25, "Independence Day"),
    EASTERN_GOOD_FRIDAY,
    EASTERN_MONDAY,
    LABOUR.adds().except(&[2024]),
    once(2024, 5, 7, "Labour Day"),
    EASTERN_PENTECOST_MONDAY,
    ASSUMPTION,
    fixed(10, 28, "Ohi Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// The patron saint of each town is left out.
pub(super) const IT: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER,
    EASTER_MONDAY,
    fixed(4, 25, "Liberation Day"),
    LABOUR,
    fixed(6, 2, "Republic Day"),
    ASSUMPTION,
    fixed(10, 4, "Saint Francis of Assisi's Day").from(2026),
    ALL_SAINTS,
    first(Sun, 11, 1, "National Unity Day"),
    IMMACULATE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
pub(super) const IT_BOLZANO: &[Rule] = &[PENTECOST_MONDAY];

pub(super) const MT: &[Rule] = &[
    NEW_YEAR,
    fixed(2, 10, "Saint Paul's Shipwreck"),
    SAINT_JOSEPH,
    fixed(3, 31, "Freedom Day"),
    GOOD_FRIDAY,
    LABOUR,
    fixed(6, 7, "Sette Giugno"),
    fixed(6, 29, "Saint Peter and Saint Paul"),
    ASSUMPTION,
    fixed(9, 8, "Our Lady of Victories"),
    fixed(9, 21, "Independence Day"),
    IMMACULATE,
    fixed(12, 13, "Republic Day"),
    CHRISTMAS,
];

/// The municipal holiday is left out, and Carnival, which is free by the government's grace.
pub(super) const PT: &[Rule] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER,
    fixed(4, 25, "Freedom Day"),
    LABOUR,
    CORPUS_CHRISTI,
    fixed(6, 10, "Portugal Day"),
    ASSUMPTION,
    fixed(10, 5, "Republic Day"),
    ALL_SAINTS,
    fixed(12, 1, "Restoration of Independence Day"),
    IMMACULATE,
    CHRISTMAS,
];
pub(super) const PT_AZORES: &[Rule] = &[super::rule::western(50, "Day of the Azores")];
pub(super) const PT_MADEIRA: &[Rule] =
    &[fixed(7, 1, "Day of Madeira"), fixed(12, 26, "First Octave")];
