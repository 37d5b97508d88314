/** The config key `rate_limit`: how many requests an API allows. */
import * as z from 'zod';

const text = z.string().min(1);
const rate = text.regex(/^[1-9]\d{0,6}\/(s|min|h|day)$/, '5/s, 100/min, 1000/h or 20000/day');
const rates = z.union([rate, z.array(rate).min(1)]);

export const rateLimit = z.union([
  rates,
  z.strictObject({
    at: rates.optional().describe('The rates: `5/s`, or several: `[5/s, 20000/day]`.'),
    concurrency: z.int().min(1).max(64).optional().describe('The maximum number of requests at the same time.'),
    budget: z
      .union([z.int().min(1), text.regex(/^([1-9]\d?|100)%$/, '30%, or a number of requests a day')])
      .optional()
      .describe(
        'The share of the account’s limit that hygge may use up: `30%` of the limit that the API reports in its headers (`X-RateLimit-Limit`), until the limit is reset. Or a number of requests a day.',
      ),
  }),
]);

/** A number of requests in a period. */
export interface Rate {
  /** The rate as written in the config: `5/s`. */
  readonly text: string;
  readonly count: number;
  readonly perMs: number;
}

export interface LimitsConfig {
  /** The rates, the rate with the shortest period first. */
  readonly rates: readonly Rate[];
  readonly concurrency: number | undefined;
  /** The share of the API’s limit that hygge may use, in percent. */
  readonly percent: number | undefined;
}

const unitMs = { s: 1_000, min: 60_000, h: 3_600_000, day: 86_400_000 } as const;

function rateOf(written: string): Rate {
  const [count, unit] = written.split('/');
  return { text: written, count: Number(count), perMs: unitMs[unit as keyof typeof unitMs] };
}

/** The limits in a config. Undefined: the config has no limits. */
export function limitsOf(written: z.infer<typeof rateLimit> | undefined): LimitsConfig | undefined {
  if (written === undefined) return undefined;
  const { at = [], concurrency, budget } = typeof written === 'string' || Array.isArray(written) ? { at: written } : written;
  const texts = [...(typeof at === 'string' ? [at] : at), ...(typeof budget === 'number' ? [`${budget}/day`] : [])];
  const all = [...new Set(texts)].map(rateOf).sort((a, b) => a.perMs - b.perMs || a.count - b.count);
  return { rates: all, concurrency, percent: typeof budget === 'string' ? Number(budget.slice(0, -1)) : undefined };
}
