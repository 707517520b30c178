//! Texts of a page: marks, and the list of what went wrong.

use std::fmt::Write as _;
use std::ops::Range;

use super::Entry;
use super::escape::escape;
use super::kinds::Kinds;
use crate::gold::Span;
use crate::gold::judge::{Fate, Verdict, Worth};

/// All texts as HTML, and their errors.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The articles.
    pub(super) html: String,
    /// What went wrong, in the order of the page.
    pub(super) errors: Vec<Error>,
    count: usize,
}

/// One miss or false alarm.
#[derive(Debug)]
pub(super) struct Error {
    /// `missed`, `partly`, `other` or `false`.
    pub(super) what: &'static str,
    /// Which text, from 1.
    pub(super) text: usize,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) lang: String,
    pub(super) id: String,
}

/// How one mark looks.
struct Mark<'a> {
    span: &'a Span,
    state: &'static str,
    /// What stands behind the label.
    note: String,
    /// Stretches that nothing covers.
    open: &'a [Range<usize>],
    /// Whether it stands in the list of errors.
    is_error: bool,
}

impl Texts {
    /// Adds a text.
    pub(super) fn add(&mut self, entry: &Entry, verdict: Option<&Verdict>, kinds: &Kinds) {
        self.count += 1;
        let number = self.count;
        let errors_before = self.errors.len();
        let mut columns = String::new();
        if let (Some(gold), Some(verdict)) = (&entry.gold, verdict) {
            columns.push_str("<div class=\"pair\">");
            self.column(
                &mut columns,
                "Marked by hand",
                entry,
                kinds,
                &gold_marks(gold, &entry.found, verdict),
            );
            self.column(
                &mut columns,
                "Found",
                entry,
                kinds,
                &found_marks(&entry.found, Some(verdict)),
            );
            columns.push_str("</div>");
        } else {
            self.column(
                &mut columns,
                "Found",
                entry,
                kinds,
                &found_marks(&entry.found, None),
            );
        }
        let errors = self.errors.len() - errors_before;
        let html = &mut self.html;
        let _ = write!(html, "<article id=\"t{number}\" data-l=\"");
        escape(html, &entry.lang);
        let _ = write!(
            html,
            "\" data-e=\"{errors}\"><h3><a href=\"#t{number}\">{number}</a> <span>"
        );
        escape(html, &entry.id);
        html.push_str("</span>");
        if !entry.lang.is_empty() {
            html.push_str(" <abbr>");
            escape(html, &entry.lang);
            html.push_str("</abbr>");
        }
        if errors > 0 {
            let plural = if errors == 1 { "" } else { "s" };
            let _ = write!(html, " <em>{errors} error{plural}</em>");
        }
        html.push_str("</h3>");
        html.push_str(&columns);
        html.push_str("</article>\n");
    }

    fn column(
        &mut self,
        html: &mut String,
        name: &str,
        entry: &Entry,
        kinds: &Kinds,
        marks: &[Mark<'_>],
    ) {
        let _ = write!(
            html,
            "<section aria-label=\"{name}\"><p dir=\"auto\" lang=\""
        );
        escape(html, &entry.lang);
        html.push_str("\">");
        let text = |range: Range<usize>| entry.text.get(range).unwrap_or("");
        let mut at = 0;
        for mark in marks {
            // Spans marked by hand may lie in each other; what is already shown is not shown twice.
            let start = mark.span.start.max(at);
            let end = mark.span.end.max(start);
            escape(html, text(at..start));
            self.open_mark(html, entry, kinds, mark);
            let mut inner = start;
            for open in mark.open {
                let (from, to) = (open.start.max(inner), open.end.min(end));
                if from < to {
                    escape(html, text(inner..from));
                    html.push_str("<u>");
                    escape(html, text(from..to));
                    html.push_str("</u>");
                    inner = to;
                }
            }
            escape(html, text(inner..end));
            html.push_str("<b>");
            escape(html, &mark.span.label);
            html.push_str(&mark.note);
            html.push_str("</b></mark>");
            at = end;
        }
        escape(html, text(at..entry.text.len()));
        html.push_str("</p></section>");
    }

    fn open_mark(&mut self, html: &mut String, entry: &Entry, kinds: &Kinds, mark: &Mark<'_>) {
        let span = mark.span;
        let kind = kinds.get(&span.label);
        let _ = write!(
            html,
            "<mark class=\"{} {}\" data-k=\"{}\"",
            mark.state,
            kind.map_or("k-rest", |k| k.colour),
            kind.map_or(0, |k| k.rank),
        );
        if mark.is_error {
            self.errors.push(Error {
                what: mark.state,
                text: self.count,
                label: span.label.clone(),
                value: entry
                    .text
                    .get(span.start..span.end)
                    .unwrap_or("")
                    .to_owned(),
                lang: entry.lang.clone(),
                id: entry.id.clone(),
            });
            let _ = write!(html, " id=\"e{}\" tabindex=\"-1\"", self.errors.len());
        }
        if !span.why.is_empty() {
            let (why, score) = (span.why, span.score);
            let _ = write!(
                html,
                " data-s=\"{score:.2}\" data-w=\"{why}\" title=\"{why} {score:.2}\""
            );
        }
        html.push('>');
    }
}

fn gold_marks<'a>(gold: &'a [Span], found: &[Span], verdict: &'a Verdict) -> Vec<Mark<'a>> {
    let judged = || gold.iter().zip(&verdict.gold);
    // What is set aside is not drawn over what counts.
    let covered =
        |aside: &Span| judged().any(|(span, (fate, _))| *fate != Fate::Aside && span.meets(aside));
    judged()
        .filter(|(span, (fate, _))| *fate != Fate::Aside || !covered(span))
        .map(|(span, (fate, open))| {
            let (state, note) = match fate {
                Fate::Found => ("hit", String::new()),
                Fate::Partly => ("partly", " in part".to_owned()),
                Fate::Other => {
                    let taken = found.iter().find(|f| f.meets(span));
                    let mut note = " as ".to_owned();
                    escape(&mut note, taken.map_or("", |f| &f.label));
                    ("other", note)
                }
                Fate::Missed => ("missed", " missed".to_owned()),
                Fate::Aside => ("aside", String::new()),
            };
            let wants = *fate == Fate::Partly;
            Mark {
                span,
                state,
                note,
                open: if wants { open } else { &[] },
                is_error: !matches!(fate, Fate::Found | Fate::Aside),
            }
        })
        .collect()
}

fn found_marks<'a>(found: &'a [Span], verdict: Option<&Verdict>) -> Vec<Mark<'a>> {
    found
        .iter()
        .enumerate()
        .map(|(index, span)| {
            let worth = verdict.and_then(|v| v.found.get(index));
            let (state, note) = match worth {
                None => ("plain", ""),
                Some(Worth::Right) => ("hit", ""),
                Some(Worth::Other) => ("taken", " other kind"),
                Some(Worth::False) => ("false", " false alarm"),
                Some(Worth::Unjudged) => ("aside", ""),
            };
            Mark {
                span,
                state,
                note: note.to_owned(),
                open: &[],
                is_error: state == "false",
            }
        })
        .collect()
}
