//! The data dictionary: every column of every table with type, unit and meaning, from the structs of [`crate::rows`].

use crate::parquet_io::columns_of;
use crate::rows::{ColumnDoc, EachTable, PARTS, Row, each_table};
use arrow_schema::{DataType, Field};
use serde::Serialize;
use std::convert::Infallible;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableEntry {
    /// Its name.
    pub table: &'static str,
    /// What one row is.
    pub meaning: String,
    /// Its columns, in order; parts of a column after it, as `actors.code`.
    pub columns: Vec<ColumnEntry>,
}

/// A column, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnEntry {
    /// Its name.
    pub column: String,
    /// text, integer, real, boolean, date, or a list of one of them.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether a value may be missing.
    pub optional: bool,
    /// What it is counted in, or the form of its values; empty where there is none.
    pub unit: String,
    /// What it means.
    pub meaning: String,
}

/// All tables in the order of the documentation.
pub fn dictionary() -> Vec<TableEntry> {
    struct Gather(Vec<TableEntry>);
    impl EachTable for Gather {
        type Error = Infallible;
        fn table<R: Row>(&mut self) -> Result<(), Infallible> {
            let mut columns = Vec::new();
            for (field, doc) in columns_of::<R>().iter().zip(R::COLUMNS) {
                entries("", field, doc, &mut columns);
            }
            self.0.push(TableEntry { table: R::TABLE, meaning: R::MEANING.trim().to_string(), columns });
            Ok(())
        }
    }
    let mut gather = Gather(Vec::new());
    let Ok(()) = each_table(&mut gather);
    gather.0
}

fn entries(above: &str, field: &Field, doc: &ColumnDoc, out: &mut Vec<ColumnEntry>) {
    let column = format!("{above}{}", field.name());
    let (meaning, unit) = doc.doc.split_once("Unit:").unwrap_or((doc.doc, ""));
    out.push(ColumnEntry {
        column: column.clone(),
        data_type: type_name(field.data_type()),
        optional: field.is_nullable(),
        unit: unit.trim().trim_end_matches('.').to_string(),
        meaning: meaning.trim().to_string(),
    });
    let inner = match field.data_type() {
        DataType::List(item) => item.data_type(),
        other => other,
    };
    let part = PARTS.iter().find(|(name, _)| doc.rust_type.contains(name));
    if let (DataType::Struct(fields), Some((_, docs))) = (inner, part) {
        for (field, doc) in fields.iter().zip(*docs) {
            entries(&format!("{column}."), field, doc, out);
        }
    }
}

fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "boolean".to_string(),
        DataType::Int32 | DataType::Int64 => "integer".to_string(),
        DataType::Float32 | DataType::Float64 => "real".to_string(),
        DataType::Date32 => "date".to_string(),
        DataType::List(item) => format!("list of {}", type_name(item.data_type())),
        DataType::Struct(_) => "struct".to_string(),
        _ => "text".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::TABLES;

    #[test]
    fn every_column_of_every_table_has_its_name_and_a_meaning() {
        let tables = dictionary();
        assert_eq!(tables.iter().map(|t| t.table).collect::<Vec<_>>(), TABLES);
        for table in &tables {
            assert!(!table.meaning.is_empty(), "{}", table.table);
            for column in &table.columns {
                assert!(column.meaning.len() > 2, "{}.{} has no comment", table.table, column.column);
            }
        }
    }

    #[test]
    fn comments_stand_with_the_columns_that_they_were_written_for() {
        struct Names;
        impl EachTable for Names {
            type Error = Infallible;
            fn table<R: Row>(&mut self) -> Result<(), Infallible> {
                let fields: Vec<String> = columns_of::<R>().iter().map(|f| f.name().clone()).collect();
                let docs: Vec<&str> = R::COLUMNS.iter().map(|c| c.name.trim_start_matches("r#")).collect();
                assert_eq!(fields, docs, "{}", R::TABLE);
                Ok(())
            }
        }
        let Ok(()) = each_table(&mut Names);
    }

    #[test]
    fn a_party_of_an_event_is_told_part_by_part() {
        let tables = dictionary();
        let events = tables.iter().find(|t| t.table == "events").unwrap();
        let start = events.columns.iter().find(|c| c.column == "actors.start").unwrap();
        assert_eq!(
            (start.data_type.as_str(), start.unit.as_str()),
            ("integer", "bytes of UTF-8 in documents.text")
        );
        assert_eq!(events.columns.iter().find(|c| c.column == "modes").unwrap().data_type, "list of text");
        assert_eq!(events.columns.iter().find(|c| c.column == "date_start").unwrap().data_type, "date");
    }
}
