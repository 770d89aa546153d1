//! The documents of a call: files, standard input, and what can be a configuration in a directory.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use portcullis_core::formats::is_unrelated;
use portcullis_core::review::Input;

use crate::text::{clean, plural};

/// What the names of configurations end with; `rules.v4` and its kin are where Debian's iptables-persistent keeps a host's firewall.
const ENDINGS: [&str; 12] = ["tf", "tofu", "tfvars", "json", "yaml", "yml", "bicep", "bicepparam", "template", "rules", "v4", "v6"];

/// The documents that could be opened, and a sentence for each that could not.
pub(crate) fn inputs(paths: &[PathBuf]) -> (Vec<Input>, Vec<String>) {
    let standard_input = [PathBuf::from("-")];
    let paths = if paths.is_empty() { &standard_input } else { paths };
    let (mut inputs, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let found = configurations(path, &mut unread);
            if found.is_empty() {
                let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
                unread.push(format!("`{}` has no file that can be a configuration ({endings})", path.display()));
            }
            let before = inputs.len();
            found.iter().for_each(|file| read(file, &mut inputs, &mut unread));
            let unrelated: Vec<Input> = inputs.extract_if(before.., |input| is_unrelated(&input.name, &input.bytes)).collect();
            tell(path, &unrelated, inputs.len() > before, &mut unread);
        } else {
            read(path, &mut inputs, &mut unread);
        }
    }
    (inputs, unread)
}

/// Says which files of a directory hold nothing to judge. Nobody named them, so they are no mistake, unless nothing else is there.
fn tell(directory: &Path, unrelated: &[Input], others: bool, unread: &mut Vec<String>) {
    const NAMED: usize = 5;
    if unrelated.is_empty() {
        return;
    }
    let named: Vec<String> = unrelated.iter().take(NAMED).map(|input| clean(&input.name)).collect();
    let more = match unrelated.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let said = format!("{} held no firewall configuration: {}{more}", plural(unrelated.len(), "file", "files"), named.join(", "));
    if others {
        eprintln!("portcullis: {said}");
    } else {
        unread.push(format!("nothing in `{}` can be judged: {said}", clean(&directory.display().to_string())));
    }
}

fn read(path: &Path, inputs: &mut Vec<Input>, unread: &mut Vec<String>) {
    let name = path.display().to_string();
    let bytes = if name == "-" {
        if io::stdin().is_terminal() {
            eprintln!("portcullis: reading standard input; paste a configuration and end it with Ctrl-D");
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    match bytes {
        Ok(bytes) => inputs.push(Input { name, bytes }),
        Err(error) => unread.push(format!("`{name}` can't be read: {}", sentence(&error))),
    }
}

/// The files below a directory that can be configurations, sorted. Links are not followed, since they can lead in a circle;
/// what is hidden, and what tools put there, is nobody's configuration.
fn configurations(directory: &Path, unread: &mut Vec<String>) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![directory.to_path_buf()]);
    while let Some(directory) = open.pop() {
        let listed = fs::read_dir(&directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = listed.unwrap_or_else(|error| {
            unread.push(format!("`{}` can't be read: {}", directory.display(), sentence(&error)));
            Vec::new()
        });
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name());
            // `.terraform` is hidden, too.
            let hidden = name.to_string_lossy().starts_with('.') || name == "node_modules";
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !hidden => open.push(path),
                Ok(kind) if kind.is_file() && !hidden && is_configuration(&path) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn is_configuration(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// An error of the system in lower case and without its number.
fn sentence(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
