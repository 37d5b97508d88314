/** Ids and hashes of the records of a page. */
import { fieldOf, type Span } from '../answers/envelope.ts';
import { orIfBad } from '../answers/readable.ts';
import type { Page } from './pages.ts';
import { short } from './positions.ts';

/** Neighbouring records as a short text. */
export function hashOf({ body }: Page, records: readonly Span[]): string {
  const [first] = records;
  const last = records.at(-1);
  return first && last ? short(body.bytes.subarray(first.start, last.end)) : '';
}

/** Undefined: it has no such field, or null, an object or an array there. */
export function textIn(page: Page, span: Span, field: string): string | undefined {
  // A bad record is refused when it is decoded.
  const found = orIfBad(
    () => fieldOf(page.body, span, field),
    () => undefined,
  );
  return found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array' ? undefined : found.text;
}

const ids = ['id', '_id', 'uuid', 'guid', 'Id', 'ID'];

/** The id that a record has by its own name. */
export function ownId(page: Page, span: Span): string | undefined {
  const name = idName(page, span);
  return name === '' ? undefined : textIn(page, span, name);
}

/** Empty: it has none. */
export function idName(page: Page, span: Span): string {
  if (page.body.bytes[span.start] !== 0x7b) return '';
  return ids.find((name) => textIn(page, span, name) !== undefined) ?? '';
}
