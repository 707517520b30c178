//! CSV: an article or macro a row, its data in columns with the names of front matter, its text in Markdown.

use csv::{ReaderBuilder, StringRecord};

use crate::error::Error;
use crate::knowledge::article::Article;
use crate::knowledge::front::Fields;
use crate::knowledge::markdown;

/// Reads a file.
pub(super) fn read(name: &str, source: &str) -> Result<Vec<Article>, Error> {
    let wrong = |line: u64, fault| Error::NotCsv {
        article: name.to_owned(),
        line: usize::try_from(line).unwrap_or(usize::MAX),
        fault,
    };
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    // Spreadsheets of half of Europe separate by semicolons.
    let header = source.lines().next().unwrap_or_default();
    let semicolons = header.matches(';').count() > header.matches(',').count();
    let mut rows = ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .from_reader(source.as_bytes());
    let columns: Vec<String> = rows
        .headers()
        .map_err(|_| wrong(1, "the first row holds the names of the columns"))?
        .iter()
        .map(|column| column.trim().to_ascii_lowercase())
        .collect();
    if !columns.iter().any(|column| column == "text") {
        return Err(wrong(1, "the column `text` is missing"));
    }
    let mut articles = Vec::new();
    let mut row = StringRecord::new();
    loop {
        let line = rows.position().line();
        match rows.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(articles),
            Err(_) => {
                return Err(wrong(
                    line,
                    "the row has more or fewer cells than the first",
                ));
            }
        }
        let line = row.position().map_or(line, csv::Position::line);
        let at = usize::try_from(line).unwrap_or(usize::MAX);
        let fault = |fault| Error::FrontMatter {
            article: name.to_owned(),
            line: at,
            fault,
        };
        let mut fields = Fields::default();
        let mut text = "";
        for (column, cell) in columns.iter().zip(&row) {
            match column.as_str() {
                "text" => text = cell,
                // An empty cell is a field that is not there.
                key if !cell.trim().is_empty() => fields.take(key, cell).map_err(fault)?,
                _ => {}
            }
        }
        articles.push(Article {
            front: fields.done().map_err(fault)?,
            sections: markdown::sections(text),
            name: name.to_owned(),
            line: at,
        });
    }
}
