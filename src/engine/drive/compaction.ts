/** A compaction of one entity, in process: an entity run of its own, or its plan alone. */
import type { Schema } from '../../frames/schema.ts';
import type { EntitySummary } from '../../ports/events.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { Note } from '../../ports/notes.ts';
import type { SliceRef } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import { type Compaction, type CompactionPlan, type PartLeft, partsOf } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { messageAndCodes } from '../contracts/words.ts';
import type { RunOptions } from '../entity/entity-run.ts';
import { OpenSides } from '../entity/open-sides.ts';
import { detailsOf } from '../errors/details.ts';
import { checkTouchedFiles, retryWhenOvertaken, unlessOvertaken } from '../plan/agreement.ts';
import { compactionLane } from '../plan/lane.ts';
import { compactionEvent, eventBase } from '../plan/plan-event.ts';
import { compactionOf, surveyCompaction } from '../plan/settled-plan.ts';
import { readRow } from '../protocol/row.ts';
import { type InvocationSummaryEvent, summaryWithoutRows } from './drive.ts';
import { runOneEntity, summed } from './one-entity.ts';

export interface CompactionRequest {
  readonly spec: EntitySpec;
  readonly invocationId: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/** Writes the small settled files of an entity anew. */
export function compact(request: CompactionRequest & RunOptions, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  return runOneEntity(request, ports, compactionLane);
}

/** What `compact` would do. Opens the small files, and writes nothing. */
export async function planCompaction(request: CompactionRequest, ports: EnginePorts): Promise<InvocationSummaryEvent> {
  const { spec, invocationId } = request;
  const started = ports.clock.monotonicMs();
  const ids: RunIds = { invocationId, runId: 'dry-run', entityRunId: 'dry-run.1', flow: spec.flow, entity: spec.entity };
  return summed([await planned(ids, request, ports)], { started, invocationId }, ports);
}

async function planned(ids: RunIds, request: CompactionRequest, ports: EnginePorts): Promise<EntitySummary> {
  try {
    return await retryWhenOvertaken(async () => {
      await using sides = new OpenSides();
      return await look(ids, request, sides.over(ports, request.signal));
    });
  } catch (error) {
    const details = detailsOf(error, request.spec);
    ports.emit({ ...eventBase(ids, ports), event: 'error', ...details });
    return summaryWithoutRows(ids, { status: 'error', message: details.what, error: details, compacts: 'files' });
  }
}

async function look(ids: RunIds, { spec, signal }: CompactionRequest, ports: EnginePorts): Promise<EntitySummary> {
  const { row } = await readRow(ports, spec);
  const store = await ports.store(spec);
  if (row?.pending) {
    const note: Note = { code: 'commit_unfinished', intent: row.pending.id };
    ports.emit({ ...eventBase(ids, ports), event: 'warning', message: ports.words.note(note) });
    return summaryWithoutRows(ids, {
      status: 'warn',
      to: store.where,
      ...messageAndCodes(ports.words, { notes: [note] }),
      compacts: 'files',
    });
  }
  const { groups, facts, target } = await surveyCompaction(ports, { spec, store, row });
  const sides = { spec, store, row };
  await unlessOvertaken(ports, sides, () =>
    checkTouchedFiles(ports, sides, target, { recordLooks: false, withinMs: Number.POSITIVE_INFINITY }),
  );
  const schema = facts.schema ?? { columns: [] };
  const compaction = compactionOf(spec, store);
  const fitting = await unlessOvertaken(ports, sides, () =>
    mapConcurrent(groups.slices, (slice) => looked(compaction, { slice, schema, signal })),
  );
  const notes = notesOn(groups, fitting);
  ports.emit(compactionEvent(ids, ports, { store, groups, notes }));
  const nothing = notes[0]?.code === 'nothing_to_compact';
  return summaryWithoutRows(ids, {
    status: nothing ? 'skip' : 'pass',
    to: store.where,
    ...messageAndCodes(ports.words, { notes }),
    compacts: 'files',
  });
}

interface Looked {
  readonly fit: readonly SliceRef[];
  readonly left: readonly PartLeft[];
}

/** Which parts of a group can be put together. */
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
  return { fit, left };
}

function notesOn({ targetBytes }: CompactionPlan, groups: readonly Looked[]): readonly Note[] {
  const bytesOf = (parts: readonly SliceRef[]) => parts.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const together = groups.map(({ fit }) => fit).filter((fit) => fit.length > 1);
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
