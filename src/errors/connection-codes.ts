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
    tryThis: ['Use Node 22 or newer.', 'Install hygge again with that Node (docs/install.md); in a clone, `npm ci`.'],
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
    tryThis: ['Let fewer entities run at once: `options.concurrency`.', 'Or let a process open more: `pool_size` of the connection.'],
  },
  'HYG-6055': {
    title: 'The vault does not let us',
    meaning:
      'Whoever runs hygge is known to the vault of `secrets` and has no right to read its secrets, or asks from where nobody may. Nothing was begun.',
    tryThis: [
      'Give that identity the role or permission that the message names.',
      'Or set the variables in the environment or in .env: what is set is not looked up.',
    ],
  },
  'HYG-6056': {
    title: 'The vault gives no answer',
    meaning:
      'The vault of `secrets` could not be reached, took too long, had too many requests, or gave an answer that is none. It was asked again for as long as the policy allows. Nothing was begun.',
    tryThis: [
      'Check its name and the network, then run again.',
      'Or set the variables in the environment or in .env: what is set is not looked up.',
    ],
  },
} as const satisfies Codes;

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

/** Why a state in Table Storage can't be opened as it is configured. */
export const stateAccountCodes = {
  'HYG-1075': {
    title: 'No storage account for the state',
    meaning: '`state:` says Table Storage, but neither it nor the environment (AzureWebJobsStorage) says in which account.',
    tryThis: [
      'Give `state:` an `account_url` or a `connection_string`, or set AzureWebJobsStorage.',
      'Or keep state in files: `state: { type: files }`.',
    ],
  },
  'HYG-1076': {
    title: 'Not a connection string',
    meaning: 'The connection string of the state is not one of a storage account: a part is missing or was cut off.',
    tryThis: ['Copy it anew from the portal: storage account, Access keys, Connection string; quote the whole of it.'],
  },
  'HYG-1077': {
    title: 'State in files in a function app',
    meaning: 'A function app has no disk that stays, and several machines: state in files would be lost, and different on each.',
    tryThis: ['Keep it in Table Storage: `state: { type: table_storage }`, or leave `state:` out.'],
  },
} as const satisfies Codes;
