//! The wasm crate's tests in headless Chromium, through wasm-bindgen's test runner in tools/wbg-runner.

use std::fs;
use std::path::PathBuf;

use crate::browser::{self, CHROMEDRIVER_VARIABLE};
use crate::process::{Res, cargo, program, root, run, target};
use crate::setup;

/// Runs every wasm test. Cargo calls `run_binary` back for each test binary.
pub(crate) fn run_all() -> Res {
    prepare()?;
    let any = fs::read_dir(root().join("wasm/tests"))
        .is_ok_and(|mut files| files.any(|file| file.is_ok_and(|file| file.path().extension() == Some("rs".as_ref()))));
    if !any {
        return Err("there are no wasm tests: wasm/tests has no .rs file".to_owned());
    }
    // No `-q`: cargo would pass it on to the runner, which rejects it.
    run(cargo().args(["test", "--locked", "--target", "wasm32-unknown-unknown", "-p", "portcullis-wasm", "--tests"]))
}

/// Runs one test binary; what .cargo/config.toml makes cargo call.
pub(crate) fn run_binary(args: &[String]) -> Res {
    prepare()?;
    let runner = target_folder().join("debug/wbg-runner").with_extension(std::env::consts::EXE_EXTENSION);
    run(program(runner)
        .args(args)
        .env(CHROMEDRIVER_VARIABLE, browser::chromedriver()?)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", root().join("wasm/webdriver.json")))
}

/// Of its own: the runner's lock and features are not the product's.
fn target_folder() -> PathBuf {
    target().join("wbg-runner")
}

fn prepare() -> Res {
    setup::wasm_target()?;
    browser::chromium()?;
    browser::chromedriver()?;
    run(cargo()
        .args(["build", "--quiet", "--locked", "--manifest-path", "tools/wbg-runner/Cargo.toml", "--target-dir"])
        .arg(target_folder()))
}
