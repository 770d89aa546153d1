//! `cargo xtask bench`: bytes to complete verdicts, in headless Chromium, against the browser's own JSON.parse of the same text.
//! Here the exports are written and the page is built; bench/run.mjs measures and prints. After it bench/typing.mjs types into the
//! page and prints how long its main thread was held up.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use crate::browser::{self, CHROMIUM_VARIABLE};
use crate::exports::{self, Written};
use crate::json_writer::{JsonWriter, Layout};
use crate::page;
use crate::process::{self, Res, program};

const SIZES_MB: &[u64] = &[1, 10, 100];
const MB: u64 = 1_000_000;
/// Beyond this the browser itself can't hold the parsed text.
const MOST_MB: u64 = 500;

/// Measures on exports of the given sizes, or of all the usual ones.
pub(crate) fn run(args: &[String]) -> Res {
    let sizes = sizes(args)?;
    let chromium = browser::chromium()?;
    page::build()?;
    let folder = process::target().join("bench");
    write_exports(&folder, &sizes).map_err(|error| format!("can't write the exports to {}: {error}", folder.display()))?;
    let run = |script: &str, of: &Path| process::run(program("node").arg(script).arg(&folder).arg(of).env(CHROMIUM_VARIABLE, &chromium));
    run("xtask/bench/run.mjs", &process::target().join("pkg"))?;
    run("xtask/bench/typing.mjs", &process::root().join("dist/portcullis.html"))
}

fn sizes(args: &[String]) -> Res<Vec<u64>> {
    if args.is_empty() {
        return Ok(SIZES_MB.to_vec());
    }
    args.iter()
        .map(|word| match word.parse() {
            Ok(size) if (1..=MOST_MB).contains(&size) => Ok(size),
            _ => Err(format!("{word:?} is not a size: give whole megabytes from 1 to {MOST_MB}")),
        })
        .collect()
}

/// Writes the exports, and beside them exports.json, which tells what the module must find in each.
fn write_exports(folder: &Path, sizes: &[u64]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut list = JsonWriter::new(File::create(folder.join("exports.json"))?, Layout::Pretty);
    list.array(|list| {
        for &size in sizes {
            for (layout, name) in [(Layout::Pretty, "pretty"), (Layout::Compact, "compact")] {
                let file = format!("{name}-{size}.json");
                let out = BufWriter::with_capacity(1 << 20, File::create(folder.join(&file))?);
                describe(list, &file, exports::write(out, layout, size * MB)?)?;
            }
        }
        Ok(())
    })?;
    list.finish().map(drop)
}

fn describe(list: &mut JsonWriter<File>, file: &str, written: Written) -> io::Result<()> {
    list.object(|list| {
        list.key("file")?.string(file)?;
        list.key("bytes")?.number(written.bytes)?;
        list.key("groups")?.number(written.groups)?;
        list.key("rules")?.number(written.rules)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_megabytes() {
        let args = |word: &str| [word.to_owned()];
        assert_eq!(sizes(&[]), Ok(vec![1, 10, 100]));
        assert_eq!(sizes(&args("7")), Ok(vec![7]));
        for word in ["0", "501", "-1", "1.5", "x"] {
            assert!(sizes(&args(word)).is_err(), "{word}");
        }
    }
}
