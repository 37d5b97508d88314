import type { Codes } from './codes.ts';

/** Why storage in a cloud can't be reached or refuses us. */
export const lakeCodes = {
  'HYG-6401': {
    title: 'The storage does not let us',
    meaning: 'Whoever runs hygge is known to the storage and lacks the right to list, read, write or remove there.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'See whether a firewall or policy of the account is in the way.',
    ],
  },
  'HYG-6402': {
    title: 'The storage does not know who we are',
    meaning: 'Nobody is signed in, or the key, token or certificate that was shown is wrong, incomplete or over.',
    tryThis: ['Sign in, or give the credential that the message names.'],
  },
  'HYG-6403': {
    title: 'No such container or bucket',
    meaning: 'The account, container, filesystem or bucket that the config names is not there.',
    tryThis: ['Check the names in the config; hygge makes no containers.'],
  },
  'HYG-6404': {
    title: 'The storage cannot be reached',
    meaning: 'A request got no answer, or one that says only that something is wrong with the service or the way to it.',
    tryThis: ['Check the name and the network with `hygge debug`, then try again: nothing is done twice.'],
  },
} as const satisfies Codes;
