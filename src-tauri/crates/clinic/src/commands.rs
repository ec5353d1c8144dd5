//! The one table of commands: name, request, answer, and who may call.
//!
//! The TypeScript bindings, the window's permission file and the role tests are all made from it.

use domain::Role;
use domain::report::ReportRecord;

use crate::views::*;

/// Who may call a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Also before sign-in.
    Anyone,
    /// Every signed-in role.
    SignedIn,
    Roles(&'static [Role]),
}

impl Access {
    #[must_use]
    pub fn allows(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Anyone, _) | (Self::SignedIn, Some(_)) => true,
            (Self::Roles(roles), Some(role)) => roles.contains(&role),
            (Self::SignedIn | Self::Roles(_), None) => false,
        }
    }
}

const DESK: Access = Access::Roles(&[Role::Administrator, Role::Clinician, Role::FrontDesk]);
const READERS: Access =
    Access::Roles(&[Role::Administrator, Role::Clinician, Role::FrontDesk, Role::Auditor]);
const CLINICAL: Access = Access::Roles(&[Role::Administrator, Role::Clinician]);
const ADMINISTRATOR: Access = Access::Roles(&[Role::Administrator]);

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $access:expr, ($request:ty) -> $answer:ty $(, progress $progress:ty)?;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Command {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name it is called by from the window.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            #[must_use]
            pub const fn access(self) -> Access {
                match self { $(Self::$variant => $access,)+ }
            }
        }

        /// Calls the visitor with the shape of every command, in table order.
        pub(crate) fn visit(visitor: &mut impl ShapeVisitor) {
            $(
                #[allow(unused_mut, unused_assignments)]
                {
                    let mut with_progress = false;
                    $(
                        with_progress = true;
                        visitor.progress::<$progress>();
                    )?
                    visitor.command::<$request, $answer>(
                        $name, concat!($($doc, "\n"),+), with_progress,
                    );
                }
            )+
        }
    };
}

pub(crate) trait ShapeVisitor {
    fn command<Request: ts_rs::TS + 'static, Answer: ts_rs::TS + 'static>(
        &mut self,
        name: &str,
        doc: &str,
        with_progress: bool,
    );
    fn progress<Progress: ts_rs::TS + 'static>(&mut self);
}

commands! {
    /// Where the program stands: first run, sign-in or signed in.
    AppStatus = "app_status", Access::Anyone, (()) -> AppStatus;
    /// The page has drawn its first screen: the window may be shown.
    AppReady = "app_ready", Access::Anyone, (()) -> ();
    /// How strong a password is by the clinic's policy.
    PasswordJudge = "password_judge", Access::Anyone, (PasswordJudgeRequest) -> PasswordJudgement;
    /// First run: founds the clinic with its first administrator and signs them in.
    ClinicCreate = "clinic_create", Access::Anyone, (ClinicCreateRequest) -> ClinicCreated;
    /// Opens the clinic with e-mail and password.
    SessionSignIn = "session_sign_in", Access::Anyone, (SignInRequest) -> SessionView;

    /// Ends the session and forgets its keys.
    SessionSignOut = "session_sign_out", Access::SignedIn, (()) -> ();
    /// Locks at once; the same person signs in again to go on.
    SessionLock = "session_lock", Access::SignedIn, (()) -> ();
    /// Tells the core that a person is at the keyboard.
    SessionTouch = "session_touch", Access::SignedIn, (()) -> ();

    /// Checks one typed group of the recovery sheet while it is still held after first run.
    RecoverySheetConfirm = "recovery_sheet_confirm", ADMINISTRATOR, (RecoverySheetConfirmRequest) -> ();
    /// Writes the recovery sheet as a PDF where a save dialog says.
    RecoverySheetSave = "recovery_sheet_save", ADMINISTRATOR, (()) -> Saved;

    /// Registers a patient and gives the number.
    PatientCreate = "patient_create", DESK, (PatientCreateRequest) -> PatientView;
    /// Changes the details; the version guards against overwriting.
    PatientUpdate = "patient_update", DESK, (PatientUpdateRequest) -> PatientView;
    /// The patient page: details, lesions, reports.
    PatientRead = "patient_read", READERS, (PatientReadRequest) -> PatientPageView;
    /// Search as you type; an empty text lists the patients changed last.
    PatientSearch = "patient_search", READERS, (PatientSearchRequest) -> PatientSearchResult;

    /// Adds a lesion with its coded body site.
    LesionCreate = "lesion_create", CLINICAL, (LesionCreateRequest) -> LesionView;

    /// Checks and stores one photograph; its bytes travel as the raw body of the call.
    ImageImport = "image_import", CLINICAL, (ImageImportRequest) -> ImageImported;

    /// Starts an analysis of one to three photographs of a lesion and answers at once.
    AnalysisStart = "analysis_start", CLINICAL, (AnalysisStartRequest) -> JobView, progress JobView;
    /// Stops a running analysis.
    AnalysisCancel = "analysis_cancel", CLINICAL, (JobRequest) -> JobView;
    /// The state of one job.
    JobRead = "job_read", CLINICAL, (JobRequest) -> JobView;
    /// A finished analysis with its photographs.
    AnalysisRead = "analysis_read", CLINICAL, (AnalysisReadRequest) -> AnalysisView;
    /// The card of the model in use: what it knows, how good it is, what it cannot do.
    ModelRead = "model_read", READERS, (()) -> ModelView;

    /// Writes a report on a finished analysis.
    ReportCreate = "report_create", CLINICAL, (ReportCreateRequest) -> ReportRecord;
    /// Writes the report as a PDF where a save dialog says.
    ReportExport = "report_export", CLINICAL, (ReportExportRequest) -> Saved;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_past_the_door_without_signing_in() {
        let open: Vec<_> =
            Command::ALL.iter().filter(|c| c.access().allows(None)).map(|c| c.name()).collect();
        assert_eq!(open, ["app_status", "app_ready", "password_judge", "clinic_create", "session_sign_in"]);
    }

    #[test]
    fn the_front_desk_sees_no_result_and_no_photograph() {
        for command in [Command::AnalysisRead, Command::ImageImport, Command::AnalysisStart] {
            assert!(!command.access().allows(Some(Role::FrontDesk)), "{}", command.name());
        }
    }

    #[test]
    fn the_auditor_changes_nothing() {
        let may: Vec<_> = Command::ALL
            .iter()
            .filter(|c| matches!(c.access(), Access::Roles(r) if r.contains(&Role::Auditor)))
            .map(|c| c.name())
            .collect();
        assert_eq!(may, ["patient_read", "patient_search", "model_read"]);
    }
}
