/** Splits SQL as DuckDB’s shell does. */
import type { SqlSyntax } from '../sql/statements.ts';

export const duckdbSyntax: SqlSyntax = {
  ...{
    hasDollarQuotes: true,
    hasNestedComments: true,
    backslashEscapes: 'E',
    nameQuotes: [],
    hasHashComments: false,
    hasTransactionalDdl: true,
  },
  transactionWords: /^(begin|commit|rollback|abort|end|start transaction)\b/,
};
