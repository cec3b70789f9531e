//! `polybius tables`: the data dictionary.

use crate::args::{DictionaryFormat, TablesArgs};
use crate::export::{csv_field, no_table};
use crate::failure::Failure;
use crate::table::{Column, Table};
use crate::term::{Style, Terminal, Text};
use polybius_store::{ColumnEntry, TableEntry, dictionary};

/// Says what each table and column holds.
pub fn tables(args: &TablesArgs) -> Result<(), Failure> {
    let mut tables = dictionary();
    if let Some(name) = &args.table {
        tables.retain(|t| t.table == name);
        if tables.is_empty() {
            return Err(no_table(name));
        }
    }
    let terminal = Terminal::of_stdout();
    let lines = match args.format {
        DictionaryFormat::Text if args.table.is_none() => list(&tables, &terminal),
        DictionaryFormat::Text => sheet(&tables[0], &terminal),
        DictionaryFormat::Json => {
            tables.iter().map(|t| Text::raw(serde_json::to_string(t).expect("plain data"))).collect()
        }
        DictionaryFormat::Csv => csv(&tables).lines().map(|l| Text::raw(l.to_string())).collect(),
        DictionaryFormat::Markdown => markdown(&tables).lines().map(|l| Text::raw(l.to_string())).collect(),
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}

fn list(tables: &[TableEntry], terminal: &Terminal) -> Vec<Text> {
    let mut table = Table::new(vec![
        Column::new("table"),
        Column::new("columns").right(),
        Column::new("one row is").wraps(24),
    ]);
    for t in tables {
        let n = t.columns.iter().filter(|c| !c.column.contains('.')).count();
        table.row(vec![
            Text::styled(Style::Key, t.table),
            Text::plain(&n.to_string()),
            Text::plain(&t.meaning),
        ]);
    }
    let mut lines = table.lines(terminal.width);
    lines.push(Text::new());
    lines.push(Text::styled(Style::Faint, "columns: polybius tables events"));
    lines
}

fn sheet(t: &TableEntry, terminal: &Terminal) -> Vec<Text> {
    let mut table =
        Table::new(vec![Column::new("column"), Column::new("type"), Column::new("meaning").wraps(30)]);
    for c in &t.columns {
        let unit = if c.unit.is_empty() { String::new() } else { format!(" [{}]", c.unit) };
        table.row(vec![
            Text::styled(Style::Key, &c.column),
            Text::plain(&type_text(c)),
            Text::plain(&c.meaning).with(Style::Faint, &unit),
        ]);
    }
    let mut lines = Text::styled(Style::Strong, t.table)
        .with(Style::Plain, &format!(": {}", t.meaning))
        .wrapped(terminal.width);
    lines.extend(table.lines(terminal.width));
    lines
}

fn type_text(c: &ColumnEntry) -> String {
    if c.optional { format!("{}?", c.data_type) } else { c.data_type.clone() }
}

/// A line a column.
pub fn csv(tables: &[TableEntry]) -> String {
    let mut text = "table,column,type,optional,unit,meaning\n".to_string();
    for t in tables {
        for c in &t.columns {
            let optional = c.optional.to_string();
            let fields = [t.table, &c.column, &c.data_type, &optional, &c.unit, &c.meaning];
            text.push_str(&fields.map(csv_field).join(","));
            text.push('\n');
        }
    }
    text
}

/// A heading and a table for each table.
pub fn markdown(tables: &[TableEntry]) -> String {
    let mut text = String::new();
    for t in tables {
        text.push_str(&format!("## {}\n\n{}\n\n", t.table, t.meaning));
        text.push_str("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n");
        for c in &t.columns {
            let meaning = c.meaning.replace('|', "\\|");
            text.push_str(&format!("| {} | {} | {} | {meaning} |\n", c.column, type_text(c), c.unit));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_line_of_the_csv_and_a_row_of_the_markdown() {
        let tables = dictionary();
        let n: usize = tables.iter().map(|t| t.columns.len()).sum();
        assert_eq!(csv(&tables).lines().count(), n + 1);
        assert_eq!(markdown(&tables).lines().filter(|l| l.starts_with("| ")).count(), n + 2 * tables.len());
        assert!(csv(&tables).contains("events,cameo,text,false,,"));
    }
}
