import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { stateInFiles } from '../../assembly/open-state.ts';
import { enginePorts, openProcessResources, type Process, type RealPorts } from '../../assembly/ports.ts';
import { stateWithoutSecrets } from '../../assembly/state-without-secrets.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { inOneSlice } from '../../engine/plan/one-slice.ts';
import { reset } from '../../engine/repair/reset.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError, HyggeError } from '../../errors/hygge-error.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { asCopied, type CopyRun, copyLabel, stateBeside, writtenOut } from '../../narrate/run/copy-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import { namesSecret } from '../../ports/secret.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { isGlob } from '../../workspace/sides/paths.ts';
import { endingAfter } from '../inspect/first-rows.ts';
import { goWith } from '../run/go.ts';
import type { MovingFlags } from '../run/until-done.ts';
import { exit } from '../terminal/exit-code.ts';
import { openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { type CopyOptions, type DraftRequest, draftOf } from './as-draft.ts';
import type { CopyFlow } from './copy-flow.ts';
import { anotherSource, appendedTwice, cannotBoth, columnGone } from './errors.ts';
import { calling, mustPipe, pourFile, spoolInput } from './pipes.ts';
import { type Place, readPlace, withPassword } from './place.ts';
import { type CopyLoadRequest, loaded, withFormat } from './workspace.ts';

export interface CopyFlags extends MovingFlags, CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly fullDrop?: true | undefined;
  readonly save?: string | undefined;
}

/** `hygge copy FROM TO`: creates a workspace with one flow in memory, and runs the flow like any other flow. Returns the exit code. */
export async function copy(flags: CopyFlags, surroundings: Surroundings): Promise<number> {
  mustFit(flags);
  mustPipe(flags, surroundings);
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const written = {
    from: await withPassword(await readPlace(flags.from, directory, { which: 'FROM', to: flags.to }), surroundings.ask),
    to: await withPassword(await readPlace(flags.to, directory, { which: 'TO', to: flags.to }), surroundings.ask),
  };
  await using own = await openProcessResources('hygge copy', { network: surroundings.network });
  const format = flags.format ?? 'csv';
  const from = await spoolInput(written.from, format, own.scratch, surroundings.input);
  const to = await spoolInput(written.to, format, own.scratch, undefined);
  const names = new Map([from, to].flatMap((place) => ('piped' in place && place.kind === 'local' ? [[place.path, '-'] as const] : [])));
  // With a pipe as TO, only rows are printed to stdout, so messages go to stderr.
  const people = written.to.kind === 'pipe' ? surroundings.err : surroundings.out;
  const told = names.size === 0 ? surroundings : { ...surroundings, out: calling(people, names), err: calling(surroundings.err, names) };
  const options = written.from.kind === 'pipe' ? { ...flags, format: undefined } : flags;
  const clock = realClock();
  const loading: CopyLoadRequest = { directory, surroundings, date: clock.now().slice(0, 10), from, to };
  const draft = await withFormat(await drafted({ from, to, options, directory, variables: {} }, loading), loading);
  const workspace = await loaded(draft, loading);
  const typed = commandOf(flags, written.from, written.to, draft);
  if (flags.save !== undefined) {
    const { save } = await import('./save.ts');
    return await save(flags.save, { draft, workspace, loading, flags, command: typed.command });
  }
  const code = await run(
    { flags, draft, workspace, own, from, to, copied: { ...typed, directory, ...(names.size === 0 ? {} : { save: null }) } },
    told,
  );
  if (code === exit.ok && written.to.kind === 'pipe' && to.kind === 'local' && !flags.dryRun) await pourFile(to.path, surroundings);
  return code;
}

interface CopyContext {
  readonly flags: CopyFlags;
  readonly draft: CopyFlow;
  readonly workspace: Workspace;
  readonly own: Process;
  readonly from: Place;
  readonly to: Place;
  readonly copied: CopyRun;
}

async function run({ flags, draft, workspace, own, from, to, copied }: CopyContext, surroundings: Surroundings): Promise<number> {
  const entities = workspace.flows.flatMap((flow) => flow.entities);
  const clock = realClock();
  const random = realRandom();
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: flags.dryRun === true,
    entities: entities.length,
    copied,
  });
  try {
    const state = isPiped(to)
      ? ('thrown away' as const)
      : draft.state.type === 'files'
        ? stateWithoutSecrets(await stateInFiles(draft.state.folder), secretValuesOf(surroundings.network))
        : undefined;
    await using opened = await enginePorts(workspace, {
      clock,
      random,
      emit: output.emit,
      within: own,
      countsInState: true,
      ...(state && { state }),
    });
    const real = isPiped(from)
      ? { ...opened, home: async (...of: Parameters<EnginePorts['home']>) => fromPipe(await opened.home(...of)) }
      : opened;
    const ports: EnginePorts = limitedTo(flags.limit, real);
    for (const message of draft.notes) output.say({ event: 'warning', message });
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    for (const place of [from, to]) if (isWrittenOut(place)) output.say({ event: 'warning', message: writtenOut(place.shown) });
    if (to.kind === 'database' && draft.state.type === 'files')
      output.say({ event: 'warning', message: stateBeside(to.type, draft.state.folder) });
    const anew = (await mustBeSameSource(entities, { real, flags, copied })) || flags.fullDrop === true;
    if (anew && flags.dryRun !== true) await forget(entities, { real, flags });
    const how = { ...flags, ...(anew || flags.limit !== undefined ? { fullDrop: true as const } : {}) };
    return await goWith({ flags: how, workspace, entities, broken: [], ports, output, surroundings });
  } catch (error) {
    // Errors during a run get advice for copies when they are reported. This error occurred before the run.
    if (error instanceof HyggeError && !(error instanceof ConfigError)) throw error.advising(asCopied(error, copied).tryThis);
    throw error;
  } finally {
    output.close();
  }
}

function isWrittenOut(place: Place): boolean {
  return 'secret' in place && place.secret?.from.by === 'text';
}

const isPiped = (place: Place): boolean => 'piped' in place;

/** A home that reads a pipe. Each pipe is written to another temporary file, so the state records only that the source was a pipe. */
function fromPipe(home: Home): Home {
  return { ...inOneSlice(home, realClock()), place: '-' };
}

/** The copy as a flow. If FROM has a pattern of tables, the database is queried for the tables. */
async function drafted(asked: DraftRequest, loading: CopyLoadRequest): Promise<CopyFlow> {
  const { from } = asked;
  if (from.kind !== 'database' || from.table === null || !isGlob(from.table)) return await draftOf(asked, null);
  const { tablesLike } = await import('./tables.ts');
  const draft = await draftOf(asked, []);
  const how = { surroundings: loading.surroundings, views: asked.options.views === true };
  return { ...draft, ...(await tablesLike({ ...from, table: from.table }, draft, how)) };
}

function mustFit(flags: CopyFlags): void {
  if (flags.target !== undefined)
    throw unreadable('--target is for workspaces, but a copy has no workspace.', ['Write the place as FROM or TO']);
  if (flags.save !== undefined && (flags.dryRun || flags.limit !== undefined || flags.fullDrop))
    throw unreadable('--save writes the flow and moves nothing.', ['Leave --dry-run, --limit and -d out, or --save']);
  if (flags.limit !== undefined && flags.watermark !== undefined)
    throw cannotBoth(
      '--limit and --watermark can not be combined.',
      'A copy of only the first rows is incomplete below its newest watermark, so the next copy could not continue from there.',
      ['Leave one of the two out'],
    );
}

/** Ports that read only the first rows. The first rows count as a separate source, since they are only a part of the rows. */
function limitedTo(limit: number | undefined, real: RealPorts): EnginePorts {
  if (limit === undefined) return real;
  const only = (home: Home): Home => ({
    ...endingAfter(home, limit, real.clock),
    rowCondition: `${home.rowCondition} ${firstRows(limit)}`.trimStart(),
  });
  return { ...real, home: async (spec, pinned) => only(await real.home(spec, pinned)) };
}

const firstRows = (limit: number) => (limit === 1 ? '(the first row)' : `(the first ${limit} rows)`);
const withoutLimit = (source: string) => source.replace(/ \(the first (?:row|\d+ rows)\)$/, '');

/**
 * Throws if a copy from another source has filled the destination, since a full load replaces all rows that its entity has settled. Returns whether all
 * existing rows must be replaced: either they were only the first rows of a source, or the command allows the replacement.
 */
async function mustBeSameSource(
  entities: readonly EntitySpec[],
  { real, flags, copied }: { readonly real: RealPorts; readonly flags: CopyFlags; readonly copied: CopyRun },
): Promise<boolean> {
  let anew = false;
  for (const spec of entities) {
    const row = (await real.state.read(spec))?.row;
    if (row?.binding == null || row.settled == null) continue;
    if (flags.watermark !== undefined && spec.watermark === null && row.settled.watermark !== null && flags.fullDrop !== true)
      throw columnGone(row.binding.target, flags.watermark, copied.command);
    await using home = await real.home(spec, null);
    const is = `${spec.home.type} ${home.place}${home.rowCondition === '' ? '' : ` ${home.rowCondition}`}`;
    const was = row.binding.source;
    if (withoutLimit(was) !== is) {
      if (flags.ifExists !== 'replace') throw anotherSource({ to: row.binding.target, was: withoutLimit(was), is });
      anew = true;
    } else if (was !== is) anew = true;
    else if (addsWhole(flags, spec) && !flags.fullDrop && flags.limit === undefined)
      throw appendedTwice(row.binding.target, withoutAppend(copied.command));
  }
  return anew;
}

/** Whether each run of the copy adds all rows of the source again. */
const addsWhole = ({ ifExists }: Pick<CopyFlags, 'ifExists'>, { runType }: Pick<CopyFlow, 'runType'>): boolean =>
  ifExists === 'append' && runType === 'full_drop';

const withoutAppend = (command: string): string => command.replace(' --if-exists append', '');

/** Drops the state of the rows that will be replaced, since a copy has no `hygge reset`. Decisions about these rows, such as columns and location, are made again. */
async function forget(
  entities: readonly EntitySpec[],
  { real, flags }: { readonly real: RealPorts; readonly flags: CopyFlags },
): Promise<void> {
  for (const spec of entities)
    if ((await real.state.read(spec))?.row.settled != null) await reset(spec, { how: 'full', takeOver: flags.takeOver === true }, real);
}

interface TypedPlaces extends CopyOptions {
  readonly from: string;
  readonly to: string;
}

/** The copy as a command that a person can type again, without passwords. */
function commandOf(typed: TypedPlaces, from: Place, to: Place, draft: Pick<CopyFlow, 'flow' | 'runType' | 'tables'>): CopyRun {
  const { watermark, watermarkNulls, key = [], columns = [], where, query, views, format, ifExists, home = [], store = [] } = typed;
  const options = [
    ...(watermark === undefined ? [] : ['--watermark', watermark]),
    ...(key.length === 0 ? [] : ['--key', key.join(',')]),
    ...(watermarkNulls === undefined ? [] : ['--watermark-nulls', watermarkNulls]),
    ...(columns.length === 0 ? [] : ['--columns', columns.join(',')]),
    ...(where === undefined ? [] : ['--where', where]),
    ...(query === undefined ? [] : ['--query', query]),
    ...(views ? ['--views'] : []),
    ...(format === undefined ? [] : ['--format', format]),
    ...(ifExists === undefined || ifExists === 'fail' ? [] : ['--if-exists', ifExists]),
    ...home.flatMap((one) => ['--home', withoutSecret(one)]),
    ...store.flatMap((one) => ['--store', withoutSecret(one)]),
  ];
  const words = [shownWhole(from, typed.from), shownWhole(to, typed.to), ...options].map((word) => shellWord(visible(word)));
  const command = `hygge copy ${words.join(' ')}`;
  const tables = new Map(draft.tables?.map(({ name, table }) => [name, table]));
  const sources = (entity: string) => {
    const table = tables.get(entity);
    return table === undefined ? from.shown : `${from.shown.slice(0, from.shown.lastIndexOf('#') + 1)}${table}`;
  };
  const label = (_flow: string, entity: string) => copyLabel(sources(entity), to.shown);
  const isWhole = addsWhole(typed, draft);
  // A table does not show which of its rows other programs wrote. So a saved flow might replace rows of other programs.
  if (isWhole && to.kind === 'database') return { command, save: null, label };
  return { command, save: `${isWhole ? withoutAppend(command) : command} --save flows/${draft.flow}`, label };
}

function shownWhole(place: Place, written: string): string {
  if (place.kind === 'local' || place.kind === 'pipe') return written;
  if (place.kind === 'remote') return place.url;
  const { secret, table, address } = place;
  const variable = secret?.from.by === 'variable' ? `:\${${secret.from.name}}` : secret === undefined ? '' : ':';
  const url =
    address.key === 'url'
      ? address.value.replace(/^([a-z0-9+.-]+:\/\/[^@/]*)@/i, (_, who: string) => `${who}${variable}@`)
      : written.replace(/#[^#]*$/, '');
  return table === null ? url : `${url}#${table}`;
}

function withoutSecret(one: string): string {
  const [key = ''] = one.split('=');
  return namesSecret(key) && !/=\$\{\w+\}$/.test(one) ? `${key}=\${${key.toUpperCase()}}` : one;
}
