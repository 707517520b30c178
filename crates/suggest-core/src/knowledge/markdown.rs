//! Markdown to sections of plain text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::knowledge::section::{Section, Sections};

/// Cuts at every heading.
pub(super) fn sections(body: &str) -> Vec<Section> {
    let mut sections = Sections::new();
    let mut cells = 0usize;
    for event in Parser::new_ext(body, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => sections.heading(),
            Event::End(TagEnd::Heading(_)) => sections.heading_ends(),
            Event::Text(part) | Event::Code(part) => sections.say(&part),
            Event::SoftBreak => sections.say(" "),
            Event::HardBreak => sections.line(),
            Event::Start(Tag::Item) => sections.item(),
            Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => {
                if cells > 0 {
                    sections.say(": ");
                }
                cells += 1;
            }
            Event::Start(Tag::Paragraph | Tag::List(_)) => sections.paragraph(),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::CodeBlock,
            ) => sections.line(),
            _ => {}
        }
    }
    sections.done()
}
