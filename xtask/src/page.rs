//! The page: dist/portcullis.html, what it weighs, its types and its tests.

use std::fs;

use crate::browser::{self, CHROMIUM_VARIABLE, FIREFOX_VARIABLE, WEBKIT_VARIABLE};
use crate::process::{Res, program, root, run};
use crate::{bindgen, setup};

/// Builds the page from the wasm module up. Every step is run: none takes a second when nothing changed.
pub(crate) fn build() -> Res {
    bindgen::build()?;
    setup::npm_packages()?;
    run(program("node").arg("www/build.mjs"))
}

/// Prints the parts of the built page and fails beyond the budget.
pub(crate) fn size() -> Res {
    run(program("node").args(["xtask/size.mjs", "dist/portcullis.html"]))
}

/// Checks the page's TypeScript against the module's generated declarations.
pub(crate) fn types() -> Res {
    // The compiler itself rather than `npx tsc`: npx would fetch a stranger of that name where ours is missing.
    run(program("node").args(["www/node_modules/typescript/bin/tsc", "--noEmit", "-p", "www"]))
}

/// Runs the page's tests in real browsers, against the built file.
pub(crate) fn test() -> Res {
    let chromium = browser::chromium()?;
    // Files by name: what Node makes of a folder changed between 20 and 22.
    let mut files: Vec<_> = fs::read_dir(root().join("tests/page"))
        .map_err(|error| format!("can't list tests/page: {error}"))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("tests/page/{name}"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err("there are no page tests: tests/page has no file that ends in .test.mjs".to_owned());
    }
    run(program("node")
        .args(["--test", "--test-reporter=spec"])
        .args(files)
        .env(CHROMIUM_VARIABLE, chromium)
        .env(FIREFOX_VARIABLE, browser::firefox()?)
        .env(WEBKIT_VARIABLE, browser::webkit()?))
}
