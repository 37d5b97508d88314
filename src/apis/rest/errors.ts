/** Errors that stop a run if it can not trust a window, or the only answer of a window. */
import { asYaml, mapAsYaml, valueAsYaml } from '../../errors/as-yaml.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { apiError } from '../answers/errors.ts';
import { hasUpper, type WindowParams } from '../lists/config.ts';

/** A record that the API lists. If this record is requested by its watermark, the API does not return it. */
export interface UnfoundRecord {
  /** The address of the list, for people. */
  readonly place: string;
  readonly column: string;
  readonly text: string;
  /** Whether the watermark is a time. */
  readonly isTimed: boolean;
  /** Whether bounds are written without a zone. */
  readonly isPlaceless: boolean;
  /** Whether the config says that times without a zone are in UTC. */
  readonly isUtc: boolean;
  /** The value of `window` in the config. */
  readonly params: WindowParams;
}

/** Formats with which an API compares only days or numbers. */
const hasNoDay = /^(date|number|epoch_m?s)$/;
/** Formats without milliseconds, by the format with milliseconds. An API may show milliseconds, but ignore them in comparisons. */
const coarser: Readonly<Record<string, string>> = { iso_ms: 'iso', epoch_ms: 'epoch_s' };
const readAgain = 'Then read the records that earlier runs may have missed: hygge go -d';

/** Possible reasons why the API reads bounds in another way, each with a complete `window` to use instead. */
function otherWindows({ column, isTimed, isPlaceless, isUtc, params }: UnfoundRecord): readonly string[] {
  const { zone, format, open } = params;
  const hasBoth = params.param !== undefined && params.from.includes('{to}');
  const another = zone === 'America/New_York' ? 'Europe/Copenhagen' : 'America/New_York';
  const local = zone === undefined ? 'in local time, name its zone' : `in another zone than ${zone}, name that zone`;
  const isOpened = typeof open === 'object';
  const mayLackUpper = params.to !== undefined && params.cap === undefined && params.slice === undefined;
  return [
    ...(isUtc ? [`If the ${column} of records is not in UTC, remove from the home: zone: UTC`] : []),
    ...(isTimed && isPlaceless ? [`If the API reads bounds ${local}: ${windowWith(params, { zone: another })}`] : []),
    ...(coarser[format] === undefined ? [] : [`If the API compares whole seconds: ${windowWith(params, { format: coarser[format] })}`]),
    ...(isTimed && !hasNoDay.test(format) ? [`If the API compares only days: ${windowWith(params, { format: 'date' })}`] : []),
    ...(mayLackUpper ? [`If the API cuts the upper bound, leave it out: ${windowWith(params, { to: undefined })}`] : []),
    ...(hasBoth && !isOpened
      ? [`If open does not open both bounds: ${windowWith(params, { open: { from: '1970-01-01', to: '2999-12-31' } })}`]
      : []),
  ];
}

export function windowBlind(record: UnfoundRecord): HomeError {
  const { place, column, text, params } = record;
  return apiError(
    'HYG-3634',
    `${place}: the API has a record with the ${column} ${text}, but does not return it for a window around that ${column}.`,
    {
      why: ['An increment would find no new records in such a list.'],
      tryThis: [
        ...otherWindows(record),
        `If the API filters by another field, name that field (with watermark.key and a store that merges): ${windowWith(params, { filters: 'generated_at' })}`,
        'Compare window.from, window.to and window.format with the documentation of the API',
        readAgain,
      ],
    },
  );
}

/** The watermark of a record that the answer lacks, or a sentence on why no request can show a missing record. */
export type Lacking = { readonly text: string } | { readonly unshown: string };

export function answerCapped(
  page: string,
  {
    records,
    column,
    lacking,
    params,
  }: { readonly records: number; readonly column: string; readonly lacking: Lacking; readonly params: WindowParams },
): HomeError {
  const isKnown = 'text' in lacking;
  const others = isKnown ? 'the API has more records in the same window' : 'nothing shows that these are all records';
  const to = params.to ?? (params.param === undefined ? 'until' : `${column} <= {to}`);
  const halved = windowWith(params, hasUpper(params) ? { cap: records } : { to, cap: records });
  return apiError('HYG-3647', `${page}: the answer has ${records} records, and ${others}.`, {
    why: [
      isKnown
        ? `The answer lacks a record with the ${column} ${lacking.text}, which the API returns on request, or returned before.`
        : lacking.unshown,
    ],
    tryThis: [
      'If the API has further pages, set how to request them: pagination: { type: page }',
      hasUpper(params)
        ? `If the API has no further pages, let hygge halve the window: ${halved}`
        : `If the API has no further pages, name its parameter for the upper bound, and let hygge halve the window: ${halved}`,
      'If the API lists all of its records in one answer: pagination: { type: none, ignore_next: true }',
      readAgain,
    ],
  });
}

/** Advice for a list that ends at this number of records, although more records exist. */
export function halvedAt(records: number, column: string, params: WindowParams): string {
  const to = params.to ?? (params.param === undefined ? 'until' : `${column} <= {to}`);
  const halved = windowWith(params, hasUpper(params) ? { cap: records } : { to, cap: records });
  return `If the API lists ${records} records at most, let hygge halve the window: ${halved}`;
}

export function listCutOff(
  page: string,
  {
    records,
    column,
    text,
    params,
    isOpen,
    mayBeCut,
  }: {
    readonly records: number;
    readonly column: string;
    readonly text: string;
    readonly params: WindowParams;
    /** Whether the run sends no lower bound. */
    readonly isOpen: boolean;
    /** Whether this number of records is a usual maximum of APIs. */
    readonly mayBeCut: boolean;
  },
): HomeError {
  return apiError('HYG-3648', `${page}: the list ends with ${records} records, and the API has more records in the same window.`, {
    why: [`The list lacks a record with the ${column} ${text}, which the API returns on request.`],
    tryThis: [
      ...(isOpen
        ? [
            `If the API lists only recent records without a lower bound, set one: watermark: { column: ${asYaml(column)}, initial: 1970-01-01 }, with the other keys of watermark, then hygge go -d`,
          ]
        : []),
      ...(mayBeCut ? [halvedAt(records, column, params)] : []),
      ...(isOpen ? [] : [readAgain]),
    ],
  });
}

export function filtersByOther(record: UnfoundRecord): HomeError {
  const { place, column, text, params } = record;
  return apiError('HYG-3635', `${place}: the API filters by another field than ${column}, or reads bounds in another way.`, {
    why: [`The API returns a record with the ${column} ${text} in a window above that ${column}. So runs could miss changed records.`],
    tryThis: [
      'If records have the field that the API filters by, make it the watermark: watermark: { column: … }, then hygge reset',
      `Or name this field, with watermark.key and a store that merges: ${windowWith(params, { filters: 'generated_at' })}. Then hygge writes each record that the API returns`,
      ...otherWindows(record),
      readAgain,
    ],
  });
}

/**
 * A list without records does not show its columns, and `types` does not declare all columns of the key.
 * @param columns the columns of the key that are not declared.
 * @param types the value of `types` in the config.
 */
export function noRecordYet(place: string, columns: readonly string[], types: Readonly<Record<string, string>>): HomeError {
  const all = [...columns.map((name) => [name, 'int64']), ...Object.entries(types)].map(
    ([name = '', type = '']) => `${asYaml(name)}: ${asYaml(type)}`,
  );
  return new HomeError({
    code: 'HYG-3406',
    what: `${place} has no record yet, so hygge does not know the type of ${columns.join(' and ')}.`,
    why: ['hygge finds existing rows by watermark.key, so the store needs these columns.'],
    tryThis: [
      `Declare the types in the home, with string for texts: types: { ${all.join(', ')} }`,
      'Or run again when the list has a record',
    ],
  });
}

// ---- a window as YAML that can be pasted: all keys of the config, with changes

const keyOrder = [
  'param',
  'from',
  'to',
  'join',
  'open',
  'format',
  'zone',
  'filters',
  'cap',
  'slice',
] as const satisfies readonly (keyof WindowParams)[];

/** The value of `window` as YAML: `window: { from: since, to: until, cap: 100 }`. */
function windowWith(params: WindowParams, changes: Partial<WindowParams>): string {
  const all: Partial<WindowParams> = { ...params, ...changes };
  const { format } = all;
  const values = { ...all, format: format === 'iso' ? undefined : format };
  return `window: ${mapAsYaml(keyOrder, values, (value, name) => (name === 'zone' ? String(value) : valueAsYaml(value)))}`;
}
