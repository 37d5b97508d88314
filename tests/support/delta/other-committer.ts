/**
 * A second program that commits to a table on a disk: it appends, puts files together, and deletes rows by writing files anew. It knows the log by its JSON entries alone,
 * and DuckDB reads and writes its files.
 */
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { count, duck } from '../duck.ts';
import { markedRows, type RawVector } from './marked-rows.ts';

interface Added {
  readonly path: string;
  readonly size: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly stats: string;
  readonly deletionVector?: RawVector;
}

const entryName = (version: number) => `${String(version).padStart(20, '0')}.json`;
const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

interface Metadata {
  readonly configuration: Readonly<Record<string, string>>;
  readonly schemaString: string;
}

export class OtherCommitter {
  readonly #folder: string;
  #files = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest version, and the files that it has. */
  state(): { readonly version: number; readonly files: readonly Added[] } {
    const files = new Map<string, Added>();
    for (let version = 0; ; version++) {
      const path = join(this.#folder, '_delta_log', entryName(version));
      if (!existsSync(path)) return { version: version - 1, files: [...files.values()] };
      for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
        const { add, remove } = JSON.parse(line) as { readonly add?: Added; readonly remove?: { readonly path: string } };
        if (remove) files.delete(remove.path);
        if (add) files.set(add.path, add);
      }
    }
  }

  /** A table of SQL with the rows of a file that are not marked as deleted. */
  rowsOf({ path, deletionVector }: Pick<Added, 'path' | 'deletionVector'>): string {
    const rows = `read_parquet(${quoted(join(this.#folder, decodeURIComponent(path)))}, hive_partitioning = false`;
    if (deletionVector === undefined) return `${rows})`;
    const marked = markedRows(deletionVector, (name) => readFileSync(join(this.#folder, name)));
    return `(select * exclude (file_row_number) from ${rows}, file_row_number = true) where file_row_number not in (${[...marked].join(', ')}))`;
  }

  /** A SELECT of all rows of the newest version. */
  rows(): string {
    return this.state()
      .files.map((file) => `select * from ${this.rowsOf(file)}`)
      .join(' union all by name ');
  }

  /** Rows of a SELECT. */
  async append(select: string): Promise<number> {
    return this.#commit('WRITE', [{ add: await this.#file(select, true) }]);
  }

  /** Rows of a SELECT in place of all rows. */
  async overwrite(select: string): Promise<number> {
    const removes = this.state().files.map(({ path, size, partitionValues }) => ({
      remove: { path, size, partitionValues, deletionTimestamp: Date.now(), dataChange: true },
    }));
    return this.#commit('WRITE', [...removes, { add: await this.#file(select, true) }]);
  }

  /** All files become one. @param columns as SELECT lists them: their order in a file and their physical types are the writer's choice. */
  async optimize(columns = '*'): Promise<number> {
    return this.#rewrite('OPTIMIZE', this.state().files, { columns, keep: 'true', dataChange: false });
  }

  /** Files with such rows are written anew without them. */
  async delete(where: string): Promise<number> {
    return this.#rewrite('DELETE', this.state().files, { columns: '*', keep: `not (${where})`, dataChange: true });
  }

  /** A file of an earlier version is in the table again. */
  restore(path: string): number {
    const { version } = this.state();
    const lines = Array.from({ length: version + 1 }, (_, at) => readFileSync(join(this.#folder, '_delta_log', entryName(at)), 'utf8'));
    const add = lines
      .flatMap((text) => text.split('\n').filter(Boolean))
      .map((line) => (JSON.parse(line) as { readonly add?: Added }).add)
      .findLast((one) => one?.path === path);
    return this.#commit('RESTORE', [{ add }]);
  }

  /** A file is not in the table any more. */
  drop(path: string): number {
    const { size, partitionValues } = this.state().files.find((one) => one.path === path) as Added;
    return this.#commit('DELETE', [{ remove: { path, size, partitionValues, deletionTimestamp: Date.now(), dataChange: true } }]);
  }

  /** Another property in the metadata, as ALTER TABLE … SET TBLPROPERTIES writes it. */
  setProperty(name: string, value: string): number {
    return this.#alter('SET TBLPROPERTIES', (metadata) => ({ configuration: { ...metadata.configuration, [name]: value } }));
  }

  /** Another column of texts, as ALTER TABLE … ADD COLUMN writes it. */
  addColumn(name: string): number {
    return this.#alter('ADD COLUMNS', ({ schemaString }) => {
      const schema = JSON.parse(schemaString) as { fields: readonly object[] };
      const fields = [...schema.fields, { name, type: 'string', nullable: true, metadata: {} }];
      return { schemaString: JSON.stringify({ ...schema, fields }) };
    });
  }

  /** As ALTER TABLE … SET TBLPROPERTIES writes it. */
  configure(properties: Readonly<Record<string, string>>): number {
    return this.#alter('SET TBLPROPERTIES', ({ configuration }) => ({ configuration: { ...configuration, ...properties } }));
  }

  #alter(operation: string, change: (metadata: Metadata) => Partial<Metadata>): number {
    const { version } = this.state();
    const lines = Array.from({ length: version + 1 }, (_, at) => readFileSync(join(this.#folder, '_delta_log', entryName(at)), 'utf8'));
    const metadata = lines
      .flatMap((text) => text.split('\n').filter(Boolean))
      .map((line) => (JSON.parse(line) as { metaData?: Metadata }).metaData)
      .findLast((one) => one !== undefined) as Metadata;
    return this.#commit(operation, [{ metaData: { ...metadata, ...change(metadata) } }]);
  }

  async #rewrite(
    operation: string,
    files: readonly Added[],
    { columns, keep, dataChange }: { readonly columns: string; readonly keep: string; readonly dataChange: boolean },
  ): Promise<number> {
    const all = files.map((file) => `select * from ${this.rowsOf(file)}`).join(' union all by name ');
    const add = await this.#file(`select ${columns} from (${all}) where ${keep}`, dataChange);
    const gone = files.map(({ path, size, partitionValues, deletionVector }) => ({
      remove: { path, size, partitionValues, deletionTimestamp: Date.now(), dataChange, extendedFileMetadata: true, deletionVector },
    }));
    return this.#commit(operation, [...gone, { add }]);
  }

  async #file(select: string, dataChange: boolean): Promise<Added & { readonly dataChange: boolean; readonly modificationTime: number }> {
    const name = `other-${process.pid}-${this.#files++}.parquet`;
    const path = join(this.#folder, name);
    await duck(`copy (${select}) to ${quoted(path)} (format parquet)`);
    const n = await count(`select count(*) as n from ${quoted(path)}`);
    return {
      path: name,
      size: statSync(path).size,
      partitionValues: {},
      stats: JSON.stringify({ numRecords: n }),
      dataChange,
      modificationTime: Date.now(),
    };
  }

  /** Answers the version. A link is made only if nothing has the name. */
  #commit(operation: string, actions: readonly object[]): number {
    const version = this.state().version + 1;
    const lines = [{ commitInfo: { timestamp: Date.now(), operation } }, ...actions].map((line) => JSON.stringify(line));
    const draft = join(this.#folder, '_delta_log', `.draft-${version}`);
    writeFileSync(draft, `${lines.join('\n')}\n`);
    linkSync(draft, join(this.#folder, '_delta_log', entryName(version)));
    rmSync(draft);
    return version;
  }
}
