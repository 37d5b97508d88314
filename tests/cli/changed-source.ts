import { expect } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { hygge } from './workspace.ts';

/** An entity that has settled, and what its source is like since then. */
export const before = `select 1::bigint as id, 10::bigint as amount, 'x' as fax, timestamp '2026-01-01' as seen`;
export const after = `select i::bigint as id, '12.' || i as amount, 'me' || i || chr(27) || '@x.dk' as email, timestamp '2026-02-01' + interval (i) day as seen from range(5) t(i)`;
export const wider = `select 1::bigint as id, 10::bigint as amount, 'a@x.dk' as email, timestamp '2026-02-01' as seen`;

/** One flow, `shop`, whose entity `orders` has settled once, and a source that is as `now` says since then. */
export async function changed(now: string, config = ''): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/shop/flow.yml': `home: in/{entity}.parquet\nstore: lake\nentities: [orders]\n${config}` });
  await workspace.parquet('in/orders.parquet', before);
  const { code, stdout, stderr } = await hygge(['go'], workspace.root);
  if (code !== 0) throw new Error(stdout + stderr);
  await workspace.parquet('in/orders.parquet', now);
  return workspace;
}

export interface Diff {
  readonly stops: boolean;
  readonly accepted: boolean;
  readonly error: { readonly code: string } | null;
  readonly changes: readonly {
    readonly kind: string;
    readonly column: string;
    readonly policy: string | null;
    readonly samples: readonly unknown[];
  }[];
}

export async function diff(workspace: TestWorkspace): Promise<Diff & { readonly code: number }> {
  const { code, stdout, stderr } = await hygge(['schema', 'diff', 'shop.orders', '--output', 'json'], workspace.root);
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Diff) };
}

export const incremental = 'run_type: incremental\nwatermark: { column: seen }\n';
