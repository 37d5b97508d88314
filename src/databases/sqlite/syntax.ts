/** Splits files of SQL for SQLite. */
import type { SqlSyntax } from '../sql/statements.ts';

export const sqliteSyntax: SqlSyntax = {
  ...{
    hasDollarQuotes: false,
    hasNestedComments: false,
    backslashEscapes: 'none',
    nameQuotes: ['`', '['],
    hasHashComments: false,
    bodiesWithSemicolons: 'triggers',
  },
  parameterSigns: ['?', ':', '@', '$'],
  destructiveWords: /^writable_schema$/,
  transactionWords: /^(begin|commit|end|rollback|savepoint|release)\b/,
  refusalReason: (words) =>
    /^pragma foreign_keys\b/.test(words)
      ? 'PRAGMA foreign_keys has no effect inside of a transaction, and the whole file runs in one transaction. The constraints would stay unchanged without a warning.'
      : undefined,
  hasTransactionalDdl: true,
};
