//! Checklists that were filled in beside the reading.

use domain::checklist::{ChecklistItem, ItemGroup, PrintedChecklist};

use crate::layout::{Fragment, Piece};
use crate::words;

use super::{BODY, SMALL, STRONG, Sheet};

pub fn compose(sheet: &Sheet<'_>) -> Vec<Piece> {
    let lists = &sheet.content.checklists;
    if lists.is_empty() {
        return Vec::new();
    }
    let mut pieces = vec![sheet.heading(words::CHECKLISTS)];
    for (index, list) in lists.iter().enumerate() {
        let before = if index == 0 { 0.0 } else { 8.0 };
        pieces.push(Piece::new(head(sheet, list), before).kept());
        pieces.push(Piece::new(sheet.paragraph(BODY, &answers(list)), 1.0).kept());
        pieces.push(Piece::new(sheet.paragraph(SMALL, &source(sheet, list)), 1.0));
    }
    pieces
}

/// Name of the list, and on the right its sum and what it concludes.
fn head(sheet: &Sheet<'_>, list: &PrintedChecklist) -> Fragment {
    let mut row = Fragment::new(STRONG.leading());
    row.text(0.0, STRONG.baseline(), STRONG, list.kind.list().name);
    let result = &list.result;
    let said = match result.verdict {
        Some(verdict) => verdict.name(),
        None => words::CHECKLIST_OPEN,
    };
    let summed = list.kind.list().items.iter().any(|item| item.weight_tenths > 0);
    let text = if summed { format!("{}  ·  {said}", words::points(result.score)) } else { said.to_owned() };
    row.text_right(sheet.fonts, sheet.measure, STRONG.baseline(), STRONG, &text);
    row
}

/// Numbers with their names; of yes-and-no lists what was found.
fn answers(list: &PrintedChecklist) -> String {
    let items = list.kind.list().items;
    let value = |item: &ChecklistItem| list.answers.get(item.code).copied();
    if items.iter().any(|item| item.group == ItemGroup::Component) {
        let told = items.iter().map(|item| match value(item) {
            Some(value) => format!("{} {value}", item.name),
            None => format!("{} {}", item.name, words::NOT_ANSWERED),
        });
        return told.collect::<Vec<_>>().join(", ");
    }
    let found: Vec<&str> = items
        .iter()
        .filter(|item| value(item).is_some_and(|value| value > 0))
        .map(|item| item.name)
        .collect();
    let mut text = if found.is_empty() {
        words::NONE_FOUND.to_owned()
    } else {
        format!("{}: {}", words::FOUND, found.join(", "))
    };
    let open: Vec<&str> = items.iter().filter(|item| value(item).is_none()).map(|item| item.name).collect();
    if !open.is_empty() {
        text.push_str(&format!(". {}: {}", words::NOT_ANSWERED_LIST, open.join(", ")));
    }
    text
}

fn source(sheet: &Sheet<'_>, list: &PrintedChecklist) -> String {
    let citation = list.kind.list().sources.first().map_or("", |source| source.citation);
    let filled = words::moment(list.filled_at, sheet.zone);
    format!("{} {}, {filled}. {citation}", words::FILLED_BY, list.author)
}
