import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { SEED } from '../support/samples.ts';
import { CopyFolder } from './folder.ts';

/** Ordinary and not so ordinary values, others each day. `''` and null are one in CSV, so texts of these rows are never empty. */
const messy = `select range::bigint as id,
  case when hash(range, ${SEED}) % 7 = 0 then null else (hash(range, ${SEED}, 1) % 2000000)::bigint - 1000000 end as n,
  case when hash(range, ${SEED}) % 5 = 0 then null else ((hash(range, ${SEED}, 2) % 100000000) / 100.0)::decimal(12, 2) end as price,
  case hash(range, ${SEED}, 3) % 6 when 0 then null when 1 then '007' when 2 then 'say "hi", ' || range when 3 then 'two' || chr(10) || 'lines' when 4 then 'ø€😀' else ' spaces ' end as name,
  hash(range, ${SEED}, 4) % 2 = 0 as flag,
  date '1999-12-31' + (hash(range, ${SEED}, 5) % 20000)::int as born,
  timestamp '1970-01-01 00:00:00.000001' + interval (hash(range, ${SEED}, 6) % 1000000000) second as at
from range(500)`;

const typed =
  'select id::bigint as id, n::bigint as n, price::decimal(12, 2) as price, name::varchar as name, flag::boolean as flag, born::date as born, "at"::timestamp as "at"';

describe('what is copied somewhere and back is what it was, as DuckDB reads it', () => {
  it.each([
    ['one CSV', 'out.csv', 'out.csv'],
    ['one NDJSON', 'out.ndjson', 'out.ndjson'],
  ])('%s', async (_what, to, from) => {
    using folder = new CopyFolder();
    await duck(`copy (${messy}) to '${folder.path('in.parquet')}' (format parquet)`);
    for (const args of [
      ['in.parquet', to],
      [from, 'back.parquet'],
    ]) {
      const run = await folder.copy(...args);
      expect({ args, code: run.code, stderr: run.stderr, said: run.code === 0 ? '' : run.stdout }).toEqual({
        args,
        code: 0,
        stderr: '',
        said: '',
      });
    }
    const [before, after] = [`${typed} from '${folder.path('in.parquet')}'`, `${typed} from '${folder.path('back.parquet')}'`];
    expect(await duck(`(${before}) except all (${after})`)).toEqual([]);
    expect(await count(`select count(*) as n from '${folder.path('back.parquet')}'`)).toBe(500);
  });
});
