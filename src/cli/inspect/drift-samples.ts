import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { SchemaLook } from '../../engine/plan/schema-look.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Sample } from '../../narrate/commands/schema-diff-lines.ts';
import type { Json } from '../../ports/values.ts';
import { nested } from './cell-text.ts';
import { firstRows, type PreviewRows } from './first-rows.ts';

/** The number of rows in the first frame that are searched for values. */
const lookedThrough = 1000;
const mostShown = 3;

/** The first distinct values of each column that is new or has another type, by the name of the column. One frame of the source is read. */
export async function samplesOf(spec: EntitySpec, look: SchemaLook, ports: EnginePorts): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const wanted = look.drift.flatMap(({ kind, column }) => {
    const source = column === null || (kind !== 'added' && kind !== 'type') ? undefined : look.sourceOf(column);
    return column === null || source === undefined ? [] : [{ column, source }];
  });
  if (wanted.length === 0) return new Map();
  const found = await firstFrame(spec, look, ports);
  return new Map(wanted.map(({ column, source }) => [column, found === undefined ? [] : valuesOf(found, source, spec.schema.samples)]));
}

/** The first rows of the source. Undefined: the rows are not readable, so the comparison of columns is shown without values. */
async function firstFrame(spec: EntitySpec, { pinned }: SchemaLook, ports: EnginePorts): Promise<PreviewRows | undefined> {
  try {
    const wanted = { pinned, limit: lookedThrough, clock: ports.clock, atMost: 'one frame' } as const;
    return await firstRows((given) => ports.home(spec, given), wanted);
  } catch (error) {
    if (error instanceof HyggeError) return undefined;
    throw error;
  }
}

function valuesOf({ schema, rows }: PreviewRows, name: string, samples: 'show' | 'mask'): readonly Sample[] {
  const at = schema?.columns.findIndex((column) => column.name === name) ?? -1;
  const type = schema?.columns[at]?.type;
  if (type === undefined) return [];
  const different = new Map<string, Json>();
  for (const row of rows) {
    const value = row[at] ?? null;
    if (value !== null && different.size < mostShown) different.set(JSON.stringify(value), value);
  }
  return [...different.values()].map((value) => (samples === 'mask' ? masked(type, value) : { json: value, text: nested(type, value) }));
}

/** A value as its length only. */
function masked(type: DataType, value: Json): Sample {
  const characters = (typeof value === 'string' ? value : nested(type, value)).length;
  return { json: { masked: true, characters }, text: `••• (${characters === 1 ? '1 character' : `${characters} characters`})` };
}
