/**
 * A merge by key at one version of a table. The keys of the commit’s rows are kept in memory, in shares if there are many. They are compared with the key columns of the files that may
 * have rows with the same keys. Rows with a key of the commit are marked in vectors, and no file is rewritten. Files of other writers are also searched. Files of other entities of
 * hygge are recognised by the lineage in their names, and are not searched.
 */
import { vectorId } from '../../../delta/log/log.ts';
import type { DeltaField, DeltaFile, DeltaSnapshot } from '../../../delta/table.ts';
import { DeletedRows } from '../../../delta/values/deleted-rows.ts';
import type { TableDescription } from '../../../delta/values/schema.ts';
import { isMapped } from '../../../delta/write/column-mapping.ts';
import { protocolFor } from '../../../delta/write/entry.ts';
import { deltaField } from '../../../delta/write/types.ts';
import { isData, type Part } from '../../../engine/contracts/store.ts';
import type { Counts } from '../../../engine/contracts/writing.ts';
import type { Schema } from '../../../frames/schema.ts';
import { KeyPlaces } from '../../../keys/key-places.ts';
import { NumberList } from '../../../keys/number-list.ts';
import { compareOrNull } from '../../../keys/watermark-list.ts';
import { FileNotFound } from '../../../ports/filesystem.ts';
import type { Scratch } from '../../../ports/scratch.ts';
import { type FilesHead, lineagesOf, type MovedFiles, namesOf, ownFiles } from '../../store/head/head-log.ts';
import { type FilePlace, partOwner } from '../../store/layout.ts';
import type { BoundsOfParts, MergeWork } from '../../store/merge-work.ts';
import { stagedFile } from '../../store/staging/staged-parts.ts';
import { partitionValuesOf } from '../active.ts';
import { seedOf } from '../commit-entry.ts';
import { changedUnder, hasTooManyRows, notForThisTable } from '../errors.ts';
import type { TableAt } from '../head.ts';
import { mayHaveOthers, mixedAgain } from '../others.ts';
import { mappedTable, withSettling } from '../table-format.ts';
import { type KeyedPart, type KeyedRows, KeyRanges, mayHaveKeys, NewestKeys, partAt } from './merge-keys.ts';
import type { FileToRead, MergeTools } from './merge-tools.ts';

interface PartsOfMerge {
  /** Undefined: the commit makes the table. */
  readonly table: TableDescription | undefined;
  readonly run: Pick<FilesHead, 'lineage' | 'epoch'>;
  /** The columns that settle. */
  readonly schema: Schema | null;
  readonly parts: readonly Part[];
  readonly work: MergeWork;
  /** Whether the parts are staged and not published yet. */
  readonly isStaged: boolean;
}

export interface MergeRequest {
  /** Undefined: the commit makes the table. */
  readonly table: TableAt | undefined;
  readonly before: FilesHead | undefined;
  readonly to: Pick<FilesHead, 'id' | 'lineage' | 'epoch' | 'earlier' | 'schema'>;
  readonly files: Pick<MovedFiles, 'parts' | 'removes' | 'rewritten'>;
  readonly work: MergeWork;
  /** True: the parts are not published yet. Absent: the parts are published. */
  readonly isStaged?: boolean;
}

/** A file of the table, with the rows of the file that are deleted after the commit. */
export interface MarkedFile {
  readonly name: string;
  readonly file: DeltaFile;
  readonly rows: number;
  readonly deleted: DeletedRows;
}

export interface MarkedPart {
  readonly of: FileToRead;
  readonly rows: number;
  readonly deleted: DeletedRows;
}

/** Rows that a merge changes, in a file that existed before the merge or in a new part. */
export interface ChangedRows {
  readonly when: 'before' | 'after';
  readonly of: FileToRead;
  /** The changed rows: deleted, inserted or updated. */
  readonly some: DeletedRows;
  /** The updated rows of `some`. All other rows of `some` are deleted or inserted. */
  readonly updated: DeletedRows;
}

export interface Merged {
  readonly marked: readonly MarkedFile[];
  /** The rows that do not settle, by the final names of their parts. */
  readonly ofParts: ReadonlyMap<string, MarkedPart>;
  readonly counts: Counts;
  /** `MovedFiles.bounds` for the parts that were read. */
  readonly bounds: BoundsOfParts;
  /** The number of rows of the run that do not settle, because settled rows with the same keys are newer (`Writing.keepsNewer`). */
  readonly older: number;
  /** Each row that the merge deletes, inserts or updates. */
  changes(): readonly ChangedRows[];
}

/** The rows of a file whose keys are also keys of the commit. */
interface Hits {
  /** The numbers of the rows in the file. */
  readonly rows: number;
  readonly own: NumberList;
  /** For each row in `rows`, the place of the commit’s row with the same key. */
  readonly places: NumberList;
  /** The rows with a larger watermark than the commit’s row, as ascending indexes of `own`. */
  readonly newer: NumberList;
  /** Rows whose key is another text than a key of the commit but counts as equal to it. The commit may also contain exactly the text of the row’s key. */
  readonly spelled: NumberList;
}

/** A file that may have earlier versions of the commit's rows. */
interface Candidate extends FileToRead {
  /** Whether the file is a part of the commit with rows that had settled before. */
  readonly isCarried: boolean;
  /** Whether all rows of the file are the entity’s own. */
  readonly isOwn: boolean;
}

interface Known {
  /** The epoch of the head that the commit makes. */
  readonly id: string;
  /** The hits of each file, by path and vector. */
  readonly hits: Map<string, Hits>;
  /** The places of rows that are earlier versions, by share. */
  readonly earlier: Map<number, readonly number[]>;
  bounds: BoundsOfParts;
}

export interface MergeOptions {
  readonly tools: MergeTools;
  readonly place: FilePlace;
  readonly scratch: Scratch;
  readonly where: string;
  /** The maximum number of keys in memory at once. */
  readonly mostHeld?: number;
}

/** The usual maximum of keys in memory, which need about 100 MB. */
const usualHeld = 1_500_000;
/** The maximum number of rows in a file with a vector, because other readers of vectors number rows in 31 bits. */
const mostRows = 2 ** 31 - 1;

export class Merge {
  readonly #options: MergeOptions;
  /** The result for the last commit. If another program overtakes a try, the next try searches only new files, because data files never change. */
  #known: Known | undefined;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** The result of the merge at a version of the table. Throws StoreError HYG-4016, HYG-3921, and HYG-3922 if a file is missing. */
  async at(request: MergeRequest): Promise<Merged> {
    try {
      return await this.#mergedAt(request);
    } catch (error) {
      throw error instanceof FileNotFound ? changedUnder(this.#options.where, `${error.path} no longer exists.`) : error;
    }
  }

  async #mergedAt(request: MergeRequest): Promise<Merged> {
    const { work, files } = request;
    const { table, to, isStaged = false } = request;
    const parts = this.#partsOf({ table: table?.snapshot, run: to, schema: to.schema, parts: files.parts, work, isStaged });
    const rows = this.#keyed(parts, work);
    const candidates = work.mode === 'merge' ? [...this.#candidates(request), ...this.#carried(request)] : [];
    const known: Known = this.#known?.id === to.id ? this.#known : { id: to.id, hits: new Map(), earlier: new Map(), bounds: {} };
    this.#known = known;
    const missing = candidates.filter(({ file }) => !known.hits.has(idOf(file)));
    const shares = this.#sharesOf(parts);
    let searched = missing;
    const found = new Map<string, Hits>();
    for (let n = 0; n < shares; n++) {
      if (missing.length === 0 && (known.earlier.has(n) || work.isUnique)) continue;
      const keys = await NewestKeys.read(rows, { n, of: shares });
      known.earlier.set(n, keys.earlier);
      // At the end of the first share, all rows have been read once. So the ranges of the keys are known here.
      if (n === 0) searched = missing.filter(mayHaveKeys(rows));
      if (keys.size > 0)
        for (const one of searched) found.set(one.name, await this.#search(one, { keys, work, parts, found: found.get(one.name) }));
    }
    for (const { name, file } of missing) known.hits.set(idOf(file), found.get(name) ?? nothing());
    // A later try reads the rows only if new files must be searched.
    known.bounds = { ...known.bounds, ...rows.ranges.bounds() };
    return { ...(await this.#decided(request, { parts, candidates, known })), bounds: known.bounds };
  }

  /**
   * Whether each key has only one row among the staged parts; also, the ranges of the key columns. Throws StoreError HYG-4016 if the watermark does not
   * decide which of two different rows of a key is newer.
   */
  async staged(
    parts: readonly Part[],
    of: Omit<PartsOfMerge, 'parts' | 'isStaged'>,
  ): Promise<{ readonly isUnique: boolean; readonly bounds: BoundsOfParts }> {
    const rows = this.#keyed(this.#partsOf({ ...of, parts, isStaged: true }), of.work);
    const isUnique = await this.#areUnique(rows);
    const carried = parts.filter((part) => of.work.carried.includes(stagedFile(part).final));
    return { isUnique, bounds: { ...rows.ranges.bounds(), ...(await this.boundsIn(carried, of)) } };
  }

  /** The range of each key column of the work in staged parts. */
  async boundsIn(parts: readonly Part[], of: Omit<PartsOfMerge, 'parts' | 'isStaged'>): Promise<BoundsOfParts> {
    const { key } = of.work;
    const ranges = new KeyRanges(key);
    for (const part of this.#described({ ...of, parts, isStaged: true }))
      for await (const frame of (await this.#options.tools.open(part, key)).frames()) await ranges.add(part.file.path, frame);
    return ranges.bounds();
  }

  async #areUnique(rows: KeyedRows): Promise<boolean> {
    const shares = this.#sharesOf(rows.parts);
    if (shares > 1 && !(await this.#repeats(rows))) return true;
    let isUnique = true;
    for (let n = 0; n < shares; n++) if ((await NewestKeys.read(rows, { n, of: shares })).earlier.length > 0) isUnique = false;
    return isUnique;
  }

  /** Whether two rows have the same key hash. All rows are read once, in any number. */
  async #repeats({ tools, parts, key, ranges }: KeyedRows): Promise<boolean> {
    await using places = new KeyPlaces(this.#options.scratch);
    for (const part of parts) {
      let at = part.first;
      for await (const frame of (await tools.open(part, key)).frames()) {
        await ranges.add(part.file.path, frame);
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

  #keyed(parts: readonly KeyedPart[], { key, watermark, equalities }: MergeWork): KeyedRows {
    const { tools, where } = this.#options;
    return { tools, parts, key, watermark, equalities, ranges: new KeyRanges(key), where };
  }

  #sharesOf(parts: readonly KeyedPart[]): number {
    return Math.max(1, Math.ceil(parts.reduce((sum, { rows }) => sum + rows, 0) / (this.#options.mostHeld ?? usualHeld)));
  }

  /** The parts whose rows are merged. Parts in the quarantine have no keys, and carried rows do not belong to the run. */
  #partsOf(of: PartsOfMerge): readonly KeyedPart[] {
    const carried = new Set(of.work.carried);
    return this.#described({ ...of, parts: of.parts.filter((part) => !carried.has(stagedFile(part).final)) });
  }

  /** Parts of rows that had settled before. Earlier versions of the run's rows may be among them. */
  #carried({ table, before, to, files, work, isStaged = false }: MergeRequest): readonly Candidate[] {
    const carried = new Set(work.carried);
    const some = files.parts.filter((part) => carried.has(stagedFile(part).final));
    const isOwn = mixedAgain(before, files).length === 0;
    const described = this.#described({ table: table?.snapshot, run: to, schema: to.schema, parts: some, work, isStaged });
    return described.map((part) => ({ ...part, isCarried: true, isOwn }));
  }

  /** The parts with the names that they will have in the log. */
  #described({ table, run, schema, parts, work, isStaged }: PartsOfMerge): readonly KeyedPart[] {
    const { partitionBy = [], columnMapping } = this.#options.place;
    const partitionColumns = work.mode === 'merge' && table !== undefined ? table.metadata.partitionColumns : partitionBy;
    const made = tableOf(schema, { partitionColumns, fields: table?.metadata.schema.fields ?? [] });
    const base = table ?? (columnMapping === undefined ? undefined : mappedTable);
    const isMappedTable = base !== undefined && schema !== null && isMapped(base);
    const mapped = isMappedTable ? withSettling(base, { schema, seed: seedOf(run) }) : undefined;
    const known = mapped === undefined ? made : { ...mapped, metadata: { ...mapped.metadata, partitionColumns } };
    let first = 0;
    return parts.flatMap((part): readonly KeyedPart[] => {
      // Rows that only name keys to delete are written with the table’s column names, and without a partition.
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
  #candidates({ table, before, to, files: { removes }, work }: MergeRequest): readonly Candidate[] {
    if (table === undefined) return [];
    const names = new Set(table.snapshot.metadata.schema.fields.map(({ name }) => name));
    // If the table lacks a column of the key, no settled row has a key of the commit.
    if (work.key.some((name) => !names.has(name))) return [];
    const own = namesOf(ownFiles(before));
    const alone = namesOf(ownFiles(before).filter((file) => !mayHaveOthers(file)));
    const lineages = new Set([...lineagesOf(to), ...(before === undefined ? [] : [before.lineage])]);
    const gone = new Set(removes);
    return filesOfMerge(table, this.#options.place, { lineages, own }).flatMap(({ name, file }) => {
      if (gone.has(name)) return [];
      if (name.startsWith('//'))
        throw notForThisTable(
          this.#options.where,
          `${file.path} is outside of the table’s folder, but a merge would mark rows of this file.`,
        );
      return [{ name, file, table: table.snapshot, isCarried: false, isOwn: alone.has(name) }];
    });
  }

  async #search(
    { name, file, table, isOwn }: Candidate,
    {
      keys,
      work,
      parts,
      found,
    }: {
      readonly keys: NewestKeys;
      readonly work: MergeWork;
      readonly parts: readonly KeyedPart[];
      /** The hits of earlier shares; undefined: no hits. */
      readonly found: Hits | undefined;
    },
  ): Promise<Hits> {
    const { tools } = this.#options;
    // The watermark of settled rows is read only if the result depends on it.
    const mark = work.keepsNewer || parts.some(({ isDeleted }) => isDeleted) ? work.watermark : null;
    const hasMark = mark !== null && table.metadata.schema.fields.some((field) => field.name === mark);
    const columns = [...new Set([...work.key, ...(hasMark ? [mark] : [])])];
    const opened = await tools.open({ table, file, name }, columns);
    if (opened.rows > mostRows) throw hasTooManyRows(this.#options.where, { name, rows: opened.rows });
    const { vector } = file;
    const deleted = vector === null ? null : await tools.readVector({ vector, rows: opened.rows, name });
    const hits = found ?? { ...nothing(), rows: opened.rows };
    let at = 0;
    for await (const frame of opened.frames()) {
      const words = await tools.keys(frame, work.key);
      const spelled = isOwn ? await keys.spelledIn(frame) : undefined;
      const numbers: number[] = [];
      const before = hits.own.size;
      const keep = new Uint8Array(frame.rows);
      for (let i = 0; i < frame.rows; i++) {
        const number = keys.find(words, i);
        if (deleted?.isDeleted(at + i) === true) continue;
        if (number === undefined) {
          if (spelled?.(i) !== undefined) hits.spelled.push(at + i);
          continue;
        }
        keep[i] = 1;
        numbers.push(number);
        hits.own.push(at + i);
        hits.places.push(keys.placeOf(number));
      }
      if (hasMark && numbers.length > 0) {
        const settled = await tools.watermarks(await frame.pick(keep), mark);
        for (const [i, number] of numbers.entries())
          if (compareOrNull(settled[i] ?? null, keys.watermarkOf(number)) > 0) hits.newer.push(before + i);
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
      known,
    }: {
      readonly parts: readonly KeyedPart[];
      readonly candidates: readonly Candidate[];
      readonly known: Known;
    },
  ): Promise<Omit<Merged, 'bounds'>> {
    const own = new Map(ownFiles(before).map((file) => [file.name, file]));
    const ofParts = new Map<string, MarkedPart>();
    let [unsettled, older] = [0, 0];
    const leave = (place: number): boolean => {
      const part = partAt(parts, place);
      const { name, first, rows, isDeleted } = part;
      if (isDeleted) return false;
      const { deleted } = ofParts.get(name) ?? { deleted: new DeletedRows(rows) };
      ofParts.set(name, { of: part, rows, deleted });
      const isLeft = deleted.addOne(place - first);
      if (isLeft) unsettled++;
      return isLeft;
    };
    for (const places of known.earlier.values()) for (const place of places) leave(place);
    // A JavaScript Set has at most 2^24 members, so an array is used.
    const isUpdated = new Uint8Array(parts.reduce((end, { first, rows }) => Math.max(end, first + rows), 0));
    const marked: MarkedFile[] = [];
    const lost: LostRows[] = [];
    let removed = 0;
    for (const one of candidates) {
      const { name, file, isCarried } = one;
      const hits = known.hits.get(idOf(file));
      if (hits === undefined || hits.own.size + hits.spelled.size === 0) continue;
      const deleted = new DeletedRows(hits.rows);
      const exact = new DeletedRows(hits.rows);
      let newer = 0;
      for (let i = 0; i < hits.own.size; i++) {
        const place = hits.places.at(i);
        exact.addOne(hits.own.at(i));
        if (newer < hits.newer.size && hits.newer.at(newer) === i) {
          newer++;
          if (work.keepsNewer && leave(place)) older++;
          if (work.keepsNewer || partAt(parts, place).isDeleted) continue;
        }
        deleted.addOne(hits.own.at(i));
        if (!isCarried && !own.has(name)) continue;
        removed++;
        if (!partAt(parts, place).isDeleted) isUpdated[place] = 1;
      }
      for (let i = 0; i < hits.spelled.size; i++) {
        const row = hits.spelled.at(i);
        if (!exact.isDeleted(row) && deleted.addOne(row)) removed++;
      }
      if (deleted.count === 0) continue;
      if (isCarried) {
        ofParts.set(name, { of: one, rows: hits.rows, deleted });
        continue;
      }
      const { vector } = file;
      const all = new DeletedRows(hits.rows);
      all.addAll(deleted);
      if (vector !== null) all.addAll(await this.#options.tools.readVector({ vector, rows: hits.rows, name }));
      marked.push({ name, file, rows: hits.rows, deleted: all });
      lost.push({ of: one, hits, rows: deleted });
    }
    let updated = 0;
    for (const { name, first, rows } of parts) {
      const left = ofParts.get(name)?.deleted;
      for (let row = 0; row < rows; row++) if (isUpdated[first + row] === 1 && left?.isDeleted(row) !== true) updated++;
    }
    const staged = parts.reduce((sum, { rows, isDeleted }) => sum + (isDeleted ? 0 : rows), 0);
    const names = new Set(work.carried);
    const carried = files.parts.reduce((sum, part) => sum + (names.has(stagedFile(part).final) ? part.rows : 0), 0);
    const gone = files.removes.reduce((sum, name) => sum + (own.get(name)?.rows ?? 0), 0);
    const counts = { inserted: staged - unsettled - updated, updated, deleted: removed - updated + gone - carried };
    return { marked, ofParts, counts, older, changes: () => changesOf({ lost, parts, ofParts }) };
  }
}

/** Rows of a file that the merge deletes or updates. */
interface LostRows {
  readonly of: FileToRead;
  readonly hits: Hits;
  readonly rows: DeletedRows;
}

function changesOf({
  lost,
  parts,
  ofParts,
}: {
  readonly lost: readonly LostRows[];
  readonly parts: readonly KeyedPart[];
  readonly ofParts: Merged['ofParts'];
}): readonly ChangedRows[] {
  const replacing = new Map<string, DeletedRows>();
  const before = lost.map(({ of, hits, rows }): ChangedRows => {
    const updated = new DeletedRows(hits.rows);
    for (let i = 0; i < hits.own.size; i++) {
      const row = hits.own.at(i);
      const place = hits.places.at(i);
      const { name, first, rows: all, isDeleted } = partAt(parts, place);
      if (!rows.isDeleted(row) || isDeleted || ofParts.get(name)?.deleted.isDeleted(place - first) === true) continue;
      updated.addOne(row);
      const those = replacing.get(name) ?? new DeletedRows(all);
      those.addOne(place - first);
      replacing.set(name, those);
    }
    return { when: 'before', of, some: rows, updated };
  });
  const after = parts.flatMap((part): readonly ChangedRows[] => {
    const { name, rows, isDeleted } = part;
    const some = DeletedRows.allBut(rows, ofParts.get(name)?.deleted ?? new DeletedRows(rows), null);
    if (isDeleted || some.count === 0) return [];
    return [{ when: 'after', of: part, some, updated: replacing.get(name) ?? new DeletedRows(rows) }];
  });
  return [...before, ...after];
}

/** The files of a table that an entity merges into, in the same order for each finisher. Files of other entities of hygge are not included. */
export function filesOfMerge(
  { active }: Pick<TableAt, 'active'>,
  place: FilePlace,
  { lineages, own }: { readonly lineages: ReadonlySet<string>; readonly own: ReadonlySet<string> },
): readonly { readonly name: string; readonly file: DeltaFile }[] {
  return [...active]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, file]) => {
      const owner = partOwner(place, name);
      return owner !== undefined && !lineages.has(owner.lineage) && !own.has(name) ? [] : [{ name, file }];
    });
}

const idOf = (file: DeltaFile): string => `${file.path}\0${vectorId(file.vector) ?? ''}`;

const charKey = '__CHAR_VARCHAR_TYPE_STRING';
const charIn = (metadata: DeltaField['metadata']): DeltaField['metadata'] => (charKey in metadata ? { [charKey]: metadata[charKey] } : {});

const nothing = (): Hits => ({
  rows: 0,
  own: new NumberList(),
  places: new NumberList(),
  newer: new NumberList(),
  spelled: new NumberList(),
});

const emptyMetadata: DeltaSnapshot['metadata'] = {
  ...{ id: '', name: null, description: null, partitionColumns: [], configuration: {} },
  schema: { type: 'struct', fields: [] },
};

/** The table with the columns that it has after the commit. */
function tableOf(
  schema: Schema | null,
  { partitionColumns, fields: there }: { readonly partitionColumns: readonly string[]; readonly fields: readonly DeltaField[] },
): TableDescription {
  const metadataOf = (name: string) => there.find((field) => field.name === name)?.metadata ?? {};
  // A column of type CHAR(n) keeps its type: readers add blanks to the rows of the commit and also to existing rows.
  const fields = (schema?.columns ?? []).map(
    (column): DeltaField => ({ ...deltaField(column), metadata: charIn(metadataOf(column.name)) }),
  );
  return { protocol: protocolFor(fields), metadata: { ...emptyMetadata, partitionColumns, schema: { type: 'struct', fields } } };
}

/** A part with its name in the log. */
function fileOf(part: Part, { metadata }: TableDescription): DeltaFile {
  return {
    path: stagedFile(part).final,
    partitionValues: partitionValuesOf(metadata, part.partition),
    bytes: part.bytes,
    modificationTime: 0,
    vector: null,
    stats: null,
  };
}
