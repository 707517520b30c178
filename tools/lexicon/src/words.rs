//! Word statistics: `word<TAB>code`, code = 1 + 4 * lower-case count bucket + share of capitals.

use crate::table::Table;
use std::path::Path;

/// Reads the statistics; only the codes of hashed words are kept.
pub(crate) fn read(path: &Path, table: &mut Table) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    for (number, line) in text.lines().enumerate() {
        let code = line
            .split_once('\t')
            .and_then(|(word, code)| Some((word, code.trim().parse::<u16>().ok()?)))
            .filter(|(_, code)| *code < 32);
        let (word, code) =
            code.ok_or_else(|| format!("{}:{}: word<TAB>code", path.display(), number + 1))?;
        table.word(word, code);
    }
    Ok(())
}
