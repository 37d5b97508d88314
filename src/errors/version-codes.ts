import type { Codes } from './codes.ts';

/** Versions of a workspace in blob storage, and packing. What is wrong with the command line or the workspace. */
export const versionConfigCodes = {
  'HYG-1931': {
    title: 'No place for the config',
    meaning: 'The config of the function app lies in a blob container, and nothing says which one.',
    tryThis: ['Set `AzureWebJobsStorage` or `HYGGE_CONFIG` as the app has it, or name the container with `--to` or `--from`.'],
  },
  'HYG-1932': {
    title: 'Not a blob container',
    meaning: 'The place for the config is neither the address of a blob container nor a connection string of a storage account.',
    tryThis: ['Write the address of a container: `https://<account>.blob.core.windows.net/hygge-config`.'],
  },
  'HYG-1933': {
    title: 'A secret is written out in the config',
    meaning: 'Whoever may read the container would read the secret, in this version and in every later one.',
    tryThis: [`Put a variable in its place, \`\${NAME}\`, and set that in the settings of the app.`],
  },
  'HYG-1934': {
    title: 'The config names a hidden file',
    meaning: 'Hidden files stay on the machine they are on: they hold secrets, state and caches.',
    tryThis: ['Give the file a name without a leading dot.'],
  },
  'HYG-1935': {
    title: 'Files are in the way of a pull',
    meaning: 'A version was to be written into a folder that has other files of these names.',
    tryThis: ['Pull into another folder with `--to`, or overwrite with `--force`.'],
  },
} as const satisfies Codes;

/** The current version of the config was moved by somebody else. */
export const versionFlowCodes = {
  'HYG-2301': {
    title: 'Somebody else changed the config',
    meaning: 'Two people pushed or rolled back at the same time. One of them is first, and the other is told instead of overwriting it.',
    tryThis: ['Look at what the other changed, then push again if yours should stand.'],
  },
} as const satisfies Codes;

/** What is stored of versions cannot be used. */
export const versionStateCodes = {
  'HYG-5301': {
    title: 'A version written by a newer hygge',
    meaning: 'The config in blob storage has a format that this hygge does not know.',
    tryThis: ['Use the hygge that wrote it, or a newer one.'],
  },
  'HYG-5302': {
    title: 'The stored config is damaged',
    meaning: 'A version is not what was pushed, or the pointer to the current one says nothing that can be.',
    tryThis: ['Push the workspace again, or go back to another version.'],
  },
  'HYG-5303': {
    title: 'No such version of the config',
    meaning: 'Nothing was pushed yet, or the version that is named was never there or was removed.',
    tryThis: ['`hygge config list` shows the versions there are.'],
  },
} as const satisfies Codes;

/** The storage that holds the config. */
export const versionConnectionCodes = {
  'HYG-6301': {
    title: 'The storage of the config does not say what became of a write',
    meaning: 'A write was sent several times and its outcome stays unknown. It may have happened; nothing was guessed.',
    tryThis: ['See what is current with `hygge config list`, then run the command again.'],
  },
  'HYG-6302': {
    title: 'The storage of the config refuses us',
    meaning: 'Whoever runs hygge has no right to the container, or could not prove who they are.',
    tryThis: ['Give that identity the role Storage Blob Data Contributor on the container; to read, Storage Blob Data Reader is enough.'],
  },
  'HYG-6303': {
    title: 'The storage of the config cannot be reached',
    meaning: 'No answer came, or one that says that something is wrong on the other side.',
    tryThis: ['Check the name of the account and the network, then try again.'],
  },
} as const satisfies Codes;
