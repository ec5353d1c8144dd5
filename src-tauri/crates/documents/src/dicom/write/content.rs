//! Content items of a structured report (PS3.3, C.17.3).

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::DicomReference;
use super::object::{Coded, Object};

/// How an item stands to the one it lies in.
#[derive(Clone, Copy, Debug)]
pub enum Relation {
    Contains,
    HasObservationContext,
    HasConceptModifier,
    InferredFrom,
}

impl Relation {
    const fn name(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::HasObservationContext => "HAS OBS CONTEXT",
            Self::HasConceptModifier => "HAS CONCEPT MOD",
            Self::InferredFrom => "INFERRED FROM",
        }
    }
}

/// An item with the items in it.
pub struct Item {
    object: Object,
    inside: Vec<Self>,
}

impl Item {
    fn new(relation: Relation, kind: &str, concept: Option<Coded<'_>>) -> Self {
        let mut object = Object::new();
        // CS values hold 16 characters, as the longest relation does.
        object.text(tags::RELATIONSHIP_TYPE, VR::CS, relation.name());
        object.text(tags::VALUE_TYPE, VR::CS, kind);
        if let Some(concept) = concept {
            object.code(tags::CONCEPT_NAME_CODE_SEQUENCE, concept);
        }
        Self { object, inside: Vec::new() }
    }

    pub fn container(concept: Coded<'_>, template: Option<&str>, inside: Vec<Self>) -> Self {
        let mut item = Self::new(Relation::Contains, "CONTAINER", Some(concept));
        item.object.text(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE");
        if let Some(template) = template {
            item.object.sequence(tags::CONTENT_TEMPLATE_SEQUENCE, vec![template_item(template)]);
        }
        item.inside = inside;
        item
    }

    pub fn code(relation: Relation, concept: Coded<'_>, value: Coded<'_>) -> Self {
        let mut item = Self::new(relation, "CODE", Some(concept));
        item.object.code(tags::CONCEPT_CODE_SEQUENCE, value);
        item
    }

    pub fn text(relation: Relation, concept: Coded<'_>, text: &str) -> Self {
        let mut item = Self::new(relation, "TEXT", Some(concept));
        item.object.text(tags::TEXT_VALUE, VR::UT, text);
        item
    }

    pub fn uid(relation: Relation, concept: Coded<'_>, uid: &str) -> Self {
        let mut item = Self::new(relation, "UIDREF", Some(concept));
        item.object.text(tags::UID, VR::UI, uid);
        item
    }

    /// `name` with its components.
    pub fn person(relation: Relation, concept: Coded<'_>, name: &str) -> Self {
        let mut item = Self::new(relation, "PNAME", Some(concept));
        item.object.text(tags::PERSON_NAME, VR::PN, name);
        item
    }

    pub fn number(concept: Coded<'_>, value: f64, unit: Coded<'_>) -> Self {
        let mut measured = Object::new();
        measured.put(tags::NUMERIC_VALUE, VR::DS, decimal(value));
        measured.code(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, unit);
        let mut item = Self::new(Relation::Contains, "NUM", Some(concept));
        item.object.sequence(tags::MEASURED_VALUE_SEQUENCE, vec![measured]);
        item
    }

    pub fn image(relation: Relation, concept: Option<Coded<'_>>, image: &DicomReference) -> Self {
        let mut item = Self::new(relation, "IMAGE", concept);
        item.object.sequence(tags::REFERENCED_SOP_SEQUENCE, vec![referenced(image)]);
        item
    }

    pub fn with(mut self, inside: impl IntoIterator<Item = Self>) -> Self {
        self.inside.extend(inside);
        self
    }

    fn into_object(mut self) -> Object {
        lay(&mut self.object, self.inside);
        self.object
    }
}

/// Lays items into an object, where there are any.
pub fn lay(object: &mut Object, items: Vec<Item>) {
    if !items.is_empty() {
        object.sequence(tags::CONTENT_SEQUENCE, items.into_iter().map(Item::into_object).collect());
    }
}

pub fn template_item(identifier: &str) -> Object {
    let mut template = Object::new();
    template.text(tags::MAPPING_RESOURCE, VR::CS, "DCMR");
    template.text(tags::TEMPLATE_IDENTIFIER, VR::CS, identifier);
    template
}

pub fn referenced(image: &DicomReference) -> Object {
    let mut reference = Object::new();
    reference.text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, &image.sop_class_uid);
    reference.text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, &image.sop_instance_uid);
    reference
}

/// A decimal string of at most 16 characters.
fn decimal(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text.len() > 16 { format!("{value:.8e}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_fit() {
        assert_eq!(decimal(12.5), "12.5");
        assert_eq!(decimal(-0.000_01), "-0");
        assert_eq!(decimal(100.0), "100");
        for value in [1e20, -1e300, 123_456_789_012.123_4] {
            let text = decimal(value);
            assert!(text.len() <= 16 && text.parse::<f64>().is_ok(), "{text}");
        }
    }
}
