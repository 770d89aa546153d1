import type { Chapter, Plain } from '../chapter';

/** The machines up to `taken` are held by an intruder, who goes on from the last of them. */
const tiers = (taken: number): Plain => ({
  kind: 'chain',
  links: [
    { name: 'Internet', note: 'anyone' },
    { name: 'Balancer', note: 'public subnet', way: '443, 80' },
    { name: 'Application', note: 'private subnet', way: '443' },
    { name: 'Database', note: 'private subnet', way: '3306' },
  ].map((link, n) => ({ ...link, taken: n === taken, reached: n === taken + 1 })),
});

export const threeTiers: Chapter = {
  id: 'three-tiers',
  title: 'The three tiers',
  lead: 'Balancer, application, database: each admits the one before it, and nobody else.',
  parts: [
    {
      title: 'A chain of doors',
      blocks: [
        'Only the balancer is meant for strangers. It hands their requests to the application, which asks the database. Choose who is in the hands of an intruder:',
        {
          figure: {
            title: 'What an intruder reaches next',
            caption: 'From every place it is one step. Nobody gets from the internet to the database at once.',
            shows: { choose: 'Taken over', among: ['Nothing', 'Balancer', 'Application'].map((name, taken) => ({ name, drawing: tiers(taken) })) },
            twin: {
              title: 'The rules of the three groups',
              head: ['Group', 'Comes in', 'Goes out'],
              rows: [
                ['Balancer', '443 and 80 from everyone', '443 to the application'],
                ['Application', '443 from the balancer, 22 from the bastion', '3306 to the database, 443 to services outside'],
                ['Database', '3306 from the application', 'nothing'],
              ],
            },
          },
        },
        'Port 80 is there only to send visitors to 443. The database needs no way out: all these groups are stateful, so its answers pass by themselves.',
      ],
    },
    {
      title: 'Name the group, not the address',
      blocks: [
        'Machines come and go, and their addresses with them. So a rule may name a group as its source: who has that group may come in. On AWS this means the private addresses of its members; through a public address the rule does not match.',
        {
          list: [
            'A network such as `10.0.0.0/16` as a source trusts everything inside, the balancer included: a tier was skipped.',
            'A group that admits itself on every port lets an intruder go from one member to all others.',
          ],
        },
      ],
    },
    {
      title: 'Several fences',
      blocks: [
        'On AWS the ACL stands at the edge of the subnet, the security group at the machine, and a firewall may run on the machine itself. A packet has to pass all of them, so a mistake in one is not yet a hole. On Azure the same holds for a security group at the subnet and one at the interface. Count on the inner fence, and let the outer one be coarse.',
      ],
    },
  ],
  sources: ['Amazon EC2 User Guide, Security group rules', 'Microsoft Learn, How network security groups filter network traffic', 'NIST SP 800-53, SC-7 (boundary protection)'],
  exercise: '11-three-tiers',
  because: 'Chain three tiers by their groups.',
};
