//! The short tags of CloudFormation's YAML and the keys they stand for (CloudFormation user guide, intrinsic function
//! reference): `!Ref x` is `{"Ref": x}`, `!Sub x` is `{"Fn::Sub": x}`.

use std::borrow::Cow;

const FUNCTIONS: [&str; 18] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// The key that a tag stands for. A tag that nobody knows, such as Ansible's `!vault`, is its own key, so that its value is
/// not taken for a literal.
pub(super) fn long(tag: &str) -> Cow<'static, str> {
    let name = tag.strip_prefix('!').unwrap_or(tag);
    match name {
        "Ref" => Cow::Borrowed("Ref"),
        "Condition" => Cow::Borrowed("Condition"),
        _ => match FUNCTIONS.iter().find(|function| function.strip_prefix("Fn::") == Some(name)) {
            Some(function) => Cow::Borrowed(function),
            None => Cow::Owned(tag.to_owned()),
        },
    }
}
