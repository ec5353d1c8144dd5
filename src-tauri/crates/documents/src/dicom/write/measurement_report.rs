//! The Measurement Report of PS3.16, TID 1500, as a Comprehensive 3D SR (PS3.3, A.35.13).

use std::collections::BTreeMap;

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use domain::advice::DISCLAIMER;
use domain::analysis::{Assessment, Gate};
use domain::body_site::CodedTerm;
use domain::impression;
use domain::lesion::Laterality;
use domain::measure::Measures;
use domain::model::{Label, ModelIdentity};

use super::content::{Item, Relation, lay, referenced, template_item};
use super::object::{Coded, Object, person};
use super::{DicomPlace, DicomReference, derived_uid, photograph_class};
use crate::error::DocumentError;

/// What is reported of one lesion.
#[derive(Clone, Copy, Debug)]
pub struct MeasurementReport<'a> {
    pub lesion_label: &'a str,
    /// The same in every object of the lesion.
    pub lesion_uid: &'a str,
    pub site: CodedTerm,
    pub laterality: Laterality,
    /// The photographs it rests on; the first is the one that was measured. At least one.
    pub images: &'a [DicomReference],
    pub measurements: &'a [Measurement],
    pub reading: Option<Reading<'a>>,
    /// What the clinician takes the lesion for.
    pub impression: Option<&'a str>,
    pub author_family_name: &'a str,
    pub author_given_names: &'a str,
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    pub term: CodedTerm,
    pub value: f64,
    /// In UCUM.
    pub unit: CodedTerm,
}

/// What the model says, and which model.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub model: &'a ModelIdentity,
    pub assessment: &'a Assessment,
}

const fn dcm<'a>(code: &'a str, meaning: &'a str) -> Coded<'a> {
    Coded::new("DCM", code, meaning)
}

const fn sct(code: &'static str, meaning: &'static str) -> CodedTerm {
    CodedTerm { scheme: "SCT", code, meaning }
}

const fn ucum(code: &'static str, meaning: &'static str) -> CodedTerm {
    CodedTerm { scheme: "UCUM", code, meaning }
}

const FINDING: Coded<'static> = dcm("121071", "Finding");
const FINDING_SITE: Coded<'static> = Coded::new("SCT", "363698007", "Finding Site");
const LATERALITY: Coded<'static> = Coded::new("SCT", "272741003", "Laterality");
/// Of the classes of models that no published scheme names.
const OWN_SCHEME: &str = "99LENTIGO";

/// Lengths and areas in millimetres, of a lesion in a photograph with a scale; none without one, and none of a lesion
/// that the frame cuts off, since a number of its own has no way to say "at least".
#[must_use]
pub fn lengths(measures: &Measures) -> Vec<Measurement> {
    if measures.touches_frame {
        return Vec::new();
    }
    let size = &measures.size;
    let (mm, mm2) = (ucum("mm", "millimeter"), ucum("mm2", "square millimeter"));
    [
        (sct("42798000", "Area"), size.area_mm2, mm2),
        (sct("103339001", "Long axis"), size.feret_mm, mm),
        (sct("103340004", "Short axis"), size.min_feret_mm, mm),
        (sct("131191004", "Perimeter"), size.perimeter_mm, mm),
    ]
    .into_iter()
    .filter_map(|(term, value, unit)| value.map(|value| Measurement { term, value, unit }))
    .collect()
}

impl MeasurementReport<'_> {
    /// Writes the report as a DICOM file.
    ///
    /// # Errors
    /// [`DocumentError::Write`], also without a photograph.
    pub fn render(&self, place: &DicomPlace<'_>) -> Result<(Vec<u8>, DicomReference), DocumentError> {
        let class = uids::COMPREHENSIVE3_DSR_STORAGE;
        let first = self.images.first().ok_or(DocumentError::Write)?;
        let mut object = Object::placed(place, class, "SR");
        object.text(tags::COMPLETION_FLAG, VR::CS, "COMPLETE");
        object.text(tags::VERIFICATION_FLAG, VR::CS, "UNVERIFIED");
        object.sequence(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new());
        object.sequence(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new());
        object.sequence(tags::CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, self.evidence());
        if self.uses_own_scheme() {
            let mut scheme = Object::new();
            scheme.text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, OWN_SCHEME);
            scheme.text(tags::CODING_SCHEME_NAME, VR::ST, "Classes of the lesion model of Lentigo");
            scheme.text(tags::CODING_SCHEME_RESPONSIBLE_ORGANIZATION, VR::ST, "Lentigo");
            object.sequence(tags::CODING_SCHEME_IDENTIFICATION_SEQUENCE, vec![scheme]);
        }
        object.text(tags::VALUE_TYPE, VR::CS, "CONTAINER");
        object.text(tags::CONTINUITY_OF_CONTENT, VR::CS, "SEPARATE");
        object.code(tags::CONCEPT_NAME_CODE_SEQUENCE, dcm("126000", "Imaging Measurement Report"));
        object.sequence(tags::CONTENT_TEMPLATE_SEQUENCE, vec![template_item("1500")]);
        lay(&mut object, self.content(place, first));
        let reference = DicomReference::at(place, class);
        Ok((object.into_explicit_file(class, place.instance_uid)?, reference))
    }

    fn uses_own_scheme(&self) -> bool {
        let labels = self.reading.iter().flat_map(|reading| &reading.assessment.probabilities);
        labels.into_iter().any(|class| disease(&class.label).scheme == OWN_SCHEME)
    }

    /// The images by study and series (C.17.2.1).
    fn evidence(&self) -> Vec<Object> {
        let by_study = parted(self.images.iter(), |image| &image.study_uid);
        let studies = by_study.into_iter().map(|(study_uid, of_study)| {
            let by_series = parted(of_study.into_iter(), |image| &image.series_uid);
            let items = by_series.into_iter().map(|(series_uid, of_series)| {
                let mut item = Object::new();
                item.sequence(tags::REFERENCED_SOP_SEQUENCE, of_series.into_iter().map(referenced).collect());
                item.text(tags::SERIES_INSTANCE_UID, VR::UI, series_uid);
                item
            });
            let mut study = Object::new();
            study.sequence(tags::REFERENCED_SERIES_SEQUENCE, items.collect());
            study.text(tags::STUDY_INSTANCE_UID, VR::UI, study_uid);
            study
        });
        studies.collect()
    }

    fn content(&self, place: &DicomPlace<'_>, first: &DicomReference) -> Vec<Item> {
        let mut content = vec![Item::code(
            Relation::HasConceptModifier,
            dcm("121049", "Language of Content Item and Descendants"),
            Coded::new("RFC5646", "en", "English"),
        )];
        content.extend(self.observers(place));
        content.push(Item::code(
            Relation::HasConceptModifier,
            dcm("121058", "Procedure reported"),
            self.procedure(),
        ));
        let library = self.images.iter().map(|image| Item::image(Relation::Contains, None, image)).collect();
        let group = Item::container(dcm("126200", "Image Library Group"), None, library);
        content.push(Item::container(dcm("111028", "Image Library"), Some("1600"), vec![group]));
        let mut groups = vec![self.measured(first)];
        groups.extend(self.reading.map(|reading| self.read(&reading)));
        content.push(Item::container(dcm("126010", "Imaging Measurements"), None, groups));
        content
    }

    fn procedure(&self) -> Coded<'static> {
        let dermoscopic = |image: &DicomReference| image.sop_class_uid == photograph_class(true);
        if self.images.iter().any(dermoscopic) {
            Coded::new("SCT", "446078004", "Dermoscopic photography")
        } else {
            Coded::new("SCT", "363679005", "Imaging")
        }
    }

    /// TID 1001 and 1002: the clinician, and the program.
    fn observers(&self, place: &DicomPlace<'_>) -> Vec<Item> {
        let context = Relation::HasObservationContext;
        let kind = |code, meaning| Item::code(context, dcm("121005", "Observer Type"), dcm(code, meaning));
        let name = person(self.author_family_name, self.author_given_names);
        let device = derived_uid(&["device", &place.device.serial_number]);
        vec![
            kind("121006", "Person"),
            Item::person(context, dcm("121008", "Person Observer Name"), &name),
            kind("121007", "Device"),
            Item::uid(context, dcm("121012", "Device Observer UID"), &device),
            Item::text(context, dcm("121013", "Device Observer Name"), "Lentigo"),
            Item::text(context, dcm("121014", "Device Observer Manufacturer"), "Lentigo"),
            Item::text(context, dcm("121016", "Device Observer Serial Number"), &place.device.serial_number),
        ]
    }

    /// What names the lesion in a group (TID 1501).
    fn tracked(&self, finding: Coded<'_>) -> Vec<Item> {
        let context = Relation::HasObservationContext;
        let side = self
            .laterality
            .term()
            .map(|side| Item::code(Relation::HasConceptModifier, LATERALITY, side.into()));
        vec![
            Item::text(context, dcm("112039", "Tracking Identifier"), self.lesion_label),
            Item::uid(context, dcm("112040", "Tracking Unique Identifier"), self.lesion_uid),
            Item::code(Relation::Contains, FINDING, finding),
            Item::code(Relation::HasConceptModifier, FINDING_SITE, self.site.into()).with(side),
        ]
    }

    fn measured(&self, first: &DicomReference) -> Item {
        let mut items = self.tracked(Coded::new("SCT", "95324001", "Skin lesion"));
        let source =
            || Item::image(Relation::InferredFrom, Some(dcm("121112", "Source of Measurement")), first);
        items.extend(
            self.measurements
                .iter()
                .filter(|one| one.value.is_finite())
                .map(|one| Item::number(one.term.into(), one.value, one.unit.into()).with([source()])),
        );
        if let Some(impression) = self.impression.filter(|text| !text.trim().is_empty()) {
            items.push(Item::text(Relation::Contains, dcm("121073", "Impression"), impression));
        }
        Item::container(dcm("125007", "Measurement Group"), Some("1501"), items)
    }

    /// What the model says, a group of its own, under the name and version of the model (TID 4019).
    fn read(&self, reading: &Reading<'_>) -> Item {
        let assessment = reading.assessment;
        let lesion = Coded::new("SCT", "95324001", "Skin lesion");
        let mut items = self.tracked(assessment.label.as_ref().map_or(lesion, disease));
        let comment = format!("{DISCLAIMER} {}: {}", assessment.advice.headline, assessment.advice.text);
        items.push(Item::text(Relation::Contains, dcm("121106", "Comment"), &comment));
        let model = |code, meaning, text| Item::text(Relation::HasConceptModifier, dcm(code, meaning), text);
        items.push(model("111001", "Algorithm Name", &reading.model.name));
        items.push(model("111003", "Algorithm Version", &reading.model.version));
        // Of a picture that is unlike any lesion the figures say nothing.
        if assessment.gate == Gate::OutOfDistribution {
            return Item::container(dcm("125007", "Measurement Group"), Some("1501"), items);
        }
        let percent: Coded<'_> = ucum("%", "Percent").into();
        let sum = assessment.malignant_sum * 100.0;
        items.push(Item::number(dcm("111047", "Probability of cancer"), sum, percent));
        items.extend(assessment.probabilities.iter().map(|class| {
            let of = Item::code(Relation::HasConceptModifier, FINDING, disease(&class.label));
            Item::number(dcm("122157", "Probability"), class.probability * 100.0, percent).with([of])
        }));
        Item::container(dcm("125007", "Measurement Group"), Some("1501"), items)
    }
}

/// The images with each value of a field, in the order of the values.
fn parted<'a>(
    images: impl Iterator<Item = &'a DicomReference>,
    field: impl Fn(&'a DicomReference) -> &'a String,
) -> BTreeMap<&'a str, Vec<&'a DicomReference>> {
    let mut parts: BTreeMap<&str, Vec<&DicomReference>> = BTreeMap::new();
    for image in images {
        parts.entry(field(image).as_str()).or_default().push(image);
    }
    parts
}

/// The concept of SNOMED CT where one was checked, else the code of the model.
fn disease(label: &Label) -> Coded<'_> {
    let known = impression::TERMS.iter().find(|term| term.class == Some(label.code.as_str()));
    match known.and_then(|term| term.snomed.filter(|_| term.class == Some(term.code))) {
        Some(concept) => Coded::new("SCT", concept, &label.name),
        None => Coded::new(OWN_SCHEME, &label.code, &label.name),
    }
}
