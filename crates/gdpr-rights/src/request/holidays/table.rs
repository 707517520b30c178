//! Which calendars there are, and of which tables each is made.

use super::rule::Rule;
use super::{east, north, south, spain, west};

/// One calendar: its code, its tables, the last year that is known.
pub(super) struct Entry {
    pub(super) code: &'static str,
    pub(super) tables: &'static [&'static [Rule]],
    pub(super) until: i32,
}

/// What every table was checked for.
pub(super) const SINCE: i32 = 2020;
const UNTIL: i32 = 2035;

const fn of(code: &'static str, tables: &'static [&'static [Rule]]) -> Entry {
    Entry {
        code,
        tables,
        until: UNTIL,
    }
}

const fn published(code: &'static str, tables: &'static [&'static [Rule]], until: i32) -> Entry {
    Entry {
        code,
        tables,
        until,
    }
}

/// Sorted by code.
pub(super) const CALENDARS: &[Entry] = &[
    of("AT", &[west::AT]),
    // The patron saints of the Laender close schools and offices, not the country.
    of("AT-1", &[west::AT]),
    of("AT-2", &[west::AT]),
    of("AT-3", &[west::AT]),
    of("AT-4", &[west::AT]),
    of("AT-5", &[west::AT]),
    of("AT-6", &[west::AT]),
    of("AT-7", &[west::AT]),
    of("AT-8", &[west::AT]),
    of("AT-9", &[west::AT]),
    of("BE", &[west::BE]),
    of("BG", &[east::BG]),
    of("CY", &[south::CY]),
    of("CZ", &[east::CZ]),
    of("DE", &[west::DE]),
    of("DE-BB", &[west::DE, west::DE_BB]),
    of("DE-BE", &[west::DE, west::DE_BE]),
    of("DE-BW", &[west::DE, west::DE_SOUTH]),
    of("DE-BY", &[west::DE, west::DE_SOUTH]),
    of("DE-HB", &[west::DE, west::DE_NORTH]),
    of("DE-HE", &[west::DE, west::DE_HE]),
    of("DE-HH", &[west::DE, west::DE_NORTH]),
    of("DE-MV", &[west::DE, west::DE_MV]),
    of("DE-NI", &[west::DE, west::DE_NORTH]),
    of("DE-NW", &[west::DE, west::DE_RHINE]),
    of("DE-RP", &[west::DE, west::DE_RHINE]),
    of("DE-SH", &[west::DE, west::DE_NORTH]),
    of("DE-SL", &[west::DE, west::DE_SL]),
    of("DE-SN", &[west::DE, west::DE_SN]),
    of("DE-ST", &[west::DE, west::DE_ST]),
    of("DE-TH", &[west::DE, west::DE_TH]),
    of("DK", &[north::DK]),
    of("EE", &[north::EE]),
    of("ES", &[spain::ES]),
    of("ES-AN", &[spain::ES, spain::MONDAYS, spain::AN]),
    of("ES-AR", &[spain::ES, spain::MONDAYS, spain::AR]),
    of("ES-AS", &[spain::ES, spain::MONDAYS, spain::AS]),
    of("ES-CB", &[spain::ES, spain::CB]),
    published("ES-CE", &[spain::ES, spain::CE], 2026),
    of("ES-CL", &[spain::ES, spain::MONDAYS, spain::CL]),
    of("ES-CM", &[spain::ES, spain::CM]),
    of("ES-CN", &[spain::ES, spain::CN]),
    of("ES-CT", &[spain::ES, spain::CT]),
    of("ES-EX", &[spain::ES, spain::EX]),
    of("ES-GA", &[spain::ES, spain::GA]),
    of("ES-IB", &[spain::ES, spain::IB]),
    of("ES-MC", &[spain::ES, spain::MC]),
    of("ES-MD", &[spain::ES, spain::MD]),
    published("ES-ML", &[spain::ES, spain::ML], 2026),
    of("ES-NC", &[spain::ES, spain::NC]),
    of("ES-PV", &[spain::ES, spain::PV]),
    of("ES-RI", &[spain::ES, spain::RI]),
    of("ES-VC", &[spain::ES, spain::VC]),
    of("FI", &[north::FI]),
    of("FI-01", &[north::FI, north::FI_ALAND]),
    of("FR", &[west::FR]),
    of("FR-57", &[west::FR, west::FR_ALSACE_MOSELLE]),
    of("FR-67", &[west::FR, west::FR_ALSACE_MOSELLE]),
    of("FR-68", &[west::FR, west::FR_ALSACE_MOSELLE]),
    of("FR-6AE", &[west::FR, west::FR_ALSACE_MOSELLE]),
    of("FR-971", &[west::FR, west::FR_GUADELOUPE]),
    of("FR-972", &[west::FR, west::FR_MARTINIQUE]),
    of("FR-973", &[west::FR, west::FR_GUIANA]),
    of("FR-974", &[west::FR, west::FR_REUNION]),
    of("FR-976", &[west::FR, west::FR_MAYOTTE]),
    of("GR", &[south::GR]),
    of("HR", &[east::HR]),
    of("HU", &[east::HU]),
    of("IE", &[west::IE]),
    of("IS", &[north::IS]),
    of("IT", &[south::IT]),
    of("IT-BZ", &[south::IT, south::IT_BOLZANO]),
    of("LI", &[west::LI]),
    of("LT", &[north::LT]),
    of("LU", &[west::LU]),
    of("LV", &[north::LV]),
    of("MT", &[south::MT]),
    of("NL", &[west::NL]),
    of("NO", &[north::NO]),
    of("PL", &[east::PL]),
    of("PT", &[south::PT]),
    of("PT-20", &[south::PT, south::PT_AZORES]),
    of("PT-30", &[south::PT, south::PT_MADEIRA]),
    of("RO", &[east::RO]),
    of("SE", &[north::SE]),
    of("SI", &[east::SI]),
    of("SK", &[east::SK]),
];
