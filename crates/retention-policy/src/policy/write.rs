//! A policy as text that says all of it, the house's defaults included.

use std::fmt::Write as _;

use super::Policy;
use super::period::Period;
use super::rule::{Obligation, Rule};
use crate::record::Lifetime;

impl Policy {
    /// Writes the policy as TOML of schema 1. Equal policies give equal text, and `Policy::from_toml` of it the same
    /// policy.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = String::with_capacity(128 * (self.rules.len() + self.obligations.len()));
        let mut line = |text: std::fmt::Arguments<'_>| {
            // Writing to a String does not fail.
            let _ = writeln!(out, "{text}");
        };
        line(format_args!("schema = 1"));
        line(format_args!("version = {}", self.version));
        line(format_args!("sweep_within = \"{}\"", of(self.sweep_within)));
        line(format_args!(
            "warn_before_end = \"{}\"",
            of(self.warn_before)
        ));
        for rule in &self.rules {
            write_rule(rule, &mut line);
        }
        for obligation in &self.obligations {
            write_obligation(obligation, &mut line);
        }
        out
    }
}

fn write_rule(rule: &Rule, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    line(format_args!("\n[[rule]]"));
    line(format_args!("category = \"{}\"", rule.key.category));
    if let Some(tenant) = rule.key.tenant {
        line(format_args!(
            "tenant = \"{:032x}\"",
            u128::from_be_bytes(tenant.to_bytes())
        ));
    }
    line(format_args!("trigger = \"{}\"", rule.key.trigger));
    if let Some(purpose) = rule.key.purpose {
        line(format_args!("purpose = \"{purpose}\""));
    }
    line(format_args!("after = \"{}\"", rule.after));
    let Some(archive) = rule.archive else {
        line(format_args!("action = \"{}\"", rule.disposition));
        return;
    };
    let readers: Vec<String> = archive.readers.iter().map(|r| format!("\"{r}\"")).collect();
    line(format_args!("action = \"archive\""));
    line(format_args!("[rule.archive]"));
    line(format_args!("for = \"{}\"", archive.lasts));
    line(format_args!("readers = [{}]", readers.join(", ")));
}

fn write_obligation(obligation: &Obligation, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    line(format_args!("\n[[obligation]]"));
    line(format_args!("id = \"{}\"", obligation.id));
    line(format_args!("category = \"{}\"", obligation.category));
    if let Some(tenant) = obligation.tenant {
        line(format_args!(
            "tenant = \"{:032x}\"",
            u128::from_be_bytes(tenant.to_bytes())
        ));
    }
    line(format_args!("law = \"{}\"", quoted(&obligation.law)));
    line(format_args!(
        "article = \"{}\"",
        quoted(&obligation.article)
    ));
    line(format_args!("country = \"{}\"", obligation.country));
    line(format_args!("trigger = \"{}\"", obligation.trigger));
    line(format_args!("lasts = \"{}\"", obligation.lasts));
}

fn of(lifetime: Lifetime) -> Period {
    Period::seconds(lifetime.as_seconds()).unwrap_or(Period::ZERO)
}

/// The text of a basic string; the reader lets no control characters in.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
