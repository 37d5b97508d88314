/** The config keys for a list of events, which reports the changes in another list. */
import * as z from 'zod';
import { selector } from '../lists/config.ts';
import { values } from '../requests/config.ts';

const text = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A member of the event, and the values that the member must have. */
const match = z.strictObject({
  at: selector.describe('The path in an event: `type`.'),
  is: z.union([scalar, z.array(scalar).min(1)]).describe('The value, or a list of values.'),
});
export type Match = z.infer<typeof match>;

const events = z.strictObject({
  endpoint: text.describe(
    'The path of the list of events: `events`. This list has the same pagination and `records` as the entity’s own list.',
  ),
  params: values
    .optional()
    .describe('Parameters of the first page of events, in place of the parameters of the entity: `{ type: "customer.*" }`.'),
  from: text.describe('The parameter for the earliest time of events: `created[gte]`.'),
  to: text.describe('The parameter for the latest time of events: `created[lte]`.'),
  format: z
    .enum(['epoch_s', 'epoch_ms', 'iso', 'iso_ms'])
    .default('iso')
    .describe('How the API writes times in events and in the parameters `from` and `to`.'),
  at: selector.describe('The path in an event to its time: `created`.'),
  record: selector.describe('The path in an event to the changed record: `data.object`.'),
  key: z.array(text).min(1).describe('The fields that identify a record of the API: `[id]`.'),
  order: z
    .enum(['newest_first', 'oldest_first'])
    .default('newest_first')
    .describe('The order of the list. hygge checks that each page has this order.'),
  only: match
    .optional()
    .describe('The events that are about records of the entity: `{ at: data.object.object, is: customer }`. Absent: all.'),
  except: match.optional().describe('Events that are left out: `{ at: type, is: invoice.upcoming }`.'),
  deleted: match
    .optional()
    .describe('The events of deleted records: `{ at: type, is: customer.deleted }`. Absent: deleted records are not seen.'),
  left_out: z
    .enum(['unchanged', 'null'])
    .optional()
    .describe(
      'What a missing member of a record in an event means. unchanged: the event does not show the member, and its value stays. null: the member is empty. Default: as in the list, whose records write empty members as null or leave them out. If the list shows neither, the run stops (HYG-3662).',
    ),
  version: z
    .strictObject({
      at: selector.describe('The path in an event to the version of the API that the record follows: `api_version`.'),
      header: text.describe('The header of each answer with the version of the records in lists: `Stripe-Version`.'),
    })
    .optional()
    .describe('Stops the run if an event shows its record in another version of the API than the list does.'),
  lag: text
    .regex(/^[1-9]\d{0,3}(s|m|min|h)$/, 'seconds, minutes or hours, such as 90s, 5m or 1h')
    .optional()
    .describe('How far a run stays behind the clock of the API: `5m`. An event may appear later than its time. Default: `60s`.'),
  kept: text
    .regex(/^[1-9]\d{0,3}[hd]$/, 'hours or days, such as 72h or 30d')
    .describe('How long the API keeps events: `30d`. A run that would begin earlier stops, and requires a full load.'),
});
export type EventsConfig = z.infer<typeof events>;

/** The value of `kept`, in seconds. */
export function keptSeconds({ kept }: Pick<EventsConfig, 'kept'>): bigint {
  return BigInt(kept.slice(0, -1)) * (kept.endsWith('d') ? 86_400n : 3_600n);
}

/** The value of `lag`, in seconds. */
export function lagSeconds({ lag = '60s' }: Pick<EventsConfig, 'lag'>): bigint {
  const unit = /[a-z]+$/.exec(lag)?.[0] ?? 's';
  return BigInt(lag.slice(0, -unit.length)) * (unit === 's' ? 1n : unit === 'h' ? 3_600n : 60n);
}

export const eventKeys = {
  events: events
    .optional()
    .describe(
      'A list of events that reports which records of `endpoint` were added, changed and deleted. Needs `watermark: { changes: events }`.',
    ),
};
