import { describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { hour, iso, minute, start } from '../support/apis/window-times.ts';
import { here } from '../support/here.ts';

const scene = scriptedScene();

interface Row {
  readonly id: number;
  readonly ms: number;
  /** When it was created. */
  readonly by: number;
}

type Query = Readonly<Record<string, string>>;

/** What the API makes of a bound. */
interface Reads {
  readonly from: (text: string) => number;
  readonly to: (text: string) => number;
  /** What it compares. */
  readonly by?: (row: Row) => number;
  readonly shown?: (ms: number) => string | number;
}

const exact = (text: string) => Date.parse(text);
const day = (text: string) => Date.parse(text.slice(0, 10));
const tokyo = (text: string) => Date.parse(`${text}+09:00`);

function serve(reads: Reads, { size, isDescending }: { readonly size: number; readonly isDescending: boolean }) {
  const rows = Array.from({ length: 240 }, (_, id): Row => {
    const ms = start - (240 - id) * 11 * minute;
    return { id, ms, by: id % 7 === 3 ? ms - 30 * hour : ms };
  });
  const { from, to, by = ({ ms }) => ms, shown = iso } = reads;
  const fits = (row: Row, { since, until }: Query) =>
    (since === undefined || by(row) >= from(since)) && (until === undefined || by(row) <= to(until));
  scene.api.script = ({ query }) => {
    const listed = rows.filter((row) => fits(row, query)).map(({ id, ms }) => ({ id, at: shown(ms) }));
    const ordered = isDescending ? listed.toReversed() : listed;
    const page = Number(query.page ?? '1');
    return {
      headers: { date: new Date(start).toUTCString() },
      body: JSON.stringify(ordered.slice((page - 1) * size, page * size)),
    };
  };
}

const lists = [
  ['in one answer', { size: 1_000, isDescending: false }, ''],
  ['in pages, newest first', { size: 20, isDescending: true }, 'pagination: { type: page }'],
] as const;

type RunType = 'incremental' | 'full_drop';

const cutting: readonly (readonly [string, Reads, string, string, RunType])[] = [
  ['the upper bound to its day', { from: exact, to: day }, '', '{ at: timestamptz }', 'full_drop'],
  ['bounds as times of a place ahead of UTC', { from: tokyo, to: tokyo }, 'format: iso_no_zone', '{ at: timestamptz }', 'incremental'],
];

const right: readonly (readonly [string, Reads, RunType])[] = [
  ['the time of creation', { from: exact, to: exact, by: ({ by }) => by }, 'full_drop'],
  ['no lower bound', { from: () => 0, to: exact }, 'incremental'],
];

function flow(home: string, runType: RunType) {
  restFlow(scene.workspace, scene.api.url, { home, flow: `run_type: ${runType}\nwatermark: { column: at }` });
}

describe.each(lists)('a first load by an upper bound of a list %s', (_, list, pagination) => {
  test.each(cutting)('stops where the API reads %s, and is whole by the printed line', async (_, reads, format, types, runType) => {
    serve(reads, list);
    flow(`window: { from: since, to: until${format === '' ? '' : `, ${format}`} }\ntypes: ${types}\n${pagination}`, runType);
    const ran = await here(scene.workspace, 'go');
    expect([ran.code, ran.error]).toEqual([1, 'HYG-3634']);
    const advice = JSON.stringify(ran.events.find(({ event }) => event === 'error'));
    const [, without = ''] = /cuts the upper bound, leave it out: (window: \{[^}]*\})/.exec(advice) ?? [];
    flow(`${without}\ntypes: ${types}\n${pagination}`, runType);
    expect((await here(scene.workspace, 'go')).code).toBe(0);
    expect(await settledRows(scene.workspace, 'id')).toHaveLength(240);
  });

  test.each(right)('is whole where the API reads %s', async (_, reads, runType) => {
    serve(reads, list);
    flow(`window: { from: since, to: until }\ntypes: { at: timestamptz }\n${pagination}`, runType);
    const ran = await here(scene.workspace, 'go');
    expect([ran.code, ran.error]).toEqual([0, undefined]);
    expect(await settledRows(scene.workspace, 'id')).toHaveLength(240);
  });
});
