//! Spain and its autonomous communities.
//!
//! A national day on a Sunday is none; each community decides by a yearly list whether the Monday after is free, and spends two
//! or three days of its own. Lists up to 2026 are published; later years follow the habit of each.

use super::common::{
    ALL_SAINTS, ASSUMPTION, CHRISTMAS, CORPUS_CHRISTI, EASTER_MONDAY, EPIPHANY, GOOD_FRIDAY,
    IMMACULATE, LABOUR, MAUNDY_THURSDAY, NEW_YEAR, PENTECOST_MONDAY, SAINT_JOHN, SAINT_JOSEPH,
    SECOND_CHRISTMAS,
};
use super::rule::{Rule, fixed, once, western};

const NATIONAL: Rule = fixed(10, 12, "National Day");
const CONSTITUTION: Rule = fixed(12, 6, "Constitution Day");
const SAINT_JAMES: Rule = fixed(7, 25, "Saint James' Day");
const END_OF_FAST: &str = "Eid al-Fitr";
const SACRIFICE: &str = "Eid al-Adha";

pub(super) const ES: &[Rule] = &[
    NEW_YEAR.lapses(),
    EPIPHANY.lapses(),
    GOOD_FRIDAY,
    LABOUR.lapses(),
    ASSUMPTION.lapses(),
    NATIONAL.lapses(),
    ALL_SAINTS.lapses(),
    CONSTITUTION.lapses(),
    IMMACULATE.lapses(),
    CHRISTMAS.lapses(),
];
/// Of those that move every national day.
pub(super) const MONDAYS: &[Rule] = &[
    NEW_YEAR.to_monday(),
    EPIPHANY.to_monday(),
    LABOUR.to_monday(),
    ASSUMPTION.to_monday(),
    NATIONAL.to_monday(),
    ALL_SAINTS.to_monday(),
    CONSTITUTION.to_monday(),
    IMMACULATE.to_monday(),
    CHRISTMAS.to_monday(),
];

pub(super) const AN: &[Rule] = &[fixed(2, 28, "Andalusia Day").to_monday(), MAUNDY_THURSDAY];
pub(super) const AR: &[Rule] = &[
    MAUNDY_THURSDAY,
    fixed(4, 23, "Saint George's Day").to_monday(),
];
pub(super) const AS: &[Rule] = &[MAUNDY_THURSDAY, fixed(9, 8, "Asturias Day").to_monday()];
pub(super) const CB: &[Rule] = &[
    MAUNDY_THURSDAY,
    EASTER_MONDAY.only(&[2020, 2024, 2030]),
    SAINT_JAMES.only(&[2024, 2030]),
    fixed(7, 28, "Cantabria Institutions Day").lapses(),
    fixed(9, 15, "Our Lady of Bien Aparecida").lapses(),
    CONSTITUTION.to_monday().only(&[2026]),
    CHRISTMAS.to_monday(),
];
/// Its two Muslim feasts follow the moon as seen: the calendar ends with the last published year.
pub(super) const CE: &[Rule] = &[
    MAUNDY_THURSDAY,
    fixed(6, 13, "Saint Anthony's Day").to_monday(),
    fixed(8, 5, "Our Lady of Africa").from(2022),
    fixed(9, 2, "Ceuta Day").except(&[2025]),
    CONSTITUTION.to_monday().only(&[2020]),
    once(2020, 7, 31, SACRIFICE),
    once(2021, 7, 20, SACRIFICE),
    once(2022, 5, 3, END_OF_FAST),
    once(2022, 7, 9, SACRIFICE),
    once(2023, 4, 22, END_OF_FAST),
    once(2023, 6, 29, SACRIFICE),
    once(2024, 4, 10, END_OF_FAST),
    once(2024, 6, 17, SACRIFICE),
    once(2025, 3, 31, END_OF_FAST),
    once(2025, 6, 6, SACRIFICE),
    once(2026, 3, 20, END_OF_FAST),
    once(2026, 5, 27, SACRIFICE),
];
pub(super) const CL: &[Rule] = &[
    MAUNDY_THURSDAY,
    fixed(4, 23, "Castile and Leon Day")
        .to_monday()
        .except(&[2023]),
    SAINT_JAMES.only(&[2023]),
];
pub(super) const CM: &[Rule] = &[
    SAINT_JOSEPH.only(&[2020]),
    MAUNDY_THURSDAY,
    EASTER_MONDAY.only(&[2020, 2026]),
    fixed(5, 31, "Castilla-La Mancha Day").lapses(),
    CORPUS_CHRISTI,
    ALL_SAINTS.to_monday().only(&[2026]),
    CHRISTMAS.to_monday(),
];
/// Each island adds a day of its own, which is left out.
pub(super) const CN: &[Rule] = &[
    MAUNDY_THURSDAY,
    fixed(5, 30, "Day of the Canary Islands")
        .to_monday()
        .except(&[2021]),
    EPIPHANY.to_monday(),
    ASSUMPTION.to_monday(),
    ALL_SAINTS.to_monday().only(&[2026]),
    CONSTITUTION.to_monday().only(&[2020]),
    CHRISTMAS.to_monday(),
];
pub(super) const CT: &[Rule] = &[
    EASTER_MONDAY,
    PENTECOST_MONDAY.only(&[2022, 2033]),
    SAINT_JOHN.lapses(),
    fixed(9, 11, "National Day of Catalonia").lapses(),
    SECOND_CHRISTMAS.lapses(),
];
pub(super) const EX: &[Rule] = &[
    western(-47, "Shrove Tuesday").only(&[2023, 2024]),
    SAINT_JOSEPH.only(&[2021]),
    MAUNDY_THURSDAY,
    fixed(9, 8, "Extremadura Day").to_monday().except(&[2024]),
    EPIPHANY.to_monday(),
    LABOUR.to_monday(),
    NATIONAL.to_monday(),
    ALL_SAINTS.to_monday(),
    CONSTITUTION.to_monday(),
    IMMACULATE.to_monday(),
    CHRISTMAS.to_monday(),
];
pub(super) const GA: &[Rule] = &[
    SAINT_JOSEPH.only(&[2020, 2021, 2026]),
    MAUNDY_THURSDAY,
    fixed(5, 17, "Galician Literature Day").lapses(),
    SAINT_JOHN.only(&[2020, 2022, 2026]),
    fixed(7, 25, "Galician National Day").lapses(),
];
pub(super) const IB: &[Rule] = &[
    fixed(3, 1, "Day of the Balearic Islands")
        .to_monday()
        .except(&[2020]),
    MAUNDY_THURSDAY,
    EASTER_MONDAY.except(&[2025]),
    CONSTITUTION.to_monday().only(&[2020]),
    CHRISTMAS.to_monday(),
    SECOND_CHRISTMAS.only(&[2020, 2025, 2026]),
];
pub(super) const MC: &[Rule] = &[
    SAINT_JOSEPH.lapses().except(&[2022]),
    MAUNDY_THURSDAY,
    fixed(6, 9, "Murcia Day").to_monday().except(&[2024]),
    NEW_YEAR.to_monday(),
    EPIPHANY.to_monday(),
    LABOUR.to_monday(),
    CONSTITUTION.to_monday(),
    IMMACULATE.to_monday(),
    CHRISTMAS.to_monday(),
];
pub(super) const MD: &[Rule] = &[
    SAINT_JOSEPH
        .to_monday()
        .only(&[2021, 2023, 2027, 2032, 2034]),
    MAUNDY_THURSDAY,
    fixed(5, 2, "Madrid Day").to_monday(),
    SAINT_JAMES.only(&[2022, 2024, 2025, 2033]),
    EPIPHANY.to_monday(),
    ALL_SAINTS.to_monday(),
    CONSTITUTION.to_monday(),
    CHRISTMAS.to_monday(),
];
/// As Ceuta.
pub(super) const ML: &[Rule] = &[
    fixed(3, 13, "Melilla Statute Day").only(&[2020, 2021, 2023]),
    MAUNDY_THURSDAY,
    fixed(9, 8, "Our Lady of Victory").lapses(),
    fixed(9, 17, "Melilla Day").lapses(),
    CONSTITUTION.to_monday(),
    IMMACULATE.to_monday(),
    CHRISTMAS.to_monday(),
    once(2020, 7, 31, SACRIFICE),
    once(2021, 7, 21, SACRIFICE),
    once(2022, 5, 3, END_OF_FAST),
    once(2022, 7, 11, SACRIFICE),
    once(2023, 4, 21, END_OF_FAST),
    once(2023, 6, 29, SACRIFICE),
    once(2024, 4, 10, END_OF_FAST),
    once(2024, 6, 17, SACRIFICE),
    once(2025, 3, 31, END_OF_FAST),
    once(2025, 6, 6, SACRIFICE),
    once(2026, 3, 20, END_OF_FAST),
    once(2026, 5, 27, SACRIFICE),
];
pub(super) const NC: &[Rule] = &[
    SAINT_JOSEPH.only(&[2020, 2021, 2026]),
    MAUNDY_THURSDAY,
    EASTER_MONDAY,
    SAINT_JAMES.only(&[2022, 2023, 2024, 2025]),
    fixed(12, 3, "Saint Francis Xavier's Day").to_monday(),
    EPIPHANY.to_monday(),
    ALL_SAINTS.to_monday().only(&[2026]),
    CONSTITUTION.to_monday().only(&[2020]),
    CHRISTMAS.to_monday(),
];
pub(super) const PV: &[Rule] = &[
    SAINT_JOSEPH.only(&[2020, 2021, 2026, 2027, 2030, 2032]),
    MAUNDY_THURSDAY,
    EASTER_MONDAY,
    SAINT_JAMES.lapses(),
    once(2022, 9, 6, "Anniversary of the Circumnavigation"),
];
pub(super) const RI: &[Rule] = &[
    MAUNDY_THURSDAY,
    EASTER_MONDAY,
    fixed(6, 9, "La Rioja Day").to_monday(),
    CONSTITUTION.to_monday(),
    CHRISTMAS.to_monday(),
];
pub(super) const VC: &[Rule] = &[
    SAINT_JOSEPH.lapses(),
    MAUNDY_THURSDAY.only(&[2022, 2033]),
    EASTER_MONDAY,
    SAINT_JOHN,
    fixed(10, 9, "Valencian Community Day").lapses(),
];
