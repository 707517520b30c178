//! Sections of an article while it is read: plain text under headings.

use std::collections::HashMap;

use crate::text;

/// Text under a heading.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(super) heading: Option<String>,
    /// From the heading; `intro` before the first.
    pub(super) slug: String,
    pub(super) text: String,
}

impl Section {
    /// Heading and text as one.
    pub(super) fn whole(self) -> String {
        match self.heading {
            Some(heading) => format!("{heading}\n{}", self.text),
            None => self.text,
        }
    }
}

/// Cuts at every heading. Sections without text are left out; a slug that comes twice gets a number.
pub(super) struct Sections {
    done: Vec<Section>,
    /// How often a slug was used, and which number was tried last.
    slugs: HashMap<String, usize>,
    open: Section,
    heading: Option<String>,
    #[cfg(feature = "html")]
    first: Option<String>,
}

impl Sections {
    pub(super) fn new() -> Self {
        Self {
            done: Vec::new(),
            slugs: HashMap::new(),
            open: Section {
                heading: None,
                slug: "intro".to_owned(),
                text: String::new(),
            },
            heading: None,
            #[cfg(feature = "html")]
            first: None,
        }
    }

    /// A heading begins: what is said goes into it.
    pub(super) fn heading(&mut self) {
        self.heading = Some(String::new());
    }

    /// A heading ends, and with it the section before.
    pub(super) fn heading_ends(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let heading = heading.trim().to_owned();
        #[cfg(feature = "html")]
        self.first.get_or_insert_with(|| heading.clone());
        let next = Section {
            slug: slug(&heading),
            heading: Some(heading),
            text: String::new(),
        };
        let before = std::mem::replace(&mut self.open, next);
        self.close(before);
    }

    /// Text of a heading or of a section.
    pub(super) fn say(&mut self, text: &str) {
        match &mut self.heading {
            Some(heading) => heading.push_str(text),
            None => self.open.text.push_str(text),
        }
    }

    /// A space, unless there is white space.
    #[cfg(feature = "html")]
    pub(super) fn space(&mut self) {
        let text = self.heading.as_mut().unwrap_or(&mut self.open.text);
        if !text.is_empty() && !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }

    /// What follows stands on a line of its own.
    pub(super) fn line(&mut self) {
        if self.heading.is_some() {
            return;
        }
        let text = &mut self.open.text;
        let kept = text.trim_end_matches(' ').len();
        text.truncate(kept);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }

    /// The next item of a list.
    pub(super) fn item(&mut self) {
        self.line();
        self.say("- ");
    }

    /// A paragraph, unless it is the first of an item.
    pub(super) fn paragraph(&mut self) {
        if !self.open.text.ends_with("- ") {
            self.line();
        }
    }

    /// The first heading, and all sections.
    #[cfg(feature = "html")]
    pub(super) fn titled(mut self) -> (String, Vec<Section>) {
        self.heading_ends();
        (self.first.take().unwrap_or_default(), self.done())
    }

    /// All of them.
    pub(super) fn done(mut self) -> Vec<Section> {
        self.heading_ends();
        let last = self.open.clone();
        self.close(last);
        self.done
    }

    fn close(&mut self, mut section: Section) {
        section.text = section.text.trim().to_owned();
        if section.text.is_empty() {
            return;
        }
        let mut slug = section.slug.clone();
        while self.slugs.contains_key(&slug) {
            let tried = self.slugs.entry(section.slug.clone()).or_insert(1);
            *tried += 1;
            slug = format!("{}-{tried}", section.slug);
        }
        self.slugs.insert(slug.clone(), 1);
        section.slug = slug;
        self.done.push(section);
    }
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
