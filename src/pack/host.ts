import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors/hygge-error.ts';
import { type PackFile, textFile } from './file.ts';

export interface HostRequest {
  /** hygge's own folder, with its host.json. */
  readonly root: string;
  /** The workspace’s folder and name. A host.json in the folder overrides hygge’s host.json. Null: no workspace can be read. */
  readonly workspace: { readonly folder: string; readonly name: string } | null;
  /** The packed flows; null: every flow. */
  readonly flows: readonly string[] | null;
  /** The name of the task hub, from the command line. */
  readonly hub: string | undefined;
}

export interface PackedHost {
  readonly file: PackFile;
  readonly hub: string;
}

type Table = { readonly [key: string]: unknown };

/** The host.json of the package. Throws ConfigError HYG-1962 for settings with which the app can’t work. */
export async function packedHost({ root, workspace, flows, hub }: HostRequest): Promise<PackedHost> {
  const own = JSON.parse(await readFile(join(root, 'host.json'), 'utf8')) as Table;
  const named = merged(own, durableTask({ hubName: hubName(workspace?.name ?? 'hygge', flows) }));
  const theirs = workspace === null ? {} : await hostOf(workspace.folder);
  const host = merged(merged(named, theirs), hub === undefined ? {} : durableTask({ hubName: hub }));
  const wrong = wrongIn(host, own);
  if (wrong.length > 0) throw unusable('The function app can’t work with its limits.', wrong);
  return { file: textFile('host.json', `${JSON.stringify(host, null, 2)}\n`), hub: String(at(host, hubPath)) };
}

const hubPath = ['extensions', 'durableTask', 'hubName'];
/** How many letters of the name are kept, for people. The hash distinguishes names with equal beginnings. */
const mostLetters = 30;

/** A name that differs for all workspaces and sets of flows, even if they differ only in a dash or in case. 3 to 45 letters and digits, a letter first. */
export function hubName(workspace: string, flows: readonly string[] | null): string {
  const letters = workspace.replaceAll(/[^A-Za-z0-9]/g, '').replace(/^(?=[^A-Za-z]|$)/, 'hygge');
  const hash = createHash('sha256')
    .update(JSON.stringify([workspace, flows]))
    .digest('hex');
  return letters.slice(0, mostLetters) + hash.slice(0, 10);
}

function durableTask(settings: Table): Table {
  return { extensions: { durableTask: settings } };
}

async function hostOf(folder: string): Promise<Table> {
  const text = await readFile(join(folder, 'host.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    const value: unknown = JSON.parse(text);
    if (isTable(value)) return value;
  } catch (error) {
    throw unusable('The host.json next to hygge.yml cannot be read.', [error instanceof Error ? error.message : String(error)]);
  }
  throw unusable('The host.json next to hygge.yml cannot be read.', ['The file must contain a JSON object.']);
}

function merged(under: Table, over: Table): Table {
  const both = Object.entries(over).map(([written, value]) => {
    // The platform ignores case: HubName and hubName are equal.
    const key = Object.keys(under).find((one) => one.toLowerCase() === written.toLowerCase()) ?? written;
    const below = under[key];
    return [key, isTable(below) && isTable(value) ? merged(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(both) };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(host: Table, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTable(value) ? underName(value, key) : undefined), host);
}

function underName(table: Table, key: string): unknown {
  return Object.entries(table).find(([one]) => one.toLowerCase() === key.toLowerCase())?.[1];
}

/** Settings that the orchestrators and triggers rely on. */
const fixed = [
  ['version'],
  ['extensions', 'http', 'routePrefix'],
  ['extensions', 'durableTask', 'extendedSessionsEnabled'],
  ['extensions', 'durableTask', 'overridableExistingInstanceStates'],
];
/** The shortest time limit for a function. A step ends its turn after a third of the limit. */
const leastMinutes = 10;

interface Limit {
  readonly path: readonly string[];
  readonly least: number;
  readonly most: number;
}

const ofStorage = (name: string) => ['extensions', 'durableTask', 'storageProvider', name];
const mostAtOnce = 1_000;

/** Limits of the durable extension and its storage. Beyond these limits, the host stops before it loads hygge. */
const counts: readonly Limit[] = [
  { path: ['extensions', 'durableTask', 'maxConcurrentActivityFunctions'], least: 1, most: mostAtOnce },
  { path: ['extensions', 'durableTask', 'maxConcurrentOrchestratorFunctions'], least: 1, most: mostAtOnce },
  { path: ofStorage('partitionCount'), least: 1, most: 16 },
  { path: ofStorage('controlQueueBatchSize'), least: 1, most: 32 },
  { path: ofStorage('controlQueueBufferThreshold'), least: 1, most: 1_000 },
];
const minute = 60;
const hour = 60 * minute;
const week = 7 * 24 * hour;
/** The duration in seconds. */
const times: readonly Limit[] = [
  { path: ofStorage('controlQueueVisibilityTimeout'), least: minute, most: hour },
  { path: ofStorage('workItemQueueVisibilityTimeout'), least: 1, most: week },
  { path: ofStorage('maxQueuePollingInterval'), least: 0.001, most: week },
];

/** The seconds of a .NET TimeSpan: `[d.]hh:mm[:ss[.fff]]`. Undefined: the text is not a TimeSpan. */
function secondsOf(value: unknown): number | undefined {
  const [, days = '0', hours, minutes, seconds = '0'] =
    /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,7})?))?$/.exec(String(value)) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= minute) return undefined;
  return (Number(days) * 24 + Number(hours)) * hour + Number(minutes) * minute + Number(seconds);
}

function timeText(seconds: number): string {
  if (seconds < 1) return 'more than 00:00:00';
  const part = (size: number, of: number) => String(Math.floor(seconds / size) % of).padStart(2, '0');
  const days = Math.floor(seconds / (24 * hour));
  return `${days > 0 ? `${days}.` : ''}${part(hour, 24)}:${part(minute, 60)}:${part(1, 60)}`;
}

function beyondLimits(host: Table): readonly string[] {
  const wrongCounts = counts.flatMap(({ path, least, most }) => {
    const value = at(host, path);
    // The platform accepts a number in quotes.
    const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    const isRight = value === undefined || (Number.isInteger(count) && Number(count) >= least && Number(count) <= most);
    return isRight ? [] : [`\`${path.join('.')}\` is ${JSON.stringify(value)}, but it must be a whole number from ${least} to ${most}.`];
  });
  const wrongTimes = times.flatMap(({ path, least, most }) => {
    const value = at(host, path);
    const seconds = secondsOf(value);
    const isRight = value === undefined || (seconds !== undefined && seconds >= least && seconds <= most);
    return isRight
      ? []
      : [`\`${path.join('.')}\` is ${JSON.stringify(value)}, but it must be a time from ${timeText(least)} to ${timeText(most)}.`];
  });
  const type = at(host, ofStorage('type'));
  const isStorage = type === undefined || String(type).toLowerCase() === 'azurestorage';
  const wrongType = isStorage
    ? []
    : [`\`${ofStorage('type').join('.')}\` is ${JSON.stringify(type)}; the app can keep orchestrations only in Azure Storage.`];
  return [...wrongCounts, ...wrongTimes, ...wrongType];
}

function wrongIn(host: Table, own: Table): readonly string[] {
  const wrong = fixed.flatMap((path) =>
    at(host, path) === at(own, path) ? [] : [`\`${path.join('.')}\` must stay ${JSON.stringify(at(own, path))}.`],
  );
  const hub = at(host, hubPath);
  if (typeof hub !== 'string' || !/^([A-Za-z][A-Za-z0-9]{2,44}|%\w+%)$/.test(hub))
    wrong.push(
      `The task hub ${JSON.stringify(hub)} needs 3 to 45 letters and digits, a letter first; or %SETTING%, an app setting that contains the name.`,
    );
  const limit = host.functionTimeout;
  const [days = 0, hours = 0, minutes = 0] = (/^(?:(\d+)\.)?(\d+):(\d\d):\d\d$/.exec(String(limit)) ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (limit !== '-1' && (days * 24 + hours) * 60 + minutes < leastMinutes)
    wrong.push(`\`functionTimeout\` is ${JSON.stringify(limit)}, but a step needs at least 00:10:00.`);
  return [...wrong, ...beyondLimits(host)];
}

function unusable(what: string, why: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1962',
    what,
    why,
    tryThis: ['Correct the host.json next to hygge.yml, or the name after --hub', 'Without either, hygge has limits and a name of its own'],
  });
}
