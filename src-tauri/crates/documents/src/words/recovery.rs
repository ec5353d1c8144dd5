//! The words of the recovery sheet.

pub const RECOVERY_TITLE: &str = "Recovery sheet";
pub const RECOVERY_CREATED: &str = "Created";
pub const RECOVERY_LEAD: &str = "This code opens every record of the clinic named above without a \
password. Whoever holds this sheet together with the clinic's data or a backup of it can read \
everything, so where it is kept decides who can open the clinic.";
pub const RECOVERY_CODE: &str = "Recovery code";
pub const RECOVERY_KEEPING: &str = "Keeping it";
pub const RECOVERY_KEEPING_RULES: [&str; 4] = [
    "Keep it in a safe or another locked place away from the workstation, never beside it.",
    "Do not photograph, scan, copy, e-mail or store it on a computer or telephone.",
    "Let two responsible people know where it is, and check once a year that it is there.",
    "If it is lost or was seen by others, make a new sheet at once. Backups made before that still open \
     with the old code, so replace them too.",
];
pub const RECOVERY_USING: &str = "Using it";
pub const RECOVERY_USES: [&str; 3] = [
    "When no password works any more, or on a new machine with a backup, choose recovery at sign-in.",
    "Type the groups in their numbered order.",
    "Set new passwords, make a new sheet and destroy this one.",
];
pub const RECOVERY_WITHOUT: &str = "Without this sheet and without a password nobody, the makers \
of the program included, can open the records again.";
pub const RECOVERY_KEPT_AT: &str = "Kept at";
pub const RECOVERY_KEPT_BY: &str = "Handed to";
