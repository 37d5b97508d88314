import { afterEach, expect, it } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const records = (member: (key: string) => unknown) => Array.from({ length: 600 }, (_, id) => ({ id, ...(member(`k${id}`) as object) }));
const asLines = (all: readonly unknown[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');

function scene(file: string, text: string, home = '') {
  const of = (types: string) => ({
    'flows/f/flow.yml': `home: { path: in/${file}${home}${types === '' ? '' : `, ${types}`} }\nstore: { path: lake }\nrun_type: full_drop\n`,
  });
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', [`in/${file}`]: text, ...of('') });
  place = workspace;
  const go = async () => {
    const { code, stdout, stderr } = await inProcess(['go'], workspace.root, {});
    return { code, said: (stdout + stderr).replace(/\s+/g, ' ') };
  };
  return { go, write: (types: string) => workspace.write(of(types)) };
}

const flat = records((key) => ({ m: { [key]: 1 } }));
const deep = records((key) => ({ a: { b: 1, m: { [key]: 1 } } }));

it.each<[string, string, string, string, string]>([
  ['JSON', 'x.json', JSON.stringify(flat), '', 'types: { m: json }'],
  ['nested and flattened, with a separator', 'x.ndjson', asLines(deep), ', flatten: true, separator: "."', 'types: { "a.m": json }'],
])('names that are data are a warning with the line that makes one column of them: %s', async (_, file, text, home, line) => {
  const { go, write } = scene(file, text, home);
  const warned = await go();
  expect(warned).toMatchObject({ code: 0, said: expect.stringContaining('WARN=1') });
  expect(warned.said).toContain(line);
  write(line);
  const quiet = await go();
  expect(quiet.code).toBe(0);
  expect(quiet.said).not.toContain('look like data');
});

it('records whose own names are data are a warning, and none once the columns are named', async () => {
  const { go, write } = scene('x.ndjson', asLines(records((key) => ({ [key]: 1 }))));
  const warned = await go();
  expect(warned).toMatchObject({ code: 0, said: expect.stringContaining('WARN=1') });
  expect(warned.said).toContain('the records have 601 different members');
  write('columns: [id]');
  expect((await go()).said).not.toContain('look like data');
});

it.each<[string, readonly unknown[]]>([
  ['500 members', flat.slice(0, 500)],
  [
    'many members that most records have',
    records(() => ({ m: Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`k${at}`, at])) })).slice(0, 20),
  ],
])('%s are no warning', async (_, all) => {
  const { go } = scene('x.ndjson', asLines(all));
  expect(await go()).toMatchObject({ code: 0, said: expect.stringContaining('PASS=1') });
});
