//! Everything that can be set, in one place: key, kind, default, limits, where it is changed.
//!
//! A setting that is a switch or a number is read, judged and written here; one that is a form lists its
//! switch or name and is changed where its form is.

use domain::history::{DEFAULT_RETENTION_DAYS, LONGEST_RETENTION_DAYS};
use domain::numbering::{MAX_PATTERN, NumberPattern};
use domain::problem::{FieldProblem, ProblemCode};
use domain::statistics::{DEFAULT_FOLLOW_UP_MONTHS, FOLLOW_UP_MONTHS};
use records::settings::{self, Shown};
use records::{Reading, RecordsError, deletions, impressions, insight, patients, performance};
use serde_json::{Value, json};

use super::{ANALYSES, DEFAULT_IDLE_MINUTES, IDLE_LOCK, LONGEST_IDLE_MINUTES, mail_server};
use crate::commands::Command;
use crate::error::Result;
use crate::jobs::MOST_AT_ONCE;
use crate::session::{LONGEST, Session};
use crate::views::{
    ModelStatus, SettingKey, SettingKind, SettingPlace, SettingUpdateRequest, SettingValue, SettingView,
};
use crate::{backup, exchange, language_model, letterhead, password, queue};

type Read = fn(&Session, &Reading<'_>) -> std::result::Result<SettingValue, RecordsError>;

/// One thing that can be set.
struct Setting {
    key: SettingKey,
    /// Where a switch or number lies in the records, as a plain JSON value; nothing for forms and fixed limits.
    stored: Option<&'static str>,
    kind: SettingKind,
    default: SettingValue,
    limits: Option<(u64, u64)>,
    place: SettingPlace,
    read: Read,
}

fn all() -> Vec<Setting> {
    use SettingKey as Key;
    use SettingPlace as Place;
    use SettingValue::{Number, Switch, Text};
    let switch = |key, stored, default, place, read| Setting {
        key,
        stored: Some(stored),
        kind: SettingKind::Switch,
        default: Switch(default),
        limits: None,
        place,
        read,
    };
    let number = |key, stored, default: u32, (least, most): (u32, u32), place, read| Setting {
        key,
        stored: Some(stored),
        kind: SettingKind::Number,
        default: Number(default.into()),
        limits: Some((least.into(), most.into())),
        place,
        read,
    };
    let form = |key, default, place, read| Setting {
        key,
        stored: None,
        kind: SettingKind::Form,
        default,
        limits: None,
        place,
        read,
    };
    let fixed = |key, value: u64, read| Setting {
        key,
        stored: None,
        kind: SettingKind::Fixed,
        default: Number(value),
        limits: None,
        place: Place::Nowhere,
        read,
    };
    let at_once = u32::try_from(MOST_AT_ONCE).unwrap_or(u32::MAX);
    vec![
        switch(Key::Analyses, ANALYSES, true, Place::Settings, |_, tx| Ok(Switch(super::analyses(tx)?))),
        switch(Key::ImpressionFirst, impressions::READ_FIRST, false, Place::Security, |_, tx| {
            Ok(Switch(impressions::read_first(tx)?))
        }),
        number(Key::AnalysesAtOnce, queue::AT_ONCE, at_once, (1, at_once), Place::Settings, |_, tx| {
            Ok(Number(queue::at_once(tx)? as u64))
        }),
        number(
            Key::IdleLockMinutes,
            IDLE_LOCK,
            DEFAULT_IDLE_MINUTES,
            (1, LONGEST_IDLE_MINUTES),
            Place::Security,
            |_, tx| Ok(Number(super::idle_lock(tx)?.as_mins().unsigned_abs())),
        ),
        number(
            Key::RetentionDays,
            deletions::RETENTION,
            DEFAULT_RETENTION_DAYS,
            (1, LONGEST_RETENTION_DAYS),
            Place::Security,
            |_, tx| Ok(Number(deletions::retention_days(tx)?.into())),
        ),
        number(
            Key::FollowUpMonths,
            performance::FOLLOW_UP,
            DEFAULT_FOLLOW_UP_MONTHS,
            FOLLOW_UP_MONTHS,
            Place::Settings,
            |_, tx| Ok(Number(performance::follow_up_months(tx)?.into())),
        ),
        switch(Key::CountsSearches, insight::COUNTS_SEARCHES, false, Place::Settings, |_, tx| {
            Ok(Switch(insight::counts_searches(tx)?))
        }),
        Setting {
            limits: Some((1, MAX_PATTERN as u64)),
            ..form(
                Key::NumberPattern,
                Text(NumberPattern::default().to_string()),
                Place::Security,
                |_, tx| Ok(Text(patients::number_pattern(tx)?.to_string())),
            )
        },
        form(Key::Letterhead, Text(String::new()), Place::Letterhead, |session, tx| {
            Ok(Text(letterhead::current(session, tx)?.0.clinic_name))
        }),
        form(Key::Mail, Switch(false), Place::Mail, |_, tx| Ok(Switch(mail_server(tx)?.enabled))),
        form(Key::Pacs, Switch(false), Place::Pacs, |_, tx| Ok(Switch(exchange::pacs::is_enabled(tx)?))),
        form(Key::LanguageModel, Switch(false), Place::LanguageModel, |_, tx| {
            Ok(Switch(language_model::Endpoint::read(tx)?.enabled))
        }),
        form(Key::Backup, Switch(false), Place::Backup, |_, tx| Ok(Switch(backup::is_planned(tx)?))),
        fixed(Key::SessionHours, LONGEST.as_hours().unsigned_abs(), |_, _| {
            Ok(Number(LONGEST.as_hours().unsigned_abs()))
        }),
        fixed(Key::PasswordLength, password::MIN_LENGTH as u64, |_, _| {
            Ok(Number(password::MIN_LENGTH as u64))
        }),
        fixed(Key::PhotographBytes, file_bytes(), |_, _| Ok(Number(file_bytes()))),
        fixed(Key::PhotographPixels, vision::decode::MAX_PIXELS, |_, _| {
            Ok(Number(vision::decode::MAX_PIXELS))
        }),
    ]
}

fn file_bytes() -> u64 {
    vision::DecodeLimits::default().max_file_bytes as u64
}

/// Everything that can be set, and the limits that cannot.
///
/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<Vec<SettingView>> {
    session.authorise(Command::SettingList)?;
    views(session)
}

fn views(session: &Session) -> Result<Vec<SettingView>> {
    Ok(session.store().read(|tx| all().into_iter().map(|setting| view(session, tx, setting)).collect())?)
}

fn view(
    session: &Session,
    tx: &Reading<'_>,
    setting: Setting,
) -> std::result::Result<SettingView, RecordsError> {
    let value = (setting.read)(session, tx)?;
    Ok(SettingView {
        key: setting.key,
        kind: setting.kind,
        changed: value != setting.default,
        value,
        default: setting.default,
        least: setting.limits.map(|(least, _)| least),
        most: setting.limits.map(|(_, most)| most),
        place: setting.place,
    })
}

/// Changes a switch or a number.
///
/// # Errors
/// `invalid_input` (`value`) for another kind of value, one outside the limits, or a setting with a form of its own.
pub fn change(session: &Session, request: &SettingUpdateRequest) -> Result<SettingView> {
    let actor = session.authorise(Command::SettingUpdate)?;
    let refused = || FieldProblem::new("value", ProblemCode::NotAllowed);
    let setting =
        all().into_iter().find(|setting| setting.key == request.key).ok_or_else(|| vec![refused()])?;
    let value = match (setting.stored, &request.value, setting.limits) {
        (Some(_), SettingValue::Switch(on), None) => json!(on),
        (Some(_), SettingValue::Number(number), Some((least, most))) if (least..=most).contains(number) => {
            json!(number)
        }
        (Some(_), SettingValue::Number(_), Some((_, most))) => {
            let limit = u32::try_from(most).unwrap_or(u32::MAX);
            return Err(vec![FieldProblem::with_limit("value", ProblemCode::NotAllowed, limit)].into());
        }
        _ => return Err(vec![refused()].into()),
    };
    let stored = setting.stored.unwrap_or_default();
    session.store().write(&actor, |tx| settings::set(tx, stored, &value, Shown::Value))?;
    // Work that waited for the switch, or for room, goes on.
    queue::wake(session)?;
    Ok(session.store().read(|tx| view(session, tx, setting))?)
}

/// What is set, for somebody outside: names and switches, no passwords, addresses or letterheads.
pub(crate) fn without_secrets(session: &Session) -> Result<Value> {
    let told = |view: SettingView| {
        let value = match view.value {
            SettingValue::Text(text) if view.key == SettingKey::NumberPattern => json!(text),
            SettingValue::Text(text) => json!({ "set": !text.is_empty() }),
            other => json!(other),
        };
        Some((serde_json::to_value(view.key).ok()?.as_str()?.to_owned(), value))
    };
    Ok(views(session)?.into_iter().filter_map(told).collect::<serde_json::Map<_, _>>().into())
}

/// The model as a session shows it: none while the clinic has analyses switched off.
pub(crate) fn model_status(session: &Session) -> ModelStatus {
    match session.store().read(super::analyses) {
        Ok(false) => ModelStatus { identity: None, problem: Some(crate::error::ErrorCode::AnalysesOff) },
        _ => crate::model::status(session.office())
            .unwrap_or_else(|error| ModelStatus { identity: None, problem: Some(error.code) }),
    }
}
