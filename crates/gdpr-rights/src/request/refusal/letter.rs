//! The letter of a refusal.

use super::{Exception, Extent, RefusalNotice, Remedy};
use crate::request::authority::Regional;
use crate::request::language::{Language, fill};

impl RefusalNotice {
    /// The subject line.
    #[must_use]
    pub fn subject(&self, language: Language) -> String {
        let reference = self.case.to_string();
        fill(
            language.text("refusal.subject"),
            &[("reference", reference.as_str())],
        )
    }

    /// The letter: what was asked, the reasons, what is kept, the authority, the courts, and that it is no legal advice.
    /// The reasons stand in it as they were written, so it may hold personal data.
    #[must_use]
    pub fn expose_letter(&self, language: Language) -> String {
        let reference = self.case.to_string();
        let right = language.text(&format!("right.{}", self.right.code()));
        let opening = match self.extent {
            Extent::Whole => "refusal.whole",
            Extent::Part => "refusal.part",
        };
        let mut parts = vec![fill(
            language.text(opening),
            &[
                ("reference", reference.as_str()),
                ("right", right),
                ("article", self.right.article()),
            ],
        )];
        if !self.reasons.is_empty() {
            let mut list = language.text("refusal.reasons").to_owned();
            for reason in &self.reasons {
                list.push('\n');
                list.push_str(&fill(
                    language.text("refusal.reason"),
                    &[
                        ("words", reason.expose_words()),
                        ("article", reason.ground().article()),
                    ],
                ));
            }
            parts.push(list);
        }
        if !self.exceptions.is_empty() {
            let mut list = language.text("refusal.kept").to_owned();
            for exception in &self.exceptions {
                list.push('\n');
                list.push_str(&item(exception, language));
            }
            parts.push(list);
        }
        let mut complaint = fill(
            language.text("complaint"),
            &[
                ("authority", self.complaint.name()),
                ("country", self.complaint.country()),
            ],
        );
        let regional = match self.complaint.regional() {
            Regional::None => "",
            Regional::Land => language.text("complaint.land"),
            Regional::Community => language.text("complaint.community"),
        };
        if !regional.is_empty() {
            complaint.push(' ');
            complaint.push_str(regional);
        }
        parts.push(complaint);
        let remedy = match self.remedy {
            Remedy::EstablishmentOrResidence => "remedy.either",
            Remedy::ControllersState => "remedy.state",
        };
        parts.push(language.text(remedy).to_owned());
        parts.push(language.text("note").to_owned());
        parts.join("\n\n")
    }
}

fn item(exception: &Exception, language: Language) -> String {
    let categories: Vec<_> = exception
        .categories()
        .map(|category| language.text(&format!("category.{}", category.code())))
        .collect();
    let until = match (exception.last_day(), exception.criterion()) {
        (Some(day), _) => fill(
            language.text("until.date"),
            &[("date", day.to_string().as_str())],
        ),
        (None, criterion) => fill(
            language.text("until.criterion"),
            &[("criterion", criterion.unwrap_or_default())],
        ),
    };
    fill(
        language.text("refusal.kept.item"),
        &[
            ("categories", categories.join(", ").as_str()),
            ("law", exception.law()),
            ("provision", exception.provision()),
            ("until", until.as_str()),
            ("words", exception.expose_reason()),
            ("article", exception.ground().article()),
        ],
    )
}
