/**
 * A merge by key at one version of a table. The keys of the commit's rows are held, by shares if there are many, and the key columns of the files that may have such rows
 * pass by. Rows with a key of the commit are marked in vectors, and no file is rewritten. Files of other writers are searched as well, but those of other entities
 * of hygge are not: their names have other lineages.
 */
import { vectorId } from '../../delta/log/log.ts';
import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import { DeletedRows } from '../../delta/values/deleted-rows.ts';
import type { TableDescription } from '../../delta/values/schema.ts';
import { isMapped, physicalNameOf } from '../../delta/write/column-mapping.ts';
import { protocolFor } from '../../delta/write/entry.ts';
import { deltaField, partitionTextOf } from '../../delta/write/types.ts';
import { isData, type Part } from '../../engine/contracts/store.ts';
import type { Counts } from '../../engine/contracts/writing.ts';
import type { Schema } from '../../frames/schema.ts';
import { KeyPlaces } from '../../keys/key-places.ts';
import { NumberList } from '../../keys/number-list.ts';
import { compareOrNull } from '../../keys/watermark-list.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { FilesHead, MovedFiles } from '../store/head/head-log.ts';
import { type FilePlace, partOwner } from '../store/layout.ts';
import type { MergeWork } from '../store/merge-work.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import { seedOf } from './commit-entry.ts';
import { changedUnder, notForThisTable } from './errors.ts';
import type { TableAt } from './head.ts';
import { type KeyedPart, type KeyedRows, NewestKeys, partAt } from './merge-keys.ts';
import type { MergeTools } from './merge-tools.ts';
import { mappedTable, withSettling } from './table-format.ts';

interface PartsOfMerge {
  /** Undefined: the commit makes the table. */
  readonly table: TableDescription | undefined;
  readonly run: Pick<FilesHead, 'lineage' | 'epoch'>;
  /** The settled columns. */
  readonly schema: Schema | null;
  readonly parts: readonly Part[];
  readonly work: MergeWork;
  /** They are not published yet. */
  readonly isStaged: boolean;
}

export interface MergeRequest {
  /** Undefined: the commit makes the table. */
  readonly table: TableAt | undefined;
  readonly before: FilesHead | undefined;
  readonly to: FilesHead;
  readonly files: MovedFiles;
  readonly work: MergeWork;
}

/** A file of the table with all rows that are deleted after the commit. */
export interface MarkedFile {
  readonly name: string;
  readonly file: DeltaFile;
  readonly rows: number;
  readonly deleted: DeletedRows;
}

export interface Merged {
  readonly marked: readonly MarkedFile[];
  /** By the final names of parts: their rows that do not settle. */
  readonly ofParts: ReadonlyMap<string, DeletedRows>;
  readonly counts: Counts;
}

/** Rows of a file with keys of the commit. */
interface Hits {
  /** Of the file. */
  readonly rows: number;
  readonly own: NumberList;
  /** For each of them the place of the commit's row. */
  readonly places: NumberList;
  /** Those of them whose watermark is larger than that of the commit's row, by their places in `own`. */
  readonly newer: Set<number>;
}

interface Known {
  /** Of the head that the commit makes. */
  readonly id: string;
  /** By path and vector. */
  readonly hits: Map<string, Hits>;
  /** By share, the places of earlier versions of a key. */
  readonly earlier: Map<number, readonly number[]>;
}

export interface MergeOptions {
  readonly tools: MergeTools;
  readonly place: FilePlace;
  readonly scratch: Scratch;
  readonly where: string;
  /** Keys that are held together. */
  readonly mostHeld?: number;
}

/** About 100 MB. */
const usualHeld = 1_500_000;

export class Merge {
  readonly #options: MergeOptions;
  /** Of the last commit: data files never change, so a try that another program has overtaken searches only the files that are new since. */
  #known: Known | undefined;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** Throws StoreError HYG-4016, HYG-3921, and HYG-3922 if a file is gone. */
  async at(request: MergeRequest): Promise<Merged> {
    try {
      return await this.#mergedAt(request);
    } catch (error) {
      throw error instanceof FileNotFound ? changedUnder(this.#options.where, `${error.path} is not there any more.`) : error;
    }
  }

  async #mergedAt(request: MergeRequest): Promise<Merged> {
    const { work, files } = request;
    const { table, to } = request;
    const parts = this.#partsOf({ table: table?.snapshot, run: to, schema: to.schema, parts: files.parts, work, isStaged: false });
    const rows = this.#keyed(parts, work);
    const candidates = work.mode === 'merge' ? this.#candidates(request) : [];
    const known = this.#known?.id === request.to.id ? this.#known : { id: request.to.id, hits: new Map(), earlier: new Map() };
    this.#known = known;
    const missing = candidates.filter(({ file }) => !known.hits.has(idOf(file)));
    const shares = this.#sharesOf(parts);
    const found = new Map<string, Hits>();
    for (let n = 0; n < shares; n++) {
      if (missing.length === 0 && (known.earlier.has(n) || work.isUnique)) continue;
      const keys = await NewestKeys.read(rows, { n, of: shares });
      known.earlier.set(n, keys.earlier);
      if (keys.size > 0)
        for (const one of missing) found.set(one.name, await this.#search(one, { keys, request, parts, found: found.get(one.name) }));
    }
    for (const { name, file } of missing) known.hits.set(idOf(file), found.get(name) ?? nothing);
    const staged = files.parts.reduce((sum, part) => sum + (isData(part) ? part.rows : 0), 0);
    return this.#decided(request, { parts, candidates, staged, known });
  }

  /**
   * Whether each key has one row among staged parts. Throws StoreError HYG-4016 if the watermark does not tell which of two different rows of a key is the newer one.
   */
  async isUnique(parts: readonly Part[], of: Omit<PartsOfMerge, 'parts' | 'isStaged'>): Promise<boolean> {
    return this.#areUnique(this.#keyed(this.#partsOf({ ...of, parts, isStaged: true }), of.work));
  }

  async #areUnique(rows: KeyedRows): Promise<boolean> {
    const shares = this.#sharesOf(rows.parts);
    if (shares > 1 && !(await this.#repeats(rows))) return true;
    let isUnique = true;
    for (let n = 0; n < shares; n++) if ((await NewestKeys.read(rows, { n, of: shares })).earlier.length > 0) isUnique = false;
    return isUnique;
  }

  /** Whether two rows have one hash. All rows are read once, whatever their number. */
  async #repeats({ tools, parts, key }: KeyedRows): Promise<boolean> {
    await using places = new KeyPlaces(this.#options.scratch);
    for (const part of parts) {
      let at = part.first;
      for await (const frame of (await tools.open(part, key)).frames()) {
        await places.add(await tools.hashes(frame, key), at);
        at += frame.rows;
      }
    }
    let found = false;
    await places.pairs(() => {
      found = true;
    });
    return found;
  }

  #keyed(parts: readonly KeyedPart[], { key, watermark }: MergeWork): KeyedRows {
    const { tools, where } = this.#options;
    return { tools, parts, key, watermark, where };
  }

  #sharesOf(parts: readonly KeyedPart[]): number {
    return Math.max(1, Math.ceil(parts.reduce((sum, { rows }) => sum + rows, 0) / (this.#options.mostHeld ?? usualHeld)));
  }

  /** The parts with rows of keys. Parts of the quarantine have none. */
  #partsOf({ table, run, schema, parts, work, isStaged }: PartsOfMerge): readonly KeyedPart[] {
    const { partitionBy = [], columnMapping } = this.#options.place;
    const partitionColumns = work.mode === 'merge' && table !== undefined ? table.metadata.partitionColumns : partitionBy;
    const made = tableOf(schema, partitionColumns);
    const base = table ?? (columnMapping === undefined ? undefined : mappedTable);
    const isMappedTable = base !== undefined && schema !== null && isMapped(base);
    const mapped = isMappedTable ? withSettling(base, { schema, seed: seedOf(run) }) : undefined;
    const known = mapped === undefined ? made : { ...mapped, metadata: { ...mapped.metadata, partitionColumns } };
    let first = 0;
    return parts.flatMap((part): readonly KeyedPart[] => {
      // Rows that only name their keys are written under the names of the columns, and lie in no partition.
      const isDeleted = part.role === 'deleted';
      if ((!isData(part) && !isDeleted) || part.rows === 0) return [];
      const described = isDeleted ? { ...made, metadata: { ...made.metadata, partitionColumns: [] } } : known;
      const { rows } = part;
      const { staged, final } = stagedFile(part);
      first += rows;
      return [{ table: described, file: fileOf(part, described), name: isStaged ? staged : final, first: first - rows, rows, isDeleted }];
    });
  }

  /** Files that may have rows with keys of the commit. */
  #candidates({
    table,
    before,
    to,
    files: { removes },
    work,
  }: MergeRequest): readonly { readonly name: string; readonly file: DeltaFile }[] {
    if (table === undefined) return [];
    const names = new Set(table.snapshot.metadata.schema.fields.map(({ name }) => name));
    // No row has the key before the column comes.
    if (work.key.some((name) => !names.has(name))) return [];
    const gone = new Set(removes);
    const own = new Set(before?.files.filter(({ role }) => role !== 'foreign').map(({ name }) => name));
    const lineages = new Set([to.lineage, ...(to.earlier ?? []), ...(before === undefined ? [] : [before.lineage])]);
    // In an order that each finisher finds: what the vectors hold follows from it.
    const inOrder = [...table.active].sort(([one], [other]) => (one < other ? -1 : 1));
    return inOrder.flatMap(([name, file]) => {
      const owner = partOwner(this.#options.place, name);
      if (gone.has(name) || (owner !== undefined && !lineages.has(owner.lineage) && !own.has(name))) return [];
      if (name.startsWith('//'))
        throw notForThisTable(this.#options.where, `${file.path} is outside of the table’s folder, and a merge would mark rows of it.`);
      return [{ name, file }];
    });
  }

  async #search(
    { name, file }: { readonly name: string; readonly file: DeltaFile },
    {
      keys,
      request,
      parts,
      found,
    }: {
      readonly keys: NewestKeys;
      readonly request: MergeRequest;
      readonly parts: readonly KeyedPart[];
      /** Of earlier shares. */
      readonly found: Hits | undefined;
    },
  ): Promise<Hits> {
    const { tools } = this.#options;
    const { work, table } = request;
    const { snapshot } = table as TableAt;
    // Where nothing depends on it, the watermark of settled rows is not read.
    const mark = work.keepsNewer || parts.some(({ isDeleted }) => isDeleted) ? work.watermark : null;
    const hasMark = mark !== null && snapshot.metadata.schema.fields.some((field) => field.name === mark);
    const columns = [...new Set([...work.key, ...(hasMark ? [mark] : [])])];
    const opened = await tools.open({ table: snapshot, file, name }, columns);
    const { vector } = file;
    const deleted = vector === null ? null : await tools.readVector({ vector, rows: opened.rows, name });
    const hits = found ?? { rows: opened.rows, own: new NumberList(), places: new NumberList(), newer: new Set() };
    let at = 0;
    for await (const frame of opened.frames()) {
      const words = await tools.keys(frame, work.key);
      const numbers: number[] = [];
      const before = hits.own.size;
      const keep = new Uint8Array(frame.rows);
      for (let i = 0; i < frame.rows; i++) {
        const number = keys.find(words, i);
        if (number === undefined || deleted?.isDeleted(at + i) === true) continue;
        keep[i] = 1;
        numbers.push(number);
        hits.own.push(at + i);
        hits.places.push(keys.placeOf(number));
      }
      if (hasMark && numbers.length > 0) {
        const settled = await tools.watermarks(await frame.pick(keep), mark);
        for (const [i, number] of numbers.entries())
          if (compareOrNull(settled[i] ?? null, keys.watermarkOf(number)) > 0) hits.newer.add(before + i);
      }
      at += frame.rows;
    }
    return hits;
  }

  async #decided(
    { work, before, files }: MergeRequest,
    {
      parts,
      candidates,
      staged,
      known,
    }: {
      readonly parts: readonly KeyedPart[];
      readonly candidates: readonly { readonly name: string; readonly file: DeltaFile }[];
      readonly staged: number;
      readonly known: Known;
    },
  ): Promise<Merged> {
    const own = new Map(before?.files.filter(({ role }) => role !== 'foreign').map((file) => [file.name, file]));
    const ofParts = new Map<string, DeletedRows>();
    let unsettled = 0;
    const leave = (place: number): void => {
      const { name, first, rows, isDeleted } = partAt(parts, place);
      if (isDeleted) return;
      const deleted = ofParts.get(name) ?? new DeletedRows(rows);
      ofParts.set(name, deleted);
      if (deleted.addOne(place - first)) unsettled++;
    };
    for (const places of known.earlier.values()) for (const place of places) leave(place);
    // A set of JavaScript has at most 2^24 members.
    const isUpdated = new Uint8Array(parts.reduce((end, { first, rows }) => Math.max(end, first + rows), 0));
    const marked: MarkedFile[] = [];
    let removed = 0;
    for (const { name, file } of candidates) {
      const hits = known.hits.get(idOf(file));
      if (hits === undefined || hits.own.size === 0) continue;
      const deleted = new DeletedRows(hits.rows);
      for (let i = 0; i < hits.own.size; i++) {
        const place = hits.places.at(i);
        if (hits.newer.has(i)) {
          if (work.keepsNewer) leave(place);
          if (work.keepsNewer || partAt(parts, place).isDeleted) continue;
        }
        deleted.addOne(hits.own.at(i));
        if (!own.has(name)) continue;
        removed++;
        if (!partAt(parts, place).isDeleted) isUpdated[place] = 1;
      }
      if (deleted.count === 0) continue;
      const { vector } = file;
      if (vector !== null) deleted.addAll(await this.#options.tools.readVector({ vector, rows: hits.rows, name }));
      marked.push({ name, file, rows: hits.rows, deleted });
    }
    let updated = 0;
    for (const { name, first, rows } of parts) {
      const left = ofParts.get(name);
      for (let row = 0; row < rows; row++) if (isUpdated[first + row] === 1 && left?.isDeleted(row) !== true) updated++;
    }
    const gone = files.removes.reduce((sum, name) => sum + (own.get(name)?.rows ?? 0), 0);
    const counts = {
      inserted: staged - unsettled - updated - work.kept,
      updated,
      deleted: removed - updated + gone - work.kept,
    };
    return { marked, ofParts, counts };
  }
}

const idOf = (file: DeltaFile): string => `${file.path}\0${vectorId(file.vector) ?? ''}`;

const nothing: Hits = { rows: 0, own: new NumberList(), places: new NumberList(), newer: new Set() };

const emptyMetadata: DeltaSnapshot['metadata'] = {
  ...{ id: '', name: null, description: null, partitionColumns: [], configuration: {} },
  schema: { type: 'struct', fields: [] },
};

/** The columns that settle, as the table has them after the commit. */
function tableOf(schema: Schema | null, partitionColumns: readonly string[]): TableDescription {
  const fields = (schema?.columns ?? []).map(deltaField);
  return { protocol: protocolFor(fields), metadata: { ...emptyMetadata, partitionColumns, schema: { type: 'struct', fields } } };
}

/** A part as the log will name it. */
function fileOf(part: Part, { metadata }: TableDescription): DeltaFile {
  const fields = new Map(metadata.schema.fields.map((field) => [field.name, field]));
  const values = metadata.partitionColumns.map((name): [string, string | null] => {
    const field = fields.get(name);
    return [field === undefined ? name : physicalNameOf(field), partitionTextOf(field?.type, part.partition?.[name] ?? null)];
  });
  return {
    path: stagedFile(part).final,
    partitionValues: Object.fromEntries(values),
    bytes: part.bytes,
    modificationTime: 0,
    vector: null,
    stats: null,
  };
}
