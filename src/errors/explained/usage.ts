import type { usageCodes } from '../usage-codes.ts';
import type { Explained } from './explained.ts';

/** How wrong command lines come about, and what they look like. */
export const usageExplained = {
  'HYG-1901': {
    why: 'An option or argument is misspelt, is missing, or does not go with another one.',
    example: { what: '--count is for --dry-run.', why: [], tryThis: ['hygge go --dry-run --count'] },
  },
  'HYG-1902': {
    why: 'The flow or entity was renamed, or the command runs in another workspace than you think.',
    example: { what: 'There is no flow cmr.', why: ['There is: crm, sales'], tryThis: ['Did you mean crm?', 'See all: hygge list flows'] },
  },
  'HYG-1903': {
    why: '`-i` was given for everything, and one of the entities is always loaded whole.',
    example: {
      what: 'Nothing tells new rows from old ones in crm.users, crm.leads.',
      why: ['--incremental needs a watermark, or a home of files.'],
      tryThis: [
        'Give it watermark: { column: … } in its flow',
        'Leave it out: -e or -f name the entities to run',
        'Run it whole: hygge go -d',
      ],
    },
  },
  'HYG-1904': {
    why: 'There is a workspace in that folder already.',
    example: {
      what: 'There is something in my-lake already, and init never overwrites.',
      why: ['hygge.yml is there'],
      tryThis: ['Choose another folder: hygge init another-lake', 'If this is your workspace, it is ready: hygge debug -C my-lake'],
    },
  },
  'HYG-1905': {
    why: 'The command runs in a script or a scheduler.',
    example: {
      what: 'reset asks first, and nobody is there to answer.',
      why: [],
      tryThis: ['Say yes beforehand: hygge reset shop.orders --yes'],
    },
  },
  'HYG-1906': {
    why: 'Nothing settled under the old name, a run is at work, or the new name has a state of its own.',
    example: {
      what: 'The state of crm.users cannot be moved to crm.people.',
      why: ['crm.users has no settled state to move.'],
      tryThis: ['See what there is: hygge status'],
    },
  },
  'HYG-1907': {
    why: 'The source is as it settled, or was accepted before as it is now.',
    example: {
      what: 'There is nothing to accept of shop.orders.',
      why: ['The columns are as they settled.'],
      tryThis: ['See what a run would do: hygge go --dry-run -e shop.orders'],
    },
  },
} as const satisfies Explained<typeof usageCodes>;
