//! Files that are complete or what they were before.

use std::io;
use std::path::Path;

/// Writes a file whole: to a new one beside it, which then takes its place.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written = std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        // whatever the reason, half a file is of no use to anybody
        drop(std::fs::remove_file(&unfinished));
    }
    written
}
