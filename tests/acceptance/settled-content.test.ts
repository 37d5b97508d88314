import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { duck } from '../support/duck.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = 'home: in\nstore: { path: lake, format: ndjson }\nrun_type: incremental\nwatermark: { column: id }\n';
const rows = (from: number, to: number) => `select range as id, 'a' || range as name from range(${from}, ${to})`;

interface ManifestFile {
  readonly name: string;
  readonly role: string;
  readonly looks?: string;
}
interface Manifest {
  readonly files: readonly ManifestFile[];
}

const head = (workspace: TestWorkspace) => workspace.path('lake', '_hygge', 'f', 'f', 'current.json');
const manifest = (workspace: TestWorkspace) => JSON.parse(readFileSync(head(workspace), 'utf8')) as Manifest;
const largest = (workspace: TestWorkspace) => {
  const names = readdirSync(workspace.path('lake')).filter((name) => name.endsWith('.ndjson'));
  const [file = ''] = names.sort((a, b) => statSync(workspace.path('lake', b)).size - statSync(workspace.path('lake', a)).size);
  return workspace.path('lake', file);
};

async function settled(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
  await workspace.parquet('in/1.parquet', rows(0, 2000));
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in/2.parquet', rows(2000, 2010));
  return workspace;
}

async function go(workspace: TestWorkspace, ...args: readonly string[]) {
  const run = await hygge(['go', '--output', 'json', ...args], workspace.root);
  const events = run.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly event: string; readonly code?: string; readonly why?: readonly string[] });
  const error = events.find(({ event }) => event === 'error');
  noteWithin(error);
  return { ...run, error };
}

/** Another name in the middle of the file: row by row of the same size. */
function edit(path: string): void {
  const body = readFileSync(path);
  const at = body.indexOf('"name":"a', body.byteLength / 2) + '"name":"'.length;
  body[at] = 'b'.charCodeAt(0);
  writeFileSync(path, body);
}

async function counted(workspace: TestWorkspace): Promise<readonly Record<string, unknown>[]> {
  const files = manifest(workspace).files.map(({ name }) => `'${workspace.path('lake', name)}'`);
  return duck(
    `select count(*)::int as n, count(distinct id)::int as ids, count(*) filter (name like 'b%')::int as edited from read_json([${files}], format = 'newline_delimited')`,
  );
}

const verify = (workspace: TestWorkspace, ...args: readonly string[]) => hygge(['verify', '--settled', ...args], workspace.root);

describe('a settled file that was edited at equal size', () => {
  it('stops the next run, its dry run and debug, and is named by verify; put back, all is well', async () => {
    using workspace = await settled();
    const path = largest(workspace);
    copyFileSync(path, workspace.path('kept'));
    edit(path);
    const named = path.slice(path.lastIndexOf('/') + 1);
    expect((await go(workspace)).error).toMatchObject({ code: 'HYG-2072', why: [expect.stringContaining(named)] });
    expect((await go(workspace, '--dry-run')).error).toMatchObject({ code: 'HYG-2072' });
    expect((await hygge(['debug'], workspace.root)).stdout).toContain('HYG-2072');
    const wrong = await verify(workspace, 'f.f');
    expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringContaining(named)]);
    copyFileSync(workspace.path('kept'), path);
    expect(await go(workspace)).toMatchObject({ code: 0 });
    expect(await counted(workspace)).toEqual([{ n: 2010, ids: 2010, edited: 0 }]);
    expect((await verify(workspace)).code).toBe(0);
  });

  it.each([
    ['reset f.f', 0],
    ['reset f.f --adopt', 1],
  ])('goes on after hygge %s', async (command, edited) => {
    using workspace = await settled();
    edit(largest(workspace));
    const { error } = await go(workspace);
    expect(JSON.stringify(error)).toContain(`hygge ${command}`);
    expect((await hygge([...command.split(' '), '--yes'], workspace.root)).code).toBe(0);
    for (let i = 0; i < 2; i++) expect(await go(workspace)).toMatchObject({ code: 0 });
    expect(await counted(workspace)).toEqual([{ n: 2010, ids: 2010, edited }]);
    for (const looking of [['debug'], ['status'], ['verify', '--settled']])
      expect([looking, (await hygge(looking, workspace.root)).code]).toEqual([looking, 0]);
  });

  it('with its time put back is found by verify alone', async () => {
    using workspace = await settled();
    const path = largest(workspace);
    const { atimeMs, mtimeMs } = statSync(path);
    // Whole milliseconds, which is all that utimes can set exactly.
    utimesSync(path, atimeMs / 1000, Math.floor(mtimeMs) / 1000);
    expect(await go(workspace)).toMatchObject({ code: 0 });
    edit(path);
    utimesSync(path, atimeMs / 1000, Math.floor(mtimeMs) / 1000);
    expect(await go(workspace)).toMatchObject({ code: 0 });
    const { code, stdout } = await verify(workspace, '--output', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      flow: 'f',
      entity: 'f',
      ok: false,
      changed: [path.slice(path.lastIndexOf('/') + 1)],
      missing: [],
    });
    expect((await hygge(['reset', 'f.f', '--yes'], workspace.root)).code).toBe(0);
    expect(await go(workspace)).toMatchObject({ code: 0 });
    expect((await verify(workspace)).code).toBe(0);
  });
});

describe('what only looks otherwise', () => {
  it('a lake that was copied back is compared once, and known by its new looks from then on', async () => {
    using workspace = await settled();
    const before = manifest(workspace);
    renameSync(workspace.path('lake'), workspace.path('backup'));
    cpSync(workspace.path('backup'), workspace.path('lake'), { recursive: true });
    const untouched = readFileSync(head(workspace));
    expect((await go(workspace, '--dry-run')).error).toBeUndefined();
    expect((await hygge(['debug'], workspace.root)).code).toBe(0);
    expect(readFileSync(head(workspace)).equals(untouched)).toBe(true);
    expect(await go(workspace)).toMatchObject({ code: 0 });
    const [first, now] = [before.files[0], manifest(workspace).files.find(({ name }) => name === before.files[0]?.name)];
    expect(now).toEqual({ ...first, looks: expect.not.stringMatching(`^${first?.looks}$`) });
  });
});
