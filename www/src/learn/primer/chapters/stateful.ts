import type { Chapter, Plain } from '../chapter';

const passing = (wall: string, reply: string, stopped: boolean): Plain => ({
  kind: 'lanes',
  left: 'Visitor',
  right: 'Server',
  wall,
  lanes: [
    { left: '50123', right: '443', says: 'request' },
    { left: '50123', right: '443', says: reply, back: true, stopped },
  ],
});

export const stateful: Chapter = {
  id: 'stateful-and-stateless',
  title: 'Stateful and stateless',
  lead: 'Some firewalls remember the question and let the answer pass. One does not.',
  parts: [
    {
      title: 'The way back',
      blocks: [
        'A visitor asks from port 50123, the server answers from port 443 to port 50123. Does the answer need a rule?',
        {
          figure: {
            title: 'A request and its answer',
            caption: 'Both firewalls have one rule: port 443 may come in. Only the stateless one stops the answer.',
            shows: {
              choose: 'Firewall',
              among: [
                { name: 'Stateful', drawing: passing('security group', 'answer: known', false) },
                { name: 'Stateless', drawing: passing('network ACL', 'answer: no rule', true) },
              ],
            },
            twin: {
              title: 'What becomes of the answer',
              head: ['Firewall', 'Request to port 443', 'Answer to port 50123'],
              rows: [
                ['Stateful', 'passes, and is remembered', 'passes: it belongs to the request'],
                ['Stateless', 'passes', 'is stopped: no outbound rule for port 50123'],
              ],
            },
          },
        },
        {
          list: [
            'Stateful: security groups on AWS, network security groups on Azure, firewall rules on Google Cloud. The answer to an allowed packet passes, whatever the rules of the other direction say. A security group that lets nothing out still answers; one that lets nothing in still gets answers to its own questions.',
            'Stateless: the network ACL on AWS, the fence around a subnet. It judges every packet by itself, so the answers need a rule of their own.',
          ],
        },
        'You may read that a security group needs an inbound rule for return traffic. It does not, and such a rule opens thousands of ports for nothing.',
      ],
    },
    {
      title: 'Which ports do answers go to?',
      blocks: [
        'To the ephemeral port of the visitor, and that depends on their system. Move the first port that the ACL lets answers out to, and see who still gets one:',
        {
          figure: {
            title: 'Ephemeral ports, and who gets an answer',
            caption: 'Each bar is where that client takes its ports from. The filled part gets its answers.',
            shows: { live: 'replies' },
            twin: {
              title: 'Ephemeral ports by system',
              head: ['Client', 'First', 'Last'],
              rows: [
                ['Linux, by default', '32768', '60999'],
                ['Windows Server 2008 and later', '49152', '65535'],
                ['Windows Server 2003 and before', '1025', '5000'],
                ['AWS load balancers, NAT gateways, Lambda', '1024', '65535'],
              ],
            },
          },
        },
        'The Amazon VPC User Guide gives 61000 as the last port of many Linux kernels; the kernel itself says 60999 today. Both can be changed. For visitors from the internet, who use everything, let answers out to 1024 to 65535.',
      ],
    },
    {
      title: 'The price',
      blocks: [
        'A subnet whose machines ask questions needs the same range on the way in. With it the ACL also admits MySQL on 3306 and Remote Desktop on 3389. The security group behind the ACL has to close them, or a deny with a lower number in front.',
        'An answer that is stopped gives no error. The visitor waits, and the log shows a `REJECT` that looks like an attack from your own server.',
      ],
    },
  ],
  sources: ['Amazon VPC User Guide, Security groups; Network ACLs: ephemeral ports', 'Microsoft Learn, Network security groups overview', 'Linux kernel documentation, ip_local_port_range'],
  exercise: '14-acl-replies',
  because: 'Let the answers through an ACL that forgets.',
};
