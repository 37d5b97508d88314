import { driftTold } from '../../checks/drift-text.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { lookAtSchema, type SchemaLook } from '../../engine/plan/schema-look.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { ChangeTold, SchemaCompared } from '../../narrate/commands/schema-diff-lines.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { samplesOf } from '../inspect/drift-samples.ts';
import { surveyed } from '../inspect/look-now.ts';

/** The compared columns of an entity, for people and programs, and the survey on which the comparison is based. */
export interface Comparison {
  readonly look: SchemaLook;
  readonly compared: SchemaCompared;
  /** Whether a run would continue after the changes are accepted, as far as hygge can see now. */
  readonly acceptHelps: boolean;
}

/** Compares the columns of an entity. Throws if the comparison is impossible, since the source does not exist or the state is not readable. */
export async function compare(spec: EntitySpec, ports: EnginePorts): Promise<Comparison> {
  const look = await lookAtSchema(ports, spec);
  const refused = look.drift.some(({ severity }) => severity === 'fail');
  // If a change in the columns stops a run, the comparison already shows the reason.
  const stop = refused ? null : (look.stop ?? (await otherwiseStopped(spec, look, ports)));
  const samples = await samplesOf(spec, look, ports);
  const changes = look.drift.map((one): ChangeTold => ({ ...driftTold(one), samples: samples.get(one.column ?? '') ?? [] }));
  const { settledAt, fullNext, pending, load, source, accepted } = look;
  const against = spec.schema.expected ? 'expected' : look.snapshot ? 'settled' : null;
  const { flow, entity } = spec;
  const compared = { flow, entity, against, settledAt, fullNext, pending, load, changes, accepted, stop } as const;
  const acceptHelps = source !== null && look.stopIfAccepted === null && (stop === null || stop === look.stop);
  return { look, acceptHelps, compared: { ...compared, columns: source?.columns.length ?? null } };
}

/** The error that would stop a run although the columns are unchanged. A first row may not fit the columns, or the column of the watermark has another type. Null: a run would continue. */
async function otherwiseStopped(
  spec: EntitySpec,
  { drift, snapshot, pending }: SchemaLook,
  ports: EnginePorts,
): Promise<ErrorDetails | null> {
  if (pending || (drift.length === 0 && snapshot === undefined)) return null;
  try {
    await surveyed(spec, null, ports);
    return null;
  } catch (error) {
    if (error instanceof HyggeError && !error.transient) return error.toDetails();
    throw error;
  }
}

/** The comparison as an object for `--output json`. */
export function comparisonJson({ look, compared }: Comparison, stopped: boolean): object {
  const { flow, entity, against, settledAt, fullNext, pending, load, changes, accepted, stop } = compared;
  return {
    flow,
    entity,
    against,
    settled_at: settledAt,
    full_next: fullNext,
    pending,
    load,
    accepted,
    stops: stopped,
    source:
      look.source?.columns.map(({ name, type, nullable, sourceType }) => ({
        name,
        type: describeType(type),
        nullable,
        source_type: sourceType ?? null,
      })) ?? null,
    changes: changes.map(({ samples, ...one }) => ({ ...one, samples: samples.map(({ json }) => json) })),
    error: stop,
  };
}
