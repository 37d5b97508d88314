import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isLinuxProgram, nativePackages } from '../../src/pack/natives.ts';
import { root as clone } from '../architecture/sources.ts';

const part = 'engine-linux-x64-gnu';

/** The beginning of a program for Linux on x64, linked with glibc. */
function program(changes: Readonly<Record<number, number>> = {}, library = 'libc.so.6'): Buffer {
  const bytes = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), Buffer.alloc(57), Buffer.from(`\0${library}\0`)]);
  bytes[18] = 0x3e;
  for (const [at, value] of Object.entries(changes)) bytes[Number(at)] = value;
  return bytes;
}

/** As npm packs: one folder called `package`. */
function archive(files: Readonly<Record<string, Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, body]) => {
    const header = Buffer.alloc(512);
    header.write(`package/${name}`, 0);
    header.write(body.byteLength.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    return [header, body, Buffer.alloc((512 - (body.byteLength % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

interface Place {
  /** What is in node_modules of the part for Linux. */
  readonly installed?: Buffer;
  /** What npm brings; a string: what it says as it fails. */
  readonly fetched?: Buffer | string;
  readonly integrity?: string;
}

/** A folder of hygge with a native package, and an npm of its own. */
function place({ installed, fetched = archive({ 'engine.node': program() }), integrity }: Place) {
  const root = mkdtempSync(join(tmpdir(), 'hygge-natives-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, body: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), body);
  };
  const others = { 'engine-darwin-arm64': '1.2.3', 'engine-linux-x64-musl': '1.2.3', 'engine-linux-arm64-gnu': '1.2.3' };
  write('node_modules/engine/package.json', JSON.stringify({ version: '1.2.3', optionalDependencies: { ...others, [part]: '1.2.3' } }));
  write('node_modules/engine/main.js', '');
  write('node_modules/engine/main.d.ts', '');
  if (installed !== undefined) {
    write(`node_modules/${part}/package.json`, JSON.stringify({ version: '1.2.3' }));
    write(`node_modules/${part}/engine.node`, installed);
  }
  const sum = integrity ?? `sha512-${createHash('sha512').update(fetched).digest('base64')}`;
  write('package-lock.json', JSON.stringify({ packages: { [`node_modules/${part}`]: { version: '1.2.3', integrity: sum } } }));
  write('archive.tgz', fetched);
  const npm =
    typeof fetched === 'string'
      ? `process.stderr.write(${JSON.stringify(fetched)}); process.exit(1);`
      : `require('node:fs').copyFileSync(${JSON.stringify(join(root, 'archive.tgz'))}, 'x.tgz');`;
  write('npm-cli.js', npm);
  const told: string[] = [];
  const request = {
    root,
    names: ['engine'],
    environment: { npm_execpath: join(root, 'npm-cli.js') },
    told: (line: string) => told.push(line),
  };
  return { request, told };
}

const shown = async (request: Parameters<typeof nativePackages>[0]) =>
  (await nativePackages(request)).map(({ name, from, files }) => ({ name, from, files: files.map(({ path }) => path).sort() }));

describe('the native part for Linux', () => {
  test('is what is installed, where that is the one', async () => {
    const { request, told } = place({ installed: program() });
    expect(await shown(request)).toEqual([
      { name: 'engine', from: 'installed', files: ['main.js', 'package.json'] },
      { name: part, from: 'installed', files: ['engine.node', 'package.json'] },
    ]);
    expect(told).toEqual([]);
  });

  test('is fetched where it is not installed, as on another system, and said so', async () => {
    const { request, told } = place({});
    expect((await shown(request)).at(1)).toEqual({ name: part, from: 'fetched', files: ['engine.node'] });
    expect(told).toEqual([`Fetching ${part} 1.2.3: the app runs on Linux, but the native part for Linux is not on this machine.`]);
  });

  test.each([
    ['a program for a Mac', Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 0, 0, 0, 0])],
    ['a program for ARM', program({ 18: 0xb7 })],
    ['a program of 32 bits', program({ 4: 1 })],
    ['a program for musl', program({}, 'libc.musl-x86_64.so.1')],
    ['nothing', Buffer.alloc(0)],
  ])('is not %s', (_name, installed) => {
    expect(isLinuxProgram(installed)).toBe(false);
  });

  test('is fetched where a program for ARM lies in its place', async () => {
    expect((await shown(place({ installed: program({ 18: 0xb7 }) }).request)).at(1)?.from).toBe('fetched');
  });

  test.each<readonly [string, Place, RegExp]>([
    [
      'has another checksum than package-lock.json says',
      { integrity: `sha512-${'A'.repeat(86)}==` },
      /^HYG-6312 .* is not the package that/,
    ],
    ['holds no such program', { fetched: archive({ 'engine.node': program({ 18: 0xb7 }) }) }, /^HYG-6312 .* contains no program for Linux/],
    ['has no checksum to compare', { integrity: '' }, /^HYG-6312 .* has no checksum/],
    ['cannot be fetched', { fetched: 'npm error code ENOTFOUND\n' }, /^HYG-6311 .* cannot be fetched/],
  ])('that %s is refused', async (_name, at, told) => {
    await expect(nativePackages(place(at).request)).rejects.toThrow(told);
  });

  test('that cannot be fetched says what npm said, but no address: it may hold a token', async () => {
    const said =
      'npm error code E401\nnpm error 401 Unauthorized - GET https://user:canary@example.com/engine\nnpm error A complete log…\n';
    const failed = await nativePackages(place({ fetched: said }).request).catch((error: unknown) => error);
    expect(failed).toMatchObject({ why: ['npm error code E401', 'npm error 401 Unauthorized - GET …'] });
  });
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('the engine of hygge is such a program', async () => {
  const request = { root: clone, names: ['nodejs-polars'], environment: {}, told: () => {} };
  const found = await nativePackages(request);
  expect(found.map(({ name, from }) => [name, from])).toEqual([
    ['nodejs-polars', 'installed'],
    ['nodejs-polars-linux-x64-gnu', 'installed'],
  ]);
});
