//! The report as one page: no script, no font, no link, in the reader's light or dark.

use std::fmt::Write as _;

use super::plot;
use super::report::{DeletionDay, DeletionReport};
use crate::Timestamp;
use crate::policy::period::in_words;

const STYLE: &str = "<style>:root{color-scheme:light dark;--bg:#fff;--fg:#1f2933;--dim:#5f6b7a;--line:#dfe4ea;--e:#1b4f8a;\
--d:#5b8fc7;--p:#2f855a;--w:#b7791f;--r:#9b2c2c}@media(prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#e4e8ec;\
--dim:#9aa5b1;--line:#333c46;--e:#6ea8e6;--d:#3f6ea3;--p:#5fb98a;--w:#d9a441;--r:#e07a7a}}\
body{font:15px/1.5 system-ui,sans-serif;max-width:800px;margin:2rem auto;padding:0 1rem;background:var(--bg);\
color:var(--fg)}h1{font-size:22px;margin-bottom:.2rem}h2{font-size:17px;margin:1.2rem 0 0}.a{color:var(--dim)}svg{width:100%;height:auto}\
svg text{font:11px system-ui,sans-serif;fill:var(--dim)}.g{stroke:var(--line)}.e{fill:var(--e)}.d{fill:var(--d)}\
.p{fill:var(--p)}.w{fill:var(--w)}.r{fill:var(--r)}table{border-collapse:collapse;width:100%;margin:1rem 0}\
th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}</style>";

impl DeletionReport {
    /// The report as one self-contained page with a bar a day by reason and the same numbers as a table.
    #[must_use]
    pub fn to_html(&self) -> String {
        let total = self.total();
        let mut out = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>Deletion report</title>{STYLE}</head>\
             <body><h1>Deletion report</h1><p class=\"a\">Tenant {}</p><p>{} destroyed on {} (UTC). {}{}</p>",
            self.tenant(),
            match total.records() {
                1 => "1 record was".to_owned(),
                n => format!("{n} records were"),
            },
            match self.days().count() {
                1 => "1 day".to_owned(),
                n => format!("{n} days"),
            },
            templates(total),
            lateness(total)
        );
        out.push_str(&plot::svg(self));
        if !self.notes().is_empty() {
            out.push_str("<h2>To know</h2><table><tbody>");
            for note in self.notes() {
                put(
                    &mut out,
                    format_args!(
                        "<tr><td>{}</td><td>{}</td></tr>",
                        instant(note.at),
                        note.what
                    ),
                );
            }
            out.push_str("</tbody></table>");
        }
        out.push_str(
            "<table><thead><tr><th>Day</th><th>Kind</th><th>Reason</th><th class=\"n\">Records</th></tr></thead><tbody>",
        );
        for (date, day) in self.days() {
            for (category, reason, records) in day.sums() {
                put(
                    &mut out,
                    format_args!(
                        "<tr><td>{date}</td><td>{category}</td><td>{reason}</td><td class=\"n\">{records}</td></tr>"
                    ),
                );
            }
            if day.templates() > 0 {
                put(
                    &mut out,
                    format_args!(
                        "<tr><td>{date}</td><td colspan=\"2\">of these, in templates</td><td class=\"n\">{}</td></tr>",
                        day.templates()
                    ),
                );
            }
        }
        out.push_str("</tbody></table><p>");
        if let Some(end) = total.oldest_end() {
            put(
                &mut out,
                format_args!("The earliest written end was {}. ", instant(end)),
            );
        }
        if let Some(horizon) = total.backup_horizon() {
            put(
                &mut out,
                format_args!(
                    "Copies of keys hold none of these from {} on. ",
                    instant(horizon)
                ),
            );
        }
        out.push_str(
            "Counts only: nothing of the records is in this report.</p><p class=\"a\">Written by software from its own \
             records of deletion. It is not legal advice.</p></body></html>",
        );
        out
    }
}

fn templates(day: &DeletionDay) -> String {
    match day.templates() {
        0 => String::new(),
        some => format!(
            "Of {some} of them what many had in common lives on as templates, which hold nothing of one person. "
        ),
    }
}

fn lateness(day: &DeletionDay) -> String {
    match (day.late_p99(), day.late_max()) {
        (Some(p99), Some(max)) => format!(
            "Of those that reached their written end, 99 of 100 were gone within {}, the last within {}.",
            duration(p99),
            duration(max)
        ),
        _ => "All went before their written end.".to_owned(),
    }
}

fn duration(seconds: u64) -> String {
    match u32::try_from(seconds) {
        Ok(0) => "a second".to_owned(),
        Ok(seconds) => in_words(seconds),
        Err(_) => format!("{seconds} seconds"),
    }
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(text);
}
