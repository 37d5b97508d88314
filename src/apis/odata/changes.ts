/**
 * Turns the changes of an entity set into records to write, with a version and a mark on deleted records. A delta link leads to the changes since its creation: whole
 * records, and the keys of removed records. The version of a record consists of the second of the run and the record’s position among the changes. If a record has two
 * changes, the later change is written.
 */

import { deletedColumn, type Window } from '../../engine/contracts/home.ts';
import { BadRecord, Lexer } from '../../formats/bytes/json-lexer.ts';
import { decodedPart } from '../../ports/values.ts';
import { brace, bracket, eachItem, eachMember } from '../answers/document.ts';
import { bodyOf, envelopeOf, type Span } from '../answers/envelope.ts';
import { noPage } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import { withRecords } from '../events/records.ts';
import { shownAsMember } from '../events/shown.ts';
import { lastPlace, secondOf, versionColumn, versionOf } from '../events/versions.ts';
import type { Page } from '../lists/pages.ts';
import type { DeletedMark } from '../parents/config.ts';
import { isDeleted } from '../parents/rows.ts';
import { changesOfOtherSet, partOfChange, partOfRecord } from './errors.ts';
import type { RepeatedKeys } from './repeated-keys.ts';

/** The upper bound of a run that begins now: the largest version of its second, which is above `lower`. @param nowMs milliseconds since 1970. */
export function boundAfter(lower: string | null, nowMs: number): string {
  const now = BigInt(Math.floor(nowMs / 1000));
  const before = lower === null ? -1n : secondOf(lower);
  return versionOf(now > before ? now : before + 1n, lastPlace);
}

/** The age of a bound in milliseconds, at a time in milliseconds since 1970. */
export function ageOf(bound: string, nowMs: number): number {
  return nowMs - Number(secondOf(bound)) * 1000;
}

interface Member {
  readonly name: string;
  /** `span`: the position of the member, with its name. `value`: the position of its value. */
  readonly span: Span;
  readonly value: Span;
}

/** The known facts about the records of an entity set, by which changes are checked. */
export interface RecordRules {
  /** The properties that each whole record has. */
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  /** The mark of a removed record that the config names, in addition to the mark of OData. */
  readonly deleted?: DeletedMark | undefined;
  /** The name of the entity for people: `erp.Customers`. */
  readonly entity: string;
  /** The entity sets that the records may belong to. Absent: records of any set are accepted. */
  readonly sets?: readonly string[] | undefined;
  /** The columns whose values are never null. */
  readonly required?: ReadonlySet<string>;
  /** The meaning of a missing property in a record. Absent: the config does not set the meaning. */
  readonly leftOut?: 'unchanged' | 'null' | undefined;
  /** The columns that the list requested, and so the delta link. If a change lacks one of these columns, the column may be unchanged. If a change lacks another column, the column may have changed. */
  readonly listed?: ReadonlySet<string>;
  /** Whether the flow leaves out a property. A service may return such a property, which is then dropped. Absent: the flow leaves out no property. */
  readonly isLeftOut?: (name: string) => boolean;
  /** Columns with JSON, whose values are written unchanged. */
  readonly asJson?: ReadonlySet<string>;
}

/** The records of a page, beginning with record number `from`, as rows with a version and a mark. Throws HomeError HYG-3602, HYG-3662. */
export function withVersions(
  page: Page,
  { from, read, window }: { readonly from: number; readonly read: number; readonly window: Pick<Window, 'lower' | 'upper'> },
  rules: RecordRules,
): Page {
  const { keys, deleted, asJson = new Set() } = rules;
  // A comparison reads the changes that the next run would read. A comparison has no upper bound, so its changes get versions above the stored versions.
  const second = secondOf((window.upper ?? { text: boundAfter(window.lower?.text ?? null, 0) }).text);
  const rows: Buffer[] = [];
  for (const [i, record] of page.records.slice(from).entries()) {
    const all = membersOf(page, record);
    const member = (...names: readonly string[]) => all.find(({ name }) => names.includes(name));
    const context = textOf(page, member('@odata.context', '@context'));
    if (context?.endsWith('/$link') || context?.endsWith('/$deletedLink')) continue;
    mustBeOwn(page, { context, id: textOf(page, member('@id', '@odata.id') ?? (context === undefined ? undefined : member('id'))) }, rules);
    const isGone =
      member('@removed', '@odata.removed') !== undefined ||
      context?.endsWith('/$deletedEntity') === true ||
      (deleted !== undefined && isMarked(page, record, deleted));
    const marks = `{"${versionColumn}":${versionOf(second, BigInt(read + i + 1))},"${deletedColumn}":${isGone}`;
    const own = ownMembers(page, all, rules).filter(({ name }) => name !== deleted?.at);
    const isWhole = isGone || mustBeWhole(page, { own, number: from + i + 1, isChange: window.lower !== null }, rules) === 'whole';
    const shown = isWhole ? '' : `,${shownAsMember(own.map(({ name }) => name))}`;
    const members = isGone
      ? keyOf(page, { own, keys, id: textOf(page, member('@id', '@odata.id') ?? member('id')) })
      : own.flatMap((one) => [Buffer.from(','), bytesOf(page, one, asJson)]);
    rows.push(Buffer.concat([Buffer.from(marks), Buffer.from(shown), ...members, Buffer.from('}')]));
  }
  return withRecords(page, rows);
}

/** The page without the annotations of its records, such as `@odata.etag` and `Price@odata.type`. Throws HomeError HYG-3602, HYG-3605, HYG-3662. */
export function plainRecords(
  page: Page,
  { from, read, keysOnce }: { readonly from: number; readonly read: number; readonly keysOnce?: RepeatedKeys | undefined },
  rules: RecordRules,
): Page {
  const records = page.records.slice(from);
  let isLess = false;
  const owns = records.map((record, i) => {
    const all = membersOf(page, record);
    const own = ownMembers(page, all, rules);
    isLess ||= own.length < all.length;
    mustBeWhole(page, { own, number: from + i + 1, isChange: false }, rules);
    return own;
  });
  if (keysOnce !== undefined && rules.keys.length > 0) {
    const { bytes } = page.body;
    const textOfKey = (own: readonly Member[]) =>
      rules.keys
        .map((key) => own.flatMap(({ name, span }) => (name === key ? [bytes.toString('utf8', span.start, span.end)] : [])))
        .join(', ');
    keysOnce.add(page.name, read, owns.map(textOfKey));
  }
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined || !(isLess || mayHaveAnnotations(page.body.bytes, first.start, last.end)))
    return from === 0 ? page : { ...page, records };
  const rows = owns.map((own) => {
    const members = own.map((one) => bytesOf(page, one, rules.asJson).toString());
    return Buffer.from(`{${members.join(',')}}`);
  });
  return withRecords(page, rows);
}

/** Whether the bytes have an at sign in a name, as in `"Price@odata.type":`. An at sign inside a text value is not followed by the end of a name. */
function mayHaveAnnotations(bytes: Buffer, start: number, end: number): boolean {
  for (let at = bytes.indexOf(0x40, start); at !== -1 && at < end; at = bytes.indexOf(0x40, at + 1)) {
    let p = at + 1;
    while (isOfName(bytes[p] ?? 0)) p++;
    if (bytes[p] !== 0x22) continue;
    p++;
    while ((bytes[p] ?? 0x21) <= 0x20) p++;
    if (bytes[p] === 0x3a) return true;
  }
  return false;
}

function isOfName(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2e ||
    byte === 0x5f ||
    byte === 0x23
  );
}

/** The bytes of a member with its name. The annotations inside a complex value are dropped. */
function bytesOf({ body }: Page, { name, span, value }: Member, asJson: ReadonlySet<string> = new Set()): Buffer {
  const whole = body.bytes.subarray(span.start, span.end);
  const first = body.bytes[value.start];
  if ((first !== brace && first !== bracket) || asJson.has(name) || !mayHaveAnnotations(body.bytes, value.start, value.end)) return whole;
  const lexer = new Lexer(false);
  lexer.load(body.bytes, value.start, value.end);
  return Buffer.concat([body.bytes.subarray(span.start, value.start), Buffer.from(plainValue(lexer, body.bytes))]);
}

function plainValue(lexer: Lexer, bytes: Buffer): string {
  const start = lexer.p;
  const parts: string[] = [];
  if (bytes[start] === brace) {
    eachMember(lexer, (name, nameAt) => {
      const before = bytes.toString('utf8', nameAt, lexer.p);
      const value = plainValue(lexer, bytes);
      if (!name.includes('@')) parts.push(before + value);
    });
    return `{${parts.join(',')}}`;
  }
  if (bytes[start] === bracket) {
    eachItem(lexer, () => parts.push(plainValue(lexer, bytes)));
    return `[${parts.join(',')}]`;
  }
  lexer.skipValue();
  return bytes.toString('utf8', start, lexer.p);
}

/** The members that are properties to write. Throws HomeError HYG-3602 if a record has only some of the records inside it, and the others are at another address. */
function ownMembers(
  page: Page,
  members: readonly Member[],
  { isLeftOut = () => false }: Pick<RecordRules, 'isLeftOut'>,
): readonly Member[] {
  const further = members.find(({ name }) => /.@(odata\.)?nextLink$/.test(name));
  if (further !== undefined)
    throw noPage(page.name, `A record has only some of its ${further.name.split('@')[0]}: the other items are at another address.`);
  return members.filter(({ name }) => !name.includes('@') && !isLeftOut(name));
}

function isMarked(page: Page, record: Span, deleted: DeletedMark): boolean {
  const { values } = ofRecord(page.name, () => envelopeOf(bodyOf(page.body, record), null, [deleted.at]));
  return isDeleted(values.get(deleted.at), deleted);
}

interface Shown {
  readonly own: readonly Member[];
  /** The number of the record on the page, counted from 1. */
  readonly number: number;
  /** Whether the record is from the answer to a delta link. */
  readonly isChange: boolean;
}

/**
 * Throws if a record lacks a column whose value is unknown: the value of the missing column may be unchanged, or hidden by the service. `part`: a change
 * lacks only columns that are unchanged. Throws HomeError HYG-3662.
 */
function mustBeWhole(
  page: Page,
  { own, number, isChange }: Shown,
  { entity, columns, keys, required, leftOut, listed }: RecordRules,
): 'whole' | 'part' {
  const there = new Set(own.map(({ name }) => name));
  const absent = columns.filter((column) => !there.has(column));
  if (absent.length === 0) return 'whole';
  const leavesOut = leavesNullsOut(page);
  const mayBeNull = leftOut === 'null' || (!isChange && leavesOut);
  const missing = mayBeNull ? absent.filter((column) => required?.has(column)) : absent;
  if (missing.length === 0) return 'whole';
  // By the standard, a service that leaves out nulls still writes them in changes. Only the config can tell whether this service does so.
  const isUnclear = isChange && leavesOut && leftOut === undefined;
  const isPart = isChange && !mayBeNull && !isUnclear;
  const isSelected = (column: string) => selectedBy(page)?.includes(column) ?? true;
  const hasKey = keys.length > 0 && keys.every((name) => there.has(name));
  if (isPart && hasKey && missing.every((column) => listed?.has(column) && isSelected(column))) return 'part';
  const key = own.filter(({ name }) => keys.includes(name));
  const shown = key.map(
    ({ name, value }) => `${name} ${page.body.bytes.toString('utf8', value.start, Math.min(value.end, value.start + 80))}`,
  );
  const record = `record ${number}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`;
  const isNever = missing.some((column) => required?.has(column));
  if (!isChange) throw partOfRecord({ page: page.name, record, missing, isNever });
  const selected = selectedBy(page);
  const isNotAsked = selected !== undefined && missing.every((column) => !selected.includes(column));
  throw partOfChange({ page: page.name, record, missing, isNever, isNotAsked, isUnclear, entity });
}

const selectedBy = (page: Page): readonly string[] | undefined =>
  page.url.searchParams
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());

/** Whether the service leaves out nulls, since a header of the flow requests that: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html#sec_Preferenceomitvalues */
function leavesNullsOut(page: Page): boolean {
  return /(^|[\s,;])omit-values\s*=\s*"?nulls"?/i.test(page.header('preference-applied') ?? '');
}

/** Throws HomeError HYG-3661 if a record belongs to another entity set, since an answer may also contain changes of other sets. */
function mustBeOwn(
  page: Page,
  { context, id }: { readonly context: string | undefined; readonly id: string | undefined },
  { sets }: RecordRules,
): void {
  if (sets === undefined || (context === undefined && id === undefined)) return;
  const fragment = (text: string | undefined) => text?.split('#')[1] ?? '';
  const known = new Set([...sets, setIn(fragment(page.values.get('@odata.context')?.text))]);
  // An id such as `customers/5`, or the key alone, does not show the name of a set.
  const told = [setIn(fragment(context)), ...(id?.endsWith(')') ? [setIn(id)] : [])];
  const other = told.find((set) => set !== '' && !known.has(set));
  if (other !== undefined) throw changesOfOtherSet(page.name, other);
}

/**
 * The last name of a path, without keys, lists of properties and casts: `Customers` of `Customers(ID,Name)/$delta` and `http://host/Customers(5)`,
 * `items` of `companies(1)/items/S.Item/$entity`. '': the path has no name of this kind.
 */
export function setIn(path: string): string {
  let plain = decodedPart(path).replace(/'(?:[^']|'')*'/g, '');
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/\([^()]*\)/g, '');
  }
  const names = plain.split('/').filter((name) => name !== '' && !name.startsWith('$') && !name.startsWith('@') && !name.includes('.'));
  return names.at(-1) ?? '';
}

interface Gone {
  readonly own: readonly Member[];
  readonly keys: readonly string[];
  readonly id: string | undefined;
}

/** The key of a removed record, as members. The record has the key as members, or only in its address. */
function keyOf(page: Page, { own, keys, id }: Gone): readonly Buffer[] {
  const found = keys.map((key) => own.find(({ name }) => name === key));
  if (keys.length > 0 && found.every((one) => one !== undefined))
    return found.flatMap((one) => (one ? [Buffer.from(','), page.body.bytes.subarray(one.span.start, one.span.end)] : []));
  const inAddress = id === undefined ? undefined : keyIn(id, keys);
  if (inAddress === undefined) throw noPage(page.name, 'A removed record has neither its key nor an address with the key.');
  return [
    Buffer.from(
      Object.entries(inAddress)
        .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
        .join(''),
    ),
  ];
}

function textOf({ body }: Page, member: Member | undefined): string | undefined {
  if (member === undefined || body.bytes[member.value.start] !== 0x22) return undefined;
  return JSON.parse(body.bytes.toString('utf8', member.value.start, member.value.end)) as string;
}

function membersOf({ body, name: page }: Page, { start, end }: Span): readonly Member[] {
  const lexer = new Lexer(false);
  lexer.load(body.bytes, start, end);
  const members: Member[] = [];
  try {
    if (lexer.space() !== brace) throw lexer.unexpected('an object');
    eachMember(lexer, (name, nameAt) => {
      const value = lexer.p;
      lexer.skipValue();
      members.push({ name, span: { start: nameAt, end: lexer.p }, value: { start: value, end: lexer.p } });
    });
    return members;
  } catch (error) {
    if (error instanceof BadRecord) throw noPage(page, `A record is not an object: ${error.reason}.`);
    throw error;
  }
}

/**
 * The key that an address of a record ends with: `…/Customers(5)`, `…/Lines(Order='O''1',Position=2)`, `…/customers/5`, or only the key.
 * @param keys the names of the key, in the order of the metadata. Undefined: the address has another form. The values of the result are texts without quotes.
 */
export function keyIn(address: string, keys: readonly string[]): Readonly<Record<string, string>> | undefined {
  const written = decodedPart(address);
  const inside = /\((.*)\)$/s.exec(written)?.[1];
  if (inside === undefined) {
    const [key, ...others] = keys;
    const last = written.split('/').at(-1) ?? '';
    return key === undefined || others.length > 0 || last === '' ? undefined : { [key]: unquoted(last) };
  }
  const parts = partsOf(inside);
  const [only] = parts;
  const [key] = keys;
  if (keys.length === 1 && parts.length === 1 && key !== undefined && only !== undefined) {
    const named = /^([\p{L}_][\p{L}\p{N}_]*)=(.*)$/su.exec(only);
    return { [key]: unquoted(named?.[1] === key ? (named[2] ?? '') : only) };
  }
  const found = new Map(
    parts.map((part): [string, string] => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), unquoted(part.slice(at + 1))];
    }),
  );
  return keys.every((name) => found.has(name)) ? Object.fromEntries(keys.map((name) => [name, found.get(name) ?? ''])) : undefined;
}

/** The parts between the commas of a text, except for commas inside quotes. */
function partsOf(text: string): readonly string[] {
  return text.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? [];
}

function unquoted(written: string): string {
  const text = written.trim();
  // Literals with a prefix, such as duration'PT1S' and binary'…', and members of an enumeration, such as Shop.Color'Red'.
  const quoted = /^[\p{L}_\p{N}.]*'(.*)'$/su.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replaceAll("''", "'");
}
