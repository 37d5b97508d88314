import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { makePackage } from '../../scripts/package.mjs';
import { root } from '../architecture/sources.ts';
import { blocksOf } from '../docs/blocks.ts';
import { node } from './run-hygge.ts';

/** The commands of docs/install.md. */
export const commands = blocksOf(readFileSync(join(root, 'docs/install.md'), 'utf8'))
  .filter(({ language }) => language === 'bash')
  .flatMap(({ text }) => text.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()))
  .filter((line) => line !== '');

/** How this machine reaches what npm fetches. */
const theWayOut = /^npm_config_(registry|cafile|strict_ssl)$|proxy$|^(NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i;

/** hygge's package as npm has installed it into a folder that has nothing of the clone. */
export class InstalledPackage implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'hygge-package-'));
  readonly #prefix = join(this.folder, 'prefix');
  /** Where the packages are. */
  readonly modules = join(this.#prefix, 'lib', 'node_modules');
  /** The file name of the package, which lies in the folder. */
  archive = '';

  async install(): Promise<void> {
    this.archive = basename(await makePackage({ out: this.folder }));
    const done = this.ran(`npm install --global ./${this.archive}`);
    if (done.code !== 0) throw new Error(done.stderr);
  }

  /** With a PATH that has nothing but this Node and what npm installs there. */
  ran(command: string, cwd = this.folder): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
    const [program = '', ...args] = command.split(' ');
    const env = {
      ...{ HOME: this.folder, npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? '', '.npm') },
      ...{ npm_config_prefix: this.#prefix, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => theWayOut.test(name))),
      PATH: [join(this.#prefix, 'bin'), dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
