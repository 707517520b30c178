//! Drafts side by side: what enough of them have in common.

use std::collections::{BTreeMap, BTreeSet};

use pii_detect::Detector;
use redact::{Backing, Label, Limits, MapId, PseudonymMap, Redacted, Templates, reseal};
use retention_policy::{RecordId, SubjectId};

use super::DraftTemplates;
use crate::Error;
use crate::desk::suggest::Stored;

/// The drafts of a client that are looked at together.
pub(super) struct Pool<'d> {
    /// The desk's own: it knows the recognisers of the house.
    detector: &'d Detector,
    /// Of highest recall: what it takes too much of is only a slot more.
    keen: Detector,
    /// By language and matter; empty where none is known.
    drafts: BTreeMap<(String, String), Vec<Taken>>,
}

struct Taken {
    id: RecordId,
    text: Redacted,
    backing: Backing,
}

/// What came of a pool.
pub(super) struct Made {
    pub(super) groups: Vec<DraftTemplates>,
    /// Drafts of which something is in it.
    pub(super) templated: BTreeSet<RecordId>,
}

impl<'d> Pool<'d> {
    pub(super) fn new(detector: &'d Detector) -> Result<Self, Error> {
        Ok(Self {
            detector,
            keen: Detector::builder().recall_bias(1.0).build()?,
            drafts: BTreeMap::new(),
        })
    }

    /// Takes a stored draft for a person. Its ticket and map are long gone, so its text re-enters under a map that nobody keeps:
    /// tags stay tags of their kind, and what a detector finds beside them becomes one.
    pub(super) fn take(
        &mut self,
        id: RecordId,
        person: SubjectId,
        draft: &Stored<'_>,
    ) -> Result<(), Error> {
        let mut map = PseudonymMap::new(MapId(id.to_bytes()));
        let text = reseal(draft.text, self.detector, &mut map)?;
        // Software wrote it, no agent: that several agents say the same cannot be asked of it.
        let backing = Backing::new(Label(person.to_bytes()), None);
        let about = (draft.locale.to_owned(), draft.intent.to_owned());
        let of = self.drafts.entry(about).or_default();
        of.push(Taken { id, text, backing });
        Ok(())
    }

    /// Makes templates of drafts about one matter, then of those that stood alone there with all others of their language.
    pub(super) fn make(self) -> Made {
        let mut made = Made {
            groups: Vec::new(),
            templated: BTreeSet::new(),
        };
        let mut alone: BTreeMap<String, Vec<Taken>> = BTreeMap::new();
        for ((locale, intent), drafts) in self.drafts {
            let left = match intent.is_empty() {
                true => drafts,
                false => made.add(&self.keen, (&locale, Some(&intent)), drafts),
            };
            alone.entry(locale).or_default().extend(left);
        }
        for (locale, drafts) in alone {
            made.add(&self.keen, (&locale, None), drafts);
        }
        made
    }
}

impl Made {
    /// Adds what drafts have in common; those that have nothing come back.
    fn add(
        &mut self,
        keen: &Detector,
        (locale, intent): (&str, Option<&str>),
        drafts: Vec<Taken>,
    ) -> Vec<Taken> {
        let mut templates = Templates::new(Limits::default());
        let (mut placed, mut alone) = (Vec::new(), Vec::new());
        for draft in drafts {
            // One that speaks of what nobody may learn, or that the detector cannot judge, is in no template.
            match templates.add(&draft.text, keen, draft.backing) {
                Ok(_) => placed.push(draft),
                Err(_) => alone.push(draft),
            }
        }
        let mut lines = BTreeSet::new();
        let mut drafts = 0;
        for (draft, template) in placed.into_iter().zip(templates.build()) {
            match template {
                Ok(template) => {
                    lines.extend(template.as_str().lines().map(str::to_owned));
                    self.templated.insert(draft.id);
                    drafts += 1;
                }
                Err(_) => alone.push(draft),
            }
        }
        if !lines.is_empty() {
            self.groups.push(DraftTemplates {
                locale: locale.to_owned(),
                intent: intent.map(str::to_owned),
                drafts,
                lines,
            });
        }
        alone
    }
}
