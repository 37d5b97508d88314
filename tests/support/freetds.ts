import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hiddenProgram } from './optional-programs.ts';
import type { TdsServer } from './tds/server.ts';

const run = promisify(execFile);
const programs = '/usr/bin';

/** Why there is no FreeTDS to ask; '' when there is one. */
export function noFreetds(): string {
  const hidden = hiddenProgram('freetds');
  if (hidden !== '') return hidden;
  try {
    for (const program of ['tsql', 'freebcp']) accessSync(join(programs, program), constants.X_OK);
    return '';
  } catch {
    return 'without FreeTDS: apt-get install freetds-bin';
  }
}

/** FreeTDS's programs, which have nothing of Microsoft's client and nothing of hygge's in them. */
export interface Freetds extends AsyncDisposable {
  /** What `tsql` prints for these batches, and the errors it tells of. */
  tsql(...batches: readonly string[]): Promise<string>;
  /** Rows of a query by `freebcp`, which writes every value in full. */
  out(query: string): Promise<readonly (readonly string[])[]>;
}

const separator = '|';

export async function freetdsTo(server: TdsServer): Promise<Freetds> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-freetds-'));
  const file = (name: string): string => join(folder, name);
  await writeFile(file('authority.pem'), server.authority);
  const conf = [
    'tds version = 7.4',
    'client charset = UTF-8',
    'encryption = require',
    `ca file = ${file('authority.pem')}`,
    'text size = 1000000',
  ];
  const to = [`[here]`, `host = ${server.host}`, `port = ${server.port}`];
  await writeFile(file('freetds.conf'), ['[global]', ...conf, ...to, ''].join('\n'));
  const who = ['-U', server.user, '-P', server.password, '-D', 'sales'];
  const options = { env: { ...process.env, FREETDSCONF: file('freetds.conf'), LC_ALL: 'C.UTF-8' }, maxBuffer: 1 << 28 };
  const bcp = (...args: readonly string[]) =>
    run(join(programs, 'freebcp'), [...args, '-S', 'here', ...who, '-c', '-t', separator], options);
  return {
    async tsql(...batches) {
      await writeFile(file('batches.sql'), [...batches.map((batch) => `${batch}\ngo\n`), 'exit\n'].join(''));
      const tsql = `exec ${join(programs, 'tsql')} -S here ${who.join(' ')} -o q < "$0" 2>&1`;
      return (await run('sh', ['-c', tsql, file('batches.sql')], options)).stdout;
    },
    async out(query) {
      await bcp(query, 'queryout', file('out'));
      const lines = (await readFile(file('out'), 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => line.split(separator));
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
