import type { Chapter } from '../chapter';

export const criticalPorts: Chapter = {
  id: 'critical-ports',
  title: 'The critical ports',
  lead: 'Some doors are tried all day long. Which they are, and what to use instead.',
  parts: [
    {
      title: 'Two questions make a verdict',
      blocks: [
        'How bad is it when strangers reach the service that commonly listens there? That is its severity. And how many strangers may? That is the reach of the rule. Choose who may come in, and watch what happens to the same ports:',
        {
          figure: {
            title: 'Well-known doors, and who may come in',
            caption: 'The height of the stroke is the severity of the service; shape and word are the verdict, as everywhere on this page.',
            shows: { live: 'severities' },
            twin: null,
          },
        },
        'The web ports 80 and 443 are meant for everyone. Port 80 is not encrypted: it stays secure only beside an open 443, to send visitors there.',
      ],
    },
    {
      title: 'Why these',
      blocks: [
        {
          list: [
            'Ways to administer a machine: SSH on 22, Remote Desktop on 3389, VNC on 5900, Telnet on 23. Machines guess passwords here day and night. Instead: a bastion host or a VPN, or a broker that the provider runs, such as AWS Session Manager, Azure Bastion or Identity-Aware Proxy on Google Cloud.',
            'Databases and caches: MySQL on 3306, PostgreSQL on 5432, Redis on 6379, Elasticsearch on 9200, MongoDB on 27017. Some ask for no password unless they are told to. In January 2017 more than 27,000 open MongoDB servers were wiped within days, and a ransom was asked. Instead: a private subnet, and a rule that names the application.',
            'File shares: SMB on 445, NFS on 2049. The worm WannaCry came in at 445, in May 2017.',
            'Tools of developers: 8080, 8888 and 2375, the API of Docker. Whoever reaches such a tool may commonly run programs with it.',
            'Amplifiers: DNS on `udp/53`, NTP on `udp/123`, memcached on `udp/11211`. With UDP the sender can be forged, so a small question with the address of a victim sends the victim a large answer. The alert TA14-017A gives a factor of up to 556.9 for NTP.',
          ],
        },
        'Another number hides nothing. SSH on port 2222 is found by whoever tries all ports; it only makes less noise.',
      ],
    },
    {
      title: 'A range hides them',
      blocks: ['A rule from 3000 to 4000 mentions none of these services, and it opens MySQL and Remote Desktop. A range is as bad as the worst service inside it.'],
    },
  ],
  sources: ["The catalog of this page (section Ports), which marks what is documented and what is custom", 'CISA alert TA14-017A (UDP-based amplification attacks)', 'CVE-2017-0144 (SMB)'],
  exercise: '06-wide-range',
  because: 'Find Remote Desktop in a range where nobody sees it.',
};
