//! Text proposed for reports, the templates of the clinic, and its language model.

use domain::analysis::Band;
use domain::report_text::{TemplateFault, TemplateState, TemplateTexts, TextLanguage, TextSource};
use domain::{AnalysisId, ReportProposalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

/// What a text can be proposed by.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportTextOptions {
    pub templates: Vec<ReportTemplateOption>,
    /// Name of the language model; null while it is off.
    pub language_model: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportTemplateOption {
    pub key: String,
    pub name: String,
    pub state: TemplateState,
    pub languages: Vec<TextLanguage>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportTextProposeRequest {
    pub analysis_id: AnalysisId,
    /// Key of the template.
    pub template: String,
    pub language: TextLanguage,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportTextAskRequest {
    pub analysis_id: AnalysisId,
    pub language: TextLanguage,
}

/// A proposed text, word for word; it is a draft.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportProposalView {
    pub id: ReportProposalId,
    pub source: TextSource,
    pub text: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportProposalRequest {
    pub id: ReportProposalId,
}

/// That a conclusion began with a proposed text.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ProposalUse {
    pub id: ReportProposalId,
    /// A clinician has accepted the words as they were proposed.
    pub accepted: bool,
}

/// Every template, and what one can be made of.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportTemplatesView {
    pub templates: Vec<ReportTemplateView>,
    pub topics: Vec<TemplateTopic>,
    pub placeholders: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportTemplateView {
    pub key: String,
    /// Of the newest edition.
    pub version: u32,
    pub name: String,
    pub state: TemplateState,
    pub texts: TemplateTexts,
    /// The program has one of this key, which can be restored.
    pub of_program: bool,
}

/// What a condition can ask about, and the words that can follow.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TemplateTopic {
    pub name: String,
    pub words: Vec<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportTemplateSaveRequest {
    /// Null for a new one.
    pub key: Option<String>,
    /// Of the template as it was read; 0 for a new one.
    pub version: u32,
    /// 1 to 80 characters.
    pub name: String,
    /// At most 12,000 characters each; empty where the template has none in a language.
    pub texts: TemplateTexts,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportTemplateRequest {
    pub key: String,
    /// Of the template as it was read.
    pub version: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReportTemplateTryRequest {
    pub text: String,
    pub language: TextLanguage,
    /// Of the reading of no patient that the text is tried on.
    pub band: Band,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReportTemplateTrial {
    /// Null while something is wrong.
    pub text: Option<String>,
    pub faults: Vec<TemplateFault>,
}

/// A server of the house with an OpenAI-compatible interface. Off unless an administrator switches it on.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LanguageModelSettingsView {
    pub enabled: bool,
    pub url: String,
    pub model: String,
    pub has_key: bool,
    pub patience_seconds: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct LanguageModelSettingsRequest {
    pub enabled: bool,
    /// The base of the interface, such as `http://localhost:11434/v1`; its name must stand for addresses of this
    /// machine or of a private network.
    pub url: String,
    pub model: String,
    /// Null keeps the stored one; empty takes it away.
    pub key: Option<Password>,
    /// Seconds that an answer may take, 1 to 60.
    pub patience_seconds: u32,
}
