import type { Codes } from './codes.ts';

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
