import { expect, test } from 'vitest';
import { rowsToDelete, type StagedRows } from '../../src/databases/store/commit/keys.ts';

const staged = (key: readonly string[], watermark: string | null): StagedRows => ({
  ...{ from: '(staged)', columns: ['id', 'at', 'v'], key, keyExpressions: key, exactExpressionsBesideKey: [] },
  ...{ watermark, hasDeleted: true, partialColumns: null },
});

test.each<readonly [readonly string[], string | null, string]>([
  [['id'], null, 'id'],
  [['id'], 'at', 'id, at'],
  [['id', 'at'], 'at', 'id, at'],
  [['at', 'id'], 'at', 'at, id'],
])('rows of the key %j that go, with the watermark %s, have each column once: %s', (key, watermark, columns) => {
  const dialect = { quote: (name: string) => name };
  expect(rowsToDelete(dialect, staged(key, watermark), (name) => name)).toMatch(new RegExp(`^\\(select distinct ${columns} from `));
});
