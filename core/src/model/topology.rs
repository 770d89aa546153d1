//! The network around the policies: which interface carries what, who has a public address, which subnet faces the internet.
//!
//! Facts name each other by id, or by their address in a template; nothing here is resolved. What [`is_local`] says of a name is
//! where it holds.

use super::{Place, Unresolved};
use crate::space::AddressSet;

/// One thing of the network that a text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A network interface.
    Interface(Interface),
    /// A subnet.
    Subnet(Subnet),
    /// A route table.
    Routes(RouteTable),
    /// A NAT gateway.
    Nat(Nat),
    /// A public address of Azure.
    PublicIp(PublicIp),
    /// What hands traffic on to instances of Google Cloud.
    Front(Front),
    /// Instances of Google Cloud that traffic is handed on to.
    Pool(Pool),
    /// A policy that stands at the border of something.
    Attachment(Attachment),
}

impl Interface {
    /// Every group of which it is a member.
    pub fn memberships(&self) -> impl Iterator<Item = &Box<str>> {
        self.policies.iter().chain(&self.groups)
    }
}

impl Fact {
    /// Where it stands.
    pub const fn at(&self) -> Place {
        match self {
            Self::Interface(interface) => interface.at,
            Self::Subnet(subnet) => subnet.at,
            Self::Routes(table) => table.at,
            Self::Nat(gateway) => gateway.at,
            Self::PublicIp(address) => address.at,
            Self::Front(front) => front.at,
            Self::Pool(pool) => pool.at,
            Self::Attachment(attachment) => attachment.at,
        }
    }
}

/// Whose network it is; the platforms differ in what stands before an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// Groups on interfaces, an ACL around every subnet.
    Aws,
    /// Network security groups on interfaces and around subnets, each optional.
    Azure,
    /// Firewall rules of the network, which choose the instances they are for.
    Gcp,
}

/// Whether an interface has a public IPv4 address. Of two texts the one that says more counts, which is the later of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicAddress {
    /// The subnet decides.
    BySubnet,
    /// It depends on what is not in the text.
    Untold,
    /// It has none.
    No,
    /// It has one.
    Yes,
}

impl From<bool> for PublicAddress {
    fn from(has: bool) -> Self {
        if has { Self::Yes } else { Self::No }
    }
}

/// Whether a name holds in its own document only: logical ids of CloudFormation are alphanumeric (template reference,
/// `Resources`), those of Bicep have underscores, too, names of ARM templates begin with a type, and what a template leaves open
/// begins with the function that asks for it. Names of platforms and of Terraform have dashes or dots, or begin with a slash.
pub fn is_local(name: &str) -> bool {
    let own = name.split([' ', '/']).next().unwrap_or_default();
    name.starts_with('!')
        || name.starts_with("Microsoft.")
        || !own.is_empty() && own.chars().all(|letter| letter.is_alphanumeric() || "_[]".contains(letter))
}

/// A network interface, or what has exactly one and hides it, such as a database instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Whose it is.
    pub cloud: Cloud,
    /// The platform's identifier, or its address in a template.
    pub id: Box<str>,
    /// What people call it or the machine it belongs to.
    pub name: Option<Box<str>>,
    /// The machine it belongs to, by its identifier.
    pub carrier: Option<Box<str>>,
    /// Where it stands.
    pub at: Place,
    /// The network it is in.
    pub network: Option<Box<str>>,
    /// The subnet it is in.
    pub subnet: Option<Box<str>>,
    /// The policies on it.
    pub policies: Vec<Box<str>>,
    /// Groups that it is a member of beside its policies, such as application security groups, tags and service accounts.
    pub groups: Vec<Box<str>>,
    /// What is missing to know all of these groups.
    pub more_groups: Option<Box<Unresolved>>,
    /// The region it is in, where rules ask for it.
    pub region: Option<Box<str>>,
    /// Its own addresses: private IPv4 ones, and IPv6.
    pub addresses: AddressSet,
    /// Whether it has a public IPv4 address.
    pub public: PublicAddress,
    /// The public addresses that stand apart from it, by identifier or address; of Azure only.
    pub public_ips: Vec<Box<str>>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The platform's identifier, or its address in a template.
    pub id: Box<str>,
    /// What people call it.
    pub name: Option<Box<str>>,
    /// Where it stands.
    pub at: Place,
    /// The network it is in.
    pub network: Option<Box<str>>,
    /// Its addresses.
    pub addresses: AddressSet,
    /// Whether interfaces get a public IPv4 address by default; `None` where the text does not say.
    pub gives_public: Option<bool>,
}

/// A route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// The platform's identifier, or its address in a template.
    pub id: Box<str>,
    /// Where it stands.
    pub at: Place,
    /// The network it is in.
    pub network: Option<Box<str>>,
    /// Whether it holds for the subnets of the network that have no table of their own.
    pub main: bool,
    /// The subnets it is associated with.
    pub subnets: Vec<Box<str>>,
    /// The destinations whose most specific route leads to an internet gateway: only from there can the internet come in, since
    /// replies take the same way.
    pub internet: AddressSet,
    /// The destinations that are routed to somewhere that is not in the text and may pass the internet on, such as a transit
    /// gateway.
    pub elsewhere: AddressSet,
    /// Whether a route leads to a NAT gateway.
    pub to_nat: bool,
    /// Whether some route's destination or target is not known.
    pub open: bool,
}

/// What kind of public address it is: without a network security group a basic one is open, a standard one is closed to what comes
/// in (Azure documentation, "Public IP addresses", the comparison of SKUs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sku {
    /// Open unless a group closes it.
    Basic,
    /// Closed unless a group opens it.
    Standard,
}

impl Sku {
    /// Reads a name in any letter case; `StandardV2` closes as well.
    pub fn read(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.starts_with("standard") { Some(Self::Standard) } else { (name == "basic").then_some(Self::Basic) }
    }
}

/// A public address of Azure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicIp {
    /// The platform's identifier, or its address in a template.
    pub id: Box<str>,
    /// Where it stands.
    pub at: Place,
    /// Its kind; `None` where the text does not say, since what is chosen then depends on the version of the API or provider.
    pub sku: Option<Sku>,
}

/// A forwarding rule of Google Cloud with an external address. Instances behind it need none of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// What people call it.
    pub name: Box<str>,
    /// Where it stands.
    pub at: Place,
    /// The region of what it hands traffic on to, where the text says so.
    pub region: Option<Box<str>>,
    /// What it hands traffic on to: a pool by identifier or address, or something that is no pool, such as a proxy.
    pub to: Box<str>,
    /// Whether it hands on every port.
    pub all_ports: bool,
    /// The ports of its address, such as `443` or `80-90`, where the text says so.
    pub ports: Option<Box<str>>,
}

/// What a forwarding rule leads to: a target pool, a target instance, a backend service, an instance group, or a proxy or URL map
/// before these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The platform's identifier, or its address in a template.
    pub id: Box<str>,
    /// Where it stands.
    pub at: Place,
    /// The instances in it, by identifier, address or name.
    pub instances: Vec<Box<str>>,
    /// What it hands traffic on to in its turn, by identifier or address.
    pub onward: Vec<Box<str>>,
    /// Whether others may be in it.
    pub open: bool,
    /// What it makes of connections, where it ends them and begins its own.
    pub relay: Option<Relay>,
}

/// What a proxy hands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relay {
    /// Requests of HTTP.
    Requests,
    /// Whatever clients send.
    Bytes,
}

/// A NAT gateway: it begins connections for others, and lets nothing in by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nat {
    /// The subnet it is in.
    pub subnet: Box<str>,
    /// Where it stands.
    pub at: Place,
}

/// A policy at the border of a subnet, or on an interface that does not name it itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The policy, by its identifier or address.
    pub policy: Box<str>,
    /// What it stands before.
    pub to: Border,
    /// Where that is written.
    pub at: Place,
}

/// What a policy stands before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Border {
    /// A subnet.
    Subnet(Box<str>),
    /// An interface.
    Interface(Box<str>),
    /// Nothing: the text shows that it is in use nowhere.
    Nowhere,
    /// Every subnet of a network that has no policy of its own, as the default ACL.
    Network(Box<str>),
    /// The same, and the policy admits everything, as the default ACL does where a text makes the network and adds nothing to it.
    OpenNetwork(Box<str>),
    /// Instances of a network of Google Cloud.
    Instances(Instances),
}

/// Whom firewall rules of Google Cloud are for: every part must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances {
    /// Those of a network, as `project/name`, or its name where the text does not say the project; `None` where the text does not
    /// say which networks.
    pub network: Option<Box<str>>,
    /// Those in a region.
    pub region: Option<Box<str>>,
    /// Those with a tag or a service account.
    pub member: Option<Box<str>>,
    /// Those with a secure tag, which no listing of instances has.
    pub secure_tag: Option<Box<str>>,
}
