//! What every command reads: files, standard input, and values for what they leave open.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use portcullis_core::review::Input;

/// The documents that could be opened, and a sentence for each that could not.
pub(crate) fn inputs(files: &[PathBuf]) -> (Vec<Input>, Vec<String>) {
    let standard_input = [PathBuf::from("-")];
    let files = if files.is_empty() { &standard_input } else { files };
    let (mut inputs, mut unread) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.display().to_string();
        let bytes = if name == "-" {
            if io::stdin().is_terminal() {
                eprintln!("portcullis: reading standard input; paste a configuration and end it with Ctrl-D");
            }
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(file)
        };
        match bytes {
            Ok(bytes) => inputs.push(Input { name, bytes }),
            Err(error) => unread.push(format!("`{name}` can't be read: {}", sentence(&error))),
        }
    }
    (inputs, unread)
}

/// An error of the system in lower case and without its number.
fn sentence(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// A `NAME=VALUE` of the command line.
pub(crate) fn assumption(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write NAME=VALUE, such as var.admin_cidr=203.0.113.0/24".to_owned()),
    }
}
