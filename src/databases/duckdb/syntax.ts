/** How SQL is taken apart as DuckDB’s shell does it. */
import type { SqlSyntax } from '../sql/statements.ts';

export const duckdbSyntax: SqlSyntax = {
  ...{ dollarQuotes: true, nestedComments: true, backslashes: 'E', names: [], hashComments: false, isTransactional: true },
  transaction: /^(begin|commit|rollback|abort|end|start transaction)\b/,
};
