/** Answers and records that no API should give, and some do: each has a coded error or a documented result, and what settled stays. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';
import { listening } from '../support/listening.ts';
import { asked } from '../support/sqlite-file.ts';

const scene = restRuns();
const { go } = scene;

const at = (text: string) => `{"id": 2, "at": ${text}}`;
const home = 'records: data\npagination: { type: page }\nwindow: { from: since }\ntypes: { at: timestamptz }';
const flow = 'run_type: incremental\nwatermark: { column: at }';

/** What a second page with these records comes to. */
async function second(records: string, given: { readonly home?: string; readonly flow?: string } = { home, flow }) {
  const first = '{"id": 1, "at": "2026-01-01T00:00:00Z"}';
  scene.api.script = ({ query }) => ({ body: `{"data": [${query.page === '1' ? first : query.page === '2' ? records : ''}]}` });
  restFlow(scene.workspace, scene.api.url, given);
  return await go();
}

test.each<[string, string, string, string]>([
  ['lacks its cursor field', '{"id": 2}', 'HYG-2010', ''],
  ['has no time in its cursor field', at('"soon"'), 'HYG-3305', ''],
  ['counts seconds where the others have times', at('1767225600'), 'HYG-3305', ''],
  ['has the name of a zone', at('"2026-01-01T08:00:00 CET"'), 'HYG-3305', ''],
  ['has an offset of a day', at('"2026-01-01T08:00:00+25:00"'), 'HYG-3305', ''],
  ['has minutes of an offset beyond an hour', at('"2026-01-01T08:00:00+01:75"'), 'HYG-3305', ''],
  ['writes a time in small letters', at('"2026-01-01t08:00:00z"'), 'HYG-3305', ''],
  ['is null', 'null', 'HYG-3625', 'a list of null in place of records'],
])('a record that %s stops the run', async (_, record, code, said) => {
  const ran = await second(record);
  expect([ran.error, ran.said]).toEqual([code, expect.stringContaining(said)]);
  await expect(settledRows(scene.workspace)).rejects.toThrow('No files found');
});

test.each<[string, string, string]>([
  ['an offset of half an hour', '"2026-01-01T08:00:00+05:30"', '2026-01-01 02:30:00'],
  ['an offset without a colon', '"2026-01-01T08:00:00+0130"', '2026-01-01 06:30:00'],
  ['an offset of hours alone', '"2026-01-01T08:00:00-03"', '2026-01-01 11:00:00'],
  ['no zone, in a column of instants,', '"2026-01-01T08:00:00"', '2026-01-01 08:00:00'],
])('a time with %s is the instant that it says', async (_, written, instant) => {
  expect((await second(at(written))).error).toBeUndefined();
  expect((await settledRows(scene.workspace, "strftime(\"at\" at time zone 'UTC', '%Y-%m-%d %H:%M:%S')"))[1]).toBe(instant);
});

test('a page of records with nothing but nulls settles as they are', async () => {
  const ran = await second('{"id": null, "at": null}, {"id": null, "at": null}', { home: 'records: data\npagination: { type: page }' });
  expect(ran.error).toBeUndefined();
  expect(await settledRows(scene.workspace, "coalesce(id::varchar, 'null')")).toEqual(['1', 'null', 'null']);
});

test('a name with a dot is the name of a column', async () => {
  const ran = await second('{"id": 2, "a.b": 7}', { home: 'records: data\npagination: { type: page }' });
  expect(ran.error).toBeUndefined();
  expect(await settledRows(scene.workspace, `"a.b"`)).toEqual(['null', '7']);
});

test.each([
  ['last', ['00:00', '01:00']],
  ['first', ['01:00', '00:00']],
])('of two records of one key on a page the newest settles, where it comes %s', async (_, [one = '', other = '']) => {
  scene.api.script = ({ query }) => ({
    body: query.page === '1' ? `{"data": [${at(`"2026-01-01T${one}:00Z"`)}, ${at(`"2026-01-01T${other}:00Z"`)}]}` : '{"data": []}',
  });
  restFlow(scene.workspace, scene.api.url, { home, flow: `${flow.replace(' }', ', key: [id] }')}` });
  const path = 'flows/f/flow.yml';
  const text = readFileSync(scene.workspace.path(path), 'utf8');
  scene.workspace.write({ [path]: text.replace('store: lake', 'store: { type: sqlite, path: out.db, table: items }') });
  expect((await go()).error).toBeUndefined();
  const [rows = []] = asked(scene.workspace.path('out.db'), 'select id || $$ $$ || "at" as one from items'.replaceAll('$$', "'"));
  expect(rows.map((row) => String(row.one))).toEqual(['2 2026-01-01 01:00:00.000000Z']);
});

test('a body that never ends is given up, and is read no further than one that is allowed', async () => {
  let sent = 0;
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.write('{"data": [');
    const part = Buffer.from(`${JSON.stringify({ id: 1, name: 'x'.repeat(65_000) })},`);
    const pour = () => {
      let isWanted = true;
      for (; isWanted && !answer.destroyed; sent += part.length) isWanted = answer.write(part);
    };
    answer.on('drain', pour);
    pour();
  });
  await using there = await listening(server);
  restFlow(scene.workspace, there.url, { home: 'records: data' });
  const ran = await go();
  expect([ran.error, ran.said]).toEqual(['HYG-3606', expect.stringContaining('64 MB')]);
  expect(sent).toBeGreaterThan(60 * 1024 * 1024);
  // What lies in sockets comes on top.
  expect(sent).toBeLessThan(100 * 1024 * 1024);
});
