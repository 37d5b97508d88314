import * as z from 'zod';
import { duration } from '../duration-schema.ts';

/** Keys of connections of every type: the limits on parallel work, and how long runs wait for the system. */
export const connectionLimits = z
  .strictObject({
    max_reads: z.int().min(1).describe('How many slices may be read at once over this connection, for all entities together.'),
    max_writes: z.int().min(1).describe('How many slices may be written at once over this connection, for all entities together.'),
    retry_for: duration(
      'How long a run waits for a system that does not answer, before its entities fail. The time counts from the beginning of the outage, for all entities together. `hygge go --retry-for` overrides it.',
      '1m',
    ),
  })
  .partial();

/** A connection as written in hygge.yml. The connector of the type checks the other keys. */
const connection = z
  .looseObject({
    type: z.string().min(1).describe('The type of the system, and of the homes and stores that use the connection.'),
    ...connectionLimits.shape,
  })
  .meta({ id: 'connection' });

export const connections = z
  .record(z.string().min(1), connection)
  .describe('Connections to systems by name, with their sign-in. Homes and stores use them by `connection: <name>`.');
