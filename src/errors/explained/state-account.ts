import type { stateAccountCodes } from '../state-account-codes.ts';
import type { Explained } from './explained.ts';

/** How it comes that a state in Table Storage can't be opened. */
export const stateAccountExplained = {
  'HYG-1075': {
    why: 'The app has its account in AzureWebJobsStorage, but the laptop has no such variable; or its name is misspelt.',
    example: {
      what: 'State is to live in Table Storage, but nothing says in which storage account.',
      why: ['`state:` has neither `connection_string` nor `account_url`, and the environment no AzureWebJobsStorage.'],
      tryThis: [
        'By identity: state: { type: table_storage, account_url: "https://<account>.table.core.windows.net" }, and az login',
        `By a connection string in a variable: state: { type: table_storage, connection_string: "\${STATE_CONNECTION}" }`,
        'State on this machine instead: state: { type: files }',
      ],
    },
  },
  'HYG-1077': {
    why: 'A workspace that ran on a laptop was pushed as it is.',
    example: {
      what: 'hygge.yml keeps its state in files, and a function app has no disk that stays.',
      why: ['State in files would be lost with the machine, and every machine of the app would have another.'],
      tryThis: [
        'state: { type: table_storage } keeps it in the storage account of the app',
        'Or leave `state:` out: an app then does so by itself',
        'Or beside the data: state: { type: object, path: "s3://lake/northwind" }',
      ],
    },
  },
  'HYG-1076': {
    why: 'A shell cut the string off at its first `;`, or only the account key was copied.',
    example: {
      what: 'The connection string of the state is not one of a storage account.',
      why: ['It needs an AccountName with an AccountKey, or a TableEndpoint and a BlobEndpoint with a SharedAccessSignature.'],
      tryThis: ['Copy it anew from the portal: storage account, Access keys, Connection string', 'See that the whole of it is quoted'],
    },
  },
} as const satisfies Explained<typeof stateAccountCodes>;
