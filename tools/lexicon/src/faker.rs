//! Names from the person providers of PyPI `faker`: Python sources whose name lists are literals.

use crate::table::Table;
use std::path::Path;

/// Reads every locale's person provider under `root/providers/person`.
pub(crate) fn read(root: &Path, table: &mut Table) -> Result<(), String> {
    let folder = root.join("providers/person");
    let mut locales: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path().join("__init__.py")))
        .filter(|path| path.is_file())
        .collect();
    locales.sort();
    if locales.is_empty() {
        return Err(format!("{}: no provider found", folder.display()));
    }
    for path in locales {
        let source =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        for (variable, value) in literals(&source) {
            if variable.contains("romanized") || !european(&value) {
                continue;
            }
            if variable.starts_with("first_names") || variable.starts_with("middle_names") {
                table.given(&value);
            } else if variable.starts_with("last_names") || variable.starts_with("unisex_last") {
                table.surname(&value);
            }
        }
    }
    Ok(())
}

/// Every string literal with the name of the class-level variable it is assigned to.
fn literals(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut variable = String::new();
    for line in source.lines() {
        let body = line.strip_prefix("    ").unwrap_or(line);
        if !body.starts_with([' ', ')', ']', '}', '"', '\'', '#']) {
            let name: String = body
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            variable = name;
        }
        let mut rest = body;
        while let Some(at) = rest.find(['"', '\'', '#']) {
            let (_, tail) = rest.split_at(at);
            let mut chars = tail.chars();
            let quote = chars.next();
            if quote == Some('#') {
                break;
            }
            let tail = chars.as_str();
            let Some(end) = quote.and_then(|q| tail.find(q)) else {
                break;
            };
            let (literal, after) = tail.split_at(end);
            found.push((variable.clone(), literal.to_owned()));
            rest = after.get(1..).unwrap_or_default();
        }
    }
    found
}

/// True for Latin, Greek and Cyrillic script.
fn european(value: &str) -> bool {
    value
        .chars()
        .all(|c| u32::from(c) < 0x530 || (0x1E00..0x2030).contains(&u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn reads_tuples_and_weighted_dictionaries() {
        let source = "class P:\n    first_names_male = (\n        \"Adrien\",  # \"not\"\n    )\n    last_names = OrderedDict(\n        (\n            (\"O'Neil\", 0.5),\n        )\n    )\n";
        assert_eq!(
            literals(source),
            [
                ("first_names_male".to_owned(), "Adrien".to_owned()),
                ("last_names".to_owned(), "O'Neil".to_owned()),
            ]
        );
    }
}
