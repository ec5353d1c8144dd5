//! Between Rust values and columns.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The word an enum without fields is stored as: its serde name.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("a unit variant serialises to a string"),
    }
}

/// JSON text of a plain value.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| unreachable!("domain types are plain data"))
}

/// Microseconds since 1970, UTC.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Columns by name. What does not read back is damage, and the error never quotes the value.
pub(crate) trait Columns {
    fn text(&self, column: &str) -> rusqlite::Result<String>;
    fn parsed<T: FromStr>(&self, column: &str) -> rusqlite::Result<T>;
    fn parsed_or_none<T: FromStr>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    fn word<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    fn word_or_none<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    fn time(&self, column: &str) -> rusqlite::Result<Timestamp>;
    fn time_or_none(&self, column: &str) -> rusqlite::Result<Option<Timestamp>>;
}

impl Columns for Row<'_> {
    fn text(&self, column: &str) -> rusqlite::Result<String> {
        self.get(column)
    }

    fn parsed<T: FromStr>(&self, column: &str) -> rusqlite::Result<T> {
        self.text(column)?.parse().map_err(|_| unreadable(Type::Text))
    }

    fn parsed_or_none<T: FromStr>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<String>>(column)?
            .map(|text| text.parse().map_err(|_| unreadable(Type::Text)))
            .transpose()
    }

    fn word<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        let word = self.text(column)?;
        serde_json::from_value(serde_json::Value::String(word)).map_err(|_| unreadable(Type::Text))
    }

    fn word_or_none<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        match self.get::<_, Option<String>>(column)? {
            Some(_) => self.word(column).map(Some),
            None => Ok(None),
        }
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|_| unreadable(Type::Text))
    }

    fn time(&self, column: &str) -> rusqlite::Result<Timestamp> {
        Timestamp::from_microsecond(self.get(column)?).map_err(|_| unreadable(Type::Integer))
    }

    fn time_or_none(&self, column: &str) -> rusqlite::Result<Option<Timestamp>> {
        self.get::<_, Option<i64>>(column)?
            .map(|at| Timestamp::from_microsecond(at).map_err(|_| unreadable(Type::Integer)))
            .transpose()
    }
}

pub(crate) fn unreadable(kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(FromSqlError::InvalidType))
}

/// Identities are stored as their 36-character text.
pub(crate) fn id_text(id: &impl Display) -> String {
    id.to_string()
}
