import { readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { changedSource, type Draw, drawing, firstSource, queryOf, type Source } from '../support/drift-changes.ts';
import { choices, drawSettings, ModelledEntity, type Outcome, type Settings } from '../support/drift-model.ts';
import { duckInMemory } from '../support/duck.ts';
import { SEED, sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const changes = 10;
const everyWalk = Array.from({ length: 12 }, (_, i) => i);
const loads = ['full', 'incremental'] as const;

interface Entity {
  readonly name: string;
  readonly load: (typeof loads)[number];
  readonly model: ModelledEntity;
  source: Source;
  settings: Settings;
  /** What has happened so far, for whoever has to find out why it went wrong. */
  readonly story: string[];
}

const everyRow = loads.flatMap((load) => [
  ...Object.entries(choices).flatMap(([key, values]) => values.map((value) => `${key}: ${value}, ${load}`)),
  `widened, ${load}`,
]);

const typeNames: Readonly<Record<string, string>> = { INTEGER: 'int32', BIGINT: 'int64', DOUBLE: 'float64', VARCHAR: 'string' };

function begun(walks: readonly number[], draw: Draw): readonly Entity[] {
  return loads.flatMap((load) =>
    walks.map((i): Entity => {
      const source = firstSource(draw);
      return { name: `${load[0]}${i}`, load, model: new ModelledEntity(load), source, settings: drawSettings(draw), story: [] };
    }),
  );
}

function changed(entities: readonly Entity[], step: number, draw: Draw): void {
  for (const entity of entities) {
    const made = step === 0 ? { source: entity.source, change: 'first' } : changedSource(entity.source, draw);
    if (step > 0 && draw.chance(0.2)) entity.settings = drawSettings(draw);
    entity.source = made.source;
    entity.story.push(`${step}: ${made.change} { ${entity.settings.yaml} }`);
  }
}

// Walks that never came by a row of the tables would say nothing of it.
it('ten changes of a source in a row, at random, come by each row of the tables of docs/schema.md', () => {
  const draw = drawing(1);
  const entities = begun(everyWalk, draw);
  const outcomes = new Set<Outcome>();
  for (let step = 0; step <= changes; step += 1) {
    changed(entities, step, draw);
    for (const { model, source, settings } of entities) outcomes.add(model.run(source, settings));
  }
  expect([...outcomes].sort()).toEqual(['HYG-2012', 'HYG-2023', 'HYG-2065', 'pass', 'warn']);
  const happened = new Set(entities.flatMap(({ model }) => [...model.happened]));
  expect(everyRow.filter((row) => !happened.has(row))).toEqual([]);
});

describe('ten changes of a source in a row, at random', () => {
  const draw = drawing(SEED);
  const entities = begun(sampled(everyWalk, 4), draw);
  let workspace: TestWorkspace;
  let instance: DuckDBInstance;
  let reader: DuckDBConnection;

  beforeAll(async () => {
    workspace = new TestWorkspace({ 'hygge.yml': 'name: drift\noptions: { continue_on_error: true }\n', 'in/readme.txt': '' });
    instance = await duckInMemory();
    reader = await instance.connect();
  });

  afterAll(() => {
    reader.closeSync();
    instance.closeSync();
    workspace[Symbol.dispose]();
  });

  const settled = async ({ name, load }: Entity) => {
    const manifest = readFileSync(workspace.path('lake', load, '_hygge', load, name, 'current.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: { name: string }[] };
    const list = files.map((file) => `'${workspace.path('lake', load, file.name)}'`).join(', ');
    const read = await reader.runAndReadAll(`from read_parquet([${list}], union_by_name = true, hive_partitioning = false)`);
    const types = read.columnTypes().map((type) => typeNames[`${type}`] ?? `${type}`);
    return {
      columns: read.columnNames().map((column, i) => `${column} ${types[i]}`),
      rows: read
        .getRowsJson()
        .map((row) => JSON.stringify(row))
        .sort(),
    };
  };

  const writeAll = async () => {
    for (const { name, source } of entities)
      await reader.run(`copy (${queryOf(source)}) to '${workspace.path('in', `${name}.parquet`)}' (format parquet)`);
    for (const load of loads) {
      const lines = entities
        .filter((entity) => entity.load === load)
        .map(({ name, settings }) => `  - { name: ${name}${settings.yaml && `, ${settings.yaml}`} }`);
      const how = load === 'full' ? '' : 'run_type: incremental\nwatermark: { column: id }\n';
      workspace.write({
        [`flows/${load}/flow.yml`]: `home: in/{entity}.parquet\nstore: lake/${load}\n${how}entities:\n${lines.join('\n')}\n`,
      });
    }
  };

  const outcomeOf = (events: readonly HyggeEvent[], name: string): string => {
    const failed = events.find((event) => event.event === 'error' && event.entity === name) as EventOf<'error'> | undefined;
    const { entities: ended } = events.at(-1) as EventOf<'summary'>;
    return failed?.code ?? ended.find(({ entity }) => entity === name)?.status ?? 'nothing';
  };

  it('leaves the destination that the documentation says, after every run', async () => {
    for (let step = 0; step <= changes; step += 1) {
      changed(entities, step, draw);
      await writeAll();
      const run = await workspace.run(['go', '--output', 'json']);
      for (const entity of entities) {
        const outcome = entity.model.run(entity.source, entity.settings);
        entity.story.push(`   the model: ${outcome}`);
        const about = `SEED=${SEED} ${entity.load} ${entity.name}\n${entity.story.join('\n')}\n`;
        expect(outcomeOf(run.events, entity.name), about).toBe(outcome);
        expect(await settled(entity), about).toEqual(entity.model.settled());
      }
    }
  });
});
