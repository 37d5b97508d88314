/** `hygge schema accept`: a person accepts the source’s present columns. An object in the state records exactly which columns. */
import { describeType } from '../../frames/describe-type.ts';
import type { Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef } from '../../ports/state.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';

/** The name of the object that accepts these columns. After any change of the columns the name is another one, so the changed columns are not accepted. */
function acceptedRef({ columns }: Schema): ObjectRef {
  const told = columns.map(({ name, type, nullable }) => [name, describeType(type), nullable]);
  return `accepted/${shortHash(JSON.stringify(told))}`;
}

export async function isSchemaAccepted(ports: EnginePorts, spec: EntitySpec, source: Schema): Promise<boolean> {
  return (await retry(() => ports.state.getObject(spec, acceptedRef(source)))) !== undefined;
}

export async function acceptSchema(ports: EnginePorts, spec: EntitySpec, source: Schema): Promise<void> {
  await retry(() => ports.state.putObject(spec, acceptedRef(source), { version: 1, at: ports.clock.now() }));
}
