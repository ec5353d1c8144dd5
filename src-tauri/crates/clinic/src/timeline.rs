//! The patient's line of time.

use std::collections::HashSet;

use domain::AnalysisId;
use domain::timeline::{TimelineContent, TimelineEvent};
use records::timeline::{self, Filter, MOST_EVENTS};

use crate::break_glass;
use crate::commands::Command;
use crate::error::Result;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{TimelineEventView, TimelineRequest, TimelineView};

/// A page of the line, newest first. Roles that see no results get visits, recalls in their neutral words,
/// contacts and consents, unless they opened an emergency look.
///
/// # Errors
/// `not_found` for the patient or a lesion of somebody else.
pub fn read(session: &Session, request: TimelineRequest) -> Result<TimelineView> {
    let actor = session.authorise(Command::TimelineRead)?;
    let patient = request.patient_id;
    let clinical = break_glass::admit(session, Command::AnalysisRead, || Ok(patient)).is_ok();
    let filter = Filter {
        kinds: request.kinds,
        lesion: request.lesion_id,
        clinical,
        before: request.before,
        limit: request.limit.clamp(1, MOST_EVENTS),
    };
    Ok(session.store().write(&actor, |tx| {
        let names = Names::read(tx)?;
        let page = timeline::read(tx, patient, &filter)?;
        let hidden = Curtain::of(session, tx)?.hidden_of(tx, patient)?;
        let events = page.events.into_iter().map(|event| view(&names, veiled(event, &hidden))).collect();
        Ok(TimelineView { events, next: page.next, clinical })
    })?)
}

/// Without what a reading said that is withheld, also where a later one compares itself with it.
fn veiled(mut event: TimelineEvent, hidden: &HashSet<AnalysisId>) -> TimelineEvent {
    if let TimelineContent::Reading { id, before, .. } = &mut event.content {
        if before.as_ref().is_some_and(|earlier| hidden.contains(&earlier.id)) {
            *before = None;
        }
        if hidden.contains(id) {
            event.content = TimelineContent::ReadingWithheld { id: *id };
        }
    }
    event
}

fn view(names: &Names, event: TimelineEvent) -> TimelineEventView {
    TimelineEventView {
        key: event.key,
        at: event.at,
        day: event.day,
        whole_day: event.whole_day,
        lesion_id: event.lesion_id,
        by_name: names.name_or_none(event.by),
        content: event.content,
    }
}
