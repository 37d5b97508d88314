import { DefectError } from '../errors/hygge-error.ts';

/** What an encoder meets and should not be possible. */
export function encoderDefect(what: string, why: readonly string[] = []): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what,
    why: why.slice(0, 6),
    tryThis: ['Run again; if it stays, report it with the schema of the source: this should not be possible'],
  });
}
