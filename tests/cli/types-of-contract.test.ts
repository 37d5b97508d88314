import { afterEach, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const typed = {
  'decimal(10,2)': '5.25',
  json: '"{""a"":1}"',
};

it.each(Object.entries(typed))(
  'a column that a contract calls %s settles as such by the key that the error prints',
  async (type, value) => {
    const flow = (types: string) =>
      `home: { path: "in/{entity}", format: csv${types === '' ? '' : `, ${types}`} }\nstore: lake\nrun_type: incremental\nvalidation: { contract: c.yml, mode: quarantine }\nentities: [e]\n`;
    const workspace = new TestWorkspace({
      'flows/f/flow.yml': flow(''),
      'c.yml': `columns: { id: int64, d: { type: "${type}" } }\n`,
      'in/e/1.csv': 'id,d\n1,\n',
    });
    place = workspace;
    const go = () => inProcess(['go'], workspace.root, {});
    expect((await go()).code).toBe(0);
    workspace.write({ 'in/e/2.csv': `id,d\n2,${value}\n` });
    const stopped = await go();
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-2012')]);
    const said = /If the home has the key types, write the expected types there: (types: \{.*\}) in home/.exec(
      stopped.stdout.replaceAll(/\s+/g, ' '),
    );
    workspace.write({ 'flows/f/flow.yml': flow(said?.[1] ?? 'no key') });
    const mended = await go();
    expect([mended.code, mended.stdout]).toEqual([0, expect.stringContaining('PASS=1')]);
  },
);
