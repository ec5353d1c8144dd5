//! Lesions and their photographs.

use domain::image::ImageKind;
use domain::lesion::Lesion;
use serde_json::{Value, json};

use super::FhirPhotograph;
use super::bundle::{Bundle, place};
use super::code::{DICOM, attachment, concept, spaced, term};

pub fn add(bundle: &mut Bundle<'_>) {
    for lesion in bundle.record.lesions {
        let structure = structure(bundle, lesion);
        bundle.add("BodyStructure", *lesion.id.as_uuid(), structure);
    }
    for photograph in bundle.record.photographs {
        let media = media(bundle, photograph);
        bundle.add("Media", *photograph.record.id.as_uuid(), media);
    }
}

fn structure(bundle: &Bundle<'_>, lesion: &Lesion) -> Value {
    let mut site = term(lesion.details.site.term());
    site["text"] = json!(place(lesion));
    json!({
        // The same UID tracks the lesion in objects of DICOM.
        "identifier": [
            { "system": "urn:dicom:uid", "value": format!("urn:oid:{}", lesion.uid()) },
            { "use": "usual", "value": lesion.details.label },
        ],
        "active": lesion.closure.is_none(),
        "location": site,
        "locationQualifier": lesion.details.laterality.term().map(|side| json!([term(side)])),
        "description": described(lesion),
        "patient": bundle.patient(),
    })
}

fn described(lesion: &Lesion) -> String {
    let mut said = vec![lesion.details.label.clone(), lesion.details.note.clone()];
    if let Some(closure) = &lesion.closure {
        said.push(format!("Not followed since {}: {}", closure.on, spaced(&closure.reason)));
        said.push(closure.note.clone());
    }
    said.retain(|part| !part.trim().is_empty());
    said.join(". ")
}

fn media(bundle: &Bundle<'_>, photograph: &FhirPhotograph) -> Value {
    let record = &photograph.record;
    let created = photograph.taken_on.map_or_else(|| json!(record.imported_at), |day| json!(day));
    let modality = match record.kind {
        ImageKind::Dermoscopic => concept(DICOM, "DMS", "Dermoscopy"),
        ImageKind::Clinical | ImageKind::Overview => concept(DICOM, "XC", "External-camera Photography"),
    };
    let (content, missing) = match &photograph.file {
        Some(file) => (attachment(file, &spaced(&record.kind), &created), None),
        None => (
            json!({ "contentType": record.format.media_type(), "title": "File damaged in the clinic" }),
            Some(json!([{ "text": "The file of this photograph is damaged and could not be added." }])),
        ),
    };
    json!({
        "status": "completed",
        "type": concept("http://terminology.hl7.org/CodeSystem/media-type", "image", "Image"),
        "modality": modality,
        "view": bundle.own_concept(&format!("view-{}", spaced(&record.kind)), &spaced(&record.kind)),
        "subject": bundle.patient(),
        "createdDateTime": created,
        "issued": record.imported_at,
        "bodySite": bundle.site(record.lesion_id),
        "height": record.height,
        "width": record.width,
        "content": content,
        "note": missing,
    })
}
