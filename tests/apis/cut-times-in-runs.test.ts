import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();
const minute = 60_000;
const hour = 60 * minute;
/** A part of an hour, by which the start is behind half past three. */
const second = 20 / 3_600;
const start = Date.parse('2026-03-10T15:30:20Z');

const ofHour = (ms: number) => `${new Date(ms).toISOString().slice(0, 13)}:00:00Z`;
const exact = (ms: number) => new Date(ms).toISOString();

interface Listed {
  readonly written: readonly number[];
  readonly shown?: (ms: number) => string;
  readonly pageSize?: number;
  /** How long a text the first record has. */
  readonly size?: number;
}

/** A list whose records are written when `written` says, in hours from the start on. */
function api({ written, shown = ofHour, pageSize = 100, size = 0 }: Listed) {
  const clock = { ms: start };
  scene.api.script = ({ path, query }) => {
    const headers = { date: new Date(clock.ms).toUTCString() };
    if (path === '/parents') return { headers, body: '[{"id":0},{"id":1}]' };
    const parent = /^\/parents\/(\d)/.exec(path)?.[1];
    const listed = written
      .map((hours, id) => ({ id, ms: start + hours * hour }))
      .filter(({ id, ms }) => ms < clock.ms && (parent === undefined || id % 2 === Number(parent)))
      .map(({ id, ms }) => ({ id, at: shown(ms), text: id === 0 ? 'x'.repeat(size) : '' }))
      .filter(({ at }) => Date.parse(at) >= Date.parse(query.since ?? '1970-01-01T00:00:00Z'));
    const from = (Number(query.page ?? 1) - 1) * pageSize;
    return { headers, body: JSON.stringify(listed.slice(from, from + pageSize)) };
  };
  const go = async (hours: number) => {
    clock.ms = start + hours * hour;
    const ran = await here(scene.workspace, 'go');
    expect([hours, ran.code, ran.error]).toEqual([hours, 0, undefined]);
    return JSON.stringify(ran.events);
  };
  return { go, ids: written.map((_, id) => String(id)) };
}

const home = (pageSize: number) =>
  `window: { from: since }\ntypes: { at: timestamptz }\npagination: { type: page, page_size: ${pageSize}, size_param: per_page, overlap: none }`;
const flow = 'run_type: incremental\nwatermark: { column: at }';

test('a run after the first load of a large answer reads what came in its hour', async () => {
  const { go, ids } = api({ written: [-3.4, -2.3, -1.2, -0.1, 0.1, 0.7], size: 9_000_000 });
  restFlow(scene.workspace, scene.api.url, { home: home(100), flow });
  for (const hours of [0, 0.2, 5]) await go(hours);
  expect(await settledRows(scene.workspace)).toEqual(ids);
});

test('rows of an hour that is not over settle, though the state remembers no times, as that of an earlier version', async () => {
  const { go, ids } = api({ written: [-5.2, -4.3, -3.1, 0.2, 0.4] });
  restFlow(scene.workspace, scene.api.url, { home: home(100), flow: 'run_type: incremental\nwatermark: { column: at, boundary: open }' });
  await go(-2);
  // Earlier versions have no such documents.
  rmSync(scene.workspace.path('.hygge/objects/%5Fconnections'), { recursive: true });
  for (const hours of [0.1, 0.3, 5]) await go(hours);
  expect(await settledRows(scene.workspace)).toEqual(ids);
});

test('rows behind many of one time wait a day at most, and the plan says so', async () => {
  const copied = Array.from({ length: 30 }, () => -3.5 - second);
  const { go, ids } = api({ written: [...copied, -0.4, -0.3, 0.2], shown: exact, pageSize: 2 });
  restFlow(scene.workspace, scene.api.url, { home: home(2), flow });
  expect(await go(0)).toContain('api.times_cut');
  expect((await settledRows(scene.workspace)).length).toBe(30);
  await go(25);
  expect((await settledRows(scene.workspace)).map(Number).sort((a, b) => a - b)).toEqual(ids.map(Number));
});
