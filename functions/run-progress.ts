/** The progress of a run, as its orchestrations last reported it. */
import type { PinnedFlow } from '../src/assembly/app.ts';
import { positionsIn } from '../src/engine/plan/entity-positions.ts';
import { mapConcurrent } from '../src/ports/map-concurrent.ts';
import type { RunRecord } from '../src/ports/runs.ts';
import { filled, type Instant, type Json } from '../src/ports/values.ts';
import { backfillSeriesId, besideInstance, laneInstance } from './instance-ids.ts';
import type { Instances } from './instances.ts';
import type { TriggerContext } from './sdk.ts';
import { instanceIn } from './triggers/alive.ts';

const mostLanes = 32;
/** How many running entities are inspected. */
const mostWaits = 50;

/** The progress of the flow and of its lanes, and the waits of its entities. */
export async function progressOf(
  called: Pick<TriggerContext, 'instances'>,
  record: RunRecord,
  { flow, now }: Pick<PinnedFlow, 'flow'> & { readonly now: Instant },
): Promise<Json> {
  const { instances } = called;
  const instance = await instances.find(instanceIn(record));
  // All live runs of a flow share an instance, which may work for another run. A run of another app has no instance here.
  const told = instance?.run === record.run_id ? instance.progress : null;
  const under = instancesUnder(record.run_id, told);
  if (under.length === 0) return told;
  const parts = await mapConcurrent(under, async (id) => await doneBelow(instances, id));
  const sum = (of: 'done' | 'rows' | 'chunks') => parts.reduce((total, part) => total + part[of], 0);
  const { done, rows, chunks } = { done: sum('done'), rows: sum('rows'), chunks: sum('chunks') };
  const atWork = parts.flatMap(({ atWork }) => atWork(record.run_id)).slice(0, mostWaits);
  const waits = (await mapConcurrent(atWork, async (id) => await waitOf(instances, id))).flatMap((wait) =>
    wait !== undefined && wait.until > now ? [wait] : [],
  );
  const named = waits.map(({ n, ...wait }) => ({ entity: flow.entities[n]?.entity ?? null, ...wait }));
  return { ...(told as { readonly [key: string]: Json }), done, rows, ...filled({ chunks, waits: named }) };
}

/** The lanes of a live run, or the current chunks of a backfill. */
function instancesUnder(run: string, told: Json): readonly string[] {
  const lanes = Math.min(numberIn(told, 'lanes'), mostLanes);
  if (lanes > 0) return Array.from({ length: lanes }, (_, lane) => laneInstance(run, lane));
  const chunk = numberIn(told, 'chunk', -1);
  return chunk < 0 ? [] : [backfillSeriesId(run, numberIn(told, 'entity'), chunk)];
}

interface Below {
  readonly done: number;
  readonly rows: number;
  readonly chunks: number;
  /** The instances of the running or waiting entities. */
  atWork(run: string): readonly string[];
}

/** A lane names the instance that continues with its remaining entities, until that instance has ended. */
async function doneBelow(instances: Instances, id: string): Promise<Below> {
  const sum = { done: 0, rows: 0, chunks: 0 };
  const under: string[] = [];
  const beside: number[] = [];
  for (let next: string | undefined = id; next !== undefined; ) {
    const own: Json = (await instances.find(next))?.progress ?? null;
    for (const key of ['done', 'rows', 'chunks'] as const) sum[key] += numberIn(own, key);
    under.push(...textIn(own, 'under'));
    beside.push(...textIn(own, 'waiting').flatMap(positionsIn));
    next = textIn(own, 'rest')[0];
  }
  return { ...sum, atWork: (run) => [...under, ...beside.map((n) => besideInstance(run, n))] };
}

interface EntityWaits {
  readonly n: number;
  readonly until: string;
  readonly for: string;
}

/** The end and the reason of an entity’s wait; undefined: the entity does not wait. The slices of an entity may have their own instance. */
async function waitOf(instances: Instances, id: string): Promise<EntityWaits | undefined> {
  const own: Json = (await instances.find(id))?.progress ?? null;
  const [under] = textIn(own, 'under');
  const told = under === undefined ? own : ((await instances.find(under))?.progress ?? null);
  const [until] = textIn(told, 'until');
  const n = Number(/-e(\d+)/.exec(id)?.[1]);
  if (valueIn(told, 'stage') !== 'waiting' || until === undefined) return undefined;
  return { n, until, for: textIn(told, 'for')[0] ?? '' };
}

function textIn(progress: Json, key: string): readonly string[] {
  const value = valueIn(progress, key);
  return typeof value === 'string' ? [value] : [];
}

function numberIn(progress: Json, key: string, otherwise = 0): number {
  const value = valueIn(progress, key);
  return typeof value === 'number' ? value : otherwise;
}

function valueIn(progress: Json, key: string): Json | undefined {
  if (typeof progress !== 'object' || progress === null || Array.isArray(progress)) return undefined;
  return Object.entries(progress).find(([name]) => name === key)?.[1];
}
