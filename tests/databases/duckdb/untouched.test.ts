import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

test('a command that only looks makes no file of DuckDB, and leaves one that is there as it is', async () => {
  using file = new DuckdbTestFile();
  using workspace = new TestWorkspace({
    'in/1.csv': 'id,name\n1,one\n2,two\n',
    'flows/f/flow.yml': `home: in/*.csv\nstore: { type: duckdb, path: ${file.path}, table: t }\n`,
  });
  const looks = [['go', '--dry-run'], ['debug'], ['status'], ['journal']];
  const looked = async () => {
    for (const args of looks) expect({ args, ...(await inProcess(args, workspace.root, {})) }).toMatchObject({ args, code: 0 });
  };
  await looked();
  expect(existsSync(file.path)).toBe(false);
  expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
  expect(await file.sql('select count(*)::int as n from t')).toEqual([{ n: 2 }]);
  const [before, folder] = [readFileSync(file.path), readdirSync(file.root)];
  await looked();
  expect(readdirSync(file.root)).toEqual(folder);
  expect(readFileSync(file.path).equals(before)).toBe(true);
});
