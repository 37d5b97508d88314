import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bytesFile, filesBelow, textFile } from '../../src/pack/file.ts';
import { filesInTar } from '../../src/pack/tar.ts';
import { writeZip } from '../../src/pack/zip-file.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'hygge-zip-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const quiet = { told: () => {}, check: async () => {} };
const large = Buffer.alloc(2_500_000, 'hygge ');
const files = [textFile('b/ø.txt', 'två'), textFile('empty', ''), bytesFile('a/large.bin', large), textFile('__proto__', 'x')];

describe('a package', () => {
  test('holds every file as it is', async () => {
    const target = join(folder(), 'x.zip');
    const { bytes } = await writeZip(target, files, quiet);
    const zip = readFileSync(target);
    expect(zip.byteLength).toBe(bytes);
    const held = new Map(Object.entries(unzipSync(zip)));
    for (const { path, read } of files.filter((one) => one.path !== '__proto__'))
      expect(Buffer.from(held.get(path) ?? []).equals(Buffer.from(await read()))).toBe(true);
  });

  test('of the same files has the same bytes, in whatever order and time zone it is made', async () => {
    const zone = process.env.TZ;
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    const made: string[] = [];
    for (const [TZ, order] of [
      ['UTC', files],
      ['Asia/Tokyo', [...files].reverse()],
      ['America/Lima', files],
    ] as const) {
      process.env.TZ = TZ;
      made.push((await writeZip(join(folder(), 'x.zip'), order, quiet)).sha256);
    }
    expect(new Set(made).size).toBe(1);
  });

  test('that is found wanting leaves the earlier one, and nothing of itself', async () => {
    const at = folder();
    const target = join(at, 'x.zip');
    await writeZip(target, files, quiet);
    const before = readFileSync(target);
    const check = async () => {
      throw new Error('does not start');
    };
    await expect(writeZip(target, [textFile('other', 'x')], { told: () => {}, check })).rejects.toThrow('does not start');
    expect(readFileSync(target).equals(before)).toBe(true);
    expect(readdirSync(at)).toEqual(['x.zip']);
  });

  test.skipIf(process.platform === 'win32')('goes into a pipe or a device, which stays one, with nothing beside it', async () => {
    const at = folder();
    const pipe = join(at, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const few = files.slice(0, 2);
    // For both ways, so that opening it waits for nobody.
    await using reader = await open(pipe, 'r+');
    const { bytes, sha256 } = await writeZip(pipe, few, quiet);
    const { buffer, bytesRead } = await reader.read(Buffer.alloc(65_536));
    expect([bytesRead, hash('sha256', buffer.subarray(0, bytesRead))]).toEqual([bytes, sha256]);
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(at)).toEqual(['pipe']);
  });
});

describe('an archive of npm', () => {
  test('gives its files as they were packed, long names included', async () => {
    const at = folder();
    const deep = `deep/${'directory-with-a-long-name/'.repeat(6)}file-with-a-long-name-as-well.js`;
    const source = join(at, 'source');
    mkdirSync(join(source, deep, '..'), { recursive: true });
    writeFileSync(join(source, 'package.json'), '{"name":"packed-for-a-test","version":"1.0.0"}');
    writeFileSync(join(source, deep), 'export {};\n');
    writeFileSync(join(source, 'binary.node'), Buffer.from([0, 1, 2, 255]));
    const packed = spawnSync('npm', ['pack', source, '--pack-destination', at, '--ignore-scripts'], { cwd: at, encoding: 'utf8' });
    expect(packed.status, packed.stderr).toBe(0);
    const { gunzipSync } = await import('node:zlib');
    const inside = filesInTar(gunzipSync(readFileSync(join(at, 'packed-for-a-test-1.0.0.tgz'))));
    const wanted = await filesBelow(source);
    expect(inside.map(({ path }) => path).sort()).toEqual(wanted.map(({ path }) => path).sort());
    for (const { path, read } of wanted) {
      const same = inside.find((one) => one.path === path);
      expect(Buffer.from((await same?.read()) ?? []).equals(Buffer.from(await read()))).toBe(true);
    }
    expect(existsSync(join(source, deep))).toBe(true);
  });

  test('that is torn is refused', () => {
    const header = Buffer.alloc(512);
    header.write('package/x', 0);
    header.write('00000010000', 124);
    header.write('0', 156);
    expect(() => filesInTar(header)).toThrow('ends in the middle');
    header.write('not a number', 124);
    expect(() => filesInTar(header)).toThrow('damaged header');
  });
});
