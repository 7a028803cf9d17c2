//! Where an example runs, and what it leaves there.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;

use super::{
    case::Input,
    fault::{Fault, How},
    watch::MARKER,
};

/// Files by their names; folders have no content.
pub type Files = BTreeMap<OsString, Vec<u8>>;

/// A folder to run in, one for temporary files, and the names that shared memory has before.
pub struct Room {
    folder: tempfile::TempDir,
    here: PathBuf,
    temporary: PathBuf,
    shared: Vec<OsString>,
}

/// What an example has left.
#[derive(Debug, Default)]
pub struct Left {
    /// In its folder.
    pub files: Files,
    /// In that for temporary files.
    pub temporary: Files,
    /// New names in `/dev/shm`.
    pub shared: Vec<OsString>,
}

/// Mounts a file system on the current folder, runs the program there, and copies what it leaves to `$2`.
const MOUNTED: &str = r#"
    mount -t tmpfs -o "$1" tmpfs "$PWD" && cd "$PWD" || exit 78
    [ "$1" = ro ] || head -c 4096 /dev/zero > filler
    report=$2; shift 2; TMPDIR=$PWD "$@"; code=$?
    cp -r . "$report"; rm -f "$report/filler"; exit $code"#;

impl Room {
    /// An empty one.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(fault: &Fault) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let name: &[u8] = if let How::Name(name) = fault.how { name } else { b"here" };
        let here = folder.path().join(OsStr::from_bytes(name));
        let temporary = folder.path().join(OsStr::from_bytes(&[name, b".tmp"].concat()));
        fs::create_dir(&here)?;
        fs::create_dir(&temporary)?;
        // Also for another user.
        for made in [folder.path(), &here, &temporary] {
            fs::set_permissions(made, fs::Permissions::from_mode(0o777))?;
        }
        Ok(Self { folder, here, temporary, shared: shared()? })
    }

    /// Puts a file there that is not counted as left; gives its path.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn put(&self, input: Input) -> Result<PathBuf> {
        let path = self.here.with_extension("input");
        match input {
            Input::Text => fs::write(&path, "a line of text\n")?,
            Input::Photo => drop(fs::copy(&lab::photos::four(64, 48)?[0], &path)?),
        }
        Ok(path)
    }

    /// The value of [`MARKER`] for all that runs here.
    pub fn marker(&self) -> String {
        self.folder.path().to_string_lossy().into_owned()
    }

    /// A command that runs `program` here, with the fault as far as it is there from the beginning.
    pub fn command(&self, fault: &Fault, program: &Path) -> Command {
        // Where SIGINT is ignored, under a shell's `&`, it would stay so in what is started from there.
        let mut command = Command::new("env");
        command.arg("--default-signal=INT,TERM,HUP");
        command.current_dir(&self.here).env("TMPDIR", &self.temporary);
        command.env(MARKER, self.folder.path()).stdin(Stdio::null());
        // With it Rust itself waits for ever where there is no memory for the backtrace of a panic.
        command.env_remove("RUST_BACKTRACE");
        match fault.how {
            How::Shell(script) => drop(command.args(["bash", "-c", script, "bash"])),
            How::Folder(options) => {
                command.args(["unshare", "--map-root-user", "--mount"]);
                command.args(["bash", "-c", MOUNTED, "bash", options]).arg(&self.temporary);
            }
            How::Homes(None) => drop(command.env_remove("HOME").env_remove("TMPDIR")),
            How::Homes(Some(folder)) => drop(command.env("HOME", folder).env("TMPDIR", folder)),
            _ => {}
        }
        command.arg(program);
        command
    }

    /// What is here now.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn left(&self, fault: &Fault) -> Result<Left> {
        let (mut files, mut temporary) = (files(&self.here)?, files(&self.temporary)?);
        if let How::Folder(_) = fault.how {
            // What was in the one folder that there was.
            files.append(&mut temporary);
        }
        let new = shared()?.into_iter().filter(|name| !self.shared.contains(name));
        Ok(Left { files, temporary, shared: new.collect() })
    }
}

fn files(folder: &Path) -> Result<Files> {
    let mut found = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let content = if entry.path().is_dir() { Vec::new() } else { fs::read(entry.path())? };
        found.insert(entry.file_name(), content);
    }
    Ok(found)
}

/// Names in `/dev/shm`; not those that a Python program beside us makes for a moment.
fn shared() -> Result<Vec<OsString>> {
    let names = fs::read_dir("/dev/shm")?.map(|entry| Ok(entry?.file_name()));
    let names = names.collect::<Result<Vec<_>>>()?;
    let python = |name: &OsString| name.as_bytes().starts_with(b"sem.mp-");
    Ok(names.into_iter().filter(|name| !python(name)).collect())
}
