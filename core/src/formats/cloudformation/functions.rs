//! The intrinsic functions that make text and lists (CloudFormation user guide, intrinsic function reference). Where a part
//! is unknown, so is the whole, under the part's name.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::evaluate::Evaluator;
use crate::formats::cx::shown;
use crate::formats::value::{Kind, Value};
use crate::model::Span;

/// No value of a stack is longer (CloudFormation quotas: 4,096 bytes for a parameter).
const LONGEST: usize = 65_536;

impl Evaluator<'_, '_, '_> {
    /// `Fn::GetAtt`: what is known of a resource without making it.
    pub(super) fn attribute(&mut self, argument: &Value, span: Span) -> Value {
        let (resource, attribute) = match argument.items() {
            [resource, attribute] => (resource.text(), self.value(attribute).to_text()),
            [single] => match single.text().and_then(|text| text.split_once('.')) {
                Some((resource, attribute)) => (Some(resource), Some(attribute.to_owned())),
                None => (None, None),
            },
            _ => (None, None),
        };
        match (resource, attribute) {
            (Some(resource), Some(attribute)) => self.attribute_of(resource, &attribute, span),
            _ => self.unknown("!GetAtt", "a resource and an attribute", span),
        }
    }

    fn attribute_of(&mut self, name: &str, attribute: &str, span: Span) -> Value {
        let unresolved = format!("!GetAtt {}.{}", shown(name), shown(attribute));
        if let Some(resource) = self.template.resource(name) {
            let identity = match resource.kind {
                "AWS::EC2::SecurityGroup" => matches!(attribute, "GroupId" | "Id"),
                "AWS::EC2::NetworkAcl" => attribute == "Id",
                "AWS::EC2::PrefixList" => attribute == "PrefixListId",
                "AWS::EC2::Subnet" => attribute == "SubnetId",
                "AWS::EC2::VPC" => attribute == "VpcId",
                "AWS::EC2::RouteTable" => attribute == "RouteTableId",
                "AWS::EC2::NetworkInterface" => attribute == "Id",
                "AWS::EC2::Instance" => attribute == "InstanceId",
                "AWS::EC2::InternetGateway" => attribute == "InternetGatewayId",
                "AWS::EC2::LaunchTemplate" => attribute == "LaunchTemplateId",
                _ => false,
            };
            if identity {
                return Value::new(Kind::Reference(name.to_owned()), span);
            }
            if matches!(attribute, "DefaultSecurityGroup" | "DefaultNetworkAcl") {
                return Value::new(Kind::Reference(format!("{name}.{attribute}")), span);
            }
            if attribute == "CidrBlock"
                && let Some(block) = resource.property(attribute)
            {
                return Value { span, ..self.value(block) };
            }
        }
        self.unknown(&unresolved, &format!("the attribute `{}` of `{}` once it exists", shown(attribute), shown(name)), span)
    }

    /// `Fn::Sub`: text with `${Name}`, `${Name.Attribute}` and `${!literal}`.
    pub(super) fn substitute(&mut self, argument: &Value, span: Span) -> Value {
        let (text, variables) = match argument.items() {
            [text] => (text.text(), None),
            [text, variables] => (text.text(), Some(variables)),
            _ => (None, None),
        };
        let Some(text) = text else { return self.unknown("!Sub", "a text to fill in", span) };
        let mut made = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            made.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                made.push_str("${");
                made.push_str(literal);
                made.push('}');
                rest = behind;
                continue;
            }
            let name = name.trim();
            let value = match variables.and_then(|variables| variables.entries().iter().rev().find(|(key, _)| key == name)) {
                Some((_, value)) => self.value(value),
                None => match name.split_once('.') {
                    Some((resource, attribute)) => self.attribute_of(resource, attribute, span),
                    None => self.reference(name, span),
                },
            };
            // Alone it stands for itself, which may be a resource.
            if made.is_empty() && before.is_empty() && behind.is_empty() {
                return Value { span, ..value };
            }
            match self.text_in(&value, span) {
                Ok(part) => made.push_str(&part),
                Err(unknown) => return unknown,
            }
            if made.len() > LONGEST || !self.affords(made.len()) {
                return self.unknown("!Sub", "a text of usual length", span);
            }
            rest = behind;
        }
        made.push_str(rest);
        Value::new(Kind::Text(made), span)
    }

    /// `Fn::Join`.
    pub(super) fn join(&mut self, argument: &Value, span: Span) -> Value {
        let [delimiter, list] = argument.items() else { return self.unknown("!Join", "a delimiter and a list", span) };
        let delimiter = delimiter.text().unwrap_or_default();
        let list = self.value(list);
        if list.missing().is_some() {
            return Value { span, ..list };
        }
        let mut made = String::new();
        for (item, nth) in list.items().iter().zip(0_usize..) {
            match self.text_in(item, span) {
                Ok(part) => {
                    made.push_str(if nth == 0 { "" } else { delimiter });
                    made.push_str(&part);
                }
                Err(unknown) => return unknown,
            }
            if made.len() > LONGEST {
                return self.unknown("!Join", "a text of usual length", span);
            }
        }
        Value::new(Kind::Text(made), span)
    }

    /// `Fn::Split`.
    pub(super) fn split(&mut self, argument: &Value, span: Span) -> Value {
        let [delimiter, text] = argument.items() else { return self.unknown("!Split", "a delimiter and a text", span) };
        let text = self.value(text);
        match (delimiter.text().filter(|delimiter| !delimiter.is_empty()), self.text_in(&text, span)) {
            (_, Err(unknown)) => unknown,
            (Some(delimiter), Ok(text)) if self.affords(text.len()) => {
                Value::new(Kind::List(text.split(delimiter).map(|part| Value::new(Kind::Text(part.to_owned()), span)).collect()), span)
            }
            _ => self.unknown("!Split", "a delimiter and a text of usual length", span),
        }
    }

    /// `Fn::Select`.
    pub(super) fn select(&mut self, argument: &Value, span: Span) -> Value {
        let [index, list] = argument.items() else { return self.unknown("!Select", "an index and a list", span) };
        let (index, list) = (self.value(index), self.value(list));
        if let Some(unknown) = [&index, &list].into_iter().find(|value| value.missing().is_some()) {
            return Value { span, ..unknown.clone() };
        }
        let chosen = index.int().and_then(|index| usize::try_from(index).ok()).and_then(|index| list.items().get(index));
        match chosen {
            Some(chosen) => Value { span, ..chosen.clone() },
            None => self.unknown("!Select", "an index within the list", span),
        }
    }

    /// `Fn::FindInMap`. Where a key is unknown, the map still tells if all that it could choose is the same.
    pub(super) fn find_in_map(&mut self, argument: &Value, span: Span) -> Value {
        let [map, first, second, ..] = argument.items() else { return self.unknown("!FindInMap", "a map and two keys", span) };
        let keys = [self.value(map), self.value(first), self.value(second)];
        let [map, first, second] = &keys;
        let Some(mapping) = map.to_text().and_then(|map| self.template.mappings.get(&*map).copied()) else {
            let name = map.to_text().unwrap_or_default();
            return self.unknown(&format!("!FindInMap {}", shown(&name)), "a map that the template defines", span);
        };
        let (outer, nested) = (first.to_text(), second.to_text());
        let fits = |key: &Option<String>, name: &str| key.as_deref().is_none_or(|key| key == name);
        let (mut candidates, mut cost) = (Vec::new(), 0_usize);
        for (_, inner) in mapping.entries().iter().filter(|(name, _)| fits(&outer, name)) {
            cost = cost.saturating_add(inner.entries().len());
            candidates.extend(inner.entries().iter().filter(|(name, _)| fits(&nested, name)).map(|(_, value)| value));
        }
        if !self.affords(mapping.entries().len().saturating_add(cost)) {
            return self.unknown("!FindInMap", "a map of usual size", span);
        }
        match candidates.split_first() {
            Some((value, others)) if others.iter().all(|other| other.kind == value.kind) => Value { span, ..self.value(value) },
            Some(_) => {
                let missing = [first, second].into_iter().find(|key| key.to_text().is_none());
                missing.map_or_else(|| self.unknown("!FindInMap", "keys of the map", span), |key| self.as_unknown(key, span))
            }
            None => {
                let name = keys.iter().filter_map(Value::to_text).collect::<Vec<_>>().join(", ");
                self.unknown(&format!("!FindInMap [{}]", shown(&name)), "an entry of the map under these keys", span)
            }
        }
    }

    /// `Fn::Cidr`: the first subnets of a block, each with that many bits for its hosts.
    pub(super) fn subnets(&mut self, argument: &Value, span: Span) -> Value {
        let (block, rest) = match argument.items() {
            [block, rest @ ..] if !rest.is_empty() => (self.value(block), rest),
            _ => return self.unknown("!Cidr", "a block and a number of subnets", span),
        };
        let rest: Vec<Value> = rest.iter().map(|value| self.value(value)).collect();
        if let Some(unknown) = std::iter::once(&block).chain(&rest).find(|value| value.missing().is_some()) {
            return Value { span, ..unknown.clone() };
        }
        let number = |nth: usize| rest.get(nth).and_then(Value::int);
        let made = block.text().and_then(|text| text.trim().parse().ok()).and_then(|block: IpNet| {
            let bits = u8::try_from(number(1).unwrap_or(8)).ok()?;
            let count = usize::try_from(number(0)?).ok()?.min(256);
            subnets(block, bits, count)
        });
        match made {
            Some(made) => Value::new(Kind::List(made.into_iter().map(|net| Value::new(Kind::Text(net), span)).collect()), span),
            None => self.unknown("!Cidr", "a block that can be divided so", span),
        }
    }

    /// The text of a value inside another text.
    fn text_in(&self, value: &Value, span: Span) -> Result<String, Value> {
        value.to_text().ok_or_else(|| self.as_unknown(value, span))
    }

    /// A value that is no text as what is missing.
    fn as_unknown(&self, value: &Value, span: Span) -> Value {
        match &value.kind {
            Kind::Unknown(_) => Value { span, ..value.clone() },
            Kind::Reference(name) => {
                self.unknown(&format!("!Ref {}", shown(name)), &format!("what `{}` is once it exists", shown(name)), span)
            }
            _ => self.unknown("a text that could not be put together", "the text itself", span),
        }
    }
}

fn subnets(block: IpNet, bits: u8, count: usize) -> Option<Vec<String>> {
    let length = block.max_prefix_len().checked_sub(bits)?;
    let made: Vec<String> = match block {
        IpNet::V4(net) => net.subnets(length).ok()?.take(count).map(|net: Ipv4Net| net.to_string()).collect(),
        IpNet::V6(net) => net.subnets(length).ok()?.take(count).map(|net: Ipv6Net| net.to_string()).collect(),
    };
    (made.len() == count).then_some(made)
}
