//! What the workstation says of its own health.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use ts_rs::TS;

use crate::self_test::Finding;

/// What is looked at, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SelfCheck {
    Database,
    AuditTrail,
    Model,
    GoldenReading,
    Backup,
    RecoverySheet,
    SecondFactor,
    Disk,
    Clock,
    Permissions,
    Network,
    Memory,
    LastRun,
}

/// How a check ended. The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    Green,
    /// Somebody should see to it; work goes on.
    Amber,
    /// Records or privacy are in danger.
    Red,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CheckView {
    pub check: SelfCheck,
    pub light: Light,
    pub finding: Finding,
    /// Numbers that belong to the finding, by the names of its sentence; bytes end in `_bytes`.
    #[ts(type = "Record<string, number>")]
    pub figures: BTreeMap<&'static str, u64>,
    /// Machines, models or codes that belong to the finding; never a person.
    pub names: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SelfTestView {
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Of the program.
    pub version: String,
    /// The gravest of all checks.
    pub light: Light,
    pub checks: Vec<CheckView>,
    /// What needs somebody's keys and was not looked at.
    pub left_out: Vec<SelfCheck>,
}
