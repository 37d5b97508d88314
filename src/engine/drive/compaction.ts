/** Compacts one entity in process: either in an entity run of its own, or only as a plan. */
import type { Schema } from '../../frames/schema.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { Note } from '../../ports/notes.ts';
import type { SliceRef } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import { type Compaction, type CompactionPlan, type PartLeft, partsOf } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { messageAndCodes } from '../contracts/words.ts';
import type { RunOptions } from '../entity/entity-run.ts';
import { checkTouchedFiles, unlessOvertaken } from '../plan/agreement.ts';
import { compactionLane } from '../plan/lane.ts';
import { settledRowsEvent } from '../plan/plan-event.ts';
import { compactionOf, type SettledSides, surveyCompaction } from '../plan/settled-plan.ts';
import type { InvocationSummaryEvent } from './drive.ts';
import { type PlannedOfEntity, planOneEntity, runOneEntity } from './one-entity.ts';

export interface CompactionRequest {
  readonly spec: EntitySpec;
  readonly invocationId: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/** Writes the small settled files of an entity again as larger ones. */
export function compact(request: CompactionRequest & RunOptions, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  return runOneEntity(request, ports, compactionLane);
}

/** The plan of `compact`. It opens the small files to look at them, and is read-only. */
export function planCompaction(request: CompactionRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  return planOneEntity(request, ports, compactionLane, (ids, open, sides) => look(ids, request, open, sides));
}

async function look(ids: RunIds, { signal }: CompactionRequest, ports: EnginePorts, sides: SettledSides): Promise<PlannedOfEntity> {
  const { spec, store } = sides;
  const found = await surveyCompaction(ports, sides);
  const { groups, facts, target } = found;
  await unlessOvertaken(ports, sides, () =>
    checkTouchedFiles(ports, sides, target, { recordLooks: false, withinMs: Number.POSITIVE_INFINITY }),
  );
  const schema = facts.schema ?? { columns: [] };
  const compaction = compactionOf(spec, store);
  const fitting = await unlessOvertaken(ports, sides, () =>
    mapConcurrent(groups.slices, (slice) => looked(compaction, { slice, schema, signal })),
  );
  const old = await compaction.oldFiles('look');
  const notes = [...notesOn(groups, fitting), ...old];
  ports.emit(settledRowsEvent(ids, ports, { ...found, store, notes }));
  const nothing = notes[0]?.code === 'nothing_to_compact';
  return { status: nothing ? 'skip' : 'pass', to: store.where, ...messageAndCodes(ports.words, { notes }) };
}

interface Looked {
  /** How many parts the group of small parts has. */
  readonly parts: number;
  readonly fit: readonly SliceRef[];
  readonly left: readonly PartLeft[];
}

/** Looks which parts of a group can be put together. */
async function looked(
  compaction: Compaction,
  { slice, schema, signal }: { readonly slice: SliceRef; readonly schema: Schema; readonly signal: AbortSignal },
): Promise<Looked> {
  const [fit, left]: [SliceRef[], PartLeft[]] = [[], []];
  for (const part of partsOf(slice)) {
    signal.throwIfAborted();
    const opened = await compaction.open(part, schema);
    if ('left' in opened) left.push(opened.left);
    else fit.push(part);
  }
  return { parts: partsOf(slice).length, fit, left };
}

function notesOn({ targetBytes }: CompactionPlan, groups: readonly Looked[]): readonly Note[] {
  const bytesOf = (parts: readonly SliceRef[]) => parts.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const together = groups.filter(({ parts, fit }) => fit.length >= Math.min(2, parts)).map(({ fit }) => fit);
  const left = groups.flatMap((group) => group.left);
  const [first] = left;
  const would: Note =
    together.length === 0
      ? { code: 'nothing_to_compact' }
      : {
          code: 'would_compact',
          files: together.reduce((sum, fit) => sum + fit.length, 0),
          bytes: together.reduce((sum, fit) => sum + bytesOf(fit), 0),
          into: together.reduce((sum, fit) => sum + Math.ceil(bytesOf(fit) / targetBytes), 0),
          target: targetBytes,
        };
  return [would, ...(first === undefined ? [] : [{ code: 'not_compacted' as const, ...first, more: left.length - 1 }])];
}
