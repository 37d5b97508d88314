/** Where incremental runs go on from after `reset --adopt`. Decided before anything is written: a wrong word must change nothing. */
import type { Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import { parseWatermark } from '../frames/watermark-text.ts';
import { insist } from '../ports/outcome.ts';
import type { ObjectRef, StateRow } from '../ports/state.ts';
import type { Head } from './contracts.ts';
import type { EnginePorts } from './ports.ts';
import type { EntitySpec } from './spec.ts';
import { cannotReset } from './stops.ts';

export interface GoingOn {
  readonly watermark: Watermark | null;
  /** The head's own watermark: its open boundary group goes with it. From anywhere else, runs go on strictly above. */
  readonly withBoundary: boolean;
  readonly seen: ObjectRef | null;
}

interface TakeOver {
  /** As a person wrote it. */
  readonly given: string | undefined;
  readonly head: Head | null;
  readonly row: StateRow;
}

export async function whereToGoOn(ports: EnginePorts, spec: EntitySpec, { given, head, row }: TakeOver): Promise<GoingOn> {
  const seen = await seenList(ports, spec, row);
  if (given !== undefined) return { watermark: await givenWatermark(ports, spec, { text: given, head }), withBoundary: false, seen };
  const known = head?.watermark ?? row.settled?.watermark ?? null;
  if (spec.runType === 'incremental' && spec.watermark && !known) {
    throw cannotReset(
      spec,
      'nothing tells where it ended.',
      'The destination has no record of a watermark, so the next run could only load everything again.',
      [
        'Say where it ended: hygge reset … --adopt --watermark VALUE (runs go on strictly above it)',
        'Or load everything again: hygge reset without --adopt, then hygge go',
      ],
    );
  }
  if (spec.runType === 'incremental' && !spec.watermark && !seen) {
    throw cannotReset(spec, 'nothing tells which files it has taken.', 'The list of files already taken is lost with its state.', [
      'Put the state back from a backup',
      'Or load everything that is in the source again: hygge reset without --adopt, then hygge go',
    ]);
  }
  return { watermark: known, withBoundary: head?.watermark != null, seen };
}

async function seenList(ports: EnginePorts, spec: EntitySpec, row: StateRow): Promise<ObjectRef | null> {
  const ref = row.settled?.seen ?? null;
  return ref !== null && (await insist(() => ports.state.getObject(spec, ref))) !== undefined ? ref : null;
}

async function givenWatermark(
  ports: EnginePorts,
  spec: EntitySpec,
  { text, head }: { text: string; head: Head | null },
): Promise<Watermark> {
  const column = spec.watermark?.column;
  if (column === undefined) {
    throw cannotReset(spec, 'it cannot go on from a watermark.', 'It has none.', [
      'Leave --watermark out, or give it watermark: { column: … }',
    ]);
  }
  const type = typeIn(head?.schema, column) ?? head?.watermark?.type ?? typeIn(await sourceSchema(ports, spec), column);
  if (!type) {
    throw cannotReset(
      spec,
      'it cannot go on from a given watermark.',
      `Neither the destination nor the source tells the type of ${column}.`,
      ['Check watermark.column', 'Or load everything again: hygge reset without --adopt, then hygge go'],
    );
  }
  return parseWatermark(text, { column, type });
}

function typeIn(schema: Schema | null | undefined, column: string) {
  return schema?.columns.find((each) => each.name === column)?.type;
}

async function sourceSchema(ports: EnginePorts, spec: EntitySpec): Promise<Schema | undefined> {
  const step = await (await ports.home(spec, null)).describe();
  return 'done' in step ? step.done.schema : undefined;
}
