import type { Chapter } from '../chapter';

export const unexpectedPort: Chapter = {
  id: 'an-unexpected-port',
  title: 'An unexpected port',
  lead: 'Port 8888 is open, and no plan mentions it. What to do, and in which order.',
  parts: [
    {
      title: 'First narrow it, then look',
      blocks: [
        'It may be a forgotten tool or an intruder. Until that is known, act as if it were the second, and destroy nothing: whoever switches the machine off loses what is in its memory.',
        {
          figure: {
            title: 'Six steps',
            caption: 'Closing comes early, and it is only half of the work.',
            shows: {
              kind: 'steps',
              steps: [
                { when: 'Narrow', what: 'Let only your own address reach the port. Write down the rule as it was.' },
                { when: 'What listens?', what: 'Ask the machine: which program, whose, started when and by whom?' },
                { when: 'Since when?', what: 'The log of changes says who added the rule, and at what hour.' },
                { when: 'Who came?', what: 'Flow logs: which sources, how often, how many bytes, and what went out afterwards.' },
                { when: 'Decide', what: 'Needed? Then narrow, justified, in the plan. Not needed? Gone. An intruder? Then the machine is rebuilt, and its keys are changed.' },
                { when: 'Learn', what: 'How could the rule come about, and what would have told you the same day?' },
              ],
            },
            twin: {
              title: 'The six steps, and where to look',
              head: ['Step', 'Where to look'],
              rows: [
                ['Narrow', 'the rule that Portcullis names'],
                ['What listens?', '`ss -ltnp` on Linux, `Get-NetTCPConnection -State Listen` on Windows'],
                ['Since when?', 'CloudTrail on AWS, the activity log on Azure, audit logs on Google Cloud'],
                ['Who came?', 'flow logs, if they were on'],
                ['Decide', 'the plan, and whoever owns the system'],
                ['Learn', 'the review of changes'],
              ],
            },
          },
        },
      ],
    },
    {
      title: 'A closed port can still be in use',
      blocks: [
        'Security groups remember connections. When a rule is narrowed, a connection that exists already commonly goes on until it ends by itself. On AWS a deny in the network ACL cuts it at once; on Azure too, taking a rule out does not end what already flows.',
      ],
    },
    {
      title: 'What it commonly turns out to be',
      blocks: [
        {
          list: [
            'A tool for debugging that nobody removed. At 8888 commonly a Jupyter notebook; without a password it runs any command.',
            'A program that listens at the wrong port, or at all addresses where only its own machine was meant.',
            'A service that is right and was never written into the plan.',
            'An intruder. Some tools have customary ports, such as 4444, and a careful intruder takes 443.',
          ],
        },
        'The number names a suspicion. The answer stands on the machine.',
      ],
    },
  ],
  sources: ['Amazon EC2 User Guide, Security group connection tracking', 'Microsoft Learn, Network security groups overview', 'AWS CloudTrail event AuthorizeSecurityGroupIngress'],
  exercise: '13-unauthorised-service',
  because: 'Make a group say what its plan says.',
};
