import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, cut, cutToFit, mostBytes } from '../../functions/answer.ts';
import { courses } from '../../functions/orchestrators/courses.ts';
import { activities, orchestrators, type RunInput } from '../../functions/run-input.ts';
import { interruption } from '../../src/engine/errors/interruption.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { SEED } from '../support/samples.ts';
import { Replayer, type World } from './replayer.ts';

const of: RunInput = {
  invocation: '01M7WBCT8NPS10X98J6TEFZ1KC',
  run: '01M7WBCT8NPS10X98J6TEFZ1KD',
  flow: 'shop',
  config: 'f'.repeat(64),
  date: '2026-11-20',
  startedAt: '2026-11-20T02:00:00.000Z',
};
/** As large as a request may make it. */
const full: RunInput = { ...of, vars: { 'watermark.lag': 'x'.repeat(968) } };
const done = (value: unknown) => ({ ok: true, step: { done: value } });
const failed = (what: string) => ({
  ok: false,
  transient: false,
  waitMs: 0,
  error: cutToFit({ code: 'HYG-4001', what, why: ['Because.'], tryThis: ['Mend it'] }),
});

type Answers = Partial<Record<string, (input: Record<string, unknown>) => unknown>>;

async function run(orchestrator: string, input: Record<string, unknown>, answers: Answers, more: Partial<World> = {}) {
  const usual: Answers = {
    [activities.planFlow]: () => done({ lanes: ['0-1'] }),
    [activities.planEntity]: () => done({ outcome: 'planned', plan: 'plans/1', slices: 0, inOrder: false }),
    [activities.commitEntity]: () => done({ status: 'pass', rows: 10, bytes: 100 }),
    [activities.abandonEntity]: ({ error }) => done({ status: 'error', rows: 0, bytes: 0, error }),
    [activities.closeFlow]: () => done(null),
  };
  const activity = (name: string, given: never) => ({ ...usual, ...answers })[name]?.(given);
  const replayer = new Replayer({ orchestrators: courses, activity, ...more });
  const outcome = await replayer.run(orchestrator, input, `${of.run}-x`);
  const called = (name: string) => replayer.calls.filter((call) => call.name === name).map((call) => call.input);
  return { replayer, outcome, called };
}

describe('a failure in many bytes', () => {
  test.each([
    ['letters', 'x'],
    ['signs of three bytes', '€'],
    ['control signs', '\u0001'],
  ])('of %s fits beside a run that is as large as may be', async (_, sign) => {
    const { replayer, called } = await run(
      orchestrators.entity,
      { of: full, n: 4 },
      { [activities.planEntity]: () => failed(sign.repeat(2_800)) },
    );
    expect(Math.max(...replayer.calls.map(({ input }) => bytesOf(input)))).toBeLessThanOrEqual(mostBytes);
    expect(called(activities.abandonEntity)[0]).toMatchObject({ error: { code: 'HYG-4001', what: expect.stringContaining(sign) } });
  });

  test('of a flow that can not be planned leaves room for the list of its entities', async () => {
    const entities = Array.from({ length: 300 }, (_, i) => `${1000 + 2 * i}`).join(',');
    const { called } = await run(orchestrators.flow, { of: full, entities }, { [activities.planFlow]: () => failed('€'.repeat(800)) });
    expect(bytesOf(called(activities.closeFlow)[0])).toBeLessThanOrEqual(mostBytes - 256);
  });

  test('is told with its place in the config, however long the words and the line there', () => {
    const where = { file: 'flows/shop/flow.yml', line: 7, column: 3, text: 'x'.repeat(5_000) };
    const error = { code: 'HYG-4001', what: 'y'.repeat(5_000), why: ['Because.'], tryThis: ['Mend it'], where };
    const told = cutToFit(error, 1_000);
    expect(bytesOf(told)).toBeLessThanOrEqual(1_000);
    expect(told).toMatchObject({ why: ['Because.'], where: { file: 'flows/shop/flow.yml', line: 7, column: 3 } });
    expect(told.where?.text).toBeUndefined();
  });

  test('is cut to what it may have, and not inside of a letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 0, max: 300 }), (text, most) => {
        const kept = cut(text, most);
        expect(bytesOf(kept) - 2).toBeLessThanOrEqual(most);
        expect(text.startsWith(kept.replace(/…$/, '')) || kept === text).toBe(true);
      }),
      { seed: SEED },
    );
  });
});

describe('an entity whose orchestration is ended from outside', () => {
  const endedFromOutside = (id: string) => id.endsWith('-e1') || id.endsWith('-c1');

  test('is given up by its lane, with what happened and since when', async () => {
    const { called, outcome } = await run(orchestrators.lane, { of, entities: '0-2' }, {}, { endedFromOutside });
    expect(called(activities.abandonEntity)).toEqual([
      expect.objectContaining({
        n: 1,
        at: of.startedAt,
        attempts: 1,
        error: expect.objectContaining({ code: 'HYG-2053', why: ['terminated'] }),
      }),
    ]);
    expect(outcome).toMatchObject({ pass: 2, error: 1, failed: '1', first: { code: 'HYG-2053' } });
  });

  test('is given up as the chunk of the backfill that it is', async () => {
    const backfill = { from: '2026-01-01', to: '2026-01-04', chunk: '1d', again: false };
    const planned = { outcome: 'planned', plan: 'plans/1', slices: 0, inOrder: false, series: { chunks: 3, next: 0 } };
    const answers = { [activities.planEntity]: () => done(planned) };
    const { called } = await run(orchestrators.backfill, { of: { ...of, backfill }, entities: '0' }, answers, { endedFromOutside });
    expect(called(activities.abandonEntity)).toEqual([expect.objectContaining({ n: 0, chunk: 1 })]);
  });
});

describe('a run that was cancelled', () => {
  const cancelled = { ok: false, transient: false, waitMs: 0, error: interruption(new Interrupted('cancelled')) };
  const isCancelled = ({ plan }: Record<string, unknown>) => (plan === '' ? failed('The lake is down.') : cancelled);

  test('is told to have changed nothing when giving up says so', async () => {
    const { outcome } = await run(orchestrators.entity, { of, n: 0 }, { [activities.commitEntity]: isCancelled });
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-2020', what: expect.stringContaining('nothing changed') } });
  });

  test.each<[string, Answers]>([
    ['no one could look whether it was decided', { [activities.abandonEntity]: () => failed('The state is down.') }],
    ['what it had decided could not be finished', { [activities.abandonEntity]: () => done('decided') }],
  ])('is not told to have changed nothing when %s', async (_, answers) => {
    const { outcome } = await run(orchestrators.entity, { of, n: 0 }, { [activities.commitEntity]: isCancelled, ...answers });
    expect(outcome).toMatchObject({
      status: 'error',
      error: { code: 'HYG-2020', what: expect.stringContaining('The state did not answer') },
    });
    expect(JSON.stringify(outcome)).not.toContain('nothing changed');
  });
});

test('a chunk that was decided when its step failed is followed by the next one', async () => {
  const backfill = { from: '2026-01-01', to: '2026-01-04', chunk: '1d', again: false };
  const planned = { outcome: 'planned', plan: 'plans/1', slices: 0, inOrder: false, series: { chunks: 3, next: 0 } };
  const { called, outcome } = await run(
    orchestrators.backfill,
    { of: { ...of, backfill }, entities: '0' },
    {
      [activities.planEntity]: () => done(planned),
      [activities.commitEntity]: ({ plan, chunk }) =>
        plan !== '' && chunk === 1 ? failed('Its answer is lost.') : done({ status: 'pass', rows: 1, bytes: 1 }),
      [activities.abandonEntity]: () => done('decided'),
    },
  );
  expect(called(activities.planEntity).map(({ chunk }) => chunk)).toEqual([0, 1, 2]);
  expect(outcome).toMatchObject({ pass: 1, error: 0 });
});
