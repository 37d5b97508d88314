/** Parses the names of tables as people write them for an engine. The parts of a name are separated by dots, and quoted if necessary. */
import { StoreError } from '../errors/hygge-error.ts';
import type { TableName } from './writes.ts';

export interface TableNameForm {
  /** The engine’s name for messages: `PostgreSQL`. */
  readonly engineName: string;
  /** The quotes that a part may have. Each text is an opening and a closing quote, such as `[]`. */
  readonly quotePairs: readonly string[];
  quote(name: string): string;
  /** Advice on the name of a store’s table: how it is formed, as a sentence, and an example. */
  readonly advice: { readonly form: string; readonly example: string };
  /** Why a well-formed name is not allowed, as a sentence, and what to do. Absent: every well-formed name is allowed. */
  refusal?(table: TableName): { readonly why: string; readonly tryThis: string } | undefined;
}

export interface TableNameParser {
  /** The parts of a name. If the name can’t be split, the whole name is the only part. */
  split(format: string): readonly string[];
  /** The name as a person has to write it. */
  spellName(...parts: readonly (string | null | undefined)[]): string;
  /** @param schema the schema for a name without a schema. */
  parse(written: string, schema: string): TableName;
  /** Like `parse`, for a destination table. @throws StoreError HYG-4210 */
  parseDestination(written: string, schema: string): TableName;
}

const escaped = (chars: string): string => chars.replace(/[\\\]^`"[-]/g, '\\$&');

export function tableNames({ engineName: system, quotePairs, quote, advice, refusal }: TableNameForm): TableNameParser {
  const quoted = quotePairs.map(([opens = '', closes = '']) => {
    const [open, close] = [escaped(opens), escaped(closes)];
    return `${open}(?:[^${close}]|${close}${close})*${close}`;
  });
  const all = escaped([...new Set(quotePairs.join(''))].join(''));
  const part = new RegExp(`\\s*(?:(${quoted.join('|')})|([^.${all}]+))\\s*(?:\\.|$)`, 'g');
  const isOdd = new RegExp(`[.${all}]|^\\s|\\s$`);
  const bare = (text: string) => text.slice(1, -1).replaceAll(text.slice(-1).repeat(2), text.slice(-1));
  const split = (written: string): readonly string[] => {
    const found = [...written.matchAll(part)];
    const isWhole = found.reduce((sum, [text]) => sum + text.length, 0) === written.length && found.length > 0;
    if (!isWhole || written.endsWith('.')) return [written];
    return found.map(([, inQuotes, plain = '']) => (inQuotes === undefined ? plain.trim() : bare(inQuotes)));
  };
  const parse = (written: string, otherwise: string): TableName => {
    const [name = '', schema = otherwise] = [...split(written)].reverse();
    return { schema, name };
  };
  return {
    split,
    parse,
    // Blanks around an unquoted part do not belong to the part.
    spellName: (...some) => some.map((one) => (isOdd.test(one ?? '') ? quote(one ?? '') : (one ?? ''))).join('.'),
    parseDestination(written, otherwise) {
      const table = parse(written, otherwise);
      const against = refusal?.(table);
      if (against === undefined && split(written).length <= 2 && table.name !== '' && table.schema !== '') return table;
      throw new StoreError({
        code: 'HYG-4210',
        what: `${JSON.stringify(written)} is not a name of a table in ${system}.`,
        why: [against?.why ?? advice.form],
        tryThis: [against?.tryThis ?? `Write the name like ${advice.example}`],
      });
    },
  };
}
