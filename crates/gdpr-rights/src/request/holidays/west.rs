//! Austria, Belgium, France, Germany, Ireland, Liechtenstein, Luxembourg, the Netherlands.

use chrono::Weekday::{Fri, Mon, Wed};

use super::common::{
    ALL_SAINTS, ASCENSION, ASSUMPTION, CHRISTMAS, CORPUS_CHRISTI, EASTER, EASTER_MONDAY, EPIPHANY,
    GOOD_FRIDAY, IMMACULATE, LABOUR, NEW_YEAR, PENTECOST, PENTECOST_MONDAY, REFORMATION,
    SAINT_JOSEPH, SECOND_CHRISTMAS, VICTORY,
};
use super::rule::{Rule, first, fixed, once};

pub(super) const AT: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST_MONDAY,
    CORPUS_CHRISTI,
    ASSUMPTION,
    fixed(10, 26, "National Day"),
    ALL_SAINTS,
    IMMACULATE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const BE: &[Rule] = &[
    NEW_YEAR,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    fixed(7, 21, "National Day"),
    ASSUMPTION,
    ALL_SAINTS,
    fixed(11, 11, "Armistice Day"),
    CHRISTMAS,
];

pub(super) const FR: &[Rule] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    LABOUR,
    VICTORY,
    ASCENSION,
    PENTECOST_MONDAY,
    fixed(7, 14, "National Day"),
    ASSUMPTION,
    ALL_SAINTS,
    fixed(11, 11, "Armistice Day"),
    CHRISTMAS,
];
/// Local law of Alsace and Moselle since 1892, in municipalities with a Protestant church; taken for all of them.
pub(super) const FR_ALSACE_MOSELLE: &[Rule] = &[GOOD_FRIDAY, SECOND_CHRISTMAS];
pub(super) const FR_GUADELOUPE: &[Rule] = &[fixed(5, 27, "Abolition of Slavery")];
pub(super) const FR_MARTINIQUE: &[Rule] = &[fixed(5, 22, "Abolition of Slavery")];
pub(super) const FR_GUIANA: &[Rule] = &[fixed(6, 10, "Abolition of Slavery")];
pub(super) const FR_REUNION: &[Rule] = &[fixed(12, 20, "Abolition of Slavery")];
pub(super) const FR_MAYOTTE: &[Rule] = &[fixed(4, 27, "Abolition of Slavery")];

/// The nine days of all sixteen Laender.
pub(super) const DE: &[Rule] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST_MONDAY,
    fixed(10, 3, "German Unity Day"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
const WOMEN: Rule = fixed(3, 8, "Women's Day");
pub(super) const DE_BB: &[Rule] = &[EASTER, PENTECOST, REFORMATION];
pub(super) const DE_BE: &[Rule] = &[
    WOMEN,
    once(2020, 5, 8, "Liberation Day"),
    once(2025, 5, 8, "Liberation Day"),
    once(2028, 6, 17, "Anniversary of the Uprising of 1953"),
];
/// Baden-Wuerttemberg and Bavaria; in Bavaria Assumption Day is a matter of the municipality.
pub(super) const DE_SOUTH: &[Rule] = &[EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS];
/// Bremen, Hamburg, Lower Saxony, Schleswig-Holstein.
pub(super) const DE_NORTH: &[Rule] = &[REFORMATION];
pub(super) const DE_HE: &[Rule] = &[CORPUS_CHRISTI];
pub(super) const DE_MV: &[Rule] = &[WOMEN.from(2023), REFORMATION];
/// North Rhine-Westphalia and Rhineland-Palatinate.
pub(super) const DE_RHINE: &[Rule] = &[CORPUS_CHRISTI, ALL_SAINTS];
pub(super) const DE_SL: &[Rule] = &[CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS];
pub(super) const DE_SN: &[Rule] = &[
    REFORMATION,
    // The Wednesday before the Sunday that is last before Advent: from 16 to 22 November.
    first(Wed, 11, 16, "Repentance and Prayer Day"),
];
pub(super) const DE_ST: &[Rule] = &[EPIPHANY, REFORMATION];
pub(super) const DE_TH: &[Rule] = &[fixed(9, 20, "World Children's Day"), REFORMATION];

/// A day on a weekend gives the employee another day (Organisation of Working Time Act 1997, section 21): no day of the public.
pub(super) const IE: &[Rule] = &[
    NEW_YEAR,
    // The first Monday of February, or its first day where that is a Friday.
    first(Mon, 2, 1, "Saint Brigid's Day")
        .from(2023)
        .except(&[2030]),
    first(Fri, 2, 1, "Saint Brigid's Day").only(&[2030]),
    fixed(3, 17, "Saint Patrick's Day"),
    once(2022, 3, 18, "Day of Remembrance and Recognition"),
    EASTER_MONDAY,
    first(Mon, 5, 1, "May Bank Holiday"),
    first(Mon, 6, 1, "June Bank Holiday"),
    first(Mon, 8, 1, "August Bank Holiday"),
    first(Mon, 10, 25, "October Bank Holiday"),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const LI: &[Rule] = &[
    NEW_YEAR,
    EPIPHANY,
    fixed(2, 2, "Candlemas"),
    SAINT_JOSEPH,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    CORPUS_CHRISTI,
    fixed(8, 15, "National Day"),
    fixed(9, 8, "Nativity of Mary"),
    ALL_SAINTS,
    IMMACULATE,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

pub(super) const LU: &[Rule] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 9, "Europe Day"),
    ASCENSION,
    PENTECOST_MONDAY,
    fixed(6, 23, "National Day"),
    ASSUMPTION,
    ALL_SAINTS,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

/// Good Friday is equal to a Sunday where terms end (Algemene termijnenwet, article 3). The same article knows 5 May every
/// year; as a day off it is kept every fifth, and the earlier end is the safe one.
pub(super) const NL: &[Rule] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    fixed(4, 27, "King's Day").to_saturday(),
    fixed(5, 5, "Liberation Day").only(&[2020, 2025, 2030, 2035]),
    ASCENSION,
    PENTECOST,
    PENTECOST_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];
