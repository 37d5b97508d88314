import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { absentPath, namesAmong } from '../../src/errors/absent-path.ts';
import { findConnector } from '../../src/registry.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const csv = 'id\n1\n';
const flow = (home: string, more = '') => ({ 'flows/f/flow.yml': `home: ${home}\nstore: lake\n${more}` });

describe('a path of a disk that leads to nothing says how far it exists, and what was likely meant', () => {
  it.each([
    ['go', 'data/inbx/orders', 'The path exists up to data, and there is no "inbx" in it.', 'Did you mean data/inbox/orders?'],
    ['go --dry-run', 'data/inbx/none', 'up to data, and', 'Did you mean data/inbox?'],
    [
      'go',
      'data/inbox/orders/ordrs.csv',
      'up to data/inbox/orders, and there is no "ordrs.csv"',
      'Did you mean data/inbox/orders/orders.csv?',
    ],
    ['go', '{ path: "data/inbx/orders/*.csv" }', 'up to data, and', 'Did you mean data/inbox/orders/*.csv?'],
    ['go', '{ path: data/inbox/orders/orders.csv/more, format: csv }', 'data/inbox/orders/orders.csv is a file, not a folder.', ''],
    ['go', '{ path: data/gone, format: csv }', 'data/gone is a link that leads nowhere.', ''],
    ['go', '{ path: data/inbox/empty, format: csv }', 'No .csv, .tsv,', ''],
    ['go', '{ path: "data/inbox/empty/*.csv" }', 'No file matches the pattern.', ''],
  ])('%s of %s', async (command, home, why, meant) => {
    using workspace = new TestWorkspace({ ...flow(home), 'data/inbox/orders/orders.csv': csv, 'data/inbox/empty/.keep': '' });
    symlinkSync('nowhere', workspace.path('data/gone'));
    const { code, stdout } = await workspace.run(command.split(' '));
    const said = stdout.replace(/\s+/g, ' ');
    expect([code, said]).toEqual([1, expect.stringContaining(why)]);
    expect(/Did you mean [^?]*\?/.exec(said)?.[0] ?? '').toBe(meant);
  });

  it('in hygge copy and hygge init --from, from the folder of the command', async () => {
    using folder = new TestWorkspace({ 'data/inbox/orders.csv': csv });
    const end = 'The path exists up to data, and there is no "inbx" in it.';
    for (const args of [
      ['copy', 'data/inbx', 'out'],
      ['init', 'lake', '--from', 'data/inbx'],
    ]) {
      const { code, stderr } = await folder.run(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(end)]);
      expect(stderr).toContain('Did you mean data/inbox?');
    }
    const whole = await folder.run(['copy', folder.path('data/inbox/ordes.csv'), 'out']);
    expect(whole.stderr).toContain(`Did you mean ${folder.path('data/inbox/orders.csv')}?`);
    const pattern = await folder.run(['copy', 'data/inbx/*.csv', 'out']);
    expect([pattern.code, pattern.stdout]).toEqual([1, expect.stringContaining(`Did you mean ${folder.path('data/inbox/*.csv')}?`)]);
    expect(pattern.stdout).not.toContain('hygge.yml');
  });
});

describe.each(sampled(sharedLakes(), 4).map((kind) => [kind.name, kind] as const))('a path of %s that leads to nothing', (_name, kind) => {
  it.skipIf(kind.missing !== undefined)('says how far there are files below it', async () => {
    await using lake = await kind.start();
    using workspace = new TestWorkspace({
      'flows/seed/flow.yml': `home: in\nstore:\n${indented(lake.side('inbox/orders', 'format: parquet'))}`,
      ...flow(`\n${indented(lake.side('inbx/orders', 'format: parquet'))}`.trimEnd()),
    });
    await workspace.parquet('in/1.parquet', 'select 1 as id');
    expect((await workspace.run(['go', 'seed'], { env: lake.env })).code).toBe(0);
    for (const command of ['go', 'debug']) {
      const { code, stdout } = await workspace.run([command, 'f'], { env: lake.env });
      const said = stdout.replace(/\s+/g, ' ');
      expect([code, said]).toEqual([
        1,
        expect.stringMatching(/Nothing is under the path: the path exists up to \S+, and no name there is "inbx"\./),
      ]);
      expect(said).toMatch(/Did you mean \S+inbox\/orders\?/);
      expect(said).not.toContain('hygge.yml');
    }
  });
});

/** Keys of a side below `home:` or `store:`. */
const indented = (side: string) => side.replace(/^(?=.)/gm, '  ');

describe('a container', () => {
  const among = (files: readonly string[]) => (path: string) =>
    absentPath(path, {
      namesIn: async (folder) =>
        await namesAmong(
          (async function* () {
            for (const file of files)
              if (folder === '' || file.startsWith(`${folder}/`)) yield { path: folder === '' ? file : file.slice(folder.length + 1) };
          })(),
        ),
      shown: (inside) => `s3://lake/${inside}`,
      isContainer: true,
    });

  it('that is empty, or whose path is there after all', async () => {
    expect(await among([])('a/b')).toEqual({ why: 'Nothing is under the path: s3://lake/ is empty.', meant: undefined, isWhole: false });
    expect(await among([])('')).toEqual({ why: 'Nothing is under the path: s3://lake/ is empty.', meant: undefined, isWhole: false });
    expect(await among(['a/b/c'])('a/b')).toBeUndefined();
    expect(await among(['a/b'])('a/b')).toBeUndefined();
    expect((await among(['a/b'])('a/b/c'))?.why).toBe('s3://lake/a/b is a file, not a folder.');
  });

  it('whose folders may not be listed', async () => {
    const tree = { namesIn: async () => Promise.reject(new Error('denied')), shown: (path: string) => path, isContainer: true };
    expect(await absentPath('a/b', tree)).toBeUndefined();
  });
});

it('every connector of files in a cloud answers how far a path exists', async () => {
  const remotes = await Promise.all(
    ['adls', 'azure_blob', 'gcs', 'onelake', 's3'].map(async (id) => (await findConnector(id))?.remote?.absent),
  );
  expect(remotes.every((absent) => typeof absent === 'function')).toBe(true);
});
