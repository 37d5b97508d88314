import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** $HYGGE_BENCH_PROGRAM: the bin/hygge.mjs of another checkout, to measure what a change is worth. */
export const hygge = process.env.HYGGE_BENCH_PROGRAM ?? join(import.meta.dirname, '..', 'bin', 'hygge.mjs');

/** A workspace in a folder of its own, gone when disposed of. */
export interface BenchWorkspace extends AsyncDisposable {
  readonly folder: string;
  readonly lake: string;
  /** Forgets what was settled: state and lake. */
  empty(): Promise<void>;
}

/** A new folder below `parent` with these files, by path. */
export async function workspace(parent: string, files: Readonly<Record<string, string>>): Promise<BenchWorkspace> {
  const folder = await mkdtemp(join(parent, 'workspace-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const lake = join(folder, 'lake');
  return {
    folder,
    lake,
    async empty() {
      for (const path of [lake, join(folder, '.hygge')]) if (existsSync(path)) await rm(path, { recursive: true });
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
