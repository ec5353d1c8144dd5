//! How checks can end: a light, a sentence and what to do. The window has its own words for the same set.

use serde::Serialize;
use ts_rs::TS;

use crate::views::{CheckView, Light, SelfCheck};

macro_rules! findings {
    ($($variant:ident, $light:ident, $sentence:literal, $advice:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Finding {
            $($variant,)+
        }

        impl Finding {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            #[must_use]
            pub const fn light(self) -> Light {
                match self { $(Self::$variant => Light::$light,)+ }
            }

            /// English; `{name}` stands for a figure, `{names}` for the names.
            const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }

            /// What to do; empty where nothing is.
            const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)+ }
            }
        }
    };
}

findings! {
    NotChecked, Amber, "This could not be checked ({names}).",
        "Run the self-test again. If it stays, save a support bundle and ask for help.";

    DatabaseSound, Green, "Every page of the database carries its seal, and the structure is sound.", "";
    DatabaseUnsealed, Red, "Places of the database that do not carry their seal: {places}.",
        "Stop working. Keep a copy of the clinic's folder as it is, then restore the latest backup.";
    DatabaseBroken, Red, "The structure of the database is damaged.",
        "Stop working. Keep a copy of the clinic's folder as it is, then restore the latest backup.";

    TrailWhole, Green, "The audit trail is whole and ends where its anchor says. Rows: {rows}.", "";
    TrailOnRecord, Amber, "At row {row} of {rows} it is on record that rows were missing or an older copy was put back.",
        "Look at that row in the audit trail. After a restored backup this is expected; otherwise find out why.";
    TrailAltered, Red, "The audit trail was altered: the first fault is at row {row}.",
        "Do not work on. Keep a copy of the clinic's folder and find out who could write to it.";

    ModelSound, Green, "The model's files are those of its card: {names}.", "";
    ModelUnfit, Red, "The model is missing, altered, or does not fit its card. Nothing is analysed.",
        "Install Lentigo again, or put the model's files back.";
    VersionUnfit, Red, "A file of the version in use is missing or altered: {names}. Nothing is analysed.",
        "Under Administration, Models, go back to the version before, or put the clinic's backup back.";
    OutlineUnfit, Amber, "The classifier is sound, but the model that outlines lesions is not: {names}.",
        "Install Lentigo again, or put the files of the outline model back.";

    GoldenEqual, Green, "The model reads its painted pictures as it did when it was made. Pictures: {pictures}.", "";
    GoldenDiffers, Red, "The model reads painted pictures otherwise than when it was made: {different} of {pictures}.",
        "Do not rely on readings from this machine. Install Lentigo again; if it stays, ask for help.";
    GoldenAbsent, Amber, "There are no reference readings for this model.",
        "Install Lentigo again, or put the model's folder `parity` back.";

    BackupRecent, Green, "The newest backup is recent. Age in days: {days}.", "";
    BackupOld, Amber, "The newest backup is old. Age in days: {days}.", "Make a backup, and look why none was made on time.";
    BackupFailed, Amber, "The last backup failed. Age of the newest good one in days: {days}.",
        "Look under Backup why it failed, and make one.";
    BackupNone, Amber, "There is no backup.",
        "Choose a folder on another disk under Backup, make one, and keep the recovery sheet apart from it.";

    SheetConfirmed, Green, "The recovery sheet in force was typed back, so somebody has it on paper.", "";
    SheetUnconfirmed, Amber, "Nobody has confirmed that the recovery sheet in force is on paper.",
        "Make a new recovery sheet under Security, print it, and type the group that is asked for.";

    FactorEverybody, Green, "Every active account has a second factor. Accounts: {accounts}.", "";
    FactorMissing, Amber, "Active accounts without a second factor: {without} of {accounts}.",
        "Ask these people to set one up under their profile; the list of users shows who has one.";

    DiskAmple, Green, "Free on the disk of the records: {free_bytes}.", "";
    DiskLow, Amber, "Little is free on the disk of the records: {free_bytes}.",
        "Make room: new keys and erasures take the size of the database once more.";
    DiskFull, Red, "Hardly anything is free on the disk of the records: {free_bytes}. Photographs may soon be refused.",
        "Make room at once.";
    DiskUnknown, Amber, "The free room of this system's disk is not known to Lentigo.",
        "Look at it with the tools of the system.";

    ClockPlausible, Green, "The clock is not behind the program or the newest row of the audit trail.", "";
    ClockEarly, Red, "The clock is set to a day before this program was made.",
        "Set the clock. What was written meanwhile carries the wrong time.";
    ClockBehind, Red, "The clock is behind the newest row of the audit trail. Minutes: {minutes}.",
        "Set the clock. Locks, codes and dates depend on it.";

    FolderPrivate, Green, "The clinic's folder is closed to everybody but its owner.", "";
    FolderOpen, Red, "Others on this machine can look into the clinic's folder.",
        "Close the folder to others: chmod 700, and make its owner whoever runs Lentigo.";
    FolderAbsent, Amber, "There is no clinic on this workstation yet.", "Set one up, or restore a backup.";
    FolderUnknown, Amber, "Who may open the clinic's folder is not known to Lentigo on this system.",
        "Look at it with the tools of the system.";

    NetworkSilent, Green, "No TCP, UDP or raw socket leads beyond this machine. Processes looked at: {processes}.", "";
    NetworkAllowed, Amber, "Connections beyond this machine are open, and mail or the PACS is switched on: {names}.",
        "Compare the addresses with those under Mail and PACS.";
    NetworkOpen, Red, "Connections beyond this machine are open though nothing that uses a network is switched on: {names}.",
        "Pull the network cable, save a support bundle and ask for help.";
    NetworkPartly, Amber, "Nothing was found to lead beyond this machine. Processes that could not be looked at: \
        {hidden} of {processes}.",
        "Look at them with the tools of the system, as its administrator.";
    NetworkUnknown, Amber, "Open connections cannot be looked at on this system.",
        "Look at them with the tools of the system.";

    MemoryClosed, Green, "Core dumps are off, and other programs of the same user cannot read this one's memory.", "";
    MemoryOpen, Red, "A crash or another program could write this program's memory to a file.",
        "Start Lentigo as it is installed, not under a debugger or with raised limits.";
    MemoryUnknown, Amber, "Whether a crash could write this program's memory to a file is not known on this system.",
        "Switch crash reports of the system off.";

    RunInOrder, Green, "The last run of the program ended in order.", "";
    RunCutShort, Amber, "The last run of the program was cut short.",
        "If nobody ended it and the power was on, look into the log for what came last.";
}

impl SelfCheck {
    /// English.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Database => "Database",
            Self::AuditTrail => "Audit trail",
            Self::Model => "Model",
            Self::GoldenReading => "Reference readings",
            Self::Backup => "Backup",
            Self::RecoverySheet => "Recovery sheet",
            Self::SecondFactor => "Second factor",
            Self::Disk => "Disk",
            Self::Clock => "Clock",
            Self::Permissions => "Clinic folder",
            Self::Network => "Network",
            Self::Memory => "Memory",
            Self::LastRun => "Last run",
        }
    }
}

impl Light {
    /// A sign and a word, so that nothing hangs on colour.
    #[must_use]
    pub fn sign_and_word(self) -> String {
        match self {
            Self::Green => "+ green",
            Self::Amber => "! amber",
            Self::Red => "x red",
        }
        .to_owned()
    }
}

impl CheckView {
    /// The finding as an English sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = self.finding.sentence().replace("{names}", &self.names.join(", "));
        for (name, value) in &self.figures {
            let said = if name.ends_with("_bytes") { bytes(*value) } else { value.to_string() };
            text = text.replace(&format!("{{{name}}}"), &said);
        }
        text
    }

    /// What to do about it, in English.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        Some(self.finding.advice()).filter(|text| !text.is_empty())
    }
}

/// Decimal units, as disks are sold.
fn bytes(value: u64) -> String {
    const GIGABYTE: u64 = 1_000_000_000;
    const MEGABYTE: u64 = 1_000_000;
    if value >= GIGABYTE {
        format!("{}.{} GB", value / GIGABYTE, value % GIGABYTE * 10 / GIGABYTE)
    } else {
        format!("{} MB", value / MEGABYTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_green_says_what_to_do() {
        for finding in Finding::ALL {
            assert_eq!(finding.light() == Light::Green, finding.advice().is_empty(), "{finding:?}");
        }
    }

    #[test]
    fn figures_are_said_in_their_sentence() {
        let view = CheckView {
            check: SelfCheck::Disk,
            light: Light::Amber,
            finding: Finding::DiskLow,
            figures: [("free_bytes", 2_340_000_000)].into(),
            names: vec![],
        };
        assert_eq!(view.sentence(), "Little is free on the disk of the records: 2.3 GB.");
    }
}
