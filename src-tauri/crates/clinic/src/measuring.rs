//! Scale of a photograph and what is measured in it by hand. What is stored are pixels; millimetres follow from
//! the scale that stands at the moment.

use domain::audit::AuditAction;
use domain::outline::{LesionOutline, OutlinedLesion};
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::scale::{ImageScale, NewScale, ScaleError, ScaleSource};
use domain::{Actor, ImageId, mark};
use records::audit::{self, AuditEntry};
use records::images::{self, Rendition};
use records::{Reading, RecordsError, Writing, image_marks, image_scales, imaging_devices};
use serde_json::json;
use vision::decode::camera;

use crate::commands::Command;
use crate::error::{Error, Result};
use crate::events::Subject;
use crate::names::Names;
use crate::picture;
use crate::session::Session;
use crate::views::{
    ImageMarkAddRequest, ImageMarkLabelRequest, ImageMarkRequest, ImageMarkView, ImageMeasuringRequest,
    ImageMeasuringView, ImageScaleView, ScaleByDeviceRequest, ScaleByRulerRequest, ScaleOption,
    ScaleOptionsView,
};

type Stored<T> = std::result::Result<T, RecordsError>;

/// Scale and measurements of a photograph, asked for when it is opened: the look is recorded here.
///
/// # Errors
/// `not_found`, also for a photograph that was deleted.
pub fn read(session: &Session, request: &ImageMeasuringRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ImageMeasuringRead)?;
    Ok(session.store().write(&actor, |tx| {
        records::deletions::image_stands(tx, request.image_id)?;
        let patient = images::get(tx, request.image_id)?.patient_id;
        let entry = AuditEntry::new(AuditAction::PatientRead).on(patient);
        audit::record(tx, entry.with(json!({ "part": "measurements", "image": request.image_id })))?;
        view(tx, request.image_id)
    })?)
}

/// What the photograph could get its scale from: devices, those first whose camera the file names.
///
/// # Errors
/// `not_found`, `record_damaged`.
pub fn options(session: &Session, request: &ImageMeasuringRequest) -> Result<ScaleOptionsView> {
    let actor = session.authorise(Command::ScaleOptionsRead)?;
    let image = request.image_id;
    let (record, file, devices) = session.store().write(&actor, |tx| {
        let file = images::read_file(tx, image, Rendition::Original)?;
        Ok((images::get(tx, image)?, file, imaging_devices::list(tx)?))
    })?;
    let found = camera(&picture::open(session, &file, Rendition::Original.purpose())?);
    let mut devices: Vec<_> = devices
        .into_iter()
        .map(|device| ScaleOption {
            device_id: device.id,
            um_per_px: device
                .profile
                .scale_at(record.width.max(record.height))
                .ok()
                .map(|scale| scale.um_per_px_x),
            matches: device.profile.matches(&found.make, &found.model),
            name: device.profile.name,
        })
        .collect();
    devices.sort_by_key(|device| !device.matches);
    Ok(ScaleOptionsView { camera_make: found.make, camera_model: found.model, devices })
}

/// Sets the scale by two points of a ruler.
///
/// # Errors
/// `invalid_input` (`points`, `distance_mm`), `not_found`.
pub fn by_ruler(session: &Session, request: &ScaleByRulerRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ScaleByRuler)?;
    let (scale, error) = request.reading.scale().map_err(refusal)?;
    let image = session.store().read(|tx| images::get(tx, request.image_id))?;
    let inside = [request.reading.from, request.reading.to].iter().all(|point| {
        (0.0..=f64::from(image.width)).contains(&point.x)
            && (0.0..=f64::from(image.height)).contains(&point.y)
    });
    if !inside {
        return Err(vec![FieldProblem::new("points", ProblemCode::NotAllowed)].into());
    }
    let new = NewScale { scale, source: ScaleSource::Ruler, device: None, error: Some(error) };
    changed(session, &actor, request.image_id, |tx| image_scales::set(tx, request.image_id, &new).map(drop))
}

/// Sets the scale by the profile of a device that somebody chose.
///
/// # Errors
/// `invalid_input` (`device_id`) where the profile gives no plausible scale, `not_found`.
pub fn by_device(session: &Session, request: &ScaleByDeviceRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ScaleByDevice)?;
    let (device, image) = session
        .store()
        .read(|tx| Ok((imaging_devices::get(tx, request.device_id)?, images::get(tx, request.image_id)?)))?;
    let scale = device
        .profile
        .scale_at(image.width.max(image.height))
        .map_err(|_| vec![FieldProblem::new("device_id", ProblemCode::NotAllowed)])?;
    let new = NewScale { scale, source: ScaleSource::Device, device: Some(device.id), error: None };
    changed(session, &actor, request.image_id, |tx| image_scales::set(tx, request.image_id, &new).map(drop))
}

/// Takes the scale away: the photograph is uncalibrated again.
///
/// # Errors
/// `not_found` where there is none.
pub fn remove_scale(session: &Session, request: &ImageMeasuringRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ScaleRemove)?;
    changed(session, &actor, request.image_id, |tx| image_scales::remove(tx, request.image_id))
}

/// # Errors
/// `invalid_input` (`points`, `label`), `not_found`, `conflict` for one too many.
pub fn add_mark(session: &Session, request: ImageMarkAddRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ImageMarkAdd)?;
    let entry = mark::MarkEntry { label: request.entry.label.trim().to_owned(), ..request.entry };
    let image = session.store().read(|tx| images::get(tx, request.image_id))?;
    entry.validate(image.width, image.height)?;
    changed(session, &actor, image.id, |tx| image_marks::add(tx, image.id, &entry).map(drop))
}

/// # Errors
/// `invalid_input` (`label`), `not_found`.
pub fn label_mark(session: &Session, request: &ImageMarkLabelRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ImageMarkLabel)?;
    let label = request.label.trim();
    let mut problems = Problems::default();
    problems.text("label", label, mark::MOST_LABEL);
    problems.one_line("label", label);
    problems.into_result()?;
    let image = session.store().read(|tx| image_marks::get(tx, request.id))?.image_id;
    changed(session, &actor, image, |tx| image_marks::relabel(tx, request.id, label).map(drop))
}

/// Takes a measurement off the picture; it can come back.
///
/// # Errors
/// `not_found`.
pub fn delete_mark(session: &Session, request: &ImageMarkRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ImageMarkDelete)?;
    let image = session.store().read(|tx| image_marks::get(tx, request.id))?.image_id;
    changed(session, &actor, image, |tx| image_marks::delete(tx, request.id).map(drop))
}

/// # Errors
/// `not_found`, `conflict` for one that stands or one too many.
pub fn restore_mark(session: &Session, request: &ImageMarkRequest) -> Result<ImageMeasuringView> {
    let actor = session.authorise(Command::ImageMarkRestore)?;
    let restored = session.store().write(&actor, |tx| image_marks::restore(tx, request.id))?;
    session.workstation().events().changed(Subject::Image, restored.image_id);
    Ok(session.store().read(|tx| view(tx, restored.image_id))?)
}

/// Outlines with millimetres by the scales that stand now.
pub(crate) fn scaled(tx: &Reading<'_>, mut outlines: Vec<LesionOutline>) -> Stored<Vec<LesionOutline>> {
    for outline in &mut outlines {
        if let OutlinedLesion::Measured(lesion) = &mut outline.finding.lesion
            && let Some(found) = image_scales::get(tx, outline.image_id)?
        {
            lesion.measures = lesion.measures.with_scale(Some(&found.scale));
            lesion.measures.spread = lesion.measures.mm_per_px.and_then(|_| found.spread());
        }
    }
    Ok(outlines)
}

fn changed(
    session: &Session,
    actor: &Actor,
    image: ImageId,
    work: impl FnOnce(&Writing<'_>) -> Stored<()>,
) -> Result<ImageMeasuringView> {
    session.store().write(actor, work)?;
    session.workstation().events().changed(Subject::Image, image);
    Ok(session.store().read(|tx| view(tx, image))?)
}

fn view(tx: &Reading<'_>, image: ImageId) -> Stored<ImageMeasuringView> {
    let names = Names::read(tx)?;
    let scale = image_scales::get(tx, image)?;
    let marks = image_marks::of_image(tx, image)?
        .into_iter()
        .map(|mark| ImageMarkView {
            id: mark.id,
            figures: mark
                .entry
                .figures(scale.as_ref().map(|found| &found.scale))
                .with_spread(scale.as_ref().and_then(ImageScale::spread)),
            entry: mark.entry,
            author_name: names.name(mark.author),
            made_at: mark.made_at,
        })
        .collect();
    let scale = scale.map(|found| scale_view(tx, &names, &found)).transpose()?;
    Ok(ImageMeasuringView { image_id: image, scale, marks })
}

fn scale_view(tx: &Reading<'_>, names: &Names, found: &ImageScale) -> Stored<ImageScaleView> {
    Ok(ImageScaleView {
        scale: found.scale,
        source: found.source,
        device_name: found.device_id.map(|id| imaging_devices::name(tx, id)).transpose()?,
        error: found.error,
        set_by_name: names.name(found.set_by),
        set_at: found.set_at,
    })
}

fn refusal(error: ScaleError) -> Error {
    let field = match error {
        ScaleError::TooNear => FieldProblem::new("points", ProblemCode::TooShort),
        ScaleError::Distance | ScaleError::Implausible => {
            FieldProblem::new("distance_mm", ProblemCode::NotAllowed)
        }
    };
    vec![field].into()
}
