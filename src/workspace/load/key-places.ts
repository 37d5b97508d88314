/** Finds the map to which a misplaced key belongs. The advice needs the map, because the error names only the key. */
import * as z from 'zod';
import type { Connector } from '../../engine/contracts/connector.ts';
import { keysOf, schemasAt } from '../check/schema-keys.ts';
import { entityFile, hyggeFile } from '../schema/schema.ts';
import { connections } from '../sides/connection-schema.ts';
import { listed, quoted, type StrayKey } from '../yaml/problems.ts';

interface KeyPlace {
  /** The keys above the key: `home`, `watermark`. */
  readonly above: readonly string[];
  /** The file that has the key; undefined: the key may be in a flow or an entity. */
  readonly file?: 'hygge.yml';
  /** The kind of home or store: `files`. */
  readonly of?: string;
  /** The schema that checks the values of the key. */
  readonly schemas: readonly z.core.$ZodType[];
}

/** The most places in a hint. A longer hint is useless for keys such as `name` and `type`, which are everywhere. */
const mostPlaces = 2;
const deepest = 3;

/** One sentence for each place of the key, with the line to write. Empty: no place is known, or too many places are known. */
export function placesOf({ key, value, mayBeSecret }: StrayKey, known: readonly Connector[]): readonly string[] {
  const places = [
    ...below(entityFile, ['home', 'store', 'defaults'], key),
    ...(['home', 'store'] as const).flatMap((side) => sidesWith(side, key, known)),
    ...connectionsWith(key, known),
    ...below(hyggeFile, ['flows', 'defaults', 'targets', 'connections'], key).map((place) => ({ ...place, file: 'hygge.yml' as const })),
  ];
  if (places.length > mostPlaces) return [];
  return places.map(({ above, file, of, schemas }) => {
    const shown = mayBeSecret && !allowsFewTexts(schemas, value) ? '…' : value;
    if (above.length === 0)
      return `${quoted(key)} belongs next to ${file === undefined ? '`home` and `store`, in the file of the flow or the entity' : `\`name\` in ${file}`}: \`${key}: ${valueThere(schemas, shown)}\`.`;
    const line = above.reduceRight((inner, one) => `${one}: { ${inner} }`, `${key}: ${valueThere(schemas, shown)}`);
    const side =
      of === undefined ? `below ${quoted(above.filter((one) => one !== anyName).join('.'))}` : `to ${quoted(above.join('.'))} of ${of}`;
    return `${quoted(key)} belongs ${side}${file === undefined ? '' : ` in ${file}`}: \`${line}\`.`;
  });
}

/** If the key needs a map, the value is written below the first key of this map that accepts the value: `{ column: at }`. */
function valueThere(schemas: readonly z.core.$ZodType[], shown: string): string {
  const takes = (schema: z.core.$ZodType, value: unknown) => z.safeParse(schema, value).success;
  if (schemas.some((schema) => takes(schema, shown))) return shown;
  const below = schemas.flatMap((schema) => [...keysOf(schema)].filter((key) => takes(schema, { [key]: shown })));
  return below[0] === undefined ? shown : `{ ${below[0]}: ${shown} }`;
}

/** The name of a connection in an example. */
const anyName = 'erp';

/** Whether a schema accepts this text but rejects other text, as an enum does. */
function allowsFewTexts(schemas: readonly z.core.$ZodType[], text: string): boolean {
  const allows = (value: string) => schemas.some((schema) => z.safeParse(schema, value).success);
  return allows(text) && !allows(`${text} of another form`);
}

/** The nested maps of a file that know the key. */
function below(schema: typeof entityFile | typeof hyggeFile, except: readonly string[], key: string): readonly KeyPlace[] {
  const found: KeyPlace[] = [];
  const look = (path: readonly string[]): void => {
    for (const one of keysOf(schema, path)) {
      if (one === key) found.push({ above: path, schemas: schemasAt(schema, [...path, one]) });
      if (path.length < deepest && !(path.length === 0 && except.includes(one))) look([...path, one]);
    }
  };
  look([]);
  return found;
}

function sidesWith(side: 'home' | 'store', key: string, known: readonly Connector[]): readonly KeyPlace[] {
  const having = known.filter((connector) => {
    const schema = connector[side]?.config;
    return schema !== undefined && keysOf(schema).has(key);
  });
  if (having.length === 0) return [];
  const families = [...new Set(having.map(({ family }) => family))];
  const words: Readonly<Record<string, string>> = { files: 'files', databases: 'a database', others: 'an API' };
  const isWhole = families.every((family) => having.filter((one) => one.family === family).length > 1);
  const of = isWhole
    ? anyOf(families.map((family) => words[family] ?? family))
    : `type ${listed(
        having.map(({ id }) => id),
        'or',
      )}`;
  const schemas = having.flatMap((connector) => schemasAt(connector[side]?.config as z.ZodType, [key]));
  return [{ above: [side], of, schemas }];
}

const anyOf = (all: readonly string[]): string =>
  [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' or ');

/** A key of both a connection and its homes and stores is named at the connection. */
function connectionsWith(key: string, known: readonly Connector[]): readonly KeyPlace[] {
  const isOwn = key !== 'type' && keysOf(connections, [anyName]).has(key);
  const having = known.some(({ connection, home, store }) => {
    const sides = [home?.config, store?.config].flatMap((one) => (one === undefined ? [] : [...keysOf(one)]));
    return connection !== undefined && keysOf(connection).has(key) && !sides.includes(key);
  });
  return isOwn || having ? [{ above: ['connections', anyName], file: 'hygge.yml', schemas: schemasAt(connections, [anyName, key]) }] : [];
}
