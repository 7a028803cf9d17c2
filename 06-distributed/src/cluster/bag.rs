//! The bag on a cluster: a table of numbers, squared by tasks, added by the last one.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use datafusion::{
    arrow::{
        array::{AsArray, Int32Array, RecordBatch},
        datatypes::{DataType, Decimal128Type, Int32Type, Int64Type},
    },
    functions_aggregate::expr_fn::{count, sum},
    logical_expr::{ScalarUDF, cast},
    prelude::col,
};

use super::{functions::function, job};
use crate::bag;

/// As `bag` on threads; `deadline` in seconds.
pub fn sum_of_squares(address: &str, deadline: f64, numbers: &[i32]) -> Result<i128> {
    let rows = Int32Array::from(numbers.to_vec());
    let rows = RecordBatch::try_from_iter([("number", Arc::new(rows) as _)])?;
    let square = cast(square().call(vec![col("number")]), DataType::Decimal128(19, 0));
    let result = job::run(address, deadline, &rows, |numbers| {
        numbers.aggregate(vec![], vec![sum(square.clone()), count(square)])
    })?;
    let row = result.iter().find(|batch| batch.num_rows() > 0).context("the result is empty")?;
    let squares = row.column(1).as_primitive::<Int64Type>().value(0);
    ensure!(squares == numbers.len() as i64, "{squares} squares of {} came", numbers.len());
    Ok(row.column(0).as_primitive::<Decimal128Type>().value(0))
}

/// A number → its square.
pub fn square() -> ScalarUDF {
    function("square", vec![DataType::Int32], DataType::Int64, |numbers| {
        let numbers = numbers.as_primitive::<Int32Type>();
        Ok(Arc::new(numbers.unary::<_, Int64Type>(bag::square)))
    })
}
