//! From what a table told back to what is stored.

use jiff::Timestamp;
use rusqlite::types::Value as Stored;
use serde_json::Value;

use crate::error::RecordsError;
use crate::rights::{JSON, is_moment};
use crate::row::micros;
use crate::store::Reading;

/// A column with the type it is declared with.
pub(super) struct Column {
    pub name: String,
    kind: String,
}

pub(super) fn columns(tx: &Reading<'_>, table: &str) -> Result<Vec<Column>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT name, type FROM pragma_table_info(?1)")?;
    let columns = query.query_map([table], |row| Ok(Column { name: row.get(0)?, kind: row.get(1)? }))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

impl Column {
    /// # Errors
    /// [`RecordsError::Damaged`] for a value that no export writes there.
    pub fn stored(&self, value: &Value) -> Result<Stored, RecordsError> {
        let damaged = RecordsError::Damaged;
        Ok(match (value, self.kind.as_str()) {
            (Value::Null, _) => Stored::Null,
            (value, "TEXT") if JSON.contains(&self.name.as_str()) => Stored::Text(value.to_string()),
            (Value::String(text), "TEXT") => Stored::Text(text.clone()),
            (Value::String(moment), "INTEGER") if is_moment(&self.name) => {
                Stored::Integer(micros(moment.parse::<Timestamp>().map_err(|_| damaged)?))
            }
            (Value::Bool(yes), "INTEGER") => Stored::Integer(i64::from(*yes)),
            (Value::Number(number), "INTEGER") => Stored::Integer(number.as_i64().ok_or(damaged)?),
            (Value::Number(number), "REAL") => Stored::Real(number.as_f64().ok_or(damaged)?),
            _ => return Err(damaged),
        })
    }
}
