//! What parent and worker say to one another.

use serde::{Deserialize, Serialize};

/// From the parent. Arguments or items follow in the same packet.
#[derive(Serialize, Deserialize)]
pub(crate) enum Order {
    /// Call the task once and end with its exit code.
    Once { task: String },
    /// Call the task for each item, a chunk at a time, and reply. `sequence` names this order in the reply.
    Many { task: String, sequence: u64, items: usize, chunk: usize },
    /// End.
    Exit,
}

/// From a worker. Results follow in the same packet.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reply {
    pub sequence: u64,
    /// How many of the items have their result here; the parent hands the others out again.
    pub done: usize,
    /// What became of the item after those.
    pub failure: Option<Failure>,
}

/// A panic, or an argument or result that could not be decoded or encoded.
#[derive(Serialize, Deserialize, Clone, Default)]
pub(crate) struct Failure {
    pub location: String,
    pub message: String,
}

/// What `println!` says once nobody reads the output any more (`| head -1`): no fault of the task.
pub(crate) fn is_closed_pipe(message: &str) -> bool {
    message.starts_with("failed printing to stdout") && message.contains("Broken pipe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_println_says_of_a_closed_pipe_is_taken_for_it() {
        let println = "failed printing to stdout: Broken pipe (os error 32)";
        assert!(is_closed_pipe(println));
        assert!(!is_closed_pipe("failed printing to stdout: No space left on device"));
        assert!(!is_closed_pipe("cannot send: Broken pipe (os error 32)"));
    }
}
