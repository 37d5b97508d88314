import { deltaValueCodes } from '../../errors/codes/delta/values.ts';
import { HomeError } from '../../errors/hygge-error.ts';

/** A HomeError about the values of a Delta table. Its next step comes from the catalogue of codes. */
export function valueError(
  code: keyof typeof deltaValueCodes,
  what: string,
  details: { readonly why?: readonly string[]; readonly cause?: unknown } = {},
): HomeError {
  return new HomeError({ code, what, tryThis: deltaValueCodes[code].tryThis, ...details });
}
