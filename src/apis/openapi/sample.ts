/** Builds a sample answer from a schema. In the sample, signs of lists, pages and times are searched as in a real answer. */
import { type Description, isMembers, itemsIn, type Members, membersAt, textIn, typeOf } from './description.ts';

/** The maximum depth of a list. Deeper lists are parts of records, as in `listPlaces`. */
const deepest = 3;
const mostMembers = 500;

interface Around {
  readonly description: Description;
  /** Whether the API has a parameter for a cursor. If so, a member `next` without a type is taken as a cursor. */
  readonly hasCursor: boolean;
}

/** @param schema the schema of the answer. */
export function sampleOf(schema: Members, around: Around): unknown {
  return sampleValue(schema, { name: '', depth: 0, of: 'answer', seen: [] }, around);
}

interface Place {
  readonly name: string;
  readonly depth: number;
  /** The object that the value is in. The sample contains members of the answer and of records, but objects inside a record stay empty. */
  readonly of: 'answer' | 'record' | 'member';
  /** The schemas around the value. A schema that contains itself is not repeated. */
  readonly seen: readonly Members[];
}

function sampleValue(given: unknown, place: Place, around: Around): unknown {
  const raw = around.description.resolved(given);
  const schema = around.description.schema(given);
  if (raw === undefined || schema === undefined) return null;
  const { name, depth, of, seen } = place;
  const isAround = seen.includes(raw);
  const inside = { depth: depth + 1, seen: [...seen, raw] };
  switch (typeOf(schema)) {
    case 'array':
      return isAround || of !== 'answer' ? [] : [sampleValue(schema.items, { ...inside, name, of: 'record' }, around)];
    case 'object': {
      if (isAround || depth > deepest || of === 'member') return {};
      const members = Object.entries(membersAt(schema, 'properties') ?? {}).slice(0, mostMembers);
      return Object.fromEntries(
        members.map(([member, value]) => [member, sampleValue(value, { ...inside, name: member, of: levelOf(member, of) }, around)]),
      );
    }
    case 'integer':
    case 'number':
      return numberOf(schema, name);
    case 'boolean':
      return !/last|done|complete|finished/i.test(name);
    case 'string':
      return stringOf(schema, name, around);
    default:
      return isNext(name) && around.hasCursor ? 'cursor' : null;
  }
}

/** In JSON:API, the members of `attributes` are members of the record. */
function levelOf(member: string, of: Place['of']): Place['of'] {
  return of === 'answer' || member === 'attributes' ? of : 'member';
}

function numberOf(schema: Members, name: string): number {
  if (isEpoch(schema, name)) return /milli/i.test(textIn(schema, 'description') ?? '') ? 1_700_000_000_000 : 1_700_000_000;
  if (/total|count|pages|found|hits/i.test(name)) return 1_000;
  return /offset|skip|start|from/i.test(name) ? 0 : 1;
}

/** Whether a number counts seconds or milliseconds since 1970, according to its schema. */
export function isEpoch(schema: Members, name: string): boolean {
  if (/unix|epoch/i.test(textIn(schema, 'format') ?? '')) return true;
  return /(at|on|time|timestamp|date|created|updated|modified)$/i.test(name) && /unix|epoch/i.test(textIn(schema, 'description') ?? '');
}

function stringOf(schema: Members, name: string, { hasCursor }: Around): string {
  const [only, ...others] = itemsIn(schema, 'enum');
  if (typeof only === 'string' && others.length === 0) return only;
  if (typeof schema.const === 'string') return schema.const;
  switch (textIn(schema, 'format')) {
    case 'date-time':
      return '2026-01-31T08:00:00Z';
    case 'date':
      return '2026-01-31';
    case 'uri':
    case 'url':
    case 'uri-reference':
      return 'https://api.example/list?next=2';
  }
  const { example } = schema;
  if (!isNext(name)) return typeof example === 'string' && example.length < 100 ? example : 'text';
  if (typeof example === 'string') return example;
  const isAddress = /\b(url|uri|link|address)\b/i.test(textIn(schema, 'description') ?? '') || !hasCursor;
  return isAddress && !/cursor|token/i.test(name) ? 'https://api.example/list?next=2' : 'cursor';
}

const isNext = (name: string): boolean => /next/i.test(name) || /^(after|cursor|href)$/i.test(name);

/** The schema of a record: of the objects in an array of the answer. @param at the path of the array, as in `records`. */
export function recordSchema(answer: unknown, at: string, description: Description): Members | undefined {
  const path = at === '.' ? [] : at.split('.');
  const list = path.reduce<Members | undefined>(
    (inside, name) => inside && description.schema(membersAt(inside, 'properties')?.[name]),
    description.schema(answer),
  );
  return list && isMembers(list) ? description.schema(list.items) : undefined;
}
