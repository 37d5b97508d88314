import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inProcess, runsInProcess } from '../support/in-process.ts';
import { runHygge } from '../support/run-hygge.ts';

/** A folder with files, and no workspace in it. Goes with the test. */
export class CopyFolder implements Disposable {
  readonly root: string;

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'hygge-copy-')));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(path)), { recursive: true });
      writeFileSync(this.path(path), text);
    }
  }

  path(...segments: readonly string[]): string {
    return join(this.root, ...segments);
  }

  copy(...args: readonly string[]): ReturnType<typeof inProcess> {
    return this.run(['copy', ...args]);
  }

  async run(args: readonly string[], below = '.', env: Readonly<Record<string, string>> = {}): ReturnType<typeof inProcess> {
    const cwd = this.path(below);
    if (runsInProcess(env)) return inProcess(args, cwd, env);
    const { code, stdout, stderr } = await runHygge(args, { cwd, env });
    return { code: code ?? -1, stdout, stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
