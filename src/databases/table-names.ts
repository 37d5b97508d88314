/** Names of tables as people write them to an engine: parts with dots between, in quotes where a part needs them. */
import { StoreError } from '../errors/hygge-error.ts';
import type { TableName } from './writes.ts';

export interface TableNameForm {
  /** For people: `PostgreSQL`. */
  readonly engineName: string;
  /** What a part may stand in, each an opening and a closing quote: `[]`. */
  readonly quotePairs: readonly string[];
  quote(name: string): string;
  /** What a table of a store is called, a sentence, and how one is written, as advice. */
  readonly advice: { readonly form: string; readonly example: string };
  /** What is against a name that is well written, a sentence, and what to do. Absent: nothing ever is. */
  refusal?(table: TableName): { readonly why: string; readonly tryThis: string } | undefined;
}

export interface TableNameParser {
  /** One part where it can't be taken apart. */
  split(format: string): readonly string[];
  /** As a person has to write it. */
  spellName(...parts: readonly (string | null | undefined)[]): string;
  /** @param schema of a name without one. */
  parse(written: string, schema: string): TableName;
  /** As `parse`, for a table that is written to. @throws StoreError HYG-4210 */
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
    // Blanks around a part without quotes are none of it.
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
