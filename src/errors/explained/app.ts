import type { appConfigCodes, appConnectionCodes, appDefectCodes, appFlowCodes } from '../app-codes.ts';
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
