import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();

interface Row {
  readonly id: number;
  readonly at: string;
}

let rows: readonly Row[] = [];
/** How far the clock of the API is ahead of ours. */
let aheadMs = 0;
const at = (msAgo: number) => new Date(Date.now() - msAgo).toISOString();
const minute = 60_000;
const hour = 60 * minute;

function api({ home = 'types: { at: timestamptz }', watermark = 'column: at', window = 'from: since' } = {}): void {
  aheadMs = 0;
  scene.api.script = ({ query }) => ({
    headers: { date: new Date(Date.now() + aheadMs).toUTCString() },
    body: JSON.stringify(
      rows.filter((row) => (query.since ?? '') <= row.at.replace(' ', 'T') && (query.until ?? '9') >= row.at.replace(' ', 'T')),
    ),
  });
  restFlow(scene.workspace, scene.api.url, {
    home: `window: { ${window} }\n${home}`,
    flow: `run_type: incremental\nwatermark: { ${watermark} }`,
  });
}

async function go() {
  const ran = await here(scene.workspace, 'go');
  noteWithin(ran.events);
  const failed = ran.events.find((event) => event.event === 'error');
  return { code: ran.code, error: ran.error, said: failed?.event === 'error' ? failed.what : '', all: JSON.stringify(ran.events) };
}

describe('a source that had no row yet', () => {
  test.each([
    ['from the beginning', 'column: at', ['1', '2', '3']],
    ['from initial on', 'column: at, initial: 2020-01-01', ['2', '3']],
  ])('is read %s when it has some', async (_, watermark, read) => {
    rows = [];
    api({ watermark });
    expect((await go()).code).toBe(0);
    expect((await go()).code).toBe(0);
    rows = [
      { id: 1, at: '2019-01-01T00:00:00Z' },
      { id: 2, at: '2024-01-01T00:00:00Z' },
      { id: 3, at: at(hour) },
    ];
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(read);
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(read);
  });
});
