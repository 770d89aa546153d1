import { CopyButton } from './copy-button';

const COMMANDS = [
  { what: 'AWS security groups, with all their rules', command: 'aws ec2 describe-security-groups' },
  { what: 'AWS network ACLs', command: 'aws ec2 describe-network-acls' },
  { what: 'Azure network security groups', command: 'az network nsg list' },
  { what: 'Google Cloud firewall rules', command: 'gcloud compute firewall-rules list --format=json' },
  { what: 'The firewall of a Linux host, both families', command: 'sudo iptables-save; sudo ip6tables-save' },
  { what: 'A Terraform plan, with what it is going to open', command: 'terraform show -json plan.out' },
];

/** Stands below the empty editor: what can be pasted, and which command prints it. */
export function Teach() {
  return (
    <div class="teach">
      <h2>What to paste</h2>
      <ol class="commands">
        {COMMANDS.map(({ what, command }) => (
          <li key={command}>
            <p>{what}</p>
            <div class="command">
              <code>{command}</code>
              <CopyButton text={command} what={`the command ${command}`} />
            </div>
          </li>
        ))}
      </ol>
      <p>Or the text itself: CloudFormation in YAML or JSON, Terraform configuration, ARM templates and Bicep; or the log of a build with a Terraform plan in it.</p>
      <p>Run a command in a terminal or in CloudShell and paste what it prints. You can also drop a file anywhere on this page, or open one of any size.</p>
    </div>
  );
}
