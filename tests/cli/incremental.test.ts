import { describe, expect, it } from 'vitest';
import { mustTellNew } from '../../src/cli/run/incremental.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';

function spec(entity: string, watermark: boolean): EntitySpec {
  const told = { column: 'at', initial: null, key: [], lagMs: 0, overlapMs: 0, nulls: 'fail', boundary: 'closed' } as const;
  return { flow: 'crm', entity, watermark: watermark ? told : null } as unknown as EntitySpec;
}

const homes = (byFile: boolean) => ({
  home: async () => ({ ...(byFile ? { files: {} } : {}), [Symbol.asyncDispose]: async () => undefined }) as unknown as Home,
});

describe('--incremental', () => {
  it('is refused for entities that nothing tells new from old in, each by name', async () => {
    const entities = [spec('users', false), spec('orders', true), spec('leads', false)];
    await expect(mustTellNew(entities, homes(false))).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'HYG-1903',
      what: expect.stringContaining('crm.users, crm.leads'),
    });
  });

  it('is fine with a watermark, or with files', async () => {
    await mustTellNew([spec('orders', true)], homes(false));
    await mustTellNew([spec('users', false)], homes(true));
  });
});
