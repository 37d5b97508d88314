import { describe, expect, it } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import { type EqualKeysRequest, equalKeys } from '../../src/engine/keys/equal-keys.ts';
import type { DataType } from '../../src/frames/schema.ts';

interface Side {
  readonly rows?: number;
  readonly summed?: number;
  readonly sum?: string;
  readonly type?: DataType;
  readonly unable?: true;
  readonly missing?: string;
  /** The sum is never answered. */
  readonly hangs?: true;
  readonly asked?: string[];
}

const int32: DataType = { kind: 'int32' };
const int64: DataType = { kind: 'int64' };

function homeOf({ rows = 3, summed = rows, sum = '17', type = int64, unable, missing, hangs, asked = [] }: Side): Home {
  const told = { schema: { columns: [{ name: 'id', type, nullable: false }] }, rows: undefined, bytes: undefined, summary: '' };
  const inside = {
    supports: () => ({ unable: unable ? [{ column: 'id', why: 'it is odd' }] : [], oneMoment: true }),
    whyUnable: async () => missing,
    sums: (_: unknown, signal: AbortSignal) => {
      asked.push('sum');
      if (!hangs) return Promise.resolve(summed === 0 ? [] : [{ bucket: 0, rows: summed, sum }]);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  return {
    describe: async () => ({ done: told }),
    system: {
      count: async () => {
        asked.push('count');
        return rows;
      },
      sums: { by: 'inside', inside },
    },
  } as unknown as Home;
}

async function equal(source: Side, destination: Side, more: Partial<EqualKeysRequest> = {}): Promise<number | undefined> {
  const key = [{ name: 'id', type: int64 }];
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      if (source.hangs) setTimeout(resolve, 1);
    });
  return equalKeys({
    source: { home: homeOf(source), key },
    destination: { home: homeOf(destination), key },
    ports: { clock: { sleep } as never },
    signal: new AbortController().signal,
    stillThere: () => undefined,
    ...more,
  });
}

describe('keys are the same without being read', () => {
  it('where both sides have as many rows and the same sum', async () => {
    expect(await equal({}, {})).toBe(3);
    expect(await equal({ type: int32 }, {})).toBe(3);
  });

  it.each<[string, Side]>([
    ['another sum', { sum: '18' }],
    ['another number of rows', { rows: 4 }],
    ['rows that came between the count and the sum', { summed: 4 }],
    ['no row any more when it is summed', { summed: 0 }],
    ['a type of other texts', { type: { kind: 'string' } }],
    ['a column that can’t be summed', { unable: true }],
    ['a server that can’t sum', { missing: 'it has no md5' }],
  ])('and not where one side has %s', async (_, side) => {
    expect(await equal(side, {})).toBeUndefined();
    expect(await equal({}, side)).toBeUndefined();
  });

  it('and not where both are empty', async () => {
    expect(await equal({ rows: 0 }, { rows: 0 })).toBeUndefined();
  });

  it('and are not summed where the counts differ', async () => {
    const asked: string[] = [];
    await equal({ rows: 4, asked }, {});
    expect(asked).toEqual(['count']);
  });

  it('with a sign of life while the systems sum, which stops them when it fails', async () => {
    let times = 0;
    const stillThere = () => {
      if (++times === 3) throw new Error('the lease is lost');
    };
    await expect(equal({ hangs: true }, { hangs: true }, { stillThere })).rejects.toThrow('the lease is lost');
  });
});
