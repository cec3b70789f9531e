//! The function that a job maps over its shards.

use datafusion::arrow::array::{ArrayRef, AsArray, UInt64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, UInt64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use std::path::Path;
use std::sync::Arc;

/// Its name in plans.
pub const NAME: &str = "annotate_shard";

/// What a worker says when it cannot do a shard stands between these two, so that it can be found in what Ballista makes of an error.
pub const BEGIN: char = '\u{2}';
/// Where it ends.
pub const END: char = '\u{3}';

/// Does the pages of one shard: folder of the job, number of the shard, positions of its pages. Gives how many pages are done.
pub trait Annotate: Send + Sync {
    /// # Errors
    /// Where the shard cannot be done here; the whole job fails with these words.
    fn shard(&self, job: &Path, shard: u64, pages: &[u64]) -> Result<u64, String>;
}

/// For scheduler and client, which plan the function and never call it.
pub struct OnlyPlanned;

impl Annotate for OnlyPlanned {
    fn shard(&self, _: &Path, _: u64, _: &[u64]) -> Result<u64, String> {
        Err("pages are analysed by workers only".to_string())
    }
}

/// The function with what does the work.
pub fn annotate_shard(annotate: Arc<dyn Annotate>) -> ScalarUDF {
    let takes = vec![DataType::Utf8, DataType::UInt64, positions_type()];
    let body = move |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let done: ArrayRef = Arc::new(rows(&*annotate, &arrays)?);
        Ok(ColumnarValue::Array(done))
    };
    // Volatile: it writes, so no plan may evaluate it once for several rows, or earlier than it runs.
    create_udf(NAME, takes, DataType::UInt64, Volatility::Volatile, Arc::new(body))
}

/// The type of a list of positions.
pub fn positions_type() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::UInt64, true)))
}

fn rows(annotate: &dyn Annotate, arrays: &[ArrayRef]) -> Result<UInt64Array, DataFusionError> {
    let jobs = cast(&arrays[0], &DataType::Utf8)?;
    let (jobs, shards) = (jobs.as_string::<i32>(), arrays[1].as_primitive::<UInt64Type>());
    let pages = arrays[2].as_list::<i32>();
    (0..shards.len())
        .map(|row| {
            let positions = pages.value(row);
            let positions = positions.as_primitive::<UInt64Type>().values();
            annotate
                .shard(Path::new(jobs.value(row)), shards.value(row), positions)
                .map_err(|words| DataFusionError::Execution(format!("{BEGIN}{words}{END}")))
        })
        .collect::<Result<Vec<u64>, _>>()
        .map(UInt64Array::from)
}
