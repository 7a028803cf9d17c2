//! Files that are there whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::{fd::AsRawFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use nix::{
    errno::Errno,
    fcntl::{AT_FDCWD, AtFlags, OFlag},
    unistd::linkat,
};

/// What a file system that has no files without a name says, or a kernel that knows of none.
const NO_SUCH_FILES: [i32; 2] = [Errno::EOPNOTSUPP as i32, Errno::EISDIR as i32];

/// A file that has no name until it is complete: however this process ends before, by an error, by Ctrl-C or killed,
/// nothing is left of it (`O_TMPFILE` in open(2)). Where the file system has no such files (NFS, some of FUSE), it has
/// a name that begins with a dot, which a kill may leave.
pub struct Aside {
    file: File,
    path: PathBuf,
    /// The name of one that has one.
    named: Option<PathBuf>,
}

impl Aside {
    /// One for `path`, where a file may be already; it has the rights of any new file.
    ///
    /// # Errors
    /// If there can be none in the folder of `path`.
    pub fn new(path: &Path) -> io::Result<Self> {
        let folder = folder(path);
        match options().custom_flags(OFlag::O_TMPFILE.bits()).open(folder) {
            Ok(file) => Ok(Self { file, path: path.into(), named: None }),
            // As old kernels and file systems without such files say it.
            Err(error) if NO_SUCH_FILES.contains(&error.raw_os_error().unwrap_or(0)) => {
                Self::named(path)
            }
            Err(error) => Err(error),
        }
    }

    fn named(path: &Path) -> io::Result<Self> {
        let (name, file) = unused(path, |name| options().create_new(true).open(name))?;
        Ok(Self { file, path: path.into(), named: Some(name) })
    }

    /// To write to.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Gives it its name; a file that had it before is replaced in one step, for which this one has another name for an
    /// instant.
    ///
    /// # Errors
    /// If it cannot have the name.
    pub fn persist(mut self) -> io::Result<()> {
        if self.named.is_none() {
            match self.link(&self.path) {
                // linkat(2) replaces nothing, rename(2) does.
                Err(Errno::EEXIST) => {}
                linked => return Ok(linked?),
            }
            self.named = Some(unused(&self.path, |name| Ok(self.link(name)?))?.0);
        }
        if let Some(name) = &self.named {
            fs::rename(name, &self.path)?;
            self.named = None;
        }
        Ok(())
    }

    fn link(&self, path: &Path) -> nix::Result<()> {
        let file = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        linkat(AT_FDCWD, file.as_str(), AT_FDCWD, path, AtFlags::AT_SYMLINK_FOLLOW)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Some(name) = &self.named {
            let _ = fs::remove_file(name);
        }
    }
}

/// Writes a file that is there whole, or not at all. As [`fs::write`] otherwise.
///
/// # Errors
/// If it cannot be written: then what was there before is there still.
pub fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    let aside = Aside::new(path.as_ref())?;
    aside.file().write_all(bytes.as_ref())?;
    aside.persist()
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o666);
    options
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What `make` makes of a name beside `path` that no file has.
fn unused<T>(path: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let name = format!(".aside-{}-{}", process::id(), NUMBER.fetch_add(1, Relaxed));
        let name = folder(path).join(name);
        match make(&name) {
            // Left by a process that had this number before.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return Ok((name, made?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::in_time;

    #[test]
    fn a_file_is_there_when_it_is_complete_and_replaces_another() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        let names = || fs::read_dir(folder.path()).map(Iterator::count);
        for text in ["first", "second"] {
            let aside = Aside::new(&path)?;
            aside.file().write_all(text.as_bytes())?;
            let before = names()?;
            assert_eq!(before, usize::from(text == "second"));
            drop(Aside::new(&path)?);
            assert_eq!(names()?, before, "nothing is left of one that is dropped");
            aside.persist()?;
            assert_eq!((names()?, fs::read_to_string(&path)?), (1, text.into()));
        }
        Ok(())
    }

    #[test]
    fn what_is_written_is_there() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        write(&path, "text")?;
        assert_eq!(fs::read_to_string(&path)?, "text");
        Ok(())
    }

    #[test]
    fn a_name_alone_is_one_in_this_folder() {
        assert_eq!(folder(Path::new("file")), Path::new("."));
        assert_eq!(folder(Path::new("a/file")), Path::new("a"));
    }

    #[test]
    fn another_name_is_tried_if_one_is_taken_and_for_no_other_reason() {
        let of = |answers: Vec<io::Result<u8>>| {
            let answers = RefCell::new(answers.into_iter());
            let next = |_: &Path| answers.borrow_mut().next().unwrap_or(Ok(0));
            let made = unused(Path::new("file"), next);
            made.map(|(_, made)| made).map_err(|error| error.kind())
        };
        let taken = || io::ErrorKind::AlreadyExists.into();
        let full = || io::ErrorKind::StorageFull.into();
        in_time(move || {
            assert_eq!(of(vec![Err(taken()), Err(taken()), Ok(3)]), Ok(3));
            assert_eq!(of(vec![Err(full()), Ok(2)]), Err(io::ErrorKind::StorageFull));
        });
    }

    #[test]
    fn one_that_needs_a_name_meanwhile_leaves_none() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        // As long as a name may be.
        let path = folder.path().join("f".repeat(255));
        let names = || fs::read_dir(folder.path()).map(Iterator::count);
        for text in ["first", "second"] {
            drop(Aside::named(&path)?);
            let aside = Aside::named(&path)?;
            aside.file().write_all(text.as_bytes())?;
            aside.persist()?;
            assert_eq!((names()?, fs::read_to_string(&path)?), (1, text.into()));
        }
        Aside::new(&path)?.persist()?;
        assert_eq!((names()?, fs::read_to_string(&path)?), (1, String::new()));
        Ok(())
    }

    #[test]
    fn a_file_cannot_take_the_place_of_a_folder_and_nothing_is_left() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("folder");
        fs::create_dir(&path)?;
        assert!(Aside::new(&path)?.persist().is_err());
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
