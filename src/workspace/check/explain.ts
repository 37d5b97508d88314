import type { ConfigError } from '../../errors/hygge-error.ts';

const widestLine = 120;

/** Config errors for a terminal or a log, without colours. For each error: its file and line, the faulty line with a caret below, the reason, and the advice. `closing` follows several errors. */
export function explain(errors: readonly ConfigError[], closing = `${errors.length} things to put right; nothing was run.`): string {
  const blocks = errors.map(explainOne);
  if (errors.length > 1 && closing !== '') blocks.push(closing);
  return `${blocks.join('\n\n')}\n`;
}

function explainOne(error: ConfigError): string {
  const { where } = error;
  const head = where === undefined ? error.code : `${visible(where.file)}:${where.line}:${where.column}  ${error.code}`;
  const excerpt = where?.text === undefined || where.text.trim() === '' ? [] : ['', ...quoteLine(where.line, where.column, where.text), ''];
  const why = error.why.map((line) => `  ${visible(line)}`);
  const tries = error.tryThis.map((line) => `  → ${visible(line)}`);
  return [head, `  ${visible(error.what)}`, ...excerpt, ...why, ...tries].join('\n');
}

function quoteLine(line: number, column: number, text: string): readonly string[] {
  const { shown, at } = cut(text, column - 1);
  const number = String(line).padStart(5);
  const before = [...visible(shown.slice(0, at))].map((character) => (isWide(character) ? '  ' : ' ')).join('');
  return [`${number} │ ${visible(shown)}`, `${' '.repeat(5)} │ ${before}^`];
}

/** The part of a long line around the error. */
function cut(text: string, at: number): { readonly shown: string; readonly at: number } {
  if (text.length <= widestLine) return { shown: text, at: Math.min(at, text.length) };
  const start = Math.max(0, Math.min(at - widestLine / 2, text.length - widestLine));
  const head = start > 0 ? '…' : '';
  const tail = start + widestLine < text.length ? '…' : '';
  return { shown: `${head}${text.slice(start, start + widestLine)}${tail}`, at: at - start + head.length };
}

/** Escape sequences of a file must not reach a terminal, so each control character becomes one visible character. */
function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
}

function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]/u.test(
    character,
  );
}
