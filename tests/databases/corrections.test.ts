// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
/** What a person has mended stands in every store, whatever runs, changes of the config and changes of the source come after it. */
import { readFileSync, rmSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { whole } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, duckdb, mariadb, onEach, postgres, sqlite, sqlserver } from './databases.ts';

/** Mends rows of people, who leave a nobody behind. */
class People implements Disposable {
  readonly #of: Database;
  readonly #source = new SqliteTestFile();
  readonly workspace = new TestWorkspace();

  constructor(database: Database, more = '', contract = rule) {
    this.#of = database;
    this.config(more, contract);
    this.source(
      'create table p (id integer primary key not null, at text not null, email text, note text)',
      `insert into p values (1, '2026-03-01', 'a1@x.dk', 'a'), (2, '2026-03-02', 'nobody', 'b'), (3, '2026-03-03', 'a3@x.dk', 'c'), (4, '2026-03-04', 'a4@x.dk', 'd')`,
    );
  }

  config(more: string, contract = rule, home = ', table: p'): void {
    const { connection, keys } = this.#of;
    this.workspace.write({
      'hygge.yml': `name: q\nconnections: { c: ${connection} }\n`,
      'flows/f/flow.yml': `home: { type: sqlite, path: ${this.#source.path}, types: { at: date }${home} }\nstore: { connection: c, table: e${keys} }\nrun_type: incremental\n${more}`,
      'k.yml': contract,
    });
  }

  source(...statements: readonly string[]): void {
    this.#source.sql(...statements);
  }

  async hygge(command: string, code = 0): Promise<string> {
    const ended = await inProcess(command.split(' '), this.workspace.root, { SHOP_SECRET: this.#of.password });
    if (ended.code !== code) throw new Error(`hygge ${command} ended ${ended.code}:\n${ended.stdout}${ended.stderr}`);
    return ended.stdout + ended.stderr;
  }

  async mend(from: string, to: string): Promise<string> {
    rmSync(this.workspace.path('mended.csv'), { force: true });
    await this.hygge('quarantine show f.f --to mended.csv');
    const lying = readFileSync(this.workspace.path('mended.csv'), 'utf8');
    expect(lying).toContain(from);
    this.workspace.write({ 'mended.csv': lying.replace(from, to) });
    return this.hygge('quarantine replay f.f --file mended.csv');
  }

  async rows(columns = 'id, email'): Promise<readonly string[]> {
    return [...(await this.#of.sql(`select ${columns} from e order by id`))];
  }

  async apart(): Promise<number> {
    const listed = await this.hygge('quarantine list --output json');
    return Number(/"rows":(\d+)/.exec(listed)?.[1] ?? 0);
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
    this.workspace[Symbol.dispose]();
  }
}

const rule = 'columns:\n  id: int64\n  email: { type: string, format: email }\n';
const judged = 'validation: { contract: k.yml, mode: quarantine }\n';
const merged = `watermark: { column: at, key: id, overlap: 3d }\n`;
const mended = ['1 a1@x.dk', '2 b@x.dk', '3 a3@x.dk', '4 a4@x.dk'];

const kinds: readonly DatabaseKind[] = [postgres, mariadb, sqlite, duckdb, sqlserver];

// Corrections are made before rows reach a store: its statements are those of other rows.
onEach(whole ? kinds : [sqlite], 'a correction in $name', (database) => {
  beforeEach(() => database.cleared());

  test('is in full loads, overlaps, backfills, repairs and after a reset, until the source changes the row', async () => {
    using people = new People(database, merged + judged);
    await people.hygge('go');
    await people.mend('nobody', 'b@x.dk');
    expect(await people.rows()).toEqual(mended);
    people.source(`update p set note = 'changed', at = '2026-03-05' where id = 4`);
    expect(await people.hygge('go')).toContain('corrections applied: 1');
    expect(await people.rows()).toEqual(mended);
    expect(await people.hygge('backfill f.f --from 2026-03-01 --to 2026-03-04')).toContain('corrections applied: 1');
    expect(await people.hygge('verify f.f')).toContain('same');
    expect(await people.hygge('go -d')).toContain('corrections applied: 1');
    expect(await people.rows()).toEqual(mended);
    people.source(`update p set email = 'new@x.dk' where id = 3`);
    await people.hygge('verify --repair -y');
    expect(await people.rows()).toEqual(['1 a1@x.dk', '2 b@x.dk', '3 new@x.dk', '4 a4@x.dk']);
    await people.hygge('reset f.f -y');
    expect(await people.hygge('go -d')).toContain('corrections applied: 1');
    expect(await people.apart()).toBe(0);
    people.source(`update p set email = 'nobody else', at = '2026-03-06' where id = 2`);
    expect(await people.hygge('go')).not.toContain('corrections applied');
    expect(await people.apart()).toBe(1);
    // The overlap replaces its stretch, but for the last good version.
    expect(await people.rows()).toEqual(['1 a1@x.dk', '2 b@x.dk', '3 new@x.dk', '4 a4@x.dk']);
    people.source(`update p set email = 'fine@x.dk', at = '2026-03-07' where id = 2`);
    await people.hygge('go');
    expect(await people.rows()).toEqual(['1 a1@x.dk', '2 fine@x.dk', '3 new@x.dk', '4 a4@x.dk']);
    expect(await people.hygge('verify f.f')).toContain('same');
  });

  test('stands under a renamed column, a mask and a rule of another name', async () => {
    using people = new People(database, merged + judged);
    await people.hygge('go');
    await people.mend('nobody', 'b@x.dk');
    people.config(
      `${merged + judged}migrations: [{ rename: { note: remark } }]\n`,
      `${rule}rules:\n  - { name: mail, check: "email != ''" }\n`,
    );
    expect(await people.hygge('go -d')).toContain('corrections applied: 1');
    expect(await people.hygge('verify f.f')).toContain('same');
    expect(await people.rows('id, email, remark')).toContain('2 b@x.dk b');
    people.config(
      `${merged + judged}migrations: [{ rename: { note: remark } }]\npolish: { mask: { columns: { email: hash }, secret: abcdefghijklmnopqrstuvwxyz0123456789 } }\n`,
      'columns:\n  id: int64\n',
    );
    await people.hygge('go -d');
    expect(await people.hygge('verify f.f')).toContain('same');
    expect(new Set((await people.rows('email')).map((one) => one.length))).toEqual(new Set([64]));
  });

  test('goes with a row that the source has deleted, and compared keys keep a mended row', async () => {
    using people = new People(database, `${merged}deletes: { compare: 1d, max: 100%, pause: 0s }\n${judged}`);
    people.source(...Array.from({ length: 30 }, (_, i) => `insert into p values (${i + 100}, '2026-02-10', 'x${i}@x.dk', '')`));
    people.source(`insert into p values (200, '2026-01-01', 'oldest@x.dk', '')`);
    await people.hygge('go');
    await people.mend('nobody', 'b@x.dk');
    await people.hygge('go --compare-deletes');
    expect((await people.rows()).slice(0, 4)).toEqual(mended);
    people.source('delete from p where id = 2');
    await people.hygge('go --compare-deletes');
    expect((await people.rows()).slice(0, 3)).toEqual(['1 a1@x.dk', '3 a3@x.dk', '4 a4@x.dk']);
    expect(await people.hygge('verify f.f')).toContain('same');
  });

  test('stands where the key was mended', async () => {
    using people = new People(
      database,
      `${merged}deletes: { compare: 1d, max: 100%, pause: 0s }\n${judged}`,
      'columns:\n  id: { type: int64, min: 0 }\n',
    );
    people.source(`insert into p values (-7, '2026-03-03', 'm@x.dk', 'm')`);
    people.source(...Array.from({ length: 30 }, (_, i) => `insert into p values (${i + 100}, '2026-02-10', 'x${i}@x.dk', '')`));
    people.source(`insert into p values (200, '2026-01-01', 'oldest@x.dk', '')`);
    await people.hygge('go');
    await people.mend('-7', '7');
    expect(await people.rows()).toContain('7 m@x.dk');
    await people.hygge('go -d');
    expect(await people.rows()).toContain('7 m@x.dk');
    await people.hygge('go --compare-deletes');
    expect(await people.rows()).toContain('7 m@x.dk');
    expect(await people.hygge('verify f.f')).toContain('same');
  });
});
