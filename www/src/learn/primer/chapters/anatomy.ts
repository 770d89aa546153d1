import type { Anatomy, Chapter } from '../chapter';

const words = (...parts: (readonly [string, string])[]): Anatomy => ({ kind: 'anatomy', parts: parts.flatMap((part, n) => (n > 0 ? [[' '] as const, part] : [part])) });

export const anatomy: Chapter = {
  id: 'anatomy-of-a-rule',
  title: 'Anatomy of a rule',
  lead: 'Every rule answers the same few questions, whatever the cloud calls them.',
  parts: [
    {
      title: 'One sentence, three dialects',
      blocks: [
        'The sentence: the balancers in `10.0.1.0/24` may reach the web servers on port 443 over TCP. Choose a cloud to see how it says so.',
        {
          figure: {
            title: 'A rule, taken apart',
            caption: 'Direction, protocol, port and source are always there; order and decision only where a rule can also deny.',
            shows: {
              choose: 'Cloud',
              among: [
                {
                  name: 'AWS',
                  drawing: words(
                    ['in', '`IpPermissions`: what may come in. `IpPermissionsEgress` is what may go out.'],
                    ['tcp', '`IpProtocol`. -1 means all protocols and all ports, whatever ports are written beside it.'],
                    ['443', '`FromPort` and `ToPort`: the first and the last port, here the same.'],
                    ['10.0.1.0/24', '`IpRanges`. A group can stand in its place: then its members may come in.'],
                  ),
                },
                {
                  name: 'Azure',
                  drawing: words(
                    ['100', '`priority`, 100 to 4096: the lowest number that matches decides.'],
                    ['Inbound', '`direction`.'],
                    ['Tcp', '`protocol`. * means any.'],
                    ['443', '`destinationPortRange`. There is a source port too; it is nearly always *.'],
                    ['10.0.1.0/24', '`sourceAddressPrefix`: addresses, or a service tag such as Internet.'],
                    ['Allow', '`access`: Allow or Deny.'],
                  ),
                },
                {
                  name: 'Google Cloud',
                  drawing: words(
                    ['1000', '`priority`, 0 to 65535: the lowest decides; of equal ones a deny wins.'],
                    ['INGRESS', '`direction`.'],
                    ['tcp', '`allowed` or `denied`, and in it `IPProtocol`.'],
                    ['443', '`ports`. None given means any port.'],
                    ['10.0.1.0/24', '`sourceRanges`. No source given means 0.0.0.0/0.'],
                    ['web', '`targetTags`: the machines it is for. None given means all of the network.'],
                  ),
                },
              ],
            },
            twin: {
              title: 'The same questions on three clouds',
              head: ['Question', 'AWS security group', 'Azure NSG', 'Google Cloud'],
              rows: [
                ['Which way?', '`IpPermissions`', '`direction`', '`direction`'],
                ['Which protocol?', '`IpProtocol`', '`protocol`', '`IPProtocol`'],
                ['Which ports?', '`FromPort`, `ToPort`', '`destinationPortRange`', '`ports`'],
                ['From whom?', '`IpRanges`, groups', '`sourceAddressPrefix`', '`sourceRanges`, `sourceTags`'],
                ['To whom?', 'who has the group', 'subnet or interface', '`targetTags`'],
                ['Allow or deny?', 'allow only', '`access`', '`allowed`, `denied`'],
                ['In which order?', 'none', '`priority`', '`priority`'],
              ],
            },
          },
        },
        {
          list: [
            'AWS: everything that any rule of any attached group allows is allowed. The order means nothing, and taking a rule out can only close things.',
            'Azure: the first rule that matches decides. Below your rules stand six that cannot be removed: machines of the virtual network may talk to each other, and number 65500 denies the rest of what comes in.',
            'Google Cloud: the rule belongs to the network, and a tag says whom it is for. What no rule matches is denied on the way in and allowed on the way out.',
          ],
        },
      ],
    },
    {
      title: 'The number behind the slash',
      blocks: [
        'An IPv4 address has 32 bits. The prefix length says how many of them are fixed; the rest is free, so each step down doubles the number of addresses.',
        {
          figure: {
            title: 'How many addresses a prefix length admits',
            caption: 'Filled bits are fixed, empty ones are free.',
            shows: { live: 'prefix' },
            twin: {
              title: 'Prefix lengths and addresses',
              head: ['Written', 'Addresses', 'About'],
              rows: [
                ['`/32`', '1', 'one machine'],
                ['`/24`', '256', 'a small office'],
                ['`/16`', '65,536', 'a large organisation'],
                ['`/8`', '16,777,216', 'a 256th of all'],
                ['`/1`', '2,147,483,648', 'one half of all'],
                ['`/0`', '4,294,967,296', 'everyone'],
              ],
            },
          },
        },
        'Bits behind the prefix are dropped: `10.0.0.0/0` looks private, and it is everyone.',
      ],
    },
  ],
  sources: [
    'Amazon EC2 API Reference, IpPermission; Amazon EC2 User Guide, Security group rules',
    'Microsoft Learn, Network security groups overview',
    'Google Cloud API Reference, compute firewalls',
    'RFC 4632 (CIDR), section 3.1',
  ],
  exercise: '01-office-only',
  because: 'Change the source of a rule from everyone to 256 addresses.',
};
