//! What `terraform plan` and `terraform show` print for people, in logs and comments.

use portcullis_tests::{admits, policy, reported};
use serde_json::Value;

fn messages(report: &Value) -> Vec<&str> {
    let problems = report["documents"][0]["problems"].as_array().unwrap();
    problems.iter().filter_map(|problem| problem["message"].as_str()).collect()
}

/// The rule of a group in a printed plan, with a sign before each line.
fn element(sign: &str, port: u16, cidr: &str) -> String {
    format!(
        "          {sign} {{
              {sign} cidr_blocks      = [
                  {sign} \"{cidr}\",
                ]
              {sign} description      = \"\"
              {sign} from_port        = {port}
              {sign} ipv6_cidr_blocks = []
              {sign} prefix_list_ids  = []
              {sign} protocol         = \"tcp\"
              {sign} security_groups  = []
              {sign} self             = false
              {sign} to_port          = {port}
            }},
"
    )
}

fn created(address: &str, name: &str, elements: &str) -> String {
    format!(
        "  # {address} will be created
  + resource \"aws_security_group\" \"{name}\" {{
      + arn                    = (known after apply)
      + egress                 = []
      + id                     = (known after apply)
      + ingress                = [
{elements}        ]
      + name                   = \"{name}\"
      + tags_all               = {{
          + \"Name\" = \"${{aws:{name}}}\"
        }}
      + vpc_id                 = \"vpc-0a1b2c3d4e5f60718\"
    }}

"
    )
}

const HEAD: &str = "aws_vpc.main: Refreshing state... [id=vpc-0a1b2c3d4e5f60718]

Terraform used the selected providers to generate the following execution plan. Resource actions are indicated with the following symbols:
  + create
  ~ update in-place

Terraform will perform the following actions:

";
const TAIL: &str = "Plan: 1 to add, 1 to change, 0 to destroy.\n";

#[test]
fn what_is_created_is_judged_under_its_whole_address() {
    let web = created("aws_security_group.web", "web", &element("+", 22, "0.0.0.0/0"));
    let inner = created("module.net[\"a b\"].aws_security_group.web", "web", &element("+", 22, "10.0.1.50/32"));
    let report = reported(format!("{HEAD}{web}{inner}{TAIL}"));
    assert_eq!(report["documents"][0]["format"], "terraform-printed");
    assert_eq!(admits(policy(&report, "aws_security_group.web")), ["in tcp 22 internet dangerous"]);
    assert_eq!(admits(policy(&report, "module.net[\"a b\"].aws_security_group.web")), ["in tcp 22 private secure"]);
    assert!(messages(&report).iter().any(|message| message.contains("only what changes")), "{:?}", messages(&report));
}

#[test]
fn a_verdict_points_at_the_printed_line() {
    let text = format!("{HEAD}{}", created("aws_security_group.web", "web", &element("+", 22, "0.0.0.0/0")));
    let line = text.lines().position(|line| line.contains("0.0.0.0/0")).unwrap() + 1;
    let report = reported(text);
    let rule = &policy(&report, "aws_security_group.web")["rules"][0];
    assert_eq!(rule["at"]["line"].as_u64(), Some(line as u64), "{rule:#}");
}

/// A group whose rules change; `ingress` is what stands between the brackets.
fn updated(ingress: &str) -> String {
    format!(
        "{HEAD}  # aws_security_group.web will be updated in-place
  ~ resource \"aws_security_group\" \"web\" {{
        id                     = \"sg-0a1b2c3d4e5f60718\"
      ~ ingress                = [
{ingress}        ]
        name                   = \"web\"
        tags                   = {{}}
        # (7 unchanged attributes hidden)
    }}

{TAIL}"
    )
}

#[test]
fn what_is_removed_no_longer_counts() {
    let report = reported(updated(&(element("-", 22, "0.0.0.0/0") + &element("+", 443, "0.0.0.0/0"))));
    let said = admits(policy(&report, "aws_security_group.web"));
    assert!(said.contains(&"in tcp 443 internet secure".to_owned()), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("in tcp 22")), "{said:?}");
}

#[test]
fn what_is_left_out_is_unknown_and_never_secure() {
    let hidden = "            # (1 unchanged element hidden)\n";
    let report = reported(updated(&(element("+", 443, "0.0.0.0/0") + hidden)));
    assert_eq!(policy(&report, "aws_security_group.web")["verdict"], "unknown");
    let missing = report["unresolved"].to_string();
    assert!(missing.contains("what does not change in aws_security_group.web.ingress"), "{missing}");
    // A rule of its own that changes its description shows neither ports nor sources.
    let rule = format!(
        "{HEAD}  # aws_vpc_security_group_ingress_rule.ssh will be updated in-place
  ~ resource \"aws_vpc_security_group_ingress_rule\" \"ssh\" {{
      ~ description            = \"for now\" -> \"for good\"
        id                     = \"sgr-0a1b2c3d4e5f60718\"
        # (8 unchanged attributes hidden)
    }}
"
    );
    let report = reported(rule);
    assert_eq!(report["verdict"], "unknown", "{report:#}");
}

#[test]
fn of_before_and_after_the_later_counts() {
    let change = |lines: &str| {
        let rule = format!(
            "{HEAD}  # aws_security_group_rule.ssh must be replaced
-/+ resource \"aws_security_group_rule\" \"ssh\" {{
      ~ id                       = \"sgrule-12345\" -> (known after apply)
{lines}      ~ from_port                = 443 -> 22 # forces replacement
        protocol                 = \"tcp\"
        security_group_id        = \"sg-0a1b2c3d4e5f60718\"
        self                     = false
      ~ to_port                  = 443 -> 22
        type                     = \"ingress\"
    }}
"
        );
        reported(rule)
    };
    let list = "      ~ cidr_blocks              = [ # forces replacement
          ~ \"10.0.0.0/8\" -> \"0.0.0.0/0\",
        ]
";
    assert_eq!(admits(&change(list)["policies"][0]), ["in tcp 22 internet dangerous"]);
    let open = "      ~ cidr_blocks              = [
          - \"10.0.0.0/8\",
        ] -> (known after apply)
";
    let report = change(open);
    assert_eq!(report["policies"][0]["verdict"], "unknown", "{report:#}");
    assert!(report["unresolved"].to_string().contains("aws_security_group_rule.ssh.cidr_blocks"), "{report:#}");
    let gone = "      - cidr_blocks              = [
          - \"0.0.0.0/0\",
        ] -> null
      + source_security_group_id = \"sg-0b1b2c3d4e5f60718\"
";
    assert_eq!(admits(&change(gone)["policies"][0]), ["in tcp 22 group secure"]);
}

#[test]
fn what_will_be_gone_is_not_judged() {
    let text = format!(
        "{HEAD}  # aws_security_group.old will be destroyed
  # (because aws_security_group.old is not in configuration)
  - resource \"aws_security_group\" \"old\" {{
      - id      = \"sg-0a1b2c3d4e5f60718\" -> null
      - ingress = [
{}        ] -> null
    }}

{}",
        element("-", 22, "0.0.0.0/0"),
        created("aws_security_group.web", "web", "")
    );
    let report = reported(text);
    assert_eq!(report["policies"].as_array().unwrap().len(), 1);
    assert_eq!(report["policies"][0]["verdict"], "secure");
}

#[test]
fn logs_have_clocks_and_colours() {
    let plain = format!("{HEAD}{}", created("aws_security_group.web", "web", &element("+", 22, "0.0.0.0/0")));
    let logged: String = plain
        .lines()
        .map(|line| {
            let coloured = line.replacen("+ ", "\u{1b}[32m+\u{1b}[0m\u{1b}[0m ", 1).replacen("# ", "\u{1b}[1m# ", 1);
            format!("2026-01-31T12:00:00.1234567Z {coloured}\r\n")
        })
        .collect();
    assert_eq!(admits(policy(&reported(logged), "aws_security_group.web")), ["in tcp 22 internet dangerous"]);
    // Comments of a review colour a difference by the sign at the beginning of the line.
    let diff: String = plain
        .lines()
        .map(|line| match line.trim_start().strip_prefix("+ ") {
            Some(rest) => format!("+{}{rest}\n", " ".repeat(line.len() - rest.len() - 1)),
            None => format!("{line}\n"),
        })
        .collect();
    assert_eq!(admits(policy(&reported(format!("```diff\n{diff}```\n")), "aws_security_group.web")), ["in tcp 22 internet dangerous"]);
}

#[test]
fn a_print_that_breaks_off_costs_that_resource_alone() {
    let web = created("aws_security_group.web", "web", &element("+", 22, "0.0.0.0/0"));
    let cut = &web[..web.find("from_port").unwrap()];
    let app = created("aws_security_group.app", "app", &element("+", 443, "10.0.0.0/8"));
    let report = reported(format!("{HEAD}{cut}\n{app}"));
    assert_eq!(admits(policy(&report, "aws_security_group.app")), ["in tcp 443 private secure"]);
    assert!(messages(&report).iter().any(|message| message.contains("aws_security_group.web breaks off")), "{:?}", messages(&report));
    assert_eq!(report["verdict"], "unknown");
}

#[test]
fn a_state_as_it_is_shown_is_read_too() {
    let text = "# module.net.aws_security_group.web:
resource \"aws_security_group\" \"web\" {
    id      = \"sg-0a1b2c3d4e5f60718\"
    ingress = [
        {
            cidr_blocks      = [
                \"0.0.0.0/0\",
            ]
            from_port        = 22
            protocol         = \"tcp\"
            self             = false
            to_port          = 22
        },
    ]
    name    = \"web\"
}
";
    let report = reported(text);
    assert_eq!(report["documents"][0]["format"], "terraform-printed");
    assert_eq!(admits(policy(&report, "module.net.aws_security_group.web")), ["in tcp 22 internet dangerous"]);
    assert!(!messages(&report).iter().any(|message| message.contains("only what changes")));
}

#[test]
fn other_clouds_are_printed_alike() {
    let text = "  # azurerm_network_security_group.web will be created
  + resource \"azurerm_network_security_group\" \"web\" {
      + id                  = (known after apply)
      + name                = \"web\"
      + security_rule       = [
          + {
              + access                     = \"Allow\"
              + destination_address_prefix = \"*\"
              + destination_port_range     = \"3389\"
              + direction                  = \"Inbound\"
              + name                       = \"rdp\"
              + priority                   = 100
              + protocol                   = \"Tcp\"
              + source_address_prefix      = \"*\"
              + source_port_range          = \"*\"
            },
        ]
    }

  # google_compute_firewall.ssh will be created
  + resource \"google_compute_firewall\" \"ssh\" {
      + direction     = \"INGRESS\"
      + name          = \"ssh\"
      + network       = \"default\"
      + priority      = 1000
      + source_ranges = [
          + \"0.0.0.0/0\",
        ]

      + allow {
          + ports    = [
              + \"22\",
            ]
          + protocol = \"tcp\"
        }
    }
";
    let report = reported(text);
    let verdicts: Vec<&str> = report["policies"].as_array().unwrap().iter().filter_map(|policy| policy["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["dangerous", "dangerous"], "{report:#}");
}

#[test]
fn configuration_with_comments_stays_configuration() {
    let text = "# aws_security_group.web will be replaced next year
# see aws_security_group.app
variable \"office\" {}
resource \"aws_security_group\" \"web\" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = \"tcp\"
    cidr_blocks = [var.office]
  }
}
";
    assert_eq!(reported(text)["documents"][0]["format"], "terraform-configuration");
}

#[test]
fn a_later_print_of_a_resource_counts_alone() {
    let drift = created("aws_security_group.web", "web", &element("+", 22, "0.0.0.0/0")).replace("will be created", "has changed");
    let after = created("aws_security_group.web", "web", &element("+", 22, "10.0.1.50/32"));
    let report = reported(format!("{HEAD}{drift}{after}"));
    assert_eq!(report["policies"].as_array().unwrap().len(), 1);
    assert_eq!(admits(policy(&report, "aws_security_group.web")), ["in tcp 22 private secure"]);
    let gone = "  # aws_security_group.web will be destroyed\n  - resource \"aws_security_group\" \"web\" {\n    }\n";
    assert_eq!(reported(format!("{HEAD}{drift}{gone}"))["policies"].as_array().unwrap().len(), 0);
}

#[test]
fn many_prints_and_deep_ones_come_to_an_end() {
    let many: String = (0..20_000)
        .map(|at| format!("# aws_security_group.g{at} will be created\n+ resource \"aws_security_group\" \"g{at}\" {{\n}}\n"))
        .collect();
    assert_eq!(reported(many)["policies"].as_array().unwrap().len(), 20_000);
    let closing = "] -> null\n".repeat(50_000);
    let deep = format!("# aws_x.a will be created\n+ resource \"aws_x\" \"a\" {{\n a = {}\n{closing}}}\n", "[".repeat(50_000));
    assert_eq!(reported(deep)["verdict"], "unknown");
}
