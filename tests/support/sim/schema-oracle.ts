import type { SchemaSnapshot } from '../../../src/engine/contracts/records.ts';
import type { Head } from '../../../src/engine/contracts/store.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import type { StateRow } from '../../../src/ports/state.ts';
import { multiset, type Row, rowText } from './rows.ts';
import { must } from './violation.ts';
import { key, type World } from './world.ts';

/** One commit, wholly: the columns that the destination has, and its rows. */
export interface Moment {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Rows, the schema of the head and the settled snapshot belong to one commit: never new data under an old snapshot, nor the reverse. */
export class SchemaOracle {
  /** All that may be seen from now on; null: anything. */
  moments: readonly Moment[] | null = null;
  readonly #world: World;
  readonly #heads = new Map<string, { readonly schema: string; readonly rows: string }>();
  /** What readers saw before its head when another head came: an adopted one. */
  readonly #taken = new Set<string>();
  readonly #snapshots = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  async check(row: StateRow | undefined): Promise<void> {
    if (!this.#world.ruined) this.#head(row);
    await this.#settled(row);
  }

  #head(row: StateRow | undefined): void {
    const { destination } = this.#world;
    const [head, ahead] = [destination.head(), destination.ahead?.() ?? null];
    if (ahead !== null && !this.#taken.has(ahead)) {
      if (head !== null && !this.#heads.has(head.id)) this.#taken.add(ahead);
      else {
        must(this.#world.estranged || row?.pending?.id === ahead, `readers see the rows of ${ahead}, and ${row?.pending?.id} is pending`);
        return;
      }
    }
    if (!head) return;
    // Others may come at any time.
    const rows = destination.rows().filter(({ by }) => by !== 'theirs');
    const [schema, text] = [schemaText(head.schema), multiset(rows)];
    const known = this.#heads.get(head.id);
    if (!known) rowsFitSchema(head, rows);
    if (!known) filesFitSchema(head, destination.shapes?.() ?? []);
    this.#heads.set(head.id, known ?? { schema, rows: text });
    must(known === undefined || known.schema === schema, `the head ${head.id} has another schema than it came with`);
    must(known === undefined || known.rows === text, `the head ${head.id} shows other rows than it came with`);
    const isOne = this.moments?.some(({ columns, rows }) => columnNames(head.schema) === columns.join() && multiset(rows) === text) ?? true;
    must(isOne, `readers see [${text}] with columns ${columnNames(head.schema)}: that is no commit, neither the old nor the new`);
  }

  /** Of the settled commit, also while the head has moved on already. */
  async #settled(row: StateRow | undefined): Promise<void> {
    const settled = row?.settled;
    const head = settled && this.#heads.get(settled.id);
    if (!head) return;
    const { id, snapshot } = settled;
    const schema = snapshot === null ? schemaText(null) : await this.#snapshot(snapshot);
    must(schema === head.schema, `${id} settled with the snapshot ${schema}, but its head has ${head.schema}`);
  }

  async #snapshot(ref: string): Promise<string> {
    const known = this.#snapshots.get(ref);
    if (known !== undefined) return known;
    const found = (await this.#world.rawState().getObject(key, ref)) as unknown as SchemaSnapshot | undefined;
    must(found !== undefined, `the settled snapshot ${ref} is not there`);
    const { schema, expects } = found;
    const ofSource = schema && { columns: schema.columns.filter(({ name }) => name !== this.#world.destination.markColumn) };
    must(columnNames(ofSource) === columnNames({ columns: expects }), `the snapshot ${ref} expects other columns than it settled`);
    this.#snapshots.set(ref, schemaText(schema));
    return schemaText(schema);
  }
}

/** A value in a column that the head does not know was read under another schema. */
function rowsFitSchema(head: Head, rows: readonly Row[]): void {
  if (!head.schema) return;
  const columns = new Set(head.schema.columns.map(({ name }) => name));
  for (const row of rows) {
    const beyond = Object.keys(row).find((name) => row[name] !== null && !columns.has(name));
    const theirs = rowText(row).includes('theirs');
    must(beyond === undefined || theirs, `row ${rowText(row)} has ${beyond}, a column that the head ${head.id} does not have`);
  }
}

/** Readers of all files at once want one type of a column. */
function filesFitSchema({ id, schema }: Head, files: readonly Schema[]): void {
  const types = new Map((schema?.columns ?? []).map(({ name, type }) => [name, type.kind]));
  for (const { name, type } of files.flatMap(({ columns }) => columns))
    must(
      (types.get(name) ?? type.kind) === type.kind,
      `the head ${id} has ${name} as ${types.get(name)}, and a file of it as ${type.kind}`,
    );
}

function schemaText(schema: Schema | null): string {
  return schema === null
    ? 'none'
    : schema.columns.map(({ name, type, nullable }) => `${name} ${type.kind}${nullable ? '?' : ''}`).join(', ');
}

function columnNames(schema: Schema | null): string {
  return (schema?.columns ?? []).map(({ name }) => name).join();
}
