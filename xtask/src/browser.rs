//! Finding Chromium and its driver, or installing them where we may.

use std::env;
use std::path::PathBuf;

use crate::process::{Res, find, output, program, run};

/// The environment variable by which a person, and the page's tests, name the browser.
pub(crate) const CHROMIUM_VARIABLE: &str = "PORTCULLIS_CHROMIUM";
/// The environment variable by which wasm-bindgen's test runner is told of the driver.
pub(crate) const CHROMEDRIVER_VARIABLE: &str = "CHROMEDRIVER";

const CHROMIUM_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const CHROMEDRIVER_NAMES: &[&str] = &["chromedriver"];

/// The browser the page is tested and measured in.
pub(crate) fn chromium() -> Res<PathBuf> {
    installed(CHROMIUM_VARIABLE, CHROMIUM_NAMES, "chromium")
}

/// The browser's driver, for the wasm tests.
pub(crate) fn chromedriver() -> Res<PathBuf> {
    installed(CHROMEDRIVER_VARIABLE, CHROMEDRIVER_NAMES, "chromedriver")
}

fn installed(variable: &str, names: &[&str], what: &str) -> Res<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        let named = PathBuf::from(named);
        return if named.is_file() { Ok(named) } else { Err(format!("{variable} names {}, which is not a file", named.display())) };
    }
    if let Some(found) = find(names) {
        return Ok(found);
    }
    let advice = format!(
        "{what} is missing: install Chromium and its driver (Debian: apt-get install chromium chromium-driver), or name the file in {variable}"
    );
    if find(&["apt-get"]).is_none() || output(program("id").arg("-u")).as_deref() != Some("0") {
        return Err(advice);
    }
    println!("{what} is missing: installing Chromium and its driver with apt-get");
    run(program("apt-get").args(["update", "-q"]))?;
    let packages = ["chromium", "chromium-driver"];
    run(program("apt-get")
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
    .map_err(|_| advice.clone())?;
    find(names).ok_or(advice)
}
