//! A baseline to begin with: an approval for everything that is open now, to be justified or closed.

use crate::catalog;
use crate::exposure::words;
use crate::exposure::{Exposure, Protocols, Sources};
use crate::model::{Direction, Policy, Symbol};
use crate::review::Review;
use crate::syntax::toml::quoted;

const HEAD: &str = "\
# What is open to the internet on purpose. Write into each `justification` why it is, or close the port and remove the entry:
# an approval without a justification approves nothing. Formats and meaning are in docs/baseline.md.
";

/// The text of a baseline with one approval for each exposure to public addresses.
pub fn example(review: &Review) -> String {
    let mut text = HEAD.to_owned();
    for index in 0..review.policies() {
        review.look(index, |subject, _| {
            for (exposure, judged) in subject.evaluation.exposures.iter().zip(&subject.judgement.exposures) {
                let approved = judged.approved.as_ref().is_some_and(|approved| !approved.expired);
                if exposure.direction == Direction::Ingress && judged.is_public() && !approved {
                    entry(&mut text, subject.policy, exposure, &subject.evaluation.symbols);
                }
            }
        });
    }
    text
}

fn entry(text: &mut String, policy: &Policy, exposure: &Exposure, symbols: &[&Symbol]) {
    let (protocol, ports, messages) = words::service(exposure);
    // Who knows what else may come in: only what is certain can be approved.
    if exposure.surely.is_empty() || exposure.protocols == Protocols::Other {
        let what =
            if exposure.surely.is_empty() { "its sources are not in the text" } else { "approve every protocol, or name them in rules" };
        text.push_str(&format!("\n# {} {protocol} {}: {what}\n", comment(policy.label()), ports.or(messages).unwrap_or_default()));
        return;
    }
    let called = policy.id.as_deref().or(policy.address.as_deref()).or(policy.name.as_deref()).unwrap_or("*");
    let services: Vec<&str> = match exposure.protocols {
        Protocols::Number(number) => {
            catalog::within(number, exposure.first, exposure.last).take(5).map(|piece| piece.entry.service).collect()
        }
        Protocols::All | Protocols::Other => Vec::new(),
    };
    text.push_str(&format!("\n[[approve]]\npolicy = {}", quoted(called)));
    if policy.label() != called {
        text.push_str(&format!(" # {}", comment(policy.label())));
    }
    text.push_str(&format!(
        "\nprotocol = {}\nports = {}",
        quoted(&protocol),
        quoted(&ports.or(messages).unwrap_or_else(|| "all".to_owned()))
    ));
    if !services.is_empty() {
        text.push_str(&format!(" # {}", services.join(", ")));
    }
    text.push_str(&format!("\nsources = {}\njustification = \"\"\n# owner = \"\"\n# review = 2030-12-31\n", sources(exposure, symbols)));
}

fn sources(exposure: &Exposure, symbols: &[&Symbol]) -> String {
    let Sources { addresses, symbols: indices } = &exposure.surely;
    if addresses.is_full() {
        return quoted("internet");
    }
    let mut nets: Vec<String> = addresses.to_nets().iter().map(ToString::to_string).collect();
    nets.extend(indices.iter().filter_map(|i| symbols.get(usize::try_from(*i).ok()?)).map(|symbol| symbol.id.to_string()));
    let nets: Vec<String> = nets.iter().map(|net| quoted(net)).collect();
    format!("[{}]", nets.join(", "))
}

/// Text of a document in a comment, which ends with its line.
fn comment(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
