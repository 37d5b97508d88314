/** Splits SQL as `psql` does. */
import type { SqlSyntax } from '../sql/statements.ts';

export const postgresSyntax: SqlSyntax = {
  ...{
    hasDollarQuotes: true,
    hasNestedComments: true,
    backslashEscapes: 'E',
    nameQuotes: [],
    hasHashComments: false,
    hasTransactionalDdl: true,
  },
  bodiesWithSemicolons: 'atomic',
  transactionWords: /^(begin|commit|rollback|abort|end|savepoint|release|start transaction|prepare transaction|set transaction)\b/,
};
