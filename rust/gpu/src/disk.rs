//! Files in the user's cache directory. Whatever goes wrong with them costs time, never a result.

use std::path::{Path, PathBuf};

/// Where the file of that name lies; None on a machine without a cache directory.
pub fn path(name: &str) -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let directory = match cfg!(windows) {
        true => variable("LOCALAPPDATA"),
        false => variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache"))),
    };
    Some(directory?.join("rutile").join(name))
}

/// Writes the file in one step: other processes see the old content or the new one.
pub fn replace(path: &Path, content: &[u8]) {
    let Some(directory) = path.parent() else { return };
    let temporary = path.with_extension(std::process::id().to_string());
    let written = std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&temporary, content));
    let _ = written.and_then(|()| std::fs::rename(&temporary, path));
}
