//! Finding the browsers and their drivers, or installing them where we may.

use std::env;
use std::path::PathBuf;

use crate::process::{Res, find, output, program, run};

/// The environment variable by which a person, and the page's tests, name the browser.
pub(crate) const CHROMIUM_VARIABLE: &str = "PORTCULLIS_CHROMIUM";
/// The environment variable by which wasm-bindgen's test runner is told of the driver.
pub(crate) const CHROMEDRIVER_VARIABLE: &str = "CHROMEDRIVER";

/// The environment variable by which a person names Firefox.
pub(crate) const FIREFOX_VARIABLE: &str = "PORTCULLIS_FIREFOX";
/// The environment variable by which a person names WebKitGTK's driver.
pub(crate) const WEBKIT_VARIABLE: &str = "PORTCULLIS_WEBKIT_DRIVER";

/// A program that tests need, and the Debian packages that bring it.
struct Needed {
    what: &'static str,
    variable: &'static str,
    names: &'static [&'static str],
    packages: &'static [&'static str],
}

const CHROMIUM: Needed = Needed {
    what: "Chromium",
    variable: CHROMIUM_VARIABLE,
    names: &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    packages: &["chromium", "chromium-driver"],
};
const CHROMEDRIVER: Needed = Needed {
    what: "Chromium's driver",
    variable: CHROMEDRIVER_VARIABLE,
    names: &["chromedriver"],
    packages: &["chromium", "chromium-driver"],
};
const FIREFOX: Needed =
    Needed { what: "Firefox", variable: FIREFOX_VARIABLE, names: &["firefox-esr", "firefox"], packages: &["firefox-esr"] };
const WEBKIT: Needed = Needed {
    what: "WebKitGTK's driver",
    variable: WEBKIT_VARIABLE,
    names: &["WebKitWebDriver"],
    packages: &["webkit2gtk-driver", "xvfb", "xauth"],
};
/// WebKitGTK draws on a display only.
const DISPLAY: Needed =
    Needed { what: "a display for WebKitGTK", variable: "PORTCULLIS_XVFB_RUN", names: &["xvfb-run"], packages: &["xvfb", "xauth"] };

/// The browser the page is tested and measured in.
pub(crate) fn chromium() -> Res<PathBuf> {
    CHROMIUM.installed()
}

/// The browser's driver, for the wasm tests.
pub(crate) fn chromedriver() -> Res<PathBuf> {
    CHROMEDRIVER.installed()
}

/// Firefox, for the smoke path.
pub(crate) fn firefox() -> Res<PathBuf> {
    FIREFOX.installed()
}

/// WebKitGTK's driver with a display for it, for the smoke path.
pub(crate) fn webkit() -> Res<PathBuf> {
    DISPLAY.installed()?;
    WEBKIT.installed()
}

impl Needed {
    fn installed(&self) -> Res<PathBuf> {
        let Self { what, variable, names, packages } = self;
        if let Some(named) = env::var_os(variable) {
            let named = PathBuf::from(named);
            return if named.is_file() { Ok(named) } else { Err(format!("{variable} names {}, which is not a file", named.display())) };
        }
        if let Some(found) = find(names) {
            return Ok(found);
        }
        let advice =
            format!("{what} is missing: install it (Debian: apt-get install {}), or name the file in {variable}", packages.join(" "));
        if find(&["apt-get"]).is_none() || output(program("id").arg("-u")).as_deref() != Some("0") {
            return Err(advice);
        }
        println!("{what} is missing: installing {} with apt-get", packages.join(" "));
        run(program("apt-get").args(["update", "-q"]))?;
        run(program("apt-get")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(*packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
        .map_err(|_| advice.clone())?;
        find(names).ok_or(advice)
    }
}
