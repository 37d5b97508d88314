/** The place of an address in a list of links: `link[relation=next].url` of FHIR, `links[rel=next].href`. */

export interface LinkSelector {
  /** The place of the list. */
  readonly list: string;
  readonly name: string;
  readonly value: string;
  /** The member that has the address. */
  readonly member: string;
}

/** Undefined: it is the place of one value. */
export function linkSelector(at: string): LinkSelector | undefined {
  const [, list, name, value, member] = /^([^[\]]+)\[([^=\]]+)=([^\]]+)\]\.([^.[\]]+)$/.exec(at) ?? [];
  if (list === undefined || name === undefined || value === undefined || member === undefined) return undefined;
  return { list, name, value, member };
}

/** The address; undefined: no link of the list leads there. @param text the list as JSON. */
export function addressInLinks(text: string, { name, value, member }: LinkSelector): string | undefined {
  const links: unknown = JSON.parse(text);
  const found = (Array.isArray(links) ? links : []).find((one) => typeof one === 'object' && one !== null && one[name] === value);
  const address: unknown = found?.[member];
  return typeof address === 'string' && address !== '' ? address : undefined;
}
