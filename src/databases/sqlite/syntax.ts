/** How files of SQL are taken apart for SQLite. */
import type { SqlSyntax } from '../sql/statements.ts';

export const sqliteSyntax: SqlSyntax = {
  ...{ dollarQuotes: false, nestedComments: false, backslashes: 'none', names: ['`', '['], hashComments: false, bodies: 'triggers' },
  unbound: ['?', ':', '@', '$'],
  takesAway: /^writable_schema$/,
  transaction: /^(begin|commit|end|rollback|savepoint|release)\b/,
  refused: (words) =>
    /^pragma foreign_keys\b/.test(words)
      ? 'PRAGMA foreign_keys changes nothing inside of a transaction, and all of the file runs in one: without a word its constraints would stay as they are.'
      : undefined,
  isTransactional: true,
};
