import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isCode } from './near-bug.ts';

/** What a copy makes anew, or does not need. */
const leftOut = new Set(['dist', 'node_modules', '.git', '.cache', '.hygge', 'coverage', 'demo']);

/**
 * A throwaway copy of the repository, in which files are really changed: so every process, thread and bundle that a test starts there has the bug. The
 * installed packages are linked one by one, so that caches beside them are the copy's own.
 */
export class Tree implements Disposable {
  readonly root: string;
  /** For temporary files of the tests, so that they go with the copy even if a run is killed. */
  readonly temporary: string;
  readonly #folder: string;
  readonly #loaded: string;
  readonly #originals = new Map<string, { readonly text: string; readonly modified: Date }>();

  constructor(from: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'planted-'));
    this.root = join(this.#folder, 'tree');
    this.temporary = join(this.#folder, 'tmp');
    this.#loaded = join(this.#folder, 'loaded');
    // Some tests become another user, who has to get in.
    chmodSync(this.#folder, 0o755);
    mkdirSync(this.temporary);
    chmodSync(this.temporary, 0o1777);
    cpSync(from, this.root, { recursive: true, preserveTimestamps: true, filter: (path) => !leftOut.has(relative(from, path)) });
    linkEach(join(from, 'node_modules'), join(this.root, 'node_modules'));
    mkdirSync(join(this.root, '.cache'));
    const mysql = join(from, '.cache', 'mysql');
    if (existsSync(mysql)) symlinkSync(mysql, join(this.root, '.cache', 'mysql'));
    writeFileSync(this.#loaded, '');
    chmodSync(this.#loaded, 0o666);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  /** Writes `text` in the place of a file. Code gets a first statement that notes that it was loaded. */
  change(file: string, text: string): void {
    const path = join(this.root, file);
    if (!this.#originals.has(file)) this.#originals.set(file, { text: this.read(file), modified: statSync(path).mtime });
    writeFileSync(path, isCode(file) ? text.replace(/^(#!.*\n)?/, (start) => start + this.#note()) : text);
    writeFileSync(this.#loaded, '');
  }

  restore(): void {
    for (const [file, { text, modified }] of this.#originals) {
      writeFileSync(join(this.root, file), text);
      utimesSync(join(this.root, file), modified, modified);
    }
    this.#originals.clear();
  }

  /** Whether a process has loaded the changed file since. Always true for what is no code. */
  isLoaded(file: string): boolean {
    return !isCode(file) || readFileSync(this.#loaded, 'utf8') !== '';
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #note(): string {
    return `try { process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(this.#loaded)}, '.'); } catch {} `;
  }
}

function linkEach(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (!/^\.(vite|vitest)/.test(name)) symlinkSync(join(from, name), join(to, name));
}
