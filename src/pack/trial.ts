import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { DefectError } from '../errors/hygge-error.ts';

export interface Trial {
  /** How long the import takes in a separate process. */
  readonly appMs: number;
  /** How long the import of native parts takes; null: the parts are for another platform. */
  readonly nativesMs: number | null;
}

/** A workspace with which every app can start, because the start opens no connection. */
const workspace = `name: packed
state: { type: table_storage }
flows:
  packed: { home: "/packed/in/*.parquet", store: "/packed/out" }
`;

const marker = 'packed app: ';

const script = `
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
const [folder, main, ...natives] = process.argv.slice(1);
const began = performance.now();
await import(pathToFileURL(join(folder, main)));
const appMs = performance.now() - began;
const require = createRequire(join(folder, main));
const nativesBegan = performance.now();
for (const name of natives) require(name);
const nativesMs = natives.length === 0 ? null : performance.now() - nativesBegan;
process.stdout.write('\\n${marker}' + JSON.stringify({ appMs, nativesMs }) + '\\n', () => process.exit(0));
`;

/** Unpacks a package in another folder and starts it like the platform, in a process that has only the package’s content. */
export async function tryPackage(
  zip: string,
  { main, natives }: { readonly main: string; readonly natives: readonly string[] },
): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-packed-'));
  try {
    const app = join(folder, 'app');
    await unpack(zip, app);
    await mkdir(join(folder, 'workspace'));
    await writeFile(join(folder, 'workspace/hygge.yml'), workspace);
    const loadable = isCloudPlatform() ? natives : [];
    return await started(folder, [app, main, ...loadable]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(zip: string, folder: string): Promise<void> {
  for (const [path, body] of Object.entries(unzipSync(await readFile(zip)))) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, body);
  }
}

function isCloudPlatform(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return process.platform === 'linux' && process.arch === 'x64' && header?.glibcVersionRuntime !== undefined;
}

async function started(folder: string, args: readonly string[]): Promise<Trial> {
  // The environment has no NODE_PATH, no NODE_OPTIONS and no settings of this machine.
  const env = {
    PATH: process.env.PATH,
    TMPDIR: folder,
    HYGGE_CONFIG: join(folder, 'workspace'),
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const line = out
    .join('')
    .split('\n')
    .find((one) => one.startsWith(marker));
  if (code === 0 && line !== undefined) return JSON.parse(line.slice(marker.length)) as Trial;
  const said = err
    .join('')
    .split('\n')
    .filter((one) => one.trim() !== '' && !/^\s+at /.test(one));
  throw new DefectError({
    code: 'HYG-9301',
    what: 'The packed app does not start.',
    why: said.length === 0 ? [`Its process ended with ${String(code)}.`] : said.slice(-6).map((one) => one.replaceAll(folder, '…')),
    tryThis: ['Report this with the lines above'],
  });
}
