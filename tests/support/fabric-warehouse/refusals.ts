/**
 * Statements that a Warehouse does not take. Sources: "T-SQL surface area in Fabric Data Warehouse" (the list of what is not supported), "Transactions in Fabric Data
 * Warehouse" (no savepoints, no named, marked or distributed transactions, no ALTER TABLE in a transaction), "Temp tables in Fabric Data Warehouse" (no `##`),
 * "@@ROWCOUNT" and "ROWCOUNT_BIG" (both pages leave out Fabric Data Warehouse), and "Database engine events and errors 24000 to 24999" for 24581, 24585 and 24586. Where no page has a number it is 15869 of severity 15, which is a guess.
 */
import { tokensOf } from '../tsql/scan.ts';
import { ServerError } from '../tsql/sqlite.ts';

/** The number of what is refused without a documented one. */
export const undocumented = 15_869;

const refusals: readonly (readonly [pattern: RegExp, message: string, number?: number])[] = [
  [/^SAVE TRAN/, 'SAVE TRANSACTION is not a supported statement type.'],
  [/^ROLLBACK TRAN(SACTION)? (?!$)/, 'Savepoints and named transactions are not supported.'],
  [/^BEGIN DISTRIBUTED TRAN/, 'Distributed transactions are not supported in this edition of SQL Server.', 24_586],
  [/^BEGIN TRAN(SACTION)? (?!$)/, 'Named and marked transactions are not supported.'],
  [/^(CREATE|ALTER|DROP)( UNIQUE| CLUSTERED| NONCLUSTERED| COLUMNSTORE)* INDEX\b/, 'CREATE INDEX is not a supported statement type.'],
  [/^(CREATE|ALTER|DROP|ENABLE|DISABLE)( OR ALTER)? TRIGGER\b/, 'CREATE TRIGGER is not a supported statement type.'],
  [/^(CREATE|ALTER|DROP) (SEQUENCE|SYNONYM|TYPE|USER)\b/, 'The statement is not a supported statement type.'],
  [/^CREATE MATERIALIZED VIEW\b/, 'CREATE MATERIALIZED VIEW is not a supported statement type.'],
  [/@@ROWCOUNT\b|\bROWCOUNT_BIG ?\(/, 'The function is not supported.'],
  [/^SET ROWCOUNT\b/, 'SET ROWCOUNT is not a supported statement type.'],
  [
    /\bWITH ?\( ?(TABLOCKX?|NOLOCK|HOLDLOCK|UPDLOCK|XLOCK|ROWLOCK|PAGLOCK|READPAST|SERIALIZABLE|READCOMMITTED\w*|SNAPSHOT|FORCESEEK|INDEX)\b/,
    'Table hints are not supported.',
  ],
  [/\bTABLESAMPLE\b/, 'TABLESAMPLE is not supported.'],
  [/\bFOR XML\b/, 'FOR XML is not supported.'],
  [/\([^()]*\bFOR JSON\b/, 'FOR JSON must be the last operator in the query.'],
  [/\bPREDICT ?\(/, 'PREDICT is not supported.'],
  [/^(DECLARE \S+ CURSOR|OPEN|FETCH)\b/, 'Cursors are not supported.'],
  [/^(INSERT|UPDATE|DELETE|MERGE)\b.* OUTPUT (INSERTED|DELETED|\$ACTION)\b/, 'The OUTPUT clause is not supported.'],
  [/##/, 'Global temporary tables and transient user tables in TEMPDB are not supported in this edition of SQL Server.', 24_581],
];

/** @throws what the statement is refused with. */
export function mustBeTaken(statement: string): void {
  // Words alone, in capitals: what stands in texts and names says nothing.
  const words = tokensOf(statement)
    .map(({ kind, text }) => (kind === 'text' ? "''" : kind === 'name' ? '[]' : text.toUpperCase()))
    .join(' ')
    .replace(/\( /g, '(');
  const found = refusals.find(([pattern]) => pattern.test(words));
  if (found) throw new ServerError(found[2] ?? undocumented, found[1]);
}
