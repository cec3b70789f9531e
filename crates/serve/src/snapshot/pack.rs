//! Rows kept as bytes: a tenth of what they take as structs, read back a document or a story at a time.

use polybius_store::rows::Row;

/// Rows by the number of what they belong to, in the order of the table.
#[derive(Debug, Default)]
pub struct Packed<R> {
    bytes: Vec<u8>,
    /// By key: where its rows begin; one more at the end.
    starts: Vec<usize>,
    row: std::marker::PhantomData<R>,
}

impl<R: Row> Packed<R> {
    /// Packs the rows for the keys 0 to `keys`; rows without a key are left out.
    pub fn new(rows: Vec<R>, keys: usize, key: impl Fn(&R) -> Option<usize>) -> Packed<R> {
        let mut keyed: Vec<(usize, R)> =
            rows.into_iter().filter_map(|r| Some((key(&r).filter(|k| *k < keys)?, r))).collect();
        keyed.sort_by_key(|(k, _)| *k);
        let mut bytes = Vec::new();
        let mut starts = Vec::with_capacity(keys + 1);
        for (k, row) in keyed {
            while starts.len() <= k {
                starts.push(bytes.len());
            }
            bytes = postcard::to_extend(&row, bytes).expect("rows are plain data");
        }
        starts.resize(keys + 1, bytes.len());
        bytes.shrink_to_fit();
        Packed { bytes, starts, row: std::marker::PhantomData }
    }

    /// The rows of a key.
    pub fn of(&self, key: usize) -> Vec<R> {
        let mut rows = Vec::new();
        let (Some(&start), Some(&end)) = (self.starts.get(key), self.starts.get(key + 1)) else {
            return rows;
        };
        let mut rest = &self.bytes[start..end];
        while let Ok((row, after)) = postcard::take_from_bytes(rest) {
            rows.push(row);
            rest = after;
        }
        rows
    }

    /// The rows of several keys, one after the other.
    pub fn of_all(&self, keys: impl IntoIterator<Item = usize>) -> Vec<R> {
        keys.into_iter().flat_map(|k| self.of(k)).collect()
    }

    /// All rows with their keys, one key in memory at a time.
    pub fn iter(&self) -> impl Iterator<Item = (usize, R)> + '_ {
        (0..self.starts.len().saturating_sub(1)).flat_map(|k| self.of(k).into_iter().map(move |r| (k, r)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polybius_store::rows::SegmentRow;

    #[test]
    fn rows_come_back_by_key_and_in_their_order() {
        let row = |doc: &str, start: u32| SegmentRow { doc_id: doc.into(), start, ..SegmentRow::default() };
        let rows = vec![row("2", 5), row("0", 1), row("2", 3), row("none", 9)];
        let packed = Packed::new(rows, 4, |r| r.doc_id.parse().ok());
        let starts = |k| packed.of(k).iter().map(|r| r.start).collect::<Vec<_>>();
        assert_eq!([starts(0), starts(1), starts(2), starts(3)], [vec![1], vec![], vec![5, 3], vec![]]);
        assert_eq!(packed.iter().count(), 3);
        assert!(packed.of(9).is_empty());
    }
}
