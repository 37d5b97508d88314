import { describe } from 'vitest';
import { crashMatrix } from '../../support/crash-matrix.ts';
import { betweenSqlite, type Embedded } from '../../support/embedded-crashes.ts';
import { asked } from '../../support/sqlite-file.ts';

const sqlite: Embedded = {
  ...{ type: 'sqlite', log: '-wal', between: betweenSqlite },
  ask: async (path, ...selects) => asked(path, ...selects),
  commits: 'select intent_id from hygge_metadata_commits',
  left: `select name from sqlite_schema where type = 'table' and name <> 'e' and name not like 'hygge_metadata%'
    union all select name from hygge_metadata_staged`,
};

describe('a file of SQLite', () => crashMatrix('SQLite', sqlite, { cuts: 96, crashes: 192 }));
