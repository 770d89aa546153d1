//! CloudFormation and SAM templates, JSON and YAML: security groups, network ACLs and prefix lists, and the network around
//! them, with their parameters, mappings, conditions and functions evaluated as far as the text carries (CloudFormation user guide, template reference).

mod acl;
mod addresses;
mod conditions;
mod evaluate;
mod functions;
mod group;
mod interface;
mod network;
mod peer;
mod template;
mod ways;

use super::cx::{Cx, shown};
use super::value::{Kind, Value};
use super::{Read, TreeReader};
use crate::document::Format;
use crate::syntax::yaml;

use evaluate::Evaluator;
use template::Template;

static FORMAT: Format =
    Format {
        id: "aws-cloudformation-template", title: "CloudFormation template", from: "aws cloudformation get-template --stack-name …"
    };

pub(super) static TEMPLATES: TreeReader = TreeReader { format: &FORMAT, detect, read };

fn detect(root: &Value) -> bool {
    template::body(root).is_some() || quoted(root).is_some_and(|text| text.text().is_some_and(|text| text.contains("Resources")))
}

fn read(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let Some(quoted) = quoted(root) else { return read_body(root, cx, emit) };
    let (trees, error) = yaml::documents(quoted.text().unwrap_or_default(), 0);
    // All of it stands where the string stands.
    cx.fixed = Some(quoted.span);
    if let Some(error) = error {
        cx.not_judged(quoted, format!("the template inside this string is broken: {error}"));
    }
    if let Some(root) = trees.first().and_then(|tree| tree.root()) {
        read_body(&Value::from_node(root), cx, emit);
    }
    cx.fixed = None;
}

/// `aws cloudformation get-template` prints a YAML template as a string.
fn quoted(root: &Value) -> Option<&Value> {
    root.get("TemplateBody").filter(|body| body.text().is_some())
}

fn read_body(root: &Value, cx: &mut Cx<'_>, emit: &mut dyn FnMut(Read)) {
    let Some(body) = template::body(root) else {
        cx.not_judged(root, "this is no CloudFormation template, so nothing in it was judged");
        return;
    };
    let template = Template::new(&body);
    let mut evaluator = Evaluator::new(&template, cx);
    unread(&mut evaluator);
    addresses::read(&mut evaluator, emit);
    let (groups, acls) = (group::read(&mut evaluator), acl::read(&mut evaluator));
    for policy in groups.into_iter().chain(acls) {
        emit(Read::Policy { policy, again: None });
    }
    network::read(&mut evaluator, emit);
    interface::read(&mut evaluator, emit);
}

/// Firewalls of other kinds, and resources whose rules stand elsewhere.
const OTHER_FIREWALLS: [&str; 6] = [
    "AWS::ElastiCache::SecurityGroupIngress",
    "AWS::NetworkFirewall::FirewallPolicy",
    "AWS::NetworkFirewall::RuleGroup",
    "AWS::RDS::DBSecurityGroup",
    "AWS::RDS::DBSecurityGroupIngress",
    "AWS::Redshift::ClusterSecurityGroupIngress",
];

/// Says what in the template is not judged.
fn unread(evaluator: &mut Evaluator<'_, '_, '_>) {
    let template = evaluator.template;
    if let Some(at) = template.including {
        evaluator.cx.warn(at, "what this transform adds is not in the text and was not judged; paste the processed template");
    }
    for resource in &template.resources {
        let name = shown(resource.name);
        if OTHER_FIREWALLS.contains(&resource.kind) {
            let message = format!("`{name}` is a firewall of another kind (`{}`), which is not read; it was not judged", resource.kind);
            evaluator.cx.not_judged(resource.value, message);
        } else if resource.kind == "AWS::CloudFormation::Stack" {
            let message = format!("the template of the nested stack `{name}` is not in the text and was not judged; paste it, too");
            evaluator.cx.warn(resource.value, message);
        } else if resource.kind.ends_with("::MODULE") {
            let message = format!("what the module `{name}` makes is not in the text and was not judged; paste the processed template");
            evaluator.cx.warn(resource.value, message);
        } else if resource.name.starts_with("Fn::ForEach::") {
            let message = "this loop makes resources that are not written out, and they were not judged; paste the processed template";
            evaluator.cx.not_judged(resource.value, message);
        } else if resource.kind.is_empty() && !matches!(resource.value.kind, Kind::Null) {
            evaluator.cx.warn(resource.value, format!("the resource `{name}` has no `Type` and was not judged"));
        }
    }
}
