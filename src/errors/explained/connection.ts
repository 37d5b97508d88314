import type { connectionCodes } from '../connection-codes.ts';
import type { Explained } from './explained.ts';

/** Why systems cannot be reached, and what it looks like. */
export const connectionExplained = {
  'HYG-6001': {
    why: 'A connection broke, or a system is overloaded.',
    example: {
      what: 'A system did not answer.',
      why: ['put data/lake/_hygge/shop/orders/current.json: no answer'],
      tryThis: ['Run it again: what was decided is finished first, nothing is done twice'],
    },
  },
  'HYG-6002': {
    why: '`npm ci` ran under a Node older than 22, which leaves native parts out without a word, or `node_modules` came from another kind of machine.',
    example: {
      what: 'The data engine (Polars) is not installed for this Node.',
      why: ['this is Node 20.18.0', 'Installing under a Node older than 22 leaves the native part out without a word.'],
      tryThis: ['Use Node 22 or newer', 'Install again with that Node: rm -rf node_modules && npm ci'],
    },
  },
  'HYG-6010': {
    why: 'The webhook was removed or its workflow switched off, the network does not let the message out, or it takes messages of another form.',
    example: {
      what: 'The webhook of flow crm did not take the message about this run.',
      why: ['It answered 503. It was tried 3 times.'],
      tryThis: [
        'Check that the webhook still exists, and that notify.webhook holds its whole address',
        'If it is neither Teams nor Slack, say what it takes: notify.format: teams, slack or json',
      ],
    },
  },
  'HYG-6052': {
    why: 'A connection broke, a name was not found, or the service has too much to do. Who is signed in, and with what rights, was not even asked.',
    example: {
      what: 'Signing in failed: login.microsoftonline.com did not give a token.',
      why: ['ENOTFOUND.'],
      tryThis: ['Check whether this machine may reach it: hygge debug lists the hosts.', 'Then run it again: nothing is done twice.'],
    },
  },
  'HYG-6053': {
    why: 'More requests come than the account, bucket or folder bears. hygge halves what it sends at once and waits up to five minutes before it says so.',
    example: {
      what: 's3://lake/raw has too many requests, and let us write no more.',
      why: ['It answered 503 SlowDown for as long as was waited.'],
      tryThis: [
        'Run it again later: what was decided is finished first, nothing is done twice.',
        'Run fewer entities at once: concurrency in hygge.yml; and see who else uses the account.',
      ],
    },
  },
  'HYG-6054': {
    why: 'Many slow reads or writes at once, or somebody else holds a lock that all of them wait for.',
    example: {
      what: 'No connection to erp on db.example became free within 30 s.',
      why: ['This process opens at most 8, and all of them are in use.'],
      tryThis: ['Let fewer entities run at once: options.concurrency', 'Or let the connection bear less: max_reads and max_writes'],
    },
  },
} as const satisfies Explained<typeof connectionCodes>;
