/** How SQL is taken apart as `psql` does it. */
import type { SqlSyntax } from '../sql/statements.ts';

export const postgresSyntax: SqlSyntax = {
  ...{ dollarQuotes: true, nestedComments: true, backslashes: 'E', names: [], hashComments: false, isTransactional: true },
  bodies: 'atomic',
  transaction: /^(begin|commit|rollback|abort|end|savepoint|release|start transaction|prepare transaction|set transaction)\b/,
};
