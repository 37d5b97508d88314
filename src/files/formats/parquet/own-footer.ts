import { schemaChanges } from '../../../frames/compare.ts';
import type { DataType, Schema } from '../../../frames/schema.ts';
import { emptyFrame } from '../../../frames/to-polars.ts';
import { LruCache } from '../../../ports/lru-cache.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { encoderDefect } from '../../bytes/encoder-errors.ts';
import type { Footer } from './footer.ts';
import { type FileSchema, schemaOf } from './footer-schema.ts';
import { signature } from './join.ts';
import type { Pages } from './pages.ts';
import { footerOf, sink } from './polars-sink.ts';
import type { ThriftStruct } from './thrift.ts';

/** The footer that the others must be like. `schema`: of frames encoded here; without it, it is that of a source. */
export interface First {
  readonly tree: ThriftStruct;
  readonly signature: Uint8Array;
  readonly schema?: FileSchema;
}

/** What the footer of frames of this schema is when they are encoded here. */
export function ownFooter(schema: Schema, how: Encoding): Promise<First> {
  return known.get(JSON.stringify(schema.columns), () => ofNoRows(schema, how));
}

interface Encoding {
  readonly scratch: Scratch;
  readonly pages: Pages;
}

/** By the schema they were made for. */
const known = new LruCache<Promise<First>>(64);

async function ofNoRows(schema: Schema, { scratch, pages }: Encoding): Promise<First> {
  const path = await scratch.path('.parquet');
  try {
    await sink(await emptyFrame(schema), path, pages);
    return madeHere(await footerOf(path), settled(schema));
  } finally {
    await scratch.free(path);
  }
}

/** Throws a DefectError when the footer does not have the columns that were to settle. */
export function madeHere(footer: Footer, wanted: Schema): First {
  const schema = schemaOf(footer, 'an encoded batch');
  const changes = schemaChanges(wanted, schema);
  if (changes.length > 0) throw encoderDefect('A frame was encoded with other types than its schema says.', changes);
  return { tree: footer.tree, signature: signature(footer.tree), schema };
}

/** The schema as parquet can hold it: uuid and json settle as text, wherever they are. */
export function settled({ columns }: Schema): Schema {
  return { columns: columns.map((column) => ({ ...column, type: withTexts(column.type) })) };
}

function withTexts(type: DataType): DataType {
  if (type.kind === 'list') return { kind: 'list', item: withTexts(type.item) };
  if (type.kind === 'struct') return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, type: withTexts(field.type) })) };
  return type.kind === 'uuid' || type.kind === 'json' ? { kind: 'string' } : type;
}
