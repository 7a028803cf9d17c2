//! The pictures that the READMEs show.

use crate::catalogue::Unknown;

/// A picture of a README: an example's run.
pub struct Shown {
    /// LESSON/EXAMPLE.
    pub example: &'static str,
    /// The example's arguments.
    pub args: &'static [&'static str],
    /// Python's, where the same work would make one of the runs a sliver.
    pub python: Option<&'static [&'static str]>,
    /// Features of the lesson that no default build has.
    pub features: Option<&'static str>,
}

/// In the order of the READMEs. The first is that of the top one, then come the lessons'.
static SHOWN: [Shown; 8] = [
    Shown {
        example: "01-threading/gil",
        args: &["threads", "--additions", "60000000"],
        python: Some(&["threads", "--additions", "800000"]),
        features: None,
    },
    Shown { example: "01-threading/workers", args: &[], python: None, features: None },
    Shown { example: "02-multiprocessing/sum-of-squares", args: &[], python: None, features: None },
    Shown { example: "03-asyncio/event-loop", args: &[], python: None, features: None },
    Shown { example: "04-futures/as-completed", args: &[], python: None, features: None },
    Shown { example: "05-patterns/producer-consumer", args: &[], python: None, features: None },
    Shown { example: "06-distributed/word-count", args: &[], python: None, features: None },
    Shown {
        example: "06-distributed/word-count",
        args: &["--on", "cluster", "--workers", "2", "--size", "33554432"],
        python: Some(&["--size", "33554432"]),
        features: Some("ballista"),
    },
];

/// The pictures of programs with these features.
///
/// # Errors
/// [`Unknown`], if there are none.
pub fn with(features: Option<&str>) -> Result<Vec<&'static Shown>, Unknown> {
    let shown: Vec<_> = SHOWN.iter().filter(|it| it.features == features).collect();
    match features {
        Some(features) if shown.is_empty() => {
            let known = SHOWN.iter().filter_map(|it| it.features);
            Err(Unknown::new("feature of a README's picture", &features, known))
        }
        _ => Ok(shown),
    }
}
