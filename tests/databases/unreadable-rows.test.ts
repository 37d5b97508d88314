/** Rows that can't be read, on their way into a database by a full load. Of tables and increments `sqlite/quarantine-model.test.ts` follows them by a model. */
import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { type Database, duckdb, mariadb, placeIn, postgres } from './databases.ts';

function rejectedRows({ sql, keys }: Database): Promise<readonly string[]> {
  const schema = /metadata_schema: (\w+)/.exec(keys)?.[1] ?? 'hygge_metadata';
  return sql(`select row from ${schema}.rejected`).catch(() => sql(`select \`row\` from ${schema}.rejected`));
}

describe.each(asked(whole ? [postgres, mariadb, duckdb] : [duckdb]))('rows that can not be read, on their way into $name', (kind) => {
  test.skipIf(kind.missing !== '')('of a file lie in quarantine beside a full load, the first and the next', async () => {
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/f/flow.yml': `home: { path: in/*.csv, bad_rows: quarantine }\nstore: { connection: c, table: settled${keys} }\n`,
      'in/a.csv': `id,v\n${Array.from({ length: 300 }, (_, n) => `${n},v${n}\n`).join('')}bad,1,2,3\n`,
    }));
    const { database, workspace } = place;
    for (const args of [['go'], ['go', '-d']]) {
      const { code, stdout, stderr } = await workspace.run(args);
      expect(code, stdout + stderr).toBe(0);
      expect(await database.sql('select count(*) as n from settled')).toEqual(['300']);
      expect(await rejectedRows(database)).toHaveLength(1);
    }
  });
});
