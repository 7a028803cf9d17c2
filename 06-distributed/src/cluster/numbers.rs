//! Numbers on a cluster: a table of them, on which tasks call a function, and the last one adds.

use std::{any::type_name_of_val, sync::Arc};

use anyhow::{Context, Result, ensure};
use datafusion::{
    arrow::{
        array::{AsArray, Int32Array, RecordBatch},
        datatypes::{DataType, Decimal128Type, Int32Type, Int64Type},
    },
    functions_aggregate::expr_fn::{count, sum as total},
    logical_expr::ScalarUDF,
    prelude::col,
};

use super::{Cluster, functions, job};

/// Seconds that a job has.
const DEADLINE: f64 = 600.0;

/// Makes a function known to executors.
pub fn register(function: impl Fn(i32) -> i128 + Copy + Send + Sync + 'static) {
    functions::register(of_numbers(function));
}

/// What `function` makes of each number, added, on the cluster at that address or on one of its own.
pub fn sum(
    at: Option<String>,
    function: impl Fn(i32) -> i128 + Copy + Send + Sync + 'static,
    numbers: Vec<i32>,
) -> Result<i128> {
    let length = numbers.len();
    let rows = RecordBatch::try_from_iter([("number", Arc::new(Int32Array::from(numbers)) as _)])?;
    let result = of_numbers(function).call(vec![col("number")]);
    let cluster = Cluster::new(at, None)?;
    let batches = job::run(&cluster.address, DEADLINE, &rows, |numbers| {
        numbers.aggregate(vec![], vec![total(result.clone()), count(result)])
    })?;
    let row = batches.iter().find(|batch| batch.num_rows() > 0).context("the result is empty")?;
    let came = row.column(1).as_primitive::<Int64Type>().value(0);
    ensure!(came == length as i64, "{came} of {length} results came");
    Ok(row.column(0).as_primitive::<Decimal128Type>().value(0))
}

/// The function of a column that it makes, under its own name.
fn of_numbers(function: impl Fn(i32) -> i128 + Copy + Send + Sync + 'static) -> ScalarUDF {
    let name = type_name_of_val(&function);
    let decimal = DataType::Decimal128(38, 0);
    functions::function(name, DataType::Int32, decimal, move |numbers| {
        let results = numbers.as_primitive::<Int32Type>().unary::<_, Decimal128Type>(function);
        Ok(Arc::new(results.with_precision_and_scale(38, 0)?))
    })
}
