//! `portcullis ports`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use portcullis_core::catalog::{self, Entry, PortClass};

/// The call.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A port number, a service's name, or a category; without one the whole catalog.
    #[arg(value_name = "NUMBER|NAME|CATEGORY")]
    what: Option<String>,
}

/// Prints what the catalog says.
pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let what = arguments.what.as_deref().unwrap_or_default().trim().to_lowercase();
    let number: Option<u16> = what.parse().ok();
    if number.is_none() && !what.is_empty() && what.bytes().all(|byte| byte.is_ascii_digit()) {
        eprintln!("portcullis: `{what}` is no port; ports are 0 to 65535");
        return Ok(ExitCode::from(2));
    }
    let found = catalog::search(&what);
    if let Some(port) = number {
        writeln!(out, "{port} is a {}", PortClass::of(port).describe())?;
    }
    if found.is_empty() {
        writeln!(out, "the catalog knows no service there; such a port counts as unlisted, of medium severity")?;
    }
    // One entry is explained, several are listed.
    if number.is_some() || found.len() <= 3 {
        found.iter().try_for_each(|entry| explain(entry, &mut out))?;
    } else {
        found.iter().try_for_each(|entry| {
            writeln!(
                out,
                "{:<13} {:<8} {:<9} {:<24} {}",
                ports(entry),
                protocols(entry),
                entry.severity,
                entry.category.as_str(),
                entry.name
            )
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(entry: &Entry, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}/{}  {} ({}, {})", ports(entry), protocols(entry), entry.name, entry.category.as_str(), entry.severity)?;
    writeln!(out, "  open to the internet: {}", entry.risk)?;
    writeln!(out, "  instead: {}", entry.alternative)?;
    if !entry.lists.is_empty() {
        writeln!(out, "  listed by: {}", entry.lists.join(", "))?;
    }
    Ok(())
}

fn ports(entry: &Entry) -> String {
    if entry.first == entry.last { entry.first.to_string() } else { format!("{}-{}", entry.first, entry.last) }
}

const fn protocols(entry: &Entry) -> &'static str {
    match (entry.tcp, entry.udp) {
        (true, true) => "tcp+udp",
        (true, false) => "tcp",
        _ => "udp",
    }
}
