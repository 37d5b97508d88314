import { expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const readers = { parquet: 'read_parquet', ndjson: 'read_json' } as const;

const flowOf = (format: string, more = '') =>
  `home: { path: in, format: csv }\nstore: { path: lake, format: ${format} }\nrun_type: incremental\nvalidation: { contract: c.yml, mode: quarantine }\n${more}`;
const contractOf = (column: string, least: number) => `columns: { ${column}: { type: int64, min: ${least} } }\ncomplete: false\n`;
const since =
  'migrations: [{ rename: { Amt: amount } }, { default: { land: DK } }]\npolish: { constants: [{ name: src, value: erp }], hash_ids: [{ name: h, from_columns: [id] }] }\n';

test.each(Object.entries(readers))(
  'a row that was set apart before columns were renamed and added is judged and settles with them: %s',
  async (format, reader) => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': flowOf(format),
      'c.yml': contractOf('Amt', 0),
      'in/1.csv': 'id,Amt\n1,5\n2,-5\n3,-9\n',
    });
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args);
      expect(code, stdout + stderr).toBe(0);
    };
    await run('go');
    workspace.write({ 'flows/f/flow.yml': flowOf(format, since), 'c.yml': contractOf('amount', 0), 'in/2.csv': 'id,Amt\n4,7\n5,-7\n' });
    await run('schema', 'accept', 'f.f', '--yes');
    await run('go');
    const settled = async () => {
      const all = `${reader}('${workspace.path('lake')}/*.${format}', union_by_name = true)`;
      const rows = await duck(`select id, amount, land, src, h is not null as h from ${all} where id <> 1 order by id`);
      return rows.map((row) => Object.values(row).map(String).join(' '));
    };
    await run('quarantine', 'replay', 'f.f');
    expect(await settled()).toEqual(['4 7 DK erp true']);
    workspace.write({ 'c.yml': contractOf('amount', -7) });
    await run('quarantine', 'replay', 'f.f');
    expect(await settled()).toEqual(['2 -5 DK erp true', '4 7 DK erp true', '5 -7 DK erp true']);
  },
);
