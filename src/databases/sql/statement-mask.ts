/** Makes statements that people may see, because their values are left out. */
import { type SqlSyntax, tokensOf } from './statements.ts';

/** The text that replaces each value, and each part that is left out. */
const hidden = '…';

/** The maximum number of characters of a statement. A longer statement is cut after its beginning. */
const longest = 800;

/** Words of types: numbers in brackets after such a word are a length or digits, and not values. */
const types = /^(decimal|numeric|n?(var)?char(acter)?|varying|(var)?binary|bit|float|time|timestamp|datetime|datetime2|datetimeoffset)$/;

/** The statements of a text, without comments, and with … instead of every text and number. If a part can’t be parsed, … replaces the rest. */
export function statementsForMessages(sql: string, { hasDelimiterCommand: _, hasGoBatches: __, ...syntax }: SqlSyntax): readonly string[] {
  const statements: string[] = [];
  let text = '';
  let end = 0;
  let before = '';
  let isInType = false;
  const finish = () => {
    if (text !== '') statements.push(text.length > longest ? `${text.slice(0, longest)} ${hidden}` : text);
    text = '';
  };
  try {
    for (const token of tokensOf(sql, syntax)) {
      const { at } = token;
      isInType = token.text === '(' ? types.test(before) : isInType && token.text !== ')';
      const isParameter = at === end && /^[$?:]$/.test(before);
      const shown = shownAs(sql.slice(at, at + token.text.length), token.kind, { isPlain: isInType || isParameter, ...syntax });
      if (token.kind === 'sign' && token.text === ';') finish();
      else if (token.kind !== 'mark') text += `${text !== '' && at > end ? ' ' : ''}${shown}`;
      end = at + token.text.length;
      before = token.text;
    }
  } catch {
    text += ` ${hidden}`;
  }
  finish();
  return statements;
}

interface Showing extends Pick<SqlSyntax, 'mayDoubleQuoteTexts'> {
  /** The number is not a value of a row, but the number of a parameter or the digits of a type. */
  readonly isPlain: boolean;
}

function shownAs(
  text: string,
  kind: 'word' | 'string' | 'name' | 'sign' | 'end' | 'mark',
  { isPlain, mayDoubleQuoteTexts }: Showing,
): string {
  if (kind === 'string') return `'${hidden}'`;
  if (kind === 'name') return mayDoubleQuoteTexts && text.startsWith('"') ? `"${hidden}"` : text;
  return kind === 'sign' && /^\d/.test(text) && !isPlain ? hidden : text;
}
