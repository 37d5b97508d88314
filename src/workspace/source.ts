import type { Where } from '../errors/hygge-error.ts';
import { namesSecret } from '../ports/secret.ts';

/** A text that config comes from: a file of the workspace, or one `--var`. */
export interface Source {
  /** As a person finds it: relative to the workspace's root. */
  readonly name: string;
  readonly text: string;
  /** All of it is a secret: never shown. */
  readonly hidden?: boolean;
  /** It is only a value: the key is in the name. */
  readonly keyless?: boolean;
}

/** A place in a source. */
export interface Spot {
  readonly source: Source;
  /** In UTF-16 units from the start. */
  readonly offset: number;
}

/** The spot as line and column, with its line; what looks like a secret on that line is hidden. */
export function whereIs(spot: Spot, hideFrom?: number): Where {
  const { text, name } = spot.source;
  const offset = Math.min(spot.offset, text.length);
  const start = lineStart(text, offset);
  const next = text.indexOf('\n', offset);
  const line = text.slice(start, next === -1 ? text.length : next).replace(/\r$/, '');
  const shown = hideFrom === undefined ? line : hideAfter(line, hideFrom - start);
  return { file: name, line: lineNumber(text, offset), column: offset - start + 1, text: spot.source.hidden ? '***' : hideSecrets(shown) };
}

/** Where the line begins that `offset` is on. */
export function lineStart(text: string, offset: number): number {
  // A negative position would make lastIndexOf look at the first character.
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function hideAfter(line: string, index: number): string {
  return line.length > index ? `${line.slice(0, Math.max(index, 0))}***` : line;
}

/** A secret written into the file is not shown again: all of the line after such a key goes, unless it only names a variable. */
function hideSecrets(line: string): string {
  for (const match of line.matchAll(/([\w-]+)["']?\s*[:=]\s*/g)) {
    const rest = line.slice(match.index + match[0].length);
    if (namesSecret(match[1] ?? '') && rest !== '' && !/^["']?\$\{[^}]*\}["']?\s*[,}#]?/.test(rest)) {
      return `${withoutSecrets(line.slice(0, match.index + match[0].length))}***`;
    }
  }
  return withoutSecrets(line);
}

/** Passwords in addresses, signatures and keys of accounts are hidden, wherever they are written. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\w+:\/\/[^\s/:@]*:)[^\s/@]+@/g, '$1***@')
    .replace(/([?&;](?:sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=)[^\s&;"'`]+/gi, '$1***')
    .replace(/\b((?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^\s;"'`]+/g, '$1***');
}
