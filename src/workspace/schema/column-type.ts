import * as z from 'zod';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { DataType } from '../../frames/schema.ts';
import { readColumnType } from '../../frames/type-text.ts';
import { listed, quoted } from '../yaml/problems.ts';
import type { Tree } from '../yaml/tree.ts';

/** An example of each kind of type, as it is written. */
const types: readonly string[] = [
  ...['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64', 'decimal(18,2)', 'string'],
  ...[
    'binary',
    'uuid',
    'json',
    'date',
    'time',
    'timestamp',
    'timestamp[us, UTC]',
    'duration',
    'list<int64>',
    'struct<a: int64, b: string>',
  ],
];

/** Names that databases and other tools use for these types. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ...spelt('string', 'varchar', 'nvarchar', 'char', 'nchar', 'bpchar', 'clob', 'ntext', 'str', 'utf8'),
  ...spelt('bool', 'bit'),
  ...spelt('int16', 'smallint', 'short', 'i16'),
  ...spelt('int32', 'integer', 'mediumint', 'i32'),
  ...spelt('int64', 'long', 'i64'),
  ...spelt('uint8', 'tinyint'),
  ...spelt('float32', 'real', 'single', 'f32'),
  ...spelt('float64', 'f64'),
  ...spelt('decimal(18,2)', 'decimal', 'numeric', 'number', 'money'),
  ...spelt('binary', 'varbinary', 'bytea', 'blob', 'bytes'),
  ...spelt('uuid', 'uniqueidentifier', 'guid'),
  ...spelt('json', 'jsonb', 'object', 'variant'),
  ...spelt('timestamp', 'datetime2', 'smalldatetime'),
  ...spelt('timestamp[us, UTC]', 'datetimeoffset'),
  ...spelt('list<string>', 'list', 'array'),
  ...spelt('struct<a: int64, b: string>', 'struct', 'record', 'row'),
]);

function spelt(type: string, ...names: readonly string[]): readonly (readonly [string, string])[] {
  return names.map((name) => [name, type] as const);
}

/** The type of a column as a person writes it. Text that is not a type gets its own message: see `saysItself` in issues.ts. */
export const columnType = z.string().transform((written, context): DataType => {
  const read = readColumnType(written);
  if ('type' in read) return read.type;
  const { what, tryThis } = noType(written, read.problem);
  context.addIssue({ code: 'custom', message: what, params: { tryThis } });
  return z.NEVER;
});

/** The type in a part of a tree that `columnType` has checked. */
export function parseTypeNode(tree: Tree | undefined): DataType | undefined {
  const read = tree?.kind === 'scalar' ? readColumnType(tree.text) : undefined;
  return read !== undefined && 'type' in read ? read.type : undefined;
}

export function noType(written: string, problem: string): { readonly what: string; readonly tryThis: string } {
  const [text, word = ''] = [written.trim().toLowerCase(), /^\w*/.exec(written.trim().toLowerCase())?.[0]];
  const tryThis = `Types are ${listed(types)}.`;
  const known = text !== word && types.some((type) => /^\w+/.exec(type)?.[0] === word);
  if (known) return { what: problem, tryThis: `Write it like ${quoted(elsewhere.get(word) ?? word)}.` };
  const near = elsewhere.get(word) ?? didYouMean(word, types);
  return { what: `There is no type ${quoted(written)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`, tryThis };
}
