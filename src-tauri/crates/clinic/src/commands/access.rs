//! Who may call a command.

use domain::Role;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Also before sign-in.
    Anyone,
    /// Everybody who signed in, not a patient.
    SignedIn,
    /// A patient at their own record, and nobody else.
    PatientView,
    Roles(&'static [Role]),
    /// These roles, and for one patient and a while whoever opened an emergency look.
    RolesOrEmergency(&'static [Role]),
}

impl Access {
    #[must_use]
    pub fn allows(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Anyone, _) => true,
            (Self::PatientView, role) => role == Some(Role::PatientView),
            (_, None | Some(Role::PatientView)) => false,
            (Self::SignedIn, Some(_)) => true,
            (Self::Roles(roles) | Self::RolesOrEmergency(roles), Some(role)) => roles.contains(&role),
        }
    }
}

pub(super) const DESK: Access = Access::Roles(&[Role::Administrator, Role::Clinician, Role::FrontDesk]);
pub(super) const READERS: Access =
    Access::Roles(&[Role::Administrator, Role::Clinician, Role::FrontDesk, Role::Auditor]);
pub(super) const CLINICAL: Access = Access::Roles(&[Role::Administrator, Role::Clinician]);
pub(super) const CLINICAL_OR_EMERGENCY: Access =
    Access::RolesOrEmergency(&[Role::Administrator, Role::Clinician]);
pub(super) const CLINICAL_OR_AUDIT: Access =
    Access::Roles(&[Role::Administrator, Role::Clinician, Role::Auditor]);
pub(super) const ADMINISTRATOR: Access = Access::Roles(&[Role::Administrator]);
pub(super) const OVERSEERS: Access = Access::Roles(&[Role::Administrator, Role::Auditor]);
/// Roles that do not see results in their daily work.
pub(super) const BYSTANDERS: Access = Access::Roles(&[Role::FrontDesk, Role::Auditor]);
