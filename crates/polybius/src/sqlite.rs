//! A SQLite database of the tables, written page by page in the published file format (sqlite.org/fileformat2.html), since the
//! library itself needs a C compiler. Tables without indexes; lists and structs are JSON text.

use crate::args::ExportArgs;
use crate::export::no_table;
use crate::failure::Failure;
use polybius_store::rows::{EachTable, Row, each_table, with_table};
use polybius_store::{DataType, Store, columns_of};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

const PAGE: usize = 4096;
/// Bytes of the file's header on its first page.
const FILE_HEADER: usize = 100;
/// The longest payload that lies on a leaf page as a whole (section 1.6 of the format).
const MAX_LOCAL: usize = PAGE - 35;
const MIN_LOCAL: usize = (PAGE - 12) * 32 / 255 - 23;

/// Writes all tables, or the one that is named, as one database.
pub fn database(store: &Store, args: &ExportArgs) -> Result<(), Failure> {
    let Some(path) = &args.out else {
        return Err(Failure::new("a database cannot be written to standard output".to_string())
            .hint("name its file: --out all.sqlite"));
    };
    let failed = |e: io::Error| Failure::caused(&format!("cannot write `{}`", path.display()), &e);
    let draft = path.with_extension("sqlite.part");
    let file = File::create(&draft).map_err(failed)?;
    let mut export = Export { store, database: Database::new(BufWriter::new(file)), failed: &failed };
    let written = match args.table.as_deref() {
        None => each_table(&mut export),
        Some(name) => with_table(name, &mut export).unwrap_or_else(|| Err(no_table(name))),
    };
    let done = written.and_then(|()| export.database.finish().map_err(failed));
    match done {
        Ok(_) => std::fs::rename(&draft, path).map_err(failed),
        Err(failure) => {
            let _ = std::fs::remove_file(&draft);
            Err(failure)
        }
    }
}

struct Export<'a> {
    store: &'a Store,
    database: Database<BufWriter<File>>,
    failed: &'a dyn Fn(io::Error) -> Failure,
}

impl EachTable for Export<'_> {
    type Error = Failure;

    fn table<R: Row>(&mut self) -> Result<(), Failure> {
        let columns: Vec<(String, &str)> =
            columns_of::<R>().iter().map(|f| (f.name().clone(), affinity(f.data_type()))).collect();
        let mut table = self.database.table(R::TABLE, &columns);
        for row in self.store.read::<R>()? {
            let row = serde_json::to_value(&row).expect("rows are plain data");
            let cells: Vec<Cell> = columns.iter().map(|(name, _)| Cell::of(&row[name])).collect();
            table.row(&cells).map_err(self.failed)?;
        }
        table.finish().map_err(self.failed)
    }
}

/// The declared type: SQLite keeps `true` as 1.
fn affinity(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "INTEGER",
        t if t.is_integer() => "INTEGER",
        t if t.is_floating() => "REAL",
        _ => "TEXT",
    }
}

/// A value as SQLite keeps it.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Missing,
    Whole(i64),
    Real(f64),
    Text(String),
}

impl Cell {
    fn of(value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Missing,
            Value::Bool(b) => Cell::Whole(i64::from(*b)),
            Value::Number(n) => match n.as_i64() {
                Some(n) => Cell::Whole(n),
                None => n.as_f64().map_or(Cell::Missing, Cell::Real),
            },
            Value::String(text) => Cell::Text(text.clone()),
            other => Cell::Text(other.to_string()),
        }
    }

    /// The serial type and the bytes (section 2.1).
    fn encode(&self, body: &mut Vec<u8>) -> u64 {
        match self {
            Cell::Missing => 0,
            Cell::Whole(n) => match i32::try_from(*n) {
                Ok(n) => {
                    body.extend_from_slice(&n.to_be_bytes());
                    4
                }
                Err(_) => {
                    body.extend_from_slice(&n.to_be_bytes());
                    6
                }
            },
            Cell::Real(x) => {
                body.extend_from_slice(&x.to_be_bytes());
                7
            }
            Cell::Text(text) => {
                body.extend_from_slice(text.as_bytes());
                13 + 2 * text.len() as u64
            }
        }
    }
}

/// A row in SQLite's record format.
fn record(cells: &[Cell]) -> Vec<u8> {
    let (mut types, mut body) = (Vec::new(), Vec::new());
    for cell in cells {
        let serial = cell.encode(&mut body);
        varint(serial, &mut types);
    }
    // The length of the header counts itself.
    let mut length = types.len() + 1;
    if length > 127 {
        length += 1;
    }
    let mut out = Vec::with_capacity(length + body.len());
    varint(length as u64, &mut out);
    out.extend_from_slice(&types);
    out.extend_from_slice(&body);
    out
}

/// Seven bits a byte, the highest first; a ninth byte holds eight.
fn varint(n: u64, out: &mut Vec<u8>) {
    if n >> 56 != 0 {
        for shift in (0..8).rev() {
            out.push((n >> (8 + 7 * shift)) as u8 | 0x80);
        }
        out.push(n as u8);
        return;
    }
    let bits = 64 - n.leading_zeros() as usize;
    let bytes = bits.div_ceil(7).max(1);
    for i in (0..bytes).rev() {
        let more = if i > 0 { 0x80 } else { 0 };
        out.push((n >> (7 * i)) as u8 & 0x7f | more);
    }
}

/// A database that is being written. Page 1 comes last: it says where the tables begin.
struct Database<W> {
    out: W,
    /// The next free page.
    next: u32,
    /// Rows of the schema table: type, name, table, root page, statement.
    schema: Vec<[Cell; 5]>,
}

impl<W: Write + Seek> Database<W> {
    fn new(out: W) -> Database<W> {
        Database { out, next: 2, schema: Vec::new() }
    }

    fn table(&mut self, name: &str, columns: &[(String, &str)]) -> Tree<'_, W> {
        let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("\"{name}\" {kind}")).collect();
        let statement = format!("CREATE TABLE \"{name}\" ({})", columns.join(", "));
        Tree::new(self, Some((name.to_string(), statement)), PAGE)
    }

    fn write(&mut self, number: u32, page: &[u8]) -> io::Result<()> {
        self.out.seek(SeekFrom::Start(u64::from(number - 1) * PAGE as u64))?;
        self.out.write_all(page)
    }

    fn take_page(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn finish(mut self) -> io::Result<W> {
        let rows = std::mem::take(&mut self.schema);
        // The root of the schema lies on page 1, after the header of the file.
        let mut tree = Tree::new(&mut self, None, PAGE - FILE_HEADER);
        for row in &rows {
            tree.row(row)?;
        }
        let root = tree.into_root()?;
        let n_pages = self.next - 1;
        let mut page = vec![0; PAGE];
        page[..FILE_HEADER].copy_from_slice(&file_header(n_pages));
        root.lay_out(&mut page, FILE_HEADER);
        self.write(1, &page)?;
        self.out.seek(SeekFrom::Start(u64::from(n_pages) * PAGE as u64))?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn file_header(n_pages: u32) -> [u8; FILE_HEADER] {
    let mut header = [0; FILE_HEADER];
    header[..16].copy_from_slice(b"SQLite format 3\0");
    header[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
    // Versions of writing and reading, no bytes kept free, the three fixed shares of payloads.
    header[18..24].copy_from_slice(&[1, 1, 0, 64, 32, 32]);
    let mut put = |at: usize, n: u32| header[at..at + 4].copy_from_slice(&n.to_be_bytes());
    put(24, 1); // changes of the file
    put(28, n_pages);
    put(40, 1); // changes of the schema
    put(44, 4); // format of the schema
    put(56, 1); // UTF-8
    put(92, 1); // the count of changes for which the size holds
    put(96, 3_045_000); // the version of the format's writer
    header
}

/// One page of a tree.
#[derive(Debug, Default)]
struct Node {
    cells: Vec<Vec<u8>>,
    used: usize,
    /// The last child of an inner page.
    right: Option<u32>,
}

impl Node {
    fn header(&self) -> usize {
        if self.right.is_some() { 12 } else { 8 }
    }

    fn push(&mut self, cell: Vec<u8>) {
        self.used += cell.len() + 2;
        self.cells.push(cell);
    }

    /// Header, pointers, and the cells from the end of the page (section 1.6).
    fn lay_out(&self, page: &mut [u8], at: usize) {
        let mut content = page.len();
        let pointers = at + self.header();
        for (i, cell) in self.cells.iter().enumerate() {
            content -= cell.len();
            page[content..content + cell.len()].copy_from_slice(cell);
            page[pointers + 2 * i..pointers + 2 * i + 2].copy_from_slice(&(content as u16).to_be_bytes());
        }
        page[at] = if self.right.is_some() { 0x05 } else { 0x0d };
        page[at + 3..at + 5].copy_from_slice(&(self.cells.len() as u16).to_be_bytes());
        page[at + 5..at + 7].copy_from_slice(&(content as u16).to_be_bytes());
        if let Some(right) = self.right {
            page[at + 8..at + 12].copy_from_slice(&right.to_be_bytes());
        }
    }
}

/// The rows of one table, in order of their numbers.
struct Tree<'d, W> {
    database: &'d mut Database<W>,
    /// Name and statement; none for the schema itself.
    name: Option<(String, String)>,
    /// Bytes of a page that the tree may use.
    room: usize,
    leaf: Node,
    last_row: u64,
    /// Finished leaves: page and number of the last row.
    leaves: Vec<(u32, u64)>,
}

impl<'d, W: Write + Seek> Tree<'d, W> {
    fn new(database: &'d mut Database<W>, name: Option<(String, String)>, room: usize) -> Tree<'d, W> {
        Tree { database, name, room, leaf: Node::default(), last_row: 0, leaves: Vec::new() }
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let payload = record(cells);
        let mut cell = Vec::new();
        varint(payload.len() as u64, &mut cell);
        varint(self.last_row + 1, &mut cell);
        let local = local_length(payload.len());
        cell.extend_from_slice(&payload[..local]);
        if local < payload.len() {
            let first = self.overflow(&payload[local..])?;
            cell.extend_from_slice(&first.to_be_bytes());
        }
        if self.leaf.header() + self.leaf.used + cell.len() + 2 > self.room {
            self.end_leaf()?;
        }
        self.leaf.push(cell);
        self.last_row += 1;
        Ok(())
    }

    /// What does not fit on the leaf, as a chain of pages.
    fn overflow(&mut self, rest: &[u8]) -> io::Result<u32> {
        let first = self.database.next;
        let mut parts = rest.chunks(PAGE - 4).peekable();
        while let Some(part) = parts.next() {
            let number = self.database.take_page();
            let next = if parts.peek().is_some() { number + 1 } else { 0 };
            let mut page = vec![0; PAGE];
            page[..4].copy_from_slice(&next.to_be_bytes());
            page[4..4 + part.len()].copy_from_slice(part);
            self.database.write(number, &page)?;
        }
        Ok(first)
    }

    fn end_leaf(&mut self) -> io::Result<()> {
        let leaf = std::mem::take(&mut self.leaf);
        let number = self.database.take_page();
        let mut page = vec![0; PAGE];
        leaf.lay_out(&mut page, 0);
        self.database.write(number, &page)?;
        self.leaves.push((number, self.last_row));
        Ok(())
    }

    /// The root, not yet written; the pages below it are.
    fn into_root(self) -> io::Result<Node> {
        self.into_parts().map(|(root, _)| root)
    }

    fn into_parts(mut self) -> io::Result<(Node, &'d mut Database<W>)> {
        if self.leaves.is_empty() {
            return Ok((self.leaf, self.database));
        }
        self.end_leaf()?;
        let mut level = self.leaves;
        loop {
            let mut nodes = inner_nodes(&level, self.room);
            if nodes.len() == 1 {
                return Ok((nodes.remove(0).0, self.database));
            }
            level = Vec::new();
            for (node, last_row) in nodes {
                let number = self.database.take_page();
                let mut page = vec![0; PAGE];
                node.lay_out(&mut page, 0);
                self.database.write(number, &page)?;
                level.push((number, last_row));
            }
        }
    }

    fn finish(mut self) -> io::Result<()> {
        let named = self.name.take();
        let (root, database) = self.into_parts()?;
        let number = database.take_page();
        let mut page = vec![0; PAGE];
        root.lay_out(&mut page, 0);
        database.write(number, &page)?;
        if let Some((name, statement)) = named {
            let text = |t: &str| Cell::Text(t.to_string());
            let row = [text("table"), text(&name), text(&name), Cell::Whole(number.into()), text(&statement)];
            database.schema.push(row);
        }
        Ok(())
    }
}

/// How much of a payload lies on the leaf itself (section 1.6).
fn local_length(payload: usize) -> usize {
    if payload <= MAX_LOCAL {
        return payload;
    }
    let rest = MIN_LOCAL + (payload - MIN_LOCAL) % (PAGE - 4);
    if rest <= MAX_LOCAL { rest } else { MIN_LOCAL }
}

/// Inner pages over the children, each with the number of the last row below it. The last child of a page is its right one.
fn inner_nodes(children: &[(u32, u64)], room: usize) -> Vec<(Node, u64)> {
    // Page number, row number of up to nine bytes, pointer.
    let per_page = (room - 12) / (4 + 9 + 2);
    children
        .chunks(per_page)
        .map(|part| {
            let (last, before) = part.split_last().expect("chunks are not empty");
            let mut node = Node { right: Some(last.0), ..Node::default() };
            for (page, row) in before {
                let mut cell = page.to_be_bytes().to_vec();
                varint(*row, &mut cell);
                node.push(cell);
            }
            (node, last.1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn numbers_are_written_in_seven_bits_a_byte() {
        let of = |n| {
            let mut out = Vec::new();
            varint(n, &mut out);
            out
        };
        assert_eq!(of(0), [0]);
        assert_eq!(of(127), [127]);
        assert_eq!(of(128), [0x81, 0]);
        assert_eq!(of(0x3fff), [0xff, 0x7f]);
        assert_eq!(of(u64::MAX), [0xff; 9]);
        assert_eq!(of(1 << 55).len(), 8);
        assert_eq!(of(1 << 56).len(), 9);
    }

    #[test]
    fn a_payload_is_split_as_the_format_says() {
        assert_eq!(local_length(4061), 4061);
        assert_eq!(local_length(4062), 489);
        assert_eq!(local_length(489 + 4092 + 100), 589);
        assert_eq!(
            record(&[Cell::Missing, Cell::Whole(7), Cell::Text("ab".into())]),
            [4, 0, 4, 17, 0, 0, 0, 7, b'a', b'b']
        );
    }

    #[test]
    fn the_header_counts_every_page_of_the_file() {
        let mut database = Database::new(Cursor::new(Vec::new()));
        let columns = [("a".to_string(), "TEXT"), ("n".to_string(), "INTEGER")];
        for (name, rows) in [("empty", 0), ("some", 3), ("many", 3000)] {
            let mut table = database.table(name, &columns);
            for n in 0..rows {
                table.row(&[Cell::Text("x".repeat(n * 7 % 9000)), Cell::Whole(n as i64)]).unwrap();
            }
            table.finish().unwrap();
        }
        let bytes = database.finish().unwrap().into_inner();
        assert!(bytes.starts_with(b"SQLite format 3\0"));
        let n_pages = u32::from_be_bytes(bytes[28..32].try_into().unwrap()) as usize;
        assert_eq!(bytes.len(), n_pages * PAGE);
        assert_eq!(bytes[FILE_HEADER], 0x0d, "three tables are a leaf");
    }
}
