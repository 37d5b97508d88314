import type { Codes } from './entry.ts';

/** Mistakes in a request over HTTP that starts a run, or in the setup of the app. */
export const appConfigCodes = {
  'HYG-1950': {
    title: 'The request cannot be read',
    meaning: 'The body of a request to the function app is not a JSON object, or a key of it is unknown or has a value of another kind.',
    why: 'A key is misspelt, or a value is of another kind.',
    tryThis: ['Send `{}` to run the whole flow; the keys are `entities`, `run_type`, `backfill`, `vars` and `dry_run`.'],
  },
  'HYG-1951': {
    title: 'A key that cannot be set from outside',
    meaning: 'A request sets a key with `vars` that the flow does not list in `allow_vars`.',
  },
  'HYG-1952': {
    title: 'HYGGE_FLOWS names no flow',
    meaning: 'The app setting that limits which flows an app serves names one that the config does not have.',
    why: 'The flow was renamed, or the app setting is misspelt.',
  },
  'HYG-1953': {
    title: 'The schedule is not a schedule',
    meaning:
      'A flow takes its schedule from an app setting, which is not set or is not a schedule. Or the flow has a `timezone`, and `WEBSITE_TIME_ZONE` or `TZ` sets one for the whole app.',
    why: 'The app setting was not created with the app, or has five fields.',
    tryThis: [
      'Set it to six fields of cron, seconds first: `0 0 2 * * *`.',
      'With `timezone`, remove the setting of the app that names a zone.',
    ],
  },
  'HYG-1954': {
    title: 'The app has no such flow',
    meaning: 'A request names a flow that the app did not have when it started.',
    why: 'The name is misspelt, or the flow was pushed after the app had started.',
  },
  'HYG-1965': {
    title: 'A flow that cannot run in the app',
    meaning: 'The flow reads from or writes to DuckDB. A packed app does not hold DuckDB.',
    why: "The home or the store of the flow has the type `duckdb`. DuckDB's native part is not in the package.",
  },
  'HYG-1963': {
    title: 'The request is too large',
    meaning: "The body of a request to the function app is longer than the names of any flow's entities.",
    why: 'A program built the request in a loop, or sent data instead of a request.',
  },
  'HYG-1962': {
    title: 'The app cannot work with these limits',
    meaning:
      'The host.json of the workspace, or the name of the task hub, asks for something that the platform refuses or that the app relies on otherwise.',
    why: 'The name of the app was used as the name of its task hub, which may have no dashes. Or `functionTimeout` was copied from another app.',
    tryThis: ['Correct what the message names; without a host.json of yours, hygge has limits of its own.'],
  },
  'HYG-1961': {
    title: 'Two apps share a task hub',
    meaning:
      "A step of another app's run was given to this one, which did nothing: two apps, slots or laptops use the same task hub in one storage account.",
    why: 'The same package was deployed to two apps or to two slots of one app, or two laptops run `func start` on one storage account.',
  },
} as const satisfies Codes;

/** Why a run of the function app is not started, not found, or gone. */
export const appFlowCodes = {
  'HYG-2051': {
    title: 'A run is in progress',
    meaning: 'A flow has one live run at a time, and one of each backfill. Nothing was started.',
    why: 'Two requests came at once, or the run before takes longer than usual.',
    tryThis: ['Wait for the run that the answer names, or stop it.'],
  },
  'HYG-2052': {
    title: 'No such run',
    meaning: 'The flow has no run of that id: it was never started, or so long ago that it is forgotten.',
    why: 'The id is misspelt, or the run is older than what is kept.',
    tryThis: ['`GET /api/flows/<flow>/runs` shows the latest ones.'],
  },
  'HYG-2053': {
    title: 'A machine stopped during a step',
    meaning:
      'The machine went away under a step, or its time limit stopped it, again and again. What was decided is finished by the next run.',
    why: 'A step needs more memory than the machine has, or the app was stopped or deployed again while it worked.',
    tryThis: ['Look at the memory and the time limit of the app in the log of the platform, then start the flow again.'],
  },
  'HYG-2054': {
    title: 'The config changed under a run',
    meaning:
      'The app reads its config from a folder, and since the run began its files are others. Nothing more is moved by that run; what was decided is finished by the next.',
    tryThis: ['Start the flow again; push the config with `hygge config push` for runs that keep the one they began with.'],
  },
} as const satisfies Codes;

export const appConnectionCodes = {
  'HYG-6051': {
    title: 'The Node of the function app is too old',
    meaning: 'The package was deployed to an app whose Node version is older than hygge needs. Nothing of it was started.',
    why: 'The function app was created with Node 20, or a template names it.',
    tryThis: ['Set the Node version of the function app to 22 or 24.'],
  },
  'HYG-6050': {
    title: 'A run could not be started',
    meaning: 'The platform did not take the start of an orchestration.',
    why: 'The storage of the app cannot be reached, or its keys have changed.',
    tryThis: ['Start it again; look whether the storage of the app can be reached.'],
  },
} as const satisfies Codes;

export const appDefectCodes = {
  'HYG-9404': {
    title: 'A step says too much',
    meaning: 'The input or output of a step is larger than what the history of an orchestration should hold. It was stopped.',
    why: 'A fault in hygge.',
    tryThis: ['Report it, with how many entities the flow has.'],
  },
} as const satisfies Codes;

/** Packing the function app. */
export const packConfigCodes = {
  'HYG-1941': {
    title: 'There is no function app to pack',
    meaning: 'The function app is built with hygge itself, and this one came without it, or could not be built.',
    why: 'hygge was copied without its `dist` folder, or its sources do not compile at the moment.',
  },
} as const satisfies Codes;

/** Native packages that go into the package. */
export const packConnectionCodes = {
  'HYG-6311': {
    title: 'A native package cannot be fetched',
    meaning: 'The app runs on Linux, and its native part for Linux is not installed here, so npm has to fetch it.',
    why: 'The packing machine is not Linux on x64, and can’t reach the package registry.',
  },
  'HYG-6312': {
    title: 'A native package is not the right one',
    meaning: 'What was fetched or is installed is not what package-lock.json names, or holds no program for Linux on x64 with glibc.',
    why: 'A mirror of the registry serves something else, or node_modules was copied from another machine.',
  },
} as const satisfies Codes;

/** A package that was made and does not work. */
export const packDefectCodes = {
  'HYG-9301': {
    title: 'The packed app does not start',
    meaning: 'The package was unpacked elsewhere and started as the platform does it, and that failed. No package was left behind.',
    why: 'A package that the app needs was left out of the zip.',
    tryThis: ['Report this with what the message says.'],
  },
} as const satisfies Codes;

/** Versions of a workspace in blob storage, and packing. What is wrong with the command line or the workspace. */
export const versionConfigCodes = {
  'HYG-1931': {
    title: 'No place for the config',
    meaning: 'The config of the function app is in a blob container, and no setting names it.',
    why: 'The settings of the function app are not set in the shell that pushes.',
    tryThis: ['Set `AzureWebJobsStorage` or `HYGGE_CONFIG` as the app has it, or name the container with `--to` or `--from`.'],
  },
  'HYG-1932': {
    title: 'Not a blob container',
    meaning: 'The place for the config is neither the address of a blob container nor a connection string of a storage account.',
    why: 'The address of the account, of a blob or of the portal was copied instead of the one of the container.',
  },
  'HYG-1933': {
    title: 'A secret is written out in the config',
    meaning: 'Anyone who may read the container would read the secret, in this version and in every later one.',
    why: 'A password was tried out in the file and stayed there.',
  },
  'HYG-1934': {
    title: 'The config names a hidden file',
    meaning: 'Hidden files stay on the machine they are on: they hold secrets, state and caches.',
    why: '`flows_dir` or `expected_schema_path` leads into a folder whose name begins with a dot.',
  },
  'HYG-1935': {
    title: 'Files are in the way of a pull',
    meaning: 'A version was to be written into a folder that has other files of these names.',
    why: 'The folder holds a workspace that was changed since.',
  },
  'HYG-1936': {
    title: 'The app runs for another target',
    meaning:
      'A container of versions belongs to an app, and an app runs for one target. A push of another one would move its flows to other places.',
    why: 'Two targets were given one container, or the push was for the wrong one.',
  },
} as const satisfies Codes;

/** Another push moved the current version of the config. */
export const versionFlowCodes = {
  'HYG-2301': {
    title: 'Someone else changed the config',
    meaning: 'Two people pushed or rolled back at the same time. The first one succeeds. The other gets this error and overwrites nothing.',
    why: 'A colleague and a pipeline pushed within the same second.',
    tryThis: ['Look at what the other changed, then push again if yours should stand.'],
  },
} as const satisfies Codes;

/** What is stored of versions cannot be used. */
export const versionStateCodes = {
  'HYG-5301': {
    title: 'A version written by a newer hygge',
    meaning: 'The config in blob storage has a format that this hygge does not know.',
    why: 'The workspace was pushed from a machine with a newer hygge than the app has.',
    tryThis: ['Use the hygge that wrote it, or a newer one.'],
  },
  'HYG-5302': {
    title: 'The stored config is damaged',
    meaning: 'A version is not what was pushed, or the pointer to the current one says nothing that can be.',
    why: 'Someone edited a blob in the container by hand.',
    tryThis: ['Push the workspace again, or go back to another version.'],
  },
  'HYG-5303': {
    title: 'No such version of the config',
    meaning: 'Nothing was pushed yet, or the version that is named was never there or was removed.',
    why: 'The container is another one than you think, or the version was removed because it was old.',
    tryThis: ['`hygge config list` shows the versions there are.'],
  },
} as const satisfies Codes;

/** The storage that holds the config. */
export const versionConnectionCodes = {
  'HYG-6301': {
    title: 'The storage of the config does not say what became of a write',
    meaning: 'A write was sent several times and its outcome stays unknown. It may have happened; nothing was guessed.',
    why: 'A connection broke again and again.',
    tryThis: ['See what is current with `hygge config list`, then run the command again.'],
  },
  'HYG-6302': {
    title: 'The storage of the config refuses us',
    meaning: 'The account that runs hygge has no right to the container, or could not prove its identity.',
    why: 'The role is missing, or was given a minute ago and is not there yet.',
    tryThis: ['Give that identity the role Storage Blob Data Contributor on the container; to read, Storage Blob Data Reader is enough.'],
  },
  'HYG-6303': {
    title: 'The storage of the config cannot be reached',
    meaning: 'No answer came, or one that says that something is wrong on the other side.',
    why: 'The account has another name, or a firewall is between.',
    tryThis: ['Check the name of the account and the network, then try again.'],
  },
} as const satisfies Codes;

/** Something that should not be possible. */
export const defectCodes = {
  'HYG-9001': {
    title: 'Something unexpected happened',
    meaning: 'Most likely a fault in hygge. Nothing half done becomes visible, whatever it was.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9401': {
    title: 'A name was used twice',
    meaning: 'Every file of a commit has a name of its own. A second file of that name came up with other content; it was refused.',
    why: 'A fault in hygge, or a file that was put into the destination under a name of hygge.',
    tryThis: ['Report it with what `-v` prints; nothing was overwritten.'],
  },
  'HYG-9402': {
    title: 'A journal line holds a line break',
    meaning: 'A fault in hygge itself: a line of the journal must be one line. It was not written.',
    why: 'A fault in hygge.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9403': {
    title: 'State that could not be read again',
    meaning: 'A fault in hygge itself: a state row holds what its format cannot. It was not written; the row before it stands.',
    why: 'A fault in hygge.',
    tryThis: ['Run it again with `-v` and report what it prints.'],
  },
  'HYG-9002': {
    title: 'Two commits with one name',
    meaning: 'The record of a commit is there already and is another one. It must not be possible.',
    why: 'A fault in hygge, or a `_hygge` folder that was put together by hand from two.',
    tryThis: ['Report it.'],
  },
} as const satisfies Codes;
