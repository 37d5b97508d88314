import type { configCodes } from '../config-codes.ts';
import type { versionConfigCodes, versionConnectionCodes, versionFlowCodes, versionStateCodes } from '../version-codes.ts';
import type { Explained } from './explained.ts';

/** How versions of the config go wrong, and what it looks like. */
export const versionExplained = {
  'HYG-1931': {
    why: 'The settings of the function app are not set in the shell that pushes.',
    example: {
      what: 'Nothing says where the config is kept.',
      why: ['Neither --to, HYGGE_CONFIG nor AzureWebJobsStorage is set.'],
      tryThis: ['Name the container: --to https://<account>.blob.core.windows.net/hygge-config'],
    },
  },
  'HYG-1932': {
    why: 'The address of the account, of a blob or of the portal was copied instead of the one of the container.',
    example: {
      what: '`https://acct.blob.core.windows.net` is no address of a blob container.',
      why: ['HYGGE_CONFIG says so.'],
      tryThis: ['Write the container behind it: https://acct.blob.core.windows.net/hygge-config'],
    },
  },
  'HYG-1933': {
    why: 'A password was tried out in the file and stayed there.',
    example: {
      what: '`password` is written out in the file.',
      why: ['Whoever may read the container would read it.'],
      tryThis: [`Put a variable there: \`password: \${PASSWORD}\``, 'Or push it as it is: hygge config push --allow-secrets'],
      where: { file: 'flows/crm/flow.yml', line: 4, column: 3, text: '  password: ***' },
    },
  },
  'HYG-1934': {
    why: '`flows_dir` or `expected_schema_path` leads into a folder whose name begins with a dot.',
    example: {
      what: 'The config uses the hidden file `.schemas/users.json`, and hidden files are not pushed.',
      why: [],
      tryThis: ['Give it a name without a leading dot.'],
    },
  },
  'HYG-1935': {
    why: 'The folder holds a workspace that was changed since.',
    example: {
      what: 'There are other files of these names in crm.',
      why: ['flows/crm/flow.yml'],
      tryThis: ['Pull into another folder: --to pulled', 'Or overwrite them: --force'],
    },
  },
  'HYG-1080': {
    why: 'A workspace that settles on a local disk was pushed, and the function app runs it.',
    example: {
      what: 'The store of `shop.orders` is a path relative to the folder of hygge.yml, and the cloud has no workspace folder.',
      why: ['The config comes from blob storage, and HYGGE_ROOT is not set.'],
      tryThis: [
        'Settle in a store in the cloud instead.',
        'Or set HYGGE_ROOT to a folder of the machine that runs the app: relative paths begin there.',
      ],
      where: { file: 'flows/shop/flow.yml', line: 2, column: 8, text: 'store: lake/shop' },
    },
  },
  'HYG-2301': {
    why: 'A colleague and a pipeline pushed within the same second.',
    example: {
      what: 'Somebody else changed the current config at the same time; theirs stands.',
      why: ['anna@laptop made 3f2a90c1d4e5 current at 2026-11-20T14:00:00.000Z. Yours, 81b0aa9c7e21, is not current.'],
      tryThis: ['Look at what yours would change now: hygge config push --dry-run', 'If it should stand, push it again: hygge config push'],
    },
  },
  'HYG-5301': {
    why: 'The workspace was pushed from a machine with a newer hygge than the app has.',
    example: {
      what: 'The version 3f2a90c1d4e5 has a format that this hygge does not know.',
      why: ['It says version 2; this hygge reads version 1.'],
      tryThis: ['Use the hygge that wrote it, or a newer one.'],
    },
  },
  'HYG-5302': {
    why: 'Somebody edited a blob in the container by hand.',
    example: {
      what: 'The version 3f2a90c1d4e5 of the config is damaged.',
      why: ['Its content is not what was pushed: the id is the checksum of it.'],
      tryThis: ['Push the workspace again: hygge config push', 'Or go back to another version: hygge config list'],
    },
  },
  'HYG-5303': {
    why: 'The container is another one than you think, or the version was removed because it was old.',
    example: {
      what: 'No config was pushed yet.',
      why: ['There is no current version in https://acct.blob.core.windows.net/hygge-config.'],
      tryThis: ['Push a workspace: hygge config push'],
    },
  },
  'HYG-6301': {
    why: 'A connection broke again and again.',
    example: {
      what: 'The storage of the config does not say what became of current.json.',
      why: ['It was asked 8 times, and either did not answer or had something else each time.'],
      tryThis: ['See what is current: hygge config list', 'Then run the same command again: nothing is done twice.'],
    },
  },
  'HYG-6302': {
    why: 'The role is missing, or was given a minute ago and is not there yet.',
    example: {
      what: 'https://acct.blob.core.windows.net/hygge-config does not let us write.',
      why: ['AuthorizationPermissionMismatch'],
      tryThis: ['Give whoever runs this the role Storage Blob Data Contributor on the container or its account'],
    },
  },
  'HYG-6303': {
    why: 'The account has another name, or a firewall is between.',
    example: {
      what: 'https://acct.blob.core.windows.net/hygge-config cannot be reached.',
      why: ['ENOTFOUND'],
      tryThis: ['Check the name of the account, and whether this machine may reach it'],
    },
  },
} as const satisfies Explained<
  Pick<typeof configCodes, 'HYG-1080'> &
    typeof versionConfigCodes &
    typeof versionFlowCodes &
    typeof versionStateCodes &
    typeof versionConnectionCodes
>;
