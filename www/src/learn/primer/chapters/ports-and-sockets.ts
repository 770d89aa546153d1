import type { Chapter, Lane, Plain } from '../chapter';

const tabs = (count: number): Plain => {
  const lanes = Array.from({ length: count }, (_, n): Lane => ({ left: String(50_123 + n), right: '443', says: `tab ${n + 1}` }));
  return { kind: 'lanes', left: '198.51.100.7', right: '203.0.113.10', lanes };
};

export const portsAndSockets: Chapter = {
  id: 'ports-and-sockets',
  title: 'Ports and sockets',
  lead: 'One machine, many conversations: how a packet finds its program.',
  parts: [
    {
      title: 'A number for each program',
      blocks: [
        'An address such as `203.0.113.10` leads a packet to a machine. Many programs run there, so the packet carries a second number that says which of them it is for: the port. A web server commonly waits at port 443, the login service SSH at port 22. Waiting for packets at a port is called listening.',
        'A port is a number of 16 bits, so there are 65,536 of them: 0 to 65535. Port 0 is reserved, but a rule that names all ports names it too. TCP and UDP, the two common ways to carry data, count their ports apart: `tcp/53` and `udp/53` are two doors.',
      ],
    },
    {
      title: 'Both ends have one',
      blocks: [
        'Whoever begins a connection needs a port as well, for the answers. The operating system lends a free one for as long as the connection lasts: an ephemeral port. An address and a port together are called a socket, and the two sockets name the connection: source address, source port, destination address, destination port. That is the four-tuple.',
        {
          figure: {
            title: 'One browser, one server, several connections',
            caption: 'Every tab goes to port 443 of the same server. The source ports differ, so nothing gets mixed up.',
            shows: { choose: 'Tabs', among: [2, 3, 4].map(count => ({ name: String(count), drawing: tabs(count) })) },
            twin: {
              title: 'The four numbers of the first two connections',
              head: ['Number', 'First tab', 'Second tab'],
              rows: [
                ['Source address', '198.51.100.7', '198.51.100.7'],
                ['Source port', '50123', '50124'],
                ['Destination address', '203.0.113.10', '203.0.113.10'],
                ['Destination port', '443', '443'],
              ],
            },
          },
        },
        'Three of the four numbers are equal, and one difference is enough. So a single listening port serves thousands of visitors at once. The answers travel the other way, with the two ends exchanged: from port 443 to port 50123.',
      ],
    },
    {
      title: 'What a firewall has to do with it',
      blocks: [
        'A stranger gets through when two things come together: the rules let the packet pass, and a program listens. Portcullis reads the rules. It cannot see who listens, and that is no comfort: where the rules let packets in and nothing listens today, whatever is started tomorrow is reachable at once.',
        'A port number is a custom and no proof. Any program that is allowed to may listen at any port.',
      ],
    },
  ],
  sources: ['RFC 9293 (TCP), sections 3.1 and 4', 'RFC 6335 (port numbers), section 6'],
  exercise: '00-read-a-verdict',
  because: 'Read what Portcullis says about an open port, and close it.',
};
