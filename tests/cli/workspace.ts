import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { realHost } from '../../src/adapters/real-host.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { LeaseHolder } from '../../src/ports/host.ts';
import type { StateRow } from '../../src/ports/state.ts';
import { filesState } from '../../src/state/files.ts';
import { inProcess } from '../support/in-process.ts';

/** Files of the example by their paths, and the name that `init` took from its folder. */
interface Example {
  readonly name: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

let example: Promise<Example> | undefined;

async function madeExample(): Promise<Example> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-cli-'));
  const made = await hygge(['init', '.', '--example'], root);
  if (made.code !== 0) throw new Error(`init failed:\n${made.stderr}`);
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(relative(root, path), await readFile(path));
  }
  await rm(root, { recursive: true, force: true });
  return { name: basename(root), files };
}

/** A workspace in a folder of its own, as `hygge init --example` makes it: once for a process, since an `init` makes the schemas of all connectors. Goes when disposed of. */
export async function exampleWorkspace(): Promise<{ readonly root: string } & AsyncDisposable> {
  example ??= madeExample();
  const { name, files } = await example;
  const root = await mkdtemp(join(tmpdir(), 'hygge-cli-'));
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path === 'hygge.yml' ? bytes.toString().replaceAll(name, basename(root)) : bytes);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** One command line in this very process, its output in pipes. */
export function hygge(args: readonly string[], directory: string): ReturnType<typeof inProcess> {
  return inProcess(args, directory, {});
}

/** Every file below a folder with its content and time of change. */
export async function everyFile(root: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const told = await Promise.all(
    files.map(async (file) => [file, `${(await stat(file)).mtimeMs} ${(await readFile(file)).toString('base64')}`] as const),
  );
  return Object.fromEntries(told);
}

/** Puts a lease on an entity, as a run that is under way would. */
export async function hold(
  root: string,
  key: { flow: string; entity: string },
  holder: LeaseHolder = { ...realHost().self, program: 'another hygge' },
): Promise<void> {
  const state = filesState({ files: localFileSystem(root) });
  const before = await state.read(key);
  const until = new Date(Date.now() + 600_000).toISOString();
  const fresh: StateRow = {
    lineage: 'abcdefghij',
    epoch: 0,
    owner: null,
    pending: null,
    settled: null,
    lanes: {},
    binding: null,
    fullNext: false,
    last: null,
    writeId: 'first00000',
  };
  const row = before?.row ?? fresh;
  const held = { ...row, epoch: row.epoch + 1, owner: { run: 'somebody.1', until, holder }, writeId: 'held000000' };
  if ((await state.write(key, before?.etag, held)) !== 'written') throw new Error('the lease could not be put there');
}

/** Commands that a page advises. */
export function advised(html: string): readonly (readonly string[])[] {
  return [...html.matchAll(/<code>hygge ([^<]*)<\/code>/g)].map(([, words = '']) => words.split(' '));
}
