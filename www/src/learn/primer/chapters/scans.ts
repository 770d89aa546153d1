import type { Chapter } from '../chapter';

export const scans: Chapter = {
  id: 'scans-and-logs',
  title: 'Scans, and what they leave behind',
  lead: 'Somebody tries the doors of every public address. The flow log saw it.',
  parts: [
    {
      title: 'How doors are tried',
      blocks: [
        'A scan asks many ports, or many machines, which of them answer. It is cheap, runs all the time and is not about you.',
        {
          table: {
            title: 'Ways to scan',
            head: ['Scan', 'What is sent', 'What tells'],
            rows: [
              ['SYN scan', 'the first packet of a TCP connection, never the third', 'open: SYN-ACK comes back. Closed: RST. Nothing: a firewall dropped it'],
              ['Connect scan', 'the whole beginning of a connection', 'the same, and the program may log a visitor'],
              ['UDP scan', 'one datagram', 'closed: an ICMP message says so. Nothing: open or dropped, so it is slow and unsure'],
              ['Sweep', 'one port, on many machines', 'who runs that service'],
            ],
          },
        },
        'The SYN scan is called stealthy, since no connection comes about and so the program logs nothing. For a firewall it begins with the same packet as any connection, and the flow log notes both.',
      ],
    },
    {
      title: 'What a record says',
      blocks: [
        { code: '2 123456789012 eni-0a1b2c3d 203.0.113.50 10.0.1.10 52341 22 6 1 40 1621234567 1621234568 REJECT OK', says: 'One record of a VPC flow log' },
        'In order: version, account, interface, source and destination address, source port 52341, destination port 22, protocol 6 (TCP), one packet of 40 bytes, begin and end in seconds since 1970, what the rules decided, and whether the log is complete.',
        {
          figure: {
            title: 'Four records of one second',
            caption: 'One source, four ports, one packet each: no visitor of a website does that.',
            shows: {
              kind: 'lanes',
              left: '203.0.113.50',
              right: '10.0.1.10',
              wall: 'rules',
              lanes: [
                { left: '52341', right: '22', says: 'REJECT', stopped: true },
                { left: '52342', right: '23', says: 'REJECT', stopped: true },
                { left: '52343', right: '80', says: 'ACCEPT' },
                { left: '52344', right: '443', says: 'ACCEPT' },
              ],
            },
            twin: {
              title: 'The four records',
              head: ['Source port', 'Destination port', 'Decision'],
              rows: [
                ['52341', '22, SSH', '`REJECT`'],
                ['52342', '23, Telnet', '`REJECT`'],
                ['52343', '80, HTTP', '`ACCEPT`'],
                ['52344', '443, HTTPS', '`ACCEPT`'],
              ],
            },
          },
        },
        {
          list: [
            '`ACCEPT`: the rules let it in. It does not say that anything answered.',
            '`REJECT`: a group or an ACL stopped it. Which of them, the record does not tell.',
            'Source ports in a row are a hint and no proof.',
          ],
        },
      ],
    },
    {
      title: 'What only looks like a scan',
      blocks: [
        {
          list: [
            'Answers of a server: source port 443, and many destination ports.',
            'Health checks of a balancer, which ask every machine all day.',
            'One client that asks the same closed port again and again. Count ports, not records.',
          ],
        },
        'How many are many? A published rule of the monitor Zeek was: 15 ports of one machine, or 25 machines on one port, tried in vain within 5 minutes. Services such as Amazon GuardDuty watch flow logs for you. The best answer to a scan is dull: it finds what you meant to be found.',
      ],
    },
  ],
  sources: [
    'Amazon VPC User Guide, VPC Flow Logs: flow log records',
    'RFC 9293 (TCP), section 3.5',
    'RFC 1122, section 4.1.3.1 (ICMP port unreachable)',
    'Zeek, policy script misc/scan',
    'Amazon GuardDuty User Guide, finding types for EC2',
  ],
  exercise: '18-incident',
  because: 'A scanner found a door that no line names. Find it too; it is one of the longer exercises.',
};
