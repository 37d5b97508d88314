import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realHost } from '../../src/adapters/real-host.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import type { Holder } from '../../src/ports/host.ts';
import type { StateRow } from '../../src/ports/state.ts';
import { filesState } from '../../src/state/files.ts';
import { inProcess } from '../support/in-process.ts';

/** A workspace in a folder of its own, made by `hygge init --example`. Goes when disposed of. */
export async function exampleWorkspace(): Promise<{ readonly root: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'hygge-cli-'));
  const made = await hygge(['init', '.', '--example'], root);
  if (made.code !== 0) throw new Error(`init failed:\n${made.stderr}`);
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
  holder: Holder = { ...realHost().self, program: 'another hygge' },
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
