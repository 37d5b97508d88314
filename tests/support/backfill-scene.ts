import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { workspaceFiles } from '../../src/adapters/workspace-files.ts';
import { enginePorts } from '../../src/assembly/ports.ts';
import { laneAt, resolveSeries } from '../../src/engine/backfill/backfill.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { type BackfillLane, hullOfChunks } from '../../src/engine/plan/lane.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { loadWorkspace } from '../../src/workspace/load/load.ts';
import type { Case, Row } from './backfill-model.ts';
import { localTable, startChdb } from './delta/chdb/reader.ts';
import { OtherCommitter } from './delta/other-committer.ts';
import { duck } from './duck.ts';
import type { TestWorkspace } from './workspace.ts';

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

/** A workspace with one such entity. */
export function filesFor({ format, type, nulls, partitionBy, overlap }: Case): Record<string, string> {
  const store = [
    `path: lake`,
    `format: ${format}`,
    ...(format === 'parquet' ? ['row_group_size: 3'] : []),
    ...(partitionBy === null ? [] : [`partition_by: [${partitionBy}]`]),
  ];
  const mark = ['column: at', `nulls: ${nulls}`, ...(overlap > 0 ? [`overlap: ${overlap}${overlapOf[type]}`] : [])];
  return {
    'flows/f/flow.yml': `home: in\nstore: { ${store.join(', ')} }\nrun_type: incremental\nwatermark: { ${mark.join(', ')} }\n`,
  };
}

/** The entity, its source, and a second reader of where it settles. */
export class Scene {
  readonly #of: Case;
  readonly #workspace: TestWorkspace;
  readonly #steps = new Map<string, number>();
  #runs = 0;

  constructor(of: Case, workspace: TestWorkspace) {
    this.#of = of;
    this.#workspace = workspace;
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
      await duck(`copy (${query}) to '${this.#workspace.path('in', `${half}.parquet`)}' (format parquet, row_group_size 2048)`);
    }
  }

  async live(): Promise<void> {
    await this.run(undefined);
  }

  async run(lane: BackfillLane | undefined): Promise<void> {
    await this.#with(async (ports, spec) => {
      const runId = `run${++this.#runs}`;
      const ids = { invocationId: runId, runId, entityRunId: `${runId}.1`, flow: spec.flow, entity: spec.entity };
      const how = { workspace: 'test', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2) };
      const summary = await runEntity({ ids, spec, ...how, ...(lane ? { lane } : {}), signal: new AbortController().signal }, ports);
      expect(summary.error).toBeUndefined();
    });
  }

  /** The chunks of a backfill, as they are found out one after another. */
  async *chunks(from: number, to: number, chunk: number | null): AsyncGenerator<BackfillLane> {
    const { text, chunk: step } = written[this.#of.type];
    for (let i = 0; ; i++) {
      const series = await this.#with((ports, { flow, entity }) =>
        resolveSeries({ flow, entity, from: text(from), to: text(to), chunk: chunk === null ? null : step(chunk), again: true }, ports),
      );
      if (i >= series.chunks) return;
      const lane = laneAt(series, i);
      const [a, b] = chunk === null ? [from, to] : [from + i * chunk, Math.min(to, from + (i + 1) * chunk)];
      const whole = hullOfChunks(lane);
      this.#steps.set(whole.from, a).set(whole.to, b);
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
    const { format, partitionBy } = this.#of;
    if (format === 'delta') return this.#texts(`(${this.#filesOfTable()})`);
    const path = this.#workspace.path('lake', '_hygge', 'f', 'f', 'current.json');
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: { name: string; rows: number }[] };
    const names = files.filter(({ rows }) => rows > 0).map(({ name }) => `'${this.#workspace.path('lake', name)}'`);
    if (names.length === 0) return [];
    const hive = `hive_partitioning = ${partitionBy !== null}${partitionBy === null ? '' : ', hive_types_autocast = false'}`;
    const columns = ["id: 'BIGINT'", `"at": 'VARCHAR'`, "p: 'INT'", "v: 'VARCHAR'"].filter(
      (column) => !column.startsWith(partitionBy === 'at' ? '"at' : `${partitionBy}:`),
    );
    const read = {
      parquet: `read_parquet([${names.join(', ')}], ${hive})`,
      csv: `read_csv([${names.join(', ')}], header = true, all_varchar = true, ${hive})`,
      ndjson: `read_ndjson([${names.join(', ')}], columns = {${columns.join(', ')}}, ${hive})`,
    }[format];
    return this.#texts(read);
  }

  /** A Delta table by the kernel of the Delta project. */
  async settledByKernel(): Promise<readonly string[]> {
    const to = this.#workspace.path('kernel.parquet');
    await using chdb = startChdb();
    expect(await chdb.read(localTable(this.#workspace.path('lake')), to)).toBeUndefined();
    return this.#texts(`read_parquet('${to}')`);
  }

  /** The rows of the files that the log names, each with the values of its partition. */
  #filesOfTable(): string {
    const { files } = new OtherCommitter(this.#workspace.path('lake')).state();
    const of = files.map(({ path, partitionValues }) => {
      const values = Object.entries(partitionValues).map(([name, value]) => `${value === null ? 'null' : `'${value}'`} as "${name}"`);
      const columns = ['id', '"at"', 'p', 'v'].map(
        (column) => values.find((value) => value.endsWith(` as "${column.replaceAll('"', '')}"`)) ?? column,
      );
      return `select ${columns.map((column) => (/^('|null)/.test(column) ? column : `${column}::varchar as ${column}`)).join(', ')} from read_parquet('${this.#workspace.path('lake', decodeURIComponent(path))}', hive_partitioning = false)`;
    });
    return of.join(' union all ') || "select '' as id, '' as at, '' as p, '' as v where false";
  }

  async #texts(read: string): Promise<readonly string[]> {
    const at = {
      date: `date_diff('day', date '2024-01-01', "at"::date)`,
      timestamp: `date_diff('hour', timestamp '2024-01-01', "at"::timestamp)`,
      bigint: `"at"::bigint - 9007199254740990`,
    };
    const rows = await duck(
      `select id::varchar || ' ' || coalesce((${at[this.#of.type]})::varchar, 'null') || ' ' || p::varchar || ' ' || v[2:] as row from ${read}`,
    );
    return rows.map(({ row }) => String(row)).sort();
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
