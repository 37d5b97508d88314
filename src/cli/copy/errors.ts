import type { AbsentPath } from '../../errors/absent-path.ts';
import { shellWord, someOf } from '../../errors/as-argument.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';

/** Errors for copies that `hygge copy` can not carry out. Each error is reported before the copy changes anything: exit 2. */

/** The address lacks slashes: `s3:/lake/orders`. @param after the text after the colon. */
export function slashesMissing(scheme: string, after: string): ConfigError {
  const address = visible(`${scheme}://${after.replace(/^\/+/, '')}`);
  return new ConfigError({
    code: 'HYG-1310',
    what: `Two slashes are missing in the address. It should be ${address}`,
    why: ['With fewer slashes, the address names no place.'],
    tryThis: [`Write ${address}`, 'A file with a colon in its name is written with ./ before it'],
  });
}

/** The address may contain a password in a part that hygge does not read as a password. @param shown the address without possible secrets. */
export function misplacedPassword(shown: string, why: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1310',
    what: `${visible(shown)} seems to contain a password or a key in a place where hygge does not expect one.`,
    why: [why, 'The password is not shown.'],
    tryThis: [
      `Write the address as in 'postgres://me:\${PGPASSWORD}@host/shop#orders', and write signs like @ : / # % in a password percent-encoded`,
      'If it is a file with such signs in its name, write ./ before the name',
    ],
  });
}

export function unknownScheme(scheme: string, known: readonly string[]): ConfigError {
  const meant = didYouMean(scheme, known) ?? known.find((one) => isOneLetterOff(one, scheme.toLowerCase()));
  return new ConfigError({
    code: 'HYG-1310',
    what: `hygge can't read or write ${visible(scheme)}: URLs.${meant === undefined ? '' : ` Did you mean ${meant}:?`}`,
    why: [`hygge can read and write ${known.join(', ')}, and paths of this machine.`],
    tryThis: [
      meant === undefined ? 'Write the place as in hygge copy data/orders.csv s3://lake/orders' : `Write ${meant}: in its place`,
      'A file with a colon in its name is written with ./ before it',
    ],
  });
}

/** Whether two schemes differ in one letter. The shortest schemes are excluded, since they are too short to resemble another scheme. */
function isOneLetterOff(one: string, other: string): boolean {
  return one.length === other.length && [...one].filter((letter, i) => letter !== other[i]).length === 1;
}

export function samePlace(shown: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1311',
    what: `FROM and TO are the same place: ${visible(shown)}.`,
    why: ['A copy onto its own source could lose the data.'],
    tryThis: ['Choose another place for TO'],
  });
}

export function inside(inner: 'FROM' | 'TO', shown: { readonly from: string; readonly to: string }): ConfigError {
  return new ConfigError({
    code: 'HYG-1312',
    what: `${inner} is inside ${inner === 'TO' ? 'FROM' : 'TO'}: ${visible(inner === 'TO' ? shown.to : shown.from)} is in ${visible(inner === 'TO' ? shown.from : shown.to)}.`,
    why: [
      inner === 'TO'
        ? 'The next copy would read the files that this copy writes.'
        : 'A store that replaces the content of its folder would also remove the source.',
    ],
    tryThis: ['Choose another folder for TO'],
  });
}

export function nothingThere(shown: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1313', what: `There is nothing to copy at ${visible(shown)}.`, why: [why], tryThis });
}

/** FROM does not exist. @param absent how much of the path exists. Undefined: hygge has no right to read a folder of the path. */
export function notThere(shown: string, absent: AbsentPath | undefined): ConfigError {
  const why = absent?.why ?? 'There is no such file or folder.';
  return nothingThere(shown, why, [...(absent?.meant === undefined ? [] : [`Did you mean ${absent.meant}?`]), 'Check the path']);
}

export function oneName(first: string, second: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1314',
    what: `${visible(first)} and ${visible(second)} would settle under one name.`,
    why: ['Many systems treat names that differ only in case as the same file or table.'],
    tryThis: [`Copy each of them separately, to different places: hygge copy '…#${visible(first)}' TO`],
  });
}

export function unknownFormat(shown: string, which: 'FROM' | 'TO', ending: string | null): ConfigError {
  return new ConfigError({
    code: 'HYG-1315',
    what:
      ending === null
        ? `The format of ${visible(shown)} is unknown.`
        : `hygge ${which === 'FROM' ? 'reads' : 'writes'} no ${visible(`.${ending}`)} files: ${visible(shown)}.`,
    why: ['The formats are parquet, csv, ndjson and json.'],
    tryThis:
      ending === 'xlsx' || ending === 'xls'
        ? ['Save the sheet as CSV, and copy that']
        : ending === null
          ? [shown === '-' ? 'Name it: --format csv' : 'Name it: --home format=csv']
          : [
              which === 'FROM'
                ? 'Convert it, or name its format: --home format=csv'
                : 'Name a folder, or a file that ends in .parquet or .csv',
            ],
  });
}

export function notThatKind(what: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1316', what, why: [why], tryThis });
}

const joined = (folder: string, name: string): string => `${folder.replace(/[/\\]+$/, '')}/${name}`;

/** FROM is a folder with Delta tables below it. @param tables the folders of the tables. */
export function tablesBelow(shown: string, tables: readonly string[]): ConfigError {
  const [first = ''] = tables;
  const one = joined(shown, first);
  return notThatKind(
    tables.length === 1 ? `There is a Delta table in ${shown}: ${first}.` : `There are Delta tables in ${shown}: ${someOf(tables)}.`,
    'One copy reads one table, from its own folder.',
    [
      `Name the folder of a table: hygge copy ${shellWord(visible(one))} …`,
      `Or make a flow of all of them: hygge init my-lake --from ${shellWord(visible(shown))}`,
    ],
  );
}

export function logOfTable(shown: string, table: string): ConfigError {
  return notThatKind(
    `${shown} is in the log of a Delta table.`,
    'The log says which rows the table has, but contains none of these rows.',
    [`Name the folder of the table: hygge copy ${shellWord(visible(table))} …`],
  );
}

export function filesOfTable(shown: string, table: string): ConfigError {
  return notThatKind(
    `${shown} names files of a Delta table.`,
    'Some are files of earlier versions or of deleted rows. Only the log of the table says which files count.',
    [`Name the folder of the table: hygge copy ${shellWord(visible(table))} …`],
  );
}

export function noTable(shown: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1317', what: `${visible(shown)} is a database, and no table is named.`, tryThis });
}

export function cannotBoth(what: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1318', what, why: [why], tryThis });
}

interface ReadSource {
  readonly place: string;
  /** Fingerprints of conditions and queries. A fingerprint distinguishes one text from another, and is not shown to people. */
  readonly where: string | undefined;
  readonly query: string | undefined;
}

/** The parts of a source text. @param source the source as stored with the settled rows: `sqlite sqlite /srv/shop.db orders where 1bb73ce0c4f0`. */
function placesRead(source: string): ReadSource {
  const [plain = '', where] = source.split(/ where ([0-9a-f]{12})$/);
  const [place = '', query] = plain.split(/ query ([0-9a-f]{12})$/);
  return { place: place.replace(/^(\S+) (?=\1 )/, '').replace(/^local /, ''), where, query };
}

function differenceOf(was: ReadSource, is: ReadSource): readonly string[] {
  if (was.place !== is.place) return [`It contains rows from ${visible(was.place)}.`, `This copy reads ${visible(is.place)}.`];
  if (was.query !== is.query) {
    if (was.query === undefined) return ['It contains the rows of a table, but this copy reads a --query.'];
    return [is.query === undefined ? 'It contains the rows of a --query.' : 'It contains the rows of another --query.'];
  }
  if (was.where === undefined) return ['It contains rows that were copied without --where.'];
  return [is.where === undefined ? 'It contains only rows that match a --where.' : 'It contains the rows that match another --where.'];
}

export function anotherSource(places: { readonly to: string; readonly was: string; readonly is: string }): ConfigError {
  return new ConfigError({
    code: 'HYG-1319',
    what: `${visible(places.to)} was filled from another source.`,
    why: differenceOf(placesRead(places.was), placesRead(places.is)),
    tryThis: ['Choose another place for TO', 'Or replace the existing data: --if-exists replace'],
  });
}

/** @param command the copy without `--if-exists append`. */
/** TO was filled incrementally by a watermark column, and the table of FROM now lacks this column. A full load would be another copy than the earlier copy. */
export function columnGone(to: string, column: string, command: string): ConfigError {
  return cannotBoth(
    `${visible(to)} was filled by a watermark, but its source has no column ${visible(column)} any more.`,
    'Without the column, hygge can’t distinguish new rows from old ones.',
    [`To load this copy whole once: ${command} -d`, 'Or use the new name of the column: --watermark changed_at'],
  );
}

export function appendedTwice(to: string, command: string): ConfigError {
  return cannotBoth(
    `This copy has filled ${visible(to)} before. --if-exists append would add all rows once more.`,
    '--if-exists append keeps rows of other programs. Rows of this copy are replaced each time, or added by a watermark.',
    [`To replace the rows of this copy: ${command}`, 'To add only rows that are new: --watermark updated_at, in an empty place'],
  );
}

/** @param address the address without its password, and without the text after a `?`. */
/** @param isData whether the address has the extension of a data file, which a list of an API lacks. */
export function noWebAddress(
  address: string,
  as: { readonly which: 'FROM' | 'TO'; readonly to: string; readonly isData: boolean },
): ConfigError {
  const format = /\.(ndjson|json|jsonl)(\.gz)?$/i.test(address) ? 'ndjson' : 'csv';
  const shown = shellWord(visible(address));
  const piped = `${as.isData ? 'Fetch it' : 'If it is a file, fetch it'}, and pipe it in: curl -sSfL ${shown} | hygge copy - ${shellWord(visible(as.to))} --format ${format}`;
  const hasPath = /^https?:\/\/[^/]+\/./i.test(address);
  const made = (from: string) => `make a workspace that reads the list: hygge init my-api --from ${from} --yes`;
  const ofApi = hasPath
    ? `If it is an API that lists records as JSON, ${made(shown)}`
    : `If it is an API, name one of its lists, and ${made(`${shown.replace(/\/$/, '')}/LIST`)}`;
  const ofFile = hasPath ? [piped] : [];
  return new ConfigError({
    code: 'HYG-1310',
    what: `${visible(address)} is not an address of Azure Storage, and hygge copies nothing else over HTTP.`,
    why: ['https: addresses must lead to Azure Storage: https://account.blob.core.windows.net/container/folder'],
    tryThis:
      as.which === 'FROM'
        ? [
            ...(as.isData ? [piped, ...(/\.json$/i.test(address) ? [ofApi] : [])] : [ofApi, ...ofFile]),
            'Write the address of the bucket itself: s3://bucket/folder, or gs://bucket/folder',
          ]
        : ['Name a folder, a file, a table, or a bucket: s3://bucket/folder'],
  });
}

export function noPassword(shown: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1321',
    what: `${visible(shown)} asks for a password, and this is not an interactive terminal.`,
    tryThis: [
      `Put the password into a variable, and write the variable’s name in single quotes: 'postgres://me:\${PGPASSWORD}@host/shop#orders'`,
    ],
  });
}

export function notSaved(what: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1320', what, why: [why], tryThis });
}

export function cannotPipe(what: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1322', what, why: [why], tryThis });
}
