/** A list in pages, read without `pagination`: a run that settled its first page alone would pass. */
import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();

async function go(answer: ScriptedAnswer | ScriptedApi['script'], home: string) {
  scene.api.script = typeof answer === 'function' ? answer : () => answer;
  restFlow(scene.workspace, scene.api.url, { home });
  const ran = await here(scene.workspace, 'go');
  noteWithin(ran.events);
  const failed = ran.events.find((event) => event.event === 'error');
  return { code: ran.code, error: failed?.event === 'error' ? failed : undefined };
}

const two = [{ id: 1 }, { id: 2 }];
const body = (around: object) => ({ body: JSON.stringify({ data: two, ...around }) });

describe('an answer that shows that more records follow stops a run that would read it alone', () => {
  test('before it has settled, and the way out that is named reads on', async () => {
    const pages =
      (all: number): ScriptedApi['script'] =>
      ({ query }) => {
        const page = Number(query.page ?? 1);
        const ids = [1, 2, 3, 4, 5].slice((page - 1) * 2, page * 2);
        return { body: JSON.stringify({ data: ids.map((id) => ({ id })), total: all }) };
      };
    const { error } = await go(pages(5), 'records: data');
    expect(error?.code).toBe('HYG-3609');
    const said = error?.tryThis?.[0] ?? '';
    const read = await go(pages(5), `records: data\npagination: ${said.slice(said.indexOf('{'))}`);
    expect([read.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2', '3', '4', '5']]);
  });

  test('the other way out reads the one answer', async () => {
    const ran = await go(body({ has_more: true }), 'records: data\npagination: { type: none, ignore_next: true }');
    expect([ran.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2']]);
  });
});
