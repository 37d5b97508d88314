/** Whether store and home can do together what an entity asks for. */
import type { Watermark } from '../../frames/watermark.ts';
import type { Home, Store } from '../contracts/contracts.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { overlapWithoutTime } from '../errors/backfill.ts';
import { storeCannot } from '../errors/run.ts';
import { nullsWithOpenBoundary } from '../errors/watermark.ts';
import type { Decision, Situation } from './modes.ts';

interface Sides {
  readonly spec: EntitySpec;
  readonly home: Home;
  readonly store: Store;
}

/** Throws HYG-2014 where they can't, HYG-2061 where nobody could. */
export function checkCapabilities({ spec, store, home }: Sides, { write }: Pick<Decision, 'write'>): void {
  const mark = spec.watermark;
  if (spec.writeStrategy === 'merge' && !store.capabilities.merge)
    throw storeCannot(
      spec,
      `${store.where} cannot merge by key.`,
      'It adds and replaces whole files; stores that merge are databases and table formats.',
    );
  if (write === 'delete_insert' && !store.capabilities.deleteInsert)
    throw storeCannot(
      spec,
      `${store.where} cannot delete rows to insert others in their place, which write_strategy: direct_insert does with a full load.`,
      'It swaps new content for old as a whole: remove write_strategy, or write temp_swap.',
    );
  if (!mark) return;
  // A full load takes them; the next run would never see them again.
  if (mark.nulls === 'include' && mark.boundary === 'open') throw nullsWithOpenBoundary(spec);
  if (mark.overlapMs > 0 && !store.capabilities.replaceRange)
    throw storeCannot(
      spec,
      `${store.where} cannot replace a window of rows, which watermark.overlap needs.`,
      'This store replaces whole parts only.',
    );
  if (mark.boundary === 'closed' && !store.capabilities.replaceBoundary)
    throw storeCannot(
      spec,
      `${store.where} cannot replace the rows at the watermark.`,
      'watermark.boundary: open with a lag does without.',
    );
  if (home.capabilities.upper === 'observed' && mark.boundary === 'closed' && !(store.capabilities.merge && mark.key.length > 0)) {
    throw storeCannot(
      spec,
      `The source of ${spec.flow}.${spec.entity} learns its newest ${mark.column} only by reading.`,
      'Such a source needs watermark.key and a store that merges, or watermark.boundary: open with a lag.',
    );
  }
}

/** Whether there is a key, and whether it is of any use in the store. */
export function keyAt({ capabilities }: Pick<Store, 'capabilities'>, { watermark }: EntitySpec): Situation['key'] {
  if (!watermark || watermark.key.length === 0) return 'none';
  return capabilities.merge ? 'merges' : 'cannot merge';
}

/** Throws HYG-2034 where the watermark is no time. Where the source shows its type only while it is read, the first run with a watermark tells. */
export function checkOverlap(spec: EntitySpec, { column, type }: Pick<Watermark, 'column' | 'type'>): void {
  const isTime = type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'null';
  if (!isTime && (spec.watermark?.overlapMs ?? 0) > 0) throw overlapWithoutTime(spec, column, type);
}
