//! Baselines that `bench-all` never wrote: they are refused, or compared with, and nothing panics over them.

use std::{fs, sync::LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{baseline::compare, report::Report};
use crate::catalogue::root;

/// Three rows of a report that was.
static REPORT: LazyLock<Value> = LazyLock::new(|| {
    let text = fs::read_to_string(root().join("docs/reference-run.json")).expect("there is one");
    let mut report: Value = serde_json::from_str(&text).expect("it is JSON");
    report["rows"].as_array_mut().expect("it has rows").truncate(3);
    report
});

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
}

/// All places in a value, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            // Of samples, some are enough.
            for (at, item) in items.iter().enumerate().take(4) {
                places(item, &format!("{here}/{at}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(field, &format!("{here}/{name}"), found);
            }
        }
        _ => {}
    }
}

fn read(text: &[u8]) -> anyhow::Result<Report> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), text)?;
    Report::read(file.path())
}

proptest! {
    #[test]
    fn a_report_with_anything_in_one_place_is_refused_or_compared(
        place in any::<prop::sample::Index>(), value in json(), schema in 1..=2
    ) {
        let mut report = REPORT.clone();
        let mut all = Vec::new();
        places(&report, "", &mut all);
        *report.pointer_mut(&all[place.index(all.len())]).expect("it is there") = value;
        if report.is_object() && schema == 1 {
            report["schema"] = 1.into();
        }
        if let Ok(report) = read(report.to_string().as_bytes()) {
            let whole = read(REPORT.to_string().as_bytes()).expect("it is a report");
            compare(&whole, &report);
            compare(&report, &whole);
        }
    }

    #[test]
    fn a_report_cut_anywhere_is_refused(end in any::<prop::sample::Index>()) {
        let text = REPORT.to_string();
        prop_assert!(read(&text.as_bytes()[..end.index(text.len())]).is_err());
    }

    #[test]
    fn bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }
}
