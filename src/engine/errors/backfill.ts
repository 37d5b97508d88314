/** Why a backfill, or an overlap, stops. Codes: src/errors/codes/watermark.ts. */
import { asArgument, count, counted, entityName, shellWord } from '../../errors/as-argument.ts';
import { ConfigError, FlowError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { quoted } from './run.ts';

export function nothingToBackfillBy(spec: EntitySpec): FlowError {
  const full = spec.watermark !== null;
  return new FlowError({
    code: 'HYG-2031',
    what: `${entityName(spec)} cannot be backfilled: ${full ? 'every run of it loads everything' : 'it has no watermark'}.`,
    why: [
      full
        ? 'Its run_type is full_drop, so each run also updates old rows.'
        : 'A backfill replaces the rows whose watermark is between two values.',
    ],
    tryThis: full
      ? [`Load it as usual: hygge go -e ${quoted(spec)}`, 'Or set run_type: incremental']
      : ['Add run_type: incremental and watermark: { column: … }', `Or load everything again: hygge go -d -e ${quoted(spec)}`],
    where: spec.where,
  });
}

export function nothingToBackfill(spec: EntitySpec, isReset: boolean): FlowError {
  return new FlowError({
    code: 'HYG-2032',
    what: `Nothing is settled for ${entityName(spec)} that a backfill could replace.`,
    why: [
      isReset
        ? 'The entity was reset: the next run loads everything.'
        : 'A backfill works below the watermark of a settled run, but no run has settled a watermark.',
    ],
    tryThis: [`Load it first: hygge go -e ${quoted(spec)}`],
  });
}

export function backfillAbove(spec: EntitySpec, from: string, mark: string): FlowError {
  return new FlowError({
    code: 'HYG-2033',
    what: `A backfill of ${entityName(spec)} from ${from} has nothing below the watermark to replace.`,
    why: [`Its watermark is ${mark}. The next run reads the rows from this watermark on, so they would settle twice.`],
    tryThis: [`Load new rows: hygge go -e ${quoted(spec)}`, 'Or begin the backfill earlier: --from'],
  });
}

export function overlapWithoutTime(spec: EntitySpec, column: string, type: DataType): FlowError {
  return new FlowError({
    code: 'HYG-2034',
    what: `watermark.overlap needs a time, but ${column} of ${entityName(spec)} is ${describeType(type)}.`,
    why: ['An overlap is a period before the watermark, and this column does not show how old a row is.'],
    tryThis: ['Remove watermark.overlap', 'Or choose a column with a timestamp or date in watermark.column'],
    where: spec.where,
  });
}

export function lastGoodWouldGo(
  spec: EntityKey,
  { fewer, apart, from, to }: { readonly fewer: number; readonly apart: number; readonly from: string; readonly to: string },
): FlowError {
  const name = asArgument(entityName(spec));
  return new FlowError({
    code: 'HYG-2141',
    what: `The range of ${entityName(spec)} would have ${counted(fewer, 'row')} fewer, and ${counted(apart, 'row')} of the source ${apart === 1 ? 'does' : 'do'} not settle.`,
    why: [
      'A folder of files replaces all rows of a range. The removed rows may be the last good versions of rows in quarantine. Nothing was changed.',
    ],
    tryThis: [
      `Correct the range from the source, and keep the last good versions: hygge verify ${name} --range ${shellWord(`${from}..${to}`)} --repair`,
      `Or see the rows in quarantine: hygge quarantine show ${name}`,
    ],
  });
}

export function rowsOutside(key: EntityKey, value: string, { from, to }: { readonly from: string; readonly to: string | null }): FlowError {
  const window = `from ${from}${to === null ? ' on' : ` to below ${to}`}`;
  return new FlowError({
    code: 'HYG-2035',
    what: `The source of ${entityName(key)} returned a row at ${value}, which is not ${window}.`,
    why: ['The row would exist twice, because only the rows of that range are replaced. The run stopped before anything became visible.'],
    tryThis: ['Run it again with -v and report what it prints: this is a fault in the connector'],
  });
}

export function partsDontAddUp(
  key: EntityKey,
  counts: { readonly all: number; readonly kept: number; readonly dropped: number },
): FlowError {
  return new FlowError({
    code: 'HYG-2036',
    what: `A settled part of ${entityName(key)} has ${counted(counts.all, 'row')}, but ${count(counts.kept)} stay unchanged and ${count(counts.dropped)} do not.`,
    why: ['The counts of a rewritten part must match. The run stopped before anything became visible.'],
    tryThis: [
      'Check whether someone changed the files of the destination by hand',
      'Otherwise run it again with -v and report what it prints: this is a fault in hygge',
    ],
  });
}

function noSuchRange(key: EntityKey, what: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1911',
    what,
    why: [`A backfill of ${entityName(key)} begins at a value of its watermark, and ends below another value.`],
    tryThis,
  });
}

function noSuchChunk(what: string, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({ code: 'HYG-1912', what, why: [why], tryThis });
}

/** The end of the range is at or below its beginning. Both ends are shown as a person wrote them. */
export function rangeBackwards(
  key: EntityKey,
  { from, to, isEmpty }: { readonly from: string; readonly to: string; readonly isEmpty: boolean },
) {
  return noSuchRange(key, `--from ${from} is not below --to ${to}.`, [
    isEmpty
      ? `The range ends below --to, so write the next value after the last value that you want`
      : `Swap them: --from ${to} --to ${from}`,
  ]);
}

export function noValueOf(
  key: EntityKey,
  { flag, written, column, type }: { readonly flag: string; readonly written: string; readonly column: string; readonly type: DataType },
): ConfigError {
  return noSuchRange(key, `${flag} ${JSON.stringify(written)} can't be a value of ${column} (${describeType(type)}).`, [
    type.kind === 'timestamp'
      ? `Write it like ${type.zone === undefined ? '2024-01-01T10:00:00' : '2024-01-01T10:00:00Z'}`
      : type.kind === 'date'
        ? 'Write it like 2024-01-01'
        : 'Write the value as the column has it. hygge preview shows some values',
  ]);
}

export function tooManyChunks(chunk: string | null, most: number): ConfigError {
  return noSuchChunk(
    `--chunk ${chunk} makes more than ${most.toLocaleString('en-US')} chunks.`,
    'Each chunk is a separate run with its own commit.',
    ['Take larger chunks', 'Or a shorter range'],
  );
}

export function noStride(chunk: string, type: DataType): ConfigError {
  const kinds =
    type.kind === 'timestamp'
      ? { why: 'A step along timestamps has seconds, minutes, hours, days, weeks or months.', like: '12h, 1d, 2w or 1mo' }
      : type.kind === 'date'
        ? { why: 'A step along dates has days, weeks or months.', like: '1d, 2w or 1mo' }
        : type.kind === 'string' || type.kind === 'uuid'
          ? { why: 'Text has no steps.', like: undefined }
          : { why: 'A step along numbers is a number above zero.', like: '100000' };
  return noSuchChunk(`--chunk ${chunk} is not a step along a ${describeType(type)}.`, kinds.why, [
    kinds.like === undefined ? 'Leave --chunk out: the range is one chunk' : `Write it like ${kinds.like}`,
  ]);
}
