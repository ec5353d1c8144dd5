//! Photographs that no reading has looked at.

use std::collections::HashMap;

use domain::batch::MOST_IMAGES;
use domain::{ImageId, LesionId, PatientId};
use jiff::civil::Date;
use serde_json::json;

use crate::error::RecordsError;
use crate::row::{Columns, id_text};
use crate::store::Reading;

/// A lesion with photographs that no reading has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    /// The newest, at most three.
    pub image_ids: Vec<ImageId>,
    /// Unread photographs that are older than those.
    pub older: u32,
}

/// Among which photographs unread ones are looked for.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    Patient(PatientId),
    /// Of everybody in the queue of a day, whoever did not come left out.
    Queue(Date),
    Picked(&'a [ImageId]),
}

/// Photographs without a reading, grouped by lesion, the lesion photographed last first. Overview pictures
/// are left out, for they show no single lesion, and so is whatever an unfinished job will look at.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn among(tx: &Reading<'_>, photographs: Among<'_>) -> Result<Vec<Unread>, RecordsError> {
    let (condition, value) = match photographs {
        Among::Patient(patient) => ("images.patient_id = ?1", id_text(&patient)),
        Among::Queue(day) => (
            "images.patient_id IN (SELECT patient_id FROM visits
                 WHERE day = ?1 AND state NOT IN ('cancelled', 'did_not_attend'))",
            day.to_string(),
        ),
        Among::Picked(images) => {
            ("images.id IN (SELECT value FROM json_each(?1))", json!(images).to_string())
        }
    };
    let sql = format!(
        "SELECT images.id, images.lesion_id, images.patient_id FROM images
         WHERE {condition} AND images.deletion IS NULL AND images.kind <> 'overview'
           AND NOT EXISTS (SELECT 1 FROM analysis_images JOIN analyses ON analyses.id = analysis_id
                           WHERE image_id = images.id AND analyses.deletion IS NULL)
           AND NOT EXISTS (SELECT 1 FROM jobs, json_each(jobs.request, '$.image_ids') AS asked
                           WHERE jobs.lesion_id = images.lesion_id AND finished_at IS NULL
                             AND asked.value = images.id)
         ORDER BY images.imported_at DESC, images.id DESC"
    );
    let mut query = tx.connection().prepare_cached(&sql)?;
    let mut rows = query.query([value])?;
    let mut found: Vec<Unread> = Vec::new();
    let mut places = HashMap::new();
    while let Some(row) = rows.next()? {
        let lesion_id: LesionId = row.parsed("lesion_id")?;
        let place = *places.entry(lesion_id).or_insert_with(|| found.len());
        if place == found.len() {
            let patient_id = row.parsed("patient_id")?;
            found.push(Unread { patient_id, lesion_id, image_ids: vec![], older: 0 });
        }
        if found[place].image_ids.len() < MOST_IMAGES {
            found[place].image_ids.push(row.parsed("id")?);
        } else {
            found[place].older += 1;
        }
    }
    Ok(found)
}
