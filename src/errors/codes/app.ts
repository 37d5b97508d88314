import type { Codes } from './entry.ts';

/** Errors in an HTTP request that starts a run, or in the setup of the app. */
export const appConfigCodes = {
  'HYG-1950': {
    title: 'The request cannot be read',
    meaning:
      'The body of a request to the function app is not a JSON object. Or one of its keys is unknown or has the wrong kind of value.',
    tryThis: ['Send `{}` to run the whole flow. The keys are `entities`, `run_type`, `backfill`, `vars` and `dry_run`.'],
  },
  'HYG-1951': {
    title: 'A key that a request cannot set',
    meaning: 'A request sets a key with `vars`, and `allow_vars` of the flow does not list this key.',
  },
  'HYG-1952': {
    title: 'HYGGE_FLOWS names an unknown flow',
    meaning: 'The app setting HYGGE_FLOWS limits the flows that an app serves. It names a flow that the config does not have.',
  },
  'HYG-1953': {
    title: 'The schedule is missing or invalid',
    meaning:
      'A flow has its schedule in an app setting, but the setting is missing or is not a schedule. Or the flow has a `timezone`, and `WEBSITE_TIME_ZONE` or `TZ` sets a zone for the whole app.',
    tryThis: ['For a flow with `timezone`, remove the app setting that names a zone.'],
  },
  'HYG-1954': {
    title: 'The app has no such flow',
    meaning: 'A request names a flow that the app did not have when it started.',
  },
  'HYG-1965': {
    title: 'A flow that cannot run in the app',
    meaning: 'The flow reads from or writes to DuckDB. A packed app does not contain DuckDB.',
  },
  'HYG-1963': {
    title: 'The request is too large',
    meaning: 'The body of a request to the function app is longer than a list of all entities of any flow.',
    why: 'A program built the request in a loop, or sent data instead of a request.',
  },
  'HYG-1962': {
    title: 'The app cannot work with its settings',
    meaning:
      'The host.json of the workspace, or the name of the task hub, has a wrong value. Either the platform refuses the value, or the app cannot work with it.',
    why: 'The name of the app is also the name of its task hub, which cannot contain dashes. Or `functionTimeout` was copied from another app.',
    tryThis: ['Remove your host.json, so that hygge uses its own limits.'],
  },
  'HYG-1961': {
    title: 'Two apps share a task hub',
    meaning:
      'Two apps, slots or laptops use the same task hub in one storage account. This app got a step of another app’s run, and did nothing.',
  },
} as const satisfies Codes;

/** Errors of a run of the function app: the run does not start, is not found, or has ended. */
export const appFlowCodes = {
  'HYG-2051': {
    title: 'A run is in progress',
    meaning: 'A flow can have one live run at a time, and one run of each backfill. Nothing was started.',
    tryThis: ['Wait for the run that the answer names, or stop that run.'],
  },
  'HYG-2052': {
    title: 'No such run',
    meaning: 'The flow has no run with that id. The run was never started, or is too old to be kept.',
    tryThis: ['`GET /api/flows/<flow>/runs` shows the latest runs.'],
  },
  'HYG-2053': {
    title: 'A machine stopped during a step',
    meaning:
      'Several times, the machine stopped during a step, or the time limit of the app stopped the step. The next run finishes the commits that were decided.',
    why: 'A step needs more memory than the machine has, or the app was stopped or deployed during the step.',
    tryThis: ['Check the memory and the time limit of the app in the log of the platform, then start the flow again.'],
  },
  'HYG-2054': {
    title: 'The config changed during a run',
    meaning:
      'The app reads its config from a folder, and the files have changed since the run began. The run moves no more rows. The next run finishes the commits that were decided.',
    tryThis: ['Start the flow again.', 'Push the config with `hygge config push`, so that each run keeps the version it began with.'],
  },
} as const satisfies Codes;

export const appConnectionCodes = {
  'HYG-6051': {
    title: 'The Node of the function app is too old',
    meaning: 'The package was deployed to an app whose Node version is older than hygge needs. The app started nothing.',
    tryThis: ['Set the Node version of the function app to 22 or 24.'],
  },
  'HYG-6050': {
    title: 'A run could not be started',
    meaning: 'The platform did not accept the start of an orchestration.',
    tryThis: ['Check whether the storage of the app can be reached, then start the run again.'],
  },
} as const satisfies Codes;

export const appDefectCodes = {
  'HYG-9404': {
    title: 'A step is too large',
    meaning: 'The input or output of a step is too large for the history of an orchestration. The step was stopped.',
    tryThis: ['Report this error, with the number of entities of the flow.'],
  },
} as const satisfies Codes;

/** Errors of packing the function app. */
export const packConfigCodes = {
  'HYG-1941': {
    title: 'The function app cannot be packed',
    meaning: 'The function app is a part of hygge. This installation does not contain it, or its build failed.',
  },
} as const satisfies Codes;

/** Errors of native packages that the app needs. */
export const packConnectionCodes = {
  'HYG-6311': {
    title: 'A native package cannot be downloaded',
    meaning: 'The app runs on Linux. Its native package for Linux is not installed here, so npm must download it.',
  },
  'HYG-6312': {
    title: 'The wrong native package',
    meaning: 'The downloaded or installed package is not the one in package-lock.json, or has no program for Linux on x64 with glibc.',
    why: 'A mirror of the registry serves another package, or node_modules was copied from another machine.',
  },
} as const satisfies Codes;

/** Errors of a finished package that does not work. */
export const packDefectCodes = {
  'HYG-9301': {
    title: 'The packed app does not start',
    meaning: 'hygge unpacked the package elsewhere and started it as the platform does, and the start failed. No package was left behind.',
    tryThis: ['Report this with the text of the message.'],
  },
} as const satisfies Codes;

/** Errors in the command line or in the workspace, for versions of a workspace in blob storage and for packing. */
export const versionConfigCodes = {
  'HYG-1931': {
    title: 'The container of the config is not named',
    meaning: 'The config of the function app is in a blob container, and no setting names that container.',
    why: 'The shell in which you push does not have the settings of the function app.',
    tryThis: ['Set `AzureWebJobsStorage` or `HYGGE_CONFIG` to the value that the app has.'],
  },
  'HYG-1932': {
    title: 'Not a blob container',
    meaning: 'The setting for the config is neither the address of a blob container nor a connection string of a storage account.',
  },
  'HYG-1933': {
    title: 'The config contains a secret',
    meaning: 'Anyone with access to the container could read the secret, in this version and in every later one.',
  },
  'HYG-1934': {
    title: 'The config names a hidden file',
    meaning: 'Hidden files are not pushed, because they contain secrets, state and caches.',
  },
  'HYG-1935': {
    title: 'A pull would overwrite files',
    meaning: 'A pull would write a version into a folder that has other files with the same names.',
  },
  'HYG-1936': {
    title: 'The app runs for another target',
    meaning:
      'A container of config versions belongs to one app, and an app runs for one target. A push for another target would move the flows of the app to other places.',
  },
} as const satisfies Codes;

/** Errors if another push has changed the current version of the config. */
export const versionFlowCodes = {
  'HYG-2301': {
    title: 'Another person changed the config',
    meaning: 'Two people pushed or rolled back at the same time. The first one succeeds. The other gets this error and overwrites nothing.',
    tryThis: ['Compare the other change with yours, then push again to replace it.'],
  },
} as const satisfies Codes;

/** Errors of stored versions that can not be used. */
export const versionStateCodes = {
  'HYG-5301': {
    title: 'A version written by a newer hygge',
    meaning: 'The config in blob storage has a format that this hygge does not know.',
    tryThis: ['Use the hygge that wrote it, or a newer one.'],
  },
  'HYG-5302': {
    title: 'The stored config is damaged',
    meaning: 'A version differs from what was pushed, or the pointer to the current version has an invalid value.',
    tryThis: ['Push the workspace again, or go back to another version.'],
  },
  'HYG-5303': {
    title: 'No such version of the config',
    meaning: 'Nothing was pushed yet, or the given version never existed or was removed.',
    tryThis: ['`hygge config list` shows the existing versions.'],
  },
} as const satisfies Codes;

/** Errors of the storage that contains the config. */
export const versionConnectionCodes = {
  'HYG-6301': {
    title: 'The result of a write to the config is unknown',
    meaning: 'A write was sent several times and no answer shows its result. The write may have happened.',
    tryThis: ['Check the current version with `hygge config list`, then run the command again.'],
  },
  'HYG-6302': {
    title: 'The storage of the config denies permission',
    meaning: 'The account that runs hygge has no right to the container, or could not prove its identity.',
    why: 'The role is missing, or was given a minute ago and is not in force yet.',
    tryThis: [
      'Give that identity the role Storage Blob Data Contributor on the container. For reading, Storage Blob Data Reader is enough.',
    ],
  },
  'HYG-6303': {
    title: 'The storage of the config cannot be reached',
    meaning: 'The storage sent no answer, or an answer that reports a fault of the service.',
    tryThis: ['Check the name of the account and the network, then try again.'],
  },
} as const satisfies Codes;

/** Errors that should not be possible. */
export const defectCodes = {
  'HYG-9001': {
    title: 'Something unexpected happened',
    meaning: 'This is probably a fault in hygge. No partial result becomes visible.',
    tryThis: ['Run it again with `-v`, and report the output.'],
  },
  'HYG-9401': {
    title: 'A file name was used twice',
    meaning: 'Every file of a commit has its own name. A second file with the same name had other content, and hygge refused it.',
    why: 'There is a fault in hygge, or a file with a name of hygge was put into the destination by hand.',
    tryThis: ['Report this error with the output of `-v`. Nothing was overwritten.'],
  },
  'HYG-9402': {
    title: 'A journal line contains a line break',
    meaning: 'An entry of the journal must be one line. The entry was not written.',
    tryThis: ['Run it again with `-v`, and report the output.'],
  },
  'HYG-9403': {
    title: 'A row of the state that could not be read again',
    meaning: 'A row of the state contains a value that its format cannot store. The row was not written, and the previous row remains.',
    tryThis: ['Run it again with `-v`, and report the output.'],
  },
  'HYG-9002': {
    title: 'Two commits with one name',
    meaning: 'A record of a commit with this name already exists, and its content differs. This should never happen.',
    why: 'There is a fault in hygge, or a `_hygge` folder was put together by hand from two folders.',
    tryThis: ['Report it.'],
  },
} as const satisfies Codes;
