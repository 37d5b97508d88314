import { homeCodes } from '../../../errors/home-codes.ts';
import { DefectError, HomeError, StoreError } from '../../../errors/hygge-error.ts';
import { storeCodes } from '../../../errors/store-codes.ts';

type Code = Extract<keyof typeof homeCodes, `HYG-31${string}`>;

/** A HomeError about one parquet file; the next step comes from the catalogue. */
export function parquetError(
  code: Code,
  what: string,
  details: { readonly why?: readonly string[]; readonly cause?: unknown } = {},
): HomeError {
  return new HomeError({ code, what, tryThis: homeCodes[code].tryThis, ...details });
}

export function damagedFooter(name: string, cause: Error): HomeError {
  return parquetError('HYG-3104', `${name} has a damaged footer.`, { why: [cause.message], cause });
}

/** Polars failed on a file whose footer was fine: its data is damaged, or a row group went missing. */
export function damagedData(name: string, cause: unknown): HomeError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return parquetError('HYG-3105', `${name} can't be decoded.`, { why: [firstLine(message)], cause });
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

const scratchFaults: readonly (readonly [RegExp, keyof typeof storeCodes, string])[] = [
  [/no space left|os error 28|quota exceeded|os error 122/i, 'HYG-4002', 'There is no room left to encode files in the scratch folder.'],
  [/permission denied|os error 13/i, 'HYG-4003', 'The scratch folder, where files are encoded, may not be written.'],
  [/read-only file system|os error 30/i, 'HYG-4004', 'The scratch folder, where files are encoded, is read-only.'],
];

/** Native code names the fault only in its message; undefined when scratch is not the cause. */
export function scratchFailed(cause: unknown): StoreError | undefined {
  const message = cause instanceof Error ? cause.message : String(cause);
  const fault = scratchFaults.find(([pattern]) => pattern.test(message));
  if (fault === undefined) return undefined;
  const [, code, what] = fault;
  return new StoreError({
    code,
    what,
    why: [firstLine(message)],
    tryThis: ['Let HYGGE_SCRATCH name a folder with room that this user may write to', ...storeCodes[code].tryThis.slice(0, 1)],
    cause,
  });
}

export function encoderDefect(what: string, why: readonly string[]): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what,
    why: why.slice(0, 6),
    tryThis: ['Run again; if it stays, report it with the schema of the source: this should not be possible'],
  });
}
