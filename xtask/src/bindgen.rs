//! The wasm module and its JavaScript face: `pkg` in the target folder.

use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Res, cargo, run, target};
use crate::setup;

/// Compiles the module and writes what the page imports.
pub(crate) fn build() -> Res {
    setup::wasm_target()?;
    run(cargo().args(["build", "--profile", "module", "--locked", "--target", "wasm32-unknown-unknown", "-p", "portcullis-wasm"]))?;
    generate().map_err(|error| format!("can't write the module's JavaScript face to pkg in the target folder: {error:#}"))
}

fn generate() -> Result<(), impl std::fmt::Display> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(target().join("wasm32-unknown-unknown/module/portcullis_wasm.wasm"))
        .typescript(true)
        // No import.meta.url: the face is bundled into one script, and runs in a worker made from a blob.
        .omit_default_module_path(true)
        // A third of the size, and of no use to anyone but a debugger.
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(target().join("pkg")))
}
