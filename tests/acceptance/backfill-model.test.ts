import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { enginePorts } from '../../src/assembly/ports.ts';
import { laneAt, seriesOf } from '../../src/engine/backfill.ts';
import { runEntity } from '../../src/engine/entity-run.ts';
import type { BackfillLane } from '../../src/engine/lane.ts';
import type { EnginePorts } from '../../src/engine/ports.ts';
import { Slots } from '../../src/engine/slots.ts';
import type { EntitySpec } from '../../src/engine/spec.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { dice } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** A row of source and model: `at` in steps of the watermark; `p` may be what rows are partitioned by. */
interface Row {
  readonly id: number;
  readonly at: number | null;
  readonly p: number;
  readonly v: number;
}

/** What a destination must hold, by the rules of docs/backfill.md and docs/incremental.md, and by nothing of src. */
class Model {
  rows: readonly Row[] = [];
  mark: number | null = null;
  readonly #of: Pick<Case, 'nulls' | 'overlap'>;

  constructor(of: Pick<Case, 'nulls' | 'overlap'>) {
    this.#of = of;
  }

  live(source: readonly Row[]): void {
    const { nulls, overlap } = this.#of;
    const mark = this.mark;
    const newest = Math.max(...source.flatMap(({ at }) => (at === null ? [] : [at])), mark ?? Number.NEGATIVE_INFINITY);
    const takes =
      (from: number) =>
      ({ at }: Row) =>
        at === null ? nulls === 'include' : at >= from && at <= newest;
    if (mark === null) this.rows = source.filter(takes(Number.NEGATIVE_INFINITY));
    else if (overlap > 0) this.#replace(takes(mark - overlap), source);
    else {
      const group = ({ at }: Row) => (at === null ? nulls === 'include' : at === mark);
      // A group that the source has forgotten altogether stays.
      if (source.some(group)) this.#replace(takes(mark), source);
      else this.rows = [...this.rows, ...source.filter(({ at }) => at !== null && at > mark)];
    }
    this.mark = newest;
  }

  backfill(from: number, to: number, source: readonly Row[]): void {
    const end = Math.min(to, this.mark ?? 0);
    this.#replace(({ at }) => at !== null && at >= from && at < end, source);
  }

  #replace(isIn: (row: Row) => boolean, source: readonly Row[]): void {
    this.rows = [...this.rows.filter((row) => !isIn(row)), ...source.filter(isIn)];
  }
}

interface Case {
  readonly format: 'parquet' | 'csv' | 'ndjson';
  readonly type: 'date' | 'timestamp' | 'bigint';
  readonly nulls: 'include' | 'exclude';
  readonly partitioned: boolean;
  /** In steps. */
  readonly overlap: number;
}

const seed = Number(process.env.SEED ?? 1);
const moves = 5;
const span = 12;

const cases: readonly (Case & { readonly name: string })[] = (['parquet', 'csv', 'ndjson'] as const).flatMap((format) =>
  (['date', 'timestamp', 'bigint'] as const).flatMap((type, i) =>
    [false, true].map((partitioned, j) => {
      const nulls = (i + j) % 2 === 0 ? ('include' as const) : ('exclude' as const);
      const overlap = type === 'bigint' || (i + j) % 3 === 2 ? 0 : 3;
      const told = [format, type, `nulls ${nulls}`, ...(partitioned ? ['partitioned'] : []), ...(overlap > 0 ? ['overlap'] : [])];
      return { name: told.join(', '), format, type, nulls, partitioned, overlap };
    }),
  ),
);

/** SQL, and the words of the command line. */
const written: Readonly<Record<Case['type'], { sql(at: string): string; text(at: number): string; chunk(steps: number): string }>> = {
  date: {
    sql: (at) => `(date '2024-01-01' + (${at})::int)`,
    text: (at) => new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10),
    chunk: (steps) => `${steps}d`,
  },
  timestamp: {
    sql: (at) => `(timestamp '2024-01-01' + to_hours((${at})::bigint))`,
    text: (at) => new Date(Date.UTC(2024, 0, 1, at)).toISOString().slice(0, 19),
    chunk: (steps) => `${steps}h`,
  },
  bigint: {
    sql: (at) => `(9007199254740990 + (${at}))::bigint`,
    text: (at) => `${9007199254740990n + BigInt(at)}`,
    chunk: (steps) => `${steps}`,
  },
};

const overlapOf: Readonly<Record<Case['type'], string>> = { date: 'd', timestamp: 'h', bigint: '' };

describe(`backfills, live runs and a source whose past changes, at random (SEED=${seed})`, () => {
  let instance: DuckDBInstance;
  let reader: DuckDBConnection;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
    reader = await instance.connect();
  });
  afterAll(() => {
    reader.closeSync();
    instance.closeSync();
  });

  it.each(cases)('$name', { timeout: 120_000 }, async (of) => {
    const roll = dice(seed * 7919 + cases.findIndex(({ name }) => name === of.name));
    const draw = (n: number) => Math.floor(roll() * n);
    using workspace = new TestWorkspace(filesFor(of));
    const scene = new Scene(of, workspace, reader);
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
        story.push(`chunk ${lane.chunk.from}..${lane.chunk.to}`);
        await scene.run(lane);
        const [a, b] = [scene.stepOf(lane.chunk.from), scene.stepOf(lane.chunk.to)];
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

function filesFor({ format, type, nulls, partitioned, overlap }: Case): Record<string, string> {
  const store = [
    `path: lake`,
    `format: ${format}`,
    ...(format === 'parquet' ? ['row_group_size: 3'] : []),
    ...(partitioned ? ['partition_by: [p]'] : []),
  ];
  const mark = ['column: at', `nulls: ${nulls}`, ...(overlap > 0 ? [`overlap: ${overlap}${overlapOf[type]}`] : [])];
  return {
    'flows/f/flow.yml': `home: in\nstore: { ${store.join(', ')} }\nrun_type: incremental\nwatermark: { ${mark.join(', ')} }\n`,
  };
}

const textOf = (rows: readonly Row[]): readonly string[] => rows.map(({ id, at, p, v }) => `${id} ${at} ${p} ${v}`).sort();

class Scene {
  readonly #of: Case;
  readonly #workspace: TestWorkspace;
  readonly #reader: DuckDBConnection;
  readonly #steps = new Map<string, number>();
  #runs = 0;

  constructor(of: Case, workspace: TestWorkspace, reader: DuckDBConnection) {
    this.#of = of;
    this.#workspace = workspace;
    this.#reader = reader;
  }

  /** The source anew, in two files. */
  async write(rows: readonly Row[]): Promise<void> {
    const { sql } = written[this.#of.type];
    rmSync(this.#workspace.path('in'), { recursive: true, force: true });
    mkdirSync(this.#workspace.path('in'));
    for (const half of [0, 1]) {
      const values = rows
        .filter(({ id }) => id % 2 === half)
        .map(({ id, at, p, v }) => `(${id}, ${at === null ? 'null' : at}, ${p}, ${v})`);
      const query = `select id::bigint as id, case when n is null then null else ${sql('n')} end as "at", p::int as p, 'v' || v as v from (values ${values.join(', ')}) t(id, n, p, v)`;
      await this.#reader.run(`copy (${query}) to '${this.#workspace.path('in', `${half}.parquet`)}' (format parquet, row_group_size 2048)`);
    }
  }

  async live(): Promise<void> {
    await this.run(undefined);
  }

  async run(lane: BackfillLane | undefined): Promise<void> {
    await this.#with(async (ports, spec) => {
      const runId = `run${++this.#runs}`;
      const ids = { invocationId: runId, runId, entityRunId: `${runId}.1`, flow: spec.flow, entity: spec.entity };
      const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Slots(2) };
      const summary = await runEntity({ ids, spec, ...how, ...(lane ? { lane } : {}), signal: new AbortController().signal }, ports);
      expect(summary.error).toBeUndefined();
    });
  }

  /** The chunks of a backfill, as they are found out one after another. */
  async *chunks(from: number, to: number, chunk: number | null): AsyncGenerator<BackfillLane> {
    const { text, chunk: step } = written[this.#of.type];
    for (let i = 0; ; i++) {
      const series = await this.#with((ports, { flow, entity }) =>
        seriesOf({ flow, entity, from: text(from), to: text(to), chunk: chunk === null ? null : step(chunk), again: true }, ports),
      );
      if (i >= series.chunks) return;
      const lane = laneAt(series, i);
      const [a, b] = chunk === null ? [from, to] : [from + i * chunk, Math.min(to, from + (i + 1) * chunk)];
      this.#steps.set(lane.chunk.from, a).set(lane.chunk.to, b);
      yield lane;
    }
  }

  /** Of an edge of a chunk that was handed out. */
  stepOf(edge: string): number {
    const step = this.#steps.get(edge);
    if (step === undefined) throw new Error(`no chunk has the edge ${edge}`);
    return step;
  }

  /** By a second reader, and exactly the files that readers are told of. */
  async settled(): Promise<readonly string[]> {
    const { format, partitioned } = this.#of;
    const path = this.#workspace.path('lake', '_hygge', 'f', 'f', 'current.json');
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: { name: string; rows: number }[] };
    const names = files.filter(({ rows }) => rows > 0).map(({ name }) => `'${this.#workspace.path('lake', name)}'`);
    if (names.length === 0) return [];
    const hive = `hive_partitioning = ${partitioned}`;
    const read = {
      parquet: `read_parquet([${names.join(', ')}], ${hive})`,
      csv: `read_csv([${names.join(', ')}], header = true, all_varchar = true, ${hive})`,
      ndjson: `read_ndjson([${names.join(', ')}], columns = {id: 'BIGINT', "at": 'VARCHAR', ${partitioned ? '' : "p: 'INT', "}v: 'VARCHAR'}, ${hive})`,
    }[format];
    const at = {
      date: `date_diff('day', date '2024-01-01', "at"::date)`,
      timestamp: `date_diff('hour', timestamp '2024-01-01', "at"::timestamp)`,
      bigint: `"at"::bigint - 9007199254740990`,
    };
    const rows = await this.#reader.runAndReadAll(
      `select id::varchar || ' ' || coalesce((${at[this.#of.type]})::varchar, 'null') || ' ' || p::varchar || ' ' || v[2:] as row from ${read}`,
    );
    return rows
      .getRows()
      .map(([row]) => String(row))
      .sort();
  }

  async #with<T>(work: (ports: EnginePorts, spec: EntitySpec) => Promise<T>): Promise<T> {
    const clock = realClock();
    const loaded = await loadWorkspace({
      directory: this.#workspace.root,
      env: {},
      vars: [],
      date: clock.now().slice(0, 10),
      connectors: { types: connectorTypes, find: findConnector },
      files: workspaceFiles,
    });
    await using ports = await enginePorts(loaded, { clock, random: realRandom(), emit: () => undefined });
    const spec = loaded.flows[0]?.entities[0];
    if (!spec) throw new Error('the workspace has no entity');
    return await work(ports, spec);
  }
}
