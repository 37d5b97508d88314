import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const names = ['a', 'b', 'c', 'd'];

async function settled(concurrency: number): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'hygge.yml': `name: w\noptions: { concurrency: ${concurrency} }\n`,
    'flows/f/flow.yml': `home: { path: "in/{entity}.csv" }\nstore: lake/{entity}\nentities: [${names.join(', ')}]\n`,
    ...Object.fromEntries(names.map((name) => [`in/${name}.csv`, 'id,v\n1,x\n2,y\n'])),
  });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ 'in/c.csv': 'id,v\n1,x\n2,z\n' });
  return workspace;
}

/** The lines of each entity, in the order in which they came. */
const blocksOf = (stdout: string) =>
  stdout
    .split('\n')
    .flatMap((line) =>
      /^(?:[✓✗] )?f\.(\w) {2}/.exec(line) ? [line.replace(/^([✓✗] )?f\.(\w) .*$/, (_, mark = '', name) => `${mark}${name}`)] : [],
    );

test('entities are compared at once, up to `concurrency`, and the lines of each come together', async () => {
  using workspace = await settled(4);
  const { code, stdout } = await workspace.run(['verify', '--pause', '0s']);
  expect(code).toBe(1);
  const blocks = blocksOf(stdout);
  expect(blocks.toSorted()).toEqual(['a', 'b', 'c', 'd', '✓ a', '✓ b', '✓ d', '✗ c'].toSorted());
  for (const name of names) expect(blocks[blocks.indexOf(name) + 1]).toBe(`${name === 'c' ? '✗' : '✓'} ${name}`);
  const { events } = await workspace.run(['verify', '--pause', '0s', '--output', 'json']);
  const told = events as readonly { readonly event: string; readonly entity?: string; readonly verdict?: string }[];
  expect(
    told
      .filter(({ event }) => event === 'verified')
      .map(({ entity, verdict }) => `${entity} ${verdict}`)
      .toSorted(),
  ).toEqual(['a same', 'b same', 'c differs', 'd same']);
  const { stdout: journal } = await workspace.run(['journal', '--output', 'json']);
  const ids = new Set(journal.match(/"entity_run_id":"[^"]*verify"/g));
  expect(ids.size).toBe(8);
});

test('with --concurrency 1 they come one after another, in the order of the config', async () => {
  using workspace = await settled(4);
  const { stdout } = await workspace.run(['verify', '--pause', '0s', '--concurrency', '1']);
  expect(blocksOf(stdout).filter((one) => one.length === 1)).toEqual(names);
});
