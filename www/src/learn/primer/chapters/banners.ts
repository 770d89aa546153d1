import type { Chapter } from '../chapter';

export const banners: Chapter = {
  id: 'banners',
  title: 'Banners',
  lead: 'Many services introduce themselves to strangers, with name and version.',
  parts: [
    {
      title: 'Hello, I am',
      blocks: [
        'Connect to a port, and the first line that comes back often says what runs there. With SSH that is no accident: RFC 4253 demands that both sides begin with a line of this form.',
        {
          figure: {
            title: 'A banner, taken apart',
            caption: 'What a stranger learns from one line, before any password.',
            shows: {
              choose: 'Service',
              among: [
                {
                  name: 'SSH',
                  drawing: {
                    kind: 'anatomy',
                    parts: [
                      ['SSH-'],
                      ['2.0', 'The version of the protocol. 1.99 would mean that the old, broken one is spoken as well.'],
                      ['-'],
                      ['OpenSSH', 'The program.'],
                      ['_'],
                      ['7.4', 'Its version, from 2016. Old enough to look for known holes.'],
                    ],
                  },
                },
                {
                  name: 'Web',
                  drawing: {
                    kind: 'anatomy',
                    parts: [
                      ['Server: '],
                      ['Apache', 'The program.'],
                      ['/'],
                      ['2.4.49', 'The very version with the hole CVE-2021-41773: files outside the site could be read.'],
                      [' ('],
                      ['Unix', 'The kind of system below it.'],
                      [')'],
                    ],
                  },
                },
                {
                  name: 'FTP',
                  drawing: {
                    kind: 'anatomy',
                    parts: [
                      ['220', 'The code for: ready.'],
                      [' ('],
                      ['vsFTPd', 'The program.'],
                      [' '],
                      ['2.3.4', 'A version that was once spread with a back door in it, CVE-2011-2523.'],
                      [')'],
                    ],
                  },
                },
              ],
            },
            twin: {
              title: 'What the banners tell',
              head: ['Banner', 'Program', 'Version'],
              rows: [
                ['`SSH-2.0-OpenSSH_7.4`', 'OpenSSH', '7.4'],
                ['`Server: Apache/2.4.49 (Unix)`', 'Apache', '2.4.49'],
                ['`220 (vsFTPd 2.3.4)`', 'vsFTPd', '2.3.4'],
              ],
            },
          },
        },
        'Whoever collects banners can wait: the day a hole in a version becomes known, they already have the list of machines that run it.',
      ],
    },
    {
      title: 'What can be hidden',
      blocks: [
        {
          table: {
            title: 'Settings that commonly shorten a banner',
            head: ['Service', 'Setting', 'What remains'],
            rows: [
              ['OpenSSH', '`DebianBanner no`', 'name and version; only the part of the distribution goes'],
              ['nginx', '`server_tokens off`', 'the name'],
              ['Apache', '`ServerTokens Prod`', 'the name'],
              ['Postfix', '`smtpd_banner = $myhostname ESMTP`', 'the name of the machine'],
              ['vsftpd', '`ftpd_banner=`', 'what you write'],
            ],
          },
        },
      ],
    },
    {
      title: 'Hiding is not the fix',
      blocks: [
        {
          list: [
            'A service is also recognised by how it answers. A hidden version takes a stranger a little longer.',
            'Many attacks do not ask: they try the hole on every machine that answers.',
            'A number can mislead in both ways. Distributions commonly mend holes and leave the version as it is.',
          ],
        },
        'So first: who may connect at all? Then: is it up to date? And only then: does it have to say so? A banner that only the bastion can read tells a stranger nothing.',
      ],
    },
  ],
  sources: ['RFC 4253 (SSH transport), sections 4.2 and 5.1', 'RFC 959 (FTP), section 4.2', 'CVE-2021-41773 and CVE-2011-2523'],
  exercise: '03-bastion',
  because: 'Take SSH, and its banner, off the internet.',
};
