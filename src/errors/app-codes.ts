import type { Codes } from './codes.ts';

/** What whoever starts a run over HTTP, or sets up the app, may say wrong. */
export const appConfigCodes = {
  'HYG-1950': {
    title: 'The request cannot be read',
    meaning: 'The body of a request to the function app is no JSON object, or a key of it is unknown or has a value of another kind.',
    tryThis: ['Send `{}` to run the whole flow; the keys are `entities`, `run_type`, `backfill`, `vars` and `dry_run`.'],
  },
  'HYG-1951': {
    title: 'A key that cannot be set from outside',
    meaning: 'A request sets a key with `vars` that the flow does not list in `allow_vars`.',
    tryThis: ['Leave it out, or let the flow allow it; where data comes from or goes to can never be set.'],
  },
  'HYG-1952': {
    title: 'HYGGE_FLOWS names no flow',
    meaning: 'The app setting that limits which flows an app serves names one that the config does not have.',
    tryThis: ['Correct the app setting; without it the app serves every flow.'],
  },
  'HYG-1953': {
    title: 'The schedule is no schedule',
    meaning: 'A flow takes its schedule from an app setting, which is not set or holds something else.',
    tryThis: ['Set it to six fields of cron, seconds first: `0 0 2 * * *`.'],
  },
  'HYG-1954': {
    title: 'The app has no such flow',
    meaning: 'A request names a flow that the app did not have when it started.',
    tryThis: ['`GET /api/flows` shows the names; a flow that was pushed later is there after a restart.'],
  },
  'HYG-1963': {
    title: 'The request is too large',
    meaning: "The body of a request to the function app is longer than the names of any flow's entities.",
    tryThis: ['Leave `entities` out to run all of them, or name each of them once.'],
  },
  'HYG-1962': {
    title: 'The app cannot work with these limits',
    meaning:
      'The host.json of the workspace, or the name of the task hub, asks for something that the platform refuses or that the app relies on otherwise.',
    tryThis: ['Correct what the message names; without a host.json of yours, hygge has limits of its own.'],
  },
  'HYG-1961': {
    title: 'Two apps share a task hub',
    meaning:
      "A step of another app's run was given to this one, which did nothing: two apps, slots or laptops use the same task hub in one storage account.",
    tryThis: ['Give each a task hub of its own: an app setting, or `hygge pack --hub`.'],
  },
} as const satisfies Codes;

/** Why a run of the function app is not started, not found, or gone. */
export const appFlowCodes = {
  'HYG-2051': {
    title: 'A run is going on',
    meaning: 'A flow has one live run at a time, and one of each backfill. Nothing was started.',
    tryThis: ['Wait for the run that the answer names, or stop it.'],
  },
  'HYG-2052': {
    title: 'No such run',
    meaning: 'The flow has no run of that id: it was never started, or so long ago that it is forgotten.',
    tryThis: ['`GET /api/flows/<flow>/runs` shows the latest ones.'],
  },
  'HYG-2053': {
    title: 'A machine stopped during a step',
    meaning:
      'The machine went away under a step, or its time limit stopped it, again and again. What was decided is finished by the next run.',
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
    tryThis: ['Set the Node version of the function app to 22 or 24.'],
  },
  'HYG-6050': {
    title: 'A run could not be started',
    meaning: 'The platform did not take the start of an orchestration.',
    tryThis: ['Start it again; look whether the storage of the app can be reached.'],
  },
} as const satisfies Codes;

export const appDefectCodes = {
  'HYG-9404': {
    title: 'A step says too much',
    meaning: 'The input or output of a step is larger than what the history of an orchestration should hold. It was stopped.',
    tryThis: ['Report it, with how many entities the flow has.'],
  },
} as const satisfies Codes;
