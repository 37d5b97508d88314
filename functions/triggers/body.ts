import { unreadableRequest } from '../../src/assembly/errors.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';
import type { ConfigError } from '../../src/errors/hygge-error.ts';
import { ConfigErrors, listed, quoted } from '../../src/workspace/yaml/problems.ts';

/** How many unknown names are listed; the other names are only counted. */
export const mostWrongNames = 20;

export type Body = { readonly [key: string]: unknown };

/**
 * The object in a body, {} if it is invalid. An empty body is also invalid. The platform drops a chunked body without a length, and a requested dry run
 * would become a full run. @param whole the advice to send a body that asks for everything.
 */
export function objectIn(text: string, whole: string, wrong: ConfigError[]): Body {
  if (text.trim() === '') {
    wrong.push(
      unreadableRequest(
        'The request has no body.',
        whole,
        'Send the body with a Content-Length, not in chunks: the platform drops a chunked body.',
      ),
    );
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
    wrong.push(unreadableRequest('The request needs a JSON object.', whole));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    wrong.push(unreadableRequest(`The request is not JSON: ${said}.`, whole));
  }
  return {};
}

/**
 * Rejects keys that belong in the body but are in the address, where they would be ignored. A dry run would then be a live run, and a run of one entity a
 * run of all entities. Throws `ConfigErrors` HYG-1950.
 */
export function refuseInAddress(query: { get(name: string): string | null }, keys: readonly string[]): void {
  const wrong = keys.flatMap((key) => {
    const spellings = [
      key,
      key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      key.replaceAll('_', '-'),
      key.replaceAll('_', ''),
    ];
    const written = spellings.find((one) => query.get(one) !== null);
    return written === undefined
      ? []
      : [
          unreadableRequest(
            `${quoted(written)} is in the address of the request, where it is not read.`,
            `Send it in the body, as ${quoted(key)}.`,
          ),
        ];
  });
  if (wrong.length > 0) throw new ConfigErrors(wrong);
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuseUnknown(
  body: Body,
  { known, place }: { readonly known: readonly string[]; readonly place: string },
  wrong: ConfigError[],
): void {
  const unknown = Object.keys(body).filter((key) => !known.includes(key));
  const at = place.startsWith('`') ? `${place.replaceAll('`', '')}.` : '';
  wrong.push(...known.filter((key) => body[key] === null).map((key) => isNull(`${at}${key}`)));
  if (unknown.length > mostWrongNames) wrong.push(andMore(unknown.length, `keys of ${place} are unknown`));
  for (const key of namedOf(unknown)) {
    const meant = didYouMean(key, known);
    const hint = meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`;
    wrong.push(unreadableRequest(`There is no key ${quoted(key)} in ${place}.${hint}`, `The keys are ${listed(known)}.`));
  }
}

/** Null is not accepted as a value: a program that lost its value would start a different run. */
function isNull(key: string): ConfigError {
  return unreadableRequest(`${quoted(key)} is null, which is not a value.`, `Give ${quoted(key)} a value, or leave the key out.`);
}

/** The length limit of a name, because the search for secrets takes longer in a longer text. */
const longestName = 200;

export function namedOf(wrong: readonly string[]): readonly string[] {
  return wrong.slice(0, mostWrongNames).map((name) => name.slice(0, longestName));
}

export function andMore(count: number, are: string): ConfigError {
  return unreadableRequest(`${count} ${are}; ${mostWrongNames} of them are named here.`, 'Correct those first.');
}

export function needs(key: string, what: string): ConfigError {
  return unreadableRequest(`${quoted(key)} needs ${what}.`, `Write ${quoted(key)} as ${what}, or leave it out.`);
}
