//! Arguments that lead nowhere but to the scratch folder and the local site.
//!
//! What an argument means only the example knows, and its twin may read it otherwise: so no argument may look like a
//! path or an address that leads out, whichever option it belongs to.

/// More than any example takes.
const MOST: usize = 200;

/// Whether an example may get these arguments.
///
/// # Errors
/// Which may not, and why.
pub fn confined(args: &[String]) -> Result<(), String> {
    if args.len() > MOST {
        return Err(format!("more than {MOST} arguments"));
    }
    for arg in args {
        fits(arg).map_err(|reason| {
            format!("{arg:?} {reason}; with --trust the server lets arguments lead anywhere")
        })?;
    }
    Ok(())
}

fn fits(arg: &str) -> Result<(), &'static str> {
    if arg.chars().any(char::is_control) {
        return Err("has a control character");
    }
    let value = match arg.split_once('=') {
        Some((name, value)) if name.starts_with('-') && !name.contains(['/', '\\']) => value,
        // As in -o/tmp: where the option ends and a path begins is not known.
        _ if arg.starts_with('-') && arg.contains(['/', '\\', '.', ':', '~']) => {
            let number = arg.parse::<f64>().is_ok();
            return if number {
                Ok(())
            } else {
                Err("hides a value in an option: use OPTION=VALUE")
            };
        }
        _ => arg,
    };
    value.split(['=', ',', ';', '@', ' ']).try_for_each(piece)
}

fn piece(piece: &str) -> Result<(), &'static str> {
    let path = piece.strip_prefix("lab:").unwrap_or(piece);
    if path.contains(':') {
        return Err("may be an address: the only ones here are lab:NAME");
    }
    if path.starts_with(['/', '\\']) {
        return Err("leads to an absolute path: only the scratch folder is there");
    }
    if path.starts_with('~') {
        return Err("leads to a home folder: only the scratch folder is there");
    }
    if path.split(['/', '\\']).any(|step| step == "..") {
        return Err("leads out of the scratch folder");
    }
    Ok(())
}
