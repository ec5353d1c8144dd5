//! Cameras and dermatoscopes of the clinic.

use domain::problem::{FieldProblem, ProblemCode};
use domain::scale::DeviceProfile;
use records::RecordsError;
use records::imaging_devices::{self, ImagingDevice};

use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{ImagingDeviceRequest, ImagingDeviceSaveRequest, ImagingDeviceView};

/// By name.
///
/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<Vec<ImagingDeviceView>> {
    session.authorise(Command::ImagingDeviceList)?;
    Ok(session.store().read(imaging_devices::list)?.into_iter().map(view).collect())
}

/// Adds a device or changes its profile. Scales that were set before stay as they are.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`.
pub fn save(session: &Session, request: ImagingDeviceSaveRequest) -> Result<ImagingDeviceView> {
    let actor = session.authorise(Command::ImagingDeviceSave)?;
    let given = request.profile;
    let profile = DeviceProfile {
        name: given.name.trim().to_owned(),
        make: given.make.trim().to_owned(),
        model: given.model.trim().to_owned(),
        ..given
    };
    profile.validate()?;
    let saved = session.store().write(&actor, |tx| match request.id {
        Some(id) => imaging_devices::change(tx, id, &profile),
        None => imaging_devices::add(tx, &profile),
    });
    match saved {
        Err(RecordsError::Conflict) => Err(vec![FieldProblem::new("name", ProblemCode::AlreadyUsed)].into()),
        saved => Ok(view(saved?)),
    }
}

/// Takes a device off the list.
///
/// # Errors
/// `not_found`.
pub fn remove(session: &Session, request: &ImagingDeviceRequest) -> Result<()> {
    let actor = session.authorise(Command::ImagingDeviceRemove)?;
    Ok(session.store().write(&actor, |tx| imaging_devices::remove(tx, request.id))?)
}

fn view(device: ImagingDevice) -> ImagingDeviceView {
    ImagingDeviceView { id: device.id, profile: device.profile }
}
