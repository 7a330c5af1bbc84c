//! The tables that are made anew and compared.

use serde_json::{Map, Value};

use super::compare::Row;

pub struct Table {
    name: &'static str,
    /// What a row is called.
    row: &'static str,
    /// Names a row. Keys sort as texts in the order of their rows.
    key: &'static str,
    order: &'static str,
    /// What is compared, as JSON. Large numbers go as texts: not all of them fit a JSON number.
    content: &'static str,
}

const WITH_TURNOVER: &str = "to_jsonb(t) || jsonb_build_object('turnover', t.turnover::text)";

pub const TABLES: [Table; 4] = [
    Table { name: "exchange_order", row: "order", key: "id::text", order: "id", content: WITH_TURNOVER },
    Table { name: "exchange_trade", row: "trade", key: "id::text", order: "id", content: "to_jsonb(t)" },
    Table {
        name: "exchange_step",
        row: "step",
        key: "lpad(entry::text, 19, '0') || '.' || lpad(position::text, 10, '0') || ' of order ' || order_id",
        order: "entry, position, order_id",
        content: "to_jsonb(t)",
    },
    Table {
        name: "exchange_candle",
        row: "candle",
        key: "instrument_id || ' ' || resolution || ' ' || to_char(start, 'YYYY-MM-DD HH24:MI')",
        order: "instrument_id, resolution COLLATE \"C\", start",
        content: WITH_TURNOVER,
    },
];

impl Table {
    /// Makes an empty one of the same form.
    pub fn temporary(&self) -> String {
        format!("CREATE TEMPORARY TABLE {0} (LIKE public.{0} INCLUDING ALL)", self.name)
    }

    /// Reads the rows of one stream in order, of the table that is kept (`public`) or of that which was made anew (`pg_temp`).
    pub fn rows(&self, schema: &str) -> String {
        let Self { name, key, order, content, .. } = self;
        format!(
            "SELECT {key} AS key, ({content})::text AS content FROM {schema}.{name} t WHERE stream_id = $1 ORDER BY {order}"
        )
    }

    /// Tells people what is amiss where the rows that are kept and those that were made anew part.
    pub fn difference(&self, kept: Option<&Row>, made: Option<&Row>) -> String {
        match (kept, made) {
            (Some(kept), Some(made)) if kept.key == made.key => {
                format!("{} {}: {}", self.row, plain(&kept.key), columns(&kept.content, &made.content))
            }
            (Some(kept), made) if made.is_none_or(|made| kept.key < made.key) => {
                format!("{} {} is kept, but the journal knows of none", self.row, plain(&kept.key))
            }
            (_, Some(made)) => format!("{} {} is missing: {}", self.row, plain(&made.key), made.content),
            _ => String::new(),
        }
    }
}

/// A key without the zeros by which it sorts.
fn plain(key: &str) -> &str {
    if key.contains(" of order ") { key.trim_start_matches('0') } else { key }
}

/// The first column that differs.
fn columns(kept: &str, made: &str) -> String {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (kept_columns, made_columns) = (read(kept), read(made));
    let differs = made_columns.iter().find(|(name, value)| kept_columns.get(*name) != Some(*value));
    match differs {
        Some((name, value)) => {
            let kept = kept_columns.get(name).unwrap_or(&Value::Null);
            format!("{name} is {kept}, and {value} by the journal")
        }
        None => format!("it is {kept}, and {made} by the journal"),
    }
}
