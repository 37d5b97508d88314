import type { Codes } from './codes.ts';

/** Something that should not be possible. */
export const defectCodes = {
  'HYG-9001': {
    title: 'Something unexpected happened',
    meaning: 'Most likely a fault in hygge. Nothing half done becomes visible, whatever it was.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9401': {
    title: 'A name was used twice',
    meaning: 'Every file of a commit has a name of its own. A second file of that name came up with other content; it was refused.',
    tryThis: ['Report it with what `-v` prints; nothing was overwritten.'],
  },
  'HYG-9402': {
    title: 'A journal line holds a line break',
    meaning: 'A fault in hygge itself: a line of the journal must be one line. It was not written.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9403': {
    title: 'State that could not be read again',
    meaning: 'A fault in hygge itself: a state row holds what its format cannot. It was not written; the row before it stands.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9002': {
    title: 'Two commits with one name',
    meaning: 'The record of a commit is there already and is another one. It must not be possible.',
    tryThis: ['Report it.'],
  },
} as const satisfies Codes;
