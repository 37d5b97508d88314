/** Addresses in an answer of OData, which may be relative. */
import type { Page } from '../lists/pages.ts';

const links = ['@odata.nextLink', '@odata.deltaLink'];

/**
 * The page with whole addresses. A relative one is meant from the context of the answer, or from the request where there is none, and some services mean it from
 * their root. The next page of a list has the path of the list: where one of these leads there, that one is meant.
 * https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_RelativeURLs
 */
export function withWholeLinks(page: Page, root: string): Page {
  const { values, url } = page;
  const context = values.get('@odata.context')?.text;
  const bases = [...(context === undefined ? [] : [context]), url.href, root.endsWith('/') ? root : `${root}/`];
  const whole = links.flatMap((name) => {
    const found = values.get(name);
    const to = found?.kind === 'string' && found.text !== '' ? wholeAddress(found.text, bases, url) : undefined;
    return found === undefined || to === undefined ? [] : [[name, { ...found, text: to }] as const];
  });
  return whole.length === 0 ? page : { ...page, values: new Map([...values, ...whole]) };
}

/** Undefined: it is not an address. */
function wholeAddress(written: string, bases: readonly string[], url: URL): string | undefined {
  const all = bases.flatMap((base) => {
    const from = addressIn(base, url);
    const to = from && addressIn(written, from);
    return to === undefined ? [] : [to];
  });
  return (all.find(({ origin, pathname }) => origin === url.origin && pathname === url.pathname) ?? all[0])?.href;
}

function addressIn(written: string, base: URL): URL | undefined {
  try {
    return new URL(written, base);
  } catch {
    return undefined;
  }
}
