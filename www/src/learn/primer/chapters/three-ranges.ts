import type { Chapter } from '../chapter';

export const threeRanges: Chapter = {
  id: 'three-ranges',
  title: 'The three ranges',
  lead: 'What the number of a port tells about it, and what it does not.',
  parts: [
    {
      title: 'Who hands out the numbers',
      blocks: [
        'IANA keeps the public list that says which service is meant for which port. RFC 6335 divides the 65,536 numbers into three ranges. Move the slider, or type a number you have met:',
        {
          figure: {
            title: 'The ranges of ports',
            caption: 'The widths are true: the range with the best known services is the smallest by far.',
            shows: { live: 'ranges' },
            twin: {
              title: 'The three ranges of RFC 6335',
              head: ['Range', 'From', 'To', 'Ports', 'Meant for'],
              rows: [
                ['System, or well-known', '0', '1023', '1,024', 'old and basic services of the internet'],
                ['User, or registered', '1024', '49151', '48,128', 'applications that had one registered'],
                ['Dynamic, or private', '49152', '65535', '16,384', 'short use, such as the own end of a client'],
              ],
            },
          },
        },
      ],
    },
    {
      title: 'What each means for security',
      blocks: [
        {
          list: [
            'System ports: you know what to expect, so anything else there is worth a question. On Unix-like systems commonly only a privileged program may listen here. Beside web and mail, the oldest services live here, and many of them do not encrypt: Telnet on 23, FTP on 21.',
            'User ports: databases, caches, consoles and tools of developers. Any program may listen. Few of these were made to meet strangers, so one that is open to the internet is commonly a mistake.',
            'Dynamic ports: nothing can be registered here. A program that waits for strangers in this range needs a reason. There are good ones: WireGuard, a VPN, commonly uses `udp/51820`.',
          ],
        },
        'For a verdict the range alone counts nothing. What counts is the service that commonly listens there, and how many addresses may reach it.',
      ],
    },
    {
      title: 'Where custom differs',
      blocks: [
        'Not every system takes its ephemeral ports from the third range. Linux commonly begins at 32768, which is deep in the second. Chapter 5 shows why that matters.',
        'And you may read of 65,535 ports. With port 0 there are 65,536, and a rule from 0 to 65535 opens every one of them: what is needed is lost among what is not.',
      ],
    },
  ],
  sources: ['RFC 6335, section 6', 'Amazon VPC User Guide, Network ACLs: ephemeral ports'],
  exercise: '05-all-traffic',
  because: 'Turn a rule for all ports into the two that are needed.',
};
