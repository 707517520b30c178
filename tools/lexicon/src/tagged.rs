//! How words behave in tagged text: `token<TAB>BIO label` a line.

use crate::table::Table;
use std::path::Path;

/// Counts every file `*.tsv` of the folder, in the order of their names.
pub(crate) fn read(folder: &Path, table: &mut Table) -> Result<(), String> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    for path in files {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut first = true;
        for line in text.lines() {
            let Some((token, label)) = line.split_once('\t') else {
                first = true;
                continue;
            };
            // The first word of a sentence is capitalised whatever it is.
            if !first || label != "O" {
                table.seen(token, label.trim());
            }
            first = token == "\u{23ce}";
        }
    }
    Ok(())
}
