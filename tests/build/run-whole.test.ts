import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';

/** Many functions, each compiled when it is first called; says how much is compiled when the script begins, and does as the argument says. */
const many = (names: string) =>
  Array.from({ length: 3000 }, (_, i) => `${names}${i}: (a, b) => { const c = [a, b, ${i}]; return c.map(String).join('-'); }`);
const program = `(function (exports, require, module, __filename, __dirname) {
const { getHeapCodeStatistics, setFlagsFromString } = require('node:v8');
const compiled = getHeapCodeStatistics().bytecode_and_metadata_size;
const first = { ${many('f')} };
const second = { ${many('s')} };
const [, , , , does] = process.argv;
for (const each of Object.values(does === 'more' ? { ...first, ...second } : first)) each('x', 'y');
if (does === 'flag' || does === 'flag and back') setFlagsFromString('--heap-growing-percent=150');
if (does === 'flag and back') process.prependOnceListener('exit', () => setFlagsFromString('--heap-growing-percent=0'));
process.stdout.write(JSON.stringify({ compiled, does, name: require('node:path').basename(__filename), here: __dirname }));
process.exit(does === 'fail' ? 1 : 0);
})`;

const starts = `import { runWhole } from ${JSON.stringify(pathToFileURL(join(root, 'bin/run-whole.mjs')).href)};
runWhole(process.argv[2], process.argv[3] || undefined);`;

/** The program in a folder of its own, and a folder for what is compiled of it. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-whole-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [file, start, kept] = ['program.cjs', 'start.mjs', 'kept'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(file, program);
  writeFileSync(start, starts);
  mkdirSync(kept);
  const args = (does: string) => [start, file, kept, does];
  return {
    kept,
    args,
    file,
    run(does = '', { flags = [], into = kept }: { readonly flags?: readonly string[]; readonly into?: string } = {}) {
      const { status, stdout, stderr } = spawnSync(node, [...flags, start, file, into, does], { encoding: 'utf8' });
      expect(stderr).toBe('');
      return {
        status,
        ...(JSON.parse(stdout) as { readonly compiled: number; readonly does: string; readonly name: string; readonly here: string }),
      };
    },
    /** What is kept, and when it was. */
    files: () => readdirSync(kept).map((name) => ({ path: join(kept, name), at: statSync(join(kept, name)).mtimeMs })),
  };
}

test('the second run begins with what the first one compiled, and writes nothing', () => {
  const { run, files, file } = place();
  const first = run('x');
  expect(first).toMatchObject({ status: 0, does: 'x', name: 'program.cjs', here: join(file, '..') });
  const kept = files();
  expect(kept).toHaveLength(1);
  // V8 makes a copy of code that does not lie at a multiple of eight.
  expect(kept.map(({ path }) => (readFileSync(path).indexOf('\n') + 1) % 8)).toEqual([0]);
  expect(run().compiled).toBeGreaterThan(first.compiled + 500_000);
  expect(files()).toEqual(kept);
});

test('a run that compiles much more keeps that too', () => {
  const { run, files } = place();
  run();
  const [before] = files();
  const once = run('more');
  expect(files()).not.toEqual([before]);
  const twice = run('more');
  expect(twice.compiled).toBeGreaterThan(once.compiled + 500_000);
  expect(run().compiled).toBe(twice.compiled);
});

test('a run that fails keeps nothing', () => {
  const { run, files } = place();
  expect(run('fail').status).toBe(1);
  expect(files()).toEqual([]);
});

test('what is damaged, cut off or nothing at all is not used, and made anew', () => {
  const { run, files } = place();
  const cold = run().compiled;
  const [kept] = files();
  const path = kept?.path ?? '';
  const whole = readFileSync(path);
  const warm = run().compiled;
  const turned = Buffer.from(whole);
  turned[whole.length >> 1] = (turned[whole.length >> 1] ?? 0) ^ 1;
  for (const bytes of [turned, whole.subarray(0, whole.length >> 1), Buffer.alloc(0), Buffer.from('{}\n'), Buffer.from('null\nx')]) {
    writeFileSync(path, bytes);
    expect(run().compiled).toBe(cold);
    expect(run().compiled).toBe(warm);
  }
});

test('another program of the same length, or other flags of V8, have a file of their own', () => {
  const { run, files, file } = place();
  const cold = run().compiled;
  writeFileSync(file, program.replaceAll('-', '+'));
  expect(run().compiled).toBe(cold);
  expect(files()).toHaveLength(2);
  run('', { flags: ['--max-lazy'] });
  expect(files()).toHaveLength(3);
  run('', { flags: ['--max-lazy'] });
  expect(files()).toHaveLength(3);
});

test('flags that a run sets must be set back for it to be kept', () => {
  const { run, files } = place();
  run('flag');
  expect(files()).toEqual([]);
  const cold = run('flag and back').compiled;
  expect(files()).toHaveLength(1);
  expect(run('flag and back').compiled).toBeGreaterThan(cold);
});

test('where nothing can be kept, the program runs all the same and says nothing', () => {
  const { run, kept, files } = place();
  expect(run('', { into: '' }).status).toBe(0);
  expect(run('', { into: join(kept, 'nowhere') }).status).toBe(0);
  expect(files()).toEqual([]);
});

test('runs at the same time leave one whole file', async () => {
  const { run, args, files } = place();
  const cold = run('', { into: '' }).compiled;
  const codes = Array.from({ length: 6 }, () => new Promise((done) => spawn(node, args('more'), { stdio: 'ignore' }).on('exit', done)));
  expect(await Promise.all(codes)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(files()).toHaveLength(1);
  expect(run().compiled).toBeGreaterThan(cold + 1_000_000);
});

test.each([
  ['csv', 'parquet'],
  ['parquet', 'csv'],
  ['ndjson', 'parquet'],
  ['parquet', 'ndjson'],
])('hygge moves %s to %s with what the run before compiled', (from, to) => {
  buildOnce();
  const folder = mkdtempSync(join(tmpdir(), 'hygge-whole-go-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const flow = (name: string, text: string) => {
    mkdirSync(join(folder, 'flows', name), { recursive: true });
    writeFileSync(join(folder, 'flows', name, 'flow.yml'), text);
  };
  writeFileSync(join(folder, 'hygge.yml'), 'name: kept\n');
  writeFileSync(join(folder, 'towns.csv'), 'id,name\n1,"O\'Hara"\n2,Ærø\n');
  flow('made', `home: towns.csv\nstore: { path: made, format: ${from} }\n`);
  flow('moved', `home: { path: made, format: ${from} }\nstore: { path: moved, format: ${to} }\n`);
  const [kept, other] = [join(folder, 'kept'), join(folder, 'other')];
  const go = (name: string, compiled = kept) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
    return spawnSync(node, [hyggeCommand, 'go', '--flow', name, '-C', folder], { encoding: 'utf8', env });
  };
  const files = () =>
    readdirSync(kept, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('whole-'))
      .map((name) => ({ name, at: statSync(join(kept, name)).mtimeMs }));
  expect(go('made', other)).toMatchObject({ status: 0 });
  // The second one has a commit before it to look at.
  for (let i = 0; i < 2; i++) expect(go('moved')).toMatchObject({ status: 0 });
  const learnt = files();
  expect(learnt).toHaveLength(1);
  expect(go('moved')).toMatchObject({ status: 0 });
  expect(files()).toEqual(learnt);
});
