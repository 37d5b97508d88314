/**
 * A classic checkpoint: all actions in force at a version, in one parquet file. It keeps the transactions, domains, tombstones, tags and row ids of other
 * writers. A member that hygge does not know can’t be kept, so a table with unknown members gets no checkpoint.
 */
import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { keyOf } from '../log/actions.ts';
import type { VectorDescriptor } from '../table.ts';

type Fields = Readonly<Record<string, unknown>>;
/** One line of an entry, or one row of a checkpoint: an object with one member that is not null. */
export type RawAction = Readonly<Record<string, Fields | null>>;

/** The reason why a table gets no checkpoint. The commit succeeds without a checkpoint, because readers can use the entries. */
export class NoCheckpoint extends Error {
  override readonly name = 'NoCheckpoint';
}

/** All actions in force, as their writers wrote them. */
export class RawState {
  readonly #adds = new Map<string, Fields>();
  readonly #removes = new Map<string, Fields>();
  readonly #transactions = new Map<string, Fields>();
  readonly #domains = new Map<string, Fields>();
  #protocol: Fields | null = null;
  #metadata: Fields | null = null;

  /** Applies the actions of one entry or of a checkpoint. Throws `NoCheckpoint` if an action is unknown. */
  apply(actions: readonly RawAction[]): void {
    const [adds, removes]: [Fields[], Fields[]] = [[], []];
    for (const action of actions)
      for (const [name, fields] of Object.entries(action)) {
        if (fields === null || fields === undefined || passedOver.has(name)) continue;
        if (name === 'add') adds.push(fields);
        else if (name === 'remove') removes.push(fields);
        else if (name === 'txn') this.#transactions.set(String(fields.appId), fields);
        else if (name === 'domainMetadata') this.#domains.set(String(fields.domain), fields);
        else if (name === 'protocol') this.#protocol = fields;
        else if (name === 'metaData') this.#metadata = fields;
        else throw new NoCheckpoint(`the action ${name}`);
      }
    for (const remove of removes) {
      this.#adds.delete(fileKey(remove));
      this.#removes.set(fileKey(remove), remove);
    }
    for (const add of adds) {
      this.#adds.set(fileKey(add), add);
      this.#removes.delete(fileKey(add));
    }
  }

  /** All actions of the checkpoint. @param since older tombstones are left out; in milliseconds since 1970. */
  actions(since: number): readonly RawAction[] {
    if (this.#protocol === null || this.#metadata === null) throw new NoCheckpoint('no protocol or metaData');
    const isKept = ({ deletionTimestamp }: Fields) => Number(deletionTimestamp ?? 0) >= since;
    return [
      { protocol: this.#protocol },
      { metaData: this.#metadata },
      ...[...this.#transactions.values()].map((txn) => ({ txn })),
      ...[...this.#domains.values()].filter(({ removed }) => removed !== true).map((domainMetadata) => ({ domainMetadata })),
      ...[...this.#adds.values()].map((add) => ({ add: { ...add, dataChange: false } })),
      ...[...this.#removes.values()].filter(isKept).map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ];
  }

  get files(): number {
    return this.#adds.size;
  }
}

/** Actions that no checkpoint contains. */
const passedOver: ReadonlySet<string> = new Set(['commitInfo', 'cdc', 'checkpointMetadata']);

function fileKey({ path, deletionVector }: Fields): string {
  const vector = deletionVector as VectorDescriptor | null | undefined;
  return keyOf({ path: String(path), vector: vector ? { ...vector, offset: vector.offset ?? null } : null });
}

type Shape = 'text' | 'int' | 'long' | 'bool' | 'texts' | 'map' | { readonly [name: string]: Shape };

const vector: Shape = { storageType: 'text', pathOrInlineDv: 'text', offset: 'int', sizeInBytes: 'int', cardinality: 'long' };

const shapes: Readonly<Record<string, { readonly [name: string]: Shape }>> = {
  txn: { appId: 'text', version: 'long', lastUpdated: 'long' },
  add: {
    path: 'text',
    partitionValues: 'map',
    size: 'long',
    modificationTime: 'long',
    dataChange: 'bool',
    tags: 'map',
    deletionVector: vector,
    baseRowId: 'long',
    defaultRowCommitVersion: 'long',
    clusteringProvider: 'text',
    stats: 'text',
  },
  remove: {
    path: 'text',
    deletionTimestamp: 'long',
    dataChange: 'bool',
    extendedFileMetadata: 'bool',
    partitionValues: 'map',
    size: 'long',
    stats: 'text',
    tags: 'map',
    deletionVector: vector,
    baseRowId: 'long',
    defaultRowCommitVersion: 'long',
  },
  metaData: {
    id: 'text',
    name: 'text',
    description: 'text',
    format: { provider: 'text', options: 'map' },
    schemaString: 'text',
    partitionColumns: 'texts',
    configuration: 'map',
    createdTime: 'long',
  },
  protocol: { minReaderVersion: 'int', minWriterVersion: 'int', readerFeatures: 'texts', writerFeatures: 'texts' },
  domainMetadata: { domain: 'text', configuration: 'text', removed: 'bool' },
};

/** The bytes of the checkpoint. Throws `NoCheckpoint`. */
export function checkpointBytes(actions: readonly RawAction[]): Uint8Array {
  const names = Object.keys(shapes);
  const schema: SchemaElement[] = [{ name: 'root', num_children: names.length }];
  const columnData = names.map((name) => {
    const shape = shapes[name] as Shape;
    schema.push(...elementsOf(name, shape));
    return { name, data: actions.map((action) => (action[name] ? cellOf(action[name], shape, name) : null)) };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, codec: 'SNAPPY', statistics: false }));
}

function elementsOf(name: string, shape: Shape): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  if (shape === 'text') return [{ ...optional, ...text }];
  if (shape === 'int') return [{ ...optional, type: 'INT32' }];
  if (shape === 'long') return [{ ...optional, type: 'INT64' }];
  if (shape === 'bool') return [{ ...optional, type: 'BOOLEAN' }];
  if (shape === 'texts')
    return [
      { ...optional, converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', ...text },
    ];
  if (shape === 'map')
    return [
      { ...optional, converted_type: 'MAP', num_children: 1 },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { name: 'key', repetition_type: 'REQUIRED', ...text },
      { name: 'value', repetition_type: 'OPTIONAL', ...text },
    ];
  const members = Object.entries(shape);
  return [{ ...optional, num_children: members.length }, ...members.flatMap(([member, of]) => elementsOf(member, of))];
}

function cellOf(value: unknown, shape: Shape, path: string): unknown {
  if (value === null || value === undefined) return null;
  if (shape === 'long') return BigInt(value as number | bigint);
  if (shape === 'int') return Number(value);
  if (shape === 'map') return Object.entries(value as Fields).map(([key, text]) => ({ key, value: text ?? null }));
  if (typeof shape === 'string') return value;
  const fields = value as Fields;
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(shape, name) && !droppedMembers.has(name) && fields[name] != null);
  if (unknown !== undefined) throw new NoCheckpoint(`${path}.${unknown}`);
  if (fields.stats == null && fields.stats_parsed != null) throw new NoCheckpoint(`${path}.stats_parsed`);
  return Object.fromEntries(Object.entries(shape).map(([name, of]) => [name, cellOf(fields[name], of, `${path}.${name}`)]));
}

/** Members that are left out. Each of them repeats another member in another form, so no fact is lost. */
const droppedMembers: ReadonlySet<string> = new Set(['stats_parsed', 'partitionValues_parsed']);

/** All rows of a classic checkpoint. Empty maps and lists are left out, and also objects that contain only empty maps and lists. */
export async function checkpointActions(bytes: Uint8Array): Promise<readonly RawAction[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = (await parquetReadObjects({ file, metadata: parquetMetadata(file) })) as unknown as readonly RawAction[];
  return rows.map((row) => {
    const { metaData, add } = row;
    if (metaData)
      return { metaData: { format: { provider: 'parquet', options: {} }, partitionColumns: [], configuration: {}, ...defined(metaData) } };
    return add ? { add: { partitionValues: {}, ...defined(add) } } : row;
  });
}

const defined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
