//! SQL functions that only Polybius has.

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use std::sync::Arc;

/// Makes `plover_quad(event_type)` and `fold_name(name)` known.
pub fn register(context: &SessionContext) {
    for (name, function) in [
        ("plover_quad", quad as fn(&str) -> Option<String>),
        ("fold_name", |text| Some(polybius_store::fold_name(text))),
    ] {
        context.register_udf(create_udf(
            name,
            vec![DataType::Utf8],
            DataType::Utf8,
            Volatility::Immutable,
            Arc::new(move |arguments: &[ColumnarValue]| on_text(arguments, function)),
        ));
    }
}

fn quad(event_type: &str) -> Option<String> {
    polybius_store::quad_of(event_type).map(str::to_string)
}

fn on_text(
    arguments: &[ColumnarValue],
    function: fn(&str) -> Option<String>,
) -> Result<ColumnarValue, DataFusionError> {
    let arrays = ColumnarValue::values_to_arrays(arguments)?;
    let text = cast(&arrays[0], &DataType::Utf8)?;
    let text = text.as_any().downcast_ref::<StringArray>().expect("cast to text gives text");
    let out: StringArray = text.iter().map(|value| value.and_then(function)).collect();
    Ok(ColumnarValue::Array(Arc::new(out) as ArrayRef))
}
