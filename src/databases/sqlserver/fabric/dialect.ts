/** How Fabric’s T-SQL differs from SQL Server’s: texts are UTF-8, and times have six digits of a second. */
import type { DataType } from '../../../frames/schema.ts';
import type { Dialect } from '../../engine.ts';
import { tableNames } from '../../table-names.ts';
import { quoteName, dialect as sqlServer } from '../dialect.ts';

export const names = tableNames({
  engineName: 'a Warehouse of Fabric',
  quotePairs: ['[]', '""'],
  quote: quoteName,
  advice: {
    form: 'A table is written as its name, or as schema and name with a dot between.',
    example: 'sales.orders, or sales.[a.b] if a name has a dot',
  },
  refusal: ({ schema, name }) =>
    /[/\\]/.test(schema + name)
      ? {
          why: 'Fabric accepts no slash and no backslash in the name of a table or a schema.',
          tryThis: `Choose another name: store: { table: ${name.replaceAll(/\W+/g, '_')} }`,
        }
      : undefined,
});

/** A text as a UTF-8 literal, which no comparison converts to UTF-16. A backslash at the end of a line is escaped. Unescaped, it would join that line with the next line. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''").replace(/\\(\r?\n)/g, "\\'+'$1")}'`;

/** The collation that compares texts by their code points. Fabric has two collations. */
export const exactly = 'Latin1_General_100_BIN2_UTF8';

function literal(type: DataType, text: string, declared?: string): string {
  if (type.kind === 'string') return quoteText(text);
  if (type.kind !== 'timestamp') return sqlServer.literal(type, text, declared);
  const sixDigits = text.replace(/(\.\d{6})\d+/, '$1');
  if (type.zone === undefined) return `CONVERT(datetime2(6), '${sixDigits}')`;
  return `CONVERT(datetimeoffset(6), '${sixDigits.replace(/Z$/, '+00:00')}')`;
}

export const dialect: Dialect = {
  ...sqlServer,
  literal,
  text: quoteText,
  beginsWithSettings: true,
  sortExpression: (expression, { kind }) => (kind === 'string' ? `${expression} COLLATE ${exactly}` : expression),
};
