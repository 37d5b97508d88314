/** Names of tables as people write them for an engine: parts separated by dots, in quotes if a part needs them. */
import { StoreError } from '../errors/hygge-error.ts';
import type { TableName } from './writes.ts';

export interface TableNameForm {
  /** Shown to people: `PostgreSQL`. */
  readonly engineName: string;
  /** The quotes that a part may have, each an opening and a closing quote: `[]`. */
  readonly quotePairs: readonly string[];
  quote(name: string): string;
  /** How the name of a store's table is formed, as a sentence, and an example, as advice. */
  readonly advice: { readonly form: string; readonly example: string };
  /** Why a well-formed name is not allowed, as a sentence, and what to do. Absent: all are allowed. */
  refusal?(table: TableName): { readonly why: string; readonly tryThis: string } | undefined;
}

export interface TableNameParser {
  /** The whole name as one part if it can't be split. */
  split(format: string): readonly string[];
  /** The name in the form that a person has to write. */
  spellName(...parts: readonly (string | null | undefined)[]): string;
  /** @param schema for a name without one. */
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
    // Blanks around a part without quotes do not belong to it.
    spellName: (...some) => some.map((one) => (isOdd.test(one ?? '') ? quote(one ?? '') : (one ?? ''))).join('.'),
    parseDestination(written, otherwise) {
      const table = parse(written, otherwise);
      const against = refusal?.(table);
      if (against === undefined && split(written).length <= 2 && table.name !== '' && table.schema !== '') return table;
      throw new StoreError({
        code: 'HYG-4210',
        what: `${JSON.stringify(written)} is not a name of a table in ${system}.`,
        why: [against?.why ?? advice.form],
        tryThis: [against?.tryThis ?? `Write it like ${advice.example}`],
      });
    },
  };
}
