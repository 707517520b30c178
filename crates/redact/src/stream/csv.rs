//! CSV (RFC 4180) while it streams.
//!
//! A cell without quotes needs them as soon as one value in it does, and the quote stands before all that was read: so such a
//! cell is held back until it ends or gets its quotes. That is bounded. In a cell that is longer than the bound, what needs
//! quotes is refused. Between quotes nothing is held back.

use std::ops::Range;

use super::Values;
use super::write::{Place, doubled};
use crate::map::table::Table;
use crate::restore::Refusal;
use crate::scan::{Left, Mode, Peek, Step, Window, skip_to, step};
use crate::structured::CsvFormat;

/// Most bytes of a cell without quotes that are held back: what the cell of a spreadsheet can hold.
const CELL: usize = 32 * 1024;

/// Where one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// At the beginning of the document, where the mark of the encoding may stand.
    Document,
    /// Before a cell, behind a delimiter or the end of a row.
    Before,
    /// Between quotes.
    Quoted,
    /// In a cell without quotes that is held back.
    Held,
    /// In a cell that got its quotes here.
    Opened,
    /// In a cell without quotes that gets none, or behind the quotes of one.
    Bare,
}

pub(super) struct Csv {
    delimiter: u8,
    cell: Cell,
    /// Whether some value may need quotes.
    holds: bool,
    /// How far the cell that is held back was read.
    read: usize,
    /// Tags in it, by its bytes, and their entries.
    tags: Vec<(Range<usize>, usize)>,
}

impl Csv {
    pub(super) fn new(format: CsvFormat, table: &Table) -> Self {
        let delimiter = format.delimiter();
        Self {
            delimiter,
            cell: Cell::Document,
            holds: table
                .entries()
                .any(|(_, value)| value.starts_with('"') || is_special(value, delimiter)),
            read: 0,
            tags: Vec::new(),
        }
    }

    pub(super) fn run(
        &mut self,
        values: &mut Values<'_>,
        left: &mut Left,
        text: &str,
        last: bool,
        emit: &mut dyn FnMut(&str),
    ) -> usize {
        // Decided text from here on is not given out yet. A cell that is held back begins here.
        let mut from = 0;
        let mut at = std::mem::take(&mut self.read);
        while let Some(next) = text.as_bytes().get(at).copied() {
            if matches!(self.cell, Cell::Document | Cell::Before) {
                let len = self.begin(text, at, next);
                *left = Left::default();
                if self.cell == Cell::Held {
                    emit(text.get(from..at).unwrap_or_default());
                    from = at;
                }
                at += len;
                continue;
            }
            let delimiter = self.delimiter;
            let (mode, place) = match self.cell {
                Cell::Quoted => (Mode::Quoted, Place::Quoted),
                Cell::Opened => (Mode::Cell(delimiter), Place::Quoted),
                _ => (Mode::Cell(delimiter), Place::Text),
            };
            let window = Window::new(text, last, mode);
            at = if mode == Mode::Quoted {
                skip_to(text, at, left, |b| b == b'"')
            } else {
                skip_to(text, at, left, |b| {
                    b == delimiter || matches!(b, b'\r' | b'\n')
                })
            };
            if self.cell == Cell::Held && at - from > CELL {
                self.give(text.get(from..at).unwrap_or_default(), values, emit);
                from = at;
                self.cell = Cell::Bare;
            }
            let glyph = match window.unit(at) {
                Ok(Peek::Glyph(glyph)) => glyph,
                Ok(Peek::Wall(len)) if self.cell == Cell::Quoted => {
                    self.cell = Cell::Bare;
                    at += len;
                    continue;
                }
                Ok(Peek::Wall(_)) => {
                    self.end(text.get(from..at).unwrap_or_default(), values, emit);
                    from = at;
                    continue;
                }
                Ok(Peek::End | Peek::Far) | Err(_) => break,
            };
            match step(&window, at, *left, values.view()) {
                Ok(Step::Tag(found)) => {
                    at = found.end;
                    *left = Left::default();
                    let Some(index) = values.of(found.reading) else {
                        continue;
                    };
                    let value = values.value(index);
                    let before = text.get(from..found.start).unwrap_or_default();
                    match self.cell {
                        Cell::Held if before.len() <= CELL => {
                            if is_special(value, delimiter)
                                || value.starts_with('"') && self.is_empty(before, values)
                            {
                                emit("\"");
                                self.cell = Cell::Opened;
                                self.give_doubled(before, values, emit);
                                values.write(index, Place::Quoted, emit);
                                from = at;
                            } else {
                                values.note(index);
                                self.tags.push((found.start - from..at - from, index));
                            }
                            continue;
                        }
                        Cell::Held => {
                            self.give(before, values, emit);
                            from = found.start;
                            self.cell = Cell::Bare;
                        }
                        _ => {}
                    }
                    if self.cell == Cell::Bare && is_special(value, delimiter) {
                        values.refuse(index, Refusal::Unquoted);
                        continue;
                    }
                    self.literal(text.get(from..found.start).unwrap_or_default(), emit);
                    values.write(index, place, emit);
                    from = at;
                }
                // The cell ends within it: it stays.
                Ok(Step::Open(end)) => {
                    values.report.truncated = true;
                    if self.cell == Cell::Quoted && end >= text.len() {
                        emit(text.get(from..at).unwrap_or_default());
                        return text.len();
                    }
                    at = end;
                }
                Ok(Step::Literal) => {
                    left.pass(glyph.ch);
                    at += glyph.len;
                }
                Err(_) => break,
            }
        }
        if last {
            self.end(text.get(from..at).unwrap_or_default(), values, emit);
            return at;
        }
        if self.cell == Cell::Held {
            self.read = at - from;
            return from;
        }
        self.literal(text.get(from..at).unwrap_or_default(), emit);
        at
    }

    /// Takes what stands before a cell, or sees that one begins; the answer is its bytes.
    fn begin(&mut self, text: &str, at: usize, next: u8) -> usize {
        let first = std::mem::replace(&mut self.cell, Cell::Before) == Cell::Document;
        const MARK: &str = "\u{feff}";
        if first && text.get(at..).is_some_and(|rest| rest.starts_with(MARK)) {
            return MARK.len();
        }
        if next == self.delimiter || matches!(next, b'\r' | b'\n') {
            return 1;
        }
        self.cell = match next {
            b'"' => Cell::Quoted,
            _ if self.holds => Cell::Held,
            _ => Cell::Bare,
        };
        usize::from(next == b'"')
    }

    /// Ends a cell: its last part.
    fn end(&mut self, part: &str, values: &Values<'_>, emit: &mut dyn FnMut(&str)) {
        match self.cell {
            Cell::Held => self.give(part, values, emit),
            _ => self.literal(part, emit),
        }
        if self.cell == Cell::Opened {
            emit("\"");
        }
        self.cell = Cell::Before;
    }

    /// Text of the cell.
    fn literal(&self, text: &str, emit: &mut dyn FnMut(&str)) {
        match self.cell {
            Cell::Opened => doubled(text, emit),
            _ => emit(text),
        }
    }

    /// Gives out what was held back, with its values.
    fn give(&mut self, held: &str, values: &Values<'_>, emit: &mut dyn FnMut(&str)) {
        let mut from = 0;
        for (range, index) in self.tags.drain(..) {
            emit(held.get(from..range.start).unwrap_or_default());
            emit(values.value(index));
            from = range.end;
        }
        emit(held.get(from..).unwrap_or_default());
    }

    fn give_doubled(&mut self, held: &str, values: &Values<'_>, emit: &mut dyn FnMut(&str)) {
        self.give(held, values, &mut |piece| doubled(piece, emit));
    }

    /// Whether nothing is written for what was held back.
    fn is_empty(&self, held: &str, values: &Values<'_>) -> bool {
        let tags: usize = self.tags.iter().map(|(range, _)| range.len()).sum();
        tags == held.len()
            && self
                .tags
                .iter()
                .all(|(_, index)| values.value(*index).is_empty())
    }
}

/// Whether a value needs quotes around its cell wherever it stands.
fn is_special(value: &str, delimiter: u8) -> bool {
    value
        .bytes()
        .any(|b| b == delimiter || matches!(b, b'\r' | b'\n'))
}
