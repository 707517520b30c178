//! What stands above the texts: figures, filters, counts a kind, errors.

use std::fmt::Write as _;

use super::Report;
use super::body::Error;
use super::escape::{escape, escaped};
use super::kinds::{Kinds, in_order};
use crate::gold::judge::Counts;

/// A longer value is cut in the list of errors.
const SHOWN: usize = 60;

fn sum(report: &Report<'_>, of: fn(&Counts) -> usize) -> usize {
    report.totals.values().map(of).sum()
}

/// The figures at the top.
pub(super) fn tiles(report: &Report<'_>) -> String {
    let mut tiles = vec![
        ("texts", report.entries.len(), "all"),
        ("findings", sum(report, |c| c.findings), "all"),
    ];
    if report.has_gold() {
        tiles.extend([
            ("marked by hand", sum(report, |c| c.gold), "all"),
            ("found", sum(report, |c| c.found), "hit"),
            ("in part", sum(report, |c| c.partly), "partly"),
            ("as another kind", sum(report, |c| c.other), "other"),
            ("missed", sum(report, |c| c.missed), "missed"),
            ("false alarms", sum(report, |c| c.false_alarms), "false"),
        ]);
    } else {
        let with = report.entries.iter().filter(|e| !e.found.is_empty());
        tiles.insert(1, ("texts with findings", with.count(), "all"));
    }
    let mut html = String::new();
    for (name, count, class) in tiles {
        let _ = write!(
            html,
            "<li class=\"{class}\"><strong>{count}</strong> {name}</li>"
        );
    }
    html
}

/// Check boxes for kinds and languages.
pub(super) fn filters(report: &Report<'_>, kinds: &Kinds) -> String {
    let mut html = String::from("<fieldset id=\"kinds\"><legend>Kinds</legend>");
    for (label, kind) in in_order(kinds) {
        let counts = report.totals.get(label).copied().unwrap_or_default();
        let _ = write!(
            html,
            "<label><input type=\"checkbox\" checked value=\"{}\"><i class=\"{}\"></i>{}<span>{}</span></label>",
            kind.rank,
            kind.colour,
            escaped(label),
            counts.findings.max(counts.gold + counts.aside),
        );
    }
    html.push_str("</fieldset><fieldset id=\"langs\"><legend>Languages</legend>");
    for (lang, count) in &report.langs {
        let lang = escaped(lang);
        let name = if lang.is_empty() { "not known" } else { &lang };
        let _ = write!(
            html,
            "<label><input type=\"checkbox\" checked value=\"{lang}\">{name}<span>{count}</span></label>"
        );
    }
    html.push_str("</fieldset>");
    html
}

/// What the marks mean.
pub(super) fn legend(report: &Report<'_>) -> String {
    if !report.has_gold() {
        return String::new();
    }
    [
        ("hit", "found", "every letter and digit is covered"),
        ("missed", "missed", "no finding touches it"),
        ("partly", "in <u>part</u>", "the wavy stretch is in clear"),
        ("other", "other kind", "covered under another kind"),
        ("false", "false alarm", "nothing is marked there"),
        (
            "aside",
            "not judged",
            "the set marks no such kind, or it does not count",
        ),
    ]
    .iter()
    .map(|(class, name, means)| {
        format!("<li><mark class=\"{class} k-rest\">{name}</mark> {means}</li>")
    })
    .collect()
}

/// Counts a kind.
pub(super) fn table(report: &Report<'_>, kinds: &Kinds) -> String {
    let mut html = String::from("<thead><tr><th scope=\"col\">kind</th>");
    let gold = report.has_gold();
    let columns: &[&str] = if gold {
        &[
            "marked",
            "found",
            "in part",
            "other kind",
            "missed",
            "share found",
            "findings",
            "right",
            "other kind",
            "false",
            "not judged",
            "marked, set aside",
        ]
    } else {
        &["findings", "share of all"]
    };
    for column in columns {
        let _ = write!(html, "<th scope=\"col\">{column}</th>");
    }
    html.push_str("</tr></thead><tbody>");
    let mut all = Counts::default();
    for (label, kind) in in_order(kinds) {
        let c = report.totals.get(label).copied().unwrap_or_default();
        let head = format!("<i class=\"{}\"></i>{}", kind.colour, escaped(label));
        row(&mut html, &head, &c, gold, sum(report, |c| c.findings));
        all.gold += c.gold;
        all.found += c.found;
        all.partly += c.partly;
        all.other += c.other;
        all.missed += c.missed;
        all.findings += c.findings;
        all.right += c.right;
        all.as_other += c.as_other;
        all.false_alarms += c.false_alarms;
        all.unjudged += c.unjudged;
        all.aside += c.aside;
    }
    html.push_str("</tbody><tfoot>");
    row(&mut html, "all", &all, gold, all.findings);
    html.push_str("</tfoot>");
    html
}

fn row(html: &mut String, head: &str, c: &Counts, gold: bool, findings: usize) {
    let _ = write!(html, "<tr><th scope=\"row\">{head}</th>");
    let cells: &[(usize, &str)] = if gold {
        &[
            (c.gold, ""),
            (c.found, ""),
            (c.partly, "partly"),
            (c.other, "other"),
            (c.missed, "missed"),
        ]
    } else {
        &[(c.findings, "")]
    };
    let cell = |html: &mut String, (count, class): (usize, &str)| {
        let class = if count == 0 { "none" } else { class };
        let _ = write!(html, "<td class=\"{class}\">{count}</td>");
    };
    for one in cells {
        cell(html, *one);
    }
    let (part, whole) = if gold {
        (c.found, c.gold)
    } else {
        (c.findings, findings)
    };
    if whole == 0 {
        html.push_str("<td class=\"none\">-</td>");
    } else {
        let share = part as f64 / whole as f64;
        let _ = write!(
            html,
            "<td><meter value=\"{share:.3}\" aria-label=\"share\"></meter> {:.0}&#8239;%</td>",
            share * 100.0
        );
    }
    if gold {
        for one in [
            (c.findings, ""),
            (c.right, ""),
            (c.as_other, "other"),
            (c.false_alarms, "false"),
            (c.unjudged, ""),
            (c.aside, ""),
        ] {
            cell(html, one);
        }
    }
    html.push_str("</tr>");
}

/// The list of errors, each leading to its place.
pub(super) fn errors(errors: &[Error], gold: bool) -> String {
    if !gold {
        return String::new();
    }
    let mut html = format!(
        "<details id=\"errors\"><summary>{} errors, each with its place</summary><ol>",
        errors.len()
    );
    for (index, error) in errors.iter().enumerate() {
        let number = index + 1;
        let _ = write!(
            html,
            "<li data-t=\"{}\"><a href=\"#e{number}\"><b class=\"{}\">{}</b> ",
            error.text,
            error.what,
            match error.what {
                "partly" => "in part",
                "other" => "other kind",
                "false" => "false alarm",
                what => what,
            },
        );
        escape(&mut html, &error.label);
        html.push_str(" <q>");
        let short: String = error.value.chars().take(SHOWN).collect();
        escape(&mut html, &short);
        if short.len() < error.value.len() {
            html.push_str("...");
        }
        html.push_str("</q></a> <small>");
        escape(&mut html, &error.lang);
        html.push(' ');
        escape(&mut html, &error.id);
        html.push_str("</small></li>");
    }
    html.push_str("</ol></details>");
    html
}
