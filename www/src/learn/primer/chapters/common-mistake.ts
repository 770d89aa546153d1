import type { Chapter } from '../chapter';

export const commonMistake: Chapter = {
  id: 'the-common-mistake',
  title: 'The most common mistake',
  lead: 'A port is open to the whole internet, and hardly anyone needs it. Nobody decided that; it happened.',
  parts: [
    {
      title: 'How it happens',
      blocks: [
        '`0.0.0.0/0` is every IPv4 address, `::/0` every IPv6 address. As a source of a rule they say: anyone.',
        {
          figure: {
            title: 'An afternoon, and what is left of it',
            caption: 'Every step is sensible by itself. The one that is missing is the last.',
            shows: {
              kind: 'steps',
              steps: [
                { when: '14:02', what: 'The application does not reach its database. Is it the firewall?' },
                { when: '14:05', what: 'To find out, port 3306 is opened to 0.0.0.0/0, for a minute.', bad: true },
                { when: '14:20', what: 'It works. The cause had been a misspelt name all along.' },
                { when: '14:21', what: 'The next task. Nobody closes the port, since nothing is broken.', bad: true },
                { when: 'A year on', what: 'Somebody sees the rule. Who needs it? Nobody dares to delete it.', bad: true },
              ],
            },
            twin: {
              title: 'The same, as a table',
              head: ['When', 'What', 'Port 3306'],
              rows: [
                ['14:02', 'it does not work', 'closed'],
                ['14:05', 'opened, to find out', 'open to everyone'],
                ['14:20', 'it works', 'open to everyone'],
                ['14:21', 'the next task', 'open to everyone'],
                ['A year on', 'nobody dares to delete it', 'open to everyone'],
              ],
            },
          },
        },
        'Other ways to the same place:',
        {
          list: [
            'A rule was copied from an example that was meant to work for every reader.',
            'Something came with the network: on Google Cloud, the network called default begins with rules that admit SSH and Remote Desktop from everywhere.',
            'One family was closed and the other forgotten: no `0.0.0.0/0` any more, and still `::/0`.',
            'The part that changes was opened as a whole: all ports, since one of them was not known.',
          ],
        },
      ],
    },
    {
      title: 'Dangerous and secure, side by side',
      blocks: [
        {
          table: {
            title: 'The same port, another source',
            head: ['Port', 'Dangerous', 'Secure'],
            rows: [
              ['MySQL, 3306', '`0.0.0.0/0`: anyone may try to connect to the database', '`10.0.10.0/24`: only the application subnet'],
              ['SSH, 22', '`0.0.0.0/0`: every bot on the internet will try', '`10.0.1.50/32`: only through the bastion'],
            ],
          },
        },
        'Port and protocol stayed as they were. Mostly the source is what is wrong.',
      ],
    },
    {
      title: 'In disguise',
      blocks: [
        {
          list: [
            '`0.0.0.0/1` and `128.0.0.0/1`: two halves make a whole. A check that looks for the text `0.0.0.0/0` finds nothing.',
            '`10.0.0.0/0`: looks private. The zero behind the slash fixes no bit, so it is everyone.',
            'A wide range of ports, with a database somewhere inside.',
          ],
        },
        'Portcullis counts the public addresses that may come in over all rules together, so none of these gets past it.',
      ],
    },
    {
      title: 'How not to',
      blocks: [{ steps: ['Begin with nothing open, and add what is needed.', 'Give the narrowest source that works: a group, a subnet, one address.', 'Write into the description who needs it, and until when.', 'What is opened to find out is closed in the same hour.'] }],
    },
  ],
  sources: ['Amazon EC2 API Reference, IpRange: bits behind the prefix are cleared', 'CIS Google Cloud Platform Foundation Benchmark, 3.1 (default network)', 'NIST SP 800-53, SC-7(5): deny by default, allow by exception'],
  exercise: '04-public-database',
  because: 'Close the database that was opened for one afternoon.',
};
