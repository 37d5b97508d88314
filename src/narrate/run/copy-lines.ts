/** Runs whose rows settle outside the stores of a workspace: `hygge copy`, and the try-out of a flow into a folder. */

import { shellWord, someOf as someShown, unreadTables as unreadShown } from '../../errors/as-argument.ts';
import type { EntitySummary, ErrorDetails, EventBody } from '../../ports/events.ts';
import { defined } from '../../ports/values.ts';
import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';
import { shortenName } from '../text/width.ts';

/** A run that settles only the first rows, in a separate folder. */
export interface TryOut {
  /** How many rows of each entity settle. */
  readonly limit: number;
  /** The folder as the person wrote it. */
  readonly directory: string;
}

export function tryOutOpening({ limit, directory }: TryOut): string {
  const rows = limit === 1 ? 'one row' : `${count(limit)} rows`;
  return `This is a try-out: at most ${rows} of each entity, into ${visible(directory)}. State and stores stay unchanged.`;
}

export function tryOutClosing(event: Extract<EventBody, { readonly event: 'summary' }>, { directory }: TryOut): string {
  const settled = `${counted(event.rows, 'row is', 'rows are')} in ${visible(directory)}`;
  if (event.error > 0)
    return `${counted(event.error, 'entity needs', 'entities need')} attention. This was a try-out: ${settled}, and nothing else changed.`;
  return `That was a try-out: ${settled}. State and stores are unchanged.`;
}

/** A run of `hygge copy`, which has no workspace. */
export interface CopyRun {
  /** The command to type again, without secrets. */
  readonly command: string;
  /** The command that makes a flow of the copy; null: the copy can’t become a flow. */
  readonly save: string | null;
  /** The absolute folder that FROM and TO start at. Shown paths leave this folder out. */
  readonly directory?: string;
  /** The source and destination in the person's own words, instead of the name in the state. Absent: the name in the state. */
  label?(flow: string, entity: string): string;
}

const someOf = (names: readonly string[]): string => someShown(names.map(visible));

/** A list with one sentence or none. */
export function unreadFiles(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const what = names.length === 1 ? 'file has no format that hygge reads, and is' : 'files have no format that hygge reads, and are';
  return [`${count(names.length)} ${what} left out: ${someOf([...names].sort())}.`];
}

/** The sentence about tables that can’t be read; undefined: all tables can be read. @param read how many tables can be read. */
export function unreadTables(read: number, unread: readonly { readonly name: string; readonly why: string }[]): string | undefined {
  return unreadShown(
    read,
    unread.map(({ name, why }) => ({ name: visible(name), why: visible(why) })),
  );
}

/** The sentence about tables in schemas that are not searched; undefined: other schemas have no tables. @param all the FROM with a pattern for all schemas. */
export function otherSchemasLeftOut(names: readonly string[], all: string): string | undefined {
  if (names.length === 0) return undefined;
  return `${counted(names.length, 'table of another schema is', 'tables of other schemas are')} left out: ${someOf(names)}. ${visible(all)} takes all schemas.`;
}

/** Tables without the copy's watermark column. Undefined: every table has the column. */
export function loadedWhole(column: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${counted(names.length, 'table has', 'tables have')} no column ${visible(column)}, and each copy loads ${names.length === 1 ? 'it' : 'them'} whole: ${someOf(names)}.`;
}

/** The sentence about views; undefined: the database has no views. */
export function viewsLeftOut(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${counted(names.length, 'view is', 'views are')} left out: ${someOf(names)}. A view shows rows of tables; --views copies views too.`;
}

const longestPlace = 28;

/** `shop.db#orders → lake/orders`; of a long path, only the distinctive end. @param from, to the written arguments, without secrets. */
export function copyLabel(from: string, to: string): string {
  const short = (place: string) =>
    place.length <= longestPlace ? place : shortenName(/[^/]*#.*$/.exec(place)?.[0] ?? place, longestPlace);
  return `${visible(short(from))} → ${visible(short(to))}`;
}

/** A warning about a password in a URL. */
export function writtenOut(shown: string): string {
  return `The password for ${visible(shown)} was typed with the command: the shell remembers it, and lists of processes show it. A variable in single quotes keeps the password out: '…:\${PASSWORD}@…'. hygge keeps it nowhere.`;
}

/** Databases that cannot hold hygge's state. */
export function stateBeside(type: string, folder: string): string {
  return `The state of this copy is kept in ${visible(folder)}, because ${type} can't store it. The next copy continues from there.`;
}

interface CopySummary {
  readonly error: number;
  readonly pass: number;
  readonly warn: number;
  readonly entities: readonly Pick<EntitySummary, 'reason'>[];
}

/** The reason to run the command again after a failure. */
export const onceFixed = 'run again once fixed; settled rows are not loaded twice';

/** The next command to type. */
export function copyNext(
  event: CopySummary,
  { command, save }: CopyRun,
  how: { readonly dryRun: boolean; readonly interrupted: boolean },
): readonly string[] {
  if (how.dryRun && event.error === 0) return [`${command}    to move it`];
  if (how.interrupted) return [`${command}    to continue; nothing has to be repaired first`];
  if (event.entities.some(({ reason }) => reason === 'held')) return [`${command} --wait    to start when the other run has ended`];
  if (event.error > 0) return [`${command}    ${onceFixed}`];
  return save === null ? [] : [`${save}    to make it a flow, with a schedule`];
}

/** `home.time_unit: us` or `store: { table: … }`, as in hygge.yml. */
const keyed = /\b(home|store)(?:\.(\w+): |: \{ (\w+): )(\{[^}]*\}|\[[^\]]*\]|[^\s,;]+)(?: \})?/g;

/** Keys of file homes that occur in the advice of file errors. */
const homeKey =
  /(?<![.\w])(bad_rows|comment|compression|date_format|decimal_separator|differing_files|encoding|format|header|hive_partitions|int96|mixed|null_values|quote|skip_rows|thousands_separator|timestamp_format|types): (\{[^}]*\}|\[[^\]]*\]|"[^"]*"|[\w.-]+)/g;

/** Sentences of the engine that name keys of a workspace. */
const inWords: readonly (readonly [RegExp, string])[] = [
  [/^Nothing is settled for (\S+) yet, and if_exists is (\w+)\.$/, 'No copy has filled it.'],
  [
    /^Nothing is settled for .+ yet, and two entities must not own the same files\.$/,
    'One folder or table is filled by one flow or one copy.',
  ],
  [/^Give .+ its own place: store: .*$/, 'Choose another place for TO'],
  [/^Choose an empty place for the store$/, 'Choose another place for TO'],
  [/^watermark\.nulls: (include|exclude)\b/, '--watermark-nulls $1'],
  [/\bin watermark\.column\b/, 'by --watermark'],
  [/\bin watermark\.key\b/, 'by --key'],
  [/\bin quotes: table: '("[^"]*")'/, "in quotes: '…#$1'"],
];

/** The reason or the advice of an error, reworded for a person who typed only FROM and TO. */
const worded = (line: string): string => inWords.reduce((now, [engine, own]) => now.replace(engine, own), line);

/** The names that a copy has in the state are replaced, because no files have these names. */
export function namedAsTyped<E extends { readonly what: string; readonly why: readonly string[]; readonly tryThis: readonly string[] }>(
  error: E,
  { flow, entity }: { readonly flow?: string | undefined; readonly entity?: string | undefined },
  { label }: CopyRun,
): E {
  if (label === undefined || flow === undefined || entity === undefined) return error;
  const typed = label(flow, entity);
  const named = new RegExp(`(?<![\\w/.-])${`${flow}.${entity}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w/-])`, 'g');
  // Text after a `hygge` command is unchanged, because commands of a workspace use the names in the state.
  const put = (text: string) => text.replace(/^(?:(?!\bhygge [a-z]).)*/s, (words) => words.replace(named, () => typed));
  return { ...error, what: put(error.what), why: error.why.map(put), tryThis: error.tryThis.map(put) };
}

/** Keys of a file home, as options of a copy: `--home date_format=%d-%m-%Y`. */
export function withHomeOptions(text: string): string {
  const told = text.replace(homeKey, (_, key: string, value: string) => {
    const plain = value.startsWith('"') ? String(JSON.parse(value)) : value;
    return `--home ${shellWord(`${key}=${plain}`)}`;
  });
  return told
    .replace(/ and (?=--home )/g, ' ')
    .replace(/( --home .*?) in the home it is /, '$1 it is ')
    .replace(/( --home .*?) in the home they are /, '$1 they are ')
    .replace(/; the home can say which$/, '');
}

/** The engine’s advice is reworded, because it assumes a workspace. */
export function asCopied<E extends Pick<ErrorDetails, 'code' | 'tryThis'> & Partial<Pick<ErrorDetails, 'why' | 'where'>>>(
  error: E,
  { command, save }: CopyRun,
): E {
  const keyOption = /^HYG-3[12349]/.test(error.code) ? (error.code === 'HYG-3927' ? '--store' : '--home') : null;
  // Advice about an earlier name of a flow is dropped, because a copy has no flow.
  const usable = error.tryThis
    .map(withoutDebug)
    .filter((line) => !/\bhygge debug\b|^If .+ is the new name of [^:]+: name it as before/.test(line));
  const told = (usable.length === 0 ? error.tryThis : usable).map(worded).map((line) =>
    (keyOption === null ? line : line.replace(homeKey, (_, key: string, value: string) => `${keyOption} ${shellWord(`${key}=${value}`)}`))
      .replace(/\bhome\.where: (.+)$/, (_, condition: string) => `--where ${shellWord(condition)}`)
      .replace(/, if the home supports a query: home: \{ query: … \}/, ", if FROM is a database: --query 'select …'")
      .replace(keyed, (_, side: string, one?: string, other?: string, value = '') => `--${side} ${shellWord(`${one ?? other}=${value}`)}`)
      // Advice to reset becomes the same copy with `-d`, because each copy decides again which rows to load.
      .replace(/\bhygge (?:reset (?![^,;]*--)\S+, then hygge go|schema accept \S+)(?= |$)/g, `${command} -d`)
      .replace(/\bif_exists: (append|replace|fail)\b/g, '--if-exists $1')
      .replace(/\bhygge go((?: --?[a-z-]+(?: (?![-(])[^\s,;:()]+)?)*)/g, (_, flags: string) => `${command}${withoutNames(flags)}`),
  );
  const needsWorkspace = save !== null && told.some((line) => /\bhygge (?!copy\b)[a-z]+/.test(line));
  // A line about a config file is dropped, because a copy has no config file.
  const { where: _, ...rest } = error;
  return {
    ...(rest as E),
    ...defined({ why: error.why?.map(worded) }),
    tryThis: needsWorkspace
      ? [...told, `Other commands work in a workspace. This turns the copy into one and continues there: ${save}`]
      : told,
  };
}

/** `hygge debug` needs a workspace, so the command is dropped. The things to check stay in the advice. */
function withoutDebug(line: string): string {
  if (/^(See|Then)\b/.test(line) || line.includes('hygge.yml')) return line;
  return line
    .replace(/ with `hygge debug`/, '')
    .replace(/(?:[:;]|(\.)) `?hygge debug\b[^,;]*?(\.?)$/, (_, ended = '', end = '') => ended || end);
}

const withoutNames = (flags: string) => flags.replace(/ (-e|-f|--entity|--flow) \S+/g, '');

/** The files that `--save` has written. @param saved.root the workspace, relative to the current folder. */
export function savedLines(
  saved: { readonly made: readonly string[]; readonly root: string; readonly flow: string; readonly variables: readonly string[] },
  palette: Palette,
): readonly string[] {
  const at = saved.root === '.' ? '' : `${saved.root}/`;
  const within = saved.root === '.' ? '' : ` -C ${shellWord(visible(saved.root))}`;
  return [
    ...saved.made.map((path) => `${palette.good('+')} ${visible(`${at}${path}`)}`),
    ...(saved.variables.length === 0
      ? []
      : [
          '',
          `${palette.caution('!')} ${saved.variables.join(', ')}: set it in the environment, or in ${visible(`${at}.env`)}; no file here contains it`,
        ]),
    '',
    `${palette.quiet('next')}  hygge go${within} -f ${saved.flow}    to continue after the copy`,
  ];
}
