//! Markdown to sections of plain text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::text;

pub(super) struct Section {
    pub(super) heading: Option<String>,
    /// From the heading; `intro` before the first.
    pub(super) slug: String,
    pub(super) text: String,
}

/// Cuts at every heading. Sections without text are left out; a slug that comes twice gets a number.
pub(super) fn sections(body: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut current = Section {
        heading: None,
        slug: "intro".to_owned(),
        text: String::new(),
    };
    let mut heading: Option<String> = None;
    let mut cells = 0usize;
    for event in Parser::new_ext(body, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let title = heading.take().unwrap_or_default().trim().to_owned();
                push(&mut sections, current);
                current = Section {
                    slug: slug(&title),
                    heading: Some(title),
                    text: String::new(),
                };
            }
            Event::Text(part) | Event::Code(part) => match &mut heading {
                Some(heading) => heading.push_str(&part),
                None => current.text.push_str(&part),
            },
            Event::SoftBreak => match &mut heading {
                Some(heading) => heading.push(' '),
                None => current.text.push(' '),
            },
            Event::HardBreak => current.text.push('\n'),
            Event::Start(Tag::Item) => {
                new_line(&mut current.text);
                current.text.push_str("- ");
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => {
                if cells > 0 {
                    current.text.push_str(": ");
                }
                cells += 1;
            }
            Event::Start(Tag::Paragraph | Tag::List(_)) if !current.text.ends_with("- ") => {
                new_line(&mut current.text);
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::CodeBlock,
            ) => new_line(&mut current.text),
            _ => {}
        }
    }
    push(&mut sections, current);
    sections
}

fn new_line(text: &mut String) {
    let kept = text.trim_end_matches(' ').len();
    text.truncate(kept);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn push(sections: &mut Vec<Section>, mut section: Section) {
    section.text = section.text.trim().to_owned();
    if section.text.is_empty() {
        return;
    }
    let same = sections
        .iter()
        .filter(|other| {
            other.slug == section.slug
                || other
                    .slug
                    .strip_prefix(&section.slug)
                    .and_then(|rest| rest.strip_prefix('-'))
                    .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        })
        .count();
    if same > 0 {
        section.slug = format!("{}-{}", section.slug, same + 1);
    }
    sections.push(section);
}

fn slug(title: &str) -> String {
    let words: Vec<String> = text::words(title)
        .into_iter()
        .map(|word| {
            word.folded
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let slug = words.join("-");
    if slug.is_empty() {
        "section".to_owned()
    } else {
        slug
    }
}
