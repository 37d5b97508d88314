import type { Codes } from './codes.ts';

/** A system can't be reached or refuses us. */
export const connectionCodes = {
  'HYG-6001': {
    title: 'A system did not answer',
    meaning: 'A request was sent and no answer came: it may have happened or not. hygge looks before it does anything again.',
    tryThis: ['Run it again: what was decided is finished first, and nothing is done twice.'],
  },
  'HYG-6002': {
    title: 'The data engine is not installed',
    meaning:
      'Data is read and written by a native library. It is missing for this Node: installing under a Node older than 22 leaves it out without a word.',
    tryThis: ['Use Node 22 or newer.', 'Install again with that Node: rm -rf node_modules && npm ci.'],
  },
  'HYG-6010': {
    title: 'Nobody could be told',
    meaning: 'The webhook of `notify` did not take the message about a run. The run itself ended as it ended: nothing about it changes.',
    tryThis: [
      'Check that the webhook still exists, and that `notify.webhook` holds its whole address.',
      'Say what the webhook takes, if its address does not tell: `notify.format`.',
    ],
  },
  'HYG-6052': {
    title: 'The sign-in service did not give a token',
    meaning:
      'Who gives out tokens (Entra ID, the managed identity of the machine, the token service of AWS or Google) could not be reached, or asked to be left alone. It says nothing of who runs this. It was asked again for as long as the policy allows.',
    tryThis: ['Check the way to it with `hygge debug`, then run again: nothing is done twice.'],
  },
  'HYG-6053': {
    title: 'A service has too many requests',
    meaning:
      'The service works, and refused because it is asked too much, by us or by others (429, `SlowDown`, `ServerBusy`). Nothing was done. It was waited for minutes, and longer where it asked for it.',
    tryThis: ['Run again later: what was decided is finished first, and nothing is done twice.', 'Run fewer entities at once.'],
  },
  'HYG-6054': {
    title: 'No connection became free in time',
    meaning: 'A process opens only so many connections to a database. All of them were in use for as long as one waits for them.',
    tryThis: [
      'Let fewer entities run at once: `options.concurrency`.',
      'Say what the system bears: `max_reads` and `max_writes` of the connection.',
    ],
  },
} as const satisfies Codes;
