//! Everything a contributor runs: serve, build, test, size, bench. `USAGE` says what each does.

mod bench;
mod bindgen;
mod browser;
mod exports;
mod json_writer;
mod page;
mod process;
mod serve;
mod setup;
mod steps;
mod wasm_tests;

use std::env;
use std::process::ExitCode;

use process::Res;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve [--port N]   build the page and serve it on 127.0.0.1 (a free port unless N is given)
  build              build the page: dist/portcullis.html, one self-contained file
  test [STEP]...     run every check, or only the named steps
  size               print what the page weighs, and fail beyond its budget
  bench [MB]...      measure verdicts against the browser's own JSON.parse, on exports of 1, 10 and 100 MB

What is missing (the wasm target, npm packages, a browser) is installed on the way, or named in one sentence.";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("serve") => serve::run(&args[1..]),
        Some("build") => page::build(),
        Some("test") => steps::run(&args[1..]),
        Some("size") => size(),
        Some("bench") => bench::run(&args[1..]),
        // Named by .cargo/config.toml as the runner of wasm test binaries; not for people.
        Some("wasm-test-runner") => wasm_tests::run_binary(&args[1..]),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Builds what is to be weighed first, so that the number is never that of an older page.
fn size() -> Res {
    page::build()?;
    page::size()
}
