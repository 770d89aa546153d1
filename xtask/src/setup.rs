//! What a fresh machine lacks: the wasm target, rustfmt and clippy, Node, the page's npm packages.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::process::{Res, cargo, find, output, program, root, run};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const NODE_MAJOR: u32 = 20;

/// The standard library for wasm, through rustup where it is missing.
pub(crate) fn wasm_target() -> Res {
    let sysroot = output(program("rustc").args(["--print", "sysroot"])).ok_or("rustc is missing: install Rust from https://rustup.rs")?;
    if Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", WASM_TARGET])
}

/// The formatter and the linter, through rustup where they are missing.
pub(crate) fn rust_components() -> Res {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if output(cargo().args([subcommand, "--version"])).is_none() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

/// The page's packages, exactly as locked. Skipped when npm's own record of the last install is younger than the lock.
pub(crate) fn npm_packages() -> Res {
    node()?;
    let www = root().join("www");
    let installed = modified(&www.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed > modified(&www.join("package-lock.json")) && installed > modified(&www.join("package.json")) {
        return Ok(());
    }
    let npm = find(&["npm", "npm.cmd"]).ok_or("npm is missing: install it beside Node.js")?;
    // No package of ours needs its install script, so none gets to run one.
    run(program(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "www"]))
}

fn node() -> Res {
    let needed = format!("install Node.js {NODE_MAJOR} or newer");
    let version = output(program("node").arg("--version")).ok_or(format!("node is missing: {needed}"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => Err(format!("node is {version}, which is too old: {needed}")),
    }
}

fn rustup(args: &[&str]) -> Res {
    if find(&["rustup"]).is_none() {
        return Err(format!("this Rust lacks something and rustup is missing: provide what `rustup {}` would", args.join(" ")));
    }
    run(program("rustup").args(args))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}
