//! What `lab` and `xtask`, and so all crates here, need only where they cannot be compiled. It needs nothing itself,
//! so it comes first: whatever needs it is not compiled, and this is the only error.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "this workspace is for Linux: it uses memfd, /proc, robust locks and the like. \
     On Windows run it in WSL 2, on macOS in the container of .devcontainer (see README.md, \"Another system\")"
);
