import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors/hygge-error.ts';
import { type PackFile, textFile } from './file.ts';

export interface HostRequest {
  /** The folder of hygge, with a host.json of its own. */
  readonly root: string;
  /** The workspace's folder and name; a host.json in it goes before hygge's. Null: there is none to read. */
  readonly workspace: { readonly folder: string; readonly name: string } | null;
  /** Null: every flow. */
  readonly flows: readonly string[] | null;
  /** Of the task hub, from the command line. */
  readonly hub: string | undefined;
}

export interface PackedHost {
  readonly file: PackFile;
  readonly hub: string;
}

type Table = { readonly [key: string]: unknown };

/** The host.json of the package. Throws ConfigError HYG-1962 for what the app can't work with. */
export async function packedHost({ root, workspace, flows, hub }: HostRequest): Promise<PackedHost> {
  const own = JSON.parse(await readFile(join(root, 'host.json'), 'utf8')) as Table;
  const named = merged(own, durableTask({ hubName: hubName(workspace?.name ?? 'hygge', flows) }));
  const theirs = workspace === null ? {} : await hostOf(workspace.folder);
  const host = merged(merged(named, theirs), hub === undefined ? {} : durableTask({ hubName: hub }));
  const wrong = wrongIn(host, own);
  if (wrong.length > 0) throw unusable('The limits of the function app are none that it can work with.', wrong);
  return { file: textFile('host.json', `${JSON.stringify(host, null, 2)}\n`), hub: String(at(host, hubPath)) };
}

const hubPath = ['extensions', 'durableTask', 'hubName'];
/** Letters of the name that people recognise; the hash keeps apart what differs in anything else. */
const mostLetters = 30;

/** Differs for workspaces and sets of flows that differ in as much as a dash or the case of a letter. 3 to 45 letters and digits, a letter first. */
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
    throw unusable('The host.json beside hygge.yml cannot be read.', [error instanceof Error ? error.message : String(error)]);
  }
  throw unusable('The host.json beside hygge.yml cannot be read.', ['It needs a JSON object.']);
}

function merged(under: Table, over: Table): Table {
  const both = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isTable(below) && isTable(value) ? merged(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(both) };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(host: Table, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), host);
}

/** What the orchestrators and triggers count on. */
const fixed = [
  ['version'],
  ['extensions', 'durableTask', 'extendedSessionsEnabled'],
  ['extensions', 'durableTask', 'overridableExistingInstanceStates'],
];
/** A step gives back its turn after a third of that. */
const leastMinutes = 10;

function wrongIn(host: Table, own: Table): readonly string[] {
  const wrong = fixed.flatMap((path) =>
    at(host, path) === at(own, path) ? [] : [`\`${path.join('.')}\` must stay ${JSON.stringify(at(own, path))}.`],
  );
  const hub = at(host, hubPath);
  if (typeof hub !== 'string' || !/^([A-Za-z][A-Za-z0-9]{2,44}|%\w+%)$/.test(hub))
    wrong.push(
      `The task hub ${JSON.stringify(hub)} needs 3 to 45 letters and digits, a letter first; or %SETTING%, an app setting that holds it.`,
    );
  const limit = host.functionTimeout;
  const [days = 0, hours = 0, minutes = 0] = (/^(?:(\d+)\.)?(\d+):(\d\d):\d\d$/.exec(String(limit)) ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (limit !== '-1' && (days * 24 + hours) * 60 + minutes < leastMinutes)
    wrong.push(`\`functionTimeout\` is ${JSON.stringify(limit)}; a step needs 00:10:00 at least.`);
  return wrong;
}

function unusable(what: string, why: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1962',
    what,
    why,
    tryThis: ['Correct the host.json beside hygge.yml, or the name after --hub', 'Without either, hygge has limits and a name of its own'],
  });
}
