//! Scale, measurements by hand, devices, keys of the viewer.

use clinic::views::*;
use clinic::{Result, imaging_device, measuring, shortcuts};

use super::DeskState;

pub async fn image_measuring_read(
    desk: DeskState<'_>,
    request: ImageMeasuringRequest,
) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::read(session, &request)).await
}

pub async fn scale_options_read(
    desk: DeskState<'_>,
    request: ImageMeasuringRequest,
) -> Result<ScaleOptionsView> {
    desk.signed_in(move |session| measuring::options(session, &request)).await
}

pub async fn scale_by_ruler(desk: DeskState<'_>, request: ScaleByRulerRequest) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::by_ruler(session, &request)).await
}

pub async fn scale_by_device(
    desk: DeskState<'_>,
    request: ScaleByDeviceRequest,
) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::by_device(session, &request)).await
}

pub async fn scale_remove(desk: DeskState<'_>, request: ImageMeasuringRequest) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::remove_scale(session, &request)).await
}

pub async fn image_mark_add(desk: DeskState<'_>, request: ImageMarkAddRequest) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::add_mark(session, request)).await
}

pub async fn image_mark_label(
    desk: DeskState<'_>,
    request: ImageMarkLabelRequest,
) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::label_mark(session, &request)).await
}

pub async fn image_mark_delete(desk: DeskState<'_>, request: ImageMarkRequest) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::delete_mark(session, &request)).await
}

pub async fn image_mark_restore(
    desk: DeskState<'_>,
    request: ImageMarkRequest,
) -> Result<ImageMeasuringView> {
    desk.signed_in(move |session| measuring::restore_mark(session, &request)).await
}

pub async fn imaging_device_list(desk: DeskState<'_>) -> Result<Vec<ImagingDeviceView>> {
    desk.signed_in(|session| imaging_device::list(session)).await
}

pub async fn imaging_device_save(
    desk: DeskState<'_>,
    request: ImagingDeviceSaveRequest,
) -> Result<ImagingDeviceView> {
    desk.signed_in(move |session| imaging_device::save(session, request)).await
}

pub async fn imaging_device_remove(desk: DeskState<'_>, request: ImagingDeviceRequest) -> Result<()> {
    desk.signed_in(move |session| imaging_device::remove(session, &request)).await
}

pub async fn shortcuts_read(desk: DeskState<'_>) -> Result<ShortcutsView> {
    desk.signed_in(|session| shortcuts::read(session)).await
}

pub async fn shortcuts_save(desk: DeskState<'_>, request: ShortcutsSaveRequest) -> Result<ShortcutsView> {
    desk.signed_in(move |session| shortcuts::save(session, &request)).await
}
