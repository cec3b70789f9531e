//! Aligned tables that fit the terminal: columns that wrap, columns that go when it gets narrow.

use crate::term::{Style, Text};

/// Blanks between columns.
const GAP: usize = 2;

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    right: bool,
    /// `Some(least)`: may shrink to so many columns and wraps.
    wraps: Option<usize>,
    /// Left out on terminals narrower than this.
    from_width: usize,
}

impl Column {
    /// A column as wide as its widest cell, on the left.
    pub fn new(title: &str) -> Column {
        Column { title: title.to_string(), right: false, wraps: None, from_width: 0 }
    }

    /// Aligned on the right.
    pub fn right(mut self) -> Column {
        self.right = true;
        self
    }

    /// Its cells wrap; it shrinks to `least` columns when there is no room.
    pub fn wraps(mut self, least: usize) -> Column {
        self.wraps = Some(least);
        self
    }

    /// Only on terminals of at least this width.
    pub fn only_from(mut self, width: usize) -> Column {
        self.from_width = width;
        self
    }
}

/// Rows under columns.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Text>>,
    indent: usize,
}

impl Table {
    /// Without rows yet.
    pub fn new(columns: Vec<Column>) -> Table {
        Table { columns, rows: Vec::new(), indent: 0 }
    }

    /// Moved to the right.
    pub fn indented(mut self, columns: usize) -> Table {
        self.indent = columns;
        self
    }

    /// Adds a row: one cell a column.
    pub fn row(&mut self, cells: Vec<Text>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// As lines; columns without any content are left out.
    pub fn lines(&self, width: usize) -> Vec<Text> {
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|&c| {
                width >= self.columns[c].from_width && self.rows.iter().any(|row| !row[c].is_empty())
            })
            .collect();
        let widths = self.widths(&shown, width.saturating_sub(self.indent));
        let mut lines = Vec::new();
        let titles: Vec<Text> = self.columns.iter().map(|c| Text::styled(Style::Faint, &c.title)).collect();
        if titles.iter().any(|t| !t.is_empty()) {
            self.put(&titles, &shown, &widths, &mut lines);
        }
        for row in &self.rows {
            self.put(row, &shown, &widths, &mut lines);
        }
        lines
    }

    fn widths(&self, shown: &[usize], room: usize) -> Vec<usize> {
        let natural = |c: usize| {
            let cells = self.rows.iter().map(|row| row[c].width()).max().unwrap_or(0);
            cells.max(Text::plain(&self.columns[c].title).width())
        };
        let mut widths: Vec<usize> = shown.iter().map(|&c| natural(c)).collect();
        let gaps = GAP * shown.len().saturating_sub(1);
        let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        // The widest of those that wrap gives first, one column at a time; on very narrow terminals every column wraps.
        let floors: [&dyn Fn(usize) -> Option<usize>; 3] =
            [&|c| self.columns[c].wraps, &|c| self.columns[c].wraps.map(|_| 8), &|_| Some(4)];
        for floor in floors {
            while over > 0 {
                let give = (0..shown.len())
                    .filter(|&i| floor(shown[i]).is_some_and(|least| widths[i] > least))
                    .max_by_key(|&i| (widths[i], i));
                let Some(i) = give else { break };
                widths[i] -= 1;
                over -= 1;
            }
        }
        widths
    }

    fn put(&self, row: &[Text], shown: &[usize], widths: &[usize], lines: &mut Vec<Text>) {
        let cells: Vec<Vec<Text>> = shown.iter().zip(widths).map(|(&c, &w)| row[c].wrapped(w)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for n in 0..height {
            let mut line = Text::new().padded(self.indent);
            for (i, cell) in cells.iter().enumerate() {
                if i > 0 {
                    line = line.clone().padded(line.width() + GAP);
                }
                let text = cell.get(n).cloned().unwrap_or_default();
                let placed =
                    if self.columns[shown[i]].right { text.right(widths[i]) } else { text.padded(widths[i]) };
                line.extend(&placed);
            }
            lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_to_its_width_and_lets_narrow_terminals_do_without_a_column() {
        let mut table = Table::new(vec![
            Column::new("#").right(),
            Column::new("title").wraps(10),
            Column::new("id").only_from(60),
        ]);
        table.row(vec![
            Text::plain("1"),
            Text::plain("A long title of a story on a summit"),
            Text::plain("s12"),
        ]);
        let wide: Vec<String> = table.lines(60).iter().map(Text::bare).collect();
        assert_eq!(wide[1], "1  A long title of a story on a summit  s12");
        let narrow = table.lines(20);
        assert!(narrow.len() > 2 && narrow.iter().all(|l| l.width() <= 20));
        assert!(!narrow[0].bare().contains("id"));
        assert!(table.lines(9).iter().all(|l| l.width() <= 9));
    }
}
