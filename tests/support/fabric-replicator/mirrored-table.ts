import type { DuckDBConnection } from '@duckdb/node-api';
import { attach, type FolderNode, lookup } from '../dfs/tree.ts';
import { DeltaWriter } from './delta-writer.ts';
import { type Column, type LandedFile, quoted, readLandedFile } from './landed-file.ts';
import { contentsOf, type NamedFile, sequentialName, type TableFolder } from './landing-zone.ts';
import { type Metadata, noMetadata, parseMetadata } from './metadata.ts';
import { applyLanded, mergedColumns } from './mirrored-rows.ts';
import type { Settled } from './options.ts';
import { Refused, type RuleName, rules } from './rules.ts';

export interface TableState {
  readonly name: string;
  readonly schema: string | undefined;
  readonly table: string;
  readonly status: 'Replicating' | 'Failed';
  readonly error: { readonly rule: RuleName; readonly message: string; readonly file: string | undefined } | undefined;
  readonly keyColumns: readonly string[];
  readonly columns: readonly Column[];
  /** Names of the files that were taken, in order. */
  readonly taken: readonly string[];
  /** The name that a table waits for while later ones are there. */
  readonly waitsFor: string | undefined;
  /** Cumulative over files, deletions included: not the rows of the table. */
  readonly processedRows: number;
  readonly processedBytes: number;
  /** Milliseconds. */
  readonly lastSync: number | undefined;
}

/** From moving a file away to deleting it: seven days ("Open mirroring landing zone requirements and format", Cleanup process). */
const removedAfter = 7 * 24 * 60 * 60 * 1000;

interface Surroundings {
  readonly options: Settled;
  readonly connection: DuckDBConnection;
  /** Where a file's bytes lie while they are read. */
  readonly scratch: string;
  /** Whether the table's folder is made again. */
  readonly isAgain: boolean;
  readonly startsAt: number;
  readonly report: (rule: RuleName, detail: string) => void;
}

interface Taken {
  readonly print: string;
  movedAt: number | undefined;
}

interface Failure {
  readonly rule: RuleName;
  readonly message: string;
  readonly file: string | undefined;
  readonly print: string | undefined;
}

/** One table of a mirrored database, from the first sight of its folder until the folder is lost. */
export class MirroredTable {
  readonly folder: FolderNode;
  readonly #at: TableFolder;
  readonly #around: Surroundings;
  readonly #taken = new Map<string, Taken>();
  /** What waiting files were when they were first seen, and whether the table was there by then. */
  readonly #seen = new Map<string, { readonly print: string; readonly isBeforeTable: boolean }>();
  readonly #reported = new Set<string>();
  readonly #delta: DeltaWriter | null;
  #metadata: Metadata | undefined;
  /** The metadata file as it was last read. */
  #read: { readonly content: Buffer | undefined; readonly metadata: Metadata | undefined } | undefined;
  #columns: readonly Column[] = [];
  #failure: Failure | undefined;
  #waitsFor: string | undefined;
  #next = 1n;
  #rows = 0;
  #bytes = 0;
  #lastSync: number | undefined;
  #lostAt: number | undefined;
  /** Whether the folder was made again while the table was there. */
  wasHasty = false;

  constructor(at: TableFolder, around: Surroundings) {
    this.#at = at;
    this.#around = around;
    this.folder = at.folder;
    const { item, delta } = around.options;
    this.#delta = delta === null ? null : new DeltaWriter(item, at, delta);
  }

  get name(): string {
    return this.#at.name;
  }

  /** Undefined before the first file was taken or refused. */
  get state(): TableState | undefined {
    if (this.#taken.size === 0 && this.#failure === undefined) return undefined;
    const { name, schema, table } = this.#at;
    return {
      ...{ name, schema, table },
      status: this.#failure === undefined ? 'Replicating' : 'Failed',
      error: this.#failure && { rule: this.#failure.rule, message: this.#failure.message, file: this.#failure.file },
      keyColumns: this.#metadata?.keyColumns ?? [],
      columns: this.#columns,
      taken: [...this.#taken.keys()],
      waitsFor: this.#waitsFor,
      processedRows: this.#rows,
      processedBytes: this.#bytes,
      lastSync: this.#lastSync,
    };
  }

  /** @param isThereAgain whether another folder has the name already. */
  lose(isThereAgain: boolean): void {
    const { now, disappearsAfter } = this.#around.options;
    this.#lostAt ??= now() + disappearsAfter;
    // The table is listed until `drop`; one that has taken nothing yet is not.
    if (isThereAgain && this.state !== undefined) this.wasHasty = true;
  }

  isGone(): boolean {
    return this.#lostAt !== undefined && this.#around.options.now() >= this.#lostAt;
  }

  async drop(): Promise<void> {
    await this.#around.connection.run(`drop table if exists ${quoted(this.name)}`);
    this.#delta?.drop();
  }

  refuse(rule: RuleName, detail: string): void {
    this.#around.report(rule, detail);
    this.#failure = { rule, message: `${rules[rule].says} ${detail}`, file: undefined, print: undefined };
  }

  async turn(): Promise<void> {
    if (this.#lostAt !== undefined) return;
    const isThere = this.#taken.size > 0;
    this.#readMetadata();
    const { files, unknown, folders } = contentsOf(this.folder, this.#metadata ?? noMetadata);
    for (const name of unknown) this.#reportOnce('UnknownName', `"${name}" is not taken.`);
    for (const name of folders) this.#reportOnce('FolderInTable', `"${name}" is not read.`);
    for (const file of files) this.#watch(file, isThere);
    if (this.#around.options.now() < this.#around.startsAt) return;
    if (this.#retries(files)) await this.#takeAll(files);
    if (isThere && this.#failure === undefined) this.#lastSync = this.#around.options.now();
    this.#cleanUp();
  }

  #reportOnce(rule: RuleName, detail: string): void {
    if (this.#reported.has(`${rule} ${detail}`)) return;
    this.#reported.add(`${rule} ${detail}`);
    this.#around.report(rule, detail);
  }

  /** "Metadata file in the landing zone" in the landing zone's page: it can be added at any time; once it is there, its keys are fixed. */
  #readMetadata(): void {
    const node = this.folder.children.get('_metadata.json');
    const content = node?.kind === 'file' ? node.content : undefined;
    if (this.#read?.content !== content) this.#read = { content, metadata: content && parseMetadata(content) };
    const found = this.#read?.metadata;
    const before = this.#metadata;
    if (before === undefined) {
      this.#metadata = found;
    } else if (this.#failure === undefined && JSON.stringify(found?.keyColumns) !== JSON.stringify(before.keyColumns)) {
      // Keys that a file without any adds later are no change.
      if (before.keyColumns.length === 0 && found !== undefined) this.#metadata = found;
      else
        this.refuse('KeysChanged', `They were ${before.keyColumns.join(', ')}, and are ${found?.keyColumns.join(', ') ?? 'not readable'}.`);
    } else if (this.#failure === undefined && JSON.stringify(found) !== JSON.stringify(before)) {
      this.refuse('MetadataChanged', 'They are others.');
    }
  }

  /** Looks for files that are others than they were: taken ones, and those that wait. */
  #watch({ name, node, number }: NamedFile, isThere: boolean): void {
    const print = node.etag;
    const taken = this.#taken.get(name);
    const before = taken?.print ?? this.#seen.get(name)?.print;
    this.#seen.set(name, { print, isBeforeTable: this.#seen.get(name)?.isBeforeTable ?? !isThere });
    const isRefused = this.#failure?.file === name;
    if (this.#failure !== undefined && !isRefused && rules[this.#failure.rule].repair === 'rebuild') return;
    if (taken?.movedAt !== undefined) this.refuse('RepeatedNumber', `"${name}" was taken and moved away, and is there again.`);
    else if (taken === undefined && number !== undefined && number < this.#next)
      this.refuse('RepeatedNumber', `"${name}" comes after its number.`);
    else if (before !== undefined && before !== print && !isRefused)
      this.refuse('OverwrittenFile', `"${name}" is another one than it was.`);
  }

  /** "Plan for recovery" in the best practices: a refused file is replaced under exactly its own name; other failures end with the folder. */
  #retries(files: readonly NamedFile[]): boolean {
    if (this.#failure === undefined) return true;
    if (rules[this.#failure.rule].repair !== 'same name') return false;
    const there = files.find(({ name }) => name === this.#failure?.file);
    if (there !== undefined && there.node.etag === this.#failure.print) return false;
    this.#seen.delete(this.#failure.file ?? '');
    this.#failure = undefined;
    return true;
  }

  async #takeAll(files: readonly NamedFile[]): Promise<void> {
    this.#waitsFor = undefined;
    for (let count = 0; count < this.#around.options.filesPerTurn; count++) {
      const file = this.#nextOf(files);
      if (file === undefined) break;
      try {
        await this.#take(file, files);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#around.report(error.rule, `"${file.name}": ${error.message}`);
        this.#failure = { rule: error.rule, message: error.message, file: file.name, print: file.node.etag };
        break;
      }
    }
  }

  /**
   * "Choose a file-detection strategy" in the best practices: the exact next number, and a missing one holds up all later ones; or the order of LastModified, in which
   * equal times have none.
   */
  #nextOf(files: readonly NamedFile[]): NamedFile | undefined {
    const waiting = files.filter(({ name }) => !this.#taken.has(name));
    if (this.#metadata?.strategy === 'LastUpdateTimeFileDetection') {
      return waiting.sort((a, b) => a.node.modified.getTime() - b.node.modified.getTime() || (a.name < b.name ? 1 : -1))[0];
    }
    const next = waiting.find(({ number }) => number === this.#next);
    if (next === undefined && waiting.some(({ number }) => (number ?? 0n) > this.#next)) this.#waitsFor = sequentialName(this.#next);
    return next;
  }

  async #take(file: NamedFile, files: readonly NamedFile[]): Promise<void> {
    const { connection, scratch, options } = this.#around;
    const { name, node, number } = file;
    if (number !== undefined && files.some((one) => one !== file && one.number === number)) {
      throw new Refused('TwoFilesOneNumber', `"${name}" is not alone.`);
    }
    const metadata = this.#metadata ?? noMetadata;
    const landed = await readLandedFile(connection, { content: node.content, name, scratch: `${scratch}.parquet` });
    this.#checkEarly(name, landed);
    if (this.#metadata === undefined) this.#reportOnce('TakenWithoutKeys', `"${name}" was taken without.`);
    await this.#apply(landed, metadata);
    await this.#delta?.commit(connection, { columns: this.#columns, keys: metadata.keyColumns, scratch: `${scratch}.delta.parquet` });
    this.#taken.set(name, { print: node.etag, movedAt: undefined });
    this.#next += 1n;
    this.#rows += landed.rows;
    this.#bytes += node.content.length;
    this.#lastSync = options.now();
  }

  /** "Plan for recovery" in the best practices, step 4. */
  #checkEarly(name: string, { hasMarker }: LandedFile): void {
    const { isAgain, options } = this.#around;
    const isEarly = isAgain && this.#seen.get(name)?.isBeforeTable === true;
    if (isEarly && options.isIncrement({ name, isFirst: this.#taken.size === 0, hasMarker })) {
      throw new Refused('EarlyIncrement', `"${name}" was there before.`);
    }
  }

  /** A file is applied whole or not at all. */
  async #apply(file: LandedFile, metadata: Metadata): Promise<void> {
    const { connection } = this.#around;
    const columns = mergedColumns(this.#columns, file);
    await connection.run('begin');
    try {
      if (this.#columns.length === 0) {
        await connection.run(`create table ${quoted(this.name)} (${columns.map((one) => `${quoted(one.name)} ${one.type}`).join(', ')})`);
      }
      const added = this.#columns.length === 0 ? [] : columns.slice(this.#columns.length);
      for (const one of added) await connection.run(`alter table ${quoted(this.name)} add column ${quoted(one.name)} ${one.type}`);
      await applyLanded(connection, this.name, file, metadata);
      await connection.run('commit');
    } catch (error) {
      await connection.run('rollback');
      throw error;
    }
    this.#columns = columns;
  }

  /** "Cleanup process" and "File name" in the landing zone's page. */
  #cleanUp(): void {
    const { now, lastFileStays } = this.#around.options;
    const last = [...this.#taken.keys()].at(-1);
    for (const [name, taken] of this.#taken) {
      const node = this.folder.children.get(name);
      const stays = lastFileStays && name === last;
      if (taken.movedAt === undefined && !stays) {
        taken.movedAt = now();
        if (node !== undefined) attach(this.folder, `_ProcessedFiles/${name}`, node);
        this.folder.children.delete(name);
      }
      if (taken.movedAt !== undefined && now() >= taken.movedAt + removedAfter) {
        const processed = lookup(this.folder, '_ProcessedFiles');
        if (processed?.kind === 'folder') processed.children.delete(name);
      }
    }
  }
}
