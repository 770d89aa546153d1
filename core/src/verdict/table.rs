//! The decision table: the one place that says what is dangerous.

use std::fmt;

use super::{Reach, Scope, Service, Verdict, Width};
use crate::catalog::Severity;

/// Which column of the table holds for a width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Nobody.
    #[default]
    Nobody,
    /// Private, or members of groups.
    Inside,
    /// Private, wider than a /16.
    WidePrivate,
    /// Public, up to 256 addresses.
    SmallPublic,
    /// Public, more than 256 addresses.
    Public,
    /// Broad-public.
    BroadPublic,
    /// The internet.
    Internet,
}

impl Column {
    /// All of them, the widest first, as the table is shown.
    pub const ALL: [Self; 7] =
        [Self::Internet, Self::BroadPublic, Self::Public, Self::SmallPublic, Self::WidePrivate, Self::Inside, Self::Nobody];
}

/// Why a verdict is what it is: the row and the column that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The table, by severity and column.
    Table(Severity, Column),
    /// All protocols or all ports, from very wide sources.
    Everything(Scope, Column),
    /// A UDP service that amplifies, from the internet.
    Amplifier,
    /// Port 80 open to the internet without 443 beside it.
    HttpAlone,
    /// Port 80 open to the internet, with 443 beside it.
    HttpRedirect,
    /// ICMP redirects.
    Redirects,
    /// All of ICMP, where the platform can't name types.
    IcmpAsAWhole,
    /// It would be dangerous if this filter were the last.
    OuterLayer,
    /// It would be worse if the other layers before the same interfaces were not there.
    OtherLayers(Verdict),
    /// Outbound traffic, which never makes a policy dangerous by itself.
    Egress,
    /// Outbound to everywhere, written by hand, where data is served.
    EgressFromData,
    /// Outbound to everywhere as the platform creates it.
    EgressStock,
}

impl Reason {
    /// The cell of the table that decided, if one did.
    pub const fn cell(&self) -> Option<(Severity, Column)> {
        match self {
            Self::Table(severity, column) => Some((*severity, *column)),
            _ => None,
        }
    }
}

/// The table itself.
pub const fn table(severity: Severity, column: Column) -> Verdict {
    use Column as C;
    use Severity as S;
    match (severity, column) {
        (S::Critical | S::High, C::Internet | C::BroadPublic) => Verdict::Dangerous,
        (S::Critical, C::Public | C::SmallPublic | C::WidePrivate) | (S::High, C::Public) => Verdict::Caution,
        (S::Medium, C::Internet | C::BroadPublic) => Verdict::Caution,
        _ => Verdict::Secure,
    }
}

/// The columns that hold for a width, the public one first.
pub fn columns(width: &Width) -> Vec<Column> {
    let mut columns = Vec::with_capacity(2);
    match width.reach() {
        Reach::Internet => columns.push(Column::Internet),
        Reach::BroadPublic => columns.push(Column::BroadPublic),
        Reach::Public if width.is_small_public() => columns.push(Column::SmallPublic),
        Reach::Public => columns.push(Column::Public),
        Reach::Nobody => return vec![Column::Nobody],
        Reach::Private | Reach::Group | Reach::Unknown => {}
    }
    if width.is_wide_private() {
        columns.push(Column::WidePrivate);
    } else if width.has_private() || width.symbols.is_some() {
        columns.push(Column::Inside);
    }
    columns
}

/// What is known about an exposure beside its own ports and sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// TCP 80 is among the ports.
    pub http: bool,
    /// TCP 443 is open to at least the same sources in the same policy.
    pub https_too: bool,
    /// A UDP service among the ports amplifies.
    pub amplifies: bool,
    /// The platform can't name ICMP types, so all of them is the only way to admit one.
    pub icmp_as_a_whole: bool,
    /// Another filter stands behind this one on every interface.
    pub outer_layer: bool,
}

/// The verdict on inbound traffic to a service from sources of a width, with the reason.
pub fn inbound(service: &Service, width: &Width, beside: Beside) -> (Verdict, Reason) {
    let mut worst = (Verdict::Secure, Reason::Table(service.severity, Column::Nobody));
    for column in columns(width) {
        let told = in_column(service, column, beside);
        let told = if beside.outer_layer && told.0 > Verdict::Caution { (Verdict::Caution, Reason::OuterLayer) } else { told };
        // On a tie the first, wider column is the one to name.
        if told.0 > worst.0 || worst.1 == Reason::Table(service.severity, Column::Nobody) {
            worst = told;
        }
    }
    worst
}

fn in_column(service: &Service, column: Column, beside: Beside) -> (Verdict, Reason) {
    let everything = matches!(service.scope, Scope::AllProtocols | Scope::AllPorts);
    if everything && column >= Column::BroadPublic {
        return (Verdict::Dangerous, Reason::Everything(service.scope, column));
    }
    if beside.amplifies && column == Column::Internet {
        return (Verdict::Dangerous, Reason::Amplifier);
    }
    if service.scope == Scope::AllMessages && beside.icmp_as_a_whole {
        return (Verdict::Secure, Reason::IcmpAsAWhole);
    }
    if service.scope == Scope::Redirects && column > Column::Inside {
        return (Verdict::Caution, Reason::Redirects);
    }
    let verdict = table(service.severity, column);
    if beside.http && column == Column::Internet && verdict <= Verdict::Caution {
        return if !beside.https_too {
            (Verdict::Caution, Reason::HttpAlone)
        } else if verdict == Verdict::Secure {
            (verdict, Reason::HttpRedirect)
        } else {
            (verdict, Reason::Table(service.severity, column))
        };
    }
    (verdict, Reason::Table(service.severity, column))
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "nobody",
            Self::Inside => "private addresses or group members only",
            Self::WidePrivate => "private networks wider than a /16",
            Self::SmallPublic => "at most 256 public addresses",
            Self::Public => "more than 256 public addresses",
            Self::BroadPublic => "65,536 public addresses or more",
            Self::Internet => "the internet",
        })
    }
}

impl fmt::Display for Reason {
    /// The sentence that answers "why this verdict?".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(_, Column::Nobody) => f.write_str("nobody can be a source, so nothing is reached"),
            Self::Table(severity, column) => {
                write!(f, "a service of {severity} severity that is open to {column} is {}", table(*severity, *column))
            }
            Self::Everything(Scope::AllProtocols, column) => {
                write!(f, "every protocol open to {column} is dangerous, whatever listens today")
            }
            Self::Everything(_, column) => write!(f, "every port open to {column} is dangerous, whatever listens today"),
            Self::Amplifier => f.write_str(
                "a UDP service that amplifies is dangerous when it is open to the internet, even where it is meant to be public",
            ),
            Self::HttpAlone => {
                f.write_str("port 80 open to the internet calls for caution while 443 is not open to at least the same sources")
            }
            Self::HttpRedirect => f.write_str("port 80 beside 443 is secure, only to redirect to HTTPS"),
            Self::Redirects => f.write_str("ICMP redirects from outside can bend routes, so they call for caution"),
            Self::IcmpAsAWhole => f.write_str("all of ICMP is open, and this platform can't name single types"),
            Self::OuterLayer => f.write_str("this layer lets it through, and a security group stands behind it, so it calls for caution"),
            Self::OtherLayers(Verdict::Secure) => {
                f.write_str("this layer lets it through, and the ones behind it close it at every interface")
            }
            Self::OtherLayers(_) => f.write_str(
                "this policy lets it through, and only the other layers before its interfaces close it, so it calls for caution",
            ),
            Self::Egress => f.write_str("outbound traffic never makes a policy dangerous by itself"),
            Self::EgressFromData => f.write_str("a rule for everything outbound, written by hand where data is served, calls for caution"),
            Self::EgressStock => f.write_str("everything outbound is what the platform allows by default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_documented_one() {
        use Column as C;
        use Severity as S;
        let order = [C::Internet, C::BroadPublic, C::Public, C::SmallPublic, C::WidePrivate, C::Inside];
        let row = |severity| order.map(|column| table(severity, column).as_str().chars().next().unwrap()).iter().collect::<String>();
        assert_eq!(row(S::Critical), "ddcccs");
        assert_eq!(row(S::High), "ddcsss");
        assert_eq!(row(S::Medium), "ccssss");
        assert_eq!(row(S::Low), "ssssss");
        assert_eq!(row(S::Info), "ssssss");
    }
}
