import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { commandsIn } from '../support/commands.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

interface Scene {
  readonly watermark?: string;
  readonly home?: string;
  readonly store?: string;
}

function scene({ watermark = 'column: at', home = '', store = 'path: lake' }: Scene = {}) {
  const flow = `home: { path: "in/*.csv"${home} }\nstore: { ${store} }\nrun_type: incremental\nwatermark: { ${watermark} }\n`;
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow });
  place = workspace;
  const { hygge: run } = commandsIn(workspace);
  const ids = async () => {
    const { stdout } = await inProcess(['query', 'SELECT id FROM f.f ORDER BY id', '--output', 'json'], workspace.root, {});
    return [...stdout.matchAll(/"id":\s*"?(\d+)/g)].map(([, id]) => Number(id));
  };
  return { run, ids, root: workspace.root, write: (files: Readonly<Record<string, string>>) => workspace.write(files) };
}

/** As a version of hygge left the state that kept no list of files with a watermark. */
function forgetList(root: string) {
  const states = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.state.yml'));
  const lists = states.filter((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const changed = text.replace(/"?seen"?: "?seen\/[^",\n}]+"?/, (found) => `${found.split(':')[0]}: null`);
    writeFileSync(join(root, path), changed);
    return changed !== text;
  });
  expect(lists).toHaveLength(1);
}

const backfillIn = (said: string) => /hygge (backfill \S+ --from \S+ --to \S+)/.exec(said.replace(/\s+/g, ' '))?.[1]?.split(' ') ?? [];

const kinds: readonly (readonly [string, Scene, (n: number) => string])[] = [
  ['a number with decimals', { home: ', types: { at: "decimal(10,2)" }' }, (n) => `${n}.25`],
];

it.each(kinds)(
  'a new file whose rows all lie below the watermark is named once, with a backfill that brings them in: %s',
  async (_, of, at) => {
    const { run, ids, write } = scene(of);
    write({ 'in/A_01.csv': `id,at\n1,${at(8)}\n` });
    expect(await run('go')).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
    write({ 'in/B_02.csv': `id,at\n2,${at(3)}\n3,${at(2)}\n` });
    const warned = await run('go');
    expect(warned).toMatchObject({ code: 0, said: expect.stringContaining('WARN=1') });
    expect(warned.said).toMatch(/B_02\.csv is new/);
    expect(warned.said).not.toMatch(/A_01\.csv/);
    expect(await run('go')).toMatchObject({ said: expect.not.stringContaining('B_02.csv') });
    write({ 'in/C_03.csv': `id,at\n4,${at(1)}\n` });
    const next = await run('go');
    expect(next.said).toMatch(/C_03\.csv is new/);
    expect(next.said).not.toMatch(/B_02\.csv/);
    for (const { said } of [warned, next]) {
      expect(backfillIn(said)).toHaveLength(6);
      expect(await run(...backfillIn(said))).toMatchObject({ code: 0 });
    }
    expect(await ids()).toEqual([1, 2, 3, 4]);
    expect(await run('go')).toMatchObject({ said: expect.not.stringContaining('is new') });
  },
);

it('names the file as well where the run settles rows of another one, and neither it nor the first ones again', async () => {
  const { run, write } = scene();
  write({ 'in/A_01.csv': 'id,at\n1,2024-01-08\n' });
  await run('go');
  write({ 'in/B_02.csv': 'id,at\n2,2024-01-03\n', 'in/C_03.csv': 'id,at\n3,2024-01-09\n' });
  const both = await run('go');
  expect(both.said).toMatch(/B_02\.csv is new/);
  expect(both.said).toContain('WARN=1');
  expect(await run('go')).toMatchObject({ said: expect.not.stringContaining('is new') });
});

it('names of the new files those with rows that where lets through, with their range', async () => {
  const { run, ids, write } = scene({ home: ", where: 'id <> 2'" });
  write({ 'in/A_01.csv': 'id,at\n1,2024-01-08\n' });
  await run('go');
  write({ 'in/B_02.csv': 'id,at\n2,2024-01-03\n', 'in/C_03.csv': 'id,at\n2,2024-01-01\n3,2024-01-04\n4,2024-01-05\n' });
  const { said } = await run('go');
  expect(said).toMatch(/in\/C_03\.csv is new/);
  expect(backfillIn(said).slice(2)).toEqual(['--from', '2024-01-04', '--to', '2024-01-06']);
  expect(await run(...backfillIn(said))).toMatchObject({ code: 0 });
  expect(await ids()).toEqual([1, 3, 4]);
  expect(await run('go')).toMatchObject({ said: expect.not.stringContaining('is new') });
});

it('names no file of a state that an earlier version left without a list, and names those that come later', async () => {
  const { run, write, root } = scene();
  write({ 'in/A_01.csv': 'id,at\n1,2024-01-08\n' });
  await run('go');
  forgetList(root);
  write({ 'in/B_02.csv': 'id,at\n2,2024-01-03\n' });
  expect(await run('go')).toMatchObject({ code: 0, said: expect.not.stringContaining('is new') });
  write({ 'in/C_03.csv': 'id,at\n3,2024-01-09\n' });
  expect(await run('go')).toMatchObject({ code: 0, said: expect.not.stringContaining('is new') });
  write({ 'in/D_04.csv': 'id,at\n4,2024-01-02\n' });
  expect(await run('go')).toMatchObject({ code: 0, said: expect.stringMatching(/in\/D_04\.csv is new/) });
});

it.each<[string, Scene, string]>([
  ['has a row at the watermark, which is read again', {}, '2,2024-01-08\n1,2024-01-08\n'],
  ['has rows below what initial leaves out', { watermark: 'column: at, initial: "2024-01-05"' }, '2,2024-01-03\n'],
])('says nothing of a new file that %s', async (_, of, rows) => {
  const { run, write } = scene(of);
  write({ 'in/A_01.csv': 'id,at\n1,2024-01-08\n' });
  await run('go');
  write({ 'in/B_02.csv': `id,at\n${rows}` });
  expect(await run('go')).toMatchObject({ code: 0, said: expect.not.stringContaining('B_02.csv') });
});
