import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

interface Scene {
  readonly mode?: string;
  readonly schema?: string;
  readonly more?: string;
  readonly format?: string;
  readonly optional?: boolean;
  readonly load?: string;
  readonly home?: string;
}

const contract = (optional = false) =>
  `columns:\n  id: { type: int64 }\n  amt: { type: int64, min: 0${optional ? ', optional: true' : ''} }\n  a: { type: string }\n`;

function scene({ mode = 'strict', schema = 'warn', more = '', format = 'csv', optional = false, load = 'incremental', home }: Scene) {
  const flow = `home: ${home ?? `{ path: "in/{entity}", format: ${format} }`}\nstore: { path: lake }\nrun_type: ${load}\nschema: { mode: ${schema} }\nvalidation: { contract: c.yml, mode: ${mode} }\n${more}entities: [e]\n`;
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow, 'c.yml': contract(optional) });
  place = workspace;
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, {});
  const run = async () => {
    const { code, stdout, stderr } = await hygge('go');
    return { code, said: stdout + stderr };
  };
  const count = async () => (await workspace.settled('lake', 'f', 'e')).length;
  const sql = (statements: string) => {
    using db = new DatabaseSync(workspace.path('source.db'));
    db.exec(statements);
  };
  return { run, hygge, count, sql, write: (files: Readonly<Record<string, string>>) => workspace.write(files) };
}

const whole = 'id,amt,a\n1,5,x\n2,6,y\n';
const without = 'id,a\n3,z\n4,w\n';

describe('a file without a column of the contract', () => {
  it.each(['warn'])(
    'stops the run in mode strict (schema: %s), and settles once the contract calls the column optional',
    async (schema) => {
      const { run, count, write } = scene({ schema });
      write({ 'in/e/1.csv': whole });
      expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
      write({ 'in/e/2.csv': without, 'in/e/3.csv': 'id,amt,a\n5,7,v\n' });
      const stopped = await run();
      expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
      expect(stopped.said).toContain('2.csv does not have the column amt');
      expect(await count()).toBe(2);
      expect(stopped.said).toContain('columns: { amt: { optional: true } }');
      write({ 'c.yml': contract(true) });
      expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
      expect(await count()).toBe(5);
    },
  );

  it('stops a full load whose files all lost the column, and keeps the rows that settled', async () => {
    const { run, count, write } = scene({ load: 'full_drop' });
    write({ 'in/e/1.csv': whole });
    expect((await run()).code).toBe(0);
    write({ 'in/e/1.csv': 'id,a\n3,z\n4,w\n5,v\n' });
    expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
    expect(await count()).toBe(2);
  });

  it('stops the first run where no file of it has the column, until the contract calls it optional', async () => {
    const { run, count, write } = scene({});
    write({ 'in/e/1.csv': without });
    expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
    write({ 'c.yml': contract(true) });
    expect((await run()).code).toBe(0);
    expect(await count()).toBe(2);
  });

  it('lets records of a first day come without a value', async () => {
    const { run, count, write } = scene({ format: 'ndjson' });
    write({ 'in/e/1.ndjson': '{"id":1,"a":"x"}\n' });
    expect((await run()).code).toBe(0);
    write({ 'in/e/2.ndjson': '{"id":2,"amt":5,"a":"x"}\n' });
    expect((await run()).code).toBe(0);
    expect(await count()).toBe(2);
  });

  it.each([['strict', 'strict']])(
    'is not a word in any run where the contract calls the column optional (mode: %s, schema: %s)',
    async (mode, schema) => {
      const { run, count, write } = scene({ mode, schema, optional: true });
      for (const [name, body] of Object.entries({ '1.csv': without, '2.csv': whole, '3.csv': without, '4.csv': 'id,amt,a\n5,7,v\n' })) {
        write({ [`in/e/${name}`]: body });
        const { code, said } = await run();
        expect([code, said]).toEqual([0, expect.stringContaining('PASS=1')]);
        expect(said).not.toMatch(/gone|null there|schema:|not judged/);
      }
      expect(await count()).toBe(7);
    },
  );

  it.each(['quarantine'])('is named by a warning in mode %s', async (mode) => {
    const { run, count, write } = scene({ mode });
    write({ 'in/e/1.csv': whole });
    expect((await run()).code).toBe(0);
    write({ 'in/e/2.csv': without });
    const { code, said } = await run();
    expect([code, said.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining('2.csv has no value in the column amt of the contract'),
    ]);
    expect(said).toContain('WARN=1');
    expect(await count()).toBe(4);
  });

  it('is named by a warning where its records alone tell its columns', async () => {
    const { run, write } = scene({ format: 'ndjson' });
    write({ 'in/e/1.ndjson': '{"id":1,"amt":5,"a":"x"}\n' });
    expect((await run()).code).toBe(0);
    write({ 'in/e/2.ndjson': '{"id":2,"a":"y"}\n{"id":3,"a":"y"}\n' });
    const { code, said } = await run();
    expect([code, said.replaceAll(/\s+/g, ' ')]).toEqual([0, expect.stringContaining('2.ndjson has no value in the column amt')]);
  });

  it('is none where the column has another name in it that a migration renames', async () => {
    const { run, count, write } = scene({ more: 'migrations: [{ rename: { Amount: amt } }]\n' });
    write({ 'in/e/1.csv': whole.replace('amt', 'Amount') });
    expect((await run()).code).toBe(0);
    write({ 'in/e/2.csv': 'id,Amount,a\n3,1,z\n' });
    expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
    write({ 'in/e/3.csv': without });
    expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
    expect(await count()).toBe(3);
  });
});

describe('a dry run with a file without a column of the contract', () => {
  const lastLine = (said: string) => said.replaceAll(/\s+/g, ' ');

  it('stops as the run does, in the first load and later', async () => {
    const { run, hygge, write } = scene({ schema: 'strict' });
    const dry = async () => {
      const { code, stdout, stderr } = await hygge('go', '--dry-run');
      return { code, said: lastLine(stdout + stderr) };
    };
    write({ 'in/e/1.csv': whole, 'in/e/2.csv': without });
    const says = { code: 1, said: expect.stringMatching(/HYG-2138.*2\.csv does not have the column amt/) };
    expect(await dry()).toMatchObject(says);
    write({ 'in/e/2.csv': 'id,amt,a\n' });
    expect((await dry()).code).toBe(0);
    expect((await run()).code).toBe(0);
    write({ 'in/e/3.csv': without });
    expect(await dry()).toMatchObject({ ...says, said: expect.stringContaining('3.csv does not have the column amt') });
    expect(await run()).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
  });

  it('names the file in mode warn as the run does', async () => {
    const { run, hygge, write } = scene({ mode: 'warn' });
    write({ 'in/e/1.csv': whole, 'in/e/2.csv': without });
    const { code, stdout, stderr } = await hygge('go', '--dry-run');
    const says = expect.stringContaining('2.csv has no value in the column amt of the contract');
    expect([code, lastLine(stdout + stderr)]).toEqual([0, says]);
    const live = await run();
    expect([live.code, lastLine(live.said)]).toEqual([0, says]);
  });

  it('says nothing of a file without a row that the run reads', async () => {
    const more = 'watermark: { column: id }\n';
    const { run, hygge, write } = scene({ more });
    write({ 'in/e/1.csv': 'id,amt,a\n10,5,x\n', 'in/e/0.csv': 'id,a\n' });
    for (const args of [['go', '--dry-run'], ['go']]) expect((await hygge(...args)).code).toBe(0);
    write({ 'in/e/2.csv': without, 'in/e/3.csv': 'id,amt,a\n11,5,x\n' });
    expect((await hygge('go', '--dry-run')).code).toBe(0);
    expect((await run()).code).toBe(0);
  });

  it.each([
    ['id > 100', 0],
    ['id > 0', 1],
  ])('stops by the rows that where: %s lets through', async (where, code) => {
    const { run, hygge, write } = scene({ home: `{ path: "in/{entity}", format: csv, where: "${where}" }` });
    write({ 'in/e/1.csv': 'id,amt,a\n101,5,x\n', 'in/e/2.csv': without });
    expect((await hygge('go', '--dry-run')).code).toBe(code);
    expect((await run()).code).toBe(code);
  });
});

describe('a table without a column of the contract', () => {
  const home = '{ type: sqlite, path: source.db, table: "{entity}" }';
  const lacking = "create table e (id integer primary key not null, a text); insert into e values (1, 'x')";

  it('stops a run of mode strict before it reads, in the plan as well, and settles once the contract calls the column optional', async () => {
    const { run, hygge, count, sql, write } = scene({ home, more: 'watermark: { column: id }\n' });
    sql("create table e (id integer primary key not null, amt integer, a text); insert into e values (1, 5, 'x')");
    expect((await run()).code).toBe(0);
    sql("alter table e drop column amt; insert into e values (2, 'y')");
    const stopped = await run();
    expect(stopped).toMatchObject({ code: 1, said: expect.stringContaining('HYG-2138') });
    expect(stopped.said).toContain('The source does not have the column amt');
    expect(stopped.said).toContain('columns: { amt: { optional: true } }');
    expect((await hygge('go', '--dry-run')).code).toBe(1);
    expect(await count()).toBe(1);
    write({ 'c.yml': contract(true) });
    expect(await run()).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
    expect(await count()).toBe(2);
  });

  it.each([{ mode: 'quarantine' }, { more: 'schema_evolution: { remove_columns: null_fill }\n' }])(
    'settles in a first load with %j',
    async (said) => {
      const { run, count, sql } = scene({ home, load: 'full_drop', ...said });
      sql(lacking);
      expect((await run()).code).toBe(0);
      expect(await count()).toBe(1);
    },
  );
});
