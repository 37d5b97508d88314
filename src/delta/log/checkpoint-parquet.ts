/** Checkpoints and sidecars in parquet. Only the leaf columns that a snapshot needs are read. */
import type { FileSource } from '../../formats/contract/format.ts';
import { integerAt, structAt, textAt } from '../../formats/parquet/fields.ts';
import { type ColumnChunk, type Footer, type RowGroup, readFooter } from '../../formats/parquet/footer.ts';
import { ThriftDamaged, type ThriftStruct } from '../../formats/parquet/thrift.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { DeltaFile, DeltaProtocol, VectorDescriptor } from '../table.ts';
import { type Actions, absentValues, configurationOf, type RawMetadata, tagsOf, valuesFrom } from './actions.ts';
import { BadAction } from './errors.ts';
import { type DecodedLeaf, decodedLeaf, type LeafValue, type ReadBytes } from './leaf-decoder.ts';
import type { LogFiles } from './listing.ts';
import { statsFrom } from './parsed-stats.ts';

export interface ParquetReading {
  readonly files: LogFiles;
  readonly signal: AbortSignal;
  /** Whether files are needed. False: only protocol and metadata are read, and no sidecars. */
  readonly wantsFiles: boolean;
}

/** A file up to this size is read in one request. */
const smallBytes = 4 * 1024 * 1024;
/** The maximum of unneeded bytes that are read to save a second request. The next constant is the maximum of bytes that one request reads; for a single larger column, one request reads more. */
const passedOver = 256 * 1024;
const runBytes = 16 * 1024 * 1024;
/** The maximum size of the texts made from a file's `stats_parsed`. Statistics beyond this size are left out, which the protocol always allows. */
const mostStatsBytes = 48 * 1024 * 1024;

/** Adds the file's actions. Tombstones are left out, because only VACUUM needs them. Throws a HomeError of the format, or `BadAction`. */
export async function readParquetActions(info: FileInfo, into: Actions, reading: ParquetReading): Promise<void> {
  const source = await sourceOf(info, reading.files);
  const footer = await readFooter(source);
  try {
    const root = treeOf(footer.elements);
    for (const group of footer.groups) {
      reading.signal.throwIfAborted();
      const columns = await Columns.of({ root, group, footer, source, wantsFiles: reading.wantsFiles, into });
      for (const take of [protocols, metadata, sidecars, versions, transactions, adds]) take(columns, group.rows, into);
    }
  } catch (error) {
    const isDamage = error instanceof ThriftDamaged || error instanceof RangeError;
    throw isDamage ? new BadAction(`The data of the checkpoint is damaged: ${error.message}.`) : error;
  }
}

async function sourceOf({ path, bytes }: FileInfo, files: LogFiles): Promise<FileSource> {
  if (bytes > smallBytes) return { name: path, bytes, read: (range) => retry(() => files.read(path, range)) };
  const whole = await retry(() => files.read(path));
  return { name: path, bytes: whole.length, read: async ({ start, end }) => whole.subarray(start, end) };
}

/** An element of the schema. */
export interface Node {
  readonly name: string;
  readonly element: ThriftStruct;
  readonly children: readonly Node[];
  /** The index of the element’s chunk in a row group; undefined: the element has children. */
  readonly leaf: number | undefined;
  /** The definition level and the repetition level of an existing value. */
  readonly definition: number;
  readonly repetition: number;
}

function treeOf(elements: readonly ThriftStruct[]): Node {
  let [at, leaves] = [0, 0];
  const walk = (above: { readonly definition: number; readonly repetition: number }, depth: number): Node => {
    const element = elements[at++];
    if (element === undefined || depth > 50) throw new ThriftDamaged('a schema that does not end');
    const own = integerAt(element, 3) ?? 0;
    const isRoot = depth === 0;
    const levels = {
      definition: above.definition + (own === 0 || isRoot ? 0 : 1),
      repetition: above.repetition + (own === 2 && !isRoot ? 1 : 0),
    };
    const count = integerAt(element, 5) ?? 0;
    const children: Node[] = [];
    for (let i = 0; i < count; i++) children.push(walk(levels, depth + 1));
    const leaf = count === 0 && element.has(1) ? leaves++ : undefined;
    return { name: textAt(element, 4) ?? '', element, children, leaf, ...levels };
  };
  return walk({ definition: 0, repetition: 0 }, 0);
}

const child = (node: Node | undefined, name: string): Node | undefined => node?.children.find((one) => one.name === name);

const leavesBelow = (node: Node | undefined): readonly Node[] =>
  node === undefined ? [] : node.leaf === undefined ? node.children.flatMap(leavesBelow) : [node];

interface ColumnsRequest {
  readonly root: Node;
  readonly group: RowGroup;
  readonly footer: Footer;
  readonly source: FileSource;
  readonly wantsFiles: boolean;
  /** The actions to fill, which also decide how much of the statistics is kept. */
  readonly into: Actions;
}

/** The needed leaves of a row group, decoded. */
class Columns {
  readonly root: Node;
  readonly #decoded: ReadonlyMap<number, DecodedLeaf>;

  private constructor(root: Node, decoded: ReadonlyMap<number, DecodedLeaf>) {
    this.root = root;
    this.#decoded = decoded;
  }

  static async of({ root, group, footer, source, wantsFiles, into }: ColumnsRequest): Promise<Columns> {
    const described = ['protocol', 'metaData', 'checkpointMetadata', 'txn'].flatMap((name) => leavesBelow(child(root, name)));
    const listed = wantsFiles ? [...leavesBelow(child(root, 'sidecar')), ...leavesOfAdd(child(root, 'add'), footer)] : [];
    const stats = child(child(root, 'add'), 'stats');
    const decoded = new Map<number, DecodedLeaf>();
    const wanted = [...described, ...listed].map((node) => [node, group.chunks[node.leaf ?? -1]] as const);
    const chunks = wanted.flatMap(([node, chunk]) => (chunk === undefined ? [] : [{ node, chunk }]));
    for (const run of runsOf(chunks)) {
      const read = await readerOf(run, source);
      for (const { node, chunk } of run.chunks) {
        if (node.repetition === 0 && chunk.values !== group.rows)
          throw new ThriftDamaged(`a column of ${chunk.values} values in a row group of ${group.rows} rows`);
        const form = {
          definition: node.definition,
          repetition: node.repetition,
          width: integerAt(node.element, 2) ?? 0,
          isText: isText(node.element),
          keep: node === stats ? (text: string) => into.keptStats(text) : undefined,
        };
        decoded.set(node.leaf ?? -1, await decodedLeaf(chunk, form, read));
      }
    }
    return new Columns(root, decoded);
  }

  /** The values of a leaf that is not repeated. A leaf that is missing in the file is null in each row. */
  flat(node: Node | undefined): (row: number) => LeafValue | null {
    const slots = this.#decoded.get(node?.leaf ?? -1)?.slots;
    return slots === undefined || node?.repetition !== 0 ? () => null : (row) => slots[row] ?? null;
  }

  field(of: Node | undefined, ...path: readonly string[]): (row: number) => LeafValue | null {
    return this.flat(path.reduce(child, of));
  }

  /** The values of a leaf below a list or a map, by row; null for a row without a list. */
  lists(list: Node | undefined, leaf: Node | undefined, rows: number): readonly (readonly (LeafValue | null)[] | null)[] {
    const decoded = this.#decoded.get(leaf?.leaf ?? -1);
    if (decoded === undefined || list === undefined || leaf?.repetition !== 1) return [];
    const { slots, definitions, repetitions } = decoded;
    const found: (readonly (LeafValue | null)[] | null)[] = [];
    for (let at = 0; at < slots.length; ) {
      let end = at + 1;
      while (end < slots.length && repetitions[end] !== 0) end++;
      const level = definitions[at] ?? 0;
      // If the definition level is the level of the list itself, the list exists and is empty.
      found.push(level > list.definition ? slots.slice(at, end) : level === list.definition ? [] : null);
      at = end;
    }
    if (found.length !== rows) throw new ThriftDamaged(`${found.length} lists in a row group of ${rows} rows`);
    return found;
  }

  /** Keys and values of a map, by row; null for a row without a map. */
  maps(map: Node | undefined, rows: number): readonly (readonly (readonly [string, LeafValue | null])[] | null)[] {
    const [key, value] = map?.children[0]?.children ?? [];
    const keys = this.lists(map, key, rows);
    const values = this.lists(map, value, rows);
    return keys.map((names, row) => names?.map((name, at) => [String(name), values[row]?.[at] ?? null] as const) ?? null);
  }

  texts(list: Node | undefined, rows: number): readonly (readonly string[] | null)[] {
    return this.lists(list, leavesBelow(list)[0], rows).map((values) => values?.map(String) ?? null);
  }
}

function leavesOfAdd(add: Node | undefined, { groups }: Footer): readonly Node[] {
  const needed = ['path', 'partitionValues', 'size', 'modificationTime', 'stats', 'deletionVector', 'tags'].flatMap((name) =>
    leavesBelow(child(add, name)),
  );
  const stats = child(add, 'stats');
  // A column that has only nulls takes only a few bytes, so it is ignored here.
  const hasStats = groups.some(({ chunks, rows }) => (chunks[stats?.leaf ?? -1]?.uncompressedBytes ?? 0) > rows + 1024);
  if (hasStats) return needed;
  return [...needed, ...leavesOfStats(child(add, 'stats_parsed'), groups)];
}

/** The leaves of as many whole columns as fit, in the order of the schema. Columns are taken whole, because a bound is useless without the other bounds of its column. */
function leavesOfStats(stats: Node | undefined, groups: readonly RowGroup[]): readonly Node[] {
  const byColumn = new Map<string, Node[]>();
  const walk = (node: Node, column: string): void => {
    if (node.leaf === undefined) for (const one of node.children) walk(one, `${column}\0${one.name}`);
    else if (node.repetition === 0) byColumn.set(column, [...(byColumn.get(column) ?? []), node]);
  };
  // The first level of the path is the kind of bound (`minValues`, `maxValues`, `nullCount`), or `numRecords`.
  for (const bound of stats?.children ?? []) walk(bound, '');
  let room = mostStatsBytes;
  const kept: Node[] = [];
  for (const leaves of byColumn.values()) {
    const bytes = leaves.reduce((sum, leaf) => sum + textBytes(leaf, groups), 0);
    if (bytes > room) continue;
    room -= bytes;
    kept.push(...leaves);
  }
  return kept;
}

/** The approximate memory for the texts of a leaf, with its name in each text. */
function textBytes({ name, leaf }: Node, groups: readonly RowGroup[]): number {
  return groups.reduce((sum, { chunks, rows }) => sum + rows * (name.length + 12) + (chunks[leaf ?? -1]?.uncompressedBytes ?? 0), 0);
}

interface WantedChunk {
  readonly node: Node;
  readonly chunk: ColumnChunk;
}

/** Neighbouring chunks that are read by one request. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly WantedChunk[];
}

async function readerOf({ start, end }: Run, source: FileSource): Promise<ReadBytes> {
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const bytes = await source.read({ start: from, end: to });
    if (bytes.length < to - from) throw new ThriftDamaged(`bytes ${from} to ${to} are incomplete`);
    return bytes;
  };
  if (end - start > runBytes) return read;
  const whole = await read(start, end);
  return (from, to) => whole.subarray(from - start, to - start);
}

function runsOf(chunks: readonly WantedChunk[]): readonly Run[] {
  const runs: { start: number; end: number; chunks: WantedChunk[] }[] = [];
  for (const one of [...chunks].sort((a, b) => a.chunk.start - b.chunk.start)) {
    const { start, end } = one.chunk;
    const last = runs.at(-1);
    if (last !== undefined && start - last.end <= passedOver && end - last.start <= runBytes) {
      last.end = Math.max(last.end, end);
      last.chunks.push(one);
    } else runs.push({ start, end, chunks: [one] });
  }
  return runs;
}

/** Whether bytes are texts. Bytes of a decimal type are numbers. All other bytes in a log are texts, even if the file does not declare them as texts. */
function isText(element: ThriftStruct): boolean {
  const isDecimal = structAt(element, 10)?.has(5) === true || integerAt(element, 6) === 5;
  return integerAt(element, 1) === 6 && !isDecimal;
}

function adds(columns: Columns, rows: number, into: Actions): void {
  const add = child(columns.root, 'add');
  if (add === undefined) return;
  const [path, size, time, stats] = ['path', 'size', 'modificationTime', 'stats'].map((name) => columns.field(add, name)) as [
    Reader,
    Reader,
    Reader,
    Reader,
  ];
  const values = columns.maps(child(add, 'partitionValues'), rows);
  const tags = columns.maps(child(add, 'tags'), rows);
  const parsed = statsFrom(child(add, 'stats_parsed'), (node) => columns.flat(node));
  const vector = vectorReader(columns, child(add, 'deletionVector'));
  const known = new Map<string, DeltaFile['partitionValues']>();
  for (let row = 0; row < rows; row++) {
    const name = path(row);
    if (name === null) continue;
    const pairs = values[row] ?? null;
    const file: DeltaFile = {
      path: text(name, 'add.path'),
      partitionValues: pairs === null ? absentValues : sharedValues(pairs, String(name), known),
      bytes: whole(size(row), 'add.size'),
      modificationTime: whole(time(row), 'add.modificationTime'),
      vector: vector(row),
      stats: textOrNull(stats(row)) ?? into.keptStats(parsed(row)),
      ...tagsOf(tags[row] ?? []),
    };
    into.adds.push({ file, dataChange: false });
  }
}

/** Partition values as objects that all files of a partition share, because a table of many files has few partitions. */
function sharedValues(
  pairs: readonly (readonly [string, LeafValue | null])[],
  path: string,
  known: Map<string, DeltaFile['partitionValues']>,
): DeltaFile['partitionValues'] {
  if (pairs.some(([, value]) => value !== null && typeof value !== 'string')) return valuesFrom(pairs, path);
  const key = JSON.stringify(pairs);
  const found = known.get(key) ?? valuesFrom(pairs, path);
  known.set(key, found);
  return found;
}

type Reader = (row: number) => LeafValue | null;

function vectorReader(columns: Columns, vector: Node | undefined): (row: number) => VectorDescriptor | null {
  const [type, path, offset, size, cardinality] = ['storageType', 'pathOrInlineDv', 'offset', 'sizeInBytes', 'cardinality'].map((name) =>
    columns.field(vector, name),
  ) as [Reader, Reader, Reader, Reader, Reader];
  return (row) => {
    if (type(row) === null) return null;
    return {
      storageType: text(type(row), 'storageType') as VectorDescriptor['storageType'],
      pathOrInlineDv: text(path(row), 'pathOrInlineDv'),
      offset: offset(row) === null ? null : whole(offset(row), 'offset'),
      sizeInBytes: whole(size(row), 'sizeInBytes'),
      cardinality: whole(cardinality(row), 'cardinality'),
    };
  };
}

function protocols(columns: Columns, rows: number, into: Actions): void {
  const protocol = child(columns.root, 'protocol');
  const reader = columns.field(protocol, 'minReaderVersion');
  const writer = columns.field(protocol, 'minWriterVersion');
  const [readers, writers] = ['readerFeatures', 'writerFeatures'].map((name) => columns.texts(child(protocol, name), rows));
  for (let row = 0; row < rows; row++) {
    if (reader(row) === null) continue;
    const found: DeltaProtocol = {
      minReaderVersion: whole(reader(row), 'protocol.minReaderVersion'),
      minWriterVersion: whole(writer(row), 'protocol.minWriterVersion'),
      readerFeatures: readers?.[row] ?? null,
      writerFeatures: writers?.[row] ?? null,
    };
    into.protocols.push(found);
  }
}

function metadata(columns: Columns, rows: number, into: Actions): void {
  const node = child(columns.root, 'metaData');
  const [id, name, description, schema] = ['id', 'name', 'description', 'schemaString'].map((field) => columns.field(node, field)) as [
    Reader,
    Reader,
    Reader,
    Reader,
  ];
  const provider = columns.field(node, 'format', 'provider');
  const partitionColumns = columns.texts(child(node, 'partitionColumns'), rows);
  const configuration = columns.maps(child(node, 'configuration'), rows);
  for (let row = 0; row < rows; row++) {
    if (id(row) === null) continue;
    const found: RawMetadata = {
      id: text(id(row), 'metaData.id'),
      name: textOrNull(name(row)),
      description: textOrNull(description(row)),
      provider: textOrNull(provider(row)) ?? 'parquet',
      schemaString: text(schema(row), 'metaData.schemaString'),
      partitionColumns: partitionColumns[row] ?? [],
      configuration: configurationOf(configuration[row] ?? []),
    };
    into.metadata.push(found);
  }
}

function sidecars(columns: Columns, rows: number, into: Actions): void {
  const node = child(columns.root, 'sidecar');
  const [path, size] = [columns.field(node, 'path'), columns.field(node, 'sizeInBytes')];
  for (let row = 0; row < rows; row++) {
    const [name, bytes] = [path(row), size(row)];
    if (name !== null)
      into.sidecars.push({ path: text(name, 'sidecar.path'), bytes: bytes === null ? null : whole(bytes, 'sidecar.sizeInBytes') });
  }
}

function transactions(columns: Columns, rows: number, into: Actions): void {
  const node = child(columns.root, 'txn');
  const [id, version, updated] = [columns.field(node, 'appId'), columns.field(node, 'version'), columns.field(node, 'lastUpdated')];
  for (let row = 0; row < rows; row++) {
    const [name, of, at] = [id(row), version(row), updated(row)];
    if (typeof name === 'string' && of !== null)
      into.transactions.set(name, { version: Number(of), lastUpdated: at === null ? null : Number(at) });
  }
}

function versions(columns: Columns, rows: number, into: Actions): void {
  const version = columns.field(child(columns.root, 'checkpointMetadata'), 'version');
  for (let row = 0; row < rows; row++) {
    const found = version(row);
    if (found !== null) into.checkpointVersion = whole(found, 'checkpointMetadata.version');
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function text(value: unknown, of: string): string {
  if (typeof value !== 'string' || value === '') throw new BadAction(`An action has no ${of}.`);
  return value;
}

function whole(value: unknown, of: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new BadAction(`An action has no whole number ${of}.`);
  return value;
}
