/** Splits files of T-SQL as `sqlcmd` does, at lines with GO. */
import type { SqlSyntax } from '../sql/statements.ts';

export const sqlServerSyntax: SqlSyntax = {
  ...{
    hasDollarQuotes: false,
    hasNestedComments: true,
    backslashEscapes: 'none',
    nameQuotes: ['['],
    hasHashComments: false,
    hasGoBatches: true,
  },
  destructiveWords: /^(switch|restore|sp_rename|sp_executesql|sp_msforeach\w*|sp_drop\w*|sp_delete\w*|xp_\w+)$/,
  transactionWords: /^((begin|save|commit|rollback) tran(saction)?|begin distributed|commit|rollback)\b/,
  hasTransactionalDdl: true,
};
