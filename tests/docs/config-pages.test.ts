import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

vi.mock('node:zlib', async (original) =>
  (await import('../support/stored-zips.ts')).withStoredZips(original as () => Promise<typeof import('node:zlib')>),
);

const azurite = sharedAzurite();

/** Each command of a page's blocks for a shell, in order, but for those that need a server: recording.test.ts runs them. */
function commandsOf(page: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', page), 'utf8');
  const shell = blocksOf(text).filter(({ language }) => language === 'bash');
  return shell
    .flatMap((block) => block.text.split('\n').map((line) => line.replace(/\s+# .*$/, '').trim()))
    .filter((line) => line !== '' && !line.includes('@db.example'));
}

/** As a shell would, as far as the pages need it. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Those that pack take long: tests/build/pack packs, and `npm run soak` follows these pages as well. */
const pages = ['docs/config-versions.md', ...(whole ? ['docs/packing.md', 'README.md'] : [])];

it.each(pages)('the commands of %s work, one after the other, with the storage of an app', async (page) => {
  const { connectionString } = await azurite();
  using workspace = new TestWorkspace({ 'flows/flights/flow.yml': 'home: in.parquet\nstore: lake\n' });
  const commands = commandsOf(page);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const [hygge, ...args] = words(command);
    expect(hygge).toBe('hygge');
    const run = await workspace.run(args, { env: { AzureWebJobsStorage: connectionString } });
    expect([command, run.code, run.stderr]).toEqual([command, 0, '']);
  }
});
