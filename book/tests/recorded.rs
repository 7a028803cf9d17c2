//! The recorded runs: of every command that pages show, and with what the transcripts have.

use anyhow::{Context, Result};
use book::recorded::{Recorded, check, commands, is_in_another_order};
use xtask::catalogue::Catalogue;

#[test]
fn every_command_has_a_run_of_each_language_that_agrees_with_its_transcripts() -> Result<()> {
    let recorded = Recorded::read()?;
    let mut seen = 0;
    for example in &Catalogue::load()?.examples {
        for (args, ports) in commands(example) {
            let command = recorded.of(example, args)?;
            seen += 1;
            // Of a long output only the beginning is kept.
            if command.rust.more > 0 || command.python.more > 0 {
                continue;
            }
            let rust = command.rust.text();
            for other in [Some(&command.python), command.again.as_ref()].into_iter().flatten() {
                check(example, &ports, &rust, &other.text())
                    .with_context(|| example.command(args))?;
            }
            if let Some(again) = &command.again {
                let name = example.command(args);
                assert!(is_in_another_order(&rust, &again.text()), "{name}: twice the same");
            }
        }
    }
    assert_eq!(seen, recorded.commands.len(), "runs of commands that are shown no more");
    Ok(())
}
