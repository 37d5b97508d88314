import { basename, dirname, isAbsolute, relative } from 'node:path';
import { kindOf, pathsBelow } from '../../adapters/disk-places.ts';
import type { Connector } from '../../engine/contracts/connector.ts';
import { absentPath } from '../../errors/absent-path.ts';
import { namesInFolder } from '../../filesystems/disk/walk.ts';
import { formatKinds } from '../../formats/formats.ts';
import { unreadFiles } from '../../narrate/run/copy-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import { namesSecret } from '../../ports/secret.ts';
import { findConnector } from '../../registry.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { slashed } from '../../workspace/read/find.ts';
import { tableAround, tablesAmong } from '../../workspace/sides/delta-folders.ts';
import { fixedPart, isGlob, isInside, namesFile } from '../../workspace/sides/paths.ts';
import { extensionOf } from '../../workspace/sides/side-type.ts';
import { type Keys, typedValue } from '../draft/yaml.ts';
import { unreadable } from '../terminal/usage.ts';
import { type CopyFlow, type DraftState, type DraftTable, flowNameOf, recordsFolder, settlingFolder } from './copy-flow.ts';
import {
  cannotBoth,
  filesOfTable,
  inside,
  logOfTable,
  noTable,
  nothingThere,
  notThatKind,
  notThere,
  samePlace,
  tablesBelow,
  unknownFormat,
} from './errors.ts';
import type { Password, Place } from './place.ts';

export interface CopyOptions {
  readonly watermark?: string | undefined;
  readonly key?: readonly string[] | undefined;
  /** The treatment of rows whose watermark is null. Undefined: `fail`. */
  readonly watermarkNulls?: 'fail' | 'include' | 'exclude' | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly where?: string | undefined;
  /** A SELECT whose rows are copied, in place of a table. */
  readonly query?: string | undefined;
  /** Whether a pattern of tables also matches views. */
  readonly views?: true | undefined;
  readonly format?: string | undefined;
  readonly ifExists?: 'fail' | 'append' | 'replace' | undefined;
  readonly limit?: number | undefined;
  /** `home`, `store`: keys of the home and the store, as `key=value`, with names as in hygge.yml. */
  readonly home?: readonly string[] | undefined;
  readonly store?: readonly string[] | undefined;
}

export interface DraftRequest {
  readonly from: Exclude<Place, { readonly kind: 'pipe' }>;
  readonly to: Exclude<Place, { readonly kind: 'pipe' }>;
  readonly options: CopyOptions;
  /** The absolute folder in which the command `hygge copy` runs. */
  readonly directory: string;
  /** The passwords in the command, or that the person typed, by the names of their variables. */
  readonly variables: Record<string, string>;
}

/** The copy as a flow. Only the disks of this machine are read. @param tables the tables that a pattern matches. Null: FROM has no pattern of tables. */
export async function draftOf(asked: DraftRequest, tables: readonly DraftTable[] | null): Promise<CopyFlow> {
  const { from, to, options, directory, variables } = asked;
  for (const place of [from, to]) mustBeOnePlace(place);
  const file = await mayLieThere(asked);
  const home = { ...(await homeOf(asked)), ...given(options.home, 'FROM', variables) };
  const store = { ...storeOf(asked, { file, many: tables !== null }), ...given(options.store, 'TO', variables) };
  const byWatermark = options.watermark !== undefined;
  const byFile = from.kind !== 'database' && !('piped' in from) && to.kind !== 'database' && !file && !isOneVersion(home);
  if (byWatermark && file) throw oneFileOnly(to.shown);
  if (options.key !== undefined && !byWatermark)
    throw unreadable('--key needs --watermark: new rows replace rows with the same key.', [
      'Add --watermark updated_at, or leave --key out',
    ]);
  if (options.watermarkNulls !== undefined && !byWatermark)
    throw unreadable('--watermark-nulls needs --watermark, and sets what happens to rows without a watermark.', [
      'Add --watermark updated_at, or leave --watermark-nulls out',
    ]);
  const state = await stateOf(to, { store, file, directory });
  const filled = to.kind === 'database' ? { ...to, table: String(store.table).replace('{entity}', '') } : to;
  return {
    // The flow is not named after the spool file, since that name means nothing to people.
    flow: 'piped' in to ? 'stdout' : flowNameOf(filled, state, file),
    home,
    store,
    tables,
    runType: byWatermark || byFile ? 'incremental' : 'full_drop',
    watermark:
      options.watermark === undefined ? null : { column: options.watermark, key: options.key ?? [], nulls: options.watermarkNulls ?? null },
    changedFiles: byFile && !byWatermark && !isMirrored(to) ? 'replace' : null,
    ifExists: options.ifExists ?? null,
    state,
    notes: from.kind === 'local' && !from.pattern && !namesFile(from.path) && !isDelta(home) ? await unreadBelow(from.path) : [],
    variables,
  };
}

export const isDelta = ({ format }: Keys): boolean => format === 'delta';

/** Whether FROM is one version of a Delta table. A version never changes, so the next copy finds no new rows. */
export const isOneVersion = (home: Keys): boolean => isDelta(home) && (home.version !== undefined || home.timestamp !== undefined);

/** Whether TO is mirrored. Rows of a mirrored table can not be removed again, so a changed file ends the copy. */
function isMirrored(to: DraftRequest['to']): boolean {
  return to.kind === 'remote' && to.type === 'open_mirroring';
}

/** Throws if the path contains a name in braces, such as `{date}`. A flow would replace the name, so each run would write to another folder, with another state of the copy. */
function mustBeOnePlace(place: DraftRequest['from']): void {
  const path = place.kind === 'local' ? place.path : place.kind === 'remote' ? place.url : '';
  const [template] = /\{(entity|flow|date)\}/.exec(path) ?? [];
  if (template === undefined) return;
  throw notThatKind(
    `${place.shown} contains ${template}, but a copy has one fixed place.`,
    'Only a flow replaces templates by names and days.',
    ['Write the name itself', `In a shell: "lake/$(date +%F)"`],
  );
}

function oneFileOnly(shown: string) {
  return cannotBoth(
    `${shown} is one file, but --watermark adds to existing rows.`,
    'A single file is only replaced as a whole. If rows were added to it, readers could see half of a change.',
    ['Use a folder as TO', 'Or leave --watermark out: everything is loaded each time'],
  );
}

/** Whether TO is one file with a name. Throws if a copy from FROM to TO is impossible. */
async function mayLieThere({ from, to, options }: DraftRequest): Promise<boolean> {
  if (from.kind === 'local' && !from.pattern && !tellsFormat(options)) checkEnding(from.shown, from.path, 'FROM');
  if (to.kind === 'remote' && namesFile(to.url))
    throw notThatKind(
      `${to.shown} names a file, but in a lake or bucket a copy settles in a folder.`,
      'A copy must replace the whole file, which is possible only on a disk of this machine.',
      [`Name a folder: ${to.shown.replace(/\.[A-Za-z0-9.]+$/, '')}`],
    );
  if (to.kind !== 'local') return false;
  if (isGlob(to.path))
    throw notThatKind(`${to.shown} is a pattern, but a copy settles in one place.`, 'Only FROM may name several files.', [
      'Name a folder, or a file',
    ]);
  const isFile = !to.folder && namesFile(to.path);
  if (isFile) checkEnding(to.shown, to.path, 'TO');
  const there = await kindOf(to.path);
  if (isFile && there === 'folder')
    throw notThatKind(`${to.shown} is a folder with the name of a file.`, 'A copy would replace the whole folder.', [
      `Name a file in it: ${to.shown}/${basename(to.path)}`,
      'Or use a folder with another name',
    ]);
  if (!isFile && there === 'file')
    throw notThatKind(
      `${to.shown} is a file, and the copy needs a folder.`,
      'The name of a destination file ends in .parquet, .csv, .ndjson or .json.',
      ['Choose another name'],
    );
  if (from.kind === 'local') keepApart(from, to, isFile);
  return isFile;
}

/** Whether `--home` names the format, for files whose names do not show it. */
const tellsFormat = ({ home = [] }: CopyOptions): boolean => home.some((key) => key.startsWith('format='));

const endings: readonly string[] = formatKinds.flatMap(({ extensions }) => extensions);

function checkEnding(shown: string, path: string, which: 'FROM' | 'TO'): void {
  if (!namesFile(path)) return;
  const plain = which === 'FROM' ? path.replace(/\.(gz|zst)$/i, '') : path;
  const ending = /\.([A-Za-z0-9]+)$/.exec(plain)?.[1]?.toLowerCase() ?? '';
  if (!endings.includes(ending)) throw unknownFormat(shown, which, ending);
}

function keepApart(from: Extract<Place, { kind: 'local' }>, to: Extract<Place, { kind: 'local' }>, isFile: boolean): void {
  const shown = { from: from.shown, to: to.shown };
  if (from.path === to.path) throw samePlace(to.shown);
  const target = settlingFolder(to.path, isFile);
  if (from.pattern ? readsIn(from.path, target) : isInside(from.path, to.path)) throw inside('TO', shown);
  if (!isFile && isInside(to.path, from.pattern ? fixedPart(from.path, '') : from.path)) throw inside('FROM', shown);
}

/** Whether a pattern may match files that the copy writes into this folder. */
function readsIn(pattern: string, folder: string): boolean {
  const segments = pattern.split('/');
  const names = folder.split('/');
  const deep = segments.indexOf('**');
  const all = deep < 0 || deep > names.length ? names : names.slice(0, deep);
  return (deep >= 0 || segments.length === names.length + 1) && all.every((name, at) => mayName(segments[at] ?? '', name));
}

/** Whether a segment of a pattern may match a name. A segment with brackets or braces counts as a match. */
const mayName = (segment: string, name: string) => /[[{]/.test(segment) || namePattern(segment, 'u').test(name);

async function homeOf({ from, options, variables, directory }: DraftRequest): Promise<Keys> {
  if (options.query !== undefined) mustTakeQuery(from);
  const columns = {
    ...(options.columns === undefined ? {} : { columns: options.columns }),
    ...(options.where === undefined ? {} : { where: options.where }),
  };
  if (from.kind === 'database') {
    if (from.table === null && options.query === undefined)
      throw noTable(from.shown, [
        `Name the table, in quotes: '${from.shown}#orders'`,
        `Or name all tables: '${from.shown}#*'`,
        `Or write SQL: '${from.shown}' --query 'select …'`,
      ]);
    const table: Keys = from.table === null ? { query: options.query ?? '' } : isGlob(from.table) ? {} : { table: from.table };
    return {
      type: from.type,
      [from.address.key]: from.address.value,
      ...secretOf(from.secret, 'FROM', variables),
      ...table,
      ...columns,
    };
  }
  if (from.kind === 'remote') return { type: from.type, path: from.url, ...secretOf(from.secret, 'FROM', variables), ...columns };
  return { type: 'local', path: from.path, ...(await formatIn(from, directory, tellsFormat(options))), ...columns };
}

function mustTakeQuery(from: DraftRequest['from']): void {
  if (from.kind !== 'database')
    throw cannotBoth(
      `--query is SQL of a database, but ${from.shown} is not a database.`,
      'From files, hygge reads all rows, or those that match a condition.',
      ['Leave --query out: --where selects rows, and --columns selects columns'],
    );
  if (from.table !== null)
    throw cannotBoth(
      `${from.shown} names a table, but --query is read in place of a table.`,
      'With --query, FROM is only the database, and the query names its tables.',
      [`Write '${from.shown.slice(0, -from.table.length - 1)}' as FROM, or leave --query out`],
    );
}

/** Writes a local path for messages: relative to the folder of the command, or absolute, as the person wrote FROM or TO. */
const shownAs = (written: string, directory: string) => (path: string) =>
  visible(isAbsolute(written) || written.includes('://') ? path : slashed(relative(directory, path)) || slashed(directory));

/** How much of a local path exists. */
export async function absentOnDisk({ path, shown }: Extract<Place, { kind: 'local' }>, directory: string) {
  return await absentPath(slashed(path), { namesIn: namesInFolder, shown: shownAs(shown, directory), isContainer: false });
}

/** Finds the format of the files in a folder. If the path itself has an extension, the extension shows the format. */
async function formatIn(from: Extract<Place, { kind: 'local' }>, directory: string, isTold: boolean): Promise<Keys> {
  await mustNameNoLog(from);
  const there = from.pattern ? undefined : await kindOf(from.path);
  if (there === undefined && !from.pattern) throw notThere(from.shown, await absentOnDisk(from, directory));
  if (there === undefined) return {};
  if (there === 'file') {
    if (!namesFile(from.path) && !isTold) throw unknownFormat(from.shown, 'FROM', null);
    return {};
  }
  const names = (await pathsBelow(from.path)).map(slashed);
  return (
    tableIn(names, from.shown) ??
    formatAmong(
      names.filter((name) => !/(^|\/)[_.]/.test(name)),
      from.shown,
    )
  );
}

/** The keys for a Delta table, if the folder has a Delta log. Undefined: the folder is not a Delta table. Throws if tables are below the folder. */
export function tableIn(names: readonly string[], shown: string): Keys | undefined {
  const tables = tablesAmong(names);
  if (tables.length === 0) return undefined;
  if (!tables.includes('')) throw tablesBelow(shown, tables);
  return { format: 'delta' };
}

/** Throws if FROM is inside a Delta table or its log. Hardly any person wants to copy single files of a table. */
async function mustNameNoLog(from: Extract<Place, { kind: 'local' }>): Promise<void> {
  const written = from.shown.replace(/[/\\]+$/, '');
  const around = tableAround(from.path);
  if (around !== undefined) throw logOfTable(from.shown, tableAround(written) ?? around);
  if (!from.pattern) return;
  const folder = fixedPart(from.path, '');
  const log = await pathsBelow(`${folder}/_delta_log`).catch(() => []);
  if (tablesAmong(log.map((name) => `_delta_log/${slashed(name)}`)).length > 0)
    throw filesOfTable(from.shown, isGlob(written) ? fixedPart(written, '') : folder);
}

async function unreadBelow(folder: string): Promise<readonly string[]> {
  return (await kindOf(folder)) === 'folder' ? unreadFiles(unreadAmong(await pathsBelow(folder))) : [];
}

/** The files whose extension belongs to no format that hygge reads. */
export function unreadAmong(names: readonly string[]): readonly string[] {
  const folders = new Set(names.map((name) => dirname(name)));
  return names.filter((name) => {
    const ending = extensionOf(name);
    return /\.[a-z0-9]+$/i.test(name) && !folders.has(name) && !/(^|[/\\])[_.]/.test(name) && !endings.includes(ending);
  });
}

/** The format of these files. Throws if the files have no known format, or several formats. */
export function formatAmong(names: readonly string[], shown: string): Keys {
  const found = new Set<string>();
  for (const name of names) {
    const ending = extensionOf(name);
    const kind = formatKinds.find(({ extensions }) => (extensions as readonly string[]).includes(ending));
    if (kind !== undefined) found.add(kind.id);
  }
  const [first, other] = [...found];
  if (first === undefined)
    throw nothingThere(shown, 'The folder has no files of parquet, CSV, NDJSON or JSON.', [
      'Name the files: a pattern, in quotes, such as data/*.csv',
    ]);
  if (other !== undefined)
    throw notThatKind(`There are ${first} and ${other} files in ${shown}.`, 'One copy reads files of one format.', [
      `Copy them one format at a time, by a pattern in quotes: '${shown.replace(/\/+$/, '')}/**/*.${first}'`,
    ]);
  return { format: first };
}

function storeOf({ from, to, options, variables }: DraftRequest, { file, many }: { readonly file: boolean; readonly many: boolean }): Keys {
  if (many && file)
    throw notThatKind(`${to.shown} is one file, but several tables are to be copied.`, 'Each table settles in a folder of its own.', [
      'Use a folder as TO',
    ]);
  if (to.kind === 'database') {
    const table = tableOf(from, to, many);
    return { type: to.type, [to.address.key]: to.address.value, ...secretOf(to.secret, 'TO', variables), table };
  }
  const format: Keys = options.format === undefined ? (file ? {} : { format: 'parquet' }) : { format: options.format };
  if (to.kind === 'remote')
    return {
      type: to.type,
      path: `${to.url.replace(/\/+$/, '')}${many ? '/{entity}' : ''}`,
      ...secretOf(to.secret, 'TO', variables),
      ...format,
    };
  if (!file) return { type: 'local', path: `${to.path}${many ? '/{entity}' : ''}`, ...format };
  return { type: 'local', path: to.path, layout: 'file', ...format };
}

/** The table of TO that the copy fills. If TO names no table, or has `*` in place of the name, the name is that of the source. */
function tableOf(from: Place, to: Extract<Place, { kind: 'database' }>, many: boolean): string {
  if (many) {
    if (to.table !== null && !to.table.includes('*'))
      throw notThatKind(
        `${to.shown} is one table, but several tables are to be copied.`,
        'Each source table settles in a table of its own.',
        [`Write a pattern, in quotes: '${to.shown.replace(/#.*$/, '')}#${to.table}.*'`],
      );
    return (to.table ?? '*').replace('*', '{entity}');
  }
  if (to.table !== null && !to.table.includes('*')) return to.table;
  const told =
    from.kind === 'local' && !from.pattern
      ? basename(from.path).replace(/(\.[a-z0-9]+)?\.[a-z0-9]+$/i, '')
      : from.kind === 'database'
        ? from.table?.split('.').at(-1)
        : undefined;
  if (told === undefined || told === '') throw noTable(to.shown, [`Say which: '${to.shown}#orders'`]);
  return (to.table ?? '*').replace('*', () => told);
}

/** The variable for a secret, as YAML. If the secret is in the command, or the person typed it, hygge chooses the name of the variable. */
export function secretOf(secret: Password | undefined, side: string, variables: Record<string, string>): Keys {
  if (secret === undefined) return {};
  const { from } = secret;
  if (from.by === 'variable') return { [secret.key]: { yaml: `"\${${from.name}}"` } };
  const name = `${side}_${secret.key.toUpperCase()}`;
  if (from.by !== 'asking') variables[name] = from.text.reveal();
  return { [secret.key]: { yaml: `"\${${name}}"` } };
}

/** The keys of a home or store from options such as `--store endpoint=http://…`, named as in hygge.yml. */
function given(written: readonly string[] | undefined, side: 'FROM' | 'TO', variables: Record<string, string>): Keys {
  const option = side === 'FROM' ? '--home' : '--store';
  const keys: Record<string, Keys[string]> = {};
  for (const one of written ?? []) {
    // If a text has no valid key before its `=`, the text may be a value without its key: base64, for example, ends with `=`.
    const [, key, value = ''] = /^([a-z][a-z0-9_]{0,63})=(?!=+$)(.*)$/s.exec(one) ?? [];
    if (key === undefined) throw unreadable(`${option} needs a key and its value.`, [`${option} endpoint=https://minio.example:9000`]);
    if (namesSecret(key) && !/^\$\{\w+\}$/.test(value)) {
      const name = `${side}_${key.toUpperCase()}`;
      variables[name] = value;
      keys[key] = { yaml: `"\${${name}}"` };
    } else keys[key] = { yaml: typedValue(value) };
  }
  return keys;
}

/** Chooses where the copy keeps its state. The state is in the destination, if the destination can store it. */
async function stateOf(
  to: Place,
  { store, file, directory }: { readonly store: Keys; readonly file: boolean; readonly directory: string },
): Promise<DraftState> {
  if (to.kind === 'local' || to.kind === 'pipe')
    return { type: 'files', folder: `${to.kind === 'local' ? settlingFolder(to.path, file) : directory}/${recordsFolder}` };
  const connector = await findConnector(to.type);
  const keys = keysOfConnection(connector, store);
  if (to.kind === 'remote') return { type: 'object', url: `${to.url.replace(/\/+$/, '')}/${recordsFolder}`, keys };
  if (connector?.state !== undefined) return { type: 'sql', keys: { type: store.type ?? to.type, ...keys } };
  // The state for a DuckDB file is next to the file. The state for a server that can not store state is in the folder where the command runs.
  const isFile = to.address.key === 'path' && !/^(md|motherduck):/i.test(to.address.value);
  return { type: 'files', folder: `${isFile ? settlingFolder(to.address.value, true) : directory}/${recordsFolder}` };
}

/** The keys of a store that belong to its connection. */
function keysOfConnection(connector: Connector | undefined, store: Keys): Keys {
  const own = Object.keys((connector?.connection as { readonly shape?: object } | undefined)?.shape ?? {});
  return Object.fromEntries(Object.entries(store).filter(([key]) => own.includes(key)));
}
