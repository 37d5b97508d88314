/** Files and versions that changed rows after these settled: what `changed_files` keeps on purpose is not a difference. */
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flowOf = (home: string, policy: string, store: string) =>
  `home: ${home}\nstore: ${store}\nrun_type: incremental\nchanged_files: ${policy}\n`;
const table = '{ type: sqlite, path: out.db, table: e }';

class Scene implements Disposable {
  readonly workspace: TestWorkspace;

  constructor(home: string, policy: string, store: string) {
    this.workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flowOf(home, policy, store) });
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }

  async go(...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await inProcess(['go', ...args], this.workspace.root, {});
    expect(code, stdout + stderr).toBe(0);
  }

  async verdict(): Promise<readonly [verdict: string, because: string | null]> {
    const { stdout } = await inProcess(['verify', '--pause', '0s', '--output', 'json'], this.workspace.root, {});
    const { verdict, because } = JSON.parse(stdout.split('\n').find((line) => line.includes('"verdict"')) ?? '{}');
    return [verdict, because];
  }

  sql(statement: string): void {
    using database = new DatabaseSync(this.workspace.path('out.db'));
    database.exec(statement);
  }
}

const same = ['same', null];
const differs = ['differs', null];
const notTold = ['not told', 'changed files'];

async function deltaTable(scene: Scene): Promise<DeltaTable> {
  mkdirSync(scene.workspace.path('orders'));
  const columns = [
    { name: 'id', type: 'long' },
    { name: 'note', type: 'string' },
  ] as const;
  return DeltaTable.create(diskFolder(scene.workspace.path('orders')), { seed: 1, columns, style: 'spark' });
}

test.each([
  ['append', table],
  ['ignore', '{ path: lake, format: delta }'],
])('versions of a Delta table that changed rows, changed_files: %s into %s', async (policy, store) => {
  using scene = new Scene('{ path: orders, format: delta }', policy, store);
  await using orders = await deltaTable(scene);
  await orders.append([
    { id: 1, note: 'a' },
    { id: 2, note: 'b' },
  ]);
  await scene.go();
  await orders.append([{ id: 3, note: 'c' }]);
  await scene.go();
  expect(await scene.verdict()).toEqual(same);
  if (store === table) {
    scene.sql("update e set note = 'wrong' where id = 3");
    expect(await scene.verdict()).toEqual(differs);
    scene.sql("update e set note = 'c' where id = 3");
  }
  await orders.update((row) => (row.id === 1 ? { ...row, note: 'A' } : undefined), 'rewrite');
  await orders.append([{ id: 4, note: 'd' }]);
  await scene.go();
  expect(await scene.verdict()).toEqual(notTold);
  await orders.append([{ id: 5, note: 'e' }]);
  await scene.go();
  expect(await scene.verdict()).toEqual(notTold);
  if (store === table) {
    scene.sql('delete from e where id = 4');
    expect(await scene.verdict()).toEqual(differs);
  }
  await scene.go('-d');
  expect(await scene.verdict()).toEqual(same);
});

test.each(['append', 'replace'])('files that changed, changed_files: %s', async (policy) => {
  using scene = new Scene('in/*.csv', policy, policy === 'replace' ? 'lake' : table);
  const { workspace } = scene;
  workspace.write({ 'in/a.csv': 'id,note\n1,a\n2,b\n' });
  await scene.go();
  workspace.write({ 'in/b.csv': 'id,note\n3,c\n' });
  await scene.go();
  expect(await scene.verdict()).toEqual(same);
  if (policy !== 'replace') {
    scene.sql("update e set note = 'wrong' where id = 3");
    expect(await scene.verdict()).toEqual(differs);
    scene.sql("update e set note = 'c' where id = 3");
  }
  workspace.write({ 'in/a.csv': 'id,note\n1,AA\n2,b\n' });
  // The next run reads the file, or leaves it.
  expect(await scene.verdict()).toEqual(notTold);
  workspace.write({ 'in/c.csv': 'id,note\n4,d\n' });
  await scene.go();
  expect(await scene.verdict()).toEqual(policy === 'replace' ? same : notTold);
  workspace.write({ 'in/d.csv': 'id,note\n5,e\n' });
  await scene.go();
  expect(await scene.verdict()).toEqual(policy === 'replace' ? same : notTold);
  if (policy === 'append') {
    scene.sql('delete from e where id = 4');
    expect(await scene.verdict()).toEqual(differs);
  }
  await scene.go('-d');
  expect(await scene.verdict()).toEqual(same);
});

test('a file that changed while changed_files: fail is a difference', async () => {
  using scene = new Scene('in/*.csv', 'fail', table);
  scene.workspace.write({ 'in/a.csv': 'id,note\n1,a\n2,b\n' });
  await scene.go();
  scene.workspace.write({ 'in/a.csv': 'id,note\n1,AA\n2,b\n' });
  expect(await scene.verdict()).toEqual(differs);
});
