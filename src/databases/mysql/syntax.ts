/** Splits files of SQL as `mysql` does. */
import type { SqlSyntax } from '../sql/statements.ts';

export const mysqlSyntax: SqlSyntax = {
  ...{ hasDollarQuotes: false, hasNestedComments: false, backslashEscapes: 'all', nameQuotes: ['`'], hasHashComments: true },
  ...{ dashesBeforeBlank: true, hasCommentsThatRun: true, hasDelimiterCommand: true, mayDoubleQuoteTexts: true },
  parameterSigns: ['@'],
  // PREPARE and EXECUTE IMMEDIATE run a text or a variable, which may remove something.
  destructiveWords: /^(discard|exchange|purge|prepare|immediate)$/,
  transactionWords: /^(begin|commit|rollback|savepoint|release savepoint|start transaction|xa)\b/,
  hasTransactionalDdl: false,
};
