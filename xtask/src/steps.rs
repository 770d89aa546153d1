//! `cargo xtask test`: every check in order, the first failure stops, each can be run alone.

use std::time::Instant;

use crate::process::{self, Res, cargo};
use crate::{browser, page, setup, wasm_tests};

struct Step {
    name: &'static str,
    what: &'static str,
    /// Rough minutes on two cores: on a fresh checkout, and again.
    minutes: (f32, f32),
    /// Whether it looks at the built page, which is therefore built first when the step is run alone.
    needs_page: bool,
    run: fn() -> Res,
}

const STEPS: &[Step] = &[
    Step { name: "setup", what: "what this machine lacks", minutes: (0.5, 0.0), needs_page: false, run: set_up },
    Step { name: "format", what: "cargo fmt --check", minutes: (0.0, 0.0), needs_page: false, run: format },
    Step { name: "lint", what: "clippy, warnings are errors", minutes: (1.0, 0.1), needs_page: false, run: lint },
    Step { name: "native", what: "tests of every crate, natively", minutes: (1.5, 0.5), needs_page: false, run: native },
    Step {
        name: "wasm",
        what: "tests of the wasm module in headless Chromium",
        minutes: (1.5, 0.2),
        needs_page: false,
        run: wasm_tests::run_all,
    },
    Step { name: "build", what: "the page", minutes: (1.0, 0.2), needs_page: false, run: page::build },
    Step { name: "types", what: "the page's TypeScript", minutes: (0.1, 0.1), needs_page: true, run: page::types },
    Step {
        name: "page",
        what: "tests of the page in Chromium, the first steps in Firefox and WebKitGTK",
        minutes: (1.0, 1.0),
        needs_page: true,
        run: page::test,
    },
    Step { name: "size", what: "what the page weighs", minutes: (0.1, 0.1), needs_page: true, run: page::size },
];

/// Runs every step, or those named.
pub(crate) fn run(names: &[String]) -> Res {
    let steps = chosen(names)?;
    announce(&steps);
    let alone = !names.is_empty();
    if alone && steps.iter().any(|step| step.needs_page) && steps.iter().all(|step| step.name != "build") {
        page::build()?;
    }
    let start = Instant::now();
    for (index, step) in steps.iter().enumerate() {
        println!("\n[{}/{}] {}: {}", index + 1, steps.len(), step.name, step.what);
        let begun = Instant::now();
        (step.run)().map_err(|sentence| format!("{sentence}; to run this step alone: cargo xtask test {}", step.name))?;
        println!("[{}/{}] {} passed in {:.1} s", index + 1, steps.len(), step.name, begun.elapsed().as_secs_f32());
    }
    println!("\n{} passed in {:.0} s", counted(steps.len()), start.elapsed().as_secs_f32());
    Ok(())
}

fn chosen(names: &[String]) -> Res<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let known = || STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
    names
        .iter()
        .map(|name| {
            STEPS.iter().find(|step| step.name == name).ok_or_else(|| format!("there is no step {name:?}: choose among {}", known()))
        })
        .collect()
}

fn announce(steps: &[&Step]) {
    let minutes = |pick: fn(&Step) -> f32| about(steps.iter().map(|step| pick(step)).sum());
    println!(
        "{}: {} on a fresh checkout, {} after that (two cores)",
        counted(steps.len()),
        minutes(|step| step.minutes.0),
        minutes(|step| step.minutes.1),
    );
    for step in steps {
        println!("  {:<8} {}", step.name, step.what);
    }
}

fn about(minutes: f32) -> String {
    if minutes < 1.0 { "less than a minute".to_owned() } else { format!("about {minutes:.0} min") }
}

fn counted(steps: usize) -> String {
    format!("{steps} step{}", if steps == 1 { "" } else { "s" })
}

fn set_up() -> Res {
    setup::wasm_target()?;
    setup::rust_components()?;
    setup::npm_packages()?;
    println!("browser: {}", browser::chromium()?.display());
    println!("driver:  {}", browser::chromedriver()?.display());
    println!("firefox: {}", browser::firefox()?.display());
    println!("webkit:  {}", browser::webkit()?.display());
    Ok(())
}

fn format() -> Res {
    setup::rust_components()?;
    process::run(cargo().args(["fmt", "--all", "--check"]))?;
    process::run(cargo().args(["fmt", "--check", "--manifest-path", "tools/wbg-runner/Cargo.toml"]))
}

fn lint() -> Res {
    setup::rust_components()?;
    process::run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn native() -> Res {
    process::run(cargo().args(["test", "--workspace", "--locked"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }

    #[test]
    fn the_page_is_built_before_it_is_looked_at() {
        let place = |wanted: &dyn Fn(&Step) -> bool| STEPS.iter().position(wanted).expect("such a step exists");
        assert!(place(&|step| step.name == "build") < place(&|step| step.needs_page));
    }

    #[test]
    fn an_unknown_step_is_named_with_the_known_ones() {
        let sentence = chosen(&["fmt".to_owned()]).err().expect("there is no such step");
        assert!(sentence.contains("\"fmt\"") && sentence.contains("format"), "{sentence}");
    }

    #[test]
    fn steps_run_in_the_order_named() {
        let steps = chosen(&["size".to_owned(), "lint".to_owned()]).expect("both exist");
        assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), ["size", "lint"]);
    }
}
