import type { Where } from '../../errors/hygge-error.ts';
import { hidesScalar, isSecretKeyName, type Range, secretRanges } from './secret-lines.ts';

/** A text with config: a file of the workspace, or one `--var`. */
export interface SourceText {
  /** The name as shown to people: a path relative to the workspace's root. */
  readonly name: string;
  readonly text: string;
  /** Whether the whole text is secret, so that it is never shown. */
  readonly hidden?: boolean;
  /** Whether the text is only a value, whose key is in the name. */
  readonly keyless?: boolean;
}

/** A place in a source. */
export interface Spot {
  readonly source: SourceText;
  /** The offset in UTF-16 units from the start of the text. */
  readonly offset: number;
}

/** The line number and column of the spot, and the text of its line. Parts of the line that look like a secret are hidden. */
export function whereIs(spot: Spot, hideFrom?: number): Where {
  const { text, name } = spot.source;
  const offset = Math.min(spot.offset, text.length);
  const start = lineStart(text, offset);
  const next = text.indexOf('\n', offset);
  const line = text.slice(start, next === -1 ? text.length : next).replace(/\r$/, '');
  const place = { file: name, line: lineNumber(text, offset), column: offset - start + 1 };
  if (spot.source.hidden) return { ...place, text: '***' };
  const from = Math.min(hideFrom ?? text.length, ...rangesOf(spot.source).flatMap((range) => cutBy(range, start, start + line.length)));
  return { ...place, text: hideSecrets(hideAfter(line, from - start)) };
}

const known = new WeakMap<SourceText, readonly Range[]>();

function rangesOf(source: SourceText): readonly Range[] {
  const ranges = known.get(source) ?? secretRanges(source.text);
  known.set(source, ranges);
  return ranges;
}

/** Where a hidden value begins on a line: at the start of the line, if the value began on a line above. */
function cutBy(range: Range, start: number, end: number): readonly number[] {
  return range.start < end && range.end > start ? [Math.max(range.start, start)] : [];
}

/** The start of the line that contains `offset`. */
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

/** A secret in the file is not repeated: the line is hidden after the key of a secret, unless the value only names a variable. */
export function hideSecrets(line: string): string {
  for (const match of line.matchAll(/(?<![\w-])([\w-]+)["']?\s*[:=]\s*/g)) {
    const rest = line.slice(match.index + match[0].length);
    // A value that begins with a brace is a map, and each of its keys is checked.
    // The map below `secrets` is also skipped, because the hidden ranges in it are known.
    if (match[1] === 'secrets' && rest.startsWith('{')) continue;
    const hides = rest.startsWith('{') ? isSecretKeyName(match[1] ?? '') : hidesScalar(match[1] ?? '');
    if (hides && rest !== '' && !/^["']?\$\{\w+\}["']?\s*([,}#]|$)/.test(rest)) {
      return `${withoutSecrets(line.slice(0, match.index + match[0].length))}***`;
    }
  }
  return withoutSecrets(line);
}

/**
 * Hides passwords in addresses, signatures, account keys and the secret parts of webhooks, wherever they are written. Each pattern begins only after a
 * character that cannot belong to it. Otherwise a long text would be scanned again from each of its letters.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\b(\w+:\/\/[^\s/:@]*:)[^\s/@]+@/g, '$1***@')
    .replace(/([?&;](?:sig|signature|code|token|key|x-amz-signature|x-amz-security-token|x-goog-signature)=)[^\s&;"'`]+/gi, '$1***')
    .replace(/\b((?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|ClientSecret)\s*=\s*)[^\s;"'`]+/gi, '$1***')
    .replace(/\b((?:Bearer|Basic)\s+)[\w.~+/=-]{4,}/g, '$1***')
    .replace(/(https?:\/\/(?=[^\s/"'`]*(?:hook|logic\.azure|powerplatform))[^\s/"'`]*\/)[^\s"'`]+/gi, '$1***')
    .replace(/[^\s"'`]+/g, withoutHook);
}

/** Masks an address whose path identifies a webhook, from the path on. */
function withoutHook(word: string): string {
  const start = word.search(/https?:\/\//i);
  if (start === -1) return word;
  const host = word.indexOf('//', start) + 2;
  return word.slice(0, host) + word.slice(host).replace(/^(.*\/(?:web)?hooks?\w*\/).+/i, '$1***');
}
