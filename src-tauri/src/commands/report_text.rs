//! Text proposed for reports, the templates of the clinic, and its language model.

use clinic::views::*;
use clinic::{Result, language_model, report, report_template};

use super::DeskState;

pub async fn report_text_options(desk: DeskState<'_>) -> Result<ReportTextOptions> {
    desk.signed_in(|session| report::text_options(session)).await
}

pub async fn report_text_propose(
    desk: DeskState<'_>,
    request: ReportTextProposeRequest,
) -> Result<ReportProposalView> {
    desk.signed_in(move |session| report::propose_text(session, &request)).await
}

pub async fn report_text_ask(
    desk: DeskState<'_>,
    request: ReportTextAskRequest,
) -> Result<ReportProposalView> {
    desk.signed_in(move |session| report::ask_for_text(session, &request)).await
}

pub async fn report_text_ask_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| report::cancel_asking(session)).await
}

pub async fn report_text_refuse(desk: DeskState<'_>, request: ReportProposalRequest) -> Result<()> {
    desk.signed_in(move |session| report::refuse_text(session, &request)).await
}

pub async fn report_template_list(desk: DeskState<'_>) -> Result<ReportTemplatesView> {
    desk.signed_in(|session| report_template::list(session)).await
}

pub async fn report_template_save(
    desk: DeskState<'_>,
    request: ReportTemplateSaveRequest,
) -> Result<ReportTemplatesView> {
    desk.signed_in(move |session| report_template::save(session, request)).await
}

pub async fn report_template_restore(
    desk: DeskState<'_>,
    request: ReportTemplateRequest,
) -> Result<ReportTemplatesView> {
    desk.signed_in(move |session| report_template::restore(session, &request)).await
}

pub async fn report_template_remove(
    desk: DeskState<'_>,
    request: ReportTemplateRequest,
) -> Result<ReportTemplatesView> {
    desk.signed_in(move |session| report_template::remove(session, &request)).await
}

pub async fn report_template_try(
    desk: DeskState<'_>,
    request: ReportTemplateTryRequest,
) -> Result<ReportTemplateTrial> {
    desk.signed_in(move |session| report_template::try_out(session, &request)).await
}

pub async fn language_model_settings_read(desk: DeskState<'_>) -> Result<LanguageModelSettingsView> {
    desk.signed_in(|session| language_model::settings(session)).await
}

pub async fn language_model_settings_update(
    desk: DeskState<'_>,
    request: LanguageModelSettingsRequest,
) -> Result<LanguageModelSettingsView> {
    desk.signed_in(move |session| language_model::change(session, &request)).await
}

pub async fn language_model_test(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| language_model::test(session)).await
}
