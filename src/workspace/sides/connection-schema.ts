import * as z from 'zod';
import { duration } from '../duration-schema.ts';

/** What every connection may have, whatever its type: how much at once its system is asked to bear, and how long it is waited for. */
export const connectionLimits = z
  .strictObject({
    max_reads: z.int().min(1).describe('At most so many slices are read over it at once, over all entities.'),
    max_writes: z.int().min(1).describe('At most so many slices are written over it at once, over all entities.'),
    retry_for: duration(
      'How long a run waits for the system when it does not answer, before its entities fail: over all entities, from the beginning of the outage. `hygge go --retry-for` wins.',
      '1m',
    ),
  })
  .partial();

/** A connection as hygge.yml writes it: the connector of its type checks the other keys. */
const connection = z
  .looseObject({
    type: z.string().min(1).describe('Which system it leads to: the type of the homes and stores that use it.'),
    ...connectionLimits.shape,
  })
  .meta({ id: 'connection' });

export const connections = z
  .record(z.string().min(1), connection)
  .describe('Ways into systems by name, with who we are there: homes and stores use them by `connection: <name>`.');
