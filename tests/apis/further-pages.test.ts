/** A list in pages, read without `pagination`: a run that settled its first page alone would pass. */
import { describe, expect, test } from 'vitest';
import { proposalOf } from '../../src/apis/lists/further-pages.ts';
import type { PageKeys, Sign } from '../../src/apis/lists/list-signs.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';

const scene = restRuns();

async function go(answer: ScriptedAnswer | ScriptedApi['script'], home: string) {
  scene.api.script = typeof answer === 'function' ? answer : () => answer;
  restFlow(scene.workspace, scene.api.url, { home });
  return await scene.go();
}

const two = [{ id: 1 }, { id: 2 }];
const body = (around: object) => ({ body: JSON.stringify({ data: two, ...around }) });

test('of several signs the one is proposed that leads on most surely: an address, a place, a word that more follow, a total, a number', () => {
  const surest: readonly (readonly PageKeys[])[] = [
    [{ type: 'next_url', at: 'next' }, { type: 'link_header' }],
    [
      { type: 'cursor', at: 'cursor' },
      { type: 'keyset', field: 'id' },
    ],
    [{ type: 'page', has_more_at: 'more' }],
    [
      { type: 'page', total_at: 'total' },
      { type: 'offset', total_header: 'X-Total' },
    ],
    [{ type: 'offset', param: 'from' }],
  ];
  const asSign = (keys: PageKeys): Sign => ({ name: 'next', says: JSON.stringify(keys), keys });
  for (const [at, signs] of surest.entries())
    for (const best of signs.map(asSign))
      for (const other of surest
        .slice(at + 1)
        .flat()
        .map(asSign)) {
        expect(proposalOf([best, other])?.sign).toBe(best.says);
        expect(proposalOf([other, best])?.sign).toBe(best.says);
      }
});

describe('an answer that shows that more records follow stops a run that would read it alone', () => {
  test('before it has settled, and the way out that is named reads on', async () => {
    const pages =
      (all: number): ScriptedApi['script'] =>
      ({ query }) => {
        const page = Number(query.page ?? 1);
        const ids = [1, 2, 3, 4, 5].slice((page - 1) * 2, page * 2);
        return { body: JSON.stringify({ data: ids.map((id) => ({ id })), total: all }) };
      };
    const { error, tryThis } = await go(pages(5), 'records: data');
    expect(error).toBe('HYG-3609');
    const said = tryThis[0] ?? '';
    const read = await go(pages(5), `records: data\npagination: ${said.slice(said.indexOf('{'))}`);
    expect([read.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2', '3', '4', '5']]);
  });

  test('the other way out reads the one answer', async () => {
    const ran = await go(body({ has_more: true }), 'records: data\npagination: { type: none, ignore_next: true }');
    expect([ran.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2']]);
  });
});
