import { describe, expect, test } from 'vitest';
import { journal } from '../../src/journal-home/connector.ts';
import type { LoadRequest } from '../../src/workspace/load/load.ts';
import { configOf, flow, load, mistakes, root, connectors as usual } from './shop.ts';

const connectors: LoadRequest['connectors'] = {
  types: () => [...usual.types(), 'journal'],
  find: async (type) => (type === 'journal' ? journal : usual.find(type)),
};
const texts = (top: string, own = flow) => ({ 'hygge.yml': `name: shop\n${top}`, 'flows/crm/flow.yml': own });

describe('journal: mirror', () => {
  test('is an ordinary entity of a flow that is not written: incremental by when runs finished, a row for each entity run', async () => {
    const { mirror, flows } = await load(texts('journal: { mirror: lake/hygge }\n'), { connectors });
    expect(mirror).toMatchObject({ flow: '_journal', entity: 'hygge_journal', runType: 'incremental', home: { type: 'journal' } });
    expect(mirror?.watermark).toMatchObject({ column: 'finished_at', key: ['entity_run_id'] });
    expect(configOf(mirror?.store ?? { config: {} })).toMatchObject({ path: `${root}/lake/hygge/hygge_journal` });
    expect(flows.map(({ name }) => name)).toEqual(['crm']);
  });

  test('takes a table and a whole store, and nothing from defaults', async () => {
    const top = 'defaults: { on_empty: keep, compression: gzip }\njournal: { mirror: { path: lake, format: csv }, table: runs }\n';
    const { mirror } = await load(texts(top), { connectors });
    expect(mirror).toMatchObject({ entity: 'runs', onEmpty: 'replace', store: { type: 'local' } });
    expect(configOf(mirror?.store ?? { config: {} })).toMatchObject({ format: 'csv', path: `${root}/lake/runs` });
  });

  test.each(['', 'journal: null\n', 'journal: {}\n'])('is none with %j', async (top) => {
    expect((await load(texts(top), { connectors })).mirror).toBeNull();
  });

  test.each([
    ['no store', 'journal: { table: runs }\n', 'HYG-1012', '`mirror` is missing'],
    ['a store there is not', 'journal: { mirror: { type: lakes, path: x } }\n', 'HYG-1030', 'no connector of type `lakes`'],
    ['a key there is not', 'journal: { mirrors: lake }\n', 'HYG-1010', 'Did you mean `mirror`?'],
  ])('is refused with %s', async (_, top, code, says) => {
    const [error] = await mistakes(texts(top), { connectors });
    expect(error).toMatchObject({ code, what: expect.stringContaining(says), where: { file: 'hygge.yml', line: 2 } });
  });

  test('may not settle where a flow settles', async () => {
    const [error] = await mistakes(texts('journal: { mirror: lake, table: crm }\n', 'home: in\nstore: lake/crm\n'), { connectors });
    expect(error).toMatchObject({ code: 'HYG-1052' });
  });
});
