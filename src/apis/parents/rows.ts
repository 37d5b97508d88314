/** The rows of a record: the record itself, or the objects of an array inside it. Further members are written into the rows before they are decoded. The values are not parsed. */
import { deletedColumn } from '../../engine/contracts/home.ts';
import type { Body } from '../answers/document.ts';
import { bodyOf, envelopeOf, type Found, type Span } from '../answers/envelope.ts';
import { deletedUnclear } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import type { DeletedMark } from './config.ts';

export interface RowRules {
  /** The path of the array whose objects are the rows: names with dots between them. `[]` follows the name of an array whose items are searched. Absent: the records are the rows. */
  readonly each?: string | undefined;
  /** The columns that rows get from their record, with the field of the record for each column. */
  readonly parent?: Readonly<Record<string, string>> | undefined;
  readonly deleted?: DeletedMark | undefined;
  /** `take`: lists inside records may be incomplete. Absent: an incomplete list stops the run. */
  readonly cut_lists?: 'take' | undefined;
}

/** Whether the bytes of rows differ from those of the records. */
export function needsRows({ each, deleted }: RowRules): boolean {
  return each !== undefined || deleted !== undefined;
}

/** A member of an object, as JSON: `"repo_id":7`. */
export type Member = string;

const [brace, braceEnd] = [0x7b, 0x7d];

/**
 * The bytes of each row. If an item is not an object, or has a searched name twice, the decoder must refuse it as a bad record. So the item is returned unchanged or
 * inside an array.
 * @param members the members that are written into each row, before the members of the row.
 */
export function rowsOf(body: Body, record: Span, { each, parent = {}, deleted }: RowRules, members: readonly Member[]): readonly Buffer[] {
  const whole = bodyOf(body, record);
  return orIfBad(
    () => {
      const all = [...members, ...(each === undefined ? [] : membersOf(whole, parent))];
      const rows = each === undefined ? [whole] : inner(whole, each.split('[].'));
      return rows.map((row) => (deleted === undefined ? withMembers(row, all) : withMark(row, all, deleted)));
    },
    () => [insideArray(whole)],
  );
}

function withMark(row: Body, members: readonly Member[], deleted: DeletedMark): Buffer {
  return orIfBad(
    () => withMembers(row, [...members, markOf(row, deleted)]),
    () => insideArray(row),
  );
}

function insideArray({ bytes, length }: Body): Buffer {
  return Buffer.concat([Buffer.from('['), bytes.subarray(0, length), Buffer.from(']')]);
}

/** Fields of a record as members with other names. If the record lacks a field, the member is null. */
export function membersOf(record: Body, fields: Readonly<Record<string, string>>): readonly Member[] {
  const names = Object.entries(fields);
  if (names.length === 0) return [];
  const { values } = envelopeOf(
    record,
    null,
    names.map(([, selector]) => selector),
  );
  return names.map(([name, selector]) => `${JSON.stringify(name)}:${jsonOf(values.get(selector))}`);
}

function jsonOf(found: Found | undefined): string {
  if (found === undefined) return 'null';
  return found.kind === 'string' ? JSON.stringify(found.text) : found.text;
}

/** Whether a record is marked as deleted, by the value at `DeletedMark.at`. Throws HomeError HYG-3642 for a 0 or a 1 if the config does not say which of them means deleted. */
export function isDeleted(found: Found | undefined, { at, is }: DeletedMark): boolean {
  if (found === undefined || found.kind === 'null') return false;
  if (is === undefined && found.kind === 'number' && (Number(found.text) === 0 || Number(found.text) === 1))
    throw deletedUnclear(at, found.text);
  if (is === undefined) return found.text !== '' && found.text !== 'false';
  const kind = typeof is === 'boolean' ? 'bool' : typeof is;
  return found.kind === kind && found.text === String(is);
}

function markOf(row: Body, deleted: DeletedMark): Member {
  if (row.bytes[0] !== brace) return '';
  const found = envelopeOf(row, null, [deleted.at]).values.get(deleted.at);
  return `"${deletedColumn}":${isDeleted(found, deleted)}`;
}

/** The items of an array at a path. If the array is missing or null, the record has no rows. */
function inner(record: Body, [path = '', ...further]: readonly string[]): readonly Body[] {
  if (record.bytes[0] !== brace) return [record];
  const { records, kind } = envelopeOf(record, path.split('.'), []);
  if (kind === 'object' || records === undefined) {
    const found = envelopeOf(record, null, [path]).values.get(path);
    return found === undefined || found.kind === 'null' ? [] : [asBody(`[${jsonOf(found)}]`)];
  }
  const items = records.map((span) => bodyOf(record, span));
  return further.length === 0 ? items : items.flatMap((item) => inner(item, further));
}

function asBody(text: string): Body {
  const bytes = Buffer.from(`${text}\0`);
  return { bytes, length: bytes.length - 1 };
}

export function withMembers({ bytes, length }: Body, members: readonly Member[]): Buffer {
  if (members.length === 0 || bytes[0] !== brace) return bytes.subarray(0, length);
  let p = 1;
  while ((bytes[p] ?? 0) <= 0x20 && p < length) p++;
  const comma = bytes[p] === braceEnd ? '' : ',';
  return Buffer.concat([Buffer.from(`{${members.join(',')}${comma}`), bytes.subarray(1, length)]);
}
