import { homeCodes } from '../../errors/codes/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';

type Code = Extract<keyof typeof homeCodes, `HYG-31${string}` | `HYG-321${string}`>;

/** A HomeError about one parquet file. The advice is that of the error catalogue. */
export function parquetError(
  code: Code,
  what: string,
  details: { readonly why?: readonly string[]; readonly tryThis?: readonly string[]; readonly cause?: unknown } = {},
): HomeError {
  return new HomeError({ code, what, tryThis: homeCodes[code].tryThis, ...details });
}

export function damagedFooter(name: string, cause: Error): HomeError {
  return parquetError('HYG-3104', `${name} has a damaged footer.`, { why: [cause.message], cause });
}

/** The error for a file that Polars could not read although its footer is fine: the data is damaged, or a row group is missing. */
export function damagedData(name: string, cause: unknown): HomeError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return parquetError('HYG-3105', `${name} can't be decoded.`, { why: [firstLine(message)], cause });
}

/** The error for a file whose pages contradict the footer or each other. */
export function damagedPage(name: string, column: string, cause: Error): HomeError {
  return parquetError('HYG-3105', `${name} can't be decoded.`, { why: [`Column ${column}: ${cause.message}.`], cause });
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
