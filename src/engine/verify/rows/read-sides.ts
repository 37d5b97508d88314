/** Reads the rows of the two sides of a comparison. */
import type { EnginePorts } from '../../contracts/ports.ts';
import { type EntitySpec, rulesOf } from '../../contracts/spec.ts';
import type { Store } from '../../contracts/store.ts';
import { effectiveDeletes } from '../../plan/deletes.ts';
import { rowsApart, setsAnyApart } from '../../validation/rows-apart.ts';
import type { DifferingParts } from '../inside.ts';
import type { Prepared } from '../preparation.ts';
import { type ReadSide, settledSide, sourceSide } from '../sides.ts';
import { type DescribedSource, openSource } from '../starting-point.ts';

/** The two sides of a comparison, ready to be read. */
export function readSides(
  spec: EntitySpec,
  of: {
    readonly prepared: Prepared;
    readonly source: DescribedSource;
    readonly store: Store;
    readonly ports: EnginePorts;
    readonly files: ReadonlySet<string> | null;
    readonly maxSnapshotMs: number;
  },
) {
  const { prepared, source, store, ports, files, maxSnapshotMs } = of;
  const { scope, destination, deletedMark } = prepared;
  const deletes = effectiveDeletes(spec, store);
  const open = () => openSource(spec, store, { ports, pinned: source.pinned });
  return {
    openSource: open,
    source: (parts: DifferingParts | null) =>
      sourceSide({
        ports,
        open,
        shaper: prepared.shape.shaping,
        unread: prepared.readsUnread ? prepared.unread : null,
        windows: scope.ranges?.source ?? [scope.source],
        end: scope.end,
        files,
        rules: rulesOf(spec),
        deletedMark,
        dropsDeleted: deletes === 'apply',
        maxSnapshotMs,
        parts: parts?.source ?? null,
        corrector: prepared.corrector,
      }),
    destination: (parts: DifferingParts | null) =>
      settledSide({
        ports,
        home: destination,
        windows: scope.ranges?.destination ?? [scope.destination],
        deletedMark,
        parts: parts?.destination ?? null,
        apart: rowsApart(spec, store, prepared.settledSchema),
      }),
    /** Whether the home’s own count can be used: it includes only rows that settle. */
    countsPlainly: files === null && rulesOf(spec).length === 0 && !setsAnyApart(spec) && deletes !== 'apply',
  };
}

/** Counts rows while they are read. */
export function counting(rowsRead: { source: number; destination: number }, name: 'source' | 'destination', side: ReadSide): ReadSide {
  return {
    async *read(signal, from) {
      for await (const piece of side.read(signal, from)) {
        if ('frame' in piece) rowsRead[name] += piece.frame.rows;
        yield piece;
      }
    },
  };
}
