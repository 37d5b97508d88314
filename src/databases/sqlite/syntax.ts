/** How files of SQL are taken apart for SQLite. */
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
      ? 'PRAGMA foreign_keys changes nothing inside of a transaction, and all of the file runs in one: without a word its constraints would stay unchanged.'
      : undefined,
  hasTransactionalDdl: true,
};
