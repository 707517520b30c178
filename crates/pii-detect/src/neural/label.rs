//! What the labels of a model mean here.

use serde_json::Value;

use super::NeuralError;
use crate::kind::Kind;

/// Positions of a BERT model that does not say how many it has (Devlin et al. 2019).
const POSITIONS: usize = 512;

/// The labels of a model, in the order of its outputs, and how many tokens it reads at once.
///
/// Labels are `O` for nothing, or a name with the prefix of the BIO, BIOES or BILOU scheme, or a name alone. Names of
/// the usual tag sets are understood (`PER`, `GIVEN_NAME`, `CITY`, `STREET_NAME`, `TAX_ID` ...), and those of
/// [`Kind::label`]; others count as nothing.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    pub(super) labels: Vec<Label>,
    pub(super) positions: usize,
}

impl ModelConfig {
    /// Reads `config.json` as it lies beside a model: `id2label`, and `max_position_embeddings` if it is there.
    ///
    /// # Errors
    /// [`NeuralError::BadLabels`]: it is no JSON, lacks a label, or no label means a [`Kind`].
    pub fn from_config_json(json: &str) -> Result<Self, NeuralError> {
        let bad = |fault| NeuralError::BadLabels { fault };
        let file: Value = serde_json::from_str(json).map_err(|_| bad("config.json is no JSON"))?;
        let map = file.get("id2label").and_then(Value::as_object);
        let map = map.ok_or(bad("config.json has no id2label"))?;
        let labels: Option<Vec<&str>> = (0..map.len())
            .map(|id| map.get(&id.to_string())?.as_str())
            .collect();
        let labels = labels.ok_or(bad("id2label does not count from 0 without a gap"))?;
        let mut config = Self::from_labels(&labels)?;
        let positions = file.get("max_position_embeddings").and_then(Value::as_u64);
        if let Some(positions) = positions.and_then(|p| usize::try_from(p).ok()) {
            config.positions = positions;
        }
        Ok(config)
    }

    /// Takes the labels in the order of the model's outputs; the model reads 512 tokens at once.
    ///
    /// # Errors
    /// [`NeuralError::BadLabels`] when no label means a [`Kind`]: such a model would find nothing.
    pub fn from_labels(labels: &[&str]) -> Result<Self, NeuralError> {
        let labels: Vec<Label> = labels.iter().map(|label| Label::parse(label)).collect();
        if labels.iter().all(|label| label.part.is_none()) {
            let fault = "none of them means a kind of personal data";
            return Err(NeuralError::BadLabels { fault });
        }
        Ok(Self {
            labels,
            positions: POSITIONS,
        })
    }
}

/// One label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// What it means; `None` for nothing.
    pub(super) part: Option<Part>,
    /// Whether something begins with it.
    pub(super) begins: bool,
}

/// What a word is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A name, of which is not said which part.
    Name,
    /// A given name.
    Given,
    /// A family name.
    Surname,
    /// A house number.
    Building,
    /// A street, or an address as a whole.
    Street,
    /// A flat or floor.
    Unit,
    /// A town, region or country.
    Place,
    /// A postcode.
    Postcode,
    /// Something that is joined to nothing.
    Plain(Kind),
}

impl Part {
    /// Parts that compete together against all others: a name is found though nobody can tell which part it is.
    pub(super) fn group(self) -> Kind {
        match self {
            Self::Name | Self::Given | Self::Surname => Kind::Person,
            Self::Building | Self::Street | Self::Unit => Kind::Address,
            Self::Place => Kind::Location,
            Self::Postcode => Kind::Postcode,
            Self::Plain(kind) => kind,
        }
    }
}

impl Label {
    fn parse(label: &str) -> Self {
        let upper = label.to_ascii_uppercase().replace(' ', "_");
        let (prefix, name) = match upper.split_at_checked(2) {
            Some((prefix, name)) if prefix.ends_with(['-', '_']) => (prefix, name),
            _ => ("", upper.as_str()),
        };
        let known = matches!(prefix.get(..1), Some("B" | "I" | "E" | "S" | "L" | "U"));
        let name = if known { name } else { upper.as_str() };
        Self {
            part: part(&name.replace('-', "_")),
            begins: known && matches!(prefix.get(..1), Some("B" | "S" | "U")),
        }
    }
}

/// The tag sets of CoNLL-2003, OntoNotes 5, Rampart and the usual PII models.
fn part(name: &str) -> Option<Part> {
    Some(match name {
        "PER" | "PERSON" | "NAME" | "FULL_NAME" | "FULLNAME" => Part::Name,
        "GIVEN_NAME" | "GIVENNAME" | "FIRST_NAME" | "FIRSTNAME" | "MIDDLE_NAME" | "MIDDLENAME" => {
            Part::Given
        }
        "SURNAME" | "LAST_NAME" | "LASTNAME" | "FAMILY_NAME" => Part::Surname,
        "BUILDING_NUMBER" | "BUILDINGNUMBER" | "BUILDING_NUM" | "BUILDINGNUM" => Part::Building,
        "STREET_NAME" | "STREETNAME" | "STREET" | "STREET_ADDRESS" | "ADDRESS" => Part::Street,
        "SECONDARY_ADDRESS" | "SECONDARYADDRESS" => Part::Unit,
        "CITY" | "STATE" | "COUNTY" | "COUNTRY" | "LOC" | "LOCATION" | "GPE" => Part::Place,
        "ZIP_CODE" | "ZIPCODE" | "ZIP" | "POSTCODE" => Part::Postcode,
        "EMAIL_ADDRESS" => Part::Plain(Kind::Email),
        "PHONE_NUMBER" | "PHONENUMBER" | "TELEPHONENUM" => Part::Plain(Kind::Phone),
        "ORGANIZATION" | "ORGANISATION" | "COMPANY" => Part::Plain(Kind::Org),
        "CREDIT_CARD" | "CREDIT_CARD_NUMBER" | "CREDITCARDNUMBER" => Part::Plain(Kind::Card),
        "IP_ADDRESS" | "IPADDRESS" => Part::Plain(Kind::Ip),
        "TAX_ID" | "BANK_ACCOUNT" | "ROUTING_NUMBER" | "GOVERNMENT_ID" | "PASSPORT"
        | "DRIVERS_LICENSE" | "SSN" | "NATIONAL_ID" | "TAXNUM" | "SOCIALNUM" | "IDCARDNUM" => {
            Part::Plain(Kind::Id)
        }
        // A label of ours means what it says; the caller's own kind has no meaning without the caller's own label.
        _ => Part::Plain(Kind::from_label(name).filter(|kind| *kind != Kind::Custom)?),
    })
}

#[cfg(test)]
mod tests {
    use super::{Label, ModelConfig, Part};
    use crate::kind::Kind;
    use crate::neural::NeuralError;

    fn label(part: Option<Part>, begins: bool) -> Label {
        Label { part, begins }
    }

    #[test]
    fn schemes_and_names() {
        let parse = Label::parse;
        assert_eq!(parse("O"), label(None, false));
        assert_eq!(parse("B-GIVEN_NAME"), label(Some(Part::Given), true));
        assert_eq!(parse("I-SURNAME"), label(Some(Part::Surname), false));
        assert_eq!(parse("S-PER"), label(Some(Part::Name), true));
        assert_eq!(parse("e-loc"), label(Some(Part::Place), false));
        assert_eq!(parse("IBAN"), label(Some(Part::Plain(Kind::Iban)), false));
        assert_eq!(parse("ID"), label(Some(Part::Plain(Kind::Id)), false));
        assert_eq!(
            parse("B-phone number"),
            label(Some(Part::Plain(Kind::Phone)), true)
        );
        assert_eq!(parse("B-MISC"), label(None, true));
        assert_eq!(parse("\u{e9}"), label(None, false));
    }

    #[test]
    fn what_config_json_must_say() {
        let read =
            |json: &str| ModelConfig::from_config_json(json).map(|c| (c.labels.len(), c.positions));
        let good = r#"{"id2label":{"1":"B-PER","0":"O"},"max_position_embeddings":64}"#;
        assert_eq!(read(good), Ok((2, 64)));
        assert_eq!(read(r#"{"id2label":{"0":"PER"}}"#), Ok((1, 512)));
        for json in [
            "",
            "[]",
            r#"{"id2label":{}}"#,
            r#"{"id2label":{"0":"O","2":"PER"}}"#,
            r#"{"id2label":{"0":"O","1":7}}"#,
            r#"{"id2label":{"0":"LABEL_0","1":"LABEL_1"}}"#,
        ] {
            assert!(
                matches!(read(json), Err(NeuralError::BadLabels { .. })),
                "{json}"
            );
        }
    }
}
