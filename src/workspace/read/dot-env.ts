import { parseEnv } from 'node:util';
import type { Problems } from '../yaml/problems.ts';

/** Whether a path is a `.env` file of the workspace or of a target. The values in such a file belong to this machine. */
export function isDotEnv(path: string): boolean {
  return /(^|\/)\.env(\.[^/]*)?$/.test(path);
}

/** The variables of a `.env` file. Each invalid line is reported by its number and never shown, because the line may contain a password. If an invalid line were not reported, a variable with a default would silently get its default. */
export function readEnvText(name: string, text: string, problems: Problems): Readonly<Record<string, string | undefined>> {
  const source = { name, text, hidden: true };
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const [assigned = '', quote] = /^\s*(?:export\s+)?[\w.-]+\s*=[^\S\n]*(["'`])?/.exec(line) ?? [];
    const closed = quote === undefined ? end : text.indexOf(quote, at + assigned.length);
    if (line.trim() !== '' && !line.trimStart().startsWith('#') && (assigned === '' || closed < 0)) {
      problems.add({
        code: 'HYG-1082',
        what: assigned === '' ? 'This is not a NAME=value line.' : 'The quote that begins here is never closed.',
        tryThis: [
          assigned === '' ? 'Write one NAME=value per line. A comment begins with #.' : 'Close the quote, or leave both quotes out.',
        ],
        spot: { source, offset: at },
      });
    }
    at = (closed < 0 ? end : endOfLine(text, closed)) + 1;
  }
  return parseEnv(text);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}
