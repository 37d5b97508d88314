import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { textFile } from '../../src/pack/file.ts';
import { builtApp } from '../../src/pack/home.ts';
import { tryPackage } from '../../src/pack/trial.ts';
import { writeZip } from '../../src/pack/zip-file.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { hygge } from '../cli/workspace.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { canary, type OnePackage, packageOfThisRun } from '../support/function-host/packed-app.ts';
import { startFunctionHost } from '../support/function-host/start-host.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { node } from '../support/run-hygge.ts';

vi.mock('node:zlib', async (original) =>
  (await import('../support/stored-zips.ts')).withStoredZips(original as () => Promise<typeof import('node:zlib')>),
);

let made: OnePackage;
/** What is in it. */
let files: ReadonlyMap<string, Uint8Array>;
/** Of these tests alone. */
let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'hygge-pack-test-'));
  made = await packageOfThisRun();
  files = new Map(Object.entries(unzipSync(readFileSync(join(made.workspace, 'app.zip')))));
});

afterAll(() => rm(base, { recursive: true, force: true }));

const text = (path: string) => new TextDecoder().decode(files.get(path));

describe('hygge pack', () => {
  it('makes a package with the app, what the platform reads, and the engine for Linux', () => {
    const names = [...files.keys()];
    for (const name of ['host.json', 'package.json', 'start.mjs', 'app.mjs', 'hygge-pack.json', 'node_modules/nodejs-polars/bin/index.js'])
      expect(names).toContain(name);
    const engine = files.get('node_modules/nodejs-polars-linux-x64-gnu/nodejs-polars.linux-x64-gnu.node');
    expect([...(engine?.subarray(0, 5) ?? []), engine?.[18]]).toEqual([0x7f, 0x45, 0x4c, 0x46, 2, 0x3e]);
    const { engines } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(JSON.parse(text('package.json'))).toMatchObject({ type: 'module', main: 'start.mjs', engines });
    expect(names.filter((name) => name.startsWith('node_modules/')).every((name) => name.startsWith('node_modules/nodejs-polars'))).toBe(
      true,
    );
  });

  it('holds the licence of each native package in full, and hygge’s own', () => {
    const notices = text('THIRD-PARTY-NOTICES.txt');
    expect(notices).toMatch(/^@azure\/data-tables \d+\.\d+\.\d+ \(MIT\)$/m);
    const root = join(import.meta.dirname, '../..');
    const native = [...files.keys()].flatMap((name) => /^node_modules\/(.+)\/package\.json$/.exec(name)?.[1] ?? []);
    expect(native.length).toBeGreaterThan(1);
    for (const name of native) {
      const { version, license } = JSON.parse(text(`node_modules/${name}/package.json`));
      const [, notice = ''] = notices.split(`${name} ${version}\nLicence: ${license}\n`);
      expect(notice).toContain(readFileSync(join(root, 'node_modules/nodejs-polars/LICENSE'), 'utf8').trim());
    }
    expect(text('LICENSE')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it('tells its size, its files, its checksum and how long it takes to import', async () => {
    const { createHash } = await import('node:crypto');
    const zip = readFileSync(join(made.workspace, 'app.zip'));
    expect(made.told).toMatchObject({
      bytes: zip.byteLength,
      files: files.size,
      sha256: createHash('sha256').update(zip).digest('hex'),
      flows: ['shop'],
      with_config: true,
      hub: JSON.parse(text('host.json')).extensions.durableTask.hubName,
      import_ms: { app: expect.any(Number) },
    });
    expect(made.stderr).toContain('packing: ');
  });

  it('holds no secret of the machine: no .env, no settings, nothing that is no config', () => {
    for (const [name, body] of files) expect([name, Buffer.from(body).includes(canary)]).toEqual([name, false]);
    expect([...files.keys()].filter((name) => /(^|\/)\.(env|hygge)|local\.settings/.test(name))).toEqual([]);
  });

  it('holds the config only because it was asked to', () => {
    expect([...files.keys()].filter((name) => name.startsWith('workspace/'))).toEqual([
      'workspace/flows/shop/entities/customers.yml',
      'workspace/flows/shop/entities/orders.yml',
      'workspace/flows/shop/flow.yml',
      'workspace/hygge.yml',
    ]);
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('runs elsewhere with nothing but what is in it', () => {
    const folder = made.unpacked;
    const elsewhere = join(base, 'elsewhere');
    mkdirSync(elsewhere);
    const script = `
      import { createRequire } from 'node:module';
      const before = Object.keys(process.env);
      await import(${JSON.stringify(join(folder, 'start.mjs'))});
      const set = Object.keys(process.env).filter((name) => name.startsWith('HYGGE_'));
      const native = process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
      const polars = createRequire(${JSON.stringify(join(folder, 'start.mjs'))})('nodejs-polars');
      const rows = polars.readCSV('a\\n1\\n2\\n').height;
      process.stdout.write('\\n' + JSON.stringify({ set, flows: process.env.HYGGE_FLOWS, native, rows }), () => process.exit(0));`;
    const env = { PATH: process.env.PATH, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    const started = spawnSync(node, ['--input-type=module', '-e', script], { cwd: elsewhere, env, encoding: 'utf8' });
    expect(started.status, started.stderr).toBe(0);
    expect(JSON.parse(started.stdout.split('\n').at(-1) ?? '')).toEqual({
      set: expect.arrayContaining(['HYGGE_FLOWS', 'HYGGE_CONFIG']),
      flows: 'shop',
      // Nothing native is loaded before a step asks for it.
      native: [],
      rows: 2,
    });
  });
});

describe('a packed app that cannot be loaded', () => {
  /** What the platform's log has of a start that failed. */
  const fails = async (folder: string, more: readonly string[] = []): Promise<string> => {
    await using host = await startFunctionHost({ app: join(folder, 'start.mjs'), settings: { NODE_OPTIONS: more.join(' ') } });
    return (await host.fetch('/api/flows')).status === 404 ? host.logged().join('\n') : 'it started';
  };

  it('fails its start, and is no app without functions', async () => {
    const folder = await mkdtemp(join(base, 'torn-'));
    writeFileSync(join(folder, 'start.mjs'), text('start.mjs'));
    writeFileSync(join(folder, 'app.mjs'), "import { nothing } from 'node:zlib';\n");
    expect(await fails(folder)).toContain("does not provide an export named 'nothing'");
  });

  it('because its Node is too old says so', async () => {
    const older = join(base, 'older.mjs');
    writeFileSync(older, "Object.defineProperty(process.versions, 'node', { value: '20.19.0' });\n");
    const said = await fails(made.unpacked, ['--import', older]);
    const [, code, what] = /(HYG-\d{4}) (.*)/.exec(said) ?? [];
    noteWithin({ code, what });
    expect(said).toContain('HYG-6051 It needs Node 22.15 or newer; this is Node 20.19.0.');
  });
});

describe('the packed app', () => {
  const azurite = sharedAzurite();

  it('reads the config that was pushed, and says so when none was', async () => {
    const folder = made.unpacked;
    const { connectionString, blobUrl } = await azurite();
    const env = { PATH: process.env.PATH, AzureWebJobsStorage: connectionString, HYGGE_CONFIG: `${blobUrl}/pushed`, HYGGE_ROOT: base };
    const start = () => {
      const script = `await import(${JSON.stringify(join(folder, 'start.mjs'))}); process.exit(0);`;
      return spawn(node, ['--input-type=module', '-e', script], { cwd: base, env });
    };
    expect(await endOf(start())).toMatchObject({ code: 1, said: expect.stringContaining('HYG-5303 No config was pushed yet.') });
    const surroundings = fakeSurroundings(made.workspace, { environment: env });
    expect(await run(['config', 'push'], surroundings)).toBe(0);
    expect(await endOf(start())).toMatchObject({ code: 0 });
  });
});

async function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly said: string }> {
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.join('') };
}

describe('before anything is packed', () => {
  it.each([
    ['without a word on which flows', ['pack'], 'HYG-1901'],
    ['with two words on it', ['pack', '--all', '--flow', 'shop'], 'HYG-1901'],
    ['for a flow that is not there', ['pack', '--flow', 'shoop'], 'HYG-1902'],
  ])('%s, pack is refused', async (_name, args, code) => {
    const refused = await hygge([...args, '--out', 'never.zip'], made.workspace);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(code) });
    expect(existsSync(join(made.workspace, 'never.zip'))).toBe(false);
  });
});

it('that is stopped leaves an earlier package as it was, and nothing of its own', async () => {
  const workspace = made.workspace;
  writeFileSync(join(workspace, 'earlier.zip'), 'earlier');
  const surroundings = fakeSurroundings(workspace);
  const listening = surroundings.onStop;
  const running = run(['pack', '--all', '--out', 'earlier.zip'], {
    ...surroundings,
    onStop(listener) {
      const unlisten = listening(listener);
      listener('SIGTERM');
      return unlisten;
    },
  });
  expect(await running).toBe(143);
  expect(surroundings.stdout()).toContain('No package was made');
  expect(readFileSync(join(workspace, 'earlier.zip'), 'utf8')).toBe('earlier');
  expect(readdirSync(workspace).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('is refused where there is no built app to pack', async () => {
  await expect(builtApp(made.workspace)).rejects.toThrow('HYG-1941');
});

describe('a package that does not start', () => {
  it('is told, with what is missing and no path of this machine', async () => {
    const target = join(base, 'broken.zip');
    const check = async (zip: string) => void (await tryPackage(zip, { main: 'start.mjs', natives: [] }));
    const broken = [textFile('package.json', '{"type":"module"}'), textFile('start.mjs', "import 'nowhere-to-be-found';\n")];
    const failed = await writeZip(target, broken, { told: () => {}, check }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'HYG-9301', why: expect.arrayContaining([expect.stringContaining('nowhere-to-be-found')]) });
    expect(JSON.stringify(failed)).not.toContain(tmpdir());
    expect(existsSync(target)).toBe(false);
  });
});
