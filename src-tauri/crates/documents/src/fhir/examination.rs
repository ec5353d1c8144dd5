//! What clinicians found and decided: checklists, impressions before a reading, decisions.

use domain::checklist::FilledChecklist;
use domain::decision::Decision;
use domain::impression::{self, CommittedImpression, Impression};
use serde_json::{Value, json};

use super::bundle::Bundle;
use super::code::{DICOM, SNOMED, category, coding, note, quantity, word};

pub fn add(bundle: &mut Bundle<'_>) {
    for list in bundle.record.checklists {
        let observation = checklist(bundle, list);
        bundle.add("Observation", *list.id.as_uuid(), observation);
    }
    for impression in bundle.record.impressions {
        let observation = committed(bundle, impression);
        bundle.add("Observation", *impression.id.as_uuid(), observation);
    }
    // A decision that was replaced does not count any more.
    for decision in bundle.record.decisions.iter().filter(|decision| decision.superseded_by.is_none()) {
        let observation = decided(bundle, decision);
        bundle.add("Observation", *decision.id.as_uuid(), observation);
    }
}

fn checklist(bundle: &Bundle<'_>, filled: &FilledChecklist) -> Value {
    let list = filled.kind.list();
    let kind = word(&filled.kind);
    let answers: Vec<Value> = list
        .items
        .iter()
        .filter_map(|item| {
            let answer = filled.answers.get(item.code)?;
            let code = bundle.own_concept(&format!("checklist-{kind}-{}", item.code), item.name);
            Some(if item.high == 1 && item.low == 0 {
                json!({ "code": code, "valueBoolean": *answer > 0 })
            } else {
                json!({ "code": code, "valueInteger": answer })
            })
        })
        .collect();
    let sources: Vec<&str> = list.sources.iter().map(|source| source.citation).collect();
    let verdict = filled
        .result
        .verdict
        .map(|verdict| json!([bundle.own_concept(&format!("verdict-{}", word(&verdict)), verdict.name())]));
    json!({
        "status": if !filled.result.is_complete() { "preliminary" } else { edition(filled.edition) },
        "category": category("exam", "Exam"),
        "code": bundle.own_concept(&format!("checklist-{kind}"), list.name),
        "subject": bundle.patient(),
        "focus": bundle.focus(filled.lesion_id),
        "bodySite": bundle.site(filled.lesion_id),
        "effectiveDateTime": filled.filled_at,
        "issued": filled.filled_at,
        "performer": [bundle.person(filled.author)],
        "valueQuantity": quantity(filled.result.score, "points", "{score}"),
        "interpretation": verdict,
        "method": { "text": format!("{} {}", list.rule, sources.join(" ")) },
        "referenceRange": [{ "high": quantity(filled.result.max, "points", "{score}"), "text": "largest sum there is" }],
        "component": answers,
        "derivedFrom": bundle.reading_reference(filled.analysis_id).map(|reading| json!([reading])),
    })
}

fn committed(bundle: &Bundle<'_>, committed: &CommittedImpression) -> Value {
    let entry = &committed.entry;
    let author = bundle.person(committed.author);
    json!({
        "status": "final",
        "category": category("exam", "Exam"),
        "code": impression_code(bundle, "impression", "Impression of a clinician before the reading was shown"),
        "subject": bundle.patient(),
        "focus": bundle.focus(committed.lesion_id),
        "bodySite": bundle.site(committed.lesion_id),
        "effectiveDateTime": committed.committed_at,
        "issued": committed.committed_at,
        "performer": [author],
        "valueCodeableConcept": taken_for(bundle, &entry.impression),
        "component": opinion(bundle, &entry.impression, &word(&entry.confidence)),
        "note": [note(&entry.note, author, Some(committed.committed_at))],
    })
}

fn decided(bundle: &Bundle<'_>, decision: &Decision) -> Value {
    let entry = &decision.entry;
    let author = bundle.person(decision.author);
    let mut components = opinion(bundle, &entry.impression, &word(&entry.confidence));
    components.push(bundle.choice("plan", "What is done next", entry.plan.word()));
    if let Some(months) = entry.plan.months() {
        let code = bundle.own_concept("plan-months", "Time until the lesion is seen again");
        components
            .push(json!({ "code": code, "valueQuantity": quantity(f64::from(months), "months", "mo") }));
    }
    let reason = "Why less is done than the reading recommends";
    components.push(bundle.words("override-reason", reason, &entry.override_reason));
    json!({
        "status": edition(decision.edition),
        "category": category("exam", "Exam"),
        "code": impression_code(bundle, "decision", "Decision of a clinician"),
        "subject": bundle.patient(),
        "focus": bundle.focus(decision.lesion_id),
        "bodySite": bundle.site(decision.lesion_id),
        "effectiveDateTime": decision.decided_at,
        "issued": decision.decided_at,
        "performer": [author],
        "valueCodeableConcept": taken_for(bundle, &entry.impression),
        "component": components,
        "derivedFrom": bundle.reading_reference(decision.analysis_id).map(|reading| json!([reading])),
        "note": [note(&entry.note, author, Some(decision.decided_at))],
    })
}

const fn edition(number: u32) -> &'static str {
    if number > 1 { "amended" } else { "final" }
}

fn impression_code(bundle: &Bundle<'_>, code: &str, display: &str) -> Value {
    json!({ "coding": [bundle.own(code, display), coding(DICOM, "121073", "Impression")], "text": display })
}

/// The term with its codes; in the clinician's words where it is none of the list.
fn taken_for(bundle: &Bundle<'_>, impression: &Impression) -> Value {
    let Some(term) = impression::known(&impression.term) else {
        return json!({ "text": impression.text });
    };
    let mut codings = vec![bundle.own(&format!("term-{}", term.code), term.name)];
    codings.extend(term.snomed.map(|concept| coding(SNOMED, concept, term.name)));
    json!({ "coding": codings, "text": term.name })
}

fn opinion(bundle: &Bundle<'_>, impression: &Impression, confidence: &str) -> Vec<Value> {
    let mut components = vec![bundle.choice("confidence", "How sure the clinician is", confidence)];
    let malignancy = impression.malignancy.map(|malignancy| word(&malignancy));
    components.extend(malignancy.map(|word| bundle.choice("malignancy", "Malignancy", &word)));
    components
}
