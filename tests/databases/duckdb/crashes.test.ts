import { describe } from 'vitest';
import { crashMatrix } from '../../support/crash-matrix.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { betweenDuckdb, type Embedded } from '../../support/embedded-crashes.ts';

const duckdb: Embedded = {
  ...{ type: 'duckdb', log: '.wal', between: betweenDuckdb },
  ask: DuckdbTestFile.ask,
  commits: 'select intent_id from hygge_metadata.commits',
  left: `select table_name as name from duckdb_tables() where schema_name <> 'hygge_metadata' and table_name <> 'e'
    union all select name from hygge_metadata.staged`,
};

describe('a file of DuckDB', () => crashMatrix('DuckDB', duckdb, { cuts: 96, crashes: 192 }));
