//! Days that many countries share.

use super::rule::{Rule, fixed, orthodox, western};

pub(super) const NEW_YEAR: Rule = fixed(1, 1, "New Year's Day");
pub(super) const EPIPHANY: Rule = fixed(1, 6, "Epiphany");
pub(super) const SAINT_JOSEPH: Rule = fixed(3, 19, "Saint Joseph's Day");
pub(super) const LABOUR: Rule = fixed(5, 1, "Labour Day");
pub(super) const VICTORY: Rule = fixed(5, 8, "Victory Day");
pub(super) const SAINT_JOHN: Rule = fixed(6, 24, "Saint John's Day");
pub(super) const ASSUMPTION: Rule = fixed(8, 15, "Assumption Day");
pub(super) const REFORMATION: Rule = fixed(10, 31, "Reformation Day");
pub(super) const ALL_SAINTS: Rule = fixed(11, 1, "All Saints' Day");
pub(super) const IMMACULATE: Rule = fixed(12, 8, "Immaculate Conception");
pub(super) const CHRISTMAS_EVE: Rule = fixed(12, 24, "Christmas Eve");
pub(super) const CHRISTMAS: Rule = fixed(12, 25, "Christmas Day");
pub(super) const SECOND_CHRISTMAS: Rule = fixed(12, 26, "Second Day of Christmas");

pub(super) const MAUNDY_THURSDAY: Rule = western(-3, "Maundy Thursday");
pub(super) const GOOD_FRIDAY: Rule = western(-2, "Good Friday");
pub(super) const EASTER: Rule = western(0, "Easter Sunday");
pub(super) const EASTER_MONDAY: Rule = western(1, "Easter Monday");
pub(super) const ASCENSION: Rule = western(39, "Ascension Day");
pub(super) const PENTECOST: Rule = western(49, "Pentecost");
pub(super) const PENTECOST_MONDAY: Rule = western(50, "Pentecost Monday");
pub(super) const CORPUS_CHRISTI: Rule = western(60, "Corpus Christi");

pub(super) const GREEN_MONDAY: Rule = orthodox(-48, "Green Monday");
pub(super) const EASTERN_GOOD_FRIDAY: Rule = orthodox(-2, "Good Friday");
pub(super) const EASTERN_SATURDAY: Rule = orthodox(-1, "Holy Saturday");
pub(super) const EASTERN_EASTER: Rule = orthodox(0, "Easter Sunday");
pub(super) const EASTERN_MONDAY: Rule = orthodox(1, "Easter Monday");
pub(super) const EASTERN_PENTECOST: Rule = orthodox(49, "Pentecost");
pub(super) const EASTERN_PENTECOST_MONDAY: Rule = orthodox(50, "Pentecost Monday");
