import type { Chapter } from '../chapter';

export const justification: Chapter = {
  id: 'justification-and-review',
  title: 'Justification and review',
  lead: 'Every open port has a reason, an owner and a date on which somebody asks again.',
  parts: [
    {
      title: 'A line in a register',
      blocks: [
        'A port that is open to the public on purpose is no mistake, but it has to be known. Who reads the rule in two years should not have to guess.',
        {
          figure: {
            title: 'One approved port',
            caption: 'With these five, whoever comes next can decide without asking around.',
            shows: {
              kind: 'anatomy',
              parts: [
                ['tcp/8443', 'What is open.'],
                [' '],
                ['0.0.0.0/0', 'To whom. The approval holds for these sources and no wider ones.'],
                [' '],
                ['orders', 'Why: partners send their orders here.'],
                [' '],
                ['shop', 'Who answers for it.'],
                [' '],
                ['2027-03', 'When it is looked at again.'],
              ],
            },
            twin: {
              title: 'What a line of the register holds',
              head: ['Field', 'Answers'],
              rows: [
                ['Protocol and port', 'What is open?'],
                ['Sources', 'To whom?'],
                ['Justification', 'Why?'],
                ['Owner', 'Who answers for it?'],
                ['Review date', 'When is it looked at again?'],
              ],
            },
          },
        },
        'Portcullis takes such a list beside the configuration: a baseline. Without one, the description of a rule stands in the register as its justification. It never changes a verdict: a sentence in a rule approves nothing.',
      ],
    },
    {
      title: 'An approval that ends',
      blocks: [
        'Reasons grow old. So an approval has an end, and on that day the verdict comes back:',
        {
          figure: {
            title: 'An approved port over time',
            caption: 'Port 8443 open to everyone, approved for six months.',
            shows: { live: 'review' },
            twin: {
              title: 'The verdict over time',
              head: ['When', 'Verdict'],
              rows: [
                ['Before the approval', 'caution'],
                ['Up to the review date', 'secure: approved'],
                ['After it', 'caution: the approval has expired'],
              ],
            },
          },
        },
      ],
    },
    {
      title: 'How a review goes',
      blocks: [
        {
          steps: [
            'What is open that was not open last time? Compare the two.',
            'Does each line still have its reason, and its owner still work here?',
            'Which rules do nothing? A rule that is there twice keeps the door open when one of the two is closed.',
            'Could a source be narrower: a group in place of a network, an office in place of everyone?',
            'Write the next date.',
          ],
        },
      ],
    },
    {
      title: 'Who asks for it',
      blocks: [
        {
          list: [
            'PCI DSS 4.0, requirement 1.2.5: what is allowed is identified, approved and has a business need. Rules are commonly reviewed every six months.',
            'NIST SP 800-53, CM-7: only the ports, protocols and services that are needed.',
            'CIS benchmarks: no rule opens SSH or Remote Desktop to the whole internet.',
          ],
        },
        'A pasted configuration can show that a rule breaks a requirement. It can hardly ever show that one is met.',
      ],
    },
  ],
  sources: ['PCI DSS 4.0, requirement 1.2.5', 'NIST SP 800-53 revision 5, CM-7', 'CIS AWS, Azure and Google Cloud Foundations Benchmarks'],
  exercise: '08-duplicates',
  because: 'Review a group that four people edited, and remove what changes nothing.',
};
