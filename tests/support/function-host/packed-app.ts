import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { inProcess } from '../in-process.ts';
import { markOfThisRun } from '../leftover-processes.ts';
import type { TestWorkspace } from '../workspace.ts';

/** Lies beside the config of that workspace, in files that no package may hold. */
export const canary = 'canary-7c21f0';

/** The example, packed with its config. */
export interface OnePackage {
  /** That of the example, which has `app.zip`. */
  readonly workspace: string;
  /** Where the package is unpacked, as it would be deployed. */
  readonly unpacked: string;
  /** What `hygge pack` told. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly stderr: string;
}

/**
 * One package for all tests of a run: whoever asks first makes it, with its trial, and the others wait for it. The engine in it has 120 MB. What differs from test to
 * test is the config alone, and an app setting (`HYGGE_FLOWS`, `HYGGE_CONFIG`) wins over what was packed.
 */
export async function packageOfThisRun(): Promise<OnePackage> {
  const base = join(tmpdir(), `hygge-${markOfThisRun()}-package`);
  const record = join(base, 'made.json');
  if (isFirst(base)) {
    const made = await madePackage(base).catch((error: unknown) => ({ problem: String(error) }));
    writeFileSync(`${record}.tmp`, JSON.stringify(made));
    renameSync(`${record}.tmp`, record);
  }
  while (!existsSync(record)) await wait(100);
  const made = JSON.parse(readFileSync(record, 'utf8')) as OnePackage | { readonly problem: string };
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

/** The folder is made once, whoever else asks in the same moment. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function madePackage(base: string): Promise<OnePackage> {
  const workspace = join(base, 'workspace');
  await inProcess(['init', 'workspace', '--example'], base, {});
  writeFileSync(join(workspace, '.env'), `SECRET=${canary}\n`);
  writeFileSync(join(workspace, 'notes.txt'), canary);
  writeFileSync(join(workspace, 'local.settings.json'), JSON.stringify({ Values: { AzureWebJobsStorage: canary } }));
  const args = ['pack', '--flow', 'shop', '--with-config', '--out', 'app.zip', '--output', 'json'];
  const { code, stdout, stderr } = await inProcess(args, workspace, {});
  if (code !== 0) throw new Error(stderr + stdout);
  unpack(join(workspace, 'app.zip'), join(base, 'unpacked'));
  return { workspace, unpacked: join(base, 'unpacked'), told: JSON.parse(stdout) as OnePackage['told'], stderr };
}

function unpack(zip: string, folder: string): void {
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    if (path.endsWith('/')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** Packs the app for every flow of the workspace, and unpacks it where nothing else is. Answers the folder, as it would be deployed. */
export async function packedApp(workspace: TestWorkspace): Promise<string> {
  const made = await workspace.run(['pack', '--all', '--out', 'app.zip']);
  if (made.code !== 0) throw new Error(`the app could not be packed:\n${made.stdout}${made.stderr}`);
  unpack(workspace.path('app.zip'), workspace.path('unpacked'));
  return workspace.path('unpacked');
}
