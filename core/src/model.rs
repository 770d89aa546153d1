//! What every format is normalised into: policies of rules. Plain data, no behaviour beyond naming.

pub mod approval;
mod protocol;
pub mod topology;

use std::fmt;

use ipnet::IpNet;

use crate::space::{AddressSet, PortSet};
pub use protocol::{Protocol, protocol_name, protocol_number};

/// Bytes `start..end` of a document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// Where something stands: a document of the review, and the bytes there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index of the document in the review.
    pub document: u32,
    /// The bytes.
    pub span: Span,
}

/// Which way the first packet of a connection travels, seen from the protected side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards what the policy protects.
    Ingress,
    /// Away from it.
    Egress,
}

/// What a rule does with a packet it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Lets it pass.
    Allow,
    /// Drops it.
    Deny,
    /// Leaves it to the next layer of the policy: the rest of this layer is passed over.
    Next,
}

/// Who put a rule there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A person or a tool wrote it.
    Written,
    /// It is what the platform creates by itself, such as the allow-all egress of a new security group.
    Stock,
    /// It is not in the text: the platform adds it, such as the default rules of a network security group.
    Implied,
}

/// What a rule selects inside its protocol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ports {
    /// Everything: all ports, all ICMP types, or a protocol that has neither.
    All,
    /// Destination ports `first..=last`.
    Range(u16, u16),
    /// Several ranges of destination ports.
    Set(Box<PortSet>),
    /// One ICMP type, with one code or all of them.
    Icmp(u8, Option<u8>),
    /// Nothing, as a range that is upside down.
    Nothing,
}

impl Ports {
    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Range(first, last) => first > last,
            Self::Set(set) => set.is_empty(),
            Self::Nothing => true,
            Self::All | Self::Icmp(..) => false,
        }
    }
}

/// The other end of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peer {
    /// Every address of both families.
    Any,
    /// One prefix, host bits cleared.
    Net(IpNet),
    /// A set of addresses that has a name, such as a prefix list whose entries were pasted.
    Named(Box<NamedSet>),
    /// Whoever carries a name: a group, a tag.
    Symbol(Box<Symbol>),
    /// Something whose value is not in the text; it could be anything.
    Unresolved(Box<Unresolved>),
    /// Several of the above.
    Union(Vec<Self>),
    /// No one, as a reference to a group that was deleted.
    Nobody(Box<str>),
}

/// Addresses under a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedSet {
    /// What the text calls them.
    pub name: Box<str>,
    /// The addresses.
    pub set: AddressSet,
}

/// What the members of a symbol are, as far as that is known without their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SymbolKind {
    /// Interfaces of a group, or instances with a tag or a service account.
    Group,
    /// The provider's own probes and brokers: no one else's traffic.
    Platform,
    /// The virtual network and what is connected to it; it may include more than the network.
    Network,
    /// A service that serves many customers, more than 256 public addresses.
    SharedService,
    /// Public addresses of a whole provider: other customers are inside.
    Provider,
}

/// A set of addresses known by name only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    /// What its members are.
    pub kind: SymbolKind,
    /// The identity two references share: an id, or a name where there is no id.
    pub id: Box<str>,
    /// The account that owns it, where the text says so.
    pub account: Option<Box<str>>,
}

/// A value that the text does not contain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unresolved {
    /// What is missing, as the text names it.
    pub name: Box<str>,
    /// What would settle it, as a noun phrase.
    pub would_settle: Box<str>,
}

/// The protected end of a rule, where a platform can narrow it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Local {
    /// Everything the policy is attached to.
    Any,
    /// Only these addresses.
    Addresses(Box<AddressSet>),
    /// Only members of a group.
    Symbol(Box<Symbol>),
}

/// One line of a policy after normalisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The platform's identifier of the rule, such as `sgr-…`.
    pub id: Option<Box<str>>,
    /// What people call it.
    pub name: Option<Box<str>>,
    /// The resource's name in a template or plan.
    pub address: Option<Box<str>>,
    /// What its author wrote about it.
    pub description: Option<Box<str>>,
    /// The text that decides, usually the peer.
    pub at: Place,
    /// Which way.
    pub direction: Direction,
    /// Pass or drop.
    pub action: Action,
    /// Which protocol.
    pub protocol: Protocol,
    /// Which destination ports, or which ICMP messages.
    pub ports: Ports,
    /// Which source ports, where a platform can ask; `None` is any.
    pub source_ports: Option<Box<PortSet>>,
    /// The other end.
    pub peer: Peer,
    /// This end.
    pub local: Local,
    /// Lower decides first, on platforms that order rules.
    pub priority: Option<u32>,
    /// Which layer of the policy it belongs to, lower first; all 0 where a policy has one.
    pub layer: u16,
    /// It belongs to a wider policy and is here because it is evaluated together with this one's rules.
    pub inherited: bool,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Who put it there.
    pub origin: Origin,
    /// Something in the rule was not understood: it matches at most what its fields say, perhaps nothing.
    pub doubt: Option<Box<Unresolved>>,
}

impl Rule {
    /// An allow rule for everything from `peer`, to be narrowed by the caller.
    pub fn allow(direction: Direction, peer: Peer, at: Place) -> Self {
        Self {
            id: None,
            name: None,
            address: None,
            description: None,
            at,
            direction,
            action: Action::Allow,
            protocol: Protocol::Any,
            ports: Ports::All,
            source_ports: None,
            peer,
            local: Local::Any,
            priority: None,
            layer: 0,
            inherited: false,
            disabled: false,
            origin: Origin::Written,
            doubt: None,
        }
    }

    /// Whether it allows every protocol to or from a whole address family.
    pub fn is_allow_all(&self) -> bool {
        let everyone = match &self.peer {
            Peer::Any => true,
            Peer::Net(net) => net.prefix_len() == 0,
            _ => false,
        };
        self.action == Action::Allow && self.protocol == Protocol::Any && everyone
    }

    /// Whether two rules match the same packets and do the same with them, wherever they stand.
    pub fn same_effect(&self, other: &Self) -> bool {
        (self.direction, self.action, self.protocol, self.disabled) == (other.direction, other.action, other.protocol, other.disabled)
            && self.ports == other.ports
            && self.peer == other.peer
            && self.source_ports == other.source_ports
            && self.local == other.local
            && self.layer == other.layer
            && self.doubt == other.doubt
    }
}

/// What kind of thing a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// An AWS security group: the union of its allow rules, stateful.
    AwsSecurityGroup,
    /// An AWS network ACL: the first rule by number decides, stateless; security groups stand behind it.
    AwsNetworkAcl,
    /// An Azure network security group: the first rule by priority decides, stateful.
    AzureNetworkSecurityGroup,
    /// The firewall rules of a Google Cloud network, for all instances or one target: by priority, deny before allow.
    GcpFirewall,
    /// The packet filter of one host (iptables, nftables, ufw), with its chains followed: the first rule decides, stateful.
    HostFirewall,
}

/// How the rules of a policy combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Every allow counts, whatever stands where.
    Union,
    /// The lowest number decides.
    FirstMatch,
    /// The lowest number decides, and of equal ones a deny.
    DenyFirst,
}

impl PolicyKind {
    /// The stable identifier in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AwsSecurityGroup => "aws-security-group",
            Self::AwsNetworkAcl => "aws-network-acl",
            Self::AzureNetworkSecurityGroup => "azure-network-security-group",
            Self::GcpFirewall => "gcp-firewall",
            Self::HostFirewall => "host-firewall",
        }
    }

    /// What a person calls one.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwsSecurityGroup => "security group",
            Self::AwsNetworkAcl => "network ACL",
            Self::AzureNetworkSecurityGroup => "network security group",
            Self::GcpFirewall => "firewall",
            Self::HostFirewall => "host firewall",
        }
    }

    /// Whether it belongs to AWS.
    pub const fn is_aws(self) -> bool {
        matches!(self, Self::AwsSecurityGroup | Self::AwsNetworkAcl)
    }

    /// How its rules combine.
    pub const fn order(self) -> Order {
        match self {
            Self::AwsSecurityGroup => Order::Union,
            Self::AwsNetworkAcl | Self::AzureNetworkSecurityGroup | Self::HostFirewall => Order::FirstMatch,
            Self::GcpFirewall => Order::DenyFirst,
        }
    }

    /// Whether another filter stands behind it on every interface, so that it is never the last word.
    pub const fn is_outer_layer(self) -> bool {
        matches!(self, Self::AwsNetworkAcl)
    }

    /// Whether it keeps nothing in mind: the reply to what it admits needs a rule of its own (AWS VPC User Guide, network
    /// ACLs).
    pub const fn is_stateless(self) -> bool {
        matches!(self, Self::AwsNetworkAcl)
    }

    /// Whether its rules can name single ICMP types.
    pub const fn names_icmp_types(self) -> bool {
        matches!(self, Self::AwsSecurityGroup | Self::AwsNetworkAcl | Self::HostFirewall)
    }
}

/// A set of rules that are evaluated together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What kind of thing it is.
    pub kind: PolicyKind,
    /// The platform's identifier.
    pub id: Option<Box<str>>,
    /// What people call it.
    pub name: Option<Box<str>>,
    /// The resource's name in a template or plan.
    pub address: Option<Box<str>>,
    /// Where it stands.
    pub at: Place,
    /// The rules, in the order of the text.
    pub rules: Vec<Rule>,
    /// Whether the text shows all of it: a change event or a single permission list shows only a part.
    pub partial: bool,
}

impl Policy {
    /// How a sentence names it: the name, else the id, else its kind.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.id.as_deref()).or(self.address.as_deref()).unwrap_or(self.kind.title())
    }

    /// How a sentence names it with its kind, such as `the network ACL public`.
    pub fn called(&self) -> String {
        format!("the {} {}", self.kind.title(), self.label())
    }

    /// Whether `symbol` is this policy itself: templates name groups by their address there.
    pub fn is_self(&self, symbol: &Symbol) -> bool {
        let symbol = Some(&*symbol.id);
        self.id.as_deref().or(self.name.as_deref()) == symbol || self.address.as_deref() == symbol
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Net(net) => write!(f, "{net}"),
            Self::Named(named) => f.write_str(&named.name),
            Self::Symbol(symbol) => f.write_str(&symbol.id),
            Self::Unresolved(missing) => f.write_str(&missing.name),
            Self::Nobody(what) => f.write_str(what),
            Self::Union(peers) => {
                for (i, peer) in peers.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{peer}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Symbol(symbol) => f.write_str(&symbol.id),
            Self::Addresses(set) => {
                let nets: Vec<String> = set.to_nets().iter().map(ToString::to_string).collect();
                f.write_str(&nets.join(", "))
            }
        }
    }
}
