/** How files of SQL are taken apart as `mysql` does it. */
import type { SqlSyntax } from '../sql/statements.ts';

export const mysqlSyntax: SqlSyntax = {
  ...{ dollarQuotes: false, nestedComments: false, backslashes: 'all', names: ['`'], hashComments: true },
  ...{ dashesBeforeBlank: true, runsComments: true, delimiters: true, quotesTexts: true },
  unbound: ['@'],
  // What PREPARE and EXECUTE IMMEDIATE run is a text, or a variable.
  takesAway: /^(discard|exchange|purge|prepare|immediate)$/,
  transaction: /^(begin|commit|rollback|savepoint|release savepoint|start transaction|xa)\b/,
  isTransactional: false,
};
