//! One person of a source, and what is said of them.

use jiff::civil::Date;
use records::patients::OnRoll;

use crate::views::{
    ImportDecision, ImportMatch, ImportOutcome, ImportRemark, ImportResult, ImportRow, ImportWord,
};

use super::old_record::OldRecord;

/// Lines that are named.
const NAMED_LINES: usize = 10;

/// Who a row is about, as the source says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: String,
}

/// What a row brings.
#[derive(Debug)]
pub(super) enum Item {
    /// A parcel of an export, by its place.
    Parcel(usize),
    Old(Box<OldRecord>),
    /// Nothing that could be read.
    Nothing,
}

/// What was, or would be, added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Brought {
    pub lesions: u32,
    pub photographs: u32,
}

#[derive(Debug)]
pub(super) struct Row {
    pub lines: Vec<u32>,
    pub person: Person,
    pub item: Item,
    /// What it holds.
    pub holds: Brought,
    pub outcome: ImportOutcome,
    pub remarks: Vec<ImportRemark>,
    pub found: Option<ImportMatch>,
    pub decision: Option<ImportDecision>,
    pub result: Option<ImportResult>,
    /// What of it went in.
    pub brought: Brought,
}

impl Row {
    pub fn new(person: Person, item: Item, holds: Brought) -> Self {
        Self {
            lines: Vec::new(),
            person,
            item,
            holds,
            outcome: ImportOutcome::New,
            remarks: Vec::new(),
            found: None,
            decision: None,
            result: None,
            brought: Brought::default(),
        }
    }

    pub fn remark(&mut self, word: ImportWord, detail: Option<String>) {
        let remark = ImportRemark { word, detail };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    pub fn refuse(&mut self, word: ImportWord, detail: Option<String>) {
        self.outcome = ImportOutcome::Refused;
        self.remark(word, detail);
    }

    pub fn doubt(&mut self, word: ImportWord) {
        self.outcome = ImportOutcome::Doubtful;
        self.remark(word, None);
    }

    /// Records of an export are merged by a person and not here.
    const fn may_be_same(&self) -> bool {
        self.found.is_some() && matches!(self.item, Item::Old(_))
    }

    /// False for a row that is not doubtful, and where it cannot be the same as anybody.
    pub fn decide(&mut self, decision: ImportDecision) -> bool {
        let possible = decision != ImportDecision::Same || self.may_be_same();
        let open = self.outcome == ImportOutcome::Doubtful && possible;
        if open {
            self.decision = Some(decision);
        }
        open
    }

    pub fn view(&self, index: usize) -> ImportRow {
        ImportRow {
            index: super::state::number(index),
            lines: self.lines.iter().copied().take(NAMED_LINES).collect(),
            number: self.person.number.clone(),
            family_name: self.person.family_name.clone(),
            given_names: self.person.given_names.clone(),
            date_of_birth: self.person.date_of_birth.clone(),
            lesions: self.holds.lesions,
            photographs: self.holds.photographs,
            outcome: self.outcome,
            remarks: self.remarks.clone(),
            found: self.found.clone(),
            may_be_same: self.may_be_same(),
            decision: self.decision,
            result: self.result,
        }
    }
}

pub(super) fn matched(person: &OnRoll) -> ImportMatch {
    ImportMatch {
        patient_id: person.id,
        number: person.number.clone(),
        family_name: person.family_name.clone(),
        given_names: person.given_names.clone(),
        date_of_birth: person.date_of_birth,
    }
}

pub(super) fn shown(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
