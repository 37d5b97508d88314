/**
 * A foreign committer of one Delta table, made from the published protocol alone, and the model of what a reader must find.
 *
 *     await using table = await DeltaTable.create(diskFolder(folder), { columns: [{ name: 'id', type: 'long' }], features: ['deletionVectors'], seed: 1 });
 *     await table.append([{ id: 1 }, { id: 2 }]);
 *     await table.delete((row) => row.id === 1, 'vectors');
 *     await table.checkpoint('v2-json');
 *     rowTexts(table.current)            // what a reader must read; table.versions has every version
 *
 * Each operation that changes the table is one commit, and one entry in `versions`. Maintenance (`checkpoint`, `compactLog`, `vacuum`, `cleanLog`) makes none; it may
 * make older versions unreadable, which they say themselves (`lost`). `recreate` drops the table and makes another in the same folder: `versions` begins anew, and
 * `former` has what was. The same seed gives the same files but for what DuckDB writes into parquet. Parquet files come from DuckDB; statistics, names and order of
 * actions are as Spark writes them or as delta-rs does, commit by commit.
 */
import { createHash } from 'node:crypto';
import { type Dice, dice } from '../../sim/dice.ts';
import { addOf, changesOf, deleted, filesOf, inserted, logicalKey, physicalRow, removeOf, split } from './actions.ts';
import { type CheckpointKind, type CheckpointOptions, checkpointFiles, compactedText } from './checkpoints.ts';
import { type Feature, protocolFor } from './features.ts';
import type { TableFolder } from './folder.ts';
import { type Change, type DataFile, type LogicalFile, liveRows, type Vector, type Version } from './history.ts';
import { type Action, commitText, lastCheckpointText, type MetaData, names, type Protocol, Reconciled } from './log.ts';
import type { How, PlainColumn, PlainRow, PlainType, TableOptions } from './options.ts';
import { type FileColumn, fileColumn, ParquetWriter } from './parquet.ts';
import { partitionFolder, partitionValuesOf, type Style, uriOf } from './partitions.ts';
import { vectorBytes, vectorFile, z85 } from './roaring.ts';
import { type Column, type DeltaType, type Member, type Primitive, type Row, schemaString, type Value } from './schema.ts';
import { statisticsOf } from './statistics.ts';

interface Commit {
  readonly operation: string;
  readonly adds?: readonly LogicalFile[];
  readonly removes?: readonly LogicalFile[];
  readonly dataChange?: boolean;
  /** Rows for files of the change feed; undefined: the feed is what is added and removed. */
  readonly changes?: readonly Change[] | undefined;
  readonly protocol?: Protocol;
  readonly metaData?: MetaData;
  readonly more?: readonly Action[];
}

const firstTime = Date.UTC(2026, 0, 1);
/** The feed's own column, which files have that data files lack. */
const changeColumn: FileColumn = { name: '_change_type', type: 'VARCHAR' };

export class DeltaTable implements AsyncDisposable {
  readonly folder: TableFolder;
  readonly dice: Dice;
  readonly #parquet: ParquetWriter;
  #options: TableOptions;
  /** Every version of the table as it is now. */
  versions: Version[] = [];
  /** The versions of tables that were dropped. */
  readonly former: (readonly Version[])[] = [];
  /** The actions of each commit of this table. */
  #commits: Action[][] = [];
  #columns: readonly Column[] = [];
  #partitionColumns: readonly Column[] = [];
  #features = new Set<Feature>();
  #mapping: 'none' | 'name' | 'id' = 'none';
  #properties: Readonly<Record<string, string>> = {};
  #id = '';
  #lastColumn = 0;
  #files = new Map<string, LogicalFile>();
  /** By the checkpoint that names them. */
  readonly #sidecars = new Map<string, readonly string[]>();
  #logFrom = 0;
  #clock = firstTime;
  #names = 0;
  #transactions = 0;

  private constructor(folder: TableFolder, options: TableOptions, parquet: ParquetWriter) {
    this.folder = folder;
    this.#options = options;
    this.dice = dice(options.seed);
    this.#parquet = parquet;
  }

  static async create(folder: TableFolder, options: TableOptions): Promise<DeltaTable> {
    const table = new DeltaTable(folder, options, await ParquetWriter.open());
    await table.#begin(options);
    return table;
  }

  get current(): Version {
    const last = this.versions.at(-1);
    if (last === undefined) throw new Error('the table has no version');
    return last;
  }

  get columns(): readonly Column[] {
    return this.#columns;
  }

  get partitionColumns(): readonly Column[] {
    return this.#partitionColumns;
  }

  has(feature: Feature): boolean {
    return this.#features.has(feature);
  }

  /** Versions that lie in the folder whole: their files and a way to them through the log. */
  get readable(): readonly Version[] {
    return this.versions.filter(({ lost }) => lost === undefined);
  }

  /** The first version whose commit is in the log. */
  get logFrom(): number {
    return this.#logFrom;
  }

  /** The rows of the newest version, by the names of columns. */
  rows(): readonly PlainRow[] {
    return this.current.files.flatMap(liveRows).map((row) => this.#plain(row));
  }

  async append(rows: readonly PlainRow[], files = 1): Promise<void> {
    const adds = await this.#write(
      rows.map((row) => this.#keyed(row)),
      files,
    );
    const txn = { appId: 'stream', version: ++this.#transactions, lastUpdated: this.#clock };
    await this.#commit({ operation: 'append', adds, more: this.dice() < 0.3 ? [{ txn }] : [] });
  }

  /** Takes out the rows that match; does nothing where none does. */
  async delete(matches: (row: PlainRow) => boolean, how: How = 'rewrite'): Promise<boolean> {
    return this.#change('delete', how, (row) => (matches(row) ? null : undefined), []);
  }

  /** @param change what a row becomes; undefined: it stays. */
  async update(change: (row: PlainRow) => PlainRow | undefined, how: How = 'rewrite'): Promise<boolean> {
    return this.#change('update', how, change, []);
  }

  /** Rows that have the key of one that is given are replaced by it, or go where `remove` says so; the others are added. */
  async merge(
    key: string,
    rows: readonly PlainRow[],
    how: How = 'rewrite',
    remove: (row: PlainRow) => boolean = () => false,
  ): Promise<boolean> {
    const given = new Map(rows.map((row) => [row[key], row]));
    const matched = new Set<Value | undefined>();
    const change = (row: PlainRow): PlainRow | null | undefined => {
      const other = given.get(row[key]);
      if (other === undefined) return undefined;
      matched.add(row[key]);
      return remove(other) ? null : other;
    };
    // Which rows are new is known once all are looked at.
    for (const row of this.rows()) change(row);
    const fresh = rows.filter((row) => !matched.has(row[key]) && !remove(row));
    return this.#change('merge', how, change, fresh);
  }

  /** Replaces all rows, or those that match (`replaceWhere`); a file with rows of both kinds is written anew. */
  async overwrite(rows: readonly PlainRow[], where: (row: PlainRow) => boolean = () => true, files = 1): Promise<void> {
    const removes: LogicalFile[] = [];
    const [kept, gone]: [Row[], Row[]] = [[], []];
    for (const file of this.#files.values()) {
      const [out, stay] = split(liveRows(file), (row) => where(this.#plain(row)));
      if (out.length === 0 && stay.length > 0) continue;
      removes.push(file);
      kept.push(...stay);
      gone.push(...out);
    }
    const fresh = rows.map((row) => this.#keyed(row));
    const adds = await this.#write([...kept, ...fresh], files);
    const changes = kept.length === 0 ? undefined : [...gone.map(deleted), ...fresh.map(inserted)];
    await this.#commit({ operation: 'overwrite', adds, removes, changes });
  }

  /** Compaction: the rows of all files of a partition in one, without vectors. Changes no data. */
  async optimize(): Promise<boolean> {
    const groups = Map.groupBy(this.#files.values(), ({ data }) => JSON.stringify(data.partitionValues));
    const removes = [...groups.values()].filter((files) => files.length > 1 || files.some(({ vector }) => vector)).flat();
    if (removes.length === 0) return false;
    const adds = await this.#write(removes.flatMap(liveRows), 1);
    await this.#commit({ operation: 'optimize', adds, removes, dataChange: false });
    return true;
  }

  /** The same files once more with other statistics (as ANALYZE does), which changes no data. */
  async rewriteStatistics(): Promise<boolean> {
    const some = [...this.#files.values()].filter(() => this.dice() < 0.6);
    if (some.length === 0) return false;
    const adds = some.map((file) => ({ ...file, stats: this.#stats(file.data.rows, file.vector !== undefined, this.#columns.length) }));
    await this.#commit({ operation: 'statistics', adds, dataChange: false });
    return true;
  }

  /** As the table was at an older version whose files are all there. */
  async restore(version: number): Promise<void> {
    const target = this.versions[version];
    if (target === undefined || target.lost !== undefined) throw new Error(`version ${version} can't be restored`);
    const wanted = new Map(target.files.map((file) => [logicalKey(file), file]));
    const removes = [...this.#files].filter(([key]) => !wanted.has(key)).map(([, file]) => file);
    const adds = [...wanted].filter(([key]) => !this.#files.has(key)).map(([, file]) => file);
    [this.#columns, this.#partitionColumns] = [target.columns, target.partitionColumns];
    await this.#commit({ operation: 'restore', adds, removes, metaData: this.#metaData() });
  }

  async addColumn({ name, type }: PlainColumn): Promise<void> {
    this.#columns = [...this.#columns, this.#column(name, type)];
    await this.#commit({ operation: 'add column', metaData: this.#metaData() });
  }

  /** Under column mapping only. */
  async renameColumn(from: string, to: string): Promise<void> {
    const renamed = (column: Column): Column => (column.name === from ? { ...column, name: to } : column);
    [this.#columns, this.#partitionColumns] = [this.#columns.map(renamed), this.#partitionColumns.map(renamed)];
    await this.#commit({ operation: 'rename column', metaData: this.#metaData() });
  }

  /** Under column mapping only. */
  async dropColumn(name: string): Promise<void> {
    this.#columns = this.#columns.filter((column) => column.name !== name);
    await this.#commit({ operation: 'drop column', metaData: this.#metaData() });
  }

  /** Under type widening only. Files keep the type that they have. */
  async widen(name: string, toType: Primitive): Promise<void> {
    this.#columns = this.#columns.map((column) => {
      if (column.name !== name || typeof column.type !== 'string') return column;
      return { ...column, type: toType, typeChanges: [...column.typeChanges, { fromType: column.type, toType }] };
    });
    await this.#commit({ operation: 'widen', metaData: this.#metaData() });
  }

  /** Turns a feature on in the life of the table. Column mapping comes by name, and columns keep the names that they have in files. */
  async enable(feature: Feature): Promise<void> {
    this.#features.add(feature);
    if (feature === 'columnMapping') this.#mapping = 'name';
    if (feature === 'inCommitTimestamp')
      this.#properties = {
        ...this.#properties,
        'delta.inCommitTimestampEnablementVersion': String(this.versions.length),
        'delta.inCommitTimestampEnablementTimestamp': String(this.#clock + 1000),
      };
    await this.#commit({ operation: `enable ${feature}`, protocol: this.#protocol(), metaData: this.#metaData() });
  }

  /** Actions that concern no row, such as a domain's metadata. */
  async commitOther(operation: string, more: readonly Action[]): Promise<void> {
    await this.#commit({ operation, more });
  }

  async checkpoint(kind: CheckpointKind = 'classic', options: CheckpointOptions = {}): Promise<void> {
    const { version, columns, partitionColumns } = this.current;
    const state = this.#state(0, version);
    const scene = {
      version,
      state,
      columns,
      partitionColumns,
      time: this.#clock,
      parquet: this.#parquet,
      uuid: () => this.#uuid(),
    };
    const { files, last } = await checkpointFiles(kind, scene, options);
    for (const { path, body } of files) await this.folder.replace(path, body);
    this.#sidecars.set(
      files.at(-1)?.path ?? '',
      files.slice(0, -1).map(({ path }) => path),
    );
    if (options.named !== false) await this.folder.replace(names.last, Buffer.from(last));
  }

  /** A `_last_checkpoint` that names what is not there, or an older one: it is a hint only. */
  async misleadLastCheckpoint(version: number): Promise<void> {
    await this.folder.replace(names.last, Buffer.from(lastCheckpointText({ version, size: 3 })));
  }

  /** One file of the log that says what the commits from one version to another say together. */
  async compactLog(from: number, to: number): Promise<void> {
    const state = this.#state(from, to);
    await this.folder.create(names.compacted(from, to), Buffer.from(compactedText(state, state.files())));
  }

  /** Removes files that no version from `current - keep` on needs. Older versions may be lost by that. */
  async vacuum(keep: number): Promise<readonly string[]> {
    const kept = this.versions.filter(({ version }) => version >= this.current.version - keep);
    const needed = new Set(kept.flatMap((version) => [...version.files.flatMap(filesOf), ...(version.feed ? version.feedFiles : [])]));
    const removed = (await this.folder.list('')).filter((path) => !path.startsWith('_delta_log/') && !needed.has(path));
    for (const path of removed) await this.folder.remove(path);
    const gone = new Set(removed);
    for (const version of this.versions) {
      if (version.files.flatMap(filesOf).some((path) => gone.has(path))) version.lost = 'files';
      if (version.feedFiles.some((path) => gone.has(path))) version.feedLost = true;
    }
    return removed;
  }

  /** Removes commits, checkpoints and compacted logs below the newest checkpoint, whose own commit stays; and sidecars that no checkpoint names. */
  async cleanLog(): Promise<number | undefined> {
    const log = await this.folder.list('_delta_log');
    const numberOf = (path: string): number => Number(/^_delta_log\/(\d{20})\./.exec(path)?.[1] ?? Number.NaN);
    const last = Math.max(...log.filter((path) => /\.checkpoint\./.test(path)).map(numberOf));
    if (!Number.isFinite(last)) return undefined;
    const gone = log.filter((path) => numberOf(path) < last || (path.endsWith('.compacted.json') && numberOf(path) <= last));
    for (const path of gone) await this.folder.remove(path);
    this.#logFrom = Math.max(this.#logFrom, last);
    for (const version of this.versions)
      if (version.version < last) {
        version.lost ??= 'log';
        version.feedLost = true;
      }
    for (const path of gone) this.#sidecars.delete(path);
    const named = new Set([...this.#sidecars.values()].flat());
    for (const path of log) if (path.startsWith('_delta_log/_sidecars/') && !named.has(path)) await this.folder.remove(path);
    return last;
  }

  /** Drops the table with all its files, and makes another in its place. */
  async recreate(options: Partial<TableOptions> = {}): Promise<void> {
    const all = await this.folder.list('');
    // The log goes first: a folder with a log and without its files would be a broken table.
    for (const path of all.filter((one) => one.startsWith('_delta_log/')).concat(all.filter((one) => !one.startsWith('_delta_log/'))))
      await this.folder.remove(path);
    this.former.push(this.versions);
    [this.versions, this.#commits, this.#files] = [[], [], new Map()];
    this.#sidecars.clear();
    this.#logFrom = 0;
    await this.#begin({ ...this.#options, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parquet[Symbol.asyncDispose]();
  }

  async #begin(options: TableOptions): Promise<void> {
    this.#options = options;
    this.#features = new Set(options.features);
    this.#mapping = this.has('columnMapping') ? (options.mapping ?? 'name') : 'none';
    this.#lastColumn = 0;
    this.#columns = options.columns.map(({ name, type }) => this.#column(name, type));
    this.#partitionColumns = (options.partitionBy ?? []).map((name) => this.#columnNamed(name));
    this.#properties = options.properties ?? {};
    this.#id = this.#uuid();
    await this.#commit({ operation: 'create', protocol: this.#protocol(), metaData: this.#metaData() });
  }

  #protocol(): Protocol {
    return protocolFor(this.#features, this.#options.listed === true);
  }

  #metaData(): MetaData {
    const mapped = this.#mapping !== 'none';
    return {
      id: this.#id,
      format: { provider: 'parquet', options: {} },
      schemaString: schemaString(this.#columns, mapped),
      partitionColumns: this.#partitionColumns.map(({ name }) => name),
      configuration: {
        ...this.#properties,
        ...(mapped ? { 'delta.columnMapping.mode': this.#mapping, 'delta.columnMapping.maxColumnId': String(this.#lastColumn) } : {}),
        ...(this.has('deletionVectors') ? { 'delta.enableDeletionVectors': 'true' } : {}),
        ...(this.has('changeDataFeed') ? { 'delta.enableChangeDataFeed': 'true' } : {}),
        ...(this.has('typeWidening') ? { 'delta.enableTypeWidening': 'true' } : {}),
        ...(this.has('inCommitTimestamp') ? { 'delta.enableInCommitTimestamps': 'true' } : {}),
        ...(this.has('v2Checkpoint') ? { 'delta.checkpointPolicy': 'v2' } : {}),
      },
      createdTime: this.#clock,
    };
  }

  #columnNamed(name: string): Column {
    const found = this.#columns.find((column) => column.name === name);
    if (found === undefined) throw new Error(`the table has no column ${name}`);
    return found;
  }

  #column(name: string, type: PlainType): Column {
    return { ...this.#member(name, type), typeChanges: [] };
  }

  #member(name: string, type: PlainType): Member {
    const id = ++this.#lastColumn;
    const physicalName = this.#mapping === 'none' ? name : `col-${this.#uuid()}`;
    return { id, name, physicalName, type: this.#type(type) };
  }

  #type(type: PlainType): DeltaType {
    if (typeof type === 'string') return type;
    if ('array' in type) return { type: 'array', elementType: type.array };
    return { type: 'struct', fields: Object.entries(type.struct).map(([name, one]) => this.#member(name, one)) };
  }

  #keyed(row: PlainRow): Row {
    return Object.fromEntries(this.#columns.map(({ id, name }) => [id, row[name] ?? null]));
  }

  #plain(row: Row): PlainRow {
    return Object.fromEntries(this.#columns.map(({ id, name }) => [name, row[id] ?? null]));
  }

  #uuid(): string {
    const bytes = createHash('sha256')
      .update(`${this.#options.seed} ${++this.#names}`)
      .digest('hex');
    return `${bytes.slice(0, 8)}-${bytes.slice(8, 12)}-4${bytes.slice(13, 16)}-8${bytes.slice(17, 20)}-${bytes.slice(20, 32)}`;
  }

  get #style(): Style {
    return this.#options.style ?? (this.dice() < 0.5 ? 'spark' : 'delta-rs');
  }

  #stats(rows: readonly Row[], vectors: boolean, indexed = this.#options.indexed ?? 32): string | undefined {
    const inFile = this.#columns.filter((column) => !this.#isPartition(column));
    const whole = statisticsOf(inFile.slice(0, indexed), rows);
    return JSON.stringify(this.has('deletionVectors') ? { ...whole, tightBounds: !vectors } : whole);
  }

  #isPartition = (column: Column): boolean => this.#partitionColumns.some(({ id }) => id === column.id);

  /** Writes data files: `files` of each partition, fewer where there are fewer rows. */
  async #write(rows: readonly Row[], files: number): Promise<readonly LogicalFile[]> {
    const style = this.#style;
    const inFile = this.#columns.filter((column) => !this.#isPartition(column));
    const written: LogicalFile[] = [];
    const valuesOf = (row: Row) => partitionValuesOf(this.#partitionColumns, row, style);
    for (const [key, some] of Map.groupBy(rows, (row) => JSON.stringify(valuesOf(row)))) {
      const partitionValues = JSON.parse(key) as DataFile['partitionValues'];
      const each = Math.ceil(some.length / files);
      for (let at = 0; at < some.length; at += each) {
        const part = some.slice(at, at + each);
        const body = await this.#parquet.file(
          inFile.map((column) => fileColumn(column, this.#mapping !== 'none')),
          part.map((row) => physicalRow(inFile, row)),
          { compression: this.dice() < 0.5 ? 'snappy' : 'zstd' },
        );
        const folder =
          this.#mapping === 'none' ? partitionFolder(this.#partitionColumns, partitionValues, style) : `${this.#uuid().slice(0, 2)}/`;
        const path = `${folder}part-${String(written.length).padStart(5, '0')}-${this.#uuid()}.c000.snappy.parquet`;
        await this.#create(path, body);
        const data = { path, uri: uriOf(path, style), partitionValues, size: body.length, time: this.#clock, rows: part };
        written.push({ data, stats: this.#stats(part, false), vector: undefined });
      }
    }
    return written;
  }

  /** Update, delete and merge: `change` says what a row becomes, null where it goes, undefined where it stays. */
  async #change(
    operation: string,
    how: How,
    change: (row: PlainRow) => PlainRow | null | undefined,
    fresh: readonly PlainRow[],
  ): Promise<boolean> {
    const [removes, hiding]: [LogicalFile[], { file: LogicalFile; rows: number[] }[]] = [[], []];
    const [moved, changes]: [Row[], Change[]] = [[], []];
    let onlyWholeFiles = true;
    for (const file of this.#files.values()) {
      const hidden = new Set(file.vector?.rows);
      const [out, stay]: [number[], Row[]] = [[], []];
      for (const [i, row] of file.data.rows.entries()) {
        if (hidden.has(i)) continue;
        const becomes = change(this.#plain(row));
        if (becomes === undefined) {
          stay.push(row);
          continue;
        }
        out.push(i);
        if (becomes === null) changes.push(deleted(row));
        else {
          const next = this.#keyed(becomes);
          moved.push(next);
          changes.push({ kind: 'update_preimage', row }, { kind: 'update_postimage', row: next });
          onlyWholeFiles = false;
        }
      }
      if (out.length === 0) continue;
      removes.push(file);
      if (stay.length === 0) continue;
      onlyWholeFiles = false;
      if (how === 'vectors') hiding.push({ file, rows: [...hidden, ...out].sort((a, b) => a - b) });
      else moved.push(...stay);
    }
    const added = fresh.map((row) => this.#keyed(row));
    if (removes.length === 0 && added.length === 0) return false;
    const adds = [...(await this.#hide(hiding)), ...(await this.#write([...moved, ...added], 1))];
    // Where whole files go or come, they are the feed themselves.
    const told = onlyWholeFiles && this.dice() < 0.7 ? undefined : [...changes, ...added.map(inserted)];
    await this.#commit({ operation, adds, removes, changes: told });
    return true;
  }

  /** The files once more, with vectors: in one file of them, now and then behind a prefix, or in the log itself. */
  async #hide(files: readonly { readonly file: LogicalFile; readonly rows: readonly number[] }[]): Promise<readonly LogicalFile[]> {
    if (files.length === 0) return [];
    const vectors = files.map(({ rows }) => vectorBytes(rows));
    const { bytes, offsets } = vectorFile(vectors);
    const uuid = this.#uuid();
    const prefix = this.dice() < 0.2 ? 'dv' : '';
    const path = `${prefix === '' ? '' : `${prefix}/`}deletion_vector_${uuid}.bin`;
    const named = `${prefix}${z85(Buffer.from(uuid.replaceAll('-', ''), 'hex'))}`;
    let inFile = 0;
    const hidden = files.map(({ file, rows }, i): LogicalFile => {
      const vector = vectors[i] ?? Buffer.alloc(0);
      const size = { sizeInBytes: vector.length, cardinality: rows.length };
      const inline = vector.length < 200 && this.dice() < 0.2;
      if (!inline) inFile += 1;
      const descriptor: Vector['descriptor'] = inline
        ? { storageType: 'i', pathOrInlineDv: z85(vector), ...size }
        : { storageType: 'u', pathOrInlineDv: named, offset: offsets[i] ?? 1, ...size };
      const stats = JSON.stringify({
        ...(JSON.parse(file.stats ?? '{}') as object),
        numRecords: file.data.rows.length,
        tightBounds: false,
      });
      return { data: file.data, stats, vector: { descriptor, rows, path: inline ? undefined : path } };
    });
    if (inFile > 0) await this.#create(path, bytes);
    return hidden;
  }

  async #create(path: string, body: Uint8Array): Promise<void> {
    if (!(await this.folder.create(path, body))) throw new Error(`${path} is there already`);
  }

  async #commit({ operation, adds = [], removes = [], dataChange = true, changes, protocol, metaData, more = [] }: Commit): Promise<void> {
    const version = this.versions.length;
    this.#clock += 1000;
    const [time, style] = [this.#clock, this.#style];
    const fed = this.has('changeDataFeed');
    const feedFiles = fed && changes !== undefined ? await this.#writeFeed(changes, style) : [];
    const inCommit = this.has('inCommitTimestamp');
    const info = { timestamp: time, operation: operation.toUpperCase(), operationParameters: {}, engineInfo: 'foreign committer of tests' };
    const actions: Action[] = [
      { commitInfo: inCommit ? { inCommitTimestamp: time, ...info } : info },
      ...(protocol ? [{ protocol }] : []),
      ...(metaData ? [{ metaData }] : []),
      ...removes.map((file) => ({ remove: removeOf(file, time, dataChange) })),
      ...adds.map((file) => ({ add: addOf(file, dataChange) })),
      ...feedFiles.map(({ cdc }) => ({ cdc })),
      ...more,
    ];
    for (const file of removes) this.#files.delete(logicalKey(file));
    for (const file of adds) this.#files.set(logicalKey(file), file);
    const feed = dataChange ? (changes ?? changesOf(adds, removes)) : [];
    this.#commits.push(actions);
    const body = Buffer.from(commitText(actions, { style, dice: this.dice, infoFirst: inCommit }));
    await this.#create(names.commit(version), body);
    this.versions.push({
      ...{ version, operation, id: this.#id, time, columns: this.#columns, partitionColumns: this.#partitionColumns },
      schema: schemaString(this.#columns, this.#mapping !== 'none'),
      files: [...this.#files.values()],
      dataChange: dataChange && adds.length + removes.length > 0,
      feed: fed ? feed : undefined,
      feedFiles: feedFiles.length > 0 ? feedFiles.map(({ path }) => path) : [...adds, ...removes].flatMap(filesOf),
      feedLost: false,
      lost: undefined,
    });
  }

  async #writeFeed(changes: readonly Change[], style: Style) {
    const inFile = this.#columns.filter((column) => !this.#isPartition(column));
    const columns = [...inFile.map((column) => fileColumn(column, this.#mapping !== 'none')), changeColumn];
    const groups = Map.groupBy(changes, ({ row }) => JSON.stringify(partitionValuesOf(this.#partitionColumns, row, style)));
    const written = [];
    for (const [key, some] of groups) {
      const partitionValues = JSON.parse(key) as DataFile['partitionValues'];
      const body = await this.#parquet.file(
        columns,
        some.map(({ kind, row }) => ({ ...physicalRow(inFile, row), _change_type: kind })),
      );
      const folder = this.#mapping === 'none' ? partitionFolder(this.#partitionColumns, partitionValues, style) : '';
      const path = `_change_data/${folder}cdc-${this.#uuid()}.c000.snappy.parquet`;
      await this.#create(path, body);
      written.push({ path, cdc: { path: uriOf(path, style), partitionValues, size: body.length, dataChange: false } as const });
    }
    return written;
  }

  /** What the commits of a range say together. */
  #state(from: number, to: number): Reconciled {
    const state = new Reconciled();
    for (const actions of this.#commits.slice(from, to + 1)) state.take(actions);
    return state;
  }
}
