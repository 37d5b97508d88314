import { describe, expect, it } from 'vitest';
import { hullOfChunks } from '../../src/engine/plan/lane.ts';
import { type Case, Model, type Row, textOf } from '../support/backfill-model.ts';
import { filesFor, Scene } from '../support/backfill-scene.ts';
import { noChdb } from '../support/delta/chdb/reader.ts';
import { SEED, sampled } from '../support/samples.ts';
import { dice } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';

const moves = 5;
const span = 12;

const plainly = (formats: readonly Case['format'][]) =>
  formats.flatMap((format) =>
    (['date', 'timestamp', 'bigint'] as const).flatMap((type, i) =>
      [null, 'p' as const].map((partitionBy, j): Case => {
        const nulls = (i + j) % 2 === 0 ? 'include' : 'exclude';
        return { format, type, nulls, partitionBy, overlap: type === 'bigint' || (i + j) % 3 === 2 ? 0 : 3 };
      }),
    ),
  );
/** Here a folder's name alone tells whether its files are in a range. */
const byMark = (formats: readonly Case['format'][]) =>
  formats.map((format, i): Case => ({ format, type: 'date', nulls: 'include', partitionBy: 'at', overlap: 3 * i }));

const named = (all: readonly Case[]) =>
  all.map((of) => {
    const { format, type, nulls, partitionBy, overlap } = of;
    const told = [
      format,
      type,
      `nulls ${nulls}`,
      ...(partitionBy === null ? [] : [`partitioned by ${partitionBy}`]),
      ...(overlap > 0 ? ['overlap'] : []),
    ];
    return { ...of, name: told.join(', ') };
  });
const cases = named([...plainly(['parquet', 'csv', 'ndjson']), ...byMark(['parquet', 'ndjson'])]);
const tables = named([...plainly(['delta']), ...byMark(['delta'])]);

describe('backfills, live runs and a source whose past changes, at random', () => {
  it.each([...sampled(cases, 20), ...sampled(tables, 7)])('$name', async (of) => {
    const roll = dice(SEED * 7919 + [...cases, ...tables].findIndex(({ name }) => name === of.name));
    const draw = (n: number) => Math.floor(roll() * n);
    using workspace = new TestWorkspace(filesFor(of));
    const scene = new Scene(of, workspace);
    let source: readonly Row[] = Array.from({ length: 40 }, (_, id) => fresh(id, draw));
    let next = source.length;
    const story: string[] = [];
    const model = new Model(of);
    const check = async () => expect(await scene.settled(), story.join('\n')).toEqual(textOf(model.rows));

    await scene.write(source);
    await scene.live();
    model.live(source);
    await check();
    for (let move = 0; move < moves; move++) {
      const changed = mutated(source, draw, () => next++);
      story.push(`source: ${changed.told}`);
      source = changed.rows;
      await scene.write(source);
      if (draw(3) === 0) {
        story.push('live');
        await scene.live();
        model.live(source);
        await check();
        continue;
      }
      const from = draw(span);
      const to = from + 1 + draw(span);
      if (from >= (model.mark ?? 0)) continue;
      const chunk = draw(3) === 0 ? null : 1 + draw(5);
      story.push(`backfill ${from}..${to} by ${chunk}`);
      for await (const lane of scene.chunks(from, to, chunk)) {
        const whole = hullOfChunks(lane);
        story.push(`chunk ${whole.from}..${whole.to}`);
        await scene.run(lane);
        const [a, b] = [scene.stepOf(whole.from), scene.stepOf(whole.to)];
        model.backfill(a, b, source);
        await check();
        if (draw(4) !== 0) continue;
        story.push('live in between');
        await scene.live();
        model.live(source);
        await check();
      }
    }
    // What a person would do at last brings all of it home, whatever happened before.
    await scene.write(source);
    await scene.live();
    model.live(source);
    await check();
    if (of.format === 'delta' && noChdb() === '') expect(await scene.settledByKernel()).toEqual(textOf(model.rows));
  });
});

function fresh(id: number, draw: (n: number) => number): Row {
  return { id, at: draw(9) === 0 ? null : draw(span), p: draw(3), v: 0 };
}

/** Some rows change, some move, some go, some come; at the newest value too. */
function mutated(rows: readonly Row[], draw: (n: number) => number, nextId: () => number) {
  const told: string[] = [];
  const kept = rows.flatMap((row): readonly Row[] => {
    const fate = draw(12);
    // One row with a watermark is always there.
    if (fate === 0 && row.id !== rows.find(({ at }) => at !== null)?.id) {
      told.push(`-${row.id}@${row.at}`);
      return [];
    }
    if (fate === 1) return [{ ...row, v: row.v + 1 }];
    if (fate === 2 && row.at !== null) {
      told.push(`${row.id}@${row.at} moves`);
      return [{ ...row, at: draw(span) }];
    }
    return [row];
  });
  const added = Array.from({ length: draw(5) }, () => fresh(nextId(), draw));
  const newest = Math.max(0, ...kept.flatMap(({ at }) => (at === null ? [] : [at])));
  const above = draw(2) === 0 ? [{ ...fresh(nextId(), draw), at: newest + draw(3) }] : [];
  for (const { id, at } of [...added, ...above]) told.push(`+${id}@${at}`);
  return { rows: [...kept, ...added, ...above], told: told.join(' ') };
}
