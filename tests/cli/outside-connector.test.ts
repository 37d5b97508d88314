// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { registerConnector } from '../../src/registry.ts';
import { shelfConnector } from '../support/shelf-connector.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

let workspace: TestWorkspace;
let registration: Disposable;

beforeEach(() => {
  workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: shelf://attic/in\nstore: { path: shelf://cellar/out, api_token: "${TOKEN}" }\nentities: [a, b]\n',
    'shelf/attic/in/a/1.csv': 'id\n1\n',
    'shelf/attic/in/b/1.csv': 'id\n2\n3\n',
  });
  registration = registerConnector(shelfConnector(workspace.path('shelf')));
});
afterEach(() => {
  registration[Symbol.dispose]();
  workspace[Symbol.dispose]();
});

async function hygge(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const surroundings = fakeSurroundings(workspace.root, { environment: { TOKEN: 'open sesame' } });
  const code = await run(args, surroundings);
  return { code, said: surroundings.stdout() + surroundings.stderr() };
}

const csv = (text: string) => text.replaceAll('shelf://attic/in', '{ path: "shelf://attic/in", format: csv }');

test('a connector that a package registers is one like those that are built in', async () => {
  workspace.write({
    'flows/f/flow.yml': csv('home: shelf://attic/in\nstore: { path: shelf://cellar/out, api_token: "${TOKEN}" }\nentities: [a, b]\n'),
  });
  expect(await hygge('go')).toMatchObject({ code: 0, said: expect.stringContaining('PASS=2') });
  expect(workspace.tree('shelf/cellar/out').size).toBeGreaterThan(2);

  expect((await hygge('list', 'connectors')).said).toMatch(/shelf .*Boards of a shelf/);
  expect((await hygge('list', 'entities')).said).toContain('shelf://cellar/out/a');

  const { code, said } = await hygge('debug');
  expect([code, said]).toEqual([0, expect.stringContaining('You are ready')]);
  expect(said).toMatch(/role +may write on board cellar {2}for f\.a and 1 more, flows\/f\/flow\.yml:2\n/);
  expect(said).toMatch(/secret +TOKEN \(api_token\) {2}for f\.a and 1 more, flows\/f\/flow\.yml:2\n/);
  expect(said).not.toContain('open sesame');
});

test('two entities that settle in one place of it are found, however it is spelt and whatever else they say', async () => {
  const side = (board: string, more: string) =>
    `home: { path: "shelf://attic/in/a", format: csv }\nstore: { type: shelf, board: ${board}, path: out/all${more} }\n`;
  workspace.write({ 'flows/f/flow.yml': side('Cellar', ''), 'flows/g/flow.yml': side('cellar', ', format: csv') });
  const { code, said } = await hygge('debug');
  expect([code, said]).toEqual([2, expect.stringContaining('HYG-1052')]);
});

test('a URL that it does not understand is answered by how it is written', async () => {
  workspace.write({ 'flows/f/flow.yml': 'home: https://attic.shelf.example/in\nstore: lake\n' });
  expect((await hygge('debug')).said).toContain('Write it as `shelf://board/folder`.');
});

test('a type is taken only once', () => {
  expect(() => registerConnector(shelfConnector('elsewhere'))).toThrow('a connector of type shelf already');
});
