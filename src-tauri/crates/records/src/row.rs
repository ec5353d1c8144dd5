//! Between Rust values and columns.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Type, ValueRef};
use rusqlite::{Row, RowIndex};
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

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

/// Columns by name, or by their place where there are very many rows: a name is looked for in every one. What does not
/// read back is damage, and the error never quotes the value.
pub(crate) trait Columns {
    fn text(&self, column: impl RowIndex + Copy) -> rusqlite::Result<String>;
    fn parsed<T: FromStr>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T>;
    fn parsed_or_none<T: FromStr>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<T>>;
    fn word<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T>;
    fn word_or_none<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<T>>;
    fn json<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T>;
    fn time(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Timestamp>;
    fn time_or_none(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<Timestamp>>;
}

/// The text where it lies: there may be very many rows.
fn str_of<'a>(row: &'a Row<'_>, column: impl RowIndex) -> rusqlite::Result<&'a str> {
    row.get_ref(column)?.as_str().map_err(|_: FromSqlError| unreadable(Type::Text))
}

impl Columns for Row<'_> {
    fn text(&self, column: impl RowIndex + Copy) -> rusqlite::Result<String> {
        self.get(column)
    }

    fn parsed<T: FromStr>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T> {
        str_of(self, column)?.parse().map_err(|_| unreadable(Type::Text))
    }

    fn parsed_or_none<T: FromStr>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<String>>(column)?
            .map(|text| text.parse().map_err(|_| unreadable(Type::Text)))
            .transpose()
    }

    fn word<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T> {
        let word: StrDeserializer<'_, ValueError> = str_of(self, column)?.into_deserializer();
        T::deserialize(word).map_err(|_| unreadable(Type::Text))
    }

    fn word_or_none<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<T>> {
        match self.get_ref(column)? {
            ValueRef::Null => Ok(None),
            _ => self.word(column).map(Some),
        }
    }

    fn json<T: DeserializeOwned>(&self, column: impl RowIndex + Copy) -> rusqlite::Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|_| unreadable(Type::Text))
    }

    fn time(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Timestamp> {
        Timestamp::from_microsecond(self.get(column)?).map_err(|_| unreadable(Type::Integer))
    }

    fn time_or_none(&self, column: impl RowIndex + Copy) -> rusqlite::Result<Option<Timestamp>> {
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
