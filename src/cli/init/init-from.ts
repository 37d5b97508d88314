import { basename, dirname, relative, resolve } from 'node:path';
import { kindOf } from '../../adapters/disk-places.ts';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { entitiesOf } from '../../assembly/found/tables.ts';
import { enginePorts } from '../../assembly/ports.ts';
import { planEvents } from '../../assembly/probes/checks.ts';
import type { TableFound } from '../../engine/contracts/connector.ts';
import type { AbsentPath } from '../../errors/absent-path.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { listedLines, madeFromLines } from '../../narrate/commands/welcome-lines.ts';
import { unreadTables, viewsLeftOut, writtenOut } from '../../narrate/run/copy-lines.ts';
import { counted } from '../../narrate/text/figures.ts';
import { entityArgument, visible } from '../../narrate/text/visible.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { connectors, findConnector } from '../../registry.ts';
import { type LoadRequest, loadWorkspace, type Workspace } from '../../workspace/load/load.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { entityNameProblem, nameKey } from '../../workspace/names.ts';
import { readEnvText } from '../../workspace/read/dot-env.ts';
import { slashed } from '../../workspace/read/find.ts';
import { readWorkspace } from '../../workspace/read/read.ts';
import { isInside } from '../../workspace/sides/paths.ts';
import { everyConnector, typeOfUrl } from '../../workspace/sides/side-type.ts';
import { ConfigErrors, collectProblems } from '../../workspace/yaml/problems.ts';
import { child, textOf } from '../../workspace/yaml/tree.ts';
import { absentOnDisk, secretOf } from '../copy/as-draft.ts';
import { type Place, readPlace, withPassword } from '../copy/place.ts';
import { withTexts } from '../copy/workspace.ts';
import { connectionNamed, type Database, databaseWritten, everyTable, noConnection, rightToRead } from '../database/connection.ts';
import { type Draft, draftFiles, plain } from '../draft/draft.ts';
import { block, blockText, type Keys } from '../draft/yaml.ts';
import { proposalFor } from '../generate/found-tables.ts';
import {
  editorSchemas,
  gitignore,
  keepSecrets,
  type NewFile,
  refuseIfAny,
  schemaLine,
  textFile,
  whatIsThere,
  writeNewFiles,
} from '../generate/starter.ts';
import { answered, matching, type Readable, split, withoutViews } from '../select/choice.ts';
import { exit } from '../terminal/exit-code.ts';
import { lineFitter } from '../terminal/line-fitter.ts';
import { narrationStream } from '../terminal/output.ts';
import { printLines } from '../terminal/print.ts';
import { type Surroundings, surroundingsWith } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import type { InitFlags } from './init.ts';
import type { Candidate, Source } from './source.ts';
import { isApi, ofApi } from './source-of-api.ts';
import { type FileFound, ofFiles } from './source-of-files.ts';

interface FromFlags extends InitFlags {
  readonly from: string;
}

/** `hygge init --from`: lists the contents of a source, asks which of them to read, and writes a workspace that reads them. If the source is a connection of the current workspace, a flow is added to this workspace. */
export async function initFrom(flags: FromFlags, around: Surroundings): Promise<number> {
  const directory = resolve(around.directory, flags.directory ?? '.', flags.dir);
  // Only the environment is copied. A copy of all surroundings would read stdin, and the open stdin would keep the process alive.
  const environment = { ...(await dotEnvIn(directory)), ...around.environment };
  const surroundings = surroundingsWith(around, { environment });
  const shown = slashed(relative(surroundings.directory, directory)) || '.';
  if (flags.example) throw unreadable('--example and --from make different workspaces.', ['Leave one of them out']);
  const there = await connectionsIn(directory, flags, surroundings);
  const isConnection = there?.has(flags.from) === true;
  if (there !== null && !isConnection) {
    const isWord = /^[A-Za-z][\w-]*$/.test(flags.from) && (await kindOf(resolve(surroundings.directory, flags.from))) === undefined;
    throw isWord ? noConnection(flags.from, [...there.keys()]) : alreadyThere(directory, shown, [...there.keys()]);
  }
  const found = isConnection
    ? await ofConnection({ name: flags.from, type: there?.get(flags.from) ?? null }, { ...flags, directory }, surroundings)
    : await ofPlace(flags.from, directory, surroundings);
  const source = flags.views ? { ...found, candidates: found.candidates.map((one) => ({ ...one, isView: false })) } : found;
  if (source.candidates.length === 0) throw nothingFound(source, await source.absent?.());
  const chosen = await choose(source, flags, surroundings);
  if (chosen.length === 0) {
    printLines(surroundings, { ...flags, directory: undefined }, () => ['Nothing was chosen, and nothing was written.']);
    return exit.failed;
  }
  mustDiffer(chosen, source);
  const views = unaskedViews(source, chosen, flags);
  return await write({ source, chosen, views, directory, shown, isNew: !isConnection }, flags, surroundings);
}

/** The variables in a folder’s `.env`. The variables count even if the folder is not a workspace yet, since messages advise to put a variable there. */
async function dotEnvIn(directory: string): Promise<Surroundings['environment']> {
  const there = await localFileSystem(directory).get('.env');
  const problems = collectProblems();
  const variables = readEnvText('.env', new TextDecoder().decode(there?.body), problems);
  if (problems.count > 0) throw new ConfigErrors(problems.errors());
  return variables;
}

/** The names of the connections in the existing workspace, with their types as written. Null: no workspace exists. */
async function connectionsIn(
  root: string,
  flags: FromFlags,
  { environment }: Surroundings,
): Promise<ReadonlyMap<string, string | null> | null> {
  const files = await Promise.all(
    ['hygge.yml', 'hygge.yaml'].map(async (file) => ({ file, is: (await kindOf(`${root}/${file}`)) === 'file' })),
  );
  const found = files.find(({ is }) => is);
  if (found === undefined) return null;
  const { findWorkspace } = await import('../../workspace/read/find.ts');
  const { top } = await readWorkspace(workspaceFiles, await findWorkspace(workspaceFiles, root), environment, collectProblems(), {
    target: flags.target,
  });
  const written = child(top, 'connections');
  const names = written?.kind === 'map' ? [...written.entries.keys()] : [];
  return new Map(names.map((name) => [name, textOf(child(written, name), 'type') ?? null]));
}

function alreadyThere(directory: string, shown: string, connections: readonly string[]): ConfigError {
  const [first] = connections;
  return new ConfigError({
    code: 'HYG-1904',
    what: `${visible(directory)} is a workspace; init never overwrites files.`,
    why: ['hygge.yml is there.'],
    tryThis: [
      'Choose another folder: hygge init my-lake --from …',
      first === undefined
        ? 'Or write a connection into its hygge.yml, and add a flow from this connection: hygge init --from its-name'
        : `Or add a flow to this one, from a connection of its hygge.yml: hygge init ${shown === '.' ? '' : `${shown} `}--from ${first}`,
    ],
  });
}

const within = (shown: string): string => (shown === '.' ? '' : ` -C ${shellWord(visible(shown))}`);

async function ofConnection(
  { name, type }: { readonly name: string; readonly type: string | null },
  flags: FromFlags,
  surroundings: Surroundings,
): Promise<Source> {
  const connector = type === null ? undefined : await findConnector(type);
  if (connector?.family === 'others')
    throw unreadable(`The connection ${visible(name)} leads to an API, and hygge can’t find the lists of an API.`, [
      'Name one list by its address, to make a workspace next to this one: hygge init my-api --from https://api.example.com/v2/orders',
      'Or write its flow: hygge docs apis',
    ]);
  const database = await connectionNamed(name, flags, surroundings);
  if (database === null) return await ofContainer(name, flags, surroundings);
  return await ofDatabase(database, { shown: `connection ${name}`, flow: plain(name), connection: name, filter: null, surroundings });
}

async function ofPlace(written: string, directory: string, surroundings: Surroundings): Promise<Source> {
  if (isApi(written) && !(await isPlace(written))) return await ofApi(written, surroundings);
  const place = await withPassword(await readPlace(written, surroundings.directory), surroundings.ask);
  switch (place.kind) {
    case 'pipe':
      throw unreadable('--from needs a permanent place, but - is a pipe.', ['Name a database, a folder, or a bucket']);
    case 'database':
      return await ofAddress(place, directory, surroundings);
    case 'local':
      return await ofFolder(place, directory, surroundings.directory);
    case 'remote':
      return await ofBucket(place, surroundings);
  }
}

/** Whether a web address leads to a lake or bucket. */
async function isPlace(written: string): Promise<boolean> {
  const known = await everyConnector(connectors);
  const system = known.find(({ id }) => id === typeOfUrl(written, known));
  return system?.remote !== undefined || known.some(({ remote }) => remote?.locate(written) !== undefined);
}

async function ofAddress(place: Extract<Place, { kind: 'database' }>, directory: string, surroundings: Surroundings): Promise<Source> {
  const { type, address, table, secret } = place;
  if (address.key === 'path' && !/^(md|motherduck):/i.test(address.value) && (await kindOf(address.value)) !== 'file')
    throw new ConfigError({
      code: 'HYG-1902',
      what: `There is no file ${visible(address.value)}.`,
      tryThis: ['Check the name, and the folder you are in'],
    });
  const flow = plain(
    basename(address.value.replace(/[?;].*$/s, ''))
      .replace(/\.(db|sqlite3?|duckdb|ddb)$/i, '')
      .replace(/^.*:/, '') || type,
  );
  const variables: Record<string, string> = {};
  const secrets = secretOf(secret, prefixOf(flow), variables);
  const environment = { ...surroundings.environment, ...variables };
  const keys = (value: string): Keys => ({ type, [address.key]: value, ...secrets });
  const database = await databaseWritten(
    { name: '--from', text: blockText(keys(address.value)), root: directory },
    { ...surroundings, environment },
  );
  if (database === null)
    throw unreadable(`${visible(place.shown)} is not a database that hygge reads.`, ['See what hygge reads: hygge list connectors']);
  const value = address.key === 'path' ? pathFrom(directory, address.value) : address.value;
  const source = await ofDatabase(database, { shown: place.shown, flow, connection: flow, filter: table, surroundings });
  return { ...source, connection: keys(value), variables, isWrittenOut: secret?.from.by === 'text' };
}

const prefixOf = (flow: string) => flow.toUpperCase().replaceAll('-', '_');

/** A path in the form that files of a workspace use: relative to their folder, if the path is near this folder. */
function pathFrom(directory: string, path: string): string {
  const near = slashed(relative(directory, path));
  return near.startsWith('../../') || /^([a-z]:|\/)/i.test(near) || /^[a-z]+:/i.test(path) ? path : near;
}

async function ofDatabase(
  database: Database,
  of: {
    readonly shown: string;
    readonly flow: string;
    readonly connection: string;
    /** The pattern of tables after the `#`. Null: the source has no pattern. */
    readonly filter: string | null;
    readonly surroundings: Surroundings;
  },
): Promise<Source> {
  const everything = await everyTable(database, of.surroundings, 'Name a database whose catalogue hygge reads: hygge list connectors');
  const all = everything.filter(({ unread }) => unread === undefined);
  const candidates = all.map((found): Candidate & { readonly found: typeof found } => ({
    ...{ found, name: found.written, kind: found.kind, rows: found.rows, bytes: found.bytes, schema: found.schema },
    proposed: proposalFor({ name: found.name, table: null, found }).shown,
    ...namedAs(found),
  }));
  const unread = everything
    .filter((one) => one.unread !== undefined)
    .map((one) => ({ ...namedAs(one), unread: one.unread ?? '' }))
    .filter((one) => of.filter === null || isLike(one, [of.filter]));
  const byName = new Map(candidates.map((one) => [one.name, one.found] as const));
  const named = (one: (typeof candidates)[number]) => entityNameProblem(one.found.name) === undefined;
  return {
    ...{ shown: of.shown, flow: of.flow, one: 'table', connection: null, variables: {} },
    candidates:
      of.filter === null ? candidates.filter(named) : matchingWithViews(candidates.filter(named), of.filter, { shown: of.shown, unread }),
    leftOut: candidates.filter((one) => !named(one)).map(({ name }) => name),
    unread,
    rights: rightToRead(database.type),
    notTaken: (patterns) => {
      const wanted = (one: Readable) => patterns === undefined || isLike(one, patterns);
      const tables = split<Readable>([...candidates, ...unread].filter(wanted), false);
      const sentence = unreadTables(
        tables.taken.length,
        tables.unread.map(({ called: [name = ''], unread: why = '' }) => ({ name, why })),
      );
      return sentence === undefined ? [] : [sentence];
    },
    flowOf(chosen, lag) {
      const tables = chosen.flatMap(({ name }) => byName.get(name) ?? []);
      const [schema = '', ...others] = [...new Set(tables.map((one) => one.schema))];
      const hasSchemas = tables.some((one) => one.written !== one.name);
      const isOne = hasSchemas && others.length === 0 && /^\w+$/.test(schema);
      const pattern = isOne ? `${schema}.{entity}` : '{entity}';
      return {
        home: { connection: of.connection, ...(isOne || !hasSchemas ? { table: pattern } : {}) },
        run: ['# For entities without a run_type of their own: each run loads all rows.', 'run_type: full_drop'],
        entities: entitiesOf(tables, pattern).map((one) => ({
          name: one.name,
          // If a database has one schema, the name of the table is enough to identify it.
          home: one.table === null || (!hasSchemas && one.table === one.name) ? {} : { table: one.table },
          ...{ about: proposalFor(one, lag).text, takesLag: proposalFor(one).takesLag },
        })),
      };
    },
  };
}

const namedAs = (found: TableFound) => ({
  called: [found.written, `${found.schema}.${found.name}`, found.name],
  isView: /view/.test(found.kind),
});

const isLike = ({ called }: Readable, patterns: readonly string[]) =>
  patterns.some((pattern) => pattern === 'all' || called.some((name) => namePattern(pattern, 'iu').test(name)));

/** The entities that match the pattern after the `#`, including views. The pattern limits the search, and tables are chosen later. */
function matchingWithViews<C extends Candidate>(
  candidates: readonly C[],
  pattern: string,
  { shown, unread }: { readonly shown: string; readonly unread: readonly Readable[] },
): readonly C[] {
  const names = new Set(
    matching(
      candidates.map((one) => ({ ...one, isView: false })),
      [pattern],
      shown,
      unread,
    ).map(({ name }) => name),
  );
  return candidates.filter(({ name }) => names.has(name));
}

async function ofFolder(place: Extract<Place, { kind: 'local' }>, directory: string, here: string): Promise<Source> {
  if (place.pattern)
    throw unreadable(`${visible(place.shown)} is a pattern, but --from needs a place.`, [
      `Name the folder, and choose files with --tables: --from ${visible(dirname(place.shown))} --tables '${visible(basename(place.shown))}'`,
    ]);
  const kind = await kindOf(place.path);
  if (kind === undefined) throw nothingAt(place.shown, await absentOnDisk(place, here));
  const folder = kind === 'file' ? dirname(place.path) : place.path;
  if (isInside(folder, `${slashed(directory)}/${lake}`))
    throw unreadable(`The workspace in ${visible(directory)} would settle data inside ${visible(place.shown)}, which it reads.`, [
      `Make the workspace next to this folder: hygge init my-lake --from ${visible(place.shown)}`,
    ]);
  const only = kind === 'file' ? basename(place.path) : null;
  return await ofFiles(localFileSystem(folder).list(''), {
    shown: place.shown,
    flow: plain(basename(only === null ? folder : only.replace(/\.[a-z0-9]+(\.(gz|zst))?$/i, ''))),
    home: { type: 'local', path: pathFrom(directory, folder) },
    around:
      dirname(folder) === folder
        ? null
        : { home: { type: 'local', path: pathFrom(directory, dirname(folder)) }, flow: plain(basename(folder)), name: basename(folder) },
    only,
    variables: {},
  });
}

async function ofBucket(place: Extract<Place, { kind: 'remote' }>, surroundings: Surroundings): Promise<Source> {
  const flow = plain(place.url.replace(/\/+$/, '').split('/').at(-1) ?? '');
  const variables: Record<string, string> = {};
  const home: Keys = { type: place.type, path: place.url, ...secretOf(place.secret, prefixOf(flow), variables) };
  const workspace = {
    root: nowhere,
    target: { ifAny: '' },
    files: withTexts({ ...workspaceFiles, list: async () => [] }, nowhere, { 'hygge.yml': 'name: hygge\n' }),
  };
  const files = await filesOf(home, workspace, { ...surroundings, environment: { ...surroundings.environment, ...variables } });
  return {
    ...(await ofFiles(files.list, { shown: place.shown, flow, home, around: aroundOf(home, place.url, flow), only: null, variables })),
    absent: files.absent,
    isWrittenOut: place.secret?.from.by === 'text',
  };
}

/** The parent folder of a table’s folder. Null: the URL ends at a container. */
function aroundOf(home: Keys, url: string, flow: string) {
  const [, outer, name] = /^(.*[^/:])\/([^/]+)\/*$/.exec(url) ?? [];
  return outer === undefined || name === undefined ? null : { home: { ...home, path: outer }, flow, name };
}

/** All files in the container or bucket of a connection. */
async function ofContainer(name: string, { directory = '.', target }: FromFlags, surroundings: Surroundings): Promise<Source> {
  const home: Keys = { connection: name, path: '.' };
  const files = await filesOf(home, { root: slashed(directory), target, files: workspaceFiles }, surroundings);
  const source = await ofFiles(files.list, {
    shown: `connection ${name}`,
    flow: plain(name),
    home,
    around: null,
    only: null,
    variables: {},
  });
  return { ...source, absent: files.absent };
}

const nowhere = '/hygge init';

function requestOf(directory: string, { environment: env, network }: Pick<Surroundings, 'environment' | 'network'>) {
  return { directory, env, date: realClock().now().slice(0, 10), connectors, secrets: secretValuesOf(network) };
}

/** The files of a home outside of a flow. */
async function filesOf(
  home: Keys,
  { root, files, target }: { readonly root: string; readonly files: WorkspaceFiles; readonly target: LoadRequest['target'] },
  { environment, network }: Surroundings,
): Promise<{ readonly list: AsyncIterable<FileFound>; absent(): Promise<AbsentPath | undefined> }> {
  const flow = 'hygge_init_from';
  const texts = { [`flows/${flow}/flow.yml`]: `home:\n${block(home, 2).join('\n')}\nstore: ${lake}\n` };
  const looking = await loadWorkspace({ ...requestOf(root, { environment, network }), files: withTexts(files, root, texts), target, flow });
  const spec = looking.flows.find(({ name }) => name === flow)?.entities[0];
  const remote = spec && (await findConnector(spec.home.type))?.remote;
  if (spec === undefined || remote?.list === undefined)
    throw unreadable('hygge can’t list the content of that place.', [
      'Name a database, a folder, a lake or a bucket: hygge list connectors',
    ]);
  const around = { random: realRandom(), network };
  const { config } = spec.home;
  return { list: remote.list(config, around), absent: async () => await remote.absent?.(config, around) };
}

function nothingAt(shown: string, absent: AbsentPath | undefined): ConfigError {
  return new ConfigError({
    code: 'HYG-1902',
    what: `There is nothing at ${visible(shown)}.`,
    why: [absent?.why ?? 'No such file or folder.'],
    tryThis: [...(absent?.meant === undefined ? [] : [`Did you mean ${absent.meant}?`]), 'Check the path'],
  });
}

function nothingFound({ shown, one, leftOut, notTaken, rights }: Source, absent: AbsentPath | undefined): ConfigError {
  if (absent !== undefined) return nothingAt(shown, absent);
  return new ConfigError({
    code: 'HYG-1902',
    what: `There is nothing in ${visible(shown)} to make entities of.`,
    why: [
      one === 'table'
        ? 'There is no table or view that the role may read.'
        : 'There are no files of parquet, CSV, NDJSON or JSON, nor folders of them.',
      ...leftOut.slice(0, 5).map((name) => `${visible(name)} can't be one`),
      ...notTaken(undefined),
    ],
    tryThis:
      one === 'table'
        ? ['Check the name of the database', ...(rights ?? [])]
        : ['Check the place', 'Begin with a workspace to fill in: hygge init'],
  });
}

/** Lets the person choose among the candidates. Empty: the person declined. */
async function choose(source: Source, flags: FromFlags, surroundings: Surroundings): Promise<readonly Candidate[]> {
  const { candidates, shown } = source;
  const plainFlags = { ...flags, directory: undefined };
  const given = flags.tables === undefined ? candidates : matching(candidates, flags.tables, shown, source.unread);
  if (flags.yes) return flags.tables === undefined ? withoutViews(given) : given;
  const { ask } = surroundings;
  if (ask === undefined)
    throw new ConfigError({
      code: 'HYG-1905',
      what: `init asks which of ${counted(candidates.length, source.one, source.one === 'table' ? 'tables' : 'files and folders')} to read, and this is not an interactive terminal.`,
      tryThis: ["Choose them in the command: --tables 'sales.*' --yes", 'Or read all of them: --yes'],
    });
  const numbered = flags.tables === undefined;
  printLines(surroundings, plainFlags, (palette, room) =>
    listedLines({ shown, leftOut: source.leftOut, notTaken: source.notTaken(flags.tables), listed: given, numbered }, palette, room),
  );
  const fitted = lineFitter(surroundings.err, {});
  const questions = numbered
    ? `Which (1,3-5, ${source.one === 'table' ? 'sales.*' : 'orders*'}, all)? `
    : `Write ${given.length === 1 ? 'an entity for it' : `entities for these ${given.length}`}? [y/N] `;
  for (;;) {
    const answer = (await ask(fitted([questions]).join('\n'), 'whole')).trim();
    if (!numbered) return /^y(es)?$/i.test(answer) ? given : [];
    if (answer === '') continue;
    const found = answered(answer, candidates, shown);
    if (typeof found !== 'string') return found;
    narrationStream(surroundings, flags).write(`${lineFitter(surroundings.out, {})([found]).join('\n')}\n`);
  }
}

/** Views that are left out, although a pattern matches them, or the command has no pattern. */
function unaskedViews(source: Source, chosen: readonly Candidate[], flags: FromFlags): readonly string[] {
  // If a person chose from a numbered list, the person has seen the tables that are left out.
  if (!flags.yes && chosen.length < source.candidates.filter(({ isView }) => isView !== true).length) return [];
  const all = source.candidates.map((one) => ({ ...one, isView: false }));
  const meant = flags.tables === undefined ? all : matching(all, flags.tables, source.shown);
  const names = new Set(chosen.map(({ name }) => name));
  const views = new Set(source.candidates.flatMap(({ name, isView }) => (isView ? [name] : [])));
  return meant.flatMap(({ name }) => (views.has(name) && !names.has(name) ? [name] : []));
}

/** Throws if two chosen tables would have the same name, since each name is one file, and one folder of the destination. */
function mustDiffer(chosen: readonly Candidate[], source: Source): void {
  const before = new Map<string, string>();
  for (const { name } of source.flowOf(chosen, null).entities) {
    const other = before.get(nameKey(name));
    if (other !== undefined)
      throw new ConfigError({
        code: 'HYG-1314',
        what:
          other === name
            ? `Two of the chosen items would have the name ${visible(name)}.`
            : `${visible(other)} and ${visible(name)} would settle under one name.`,
        why: ['In many systems, names that differ only in capitals or endings are the same file or table.'],
        tryThis: [
          `Choose all but one of them: by number, as in 1-3,5, or by name: --tables 'a,b'`,
          'Then make an entity with another name for the other item: a file next to it, with `home: { table: … }` or `home: { path: … }`',
        ],
      });
    before.set(nameKey(name), name);
  }
}

const lake = 'data/lake';

interface InitContext {
  readonly source: Source;
  readonly chosen: readonly Candidate[];
  /** Views that are left out, although the patterns of the command match them. */
  readonly views: readonly string[];
  /** The absolute path of the folder. */
  readonly directory: string;
  /** The folder's path relative to the person's working directory. */
  readonly shown: string;
  readonly isNew: boolean;
}

async function write(
  { source, chosen, views, directory, shown, isNew }: InitContext,
  flags: FromFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { flow, variables } = source;
  const name = basename(directory) || 'hygge';
  const drafted = filesFor(source, chosen, { name, isNew, lag: null });
  const around = { source, directory, surroundings };
  const needsLag = await lateRowsAreHidden(
    await loadedWith(drafted, around),
    source.flowOf(chosen, null).entities.find(({ takesLag }) => takesLag)?.name,
    surroundings,
  );
  const own = needsLag ? filesFor(source, chosen, { name, isNew, lag: usualLag }) : drafted;
  if (needsLag) await loadedWith(own, around);
  const wanted = [...own, ...(isNew ? [gitignore, ...(await editorSchemas())] : [])];
  const files = localFileSystem(directory);
  const kept = await whatIsThere(files, wanted);
  refuseIfAny(
    kept.filter((file) => !file.yields),
    { directory, shown },
    isNew ? [] : [`To add new entities to the existing flow: hygge generate entities${within(shown)} --flow ${source.flow}`],
  );
  const making = wanted.filter((file) => !kept.includes(file));
  await writeNewFiles(files, making, { directory, shown });
  const secrets = await keepSecrets(directory, variables);
  const paths = making.map((file) => file.path);
  if (flags.output === 'json')
    for (const path of [...paths, ...secrets.made]) surroundings.out.write(`${JSON.stringify({ path, written: true })}\n`);
  printLines(surroundings, { ...flags, directory: undefined }, (palette) => [
    ...madeFromLines(
      {
        ...{ name, flow, isNew, directory: shown, from: source.shown, found: source.candidates.length, one: source.one },
        files: [...paths.filter((path) => !path.startsWith('.hygge/schema/') && !path.includes('/entities/')), ...secrets.made],
        kept: kept.map((file) => file.path),
        entities: paths.filter((path) => path.includes('/entities/')),
        first: entityArgument(flow, source.flowOf(chosen, null).entities[0]?.name ?? ''),
        toSet: secrets.toSet,
        leftOut: source.leftOut,
        notTaken: [viewsLeftOut(views), ...source.notTaken(flags.tables)],
      },
      palette,
    ),
    ...(source.isWrittenOut ? ['', `${palette.caution('!')} ${writtenOut(source.shown)}`.replace(' hygge keeps it nowhere.', '')] : []),
  ]);
  return exit.ok;
}

function filesFor(
  source: Source,
  chosen: readonly Candidate[],
  { name, isNew, lag }: { readonly name: string; readonly isNew: boolean; readonly lag: string | null },
): readonly NewFile[] {
  const { flow, connection, shown } = source;
  const { home, run, entities } = source.flowOf(chosen, lag);
  const connections = connection === null ? [] : [['connections:', `  ${flow}:`, ...block(connection, 4)]];
  const options = [
    'options:',
    '  concurrency: 8            # entities that run at once',
    '  continue_on_error: true   # a failed entity does not stop the others',
  ];
  const draft: Draft = {
    workspace: isNew ? { name: JSON.stringify(name), sections: [...connections, options] } : null,
    flow: {
      ...{ name: flow, origin: `${visible(shown)}, as hygge init --from has found it.` },
      home: { about: 'The place of the data now. {entity} is the name of each entity below.', keys: home },
      store: { about: `The place where it settles: ${lake}/${flow}/<entity>/`, keys: { type: 'parquet', path: `${lake}/${flow}` } },
      run,
    },
    entities,
  };
  return [...draftFiles(draft, (path, kind) => [schemaLine(path, kind)])].map(([path, text]) => textFile(path, text));
}

/** Loads the files as a run would load them, to check them before they are written. */
async function loadedWith(
  own: readonly NewFile[],
  { source, directory, surroundings }: { readonly source: Source; readonly directory: string; readonly surroundings: Surroundings },
): Promise<Workspace> {
  const texts = Object.fromEntries(own.map(({ path, body }) => [path, new TextDecoder().decode(body)]));
  return await loadWorkspace({
    ...requestOf(slashed(directory), { ...surroundings, environment: { ...surroundings.environment, ...source.variables } }),
    files: withTexts(workspaceFiles, slashed(directory), texts),
    flow: source.flow,
  });
}

/** The lag of a proposed watermark, which is longer than most transactions that write. */
const usualLag = '5m';

/** Codes of warnings that a role or a standby can not see open transactions, so that rows may still appear below a watermark. */
const hiddenCodes: readonly string[] = ['HYG-3547', 'HYG-3512'];

/** Whether watermarks need a lag. The answer depends only on the role, so the answer for one entity is also true for all other entities. */
async function lateRowsAreHidden(workspace: Workspace, entity: string | undefined, { network }: Surroundings): Promise<boolean> {
  const spec = workspace.flows.flatMap((flow) => flow.entities).find((one) => one.entity === entity);
  if (spec === undefined) return false;
  await using ports = await enginePorts(workspace, { clock: realClock(), random: realRandom(), emit: () => {}, network });
  return (await planEvents(spec, ports)).some((event) => event.event === 'error' && hiddenCodes.includes(event.code));
}
