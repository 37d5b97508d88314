import { resolve } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { shortRun } from '../../narrate/text/times.ts';
import { allEntityNames } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { targetNames } from '../../workspace/read/read.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { flagsIn } from './flags-in.ts';
import { mayBeCsv } from './root.ts';

/** Completions for the last word, which is being typed. Empty: hygge has no completion, so the shell completes names of files. Never throws, since a shell is waiting. */
export async function complete(
  words: readonly string[],
  hygge: CommandUnknownOpts,
  surroundings: Surroundings,
): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const { command, given, pending } = placeOf(before, hygge);
  const lookup: Lookup = {
    command,
    names: () => namesIn(before, surroundings),
    targets: () => targetsIn(before, surroundings),
    runs: () => runsIn(before, surroundings),
  };
  if (pending !== undefined) return startingWith(current, await valuesOf(pending, current, lookup));
  const [, option, value] = /^(--[a-z-]+=)(.*)$/.exec(current) ?? [];
  if (option !== undefined && value !== undefined) {
    const known = optionsOf(command).find(({ long }) => `${long}=` === option);
    const values = known === undefined ? [] : startingWith(value, await valuesOf(known, value, lookup));
    return values.map((one) => `${option}${one}`);
  }
  if (current.startsWith('-')) return startingWith(current, flagsOf(command));
  if (command.commands.length > 0) return given === 0 ? startingWith(current, subcommands(command)) : [];
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[given] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return startingWith(current, flagsOf(command));
  if (argument.argChoices !== undefined) return startingWith(current, argument.argChoices);
  if (argument.name() === 'code') return startingWith(current, await errorCodes());
  if (argument.name() === 'words') return given === 0 ? startingWith(current, await pageNames()) : [];
  if (argument.name() === 'names') return startingWith(current, either(await lookup.names()));
  return isEntity(argument.name()) ? startingWith(current, (await lookup.names()).entities) : [];
}

type Option = CommandUnknownOpts['options'][number];

interface Place {
  readonly command: CommandUnknownOpts;
  /** The number of arguments typed so far. */
  readonly given: number;
  /** An option whose value is still missing. */
  readonly pending: Option | undefined;
}

function placeOf(words: readonly string[], hygge: CommandUnknownOpts): Place {
  let command = hygge;
  let given = 0;
  let pending: Option | undefined;
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith('-')) pending = optionsOf(command).find((one) => (one.short === word || one.long === word) && one.required);
    else {
      const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next === undefined) given += 1;
      else command = next;
    }
  }
  return { command, given, pending };
}

function optionsOf(command: CommandUnknownOpts): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function flagsOf(command: CommandUnknownOpts): readonly string[] {
  return [...optionsOf(command).flatMap((one) => one.long ?? []), '--help'];
}

function subcommands(command: CommandUnknownOpts): readonly string[] {
  const names = command.commands.map((one) => one.name()).filter((name) => !name.startsWith('_'));
  return command.parent === null ? [...names, 'help'] : names;
}

interface Names {
  readonly flows: readonly string[];
  readonly entities: readonly string[];
}

const either = ({ flows, entities }: Names): readonly string[] => [...flows, ...entities];

/** Options whose value is the name of a target. */
const ofTargets: readonly (string | undefined)[] = ['--target', '--against', '--confirm'];

async function valuesOf(option: Option, current: string, { command, names, targets, runs }: Lookup): Promise<readonly string[]> {
  if (option.long === '--output' && mayBeCsv(command)) return [...(option.argChoices ?? []), 'csv'];
  if (option.argChoices !== undefined) return option.argChoices;
  if (ofTargets.includes(option.long)) return await targets();
  if (option.long === '--run') {
    const ids = await runs();
    // Tables show only the ends of ids, so these ends are completed. Whole ids are completed only if the person has already begun to type a whole id.
    return ['last', ...new Set(ids.map(shortRun)), ...(current === '' ? [] : ids)];
  }
  if (option.long === '--entity') return (await names()).entities;
  if (option.long === '--exclude') return either(await names());
  if (option.long !== '--flow') return [];
  // In a list such as `a,b`, the text up to the last comma stays.
  const written = current.slice(0, current.lastIndexOf(',') + 1);
  const taken = new Set(written.split(','));
  return (await names()).flows.filter((flow) => !taken.has(flow)).map((flow) => written + flow);
}

/** Returns names of the workspace. Only names that are needed are looked up. */
interface Lookup {
  readonly command: CommandUnknownOpts;
  names(): Promise<Names>;
  targets(): Promise<readonly string[]>;
  runs(): Promise<readonly string[]>;
}

async function targetsIn(words: readonly string[], surroundings: Surroundings): Promise<readonly string[]> {
  try {
    const directory = resolve(surroundings.directory, flagsIn(words).directory ?? '.');
    return await targetNames(workspaceFiles, await findWorkspace(workspaceFiles, directory));
  } catch {
    return [];
  }
}

const runsOffered = 20;

/** The ids of the latest runs, the newest first. Only a journal on a disk of this machine is read, since a key press must not wait for the network. */
async function runsIn(words: readonly string[], surroundings: Surroundings): Promise<readonly string[]> {
  try {
    const workspace = await openWorkspace(flagsIn(words), surroundings, { now: realClock().now(), looking: true });
    if (workspace.state.type !== 'files') return [];
    const { openStateAlone } = await import('../../assembly/open-state.ts');
    await using place = await openStateAlone(workspace, { network: surroundings.network, onDamage: () => {} });
    const ids = new Set((await place.state.journal({ limit: 10 * runsOffered, withVerifications: true })).map(({ run_id }) => run_id));
    return [...ids].slice(0, runsOffered);
  } catch {
    return [];
  }
}

async function errorCodes(): Promise<readonly string[]> {
  const { catalogue } = await import('../../errors/codes/catalogue.ts');
  return catalogue.map(({ code }) => code);
}

/** The names of the pages of the documentation. Empty: the documentation is not installed. */
async function pageNames(): Promise<readonly string[]> {
  const [{ readHandbook }, { ownFolder }] = await Promise.all([import('../../docs/pages.ts'), import('../../pack/home.ts')]);
  try {
    return readHandbook(ownFolder()).listed.map(({ page }) => page);
  } catch {
    return [];
  }
}

async function namesIn(words: readonly string[], surroundings: Surroundings): Promise<Names> {
  try {
    const flows = allEntityNames(await openWorkspace(flagsIn(words), surroundings, { now: realClock().now(), looking: true }));
    return {
      flows: flows.map(({ name }) => name),
      entities: flows.flatMap(({ entities }) => entities.map((spec) => `${spec.flow}.${spec.entity}`)),
    };
  } catch {
    return { flows: [], entities: [] };
  }
}

function isEntity(argument: string): boolean {
  return argument === 'flow.entity' || argument === 'old' || argument === 'new';
}

/** The words that begin with the typed text. Each word is printed on one line, so names with a line end are left out. */
function startingWith(current: string, words: readonly string[]): readonly string[] {
  return words.filter((word) => word.startsWith(current) && !/[\r\n]/.test(word));
}
