//! The clinic's records as tables.

use domain::AnalysisId;
use domain::impression::{Confidence, Impression, ImpressionEntry};
use domain::model::Malignancy;
use records::tables::{self, Leaving, RecordTable, RecordTables};
use records::{analyses, biopsies, deletions, impressions};
use serde_json::json;

use crate::follow_up::specimen;
use crate::nouns::analysis_of;
use crate::world::World;

fn read() -> (World, AnalysisId) {
    let world = World::new();
    let patient = world.patient();
    let analysis = analysis_of(&[&world.image(&world.lesion(&patient))]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    (world, analysis.id)
}

fn leaving(withhold: bool) -> Leaving {
    Leaving { withhold, protected: true, photographs: false }
}

fn table<'a>(told: &'a RecordTables, name: &str) -> &'a RecordTable {
    told.tables.iter().find(|table| table.name == name).expect("a table of that name")
}

#[test]
fn every_column_is_explained_and_holds_what_was_stored() {
    let (world, analysis) = read();
    let told = world.write(|tx| tables::everything(tx, leaving(false)));
    assert_eq!(told.withheld, 0);
    for table in &told.tables {
        for column in &table.columns {
            assert!(tables::meaning(column).is_some(), "{}.{column} is not explained", table.name);
        }
        for row in &table.rows {
            assert_eq!(row.len(), table.columns.len(), "{}", table.name);
            assert!(table.columns.iter().all(|column| row.contains_key(column)), "{}", table.name);
        }
    }
    let patient = &table(&told, "patients").rows[0];
    assert_eq!(patient["family_name"], "Okonkwo");
    assert_eq!(patient["risk_factors"], json!(["many_naevi", "sunbed_use"]));
    let stored = world.store.read(|tx| analyses::get(tx, analysis)).unwrap();
    let classes = table(&told, "analysis_classes");
    let shares: Vec<f64> = classes.rows.iter().filter_map(|row| row["probability"].as_f64()).collect();
    let expected: Vec<f64> = stored.assessment.probabilities.iter().map(|class| class.probability).collect();
    assert_eq!(shares, expected);
    assert_eq!(table(&told, "accounts").columns, ["id", "full_name", "role", "state"]);
}

#[test]
fn what_waits_or_was_deleted_stays() {
    let (world, analysis) = read();
    let rows = |withhold| {
        let told = world.write(|tx| tables::everything(tx, leaving(withhold)));
        (
            table(&told, "analyses").rows.len(),
            !table(&told, "analysis_classes").rows.is_empty(),
            told.withheld,
        )
    };
    assert_eq!(rows(true), (0, false, 1));
    assert_eq!(rows(false), (1, true, 0));
    let entry = ImpressionEntry {
        impression: Impression {
            term: "nv".into(),
            text: String::new(),
            malignancy: Some(Malignancy::Benign),
        },
        confidence: Confidence::Low,
        note: String::new(),
    };
    world.write(|tx| impressions::commit(tx, analysis, &entry));
    assert_eq!(rows(true), (1, true, 0));
    world.write(|tx| deletions::delete_reading(tx, analysis, "Blurred"));
    assert_eq!(rows(true), (0, false, 0));
    let told = world.write(|tx| tables::everything(tx, leaving(true)));
    assert!(table(&told, "impressions").rows.is_empty(), "nor what was said of it");
    assert_eq!(table(&told, "images").rows.len(), 1);
    assert!(world.store.verify_chain().unwrap().problems.is_empty());
}

#[test]
fn a_withdrawn_specimen_goes_with_the_deleted_photograph_of_its_site() {
    let world = World::new();
    let lesion = world.lesion(&world.patient());
    let image = world.image(&lesion);
    let taken = world.write(|tx| biopsies::take(tx, lesion.id, &specimen(&world, &image, "H-1")));
    let specimens = || {
        let told = world.write(|tx| tables::everything(tx, leaving(false)));
        table(&told, "biopsies").rows.len()
    };
    world.write(|tx| biopsies::withdraw(tx, taken.id, taken.version, "Wrong tube"));
    assert_eq!(specimens(), 1);
    world.write(|tx| deletions::delete_photograph(tx, image.id, "blurred"));
    assert_eq!(specimens(), 0);
}
