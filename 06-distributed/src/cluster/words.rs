//! The word count on a cluster: tasks count the words of a share of the chunks each, and others add
//! up what all tasks counted for a word.

use std::{collections::HashMap, iter, sync::Arc};

use anyhow::{Context, Result, ensure};
use counting::{Chunk, Counts, Summary, Word};
use datafusion::{
    arrow::{
        array::{
            ArrayBuilder, AsArray, BinaryArray, BinaryBuilder, ListArray, RecordBatch, StructArray,
            UInt64Builder,
        },
        buffer::OffsetBuffer,
        datatypes::{DataType, Field, Fields, UInt64Type},
    },
    functions_aggregate::expr_fn::sum,
    logical_expr::ScalarUDF,
    prelude::{col, ident},
};

use super::{Cluster, functions, job};

/// Tasks send these too, once for each share. They begin with a space, so they are no words; they are
/// so many that each part of the result has some. If a share were lost or came twice, it would show.
const CHECKS: u64 = 64;

/// Makes the function that counts known to executors.
pub fn register() {
    functions::register(count_words());
}

/// As `word-count` on threads, on the cluster at that address or on one of its own with so many executors; `deadline` in
/// seconds. Each share of the chunks is a task.
pub fn count(
    at: Option<String>,
    executors: Option<usize>,
    deadline: f64,
    chunks: &[Chunk],
    top: usize,
) -> Result<Summary> {
    let cluster = Cluster::new(at, executors)?;
    // For eight tasks at once, and for more if the text is large.
    let shares = counting::shares(chunks, 8).map(|share| postcard::to_stdvec(&share));
    let shares = shares.collect::<Result<Vec<_>, _>>()?;
    if shares.is_empty() {
        return Summary::of(iter::empty(), top);
    }
    let rows = BinaryArray::from_iter_values(&shares);
    let rows = RecordBatch::try_from_iter([("share", Arc::new(rows) as _)])?;
    let result = job::run(&cluster.address, deadline, &rows, |shares| {
        shares
            .select([count_words().call(vec![col("share")]).alias("counted")])?
            .unnest_columns(&["counted"])? // a list of (word, n): a row for each of them
            .unnest_columns(&["counted"])? // word and n: a column for each of them
            .aggregate(vec![ident("counted.word")], vec![sum(ident("counted.n"))])
    })?;
    let (mut counts, mut came) = (Vec::new(), HashMap::new());
    for batch in &result {
        let words = batch.column(0).as_binary::<i32>();
        let times = batch.column(1).as_primitive::<UInt64Type>();
        for (word, times) in words.iter().zip(times) {
            match word.zip(times).context("a word has no count")? {
                (check @ [b' ', ..], times) => _ = came.insert(check, times),
                (word, times) => counts.push(Ok((Word::new(word), times))),
            }
        }
    }
    for check in checks() {
        let came = came.get(check.as_bytes()).copied().unwrap_or(0);
        ensure!(came == shares.len() as u64, "of {} shares {came} were counted", shares.len());
    }
    Summary::of(counts.into_iter(), top)
}

fn checks() -> impl Iterator<Item = String> {
    (0..CHECKS).map(|number| format!(" {number}"))
}

/// A share of the chunks → a list of the words in it, each with how often it came.
fn count_words() -> ScalarUDF {
    functions::function("count_words", DataType::Binary, DataType::List(item()), |shares| {
        let (mut words, mut times) = (BinaryBuilder::new(), UInt64Builder::new());
        let mut lengths = vec![];
        for share in shares.as_binary::<i32>().iter().flatten() {
            let mut counts = Counts::default();
            for chunk in postcard::from_bytes::<Vec<Chunk>>(share)? {
                chunk.each_word(|word| counts.add(word, 1))?;
            }
            checks().for_each(|check| counts.add(Word::new(check.as_bytes()), 1));
            let before = times.len();
            for (word, count) in counts {
                words.append_value(word.bytes());
                times.append_value(count);
            }
            lengths.push(times.len() - before);
        }
        let columns = vec![Arc::new(words.finish()) as _, Arc::new(times.finish()) as _];
        let rows = Arc::new(StructArray::try_new(columns_of_a_word(), columns, None)?);
        let lengths = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(ListArray::try_new(item(), lengths, rows, None)?))
    })
}

fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(columns_of_a_word()), false))
}

fn columns_of_a_word() -> Fields {
    let columns = [("word", DataType::Binary), ("n", DataType::UInt64)];
    columns.map(|(name, kind)| Field::new(name, kind, false)).into_iter().collect()
}
