//! SQL functions that only Polybius has.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use polybius_store::Store;
use polybius_store::rows::DocumentRow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The functions with what they take and give, for the help and the shell.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("plover_quad(event_type)", "quad class of a PLOVER type"),
    ("goldstein(cameo)", "Goldstein score of a CAMEO code, or of the code above it"),
    ("fold_name(name)", "lower case without diacritics"),
    ("same_name(a, b)", "whether two names can be one person's or body's"),
    ("span_text(doc_id, start, end)", "the words of a span"),
    ("distance_km(lat, lon, lat, lon)", "kilometres along the Earth's surface"),
];

/// Mean radius of the Earth (IUGG).
const EARTH_KM: f64 = 6371.0088;

type Result<T> = std::result::Result<T, DataFusionError>;

/// Makes the functions known.
pub fn register(context: &SessionContext, store: &Store) {
    let text = |n: usize| vec![DataType::Utf8; n];
    let add = |name: &str, takes: Vec<DataType>, gives: DataType, body: Body| {
        let function = Arc::new(move |arguments: &[ColumnarValue]| {
            let arrays = ColumnarValue::values_to_arrays(arguments)?;
            Ok(ColumnarValue::Array(body(&arrays)?))
        });
        context.register_udf(create_udf(name, takes, gives, Volatility::Immutable, function));
    };
    add("plover_quad", text(1), DataType::Utf8, Box::new(|a| on_text(a, quad)));
    add(
        "fold_name",
        text(1),
        DataType::Utf8,
        Box::new(|a| on_text(a, |name| Some(polybius_store::fold_name(name)))),
    );
    add("goldstein", text(1), DataType::Float64, Box::new(goldstein));
    add("same_name", text(2), DataType::Boolean, Box::new(same_name));
    add("distance_km", vec![DataType::Float64; 4], DataType::Float64, Box::new(distance_km));
    let texts = Texts { store: store.clone(), by_id: OnceLock::new() };
    let takes = vec![DataType::Utf8, DataType::Int64, DataType::Int64];
    add("span_text", takes, DataType::Utf8, Box::new(move |a| texts.spans(a)));
}

type Body = Box<dyn Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync>;

fn quad(event_type: &str) -> Option<String> {
    polybius_store::quad_of(event_type).map(str::to_string)
}

fn strings(array: &ArrayRef) -> Result<StringArray> {
    Ok(cast(array, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn on_text(arrays: &[ArrayRef], function: fn(&str) -> Option<String>) -> Result<ArrayRef> {
    let out: StringArray = strings(&arrays[0])?.iter().map(|value| value.and_then(function)).collect();
    Ok(Arc::new(out))
}

/// A code without a row of its own has the score of the code above it: `0361` that of `036`.
fn goldstein(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    static SCORES: OnceLock<HashMap<String, f64>> = OnceLock::new();
    let scores = SCORES.get_or_init(|| scores_of(include_str!("../../../data/codebook/cameo.tsv")));
    let score = |code: &str| {
        let lengths = (2..=code.len()).rev();
        lengths.filter_map(|n| code.get(..n)).find_map(|part| scores.get(part).copied())
    };
    let out: Float64Array = strings(&arrays[0])?.iter().map(|code| code.and_then(score)).collect();
    Ok(Arc::new(out))
}

/// Code and score of each row: the first and third column.
fn scores_of(table: &str) -> HashMap<String, f64> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let mut cells = line.split('\t');
        let (code, score) = (cells.next()?, cells.nth(1)?);
        Some((code.to_string(), score.parse().ok()?))
    })
    .collect()
}

fn same_name(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    let (a, b) = (strings(&arrays[0])?, strings(&arrays[1])?);
    let same = |(a, b): (Option<&str>, Option<&str>)| Some(polybius_actors::names::match_names(a?, b?).same);
    let out: BooleanArray = a.iter().zip(b.iter()).map(same).collect();
    Ok(Arc::new(out))
}

fn distance_km(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    let columns: Vec<ArrayRef> =
        arrays.iter().map(|a| Ok(cast(a, &DataType::Float64)?)).collect::<Result<_>>()?;
    let value = |column: usize, row: usize| {
        let column = columns[column].as_primitive::<Float64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let rows = 0..columns[0].len();
    let out: Float64Array = rows
        .map(|row| Some(great_circle(value(0, row)?, value(1, row)?, value(2, row)?, value(3, row)?)))
        .collect();
    Ok(Arc::new(out))
}

/// The haversine formula (Sinnott 1984); degrees in, kilometres out.
fn great_circle(lat_a: f64, lon_a: f64, lat_b: f64, lon_b: f64) -> f64 {
    let half_sine = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let cosines = lat_a.to_radians().cos() * lat_b.to_radians().cos();
    let h = half_sine(lat_a, lat_b) + cosines * half_sine(lon_a, lon_b);
    2.0 * EARTH_KM * h.clamp(0.0, 1.0).sqrt().asin()
}

/// The texts of the documents, read when a query first asks for one.
struct Texts {
    store: Store,
    by_id: OnceLock<std::result::Result<HashMap<String, String>, String>>,
}

impl Texts {
    fn spans(&self, arrays: &[ArrayRef]) -> Result<ArrayRef> {
        let texts = self.by_id.get_or_init(|| {
            let rows = self.store.read::<DocumentRow>().map_err(|e| e.to_string())?;
            Ok(rows.into_iter().map(|d| (d.doc_id, d.text)).collect())
        });
        let texts = texts.as_ref().map_err(|e| DataFusionError::Execution(e.clone()))?;
        let ids = strings(&arrays[0])?;
        let ends: Vec<ArrayRef> =
            arrays[1..].iter().map(|a| Ok(cast(a, &DataType::Int64)?)).collect::<Result<_>>()?;
        let offset = |end: usize, row: usize| {
            let column = ends[end].as_primitive::<Int64Type>();
            column.is_valid(row).then(|| usize::try_from(column.value(row)).ok())?
        };
        let words = |(row, id): (usize, Option<&str>)| {
            texts.get(id?)?.get(offset(0, row)?..offset(1, row)?).map(str::to_string)
        };
        let out: StringArray = ids.iter().enumerate().map(words).collect();
        Ok(Arc::new(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_around_is_half_the_circumference_and_no_way_is_none() {
        assert!((great_circle(0.0, 0.0, 0.0, 180.0) - 20015.1).abs() < 1.0);
        assert_eq!(great_circle(48.2, 16.4, 48.2, 16.4), 0.0);
        // Vienna to Dakar.
        assert!((great_circle(48.2082, 16.3738, 14.6937, -17.4441) - 4844.0).abs() < 50.0);
    }

    #[test]
    fn every_code_of_the_codebook_has_a_score() {
        let scores = scores_of(include_str!("../../../data/codebook/cameo.tsv"));
        assert!(scores.len() > 100);
        assert!(scores.values().all(|s| (-10.0..=10.0).contains(s)));
    }
}
