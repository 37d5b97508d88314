/** Errors that stop the function app or a request to it. The file must not load the engine, because orchestrators use some of the errors. */
import { ConfigError, ConnectionError, DefectError, FlowError, StateError } from '../errors/hygge-error.ts';
import type { RunRecord } from '../ports/runs.ts';
import { listed, quoted } from '../workspace/yaml/problems.ts';

export function unreadableRequest(what: string, ...tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1950', what, tryThis });
}

export function requestTooLarge(characters: number, most: number): ConfigError {
  return new ConfigError({
    code: 'HYG-1963',
    what: `The request has ${characters.toLocaleString('en-US')} characters; the maximum is ${most.toLocaleString('en-US')}.`,
    tryThis: ['Leave `entities` out to run all of them, or name each of them once'],
  });
}

export function notAllowed(key: string, allowed: readonly string[], meant: string | undefined): ConfigError {
  return new ConfigError({
    code: 'HYG-1951',
    what: `${quoted(key)} can't be set by a request.${didYouMeanThis(meant)}`,
    why: [
      allowed.length === 0
        ? 'The flow has no `allow_vars`, so a request cannot change what the flow does.'
        : `The flow allows ${listed(allowed)}.`,
    ],
    tryThis: [
      'Leave it out',
      'Or allow this key in the flow: `allow_vars: [watermark.lag]`; the source and the destination can never be set',
    ],
  });
}

export function flowsSettingNames(name: string, known: readonly string[], meant: string | undefined): ConfigError {
  return new ConfigError({
    code: 'HYG-1952',
    what: `HYGGE_FLOWS names ${JSON.stringify(name)}, and there is no such flow.${didYouMeanThis(meant)}`,
    why: [`The config has ${known.join(', ')}.`],
    tryThis: ['Correct the app setting HYGGE_FLOWS; without it the app serves every flow'],
  });
}

export interface BadSetting {
  readonly setting: string;
  /** The value of the setting; undefined: the setting is not set. */
  readonly value: string | undefined;
  /** The required form of the setting. */
  readonly needs: string;
}

export function scheduleSetting(flow: string, { setting, value, needs }: BadSetting): ConfigError {
  const wrong = value === undefined ? 'and it is not set' : `and ${JSON.stringify(value)} is not a schedule`;
  return new ConfigError({
    code: 'HYG-1953',
    what: `The schedule of ${flow} is the app setting ${setting}, ${wrong}.`,
    why: value === undefined ? [] : [`It needs ${needs}.`],
    tryThis: [`Set ${setting} to six fields of cron, seconds first: \`0 0 2 * * *\` is every night at two, UTC`],
  });
}

/** The app's timers use their own zone, so they would not fire at the UTC times that the flow's zone was converted to. */
export function scheduleInTwoZones(flow: string, { zone, setting }: { readonly zone: string; readonly setting: string }): ConfigError {
  return new ConfigError({
    code: 'HYG-1953',
    what: `The schedule of ${flow} uses the zone ${zone}, but the app setting ${setting} sets another zone for the app's timers.`,
    why: [
      'hygge converts the schedule to UTC, but the platform would read the result in that other zone. No run would start at the right time.',
    ],
    tryThis: [`Remove the app setting ${setting}: \`timezone\` of a flow needs none`],
  });
}

export function notServed(flow: string, known: readonly string[], meant: string | undefined): ConfigError {
  return new ConfigError({
    code: 'HYG-1954',
    what: `This app has no flow ${JSON.stringify(flow.slice(0, 80))}.${didYouMeanThis(meant)}`,
    why: [`When it started, it had: ${known.join(', ')}.`],
    tryThis: ['See all flows: GET /api/flows', 'If the flow was pushed later, restart the app'],
  });
}

/** @param link the address where the running run can be queried and stopped @param here the app that got the request */
export function alreadyRunning({ flow, run_id, started_at, trigger, lane, app }: RunRecord, link: string, here: string): FlowError {
  const elsewhere = app === undefined || app === here ? '' : `, in the app ${app}`;
  return new FlowError({
    code: 'HYG-2051',
    what: `${lane === 'live' ? `A run of ${flow}` : `A backfill of this range of ${flow}`} has been running since ${started_at}.`,
    why: [`It is run ${run_id}, started by ${trigger === 'schedule' ? 'its schedule' : 'a request'}${elsewhere}.`],
    tryThis: [`Wait for it: GET ${link}`, `Or stop it: DELETE ${link}`],
  });
}

export function noSuchRun(flow: string, run: string): FlowError {
  return new FlowError({
    code: 'HYG-2052',
    what: `The flow ${flow} has no run ${JSON.stringify(run.slice(0, 60))}.`,
    why: ['Records of runs are deleted after some time, and a run that was never started has no id.'],
    tryThis: [`See all runs: GET /api/flows/${flow}/runs`],
  });
}

export function machineStopped(said: string): FlowError {
  return new FlowError({
    code: 'HYG-2053',
    what: 'The machine stopped while it worked on a step.',
    why: [said],
    tryThis: ['Check its memory and time limit (functionTimeout) in the log of the platform. The next run finishes decided commits'],
  });
}

export function notStarted(flow: string, cause: unknown): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6050',
    what: `The run of ${flow} could not be started.`,
    why: [saidBy(cause)],
    tryThis: ['Start it again', 'Check whether the storage of the app (AzureWebJobsStorage) can be reached'],
    transient: true,
    cause,
  });
}

export function stepTooLarge(
  name: string,
  what: 'input' | 'output',
  { bytes, most }: { readonly bytes: number; readonly most: number },
): DefectError {
  return new DefectError({
    code: 'HYG-9404',
    what: `The ${what} of ${name} has ${bytes} bytes; the maximum is ${most}.`,
    why: ['The platform would keep it in the history of the orchestration, and read it again at every step.'],
    tryThis: ['Report this error, with the names and the number of the entities: this is a fault in hygge'],
  });
}

/** @param theirs the app that owns the run */
export function stepOfAnotherApp({ run, theirs, ours }: Record<'run' | 'theirs' | 'ours', string>): ConfigError {
  return new ConfigError({
    code: 'HYG-1961',
    what: `The app ${ours} got a step of run ${run}, which belongs to the app ${theirs}.`,
    why: ["Apps with the same task hub in one storage account carry out each other's steps, but each app has a config of its own."],
    tryThis: [
      'Give each app, slot and laptop its own task hub: the app setting AzureFunctionsJobHost__extensions__durableTask__hubName, or `hygge pack --hub <name>`',
      'If the machines of one app have no name in common, set HYGGE_APP to the same name on all of them',
    ],
  });
}

export function noSuchPosition({ flow, n, config }: { readonly flow: string; readonly n: number; readonly config: string }): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `The flow ${flow} has no entity at position ${n} in the config ${config} of this run.`,
    why: ['The config of a run is pinned when it begins, so this can only be a fault in hygge.'],
    tryThis: ['Start the flow again'],
  });
}

/** The platform's own API on the same machine. */
/** The config is necessary, because positions of entities have no meaning without it. */
export function nothingKept({ flow, run }: { readonly flow: string; readonly run: string }): StateError {
  return new StateError({
    code: 'HYG-5031',
    what: `The list of entities of run ${run} of ${flow} is no longer in the state.`,
    why: ['The list has the entities that were found when the run began. Objects of the state have been removed since then.'],
    tryThis: ['Start the flow again. It lists the entities again, and first finishes decided commits'],
  });
}

export function durableFunctionsSilent(cause: unknown): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6001',
    what: 'A system did not answer: the durable functions of the platform.',
    why: [saidBy(cause)],
    tryThis: ['Ask again', 'Check whether the storage of the app (AzureWebJobsStorage) can be reached'],
    transient: true,
    cause,
  });
}

/** The message of an error from outside hygge, without the keys in its addresses. */
export function saidBy(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return said.replace(/([?&](?:code|sig|key|connection)=)[^&\s"']+/gi, '$1***');
}

function didYouMeanThis(meant: string | undefined): string {
  return meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`;
}
