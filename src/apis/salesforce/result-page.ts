/** Checks whether a page with results of a job is complete. The page must have the fields of the query, and as many records as its header reports. */
import { counted } from '../../errors/as-argument.ts';
import { noPage } from '../answers/errors.ts';
import { pageNotWhole } from './errors.ts';
import type { ResultPage } from './org.ts';

/** Throws HomeError HYG-3602 if the first line does not name the fields of the query. */
export function mustNameFields(fields: readonly string[], { bytes, length }: ResultPage['body'], name: string): void {
  const end = bytes.subarray(0, length).indexOf(0x0a);
  const line = bytes.toString('latin1', 0, end === -1 ? length : end).replace(/\r$/, '');
  const found = line.split(',').map((field) => field.replace(/^"(.*)"$/, '$1'));
  if (line !== '' && found.join(',') !== fields.join(','))
    throw noPage(name, `The page has the columns ${found.join(', ').slice(0, 200)}.`);
  if (line === '' && length > 0) throw noPage(name, 'The page has no names of columns.');
}

const [quote, comma, lineEnd] = [0x22, 0x2c, 0x0a];

/** Throws HomeError HYG-3697 if the page has another number of records than its header reports. Records are counted before they are decoded, since a window uses only some of them. */
export function mustBeWhole(
  { body: { bytes, length }, records, fields }: Pick<ResultPage, 'body' | 'records'> & { readonly fields: number },
  name: string,
): void {
  const names = bytes.subarray(0, length).indexOf(lineEnd);
  let begin = names === -1 ? length : names + 1;
  let [found, commas, isQuoted] = [0, 0, false];
  for (let at = begin; at < length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      // Most of a page is between quotes. A doubled quote ends a quoted part and begins another one.
      do at++;
      while (at < length && bytes[at] !== quote);
      isQuoted = at >= length;
    } else if (byte === comma) commas++;
    else if (byte === lineEnd) {
      // As in the format, a blank line is a record with a single field.
      if (at > begin || fields === 1) found++;
      begin = at + 1;
      commas = 0;
    }
  }
  if (begin < length) {
    if (isQuoted || commas + 1 < fields || bytes[length - 1] === comma)
      throw pageNotWhole(name, 'The answer ends in the middle of a record.');
    found++;
  }
  if (found !== records)
    throw pageNotWhole(name, `The header says ${counted(records, 'record')}, but the page has ${counted(found, 'record')}.`);
}
