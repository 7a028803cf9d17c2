//! Where generated photos, text and files are kept, and how they come there.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::aside::Aside;

/// The file at `path` below `target/lab`; if it is not there yet, `write` makes it.
///
/// # Errors
/// If it cannot be made.
pub(crate) fn file(
    path: impl AsRef<Path>,
    write: impl FnOnce(&File) -> Result<()>,
) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no root folder")?;
    let path = root.join("target/lab").join(path);
    if !path.exists() {
        let make = || {
            fs::create_dir_all(path.parent().context("no folder")?)?;
            let aside = Aside::new(&path)?;
            write(aside.file())?;
            anyhow::Ok(aside.persist()?)
        };
        make().with_context(|| format!("cannot make {}", path.display()))?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use anyhow::bail;

    use super::*;

    #[test]
    fn a_file_is_made_once() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a/b");
        assert_eq!(file(&path, |mut file| Ok(file.write_all(b"text")?))?, path);
        assert_eq!(file(&path, |_| bail!("it is there already"))?, path);
        assert_eq!(fs::read_to_string(path)?, "text");
        Ok(())
    }
}
