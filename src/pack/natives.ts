import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ConnectionError } from '../errors/hygge-error.ts';
import { filesBelow, type PackFile } from './file.ts';
import { filesInTar } from './tar.ts';

/** An npm package that stays outside of the bundle. */
export interface NativePackage {
  readonly name: string;
  readonly version: string;
  readonly from: 'installed' | 'fetched';
  /** The package’s files, below `node_modules/<name>/`. */
  readonly files: readonly PackFile[];
}

export interface NativeRequest {
  /** The folder of hygge, a clone or an npm installation. `node_modules` and the lock file are in this folder or in a folder above. */
  readonly root: string;
  /** Packages with native parts. The optional dependencies of such a package have one part for each platform. */
  readonly names: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly told: (line: string) => void;
}

interface Manifest {
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages, and their parts for Linux on x64 with glibc, on any machine. If the installed parts do not match, npm fetches parts with the version and
 * checksum of package-lock.json.
 */
export async function nativePackages(request: NativeRequest): Promise<readonly NativePackage[]> {
  const found: NativePackage[] = [];
  for (const name of request.names) {
    const folder = placeOf(request.root, name);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    found.push({ name, version: manifest.version, from: 'installed', files: (await filesBelow(folder)).filter(isNeeded) });
    for (const [part, version] of Object.entries(manifest.optionalDependencies ?? {})) {
      if (!isForTheCloud(part)) continue;
      found.push((await installed(request.root, part, version)) ?? (await fetched(request, part, version)));
    }
  }
  return found;
}

/** The folder where Node would find a package. npm installs packages next to hygge, or in a folder above hygge. */
function placeOf(root: string, name: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(place) || dirname(folder) === folder) return place;
  }
}

/** `…-linux-x64-gnu`, `…-linux-x64`: the platform of functions. */
function isForTheCloud(name: string): boolean {
  const words = name.split(/[/-]/);
  return words.includes('linux') && words.includes('x64') && !words.includes('musl');
}

/** Type declarations and manuals are left out, because the app does not need them. */
function isNeeded({ path }: PackFile): boolean {
  return !/\.d\.[cm]?ts$|\.map$|(^|\/)(README|CHANGELOG)/i.test(path);
}

async function installed(root: string, name: string, version: string): Promise<NativePackage | undefined> {
  const folder = placeOf(root, name);
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    if (manifest.version !== version) return undefined;
    const files = (await filesBelow(folder)).filter(isNeeded);
    return (await isWhole(files)) ? { name, version, from: 'installed', files } : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function isWhole(files: readonly PackFile[]): Promise<boolean> {
  const programs = files.filter(({ path }) => path.endsWith('.node'));
  for (const one of programs) if (!isLinuxProgram(await one.read())) return false;
  return programs.length > 0;
}

/** Whether a file is an ELF binary of 64 bits for x86-64 and glibc. */
export function isLinuxProgram(bytes: Uint8Array): boolean {
  const start = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
  const isElf = start.every((byte, at) => bytes[at] === byte) && bytes[18] === 0x3e && bytes[19] === 0;
  return isElf && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('libc.so.6');
}

async function fetched(request: NativeRequest, name: string, version: string): Promise<NativePackage> {
  const locked = await lockedIntegrity(request.root, name, version);
  request.told(`Fetching ${name} ${version}: the app runs on Linux, but the native part for Linux is not on this machine.`);
  const archive = await packedByNpm(request, name, version);
  const [algorithm = '', ...rest] = locked.split('-');
  const isSame = createHash(algorithm).update(archive).digest('base64') === rest.join('-');
  if (!isSame)
    throw wrongPackage(`${name} ${version} is not the package that package-lock.json names.`, 'The package has another checksum.');
  const files = filesInTar(gunzipSync(archive)).filter(isNeeded);
  if (await isWhole(files)) return { name, version, from: 'fetched', files };
  throw wrongPackage(`${name} ${version} contains no program for Linux on x64 with glibc.`, 'hygge checked each file that ends in .node.');
}

async function lockedIntegrity(root: string, name: string, version: string): Promise<string> {
  const { packages = {} } = JSON.parse(await lockfile(root)) as {
    packages?: Readonly<Record<string, { version?: string; integrity?: string }>>;
  };
  const entry = packages[`node_modules/${name}`];
  const [integrity] = entry?.integrity?.split(' ') ?? [];
  if (entry?.version === version && integrity !== undefined && /^sha\d+-./.test(integrity)) return integrity;
  throw wrongPackage(
    `package-lock.json has no checksum of ${name} ${version}, which would have to be fetched.`,
    'Without a checksum, hygge cannot verify the downloaded package.',
  );
}

/** The lock file of a clone; a published package contains the needed lines of it. */
async function lockfile(root: string): Promise<string> {
  const read = (path: string) => readFile(join(root, path), 'utf8');
  return await read('package-lock.json').catch(() => read('dist/natives-lock.json').catch(() => '{}'));
}

function wrongPackage(what: string, why: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6312',
    what,
    why: [why],
    tryThis: ['Check the registry that npm uses, then pack again', 'Or pack on Linux (x64) after npm ci: nothing is fetched there'],
  });
}

/** `npm pack` is used because it fetches exactly the named package. `npm install` would choose parts for the current Node. */
async function packedByNpm({ environment }: NativeRequest, name: string, version: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-pack-'));
  const [program, first] = npmOf(environment);
  const args = [...first, 'pack', `${name}@${version}`, '--ignore-scripts'];
  try {
    await promisify(execFile)(program, args, { cwd: folder, env: environment, shell: process.platform === 'win32' && first.length === 0 });
    const [archive] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
    return await readFile(join(folder, archive ?? 'nothing.tgz'));
  } catch (error) {
    throw new ConnectionError({
      code: 'HYG-6311',
      what: `The package ${name} ${version} cannot be fetched.`,
      why: whatNpmSaid(error),
      tryThis: [
        'Check the network, the proxy and the registry that npm uses: npm ping',
        'Or pack on Linux (x64) after npm ci: nothing is fetched there',
      ],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function npmOf({ npm_execpath }: NativeRequest['environment']): readonly [program: string, first: readonly string[]] {
  return npm_execpath !== undefined && /npm-cli\.[cm]?js$/.test(npm_execpath) ? [process.execPath, [npm_execpath]] : ['npm', []];
}

/** The error messages of npm, without addresses, which may contain a token. */
function whatNpmSaid(error: unknown): readonly string[] {
  const said = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
  const lines = said.split('\n').filter((line) => /^npm (error|ERR!) (code|errno|\d{3}|network)/.test(line));
  const fallback = error instanceof Error && 'code' in error ? [`npm ended with ${String(error.code)}`] : ['npm did not end well'];
  return (lines.length === 0 ? fallback : lines.slice(0, 3)).map((line) => line.replace(/https?:\/\/\S+/g, '…'));
}
