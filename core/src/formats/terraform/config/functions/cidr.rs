//! Functions that calculate with addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{list, words};
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// Calls a function on addresses; `None` where it is no such function or its arguments don't fit.
pub(super) fn apply(name: &str, arguments: &[Value], span: Span) -> Option<Kind> {
    let number = |at: usize| arguments.get(at)?.int();
    let net = || words(arguments, 0)?.parse::<IpNet>().ok().map(|net| net.trunc());
    let text = |net: IpNet| Kind::Text(net.to_string());
    match name {
        "cidrsubnet" => {
            let (net, bits, index) = (net()?, u8::try_from(number(1)?).ok()?, u128::try_from(number(2)?).ok()?);
            // An index that needs more bits than there are is refused.
            let largest = 1_u128.checked_shl(u32::from(bits)).unwrap_or(u128::MAX);
            (index < largest).then_some(())?;
            subnet(net, net.prefix_len().checked_add(bits)?, index, true).map(text)
        }
        "cidrsubnets" => {
            let net = net()?;
            let mut free = first(net);
            let mut subnets = Vec::new();
            for bits in arguments.get(1..)? {
                let prefix = net.prefix_len().checked_add(u8::try_from(bits.int()?).ok()?)?;
                let size = 1_u128.checked_shl(u32::from(net.max_prefix_len().checked_sub(prefix)?))?;
                let start = free.checked_next_multiple_of(size)?;
                subnets.push(Value::new(text(made(net, start, prefix)?), span));
                free = start.checked_add(size)?;
            }
            Some(list(subnets))
        }
        "cidrhost" => {
            let (net, index) = (net()?, i128::from(number(1)?));
            // Negative numbers count from the end.
            let size = 1_i128.checked_shl(u32::from(net.max_prefix_len().checked_sub(net.prefix_len())?))?;
            let host = if index < 0 { size.checked_add(index)? } else { index };
            let address = subnet(net, net.max_prefix_len(), u128::try_from(host).ok()?, false)?.addr();
            Some(Kind::Text(address.to_string()))
        }
        "cidrnetmask" => match net()? {
            IpNet::V4(net) => Some(Kind::Text(net.netmask().to_string())),
            IpNet::V6(_) => None,
        },
        _ => None,
    }
}

/// The `index`th network of a prefix length inside another.
fn subnet(net: IpNet, prefix: u8, index: u128, check: bool) -> Option<IpNet> {
    let size = 1_u128.checked_shl(u32::from(net.max_prefix_len().checked_sub(prefix)?))?;
    let start = first(net).checked_add(size.checked_mul(index)?)?;
    let made = made(net, start, prefix)?;
    (check || net.contains(&made.addr())).then_some(made)
}

fn first(net: IpNet) -> u128 {
    match net.network() {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

fn made(like: IpNet, start: u128, prefix: u8) -> Option<IpNet> {
    let address = match like {
        IpNet::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(start).ok()?)),
        IpNet::V6(_) => IpAddr::V6(Ipv6Addr::from(start)),
    };
    let made = IpNet::new(address, prefix).ok()?;
    like.contains(&made).then_some(made)
}
