import type {
  appConfigCodes,
  appConnectionCodes,
  appDefectCodes,
  appFlowCodes,
  defectCodes,
  packConfigCodes,
  packConnectionCodes,
  packDefectCodes,
  versionConfigCodes,
  versionConnectionCodes,
  versionFlowCodes,
  versionStateCodes,
} from '../app-codes.ts';
import type { configCodes } from '../config-codes.ts';
import type { Explained } from './explained.ts';

/** How errors of the function app come about, and what they look like. */
export const appExplained = {
  'HYG-1950': {
    why: 'A key is misspelt, or a value is of another kind.',
    example: {
      what: 'There is no key `entites` in the request. Did you mean `entities`?',
      why: [],
      tryThis: ['The keys are `entities`, `run_type`, `backfill`, `vars` and `dry_run`.'],
    },
  },
  'HYG-1951': {
    why: 'A key of the function must not change what a flow does, unless the flow says so.',
    example: {
      what: "`store.path` can't be set from outside.",
      why: ['The flow has no `allow_vars`: a key of the function must not change what it does.'],
      tryThis: [
        'Leave it out',
        'Or let the flow allow it: `allow_vars: [watermark.lag]`; where data comes from or goes to can never be set',
      ],
    },
  },
  'HYG-1952': {
    why: 'The flow was renamed, or the app setting is misspelt.',
    example: {
      what: 'HYGGE_FLOWS names "cmr", and there is no such flow. Did you mean crm?',
      why: ['The config has crm, sales.'],
      tryThis: ['Correct the app setting HYGGE_FLOWS; without it the app serves every flow'],
    },
  },
  'HYG-1953': {
    why: 'The app setting was not created with the app, or has five fields.',
    example: {
      what: 'The schedule of crm is the app setting CRM_SCHEDULE, and it is not set.',
      why: [],
      tryThis: ['Set CRM_SCHEDULE to six fields of cron, seconds first: `0 0 2 * * *` is every night at two, UTC'],
    },
  },
  'HYG-1954': {
    why: 'The name is misspelt, or the flow was pushed after the app had started.',
    example: {
      what: 'This app has no flow "cmr". Did you mean crm?',
      why: ['It has crm, sales, as of when it started.'],
      tryThis: ['See what there is: GET /api/flows', 'A flow that was pushed later is there after a restart of the app'],
    },
  },
  'HYG-1965': {
    why: "The home or the store of the flow has the type `duckdb`. DuckDB's native part is not in the package.",
    example: {
      what: 'The flow ducks uses DuckDB, which a packed app does not hold.',
      why: ['Its native part is as large as the rest of hygge.'],
      tryThis: ['Pack the other flows: hygge pack --flow shop', 'Run it on a machine of your own: hygge go -f ducks'],
    },
  },
  'HYG-1963': {
    why: 'A program built the request in a loop, or sent data instead of a request.',
    example: {
      what: 'The request has 2,400,012 characters; 262,144 is the most.',
      why: [],
      tryThis: ['Leave `entities` out to run all of them, or name each of them once'],
    },
  },
  'HYG-1962': {
    why: 'The name of an app is no name of a task hub: there are no dashes in it. Or `functionTimeout` is that of another app.',
    example: {
      what: 'The limits of the function app are none that it can work with.',
      why: [
        'The task hub "crm-dev" needs 3 to 45 letters and digits, a letter first; or %SETTING%, an app setting that holds it.',
        '`functionTimeout` is "00:05:00"; a step needs 00:10:00 at least.',
      ],
      tryThis: ['Correct the host.json beside hygge.yml, or the name after --hub'],
    },
  },
  'HYG-1961': {
    why: 'The same package was deployed to two apps or to two slots of one app, or two laptops run `func start` on one storage account.',
    example: {
      what: 'The app crm/staging was given a step of run 01M7WBCT8NPS10X98J6TEFZ1KD, which is of the app crm.',
      why: ["Apps with the same task hub in one storage account carry out each other's steps, and each has a config of its own."],
      tryThis: [
        'Give each app, slot and laptop a task hub of its own: the app setting AzureFunctionsJobHost__extensions__durableTask__hubName, or `hygge pack --hub <name>`',
      ],
    },
  },
  'HYG-2051': {
    why: 'Two requests came at once, or the run before takes longer than usual.',
    example: {
      what: 'A run of crm is going on since 2026-11-20T02:00:00.000Z.',
      why: ['It is run 01M7WBCT8NPS10X98J6TEFZ1KD, started by its schedule.'],
      tryThis: ['Wait for it: GET https://app.example/api/flows/crm/runs/01M7WBCT8NPS10X98J6TEFZ1KD'],
    },
  },
  'HYG-2052': {
    why: 'The id is misspelt, or the run is older than what is kept.',
    example: {
      what: 'The flow crm has no run "01M7WBCT8NPS10X98J6TEFZ1KD".',
      why: ['Runs are forgotten after a while, and a run that was never started has no id.'],
      tryThis: ['See what there is: GET /api/flows/crm/runs'],
    },
  },
  'HYG-2053': {
    why: 'A step needs more memory than the machine has, or the app was stopped or deployed anew while it worked.',
    example: {
      what: 'The machine stopped while it worked on a step.',
      why: ['Worker was unable to complete the invocation'],
      tryThis: [
        'Look at its memory and time limit (functionTimeout) in the log of the platform; what was decided is finished by the next run',
      ],
    },
  },
  'HYG-2054': {
    why: 'The app was deployed anew with its config in the package, or somebody edited the folder, while a run was going on.',
    example: {
      what: 'The config of crm changed under its run.',
      why: [
        'The run began with 3f2a90c1b7de; the folder /app/workspace holds 9d04e1aa52c3 now: the app was deployed anew, or a file was edited.',
      ],
      tryThis: [
        'Start the flow again: it runs by the new config, and finishes first what was decided',
        'To keep runs on the config that they began with, leave it out of the package and push it: hygge config push',
      ],
    },
  },
  'HYG-6051': {
    why: 'The function app was created with Node 20, or a template names it.',
    example: {
      what: 'It needs Node 22.15 or newer; this is Node 20.19.0.',
      why: [],
      tryThis: ['Set the Node version of the function app to 22 or 24.'],
    },
  },
  'HYG-6050': {
    why: 'The storage of the app cannot be reached, or its keys have changed.',
    example: {
      what: 'The run of crm could not be started.',
      why: ['The operation failed with an unexpected status code: 500.'],
      tryThis: ['Start it again', 'Look whether the storage of the app (AzureWebJobsStorage) can be reached'],
    },
  },
  'HYG-9404': {
    why: 'A fault in hygge.',
    example: {
      what: 'The input of hygge-commit-entity has 5120 bytes; 4096 is the most.',
      why: ['It would lie in the history of the orchestration, which is read again at every step.'],
      tryThis: ['Report it, with the names of the entities and how many there are: this is a fault in hygge'],
    },
  },
} as const satisfies Explained<typeof appConfigCodes & typeof appFlowCodes & typeof appConnectionCodes & typeof appDefectCodes>;

/** How packing goes wrong, and what it looks like. */
export const packExplained = {
  'HYG-1941': {
    why: 'hygge was copied without its `dist` folder, or its sources do not compile at the moment.',
    example: {
      what: 'There is no built function app to pack.',
      why: ['dist/functions/app.mjs is not there.'],
      tryThis: ['Build it: npm run setup, in the folder of hygge'],
    },
  },
  'HYG-6311': {
    why: 'The machine that packs is no Linux on x64 and has no way to the package registry.',
    example: {
      what: 'The package nodejs-polars-linux-x64-gnu 0.26.1 cannot be fetched.',
      why: ['npm error code ENOTFOUND'],
      tryThis: [
        'Check the network, the proxy and the registry that npm uses: npm ping',
        'Or pack on Linux (x64) after npm ci: nothing is fetched there',
      ],
    },
  },
  'HYG-6312': {
    why: 'A mirror of the registry serves something else, or node_modules was copied from another machine.',
    example: {
      what: 'nodejs-polars-linux-x64-gnu 0.26.1 is not the package that package-lock.json names.',
      why: ['Its checksum is another.'],
      tryThis: ['Check the registry that npm uses, then pack again'],
    },
  },
  'HYG-9301': {
    why: 'A package that the app needs was left out of the zip.',
    example: {
      what: 'The packed app does not start.',
      why: ["Cannot find package 'nodejs-polars'"],
      tryThis: ['Report this with the lines above'],
    },
  },
} as const satisfies Explained<typeof packConfigCodes & typeof packConnectionCodes & typeof packDefectCodes>;

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
  'HYG-1936': {
    why: 'Two targets were given one container, or the push was for the wrong one.',
    example: {
      what: 'The app that reads https://northwind.blob.core.windows.net/hygge-config runs for target prod, and this would push target dev.',
      why: ['Its flows would read and settle in other places from their next run on, with another state.'],
      tryThis: [
        'Push its own target: hygge config push --target prod',
        'Or into the container of the app of dev: hygge config push --target dev --container URL',
      ],
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

/** What should not be possible, and what it would look like. */
export const defectExplained = {
  'HYG-9001': {
    why: 'A fault in hygge, or in something it relies on.',
    example: {
      what: 'hygge met something that it did not expect: Cannot read properties of undefined',
      why: ['This is a fault in hygge, not in your workspace. What had settled is settled; nothing half-done is visible.'],
      tryThis: ['Run it again with -v, and report what it prints'],
    },
  },
  'HYG-9002': {
    why: 'A fault in hygge, or a `_hygge` folder that was put together by hand from two.',
    example: {
      what: 'data/lake/_hygge/shop/orders/commits/00000000000000000003-01M7WBCT8NPS10X98J6TEFZ1KD.json is the record of another commit (01M7WBE5XMWP261V749PYE13C7).',
      why: [],
      tryThis: ['Report this: two commits must never share a name'],
    },
  },
  'HYG-9401': {
    why: 'A fault in hygge, or a file that was put into the destination under a name of hygge.',
    example: {
      what: 'A file named orders/00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet is there already, with other content.',
      why: ['Every name is used once; a second use would overwrite what a commit relies on.'],
      tryThis: ['Report it with what `-v` prints; nothing was overwritten.'],
    },
  },
  'HYG-9402': {
    why: 'A fault in hygge.',
    example: { what: 'A line to append holds a newline.', why: [], tryThis: ['Run it again with `-v` and report what it prints.'] },
  },
  'HYG-9403': {
    why: 'A fault in hygge.',
    example: {
      what: 'The state of crm.Account would not be readable again; it was not written.',
      why: ['protocol.epoch: Invalid input: expected number, received NaN'],
      tryThis: ['Run it again with `-v` and report what it prints.'],
    },
  },
} as const satisfies Explained<typeof defectCodes>;
